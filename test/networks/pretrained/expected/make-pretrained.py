"""One small network's weights in the layouts in which weights are published, and what the network makes of images.

Writes small.* and small.json beside this file: Keras 1 (the names of VGG's published files), Keras 2 with and without top,
Keras 3 (.weights.h5, with and without the layers' names), PyTorch (a state dict, and a module that was pickled whole, as
torchxrayvision publishes them), safetensors as timm writes them, ONNX.
Debian 12: python3-torch 1.13.1, python3-h5py 3.7.0, python3-onnx 1.12.0.
"""

import io
import json
import struct
import sys
import types
from pathlib import Path

import h5py
import numpy as np
import onnx
import torch
from torch import nn

FOLDER = Path(__file__).parent
torch.manual_seed(5)


class Small(nn.Module):
    """Names as Keras's applications have them."""

    def __init__(self):
        super().__init__()
        self.block1_conv1 = nn.Conv2d(3, 4, 3, padding=1)
        self.block1_bn = nn.BatchNorm2d(4, eps=1e-3)
        self.block2_conv1 = nn.Conv2d(4, 6, 3, padding=1)
        self.fc1 = nn.Linear(6 * 4 * 3, 5)
        self.predictions = nn.Linear(5, 7)

    def features(self, x):
        x = torch.relu(self.block1_bn(self.block1_conv1(x)))
        return torch.relu(self.block2_conv1(nn.functional.max_pool2d(x, 2)))

    def forward(self, x):
        return self.predictions(torch.relu(self.fc1(self.features(x).flatten(1))))


model = Small().eval()
with torch.no_grad():
    for name, tensor in model.state_dict().items():
        if tensor.is_floating_point():
            tensor.copy_(torch.rand(tensor.shape) + 0.5 if name.endswith("var") else torch.randn(tensor.shape) / 2)
state = {name: tensor.numpy() for name, tensor in model.state_dict().items() if tensor.is_floating_point()}


def keras_axes(name):
    """Kernels [height, width, in, out]; dense weights [features, units], features with the channels last."""
    array = state[name]
    if array.ndim == 4:
        return array.transpose(2, 3, 1, 0)
    if name == "fc1.weight":
        return array.reshape(5, 6, 4, 3).transpose(2, 3, 1, 0).reshape(-1, 5)
    return array.T


LAYERS = ["block1_conv1", "block1_bn", "block2_conv1", "fc1", "predictions"]
PARTS = ["weight", "bias", "running_mean", "running_var"]
BN = ["gamma", "beta", "moving_mean", "moving_variance"]


def weights_of(layer):
    return [keras_axes(f"{layer}.{part}") for part in PARTS if f"{layer}.{part}" in state]


def legacy(file, layers, names):
    """attrs layer_names and weight_names (keras/src/legacy/saving/legacy_h5_format.py)."""
    holders = ["input_1", *layers, "flatten"]
    file.attrs["layer_names"] = [name.encode() for name in holders]
    for layer in holders:
        group = file.create_group(layer)
        arrays = weights_of(layer) if layer in layers else []
        own = [names(layer, at) for at in range(len(arrays))]
        group.attrs["weight_names"] = [name.encode() for name in own]
        for name, array in zip(own, arrays):
            group[name] = array


def keras_1(layer, at):
    words = ["gamma", "beta", "running_mean", "running_std"] if layer.endswith("bn") else ["W", "b"]
    return f"{layer}_{words[at]}_1:0"


def keras_2(layer, at):
    return f"{layer}/{(BN if layer.endswith('bn') else ['kernel', 'bias'])[at]}:0"


def keras_3(file, with_names):
    """layers/<class>_<number>/vars/<number>, and from 3.4 on the layer's name (keras/src/saving/saving_lib.py)."""
    places = ["conv2d", "batch_normalization", "conv2d_1", "dense", "dense_1"]
    file.create_group("vars")
    for layer, place in zip(LAYERS, places):
        group = file.create_group(f"layers/{place}/vars")
        if with_names:
            group.attrs["name"] = layer
        for at, array in enumerate(weights_of(layer)):
            group[str(at)] = array


with h5py.File(FOLDER / "small-keras-1.h5", "w") as file:
    legacy(file, LAYERS, keras_1)
with h5py.File(FOLDER / "small-keras-1-notop.h5", "w") as file:
    legacy(file, LAYERS[:3], keras_1)
with h5py.File(FOLDER / "small-keras-2.h5", "w") as file:
    legacy(file, LAYERS, keras_2)
with h5py.File(FOLDER / "small.weights.h5", "w") as file:
    keras_3(file, True)
with h5py.File(FOLDER / "small-unnamed.weights.h5", "w") as file:
    keras_3(file, False)

torch.save(model.state_dict(), FOLDER / "small.pth")

# Pickled whole, its class is one of a package that readers do not have.
foreign = types.ModuleType("torchxrayvision.models")
foreign.Small = Small
Small.__module__ = foreign.__name__
sys.modules["torchxrayvision"] = types.ModuleType("torchxrayvision")
sys.modules[foreign.__name__] = foreign
model.op_threshs = [0.1, 0.2]
torch.save(model, FOLDER / "small-module.pt")

header, body = {"__metadata__": {"format": "pt"}}, b""
for name, array in state.items():
    data = np.ascontiguousarray(array).tobytes()
    header[name] = {"dtype": "F32", "shape": array.shape, "data_offsets": [len(body), len(body) + len(data)]}
    body += data
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
(FOLDER / "small.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + body)

x = torch.randn(2, 3, 8, 6)
exported = io.BytesIO()
torch.onnx.export(
    model, x, exported, opset_version=13, training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False,
    input_names=["x"], output_names=["y"], dynamic_axes={"x": {0: "batch"}},
)
onnx.save(onnx.load_from_string(exported.getvalue()), FOLDER / "small.onnx")


def numbers(tensor):
    return [float(f"{value:.8g}") for value in tensor.detach().flatten().tolist()]


grey = x[:, :1]
facts = {
    "versions": {"torch": torch.__version__, "h5py": h5py.__version__, "onnx": onnx.__version__},
    "x": numbers(x),
    "features": numbers(model.features(x)),
    "y": numbers(model(x)),
    # As red, green and blue at once.
    "grey": numbers(grey),
    "greyFeatures": numbers(model.features(grey.expand(-1, 3, -1, -1))),
}
(FOLDER / "small.json").write_text(json.dumps(facts) + "\n")
