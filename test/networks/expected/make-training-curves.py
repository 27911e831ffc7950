"""Losses of 100 training steps by PyTorch, in float64, of two small networks with every optimiser.

LAMB, which torch lacks, is written out from the paper. Writes training-curves.json beside this file: the batches, the first
weights of each network, and for each way of training the loss of every step.
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch import nn

torch.set_default_dtype(torch.float64)
torch.manual_seed(3)
STEPS, BATCHES, SIZE, CLASSES = 100, 4, 16, 3


class Lamb(torch.optim.Optimizer):
    """You et al.: "Large batch optimization for deep learning", 2020, algorithm 2, with phi(z) = z."""

    def __init__(self, params, lr, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.01):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                if not state:
                    state.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["t"] += 1
                b1, b2 = group["betas"]
                state["m"] = b1 * state["m"] + (1 - b1) * p.grad
                state["v"] = b2 * state["v"] + (1 - b2) * p.grad**2
                m, v = state["m"] / (1 - b1 ** state["t"]), state["v"] / (1 - b2 ** state["t"])
                update = m / (v.sqrt() + group["eps"]) + group["weight_decay"] * p
                trust = p.norm() / update.norm() if p.norm() > 0 and update.norm() > 0 else 1
                p -= group["lr"] * trust * update


def dense_network():
    return nn.Sequential(nn.Linear(8, 16), nn.Tanh(), nn.Linear(16, CLASSES))


def convolutional_network():
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, CLASSES)
    )


# Our names of torch's parameters.
NETWORKS = {
    "dense": (dense_network, [8], {"0.": "dense.", "2.": "dense_1."}),
    "convolutional": (convolutional_network, [1, 8, 8], {"0.": "conv.", "1.": "batch_normalization.", "5.": "dense."}),
}


def renamed(name, names):
    return next(ours + name[len(theirs) :] for theirs, ours in names.items() if name.startswith(theirs))


def problem(shape):
    """Classes that a random linear rule decides, one in ten of them wrong."""
    x = torch.tensor(np.round(torch.randn(BATCHES, SIZE, *shape).numpy(), 3))
    rule = torch.randn(int(np.prod(shape)), CLASSES)
    y = (x.flatten(2) @ rule).argmax(-1)
    wrong = torch.rand(y.shape) < 0.1
    return x, torch.where(wrong, torch.randint(CLASSES, y.shape), y)


def optimiser_of(name, options, model):
    """Torch's optimiser for our name and options; a group of its own for biases where options have one."""
    options = dict(options)
    bias = options.pop("bias", None)
    options["lr"] = options.pop("learningRate")
    for ours, theirs in {"weightDecay": "weight_decay", "centred": "centered", "epsilon": "eps"}.items():
        if ours in options:
            options[theirs] = options.pop(ours)
    if "beta1" in options:
        options["betas"] = (options.pop("beta1"), options.pop("beta2"))
    optimisers = {
        "sgd": torch.optim.SGD,
        "adam": torch.optim.Adam,
        "adamW": torch.optim.AdamW,
        "rmsprop": torch.optim.RMSprop,
        "lamb": Lamb,
    }
    groups = [{"params": [p for n, p in model.named_parameters() if not bias or not n.endswith("bias")]}]
    if bias:
        biases = [p for n, p in model.named_parameters() if n.endswith("bias")]
        groups.append({"params": biases, "lr": options["lr"] * bias["rate"], "weight_decay": bias["weightDecay"]})
    return optimisers[name](groups, **options)


WAYS = [
    ("sgd", {"learningRate": 0.1}, {}),
    ("sgd", {"learningRate": 0.05, "momentum": 0.9}, {}),
    ("sgd", {"learningRate": 0.05, "momentum": 0.9, "nesterov": True, "weightDecay": 0.01}, {}),
    ("adam", {"learningRate": 0.01}, {}),
    ("adam", {"learningRate": 0.02, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-4, "weightDecay": 0.05}, {}),
    ("adamW", {"learningRate": 0.01}, {}),
    ("adamW", {"learningRate": 0.02, "weightDecay": 0.3}, {}),
    ("rmsprop", {"learningRate": 0.003}, {}),
    ("rmsprop", {"learningRate": 0.002, "momentum": 0.5, "centred": True, "alpha": 0.95, "weightDecay": 0.01}, {}),
    ("lamb", {"learningRate": 0.01}, {}),
    ("lamb", {"learningRate": 0.02, "weightDecay": 0}, {}),
    ("sgd", {"learningRate": 0.2, "momentum": 0.9}, {"clipNorm": 0.3}),
    ("sgd", {"learningRate": 0.2}, {"clipValue": 0.02}),
    ("adamW", {"learningRate": 0.01, "weightDecay": 0.3, "bias": {"rate": 0.2, "weightDecay": 0}}, {}),
    ("sgd", {"learningRate": 0.1, "momentum": 0.9}, {"accumulate": 2}),
]


def curve(model, x, y, optimiser, clipNorm=None, clipValue=None, accumulate=1):
    losses = []
    for step in range(STEPS):
        batch = step % BATCHES
        loss = nn.functional.cross_entropy(model(x[batch]), y[batch])
        losses.append(loss.item())
        (loss / accumulate).backward()
        if (step + 1) % accumulate:
            continue
        if clipNorm:
            nn.utils.clip_grad_norm_(model.parameters(), clipNorm)
        if clipValue:
            nn.utils.clip_grad_value_(model.parameters(), clipValue)
        optimiser.step()
        optimiser.zero_grad()
    return losses


def digits(values):
    return [float(f"{value:.9g}") for value in values]


result = {"versions": {"torch": torch.__version__}, "batchSize": SIZE, "networks": {}}
for name, (make, shape, names) in NETWORKS.items():
    x, y = problem(shape)
    start = {key: torch.tensor(np.round(value.numpy(), 5)) for key, value in make().state_dict().items()}
    curves = []
    for optimiser, options, extra in WAYS:
        model = make()
        model.load_state_dict(start)
        losses = curve(model, x, y, optimiser_of(optimiser, options, model), **extra)
        curves.append({"optimiser": optimiser, "options": options, **extra, "losses": digits(losses)})
        print(name, optimiser, options, extra, losses[0], losses[-1])
    result["networks"][name] = {
        "input": shape,
        "inputs": digits(x.flatten().tolist()),
        "targets": y.flatten().tolist(),
        "parameters": {
            renamed(key, names): {"shape": list(value.shape), "data": digits(value.flatten().tolist())}
            for key, value in start.items()
            if value.dim() > 0
        },
        "curves": curves,
    }
Path(__file__).with_name("training-curves.json").write_text(json.dumps(result) + "\n")
