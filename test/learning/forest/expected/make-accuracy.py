"""Scores of scikit-learn's forests on generated data, to compare ours with: accuracy or R² on held-out
rows, mean and standard deviation over seeds, and impurity importances.

The data come from `node --conditions=roentgen-source test/learning/forest/expected/write-data.ts FOLDER`.
Run: /usr/bin/python3 make-accuracy.py FOLDER > accuracy.json
"""

import json
import sys

import numpy as np
import sklearn
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)

folder = sys.argv[1]
SEEDS = 8
with open(f"{folder}/cases.json") as text:
    cases = json.load(text)

forests = {
    ("forest", True): RandomForestClassifier,
    ("forest", False): RandomForestRegressor,
    ("extraTrees", True): ExtraTreesClassifier,
    ("extraTrees", False): ExtraTreesRegressor,
}
results = []
for case in cases:
    rows, columns, train = case["rows"], case["columns"], case["train"]
    x = np.fromfile(f"{folder}/{case['name']}.x.f64").reshape(columns, rows).T
    y = np.fromfile(f"{folder}/{case['name']}.y.f64")
    for method in ("forest", "extraTrees"):
        scores, importances = [], np.zeros(columns)
        for seed in range(SEEDS):
            kind = forests[method, case["classes"] > 0]
            model = kind(case["trees"], max_features=case["maxFeatures"], random_state=seed, n_jobs=2)
            model.fit(x[:train], y[:train])
            scores.append(model.score(x[train:], y[train:]))
            importances += model.feature_importances_ / SEEDS
        results.append(
            {
                "name": case["name"],
                "method": method,
                "mean": round(float(np.mean(scores)), 5),
                "deviation": round(float(np.std(scores, ddof=1)), 5),
                "importances": [round(float(value), 4) for value in importances],
            }
        )
versions = {"scikit-learn": sklearn.__version__, "numpy": np.__version__}
print(json.dumps({"versions": versions, "seeds": SEEDS, "results": results}))
