"""scikit-learn's side of the forest benchmark: the same as ours.ts, prints one line of JSON."""

import json
import re
import sys
import time

import numpy as np
import sklearn
from sklearn.ensemble import RandomForestClassifier

folder = sys.argv[1]
rows, held, columns, trees, threads, seed = map(int, sys.argv[2:8])
x = np.fromfile(f"{folder}/x.f64").reshape(columns, rows + held).T.copy()
y = np.fromfile(f"{folder}/y.i32", dtype=np.int32)


def timed(work):
    start = time.perf_counter()
    result = work()
    return result, 1000 * (time.perf_counter() - start)


def status(field):
    with open("/proc/self/status") as lines:
        return 1024 * int(re.search(field + r":\s+(\d+) kB", lines.read())[1])


def fit():
    forest = RandomForestClassifier(trees, n_jobs=threads, random_state=seed)
    return forest.fit(x[:rows], y[:rows])


with open("/proc/self/clear_refs", "w") as clear:
    clear.write("5")
in_use = status("VmRSS")
before = time.process_time()
model, first = timed(fit)
cpu = 1000 * (time.process_time() - before)
fit_bytes = status("VmHWM") - in_use
# Small data: the first fit of a process also starts its threads; large data gain nothing.
fits = [timed(fit)[1] for _ in range(2)] if rows < 5000 else [first]
predict = [timed(lambda: model.predict_proba(x[:rows]))[1] for _ in range(3)]
print(
    json.dumps(
        {
            "version": sklearn.__version__,
            "firstFitMs": first,
            "fitMs": min(fits),
            "fitCpuMs": cpu,
            "predictMs": min(predict),
            "accuracy": model.score(x[rows:], y[rows:]),
            "nodesPerTree": float(np.mean([t.tree_.node_count for t in model.estimators_])),
            "fitBytes": fit_bytes,
        }
    )
)
