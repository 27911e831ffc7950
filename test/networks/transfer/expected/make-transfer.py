"""Exports small networks as people do, and writes PyTorch's weights after one step of SGD on one batch.

Each is exported with random weights; then it is trained in PyTorch for one step (learning rate 0.1, cross-entropy). What a
weight is called in the file is found by its numbers, since the exporter renames, transposes and folds. The state
dict goes beside, as torch.save writes it, with the outputs of the network in inference.

Usage: python3 make-transfer.py   (PyTorch 1.13.0, onnx 1.12.0, Debian 12)
"""

import copy
import io
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

FOLDER = Path(__file__).parent
RATE = 0.1
BATCH = 6


class Convolutional(nn.Module):
    """Convolution, batch normalisation, pooling, a head: a backbone in small."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(4, 6, 3, groups=2), nn.BatchNorm2d(6), nn.ReLU(),
        )
        self.fc = nn.Linear(6, 3)

    def forward(self, x):
        return self.fc(self.features(x).mean((2, 3)))


class Attention(nn.Module):
    def __init__(self, width, heads=2):
        super().__init__()
        self.heads, self.qkv, self.projection = heads, nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x):
        n, length, width = x.shape
        q, k, v = self.qkv(x).reshape(n, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        weights = torch.softmax(q @ k.transpose(-2, -1) * (width // self.heads) ** -0.5, -1)
        return self.projection((weights @ v).transpose(1, 2).reshape(n, length, width))


class Transformer(nn.Module):
    """A vision transformer of one block: class token, positions, attention, products on sequences."""

    def __init__(self, width=8):
        super().__init__()
        self.patches = nn.Conv2d(1, width, 3, 3)
        self.token = nn.Parameter(torch.zeros(1, 1, width))
        self.positions = nn.Parameter(torch.zeros(1, 17, width))
        self.norm1, self.norm2, self.norm = (nn.LayerNorm(width) for _ in range(3))
        self.attention = Attention(width)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))
        self.head = nn.Linear(width, 3)

    def forward(self, x):
        patches = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), patches], 1) + self.positions
        x = x + self.attention(self.norm1(x))
        x = x + self.mlp(self.norm2(x))
        return self.head(self.norm(x)[:, 0])


class Mixed(nn.Module):
    """Other normalisations, learnt slopes, a transposed convolution, a dense layer on flattened maps."""

    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(1, 4, 3, 2, 1), nn.InstanceNorm2d(4, affine=True), nn.PReLU(4))
        self.up = nn.Sequential(nn.ConvTranspose2d(4, 4, 2, 2), nn.GroupNorm(2, 4), nn.LeakyReLU(0.1))
        self.fc = nn.Linear(4 * 12 * 12, 3)

    def forward(self, x):
        return self.fc(self.up(self.down(x)).flatten(1))


def fused(model):
    """What the exporter makes of convolutions before batch normalisations in inference."""
    model = copy.deepcopy(model)
    layers = model.features
    for at in (0, 4):
        layers[at] = fuse_conv_bn_eval(layers[at], layers[at + 1])
        layers[at + 1] = nn.Identity()
    return model


def randomise(model):
    for name, tensor in model.state_dict().items():
        if tensor.is_floating_point():
            noise = torch.randn(tensor.shape)
            near_one = name.endswith("running_var") or ("weight" in name and tensor.dim() == 1)
            tensor.copy_(1 + 0.2 * noise.clamp(-2, 2) if near_one else 0.3 * noise)


def numbers(tensor):
    return [float(f"{value:.8g}") for value in np.asarray(tensor, np.float64).ravel()]


def stepped(model, x, target):
    """Names and numbers of the parameters before and after one step."""
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    model.train()
    loss = F.cross_entropy(model(x), target)
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= RATE * p.grad
    return float(loss), before, {name: p.detach() for name, p in model.named_parameters()}


def in_the_file(held, tensor):
    """The weight of the file that is this tensor, and whether it is turned there."""
    for name, array in held.items():
        for turned in (False, True):
            own = tensor.numpy().T if turned and tensor.dim() == 2 else tensor.numpy()
            if array.size == own.size and np.squeeze(array).shape == np.squeeze(own).shape:
                if np.allclose(np.squeeze(array), np.squeeze(own), rtol=1e-5, atol=1e-7):
                    return name, turned and tensor.dim() == 2
    raise ValueError(f"no weight of the file is {tuple(tensor.shape)}")


def export(name, model, trained=None, *, mode, dynamic):
    randomise(model)
    model.eval()
    reference = (trained or copy.deepcopy)(model)
    x, target = torch.randn(BATCH, 1, 12, 12), torch.arange(BATCH) % 3
    output = model(x).detach()
    file = io.BytesIO()
    torch.onnx.export(
        model, x if dynamic else x[:1], file, opset_version=13, training=mode, input_names=["x"], output_names=["y"],
        do_constant_folding=mode == torch.onnx.TrainingMode.EVAL, dynamic_axes={"x": {0: "batch"}} if dynamic else None,
    )
    graph = onnx.load_from_string(file.getvalue())
    for node in graph.graph.node:
        node.doc_string = ""
    onnx.save(graph, FOLDER / f"{name}.onnx")
    held = {one.name: numpy_helper.to_array(one) for one in graph.graph.initializer}
    for node in graph.graph.node:
        if node.op_type == "Constant":
            held[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
    torch.save(model.state_dict(), FOLDER / f"{name}.pth")
    loss, before, after = stepped(reference, x, target)
    updated = {}
    for key, tensor in before.items():
        stored, turned = in_the_file(held, tensor)
        updated[stored] = {"of": key, "data": numbers(after[key].numpy().T if turned else after[key].numpy())}
    expected = {
        "x": numbers(x), "target": target.tolist(), "y": numbers(output), "loss": loss, "rate": RATE,
        "updated": updated,
    }
    (FOLDER / f"{name}.json").write_text(json.dumps(expected) + "\n")


modes = torch.onnx.TrainingMode
torch.manual_seed(0)
export("convolutional", Convolutional(), mode=modes.PRESERVE, dynamic=True)
export("folded", Convolutional(), fused, mode=modes.EVAL, dynamic=True)
export("transformer", Transformer(), mode=modes.EVAL, dynamic=True)
export("mixed", Mixed(), mode=modes.EVAL, dynamic=False)
