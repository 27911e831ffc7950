"""Exports small classifiers in the forms that are met in the wild, and writes what goes into their last layer.

Usage: python3 make-classifiers.py   (PyTorch 1.13.0, onnx 1.12.0, NumPy 1.24, Debian 12)
"""

import io
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

FOLDER = Path(__file__).parent / "classifiers"
FOLDER.mkdir(exist_ok=True)
torch.manual_seed(11)


def body(width=6):
    return nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, width, 3), nn.ReLU())


class TwoHeads(nn.Module):
    """Classes and a grade of the same features."""

    def __init__(self):
        super().__init__()
        self.features, self.classes, self.grade = body(), nn.Linear(6, 3), nn.Linear(6, 1)

    def rows(self, x):
        return self.features(x).mean((2, 3))

    def forward(self, x):
        return self.classes(self.rows(x)), self.grade(self.rows(x))


class Probabilities(nn.Module):
    """Ends in softmax."""

    def __init__(self):
        super().__init__()
        self.features, self.hidden, self.fc = body(), nn.Linear(6, 5), nn.Linear(5, 3)

    def rows(self, x):
        return torch.relu(self.hidden(self.features(x).mean((2, 3))))

    def forward(self, x):
        return torch.softmax(self.fc(self.rows(x)), 1)


class Squeeze(nn.Module):
    """Classes by a convolution before the pooling, as SqueezeNet has them (torchvision's names)."""

    def __init__(self):
        super().__init__()
        self.features = body()
        self.classifier = nn.Sequential(nn.Dropout(0.5), nn.Conv2d(6, 3, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1))

    def rows(self, x):
        return self.features(x)

    def forward(self, x):
        return self.classifier(self.features(x)).flatten(1)


class NetworkInNetwork(nn.Module):
    """The same with softmax and names that say nothing (Lin et al. 2013)."""

    def __init__(self):
        super().__init__()
        self.a, self.b = body(), nn.Conv2d(6, 3, 1)

    def rows(self, x):
        return self.a(x)

    def forward(self, x):
        return torch.softmax(self.b(self.a(x)).mean((2, 3)), 1)


class Headless(nn.Module):
    """Pooled features and no classes, as timm gives with num_classes=0; the last convolution is 1×1."""

    def __init__(self):
        super().__init__()
        self.features, self.conv_head = body(), nn.Conv2d(6, 8, 1)

    def rows(self, x):
        return torch.relu(self.conv_head(self.features(x))).mean((2, 3))

    def forward(self, x):
        return self.rows(x)


class FullyConvolutional(nn.Module):
    """Classes by a convolution behind the pooling (MobileNetV3 in Keras, many in Caffe)."""

    def __init__(self):
        super().__init__()
        self.features, self.logits = body(), nn.Conv2d(6, 3, 1)

    def rows(self, x):
        return nn.functional.adaptive_avg_pool2d(self.features(x), 1)

    def forward(self, x):
        return self.logits(self.rows(x)).flatten(1)


def numbers(array):
    return [float(f"{value:.8g}") for value in np.asarray(array, np.float64).ravel()]


facts = {}
x = torch.randn(2, 1, 10, 10)


def export(name, model):
    model.eval()
    file = io.BytesIO()
    outputs = ["classes", "grade"] if isinstance(model, TwoHeads) else ["y"]
    axes = {name: {0: "batch"} for name in ["x", *outputs]}
    torch.onnx.export(model, x, file, opset_version=13, input_names=["x"], output_names=outputs, dynamic_axes=axes)
    onnx.save(onnx.load_from_string(file.getvalue()), FOLDER / f"{name}.onnx")
    with torch.no_grad():
        rows = model.rows(x)
    facts[name] = {"x": numbers(x), "shape": list(x.shape), "features": numbers(rows), "featureShape": list(rows.shape)}


export("two-heads", TwoHeads())
export("probabilities", Probabilities())
export("squeeze", Squeeze())
export("network-in-network", NetworkInNetwork())
export("headless", Headless())
export("fully-convolutional", FullyConvolutional())


def keras_converted(name, flattened):
    """As tf2onnx writes a Keras model: images with their channels last, turned around inside, products apart from biases."""
    rng = np.random.default_rng(3)
    kernel, bias = rng.normal(size=(4, 1, 3, 3)), rng.normal(size=4)
    features = 4 * 8 * 8 if flattened else 4
    weights, offset = rng.normal(size=(features, 3)), rng.normal(size=3)
    held = {"conv/kernel": kernel, "conv/bias": bias, "predictions/kernel": weights, "predictions/bias": offset}
    held = {key: value.astype(np.float32) for key, value in held.items()}
    initializers = [numpy_helper.from_array(value, key) for key, value in held.items()]
    node = helper.make_node
    nodes = [
        node("Transpose", ["images"], ["turned"], "model/conv/transpose", perm=[0, 3, 1, 2]),
        node("Conv", ["turned", "conv/kernel", "conv/bias"], ["conv"], "model/conv/Conv2D"),
        node("Relu", ["conv"], ["map"], "model/conv/Relu"),
    ]
    if flattened:
        initializers.append(numpy_helper.from_array(np.array([-1, features]), "const_row"))
        nodes += [
            node("Transpose", ["map"], ["last"], "model/relu/transpose", perm=[0, 2, 3, 1]),
            node("Reshape", ["last", "const_row"], ["row"], "model/flatten/Reshape"),
        ]
    else:
        nodes += [
            node("GlobalAveragePool", ["map"], ["pooled"], "model/global_average_pooling2d/Mean"),
            node("Squeeze", ["pooled", "axes"], ["row"], "model/global_average_pooling2d/Squeeze"),
        ]
        initializers.append(numpy_helper.from_array(np.array([2, 3]), "axes"))
    nodes += [
        node("MatMul", ["row", "predictions/kernel"], ["product"], "model/predictions/MatMul"),
        node("Add", ["product", "predictions/bias"], ["sum"], "model/predictions/BiasAdd"),
        node("Softmax", ["sum"], ["predictions"], "model/predictions/Softmax"),
    ]
    images = helper.make_tensor_value_info("images", TensorProto.FLOAT, ["unk__1", 10, 10, 1])
    output = helper.make_tensor_value_info("predictions", TensorProto.FLOAT, ["unk__2", 3])
    graph = helper.make_graph(nodes, "tf2onnx", [images], [output], initializers)
    model = helper.make_model(graph, producer_name="tf2onnx", opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 7
    onnx.checker.check_model(model)
    onnx.save(model, FOLDER / f"{name}.onnx")
    given = rng.normal(size=(2, 10, 10, 1)).astype(np.float32)
    planes = torch.tensor(given).permute(0, 3, 1, 2)
    found = torch.relu(nn.functional.conv2d(planes, torch.tensor(held["conv/kernel"]), torch.tensor(held["conv/bias"])))
    rows = found.permute(0, 2, 3, 1).flatten(1) if flattened else found.mean((2, 3))
    facts[name] = {
        "x": numbers(given), "shape": list(given.shape), "features": numbers(rows), "featureShape": list(rows.shape),
    }


keras_converted("keras-pooled", False)
keras_converted("keras-flattened", True)
(FOLDER / "classifiers.json").write_text(json.dumps(facts) + "\n")
