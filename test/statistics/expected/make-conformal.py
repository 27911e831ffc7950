"""Thresholds and sets of split-conformal prediction, as the papers define them, in NumPy.

Run: /usr/bin/python3 make-conformal.py   (writes conformal.json beside this file)

LAC: Sadinle et al. 2019; APS: Romano et al. 2020, without randomisation; RAPS: Angelopoulos et al. 2021,
eq. 4. The threshold is the k-th smallest score, k = ceil((n + 1) coverage) in exact arithmetic. (NumPy's
quantile by method "higher" at k / n, which tutorials use, is the next one after it.)
"""

import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np

rng = np.random.default_rng(20261128)


def simulate(rows, classes):
    labels = rng.integers(0, classes, rows)
    logits = rng.normal(size=(rows, classes))
    logits[np.arange(rows), labels] += 1.5
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    # Whole numbers over 1024: sums are exact and ties occur.
    p = np.floor(p * 1024) / 1024
    p[:, -1] = 1 - p[:, :-1].sum(axis=1)
    return p, labels


def scores(p, method, penalty, free):
    if method == "lac":
        return 1 - p
    out = np.empty_like(p)
    for i, row in enumerate(p):
        order = np.argsort(-row, kind="stable")
        total = np.cumsum(row[order])
        if method == "raps":
            total = total + penalty * np.maximum(0, np.arange(1, len(row) + 1) - free)
        out[i, order] = total
    return out


def threshold(values, coverage):
    k = math.ceil((len(values) + 1) * Fraction(str(coverage)))
    return None if k > len(values) else float(np.sort(values)[k - 1])


cases = []
for classes in [2, 4, 7]:
    for method in ["lac", "aps", "raps"]:
        for per_class in [False, True]:
            for coverage in [0.8, 0.95]:
                p, labels = simulate(60, classes)
                test, _ = simulate(12, classes)
                own = scores(p, method, 0.125, 2)[np.arange(60), labels]
                cuts = (
                    [threshold(own[labels == c], coverage) for c in range(classes)]
                    if per_class
                    else [threshold(own, coverage)]
                )
                ranks = scores(test, method, 0.125, 2)
                infinite = np.array([np.inf if c is None else c for c in cuts])
                sets = [np.flatnonzero(row <= infinite).tolist() for row in ranks]
                cases.append(
                    {
                        "method": method,
                        "perClass": per_class,
                        "coverage": coverage,
                        "p": (p.ravel() * 1024).astype(int).tolist(),
                        "labels": labels.tolist(),
                        "test": (test.ravel() * 1024).astype(int).tolist(),
                        "thresholds": cuts,
                        "sets": sets,
                    }
                )

Path(__file__).with_name("conformal.json").write_text(
    json.dumps({"versions": {"numpy": np.__version__}, "cases": cases}) + "\n"
)
