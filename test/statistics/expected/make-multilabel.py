"""Multi-label scores by scikit-learn, unknown labels left out.

Run: /usr/bin/python3 make-multilabel.py   (writes multilabel.json beside this file)
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn import metrics

rng = np.random.default_rng(20261128)


def scores(y, p, given, w):
    wanted = {"sample_weight": w}
    return {
        "rocAuc": metrics.roc_auc_score(y, p, **wanted),
        "averagePrecision": metrics.average_precision_score(y, p, **wanted),
        "sensitivity": metrics.recall_score(y, given, **wanted),
        "specificity": metrics.recall_score(y, given, pos_label=0, **wanted),
        "ppv": metrics.precision_score(y, given, **wanted),
        "npv": metrics.precision_score(y, given, pos_label=0, **wanted),
        "f1": metrics.f1_score(y, given, **wanted),
        "brier": metrics.brier_score_loss(y, p, **wanted),
    }


cases = []
for rows, labels, unknown, weighted in [(40, 3, 0, False), (60, 5, 0.2, False), (50, 2, 0, True), (80, 4, 0.1, True)]:
    truth = (rng.uniform(size=(rows, labels)) < 0.35).astype(float)
    p = np.round(np.clip(rng.normal(0.35 + 0.25 * truth, 0.2), 0, 1), 2)
    truth[rng.uniform(size=truth.shape) < unknown] = np.nan
    thresholds = np.round(rng.uniform(0.3, 0.6, labels), 2)
    w = np.round(rng.uniform(0.2, 2, rows), 2) if weighted else np.ones(rows)
    given = (p >= thresholds).astype(int)
    known = ~np.isnan(truth)
    per_label = []
    for i in range(labels):
        k = known[:, i]
        per_label.append(scores(truth[k, i], p[k, i], given[k, i], w[k]))
    spread = np.broadcast_to(w[:, None], truth.shape)
    micro = scores(truth[known], p[known], given[known], spread[known])
    if unknown == 0:
        average = metrics.roc_auc_score(truth, p, average="micro", sample_weight=w)
        assert abs(average - micro["rocAuc"]) < 1e-12
    complete = known.all(axis=1)
    whole = {
        "subsetAccuracy": metrics.accuracy_score(truth[complete], given[complete], sample_weight=w[complete]),
        "hammingLoss": float((spread * (truth != given))[known].sum() / spread[known].sum()),
    }
    if unknown == 0:
        loss = metrics.hamming_loss(truth, given, sample_weight=w)
        assert abs(loss - whole["hammingLoss"]) < 1e-12
    cases.append(
        {
            "labels": labels,
            "truth": [None if np.isnan(v) else int(v) for v in truth.ravel()],
            "probabilities": p.ravel().tolist(),
            "thresholds": thresholds.tolist(),
            **({"weights": w.tolist()} if weighted else {}),
            "perLabel": per_label,
            "micro": micro,
            "macro": {name: float(np.mean([one[name] for one in per_label])) for name in micro},
            "figures": whole,
        }
    )

Path(__file__).with_name("multilabel.json").write_text(
    json.dumps({"versions": {"scikit-learn": sklearn.__version__}, "cases": cases}) + "\n"
)
