"""Writes networks as ONNX without their weights, and PyTorch's gradients by every parameter.

Weights, inputs and the weights of the loss follow a formula, so that both sides make them; of each gradient the norm, the
largest element, eight samples and two projections on pseudo-random directions are kept. Gradients are taken in float64.

Usage: python3 make-networks.py   (PyTorch 1.13.0, onnx 1.12.0, Debian 12)
"""

import io
import json
import math
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn
from torch.nn import functional as F

FOLDER = Path(__file__).parent / "networks"


def uniform(count: int, key: int) -> np.ndarray:
    """Pseudo-random numbers in [-1, 1): the fraction of a fast sine."""
    wave = np.sin(np.arange(count, dtype=np.float64) * 12.9898 + key * 78.233) * 43758.5453
    return 2 * (wave - np.floor(wave)) - 1


class Residual(nn.Module):
    def __init__(self, before, after, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(after)
        self.conv2 = nn.Conv2d(after, after, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(after)
        self.shortcut = nn.Sequential()
        if stride > 1 or before != after:
            self.shortcut = nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after))

    def forward(self, x):
        y = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.norm2(self.conv2(y)) + self.shortcut(x))


def resnet18():
    """He and others, "Deep residual learning", 2016, table 1, at half its width."""
    widths = [32, 32, 64, 128, 256]
    stages = [
        block
        for at in range(4)
        for block in (Residual(widths[at], widths[at + 1], 1 if at == 0 else 2), Residual(widths[at + 1], widths[at + 1], 1))
    ]
    return nn.Sequential(
        nn.Conv2d(3, 32, 7, 2, 3, bias=False), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(3, 2, 1),
        *stages, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(256, 10),
    )


class Dense(nn.Module):
    """Huang and others, "Densely connected convolutional networks", 2017: a block of four layers and its transition."""

    def __init__(self, width=16, growth=12):
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Sequential(
                nn.BatchNorm2d(width + at * growth), nn.ReLU(), nn.Conv2d(width + at * growth, 4 * growth, 1, bias=False),
                nn.BatchNorm2d(4 * growth), nn.ReLU(), nn.Conv2d(4 * growth, growth, 3, 1, 1, bias=False),
            )
            for at in range(4)
        )
        last = width + 4 * growth
        self.transition = nn.Sequential(nn.BatchNorm2d(last), nn.ReLU(), nn.Conv2d(last, last // 2, 1), nn.AvgPool2d(2))

    def forward(self, x):
        for layer in self.layers:
            x = torch.cat([x, layer(x)], 1)
        return self.transition(x)


class UNet2d(nn.Module):
    """Ronneberger and others, "U-Net", 2015: one level up by transposed convolution, one by bilinear interpolation."""

    def __init__(self, width=12):
        super().__init__()
        def pair(before, after):
            return nn.Sequential(
                nn.Conv2d(before, after, 3, padding=1), nn.BatchNorm2d(after), nn.ReLU(),
                nn.Conv2d(after, after, 3, padding=1), nn.BatchNorm2d(after), nn.ReLU(),
            )
        self.down1, self.down2, self.bottom = pair(1, width), pair(width, 2 * width), pair(2 * width, 4 * width)
        self.up2 = nn.ConvTranspose2d(4 * width, 2 * width, 2, 2)
        self.join2, self.join1 = pair(4 * width, 2 * width), pair(3 * width, width)
        self.head = nn.Conv2d(width, 3, 1)

    def forward(self, x):
        one = self.down1(x)
        two = self.down2(F.max_pool2d(one, 2))
        bottom = self.bottom(F.max_pool2d(two, 2))
        two = self.join2(torch.cat([self.up2(bottom), two], 1))
        wide = F.interpolate(two, scale_factor=2.0, mode="bilinear", align_corners=False)
        return F.log_softmax(self.head(self.join1(torch.cat([wide, one], 1))), 1)


class UNet3d(nn.Module):
    """Isensee and others, "nnU-Net", 2021: instance normalisation, leaky units, strided convolutions; trilinear at the top."""

    def __init__(self, width=6):
        super().__init__()
        def block(before, after, stride=1):
            return nn.Sequential(
                nn.Conv3d(before, after, 3, stride, 1), nn.InstanceNorm3d(after, affine=True), nn.LeakyReLU(0.01),
            )
        self.one, self.two, self.three = block(1, width), block(width, 2 * width, 2), block(2 * width, 4 * width, 2)
        self.up2 = nn.ConvTranspose3d(4 * width, 2 * width, 2, 2)
        self.join2, self.join1 = block(4 * width, 2 * width), block(3 * width, width)
        self.head = nn.Conv3d(width, 2, 1)

    def forward(self, x):
        one = self.one(x)
        two = self.two(one)
        wide = self.join2(torch.cat([self.up2(self.three(two)), two], 1))
        wide = F.interpolate(wide, scale_factor=2.0, mode="trilinear", align_corners=False)
        return torch.softmax(self.head(self.join1(torch.cat([wide, one], 1))), 1)


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.inner, self.outer = nn.Linear(width, 3 * width), nn.Linear(3 * width, width)

    def forward(self, x):
        y = self.norm1(x)
        x = x + self.attention(y, y, y, need_weights=False)[0]
        return x + self.outer(F.gelu(self.inner(self.norm2(x))))


class VisionTransformer(nn.Module):
    """Dosovitskiy and others, "An image is worth 16x16 words", 2021, with two blocks of width 32."""

    def __init__(self, width=32):
        super().__init__()
        self.patches = nn.Conv2d(3, width, 8, 8)
        self.token = nn.Parameter(torch.zeros(1, 1, width))
        self.positions = nn.Parameter(torch.zeros(1, 17, width))
        self.blocks = nn.Sequential(Block(width, 4), Block(width, 4))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, 5)

    def forward(self, x):
        tokens = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), tokens], 1) + self.positions
        return self.head(self.norm(self.blocks(x))[:, 0])


