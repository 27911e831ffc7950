"""Values and gradients of losses by PyTorch, in float64.

Where torch has the loss (cross-entropy, Kullback-Leibler, Huber, ...) it is torch's own; else the formula is written out here
from the paper, sample by sample and class by class in plain loops, and torch differentiates it.
Writes losses.json beside this file: a list of cases, each with the name of the loss, its options, what is compared, the value
and the gradient by the output.
"""

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
random = np.random.default_rng(7)


def rounded(values):
    return torch.tensor(np.round(values, 4))


def mean_of_samples(losses, weights):
    """Weighted mean of samples of the plain mean over all else."""
    per_sample = losses.reshape(len(losses), -1).mean(1)
    return (per_sample * weights).sum() / weights.sum()


# Formulas that torch lacks --------------------------------------------------------------------------------------------------


def binary_focal(x, t, w, alpha=0.25, gamma=2, per="element"):
    """Lin et al. 2017, eq. 5, and section 4.1 for the division by positives."""
    p = torch.sigmoid(x)
    p_t = torch.where(t == 1, p, 1 - p)
    alpha_t = torch.where(t == 1, alpha, 1 - alpha)
    losses = -alpha_t * (1 - p_t) ** gamma * torch.log(p_t)
    if per == "element":
        return mean_of_samples(losses, w)
    total = sum(w[n] * losses[n].sum() for n in range(len(w)))
    positives = sum(w[n] * t[n].sum() for n in range(len(w)))
    return total / max(1, positives)


def categorical_focal(x, t, w, classWeights=None, gamma=2):
    """Lin et al. 2017, eq. 5, with the softmax's probability of the target class."""
    p = torch.softmax(x, 1).gather(1, t.unsqueeze(1)).squeeze(1)
    alpha = torch.tensor(classWeights)[t] if classWeights else 1
    return mean_of_samples(-alpha * (1 - p) ** gamma * torch.log(p), w)


def regions(x, t, w, measure, inside="softmax", over="sample", background=False, absent="count"):
    """Mean of a measure of (tp, fp, fn) over samples and classes that count."""
    p = torch.softmax(x, 1) if inside == "softmax" else torch.sigmoid(x)
    if inside == "softmax":
        t = F.one_hot(t, x.shape[1]).movedim(-1, 1).double()
    first = 1 if inside == "softmax" and not background else 0
    above, below = 0, 0
    groups = [range(len(w))] if over == "batch" else [[n] for n in range(len(w))]
    for group in groups:
        for c in range(first, x.shape[1]):
            weight = {n: w[n] if over == "batch" else 1 for n in group}
            tp = sum(weight[n] * (p[n, c] * t[n, c]).sum() for n in group)
            fp = sum(weight[n] * (p[n, c] * (1 - t[n, c])).sum() for n in group)
            fn = sum(weight[n] * ((1 - p[n, c]) * t[n, c]).sum() for n in group)
            if absent == "skip" and sum(weight[n] * t[n, c].sum() for n in group) == 0:
                continue
            share = 1 if over == "batch" else w[group[0]]
            above = above + share * measure(tp, fp, fn)
            below = below + share
    return above / below if below > 0 else x.sum() * 0


def dice(x, t, w, smooth=1e-5, **options):
    """Milletari et al. 2016, eq. in section 3, with plain sums below the line as nnU-Net has it."""
    return regions(x, t, w, lambda tp, fp, fn: 1 - (2 * tp + smooth) / (2 * tp + fp + fn + smooth), **options)


def dice_cross_entropy(x, t, w, diceWeight=1, crossEntropyWeight=1, **options):
    if options.get("inside", "softmax") == "softmax":
        entropy = F.cross_entropy(x, t, reduction="none")
    else:
        entropy = F.binary_cross_entropy_with_logits(x, t, reduction="none")
    return diceWeight * dice(x, t, w, **options) + crossEntropyWeight * mean_of_samples(entropy, w)


def tversky(x, t, w, falsePositive=0.3, falseNegative=0.7, smooth=1e-5, **options):
    """Salehi et al. 2017, eq. 3."""

    def measure(tp, fp, fn):
        return 1 - (tp + smooth) / (tp + falsePositive * fp + falseNegative * fn + smooth)

    return regions(x, t, w, measure, **options)


def focal_tversky(x, t, w, falsePositive=0.3, falseNegative=0.7, gamma=4 / 3, smooth=1e-5, **options):
    """Abraham, Khan 2019, eq. 4."""

    def measure(tp, fp, fn):
        return (1 - (tp + smooth) / (tp + falsePositive * fp + falseNegative * fn + smooth)) ** (1 / gamma)

    return regions(x, t, w, measure, **options)


