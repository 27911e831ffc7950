"""Explains small networks with PyTorch by the formulas of the papers, in float64, and exports the networks in float32.

Grad-CAM: Selvaraju et al. 2017, equations 1 and 2. Grad-CAM++: Chattopadhay et al. 2018, equations 5 and 19 with
alpha = g^2 / (2 g^2 + sum(A) g^3). Integrated gradients: Sundararajan et al. 2017, equation 3, slopes at the middles of the
steps. Occlusion: Zeiler and Fergus 2014, the mean over the patches that cover a pixel of the fall of the score.
Maps are enlarged by torch.nn.functional.interpolate (align_corners=False) and are not scaled.

Usage: python3 make-explanations.py   (PyTorch 1.13.0, Debian 12)
"""

import copy
import json
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

FOLDER = Path(__file__).parent
IMAGES = 2
STEPS = 16


class Plain(nn.Module):
    """Two convolutions and pools, three classes by softmax."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(2, 4, 3), nn.Conv2d(4, 6, 3)
        self.fc = nn.Linear(6 * 2 * 2, 3)

    def features(self, x):
        return torch.relu(self.conv2(F.max_pool2d(torch.relu(self.conv1(x)), 2)))

    def scores(self, a):
        return self.fc(F.max_pool2d(a, 2).flatten(1))

    def end(self, s):
        return torch.softmax(s, 1)


class Residual(nn.Module):
    """A residual block with batch normalisation and a swish, one finding by sigmoid."""

    def __init__(self):
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(1, 5, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(5)
        self.conv2, self.norm2 = nn.Conv2d(5, 5, 3, padding=1, bias=False), nn.BatchNorm2d(5)
        self.fc = nn.Linear(5, 1)

    def features(self, x):
        x = torch.relu(self.norm1(self.conv1(x)))
        return F.silu(x + self.norm2(self.conv2(x)))

    def scores(self, a):
        return self.fc(a.mean((2, 3)))

    def end(self, s):
        return torch.sigmoid(s)


class Volume(nn.Module):
    """Convolutions over a volume, two classes whose scores are not normalised."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv3d(1, 3, 3, padding=1), nn.Conv3d(3, 4, 3, stride=2, padding=1)
        self.fc = nn.Linear(4, 2)

    def features(self, x):
        return torch.tanh(self.conv2(torch.relu(self.conv1(x))))

    def scores(self, a):
        return self.fc(a.mean((2, 3, 4)))

    def end(self, s):
        return s


