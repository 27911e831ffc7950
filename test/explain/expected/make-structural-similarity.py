"""Structural similarity of random maps by its formula under scipy's Gaussian (sigma 1.5, cut at 4, mirrored border).

Usage: python3 make-structural-similarity.py   (numpy 1.24.2, scipy 1.10.1, Debian 12)
"""

import json
from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter


def similarity(a, b):
    def window(values):
        return gaussian_filter(values, 1.5)

    ma, mb = window(a), window(b)
    va, vb, shared = window(a * a) - ma**2, window(b * b) - mb**2, window(a * b) - ma * mb
    c1, c2 = 0.01**2, 0.03**2
    return (((2 * ma * mb + c1) * (2 * shared + c2)) / ((ma**2 + mb**2 + c1) * (va + vb + c2))).mean()


random = np.random.default_rng(1)
cases = []
for shape in ((7, 9), (16, 12), (4, 5, 6), (3, 3)):
    a = random.random(shape).round(4)
    for b in (random.random(shape).round(4), np.clip(a + 0.1 * random.standard_normal(shape), 0, 1).round(4), 0 * a):
        known = {"shape": list(shape), "a": a.ravel().tolist(), "b": b.ravel().tolist()}
        cases.append({**known, "similarity": float(similarity(a, b))})
Path(__file__).with_name("structural-similarity.json").write_text(json.dumps(cases) + "\n")
