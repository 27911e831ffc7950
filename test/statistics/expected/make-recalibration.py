"""Temperatures and Platt lines of random logits: torch's L-BFGS, scipy and scikit-learn.

Run: /usr/bin/python3 make-recalibration.py   (writes recalibration.json beside this file)
"""

import json
from pathlib import Path

import numpy as np
import scipy
import sklearn
import torch
from scipy import optimize, special
from sklearn.calibration import _SigmoidCalibration

rng = np.random.default_rng(20261128)


def short(values):
    return [float(f"{v:.13g}") for v in np.ravel(values)]


def simulate(rows, classes, sharpness):
    """Logits that know something of the true class, stretched by `sharpness`."""
    labels = rng.integers(0, classes, rows)
    logits = rng.normal(size=(rows, classes))
    logits[np.arange(rows), labels] += 1.2
    return np.round(sharpness * logits, 3), labels


def by_torch(logits, labels, weights):
    """Guo et al.: the temperature by L-BFGS on the weighted cross entropy."""
    z, y, w = torch.tensor(logits), torch.tensor(labels), torch.tensor(weights)
    log_t = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS(
        [log_t], max_iter=500, tolerance_grad=1e-14, tolerance_change=1e-16, line_search_fn="strong_wolfe"
    )

    def closure():
        optimiser.zero_grad()
        losses = torch.nn.functional.cross_entropy(z / log_t.exp(), y, reduction="none")
        loss = (w * losses).sum() / w.sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return float(log_t.exp()), float(closure())


def by_scipy(logits, labels, weights):
    def loss(log_t):
        scaled = logits / np.exp(log_t)
        losses = special.logsumexp(scaled, axis=1) - scaled[np.arange(len(labels)), labels]
        return (weights * losses).sum() / weights.sum()

    return float(np.exp(optimize.minimize_scalar(loss, bounds=(-3, 3), method="bounded", options={"xatol": 1e-12}).x))


def calibration_error(logits, labels, weights, temperature):
    p = special.softmax(logits / temperature, axis=1)
    binary = logits.shape[1] == 2
    confidence = p[:, 1] if binary else p.max(axis=1)
    right = labels == (1 if binary else p.argmax(axis=1))
    bins = np.searchsorted(np.linspace(0, 1, 16)[1:-1], confidence)
    gaps = [abs((weights * (right - confidence))[bins == b].sum()) for b in range(15)]
    return sum(gaps) / weights.sum()


temperatures = []
for classes in [2, 3, 6]:
    for sharpness in [0.4, 1.0, 3.5]:
        for weighted in [False, True]:
            logits, labels = simulate(60, classes, sharpness)
            weights = np.round(rng.uniform(0, 2, 60), 2) if weighted else np.ones(60)
            temperature, loss = by_torch(logits, labels, weights)
            assert abs(by_scipy(logits, labels, weights) - temperature) < 1e-6 * temperature
            temperatures.append(
                {
                    "logits": short(logits),
                    "labels": labels.tolist(),
                    **({"weights": short(weights)} if weighted else {}),
                    "temperature": temperature,
                    "logLoss": loss,
                    "before": calibration_error(logits, labels, weights, 1),
                    "after": calibration_error(logits, labels, weights, temperature),
                }
            )

platt = []
for rows in [40, 200]:
    for sharpness in [0.5, 2.0]:
        truth = (rng.uniform(size=rows) < 0.3).astype(float)
        logits = np.round(sharpness * (rng.normal(size=rows) + 1.5 * truth - 1), 3)
        fitted = _SigmoidCalibration().fit(logits, truth)
        # scikit-learn's own optimiser stops early: go on from where it stopped, on its own loss.
        positive, negative = truth.sum(), rows - truth.sum()
        target = np.where(truth == 1, (positive + 1) / (positive + 2), 1 / (negative + 2))

        def loss(line):
            x = line[0] * logits + line[1]
            return (target * np.logaddexp(0, -x) + (1 - target) * np.logaddexp(0, x)).sum()

        def gradient(line):
            error = special.expit(line[0] * logits + line[1]) - target
            return np.array([(error * logits).sum(), error.sum()])

        best = optimize.root(gradient, [-fitted.a_, -fitted.b_], tol=1e-14).x
        assert np.abs(best - [-fitted.a_, -fitted.b_]).max() < 1e-3 and loss(best) < loss([-fitted.a_, -fitted.b_]) + 1e-12
        platt.append({"logits": short(logits), "truth": truth.astype(int).tolist(), "slope": best[0], "intercept": best[1]})

Path(__file__).with_name("recalibration.json").write_text(
    json.dumps(
        {
            "versions": {"torch": torch.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
            "temperatures": temperatures,
            "platt": platt,
        }
    )
    + "\n"
)
