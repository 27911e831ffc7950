"""Outputs of torchvision's networks with generated weights, by float64, and the names and shapes of their parameters.

Writes torchvision.json beside this file. Debian: python3-torchvision 0.14.1, python3-torch 1.13.1.
"""

from pathlib import Path

import torch
import torchvision
from generated_weights import described, fill, images, layout, write
from torchvision import models

#: Our name, the reference's, the input, and whether the many weights of the top are left out of the output (names and shapes
#: are compared all the same).
CASES = [
    ("vgg16", models.vgg16, [3, 48, 40], "without top"),
    ("vgg19", models.vgg19, [3, 32, 32], "without top"),
    ("resnet18", models.resnet18, [1, 40, 33], "whole"),
    ("resnet34", models.resnet34, [3, 32, 32], "whole"),
    ("resnet50", models.resnet50, [3, 64, 64], "whole"),
    ("resnet101", models.resnet101, [3, 32, 32], "whole"),
    ("densenet121", models.densenet121, [3, 64, 64], "whole"),
    ("efficientnet_b0", models.efficientnet_b0, [3, 64, 64], "whole"),
    ("efficientnet_b1", models.efficientnet_b1, [3, 32, 32], "whole"),
    ("efficientnet_b2", models.efficientnet_b2, [3, 32, 32], "whole"),
    ("efficientnet_b3", models.efficientnet_b3, [3, 32, 32], "whole"),
    ("mobilenet_v3_small", models.mobilenet_v3_small, [2, 45, 64], "whole"),
    ("mobilenet_v3_large", models.mobilenet_v3_large, [3, 64, 64], "whole"),
    ("convnext_tiny", models.convnext_tiny, [3, 64, 64], "whole"),
    ("resnet3d_18", models.video.r3d_18, [3, 7, 32, 32], "whole"),
]

#: The reference's own inputs, where they are not [3, 224, 224].
OWN_INPUTS = {
    "efficientnet_b1": [3, 240, 240],
    "efficientnet_b2": [3, 288, 288],
    "efficientnet_b3": [3, 300, 300],
    "resnet3d_18": [3, 16, 112, 112],
}


def first_convolution(model, channels):
    """Another number of input channels, as users do it."""
    for parent in model.modules():
        for name, child in parent.named_children():
            if isinstance(child, (torch.nn.Conv2d, torch.nn.Conv3d)):
                child.in_channels = channels
                child.weight = torch.nn.Parameter(torch.empty(child.weight.shape[0], channels, *child.weight.shape[2:]))
                return model
    raise ValueError("no convolution")


def case(name, build, size, part):
    published = sum(p.numel() for p in build().parameters())
    model = first_convolution(build(num_classes=10), size[0])
    facts = {"architecture": name, "reference": "torchvision", "input": size, "published": published, **layout(model)}
    gain = 2
    if name.startswith("efficientnet"):
        # Over many pixels activations grow beyond float32's digits by what they need over few.
        gain = 2.25 if max(size) > 64 else 2.5
    model = fill(model, gain).double().eval()
    x = images(size)
    with torch.no_grad():
        y = model(x) if part == "whole" else model.features(x).mean((2, 3))
    return {**facts, "part": part, "amplitude": 2, "gain": gain, "output": described(y)}


versions = {"torch": torch.__version__, "torchvision": torchvision.__version__}
own = [(name, build, OWN_INPUTS.get(name, [3, 224, 224]), "whole") for name, build, *_ in CASES]
cases = [(one[0], one[2], lambda one=one: case(*one)) for one in [*CASES, *own]]
write(Path(__file__).with_name("torchvision.json"), cases, versions)
