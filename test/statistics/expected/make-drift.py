"""Kolmogorov–Smirnov tests and χ² tests by scipy, and MMD² by its formula in NumPy.

Run: /usr/bin/python3 make-drift.py   (writes drift.json beside this file)
"""

import json
from pathlib import Path

import numpy as np
import scipy
from scipy import stats
from scipy.spatial.distance import cdist, pdist

rng = np.random.default_rng(20261128)


def short(values):
    return [float(f"{v:.13g}") for v in np.ravel(values)]


smirnov = []
for m, n, shift, digits in [
    (1, 1, 0, 3), (2, 5, 0, 3), (7, 7, 1, 3), (10, 25, 0.7, 3), (40, 31, 0, 3), (30, 60, 0.5, 1), (120, 200, 0.3, 3),
]:
    a = np.round(rng.normal(size=m), digits)
    b = np.round(rng.normal(size=n) + shift, digits)
    exact = stats.ks_2samp(a, b, mode="exact")
    smirnov.append({"first": short(a), "second": short(b), "statistic": exact.statistic, "p": exact.pvalue})

# Sizes alone for large samples: the values are drawn again in the test as these sequences.
large = []
for m, n, power in [(400, 300, 1.0), (400, 300, 1.25), (1000, 150, 1.2), (2000, 2000, 1.05), (2000, 2000, 1.2)]:
    a = np.arange(m) / m
    b = (np.arange(n) / n) ** power + 1e-7
    exact = stats.ks_2samp(a, b, mode="exact")
    large.append({"m": m, "n": n, "power": power, "statistic": exact.statistic, "p": exact.pvalue})

kolmogorov = [{"x": x, "p": stats.kstwobign.sf(x)} for x in [0.2, 0.3, 0.5, 0.8, 0.99, 1.0, 1.2, 2.0, 4.0]]

squares = []
for first, second in [([30, 20, 10], [25, 30, 5]), ([50, 0, 9, 12], [70, 0, 22, 30]), ([200, 300], [260, 240])]:
    table = np.array([first, second])
    statistic, p, degrees, _ = stats.chi2_contingency(table[:, table.sum(axis=0) > 0], correction=False)
    squares.append({"first": first, "second": second, "statistic": statistic, "p": p, "degrees": int(degrees)})

discrepancies = []
for m, n, d, shift in [(8, 6, 2, 0), (12, 20, 5, 0.8), (15, 15, 1, 2)]:
    x = np.round(rng.normal(size=(m, d)), 3)
    y = np.round(rng.normal(size=(n, d)) + shift, 3)
    both = np.vstack([x, y])
    pairs = np.sort(pdist(both, "sqeuclidean"))
    k = np.exp(-cdist(both, both, "sqeuclidean") / (2 * pairs[len(pairs) // 2]))
    kxx, kyy, kxy = k[:m, :m], k[m:, m:], k[:m, m:]
    mmd = (kxx.sum() - m) / (m * (m - 1)) + (kyy.sum() - n) / (n * (n - 1)) - 2 * kxy.mean()
    discrepancies.append({"first": short(x), "second": short(y), "dimension": d, "statistic": mmd})

Path(__file__).with_name("drift.json").write_text(
    json.dumps(
        {
            "versions": {"scipy": scipy.__version__},
            "smirnov": smirnov,
            "large": large,
            "kolmogorov": kolmogorov,
            "squares": squares,
            "discrepancies": discrepancies,
        }
    )
    + "\n"
)
