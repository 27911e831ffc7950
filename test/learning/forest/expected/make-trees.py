"""Single trees of scikit-learn on the first 250 rows of the data of cases.ts, without randomness:
predictions for the next 40 rows and importances under many options, to match to the digit.

Run: /usr/bin/python3 make-trees.py FOLDER > trees.json (FOLDER as for make-accuracy.py)
"""

import json
import sys

import numpy as np
import sklearn
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

folder = sys.argv[1]
ROWS, HELD = 250, 40
with open(f"{folder}/cases.json") as text:
    cases = json.load(text)

# Our option names and scikit-learn's.
shared = [
    ({"maxDepth": 4}, {"max_depth": 4}),
    ({"maxLeaves": 9}, {"max_leaf_nodes": 9}),
    ({"maxDepth": 6, "minSamplesLeaf": 11}, {"max_depth": 6, "min_samples_leaf": 11}),
    ({"maxDepth": 6, "minSamplesSplit": 40}, {"max_depth": 6, "min_samples_split": 40}),
    ({"minWeightFractionLeaf": 0.09}, {"min_weight_fraction_leaf": 0.09}),
    ({"minImpurityDecrease": 0.02}, {"min_impurity_decrease": 0.02}),
]
for_classes = [
    ({"maxDepth": 4, "criterion": "entropy"}, {"max_depth": 4, "criterion": "entropy"}),
    ({"maxDepth": 4, "classWeight": "balanced"}, {"max_depth": 4, "class_weight": "balanced"}),
]
results = []
for case in cases:
    rows, columns = case["rows"], case["columns"]
    x = np.fromfile(f"{folder}/{case['name']}.x.f64").reshape(columns, rows).T
    y = np.fromfile(f"{folder}/{case['name']}.y.f64")
    classes = case["classes"] > 0
    weights = 1 + np.arange(ROWS) % 3
    for weighted in (False, True):
        for ours, theirs in shared + (for_classes if classes else []):
            kind = DecisionTreeClassifier if classes else DecisionTreeRegressor
            held = x[ROWS : ROWS + HELD]
            trees, answers = [], []
            # Where splits tie, the order of features or of cuts decides (mirrored features turn it
            # round): such trees would match by luck, and are left out.
            for seed in range(8):
                tree = kind(random_state=seed, **theirs)
                mirrored = -x if seed % 2 else x
                tree.fit(mirrored[:ROWS], y[:ROWS], sample_weight=weights if weighted else None)
                trees.append(tree)
                answers.append(tree.predict_proba(mirrored) if classes else tree.predict(mirrored))
            if any(not np.allclose(answer, answers[0], atol=1e-9) for answer in answers):
                continue
            tree = trees[0]
            found = tree.predict_proba(held) if classes else tree.predict(held)
            results.append(
                {
                    "name": case["name"],
                    "weighted": weighted,
                    "options": ours,
                    "leaves": int(tree.get_n_leaves()),
                    "predictions": [round(float(value), 6) for value in found.ravel()],
                    "importances": [round(float(value), 6) for value in tree.feature_importances_],
                }
            )
versions = {"scikit-learn": sklearn.__version__, "numpy": np.__version__}
print(json.dumps({"versions": versions, "rows": ROWS, "held": HELD, "results": results}))
