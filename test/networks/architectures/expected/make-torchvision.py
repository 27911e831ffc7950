"""Outputs of torchvision's networks with generated weights, by float64, and the names and shapes of their parameters.

Writes torchvision.json beside this file. Debian: python3-torchvision 0.14.1, python3-torch 1.13.1.
"""

import json
from pathlib import Path

import torch
import torchvision
from generated_weights import fill, generated, layout
from torchvision import models

#: Name, input, what has many weights and is left out of the output (names and shapes are compared all the same).
CASES = [
    ("vgg16", [3, 48, 40], "without top"),
    ("vgg19", [3, 32, 32], "without top"),
    ("resnet18", [1, 40, 33], "whole"),
    ("resnet34", [3, 32, 32], "whole"),
    ("resnet50", [3, 64, 64], "whole"),
    ("resnet101", [3, 32, 32], "whole"),
]


def first_convolution(model, channels):
    """Another number of input channels, as users do it."""
    for parent in model.modules():
        for name, child in parent.named_children():
            if isinstance(child, (torch.nn.Conv2d, torch.nn.Conv3d)):
                child.in_channels = channels
                child.weight = torch.nn.Parameter(torch.empty(child.weight.shape[0], channels, *child.weight.shape[2:]))
                return model
    raise ValueError("no convolution")


def case(name, size, part):
    published = sum(p.numel() for p in getattr(models, name)().parameters())
    model = first_convolution(getattr(models, name)(num_classes=10), size[0])
    facts = {"architecture": name, "reference": "torchvision", "input": size, "published": published, **layout(model)}
    model = fill(model).double().eval()
    x = generated("input", [1, *size]).double() * 2
    with torch.no_grad():
        y = model(x) if part == "whole" else model.features(x).mean((2, 3))
    return {**facts, "part": part, "output": [float(f"{value:.7g}") for value in y.flatten().tolist()]}


cases = [case(*one) for one in CASES]
for one in cases:
    print(one["architecture"], one["published"], max(map(abs, one["output"])))
versions = {"torch": torch.__version__, "torchvision": torchvision.__version__}
Path(__file__).with_name("torchvision.json").write_text(json.dumps({"versions": versions, "cases": cases}) + "\n")
