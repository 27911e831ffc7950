"""scikit-learn's and scipy's side of the benchmark of classifier statistics: prints one line of JSON."""

import json
import sys
import time

import numpy as np
from scipy import linalg, stats
from sklearn import metrics
from sklearn.covariance import ledoit_wolf

folder = sys.argv[1]
truth = np.fromfile(f"{folder}/truth.f64").reshape(-1, 14)
probabilities = np.fromfile(f"{folder}/probabilities.f64").reshape(-1, 14)
features = np.fromfile(f"{folder}/features.f32", dtype=np.float32)
times = {}


def measure(work, run):
    start, before = time.perf_counter(), time.process_time()
    run()
    times[work] = {
        "wallMs": 1000 * (time.perf_counter() - start),
        "cpuMs": 1000 * (time.process_time() - before),
    }


def judge():
    """The scores that ours resamples, by weights that count how often a row was drawn."""
    rng = np.random.default_rng(1)
    given = (probabilities >= 0.5).astype(int)
    for _ in range(101):
        w = np.bincount(rng.integers(0, len(truth), len(truth)), minlength=len(truth))
        spread = np.repeat(w, 14)
        for i in range(14):
            scores(truth[:, i], probabilities[:, i], given[:, i], w)
        scores(truth.ravel(), probabilities.ravel(), given.ravel(), spread)
        metrics.hamming_loss(truth, given, sample_weight=w)
        metrics.accuracy_score(truth, given, sample_weight=w)


def scores(y, p, given, w):
    metrics.roc_auc_score(y, p, sample_weight=w)
    metrics.average_precision_score(y, p, sample_weight=w)
    metrics.confusion_matrix(y, given, sample_weight=w)
    metrics.brier_score_loss(y, p, sample_weight=w)


def whiten(rows, dimension):
    x = features[: rows * dimension].reshape(rows, dimension).astype(np.float64)
    labels = np.arange(rows) % 5
    means = np.stack([x[labels == c].mean(axis=0) for c in range(5)])
    covariance, _ = ledoit_wolf(x - means[labels], assume_centered=True)
    linalg.solve_triangular(linalg.cholesky(covariance, lower=True), np.eye(dimension), lower=True)


def compare():
    first = features[: 2000 * 512].reshape(2000, 512)
    second = features[2000 * 512 : 2200 * 512].reshape(200, 512)
    for i in range(512):
        stats.ks_2samp(first[:, i], second[:, i], mode="asymp")


measure("labels", judge)
measure("mahalanobis512", lambda: whiten(3000, 512))
measure("mahalanobis2048", lambda: whiten(2000, 2048))
measure("smirnov", compare)
print(json.dumps(times))