class Detector(nn.Module):
    """Tian and others, "FCOS", 2019: a pyramid of two levels and a shared head for classes, boxes and centredness."""

    def __init__(self, width=16):
        super().__init__()
        self.low = nn.Sequential(nn.Conv2d(1, width, 3, 2, 1), nn.BatchNorm2d(width), nn.SiLU())
        self.high = nn.Sequential(nn.Conv2d(width, 2 * width, 3, 2, 1, groups=2), nn.BatchNorm2d(2 * width), nn.Hardswish())
        self.lateral1, self.lateral2 = nn.Conv2d(width, width, 1), nn.Conv2d(2 * width, width, 1)
        self.tower = nn.Sequential(nn.Conv2d(width, width, 3, padding=1), nn.GroupNorm(4, width), nn.ReLU())
        self.classes, self.boxes, self.centre = (nn.Conv2d(width, count, 3, padding=1) for count in (4, 4, 1))
        self.scales = nn.Parameter(torch.ones(2))

    def forward(self, x):
        low = self.low(x)
        top = self.lateral2(self.high(low))
        levels = [self.lateral1(low) + F.interpolate(top, scale_factor=2.0, mode="nearest"), top]
        outputs = []
        for at, level in enumerate(levels):
            y = self.tower(level)
            parts = [torch.sigmoid(self.classes(y)), torch.exp(self.scales[at] * self.boxes(y)), torch.sigmoid(self.centre(y))]
            outputs.append(torch.cat(parts, 1).flatten(2))
        return torch.cat(outputs, 2).permute(0, 2, 1)


class Sequence(nn.Module):
    """Schuster, Paliwal, "Bidirectional recurrent neural networks", 1997, of LSTM, with GRU and Elman's network behind it."""

    def __init__(self, width=6):
        super().__init__()
        self.lstm = nn.LSTM(5, width, num_layers=2, batch_first=True, bidirectional=True)
        self.gru = nn.GRU(2 * width, width, batch_first=True)
        self.rnn = nn.RNN(width, width, batch_first=True, nonlinearity="tanh")
        self.head = nn.Linear(2 * width, 3)

    def forward(self, x):
        y, state = self.gru(self.lstm(x)[0])
        return self.head(torch.cat([state[0], self.rnn(y)[0].mean(1)], 1))


