"""Ledoit and Wolf's shrinkage and Mahalanobis distances by scikit-learn, on small random features.

Run: /usr/bin/python3 make-mahalanobis.py   (writes mahalanobis.json beside this file)

Class means and one covariance within classes (Lee et al. 2018); relative: less the distance by the mean
and covariance of all rows (Ren et al. 2021).
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.covariance import EmpiricalCovariance, LedoitWolf

rng = np.random.default_rng(20261128)


def short(values):
    return [float(f"{v:.13g}") for v in np.ravel(values)]


def distances(estimate, rows, centre):
    moved = EmpiricalCovariance()
    moved.location_, moved.precision_ = centre, estimate.precision_
    return moved.mahalanobis(rows)


cases = []
for dimension, n, classes in [(1, 20, 2), (3, 40, 2), (5, 12, 1), (7, 15, 3), (20, 16, 2)]:
    labels = np.arange(n) % classes
    mix = rng.normal(size=(dimension, dimension))
    features = np.round((rng.normal(size=(n, dimension)) + labels[:, None]) @ mix, 2)
    new = np.round(rng.normal(size=(6, dimension)) @ mix * 2, 2)
    means = np.stack([features[labels == c].mean(axis=0) for c in range(classes)])
    within = LedoitWolf(assume_centered=True).fit(features - means[labels])
    every = LedoitWolf().fit(features)
    nearest = np.min([distances(within, new, m) for m in means], axis=0)
    cases.append(
        {
            "dimension": dimension,
            "labels": labels.tolist(),
            "features": short(features),
            "new": short(new),
            "shrinkage": within.shrinkage_,
            "background": every.shrinkage_,
            "scores": short(nearest),
            "relative": short(nearest - every.mahalanobis(new)),
        }
    )

Path(__file__).with_name("mahalanobis.json").write_text(
    json.dumps({"versions": {"scikit-learn": sklearn.__version__}, "cases": cases}) + "\n"
)
