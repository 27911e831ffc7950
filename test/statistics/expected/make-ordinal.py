"""Scores of random grades by scikit-learn.

Run: /usr/bin/python3 make-ordinal.py   (writes ordinal.json beside this file)
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn import metrics

rng = np.random.default_rng(20261128)
cases = []
for grades, rows, weighted in [(2, 20, False), (3, 30, True), (5, 80, False), (5, 50, True), (8, 25, False)]:
    y = rng.integers(0, grades, rows)
    given = np.clip(y + rng.integers(-2, 3, rows), 0, grades - 1)
    w = np.round(rng.uniform(0.1, 2, rows), 2) if weighted else None
    kappa = lambda weights: metrics.cohen_kappa_score(
        y, given, labels=list(range(grades)), weights=weights, sample_weight=w
    )
    cases.append(
        {
            "grades": grades,
            "labels": y.tolist(),
            "predicted": given.tolist(),
            **({"weights": w.tolist()} if weighted else {}),
            "figures": {
                "quadraticKappa": kappa("quadratic"),
                "linearKappa": kappa("linear"),
                "meanAbsoluteError": metrics.mean_absolute_error(y, given, sample_weight=w),
                "meanError": float(np.average(given - y, weights=w)),
                "accuracy": metrics.accuracy_score(y, given, sample_weight=w),
                "withinOne": metrics.accuracy_score(np.abs(y - given) <= 1, np.ones(rows), sample_weight=w),
            },
        }
    )

Path(__file__).with_name("ordinal.json").write_text(
    json.dumps({"versions": {"scikit-learn": sklearn.__version__}, "cases": cases}) + "\n"
)