def generalised_iou(x, t, w):
    """Rezatofighi et al. 2019, algorithm 2, box by box."""
    axes = x.shape[-1] // 2
    above, below = 0, 0
    for n in range(len(w)):
        for a, b in zip(x[n].reshape(-1, 2 * axes), t[n].reshape(-1, 2 * axes)):
            if any(b[axes + k] <= b[k] for k in range(axes)):
                continue
            low, high = torch.minimum(a[:axes], a[axes:]), torch.maximum(a[:axes], a[axes:])
            intersection = (torch.minimum(high, b[axes:]) - torch.maximum(low, b[:axes])).clamp(min=0).prod()
            union = (high - low).prod() + (b[axes:] - b[:axes]).prod() - intersection
            around = (torch.maximum(high, b[axes:]) - torch.minimum(low, b[:axes])).prod()
            above = above + w[n] * (1 - (intersection / union - (around - union) / around))
            below = below + w[n]
    return above / below


def cox(x, t, w):
    """Breslow 1974, with case weights, event by event."""
    h = x.reshape(-1)
    total, events = 0, 0
    for i in range(len(w)):
        if t[i, 1] == 1 and w[i] > 0:
            at_risk = [j for j in range(len(w)) if t[j, 0] >= t[i, 0]]
            total = total - w[i] * (h[i] - torch.log(sum(w[j] * torch.exp(h[j]) for j in at_risk)))
            events += w[i]
    return total / events if events > 0 else x.sum() * 0


def kullback_leibler(x, t, w):
    return mean_of_samples(F.kl_div(torch.log_softmax(x, 1), t, reduction="none").sum(1), w)


# Losses of torch ------------------------------------------------------------------------------------------------------------


def binary_cross_entropy(x, t, w, positiveWeight=1, labelSmoothing=0, unknown=False):
    known = ~torch.isnan(t)
    smoothed = torch.nan_to_num(t) * (1 - labelSmoothing) + labelSmoothing / 2
    positive = torch.tensor(positiveWeight, dtype=torch.float64).reshape([-1] + [1] * (x.dim() - 2))
    losses = F.binary_cross_entropy_with_logits(x, smoothed, pos_weight=positive, reduction="none")
    if not unknown:
        return mean_of_samples(losses, w)
    # Mean over what is known, element by element.
    pairs = [(losses[at], w[at[0]]) for at in map(tuple, known.nonzero().tolist())]
    return sum(loss * weight for loss, weight in pairs) / sum(weight for _, weight in pairs)


def categorical_cross_entropy(x, t, w, classWeights=None, labelSmoothing=0):
    per_class = torch.tensor(classWeights) if classWeights else None
    losses = F.cross_entropy(x, t, weight=per_class, label_smoothing=labelSmoothing, reduction="none")
    if per_class is None:
        return mean_of_samples(losses, w)
    elements = w.reshape([-1] + [1] * (t.dim() - 1))
    return (losses * elements).sum() / (per_class[t] * elements).sum()


LOSSES = {
    "binaryCrossEntropy": binary_cross_entropy,
    "categoricalCrossEntropy": categorical_cross_entropy,
    "binaryFocal": binary_focal,
    "categoricalFocal": categorical_focal,
    "dice": dice,
    "diceCrossEntropy": dice_cross_entropy,
    "tversky": tversky,
    "focalTversky": focal_tversky,
    "generalisedIou": generalised_iou,
    "coxPartialLikelihood": cox,
    "kullbackLeibler": kullback_leibler,
    "meanSquaredError": lambda x, t, w: mean_of_samples(F.mse_loss(x, t, reduction="none"), w),
    "meanAbsoluteError": lambda x, t, w: mean_of_samples(F.l1_loss(x, t, reduction="none"), w),
    "huber": lambda x, t, w, delta=1.0: mean_of_samples(F.huber_loss(x, t, delta=delta, reduction="none"), w),
    "smoothL1": lambda x, t, w, delta=1.0: mean_of_samples(F.smooth_l1_loss(x, t, beta=delta, reduction="none"), w),
}

cases = []


def tensor_of(values):
    return {"shape": list(values.shape), "data": digits(values)}


def digits(values):
    """Nine digits, which is more than float32 holds; null for what is not known."""
    return [None if np.isnan(value) else float(f"{value:.9g}") for value in values.reshape(-1).tolist()]


def add(loss, options, x, t, w):
    x = x.clone().requires_grad_()
    value = LOSSES[loss](x, t, w, **options)
    (gradient,) = torch.autograd.grad(value, x)
    cases.append(
        {
            "loss": loss,
            "options": options,
            "output": tensor_of(x.detach()),
            "target": {**tensor_of(t), "type": "int32" if t.dtype == torch.int64 else "float32"},
            "weights": digits(w),
            "value": value.item(),
            "gradient": digits(gradient),
        }
    )


def weights(n):
    """One sample only fills the batch, the others differ."""
    w = rounded(random.uniform(0.5, 2, n))
    w[n - 1] = 0
    return w


def logits(*shape):
    return rounded(random.normal(0, 2, shape))


def labels(classes, *shape):
    return torch.tensor(random.integers(0, classes, shape))