NETWORKS = {
    "resnet18": (resnet18(), (2, 3, 64, 64), True),
    "densenet-block": (Dense(), (2, 16, 12, 12), False),
    "unet-2d": (UNet2d(), (2, 1, 32, 32), True),
    "unet-3d": (UNet3d(), (1, 1, 16, 16, 16), True),
    "vision-transformer": (VisionTransformer(), (2, 3, 32, 32), True),
    "detector": (Detector(), (2, 1, 32, 32), True),
    "sequence": (Sequence(), (3, 7, 5), True),
}


def spread_of(name: str, shape) -> tuple[float, float]:
    """Centre and half width of a parameter's numbers: He's for weights, near 1 for scales, near 0 for the rest."""
    if len(shape) > 1 and "positions" not in name and "token" not in name:
        return 0.0, math.sqrt(6 / math.prod(shape[1:])) * 0.7
    if name.endswith("running_var"):
        return 1.0, 0.5
    return (1.0, 0.2) if name.endswith(("weight", "scales")) else (0.0, 0.1)


def fill(model: nn.Module) -> list[dict]:
    tensors = []
    for key, (name, tensor) in enumerate(model.state_dict().items()):
        if not tensor.is_floating_point():
            continue
        centre, half = spread_of(name, tensor.shape)
        values = (centre + half * uniform(tensor.numel(), key)).astype(np.float32)
        tensor.copy_(torch.from_numpy(values).reshape(tensor.shape))
        tensors.append({"name": name, "key": key, "shape": list(tensor.shape), "centre": centre, "half": half})
    return tensors


def summary(gradient: torch.Tensor) -> dict:
    flat = gradient.detach().numpy().ravel()
    at = np.linspace(0, flat.size - 1, min(8, flat.size)).astype(int)
    return {
        "norm": float(np.linalg.norm(flat)),
        "largest": float(np.abs(flat).max()),
        "at": at.tolist(),
        "samples": flat[at].tolist(),
        "projections": [float(flat @ uniform(flat.size, 3000 + one)) for one in range(2)],
    }


def export(name: str, model: nn.Module, shape, is_training: bool) -> None:
    model.train(is_training)
    tensors = fill(model)
    x = torch.from_numpy(uniform(math.prod(shape), 1000).astype(np.float32)).reshape(shape)
    file = io.BytesIO()
    mode = torch.onnx.TrainingMode.TRAINING if is_training else torch.onnx.TrainingMode.PRESERVE
    torch.onnx.export(
        model, x, file, opset_version=17, training=mode, do_constant_folding=False,
        keep_initializers_as_inputs=True, input_names=["x"], output_names=["y"],
    )
    fill(model)
    exact = model.double()
    exact.train(is_training)
    y = exact(x.double())
    loss = (y * torch.from_numpy(uniform(y.numel(), 2000).astype(np.float32)).reshape(y.shape)).sum()
    loss.backward()
    gradients = {key: summary(parameter.grad) for key, parameter in exact.named_parameters()}
    graph = onnx.load_from_string(file.getvalue())
    known = {one["name"] for one in tensors}
    kept = [one for one in graph.graph.initializer if one.name not in known]
    del graph.graph.initializer[:]
    graph.graph.initializer.extend(kept)
    for node in graph.graph.node:
        node.doc_string = ""
    FOLDER.mkdir(exist_ok=True)
    onnx.save(graph, FOLDER / f"{name}.onnx")
    expected = {"input": list(shape), "output": list(y.shape), "loss": float(loss), "tensors": tensors, "gradients": gradients}
    (FOLDER / f"{name}.json").write_text(json.dumps(expected) + "\n")


torch.manual_seed(0)
for key, (network, shape, is_training) in NETWORKS.items():
    export(key, network, shape, is_training)