class Block(nn.Module):
    def __init__(self, width, heads=2):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.projection = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def mixed(self, x, tokens):
        n, length, width = x.shape
        q, k, v = self.qkv(tokens).reshape(n, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        weights = torch.softmax(q @ k.transpose(-2, -1) * (width // self.heads) ** -0.5, -1)
        x = x + self.projection((weights @ v).transpose(1, 2).reshape(n, length, width))
        return x + self.mlp(self.norm2(x))

    def forward(self, x):
        return self.mixed(x, self.norm1(x))


class Transformer(nn.Module):
    """A vision transformer of two blocks with a class token, three classes."""

    def __init__(self, width=8):
        super().__init__()
        self.patches = nn.Conv2d(1, width, 3, 3)
        self.token = nn.Parameter(torch.randn(1, 1, width))
        self.positions = nn.Parameter(torch.randn(1, 13, width))
        self.block1, self.block2 = Block(width), Block(width)
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, 3)

    def stream(self, x):
        patches = self.patches(x).flatten(2).transpose(1, 2)
        return self.block1(torch.cat([self.token.expand(x.shape[0], -1, -1), patches], 1) + self.positions)

    def forward_scores(self, x):
        return self.head(self.norm(self.block2(self.stream(x)))[:, 0])

    def end(self, s):
        return torch.softmax(s, 1)


class Whole(nn.Module):
    """What is exported: with the function at the end."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return self.network.end(scores_of(self.network, x))


def scores_of(network, x):
    if hasattr(network, "forward_scores"):
        return network.forward_scores(x)
    return network.scores(network.features(x))


def chosen(scores, classes):
    """The score of a class; of one score the classes are its two signs."""
    if scores.shape[1] == 1:
        return scores[:, 0] * (2 * classes - 1)
    return scores.gather(1, classes[:, None])[:, 0]


def maps_and_slopes(network, x, classes):
    if not hasattr(network, "forward_scores"):
        a = network.features(x).detach().requires_grad_()
        score = chosen(network.scores(a), classes)
        return a.detach(), torch.autograd.grad(score.sum(), a)[0]
    stream = network.stream(x).detach()
    tokens = network.block2.norm1(stream).detach().requires_grad_()
    out = network.head(network.norm(network.block2.mixed(stream, tokens))[:, 0])
    slopes = torch.autograd.grad(chosen(out, classes).sum(), tokens)[0]
    grid = [length // 3 for length in x.shape[2:]]
    return tuple(t[:, 1:].transpose(1, 2).reshape(len(x), -1, *grid) for t in (tokens.detach(), slopes))


def enlarged(cam, size):
    mode = {2: "bilinear", 3: "trilinear"}[len(size)]
    return F.interpolate(cam[:, None], size=size, mode=mode, align_corners=False)[:, 0]


def grad_cam(network, x, classes):
    a, g = maps_and_slopes(network, x, classes)
    axes = tuple(range(2, a.dim()))
    return enlarged(torch.relu((g.mean(axes, keepdim=True) * a).sum(1)), x.shape[2:])


def grad_cam_plus(network, x, classes):
    a, g = maps_and_slopes(network, x, classes)
    axes = tuple(range(2, a.dim()))
    below = 2 * g**2 + a.sum(axes, keepdim=True) * g**3
    alpha = torch.where(g != 0, g**2 / torch.where(below != 0, below, torch.ones_like(below)), torch.zeros_like(g))
    weights = (alpha * torch.relu(g)).sum(axes, keepdim=True)
    return enlarged(torch.relu((weights * a).sum(1)), x.shape[2:])


def integrated_gradients(network, x, classes):
    """From black."""
    total = torch.zeros_like(x)
    for step in range(STEPS):
        at = (x * (step + 0.5) / STEPS).requires_grad_()
        total += torch.autograd.grad(chosen(scores_of(network, at), classes).sum(), at)[0] / STEPS
    return x * total


def starts(length, patch, stride):
    return [*range(0, length - patch, stride), length - patch]


def occlusion(network, x, classes, patch, stride, value):
    whole = chosen(scores_of(network, x), classes)
    fall, cover = (torch.zeros(len(x), *x.shape[2:], dtype=x.dtype) for _ in range(2))
    boxes = [()]
    for length in x.shape[2:]:
        boxes = [(*box, slice(at, at + patch)) for box in boxes for at in starts(length, patch, stride)]
    for box in boxes:
        hidden = x.clone()
        hidden[(slice(None), slice(None), *box)] = value
        part = whole - chosen(scores_of(network, hidden), classes)
        fall[(slice(None), *box)] += part.reshape(-1, *[1] * len(box))
        cover[(slice(None), *box)] += 1
    return fall / cover


def write(name, network, shape):
    torch.manual_seed(len(name))
    network.apply(lambda m: m.reset_parameters() if hasattr(m, "reset_parameters") else None)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, std=0.3)
            nn.init.uniform_(module.running_var, 0.5, 2)
            nn.init.normal_(module.weight, 1, 0.3)
    x = torch.randn(IMAGES, *shape)
    network.eval()
    torch.onnx.export(
        Whole(network).eval(), x, FOLDER / f"{name}.onnx", opset_version=14, input_names=["image"],
        output_names=["result"], dynamic_axes={"image": {0: "batch"}, "result": {0: "batch"}},
    )
    exact, x = copy.deepcopy(network).double(), x.double()
    with torch.no_grad():
        scores = scores_of(exact, x)
    predicted = (scores[:, 0] > 0).long() if scores.shape[1] == 1 else scores.argmax(1)
    most = max(2, scores.shape[1])
    cases = []
    for classes in (predicted, (predicted + 1) % most):
        cases.append({
            "classes": classes.tolist(),
            "scores": numbers(chosen(scores, classes)),
            "gradCam": numbers(grad_cam(exact, x, classes)),
            "gradCamPlus": numbers(grad_cam_plus(exact, x, classes)),
            "integratedGradients": numbers(integrated_gradients(exact, x, classes)),
            "occlusion": numbers(occlusion(exact, x, classes, 4, 3, 0.25)),
        })
    known = {"shape": list(x.shape), "x": numbers(x, 9), "steps": STEPS, "cases": cases}
    (FOLDER / f"{name}.json").write_text(json.dumps(known) + "\n")


def numbers(tensor, digits=6):
    return [float(f"{one:.{digits}g}") for one in tensor.detach().flatten().tolist()]


write("plain", Plain(), (2, 15, 16))
write("residual", Residual(), (1, 11, 14))
write("volume", Volume(), (1, 5, 6, 7))
write("transformer", Transformer(), (1, 9, 12))