def bits(*shape):
    return torch.tensor(random.integers(0, 2, shape).astype(float))


SIZES = [(4, 3), (2, 3, 2)]

for size in [(), *SIZES]:
    for options in [{}, {"positiveWeight": 3}, {"labelSmoothing": 0.1, "positiveWeight": 0.5}]:
        add("binaryCrossEntropy", options, logits(4, 2, *size), bits(4, 2, *size), weights(4))
    for options in [{}, {"labelSmoothing": 0.1}, {"classWeights": [0.5, 2.0, 1.0], "labelSmoothing": 0.2}]:
        add("categoricalCrossEntropy", options, logits(4, 3, *size), labels(3, 4, *size), weights(4))
    for options in [{}, {"alpha": 0.6, "gamma": 0.5}, {"gamma": 0}, {"per": "positive"}]:
        add("binaryFocal", options, logits(4, 2, *size), bits(4, 2, *size), weights(4))
    for options in [{}, {"gamma": 0.5}, {"gamma": 0}, {"classWeights": [0.5, 2.0, 1.0], "gamma": 3}]:
        add("categoricalFocal", options, logits(4, 3, *size), labels(3, 4, *size), weights(4))
    add("kullbackLeibler", {}, logits(4, 3, *size), F.softmax(logits(4, 3, *size), 1), weights(4))
    for name in ["meanSquaredError", "meanAbsoluteError", "huber", "smoothL1"]:
        add(name, {}, logits(4, 3, *size), logits(4, 3, *size), weights(4))
    for name in ["huber", "smoothL1"]:
        add(name, {"delta": 0.4}, logits(4, 3, *size), logits(4, 3, *size), weights(4))

REGION_OPTIONS = [
    {},
    {"over": "batch"},
    {"background": True, "smooth": 1},
    {"absent": "skip"},
    {"over": "batch", "absent": "skip", "smooth": 0.1},
]
OWN_OPTIONS = {
    "dice": {},
    "diceCrossEntropy": {"diceWeight": 0.5, "crossEntropyWeight": 2},
    "tversky": {"falsePositive": 0.2, "falseNegative": 0.9},
    "focalTversky": {"falsePositive": 0.6, "gamma": 2},
}
for size in SIZES:
    for loss, own in OWN_OPTIONS.items():
        for options in REGION_OPTIONS:
            one_class = labels(4, 3, *size)
            # Class 2 is absent from the first sample, class 3 from all.
            one_class[0][one_class[0] == 2] = 1
            one_class[one_class == 3] = 0
            add(loss, options, logits(3, 4, *size), one_class, weights(3))
            several = bits(3, 2, *size)
            several[0, 1] = 0
            add(loss, {**options, **own, "inside": "sigmoid"}, logits(3, 2, *size), several, weights(3))
    # Nothing but background.
    add("dice", {"absent": "skip"}, logits(2, 3, *size), labels(1, 2, *size), weights(2))
    add("dice", {}, logits(2, 3, *size), labels(1, 2, *size), weights(2))


def boxes(n, count, axes):
    low = random.uniform(0, 5, (n, count, axes))
    return np.concatenate([low, low + random.uniform(1, 4, (n, count, axes))], -1)


for axes in [2, 3]:
    predicted, actual = rounded(boxes(3, 4, axes)), rounded(boxes(3, 4, axes))
    # One has its corners the wrong way round, one is far away, and one target is no box.
    predicted[0, 0] = predicted[0, 0].roll(axes)
    predicted[1, 1] += 20
    actual[1, 2] = 0
    add("generalisedIou", {}, predicted, actual, weights(3))
    add("generalisedIou", {}, predicted[:, 0], actual[:, 0], weights(3))

for n in [6, 20]:
    # Few times, so that there are ties among events and between events and censored times.
    times = random.integers(1, 2 + n // 2, n).astype(float)
    follow_up = torch.tensor(np.stack([times, random.integers(0, 2, n)], 1))
    add("coxPartialLikelihood", {}, logits(n, 1), follow_up, weights(n))
    add("coxPartialLikelihood", {}, 20 * logits(n), follow_up, torch.ones(n))
no_event = torch.tensor([[1.0, 0], [2, 0], [3, 0]])
add("coxPartialLikelihood", {}, logits(3, 1), no_event, torch.ones(3))

for size in [(), (4, 3)]:
    for options in [{"positiveWeight": [3, 0.5]}, {"unknown": True}, {"unknown": True, "positiveWeight": [4, 1], "labelSmoothing": 0.1}]:
        findings = bits(4, 2, *size)
        if "unknown" in options:
            findings[0, 1] = findings[2, 0] = float("nan")
        add("binaryCrossEntropy", options, logits(4, 2, *size), findings, weights(4))

text = json.dumps({"versions": {"torch": torch.__version__, "numpy": np.__version__}, "cases": cases})
Path(__file__).with_name("losses.json").write_text(text + "\n")
print(len(cases), "cases")
