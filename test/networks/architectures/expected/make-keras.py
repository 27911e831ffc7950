"""Outputs of keras.applications' networks with generated weights, by float64, and the names and shapes of their parameters.

Writes keras.json beside this file. Debian has no Keras, so the networks are defined here by keras/src/applications of Keras 3
(vgg16.py, resnet.py, densenet.py, efficientnet.py, mobilenet_v3.py) with its names of layers and PyTorch's order of axes.
Published counts are those that `summary()` prints there: with running statistics, and in EfficientNet with the counter of its
Normalization layer.
"""

import math
from pathlib import Path

import torch
import torch.nn.functional as F
from generated_weights import described, fill, images, layout, write
from torch import nn

DEVIATIONS = [0.229, 0.224, 0.225]


class Normalization(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("variance", torch.ones(channels))

    def forward(self, x):
        shape = (1, -1, 1, 1)
        return (x - self.mean.view(shape)) / self.variance.sqrt().view(shape)


class Network(nn.Module):
    """Layers come to be when they are first called by their name."""

    def __init__(self, build):
        super().__init__()
        self.build = build

    def forward(self, x):
        return self.build(self, x)

    def layer(self, name, make):
        if name not in self._modules:
            self.add_module(name, make().train(self.training))
        return self._modules[name]

    def convolve(self, x, name, filters, kernel, stride=1, padding="valid", bias=True, depthwise=False):
        channels = x.shape[1]
        groups = channels if depthwise else 1
        made = self.layer(name, lambda: nn.Conv2d(channels, filters, kernel, stride, groups=groups, bias=bias))
        if padding == "same":
            x = F.pad(x, same(x, kernel, stride))
        elif padding != "valid":
            x = F.pad(x, padding)
        return made(x)

    def normalise(self, x, name, epsilon):
        return self.layer(name, lambda: nn.BatchNorm2d(x.shape[1], eps=epsilon))(x)

    def connect(self, x, name, units):
        return self.layer(name, lambda: nn.Linear(x.shape[1], units))(x)


def same(x, kernel, stride):
    """As TensorFlow pads: the odd one after."""
    pads = []
    for length in reversed(x.shape[2:]):
        total = max(0, (-(-length // stride) - 1) * stride + kernel - length)
        pads += [total // 2, total - total // 2]
    return pads


def correct_pad(x, kernel):
    """keras.src.applications.imagenet_utils.correct_pad, in torch's order."""
    pads = []
    for length in reversed(x.shape[2:]):
        pads += [kernel // 2 - (1 - length % 2), kernel // 2]
    return pads


def depth(value, divisor=8):
    rounded = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * value else rounded


def cnn(net, x, classes, top=True):
    x = F.max_pool2d(F.relu(net.convolve(x, "conv2d", 32, 3)), 2)
    x = F.max_pool2d(F.relu(net.convolve(x, "conv2d_1", 64, 3)), 2)
    x = F.relu(net.connect(x.flatten(1), "dense", 128))
    return net.connect(x, "dense_1", classes)


def vgg(repeats):
    def build(net, x, classes, top=True):
        for block, (filters, count) in enumerate(zip([64, 128, 256, 512, 512], repeats), 1):
            for at in range(1, count + 1):
                x = F.relu(net.convolve(x, f"block{block}_conv{at}", filters, 3, padding="same"))
            x = F.max_pool2d(x, 2)
        if not top:
            return x.mean((2, 3))
        x = F.relu(net.connect(x.flatten(1), "fc1", 4096))
        return net.connect(F.relu(net.connect(x, "fc2", 4096)), "predictions", classes)

    return build


def resnet(blocks):
    epsilon = 1.001e-5

    def block(net, x, filters, stride, shortcut, name):
        beside = x
        if shortcut:
            beside = net.normalise(net.convolve(x, f"{name}_0_conv", 4 * filters, 1, stride), f"{name}_0_bn", epsilon)
        x = F.relu(net.normalise(net.convolve(x, f"{name}_1_conv", filters, 1, stride), f"{name}_1_bn", epsilon))
        x = F.relu(net.normalise(net.convolve(x, f"{name}_2_conv", filters, 3, padding="same"), f"{name}_2_bn", epsilon))
        x = net.normalise(net.convolve(x, f"{name}_3_conv", 4 * filters, 1), f"{name}_3_bn", epsilon)
        return F.relu(beside + x)

    def build(net, x, classes, top=True):
        x = F.relu(net.normalise(net.convolve(x, "conv1_conv", 64, 7, 2, padding=[3] * 4), "conv1_bn", epsilon))
        x = F.max_pool2d(F.pad(x, [1] * 4), 3, 2)
        for stage, count in enumerate(blocks):
            for at in range(count):
                stride = 2 if stage > 0 and at == 0 else 1
                x = block(net, x, 64 << stage, stride, at == 0, f"conv{stage + 2}_block{at + 1}")
        return net.connect(x.mean((2, 3)), "predictions", classes)

    return build


def densenet(net, x, classes, top=True):
    epsilon = 1.001e-5
    x = F.relu(net.normalise(net.convolve(x, "conv1_conv", 64, 7, 2, padding=[3] * 4, bias=False), "conv1_bn", epsilon))
    x = F.max_pool2d(F.pad(x, [1] * 4), 3, 2)
    for block, count in enumerate([6, 12, 24, 16], 2):
        for at in range(1, count + 1):
            name = f"conv{block}_block{at}"
            y = F.relu(net.normalise(x, f"{name}_0_bn", epsilon))
            y = F.relu(net.normalise(net.convolve(y, f"{name}_1_conv", 128, 1, bias=False), f"{name}_1_bn", epsilon))
            x = torch.cat([x, net.convolve(y, f"{name}_2_conv", 32, 3, padding="same", bias=False)], 1)
        if block < 5:
            x = F.relu(net.normalise(x, f"pool{block}_bn", epsilon))
            x = F.avg_pool2d(net.convolve(x, f"pool{block}_conv", x.shape[1] // 2, 1, bias=False), 2)
    x = F.relu(net.normalise(x, "bn", epsilon))
    return net.connect(x.mean((2, 3)), "predictions", classes)


def efficientnet(width, depth_factor):
    epsilon = 1e-3
    stages = [
        (3, 1, 16, 1, 1),
        (3, 2, 24, 6, 2),
        (5, 2, 40, 6, 2),
        (3, 3, 80, 6, 2),
        (5, 3, 112, 6, 1),
        (5, 4, 192, 6, 2),
        (3, 1, 320, 6, 1),
    ]

    def block(net, inputs, name, kernel, filters, ratio, stride):
        channels = inputs.shape[1]
        x = inputs
        if ratio != 1:
            x = net.convolve(x, f"{name}expand_conv", channels * ratio, 1, bias=False)
            x = F.silu(net.normalise(x, f"{name}expand_bn", epsilon))
        padding = correct_pad(x, kernel) if stride == 2 else "same"
        x = net.convolve(x, f"{name}dwconv", channels * ratio, kernel, stride, padding, bias=False, depthwise=True)
        x = F.silu(net.normalise(x, f"{name}bn", epsilon))
        weights = F.silu(net.convolve(x.mean((2, 3), keepdim=True), f"{name}se_reduce", max(1, int(channels * 0.25)), 1))
        x = x * torch.sigmoid(net.convolve(weights, f"{name}se_expand", channels * ratio, 1))
        x = net.normalise(net.convolve(x, f"{name}project_conv", filters, 1, bias=False), f"{name}project_bn", epsilon)
        return x + inputs if stride == 1 and channels == filters else x

    def build(net, x, classes, top=True):
        x = net.layer("normalization", lambda: Normalization(x.shape[1]))(x / 255)
        deviations = DEVIATIONS if x.shape[1] == 3 else [sum(DEVIATIONS) / 3] * x.shape[1]
        x = x * torch.tensor([1 / math.sqrt(one) for one in deviations], dtype=x.dtype).view(1, -1, 1, 1)
        x = net.convolve(x, "stem_conv", depth(32 * width), 3, 2, correct_pad(x, 3), bias=False)
        x = F.silu(net.normalise(x, "stem_bn", epsilon))
        for stage, (kernel, repeats, filters, ratio, stride) in enumerate(stages, 1):
            for at in range(math.ceil(repeats * depth_factor)):
                name = f"block{stage}{chr(at + 97)}_"
                x = block(net, x, name, kernel, depth(filters * width), ratio, stride if at == 0 else 1)
        x = F.silu(net.normalise(net.convolve(x, "top_conv", depth(1280 * width), 1, bias=False), "top_bn", epsilon))
        return net.connect(x.mean((2, 3)), "predictions", classes)

    return build


def mobilenet(lines, units):
    epsilon = 1e-3

    def block(net, inputs, expansion, filters, kernel, stride, squeeze, function, number):
        prefix = f"expanded_conv_{number}_" if number else "expanded_conv_"
        channels = inputs.shape[1]
        x = inputs
        expanded = depth(channels * expansion)
        if number:
            x = function(net.normalise(net.convolve(x, f"{prefix}expand", expanded, 1, bias=False), f"{prefix}expand_bn", epsilon))
        padding = correct_pad(x, kernel) if stride == 2 else "same"
        x = net.convolve(x, f"{prefix}depthwise", x.shape[1], kernel, stride, padding, bias=False, depthwise=True)
        x = function(net.normalise(x, f"{prefix}depthwise_bn", epsilon))
        if squeeze:
            weights = x.mean((2, 3), keepdim=True)
            weights = F.relu(net.convolve(weights, f"{prefix}squeeze_excite_conv", depth(expanded * 0.25), 1))
            x = x * F.hardsigmoid(net.convolve(weights, f"{prefix}squeeze_excite_conv_1", expanded, 1))
        x = net.normalise(net.convolve(x, f"{prefix}project", filters, 1, bias=False), f"{prefix}project_bn", epsilon)
        return x + inputs if stride == 1 and channels == filters else x

    def build(net, x, classes, top=True):
        x = net.convolve(x / 127.5 - 1, "conv", 16, 3, 2, "same", bias=False)
        x = F.hardswish(net.normalise(x, "conv_bn", epsilon))
        for number, line in enumerate(lines):
            x = block(net, x, *line, number)
        x = F.hardswish(net.normalise(net.convolve(x, "conv_1", depth(x.shape[1] * 6), 1, bias=False), "conv_1_bn", epsilon))
        x = F.hardswish(net.convolve(x.mean((2, 3), keepdim=True), "conv_2", units, 1))
        return net.convolve(x, "logits", classes, 1).flatten(1)

    return build


R, H = F.relu, F.hardswish
SMALL = [
    (1, 16, 3, 2, True, R),
    (72 / 16, 24, 3, 2, False, R),
    (88 / 24, 24, 3, 1, False, R),
    (4, 40, 5, 2, True, H),
    (6, 40, 5, 1, True, H),
    (6, 40, 5, 1, True, H),
    (3, 48, 5, 1, True, H),
    (3, 48, 5, 1, True, H),
    (6, 96, 5, 2, True, H),
    (6, 96, 5, 1, True, H),
    (6, 96, 5, 1, True, H),
]
LARGE = [
    (1, 16, 3, 1, False, R),
    (4, 24, 3, 2, False, R),
    (3, 24, 3, 1, False, R),
    (3, 40, 5, 2, True, R),
    (3, 40, 5, 1, True, R),
    (3, 40, 5, 1, True, R),
    (6, 80, 3, 2, False, H),
    (2.5, 80, 3, 1, False, H),
    (2.3, 80, 3, 1, False, H),
    (2.3, 80, 3, 1, False, H),
    (6, 112, 3, 1, True, H),
    (6, 112, 3, 1, True, H),
    (6, 160, 5, 2, True, H),
    (6, 160, 5, 1, True, H),
    (6, 160, 5, 1, True, H),
]

#: Our name, the definition, the input, the reference's own input and classes, and whether the top is left out of the output.
CASES = [
    ("cnn", cnn, [1, 28, 30], [1, 64, 64], 2, "whole"),
    ("vgg16", vgg([2, 2, 3, 3, 3]), [3, 48, 40], [3, 224, 224], 1000, "without top"),
    ("vgg19", vgg([2, 2, 4, 4, 4]), [1, 32, 32], [3, 224, 224], 1000, "without top"),
    ("resnet50", resnet([3, 4, 6, 3]), [3, 45, 64], [3, 224, 224], 1000, "whole"),
    ("resnet101", resnet([3, 4, 23, 3]), [3, 32, 32], [3, 224, 224], 1000, "whole"),
    ("densenet121", densenet, [3, 64, 64], [3, 224, 224], 1000, "whole"),
    ("efficientnet_b0", efficientnet(1, 1), [3, 63, 64], [3, 224, 224], 1000, "whole"),
    ("efficientnet_b1", efficientnet(1, 1.1), [1, 32, 32], [3, 240, 240], 1000, "whole"),
    ("efficientnet_b2", efficientnet(1.1, 1.2), [3, 33, 32], [3, 260, 260], 1000, "whole"),
    ("efficientnet_b3", efficientnet(1.2, 1.4), [3, 32, 32], [3, 300, 300], 1000, "whole"),
    ("mobilenet_v3_small", mobilenet(SMALL, 1024), [3, 63, 64], [3, 224, 224], 1000, "whole"),
    ("mobilenet_v3_large", mobilenet(LARGE, 1280), [1, 64, 64], [3, 224, 224], 1000, "whole"),
]


def network(build, size, classes):
    net = Network(lambda net, x: build(net, x, classes)).eval()
    with torch.no_grad():
        net(torch.zeros(1, *size))
    return net


def case(name, build, size, own, classes, part):
    counted = network(build, own, classes)
    published = layout(counted)["elements"] + name.startswith("efficientnet")
    net = network(build, size, 10)
    facts = {"architecture": name, "reference": "keras", "input": size, "published": published, **layout(net)}
    gain = 2.5 if name.startswith("efficientnet") else 2
    net = fill(net, gain).double()
    # Some scale pixels of 0 … 255 themselves.
    amplitude = 100 if name.startswith(("efficientnet", "mobilenet")) else 2
    x = images(size, amplitude)
    with torch.no_grad():
        y = net(x) if part == "whole" else build(net, x, 10, top=False)
    return {**facts, "part": part, "amplitude": amplitude, "gain": gain, "output": described(y)}


versions = {"torch": torch.__version__}
own = [(name, build, own, own, classes, "whole") for name, build, _, own, classes, _ in CASES]
cases = [(one[0], one[2], lambda one=one: case(*one)) for one in [*CASES, *own]]
write(Path(__file__).with_name("keras.json"), cases, versions)
