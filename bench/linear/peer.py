"""scikit-learn's side of the benchmark of linear models: the same as ours.ts, prints one line of JSON."""

import json
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.linear_model import ElasticNet, LogisticRegression, Ridge

warnings.filterwarnings("ignore")
folder = sys.argv[1]
rows, columns = map(int, sys.argv[2:4])
x = np.fromfile(f"{folder}/x.f64").reshape(columns, rows).T.copy()
y = np.fromfile(f"{folder}/y.i32", dtype=np.int32)
estimators = {"LogisticRegression": LogisticRegression, "Ridge": Ridge, "ElasticNet": ElasticNet}


def objective(case, model):
    w = np.ravel(model.coef_)
    z = x @ w + np.ravel(model.intercept_)[0]
    options = case["options"]
    if case["learner"] == "logistic":
        loss = np.logaddexp(0, np.where(y == 1, -z, z)).sum()
        size = np.abs(w).sum() if options.get("penalty") == "l1" else w @ w / 2
        return options.get("c", 1) * loss + size
    squares = ((y - z) ** 2).sum()
    alpha = options.get("alpha", 1)
    if case["learner"] == "ridge":
        return squares + alpha * (w @ w)
    return squares / (2 * rows) + alpha * 0.5 * np.abs(w).sum() + alpha * 0.25 * (w @ w)


figures = {"version": sklearn.__version__, "firstMs": [], "fitMs": [], "objectives": []}
for case in json.load(open(f"{folder}/cases.json")):
    times = []
    for _ in range(4):
        model = eval(case["python"], dict(estimators))
        start = time.perf_counter()
        model.fit(x, y)
        times.append(1000 * (time.perf_counter() - start))
    figures["firstMs"].append(times[0])
    figures["fitMs"].append(min(times[1:]))
    figures["objectives"].append(float(objective(case, model)))
print(json.dumps(figures))
