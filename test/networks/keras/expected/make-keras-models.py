# Makes keras-models.json: Keras models as Keras 1, 2 and 3 write them (HDF5 and zip), with an input and the output
# that the definitions of their layers give. The layers are written here once more, in NumPy and PyTorch with axes in
# Keras's order, from keras.io/api/layers and the code of keras/src; no TensorFlow is needed.
# Run with PyTorch 1.13, NumPy 1.24, h5py 3.7 (Debian 12): python3 make-keras-models.py
import base64
import gzip
import io
import json
import math
import pathlib
import re
import zipfile

import h5py
import numpy as np
import torch
import torch.nn.functional as F

random = np.random.RandomState(11)


def floats(*shape):
    return (random.randn(*shape) * 0.5).astype(np.float32)


def positive(*shape):
    return (random.rand(*shape) + 0.5).astype(np.float32)


# ---- what layers compute -----------------------------------------------------------------------------------------

def activation(name, x, keras):
    t = torch.from_numpy(x)
    functions = {
        "linear": lambda: t,
        "relu": lambda: t.clamp(min=0),
        "relu6": lambda: t.clamp(0, 6),
        "leaky_relu": lambda: torch.where(t >= 0, t, 0.2 * t),
        "elu": lambda: torch.where(t > 0, t, torch.exp(t) - 1),
        "selu": lambda: 1.0507009873554805 * torch.where(t > 0, t, 1.6732632423543772 * (torch.exp(t) - 1)),
        "celu": lambda: torch.where(t > 0, t, torch.exp(t) - 1),
        "gelu": lambda: 0.5 * t * (1 + torch.erf(t / math.sqrt(2))),
        "sigmoid": lambda: 1 / (1 + torch.exp(-t)),
        "hard_sigmoid": lambda: (t / 6 + 0.5).clamp(0, 1) if keras == 3 else (0.2 * t + 0.5).clamp(0, 1),
        "log_sigmoid": lambda: -torch.log(1 + torch.exp(-t)),
        "tanh": lambda: torch.tanh(t),
        "hard_tanh": lambda: t.clamp(-1, 1),
        "tanh_shrink": lambda: t - torch.tanh(t),
        "soft_shrink": lambda: torch.where(t > 0.5, t - 0.5, torch.where(t < -0.5, t + 0.5, 0 * t)),
        "hard_shrink": lambda: torch.where(t.abs() > 0.5, t, 0 * t),
        "softplus": lambda: torch.log(1 + torch.exp(t)),
        "softsign": lambda: t / (1 + t.abs()),
        "squareplus": lambda: (t + torch.sqrt(t * t + 4)) / 2,
        "exponential": lambda: torch.exp(t),
        "swish": lambda: t / (1 + torch.exp(-t)),
        "silu": lambda: t / (1 + torch.exp(-t)),
        "hard_silu": lambda: t * (t / 6 + 0.5).clamp(0, 1),
        "mish": lambda: t * torch.tanh(torch.log(1 + torch.exp(t))),
        "softmax": lambda: torch.softmax(t, -1),
        "log_softmax": lambda: torch.log_softmax(t, -1),
    }
    return functions[name]().numpy()


def channels_last(x, config):
    return np.moveaxis(x, 1, -1) if config.get("data_format") == "channels_first" else x


def as_given(x, config):
    return np.moveaxis(x, -1, 1) if config.get("data_format") == "channels_first" else x


def padded(x, config, kernel, strides, value=0.0):
    """Borders as TensorFlow adds them for SAME: the odd one at the end."""
    kind = config.get("padding", "valid")
    pads = []
    for length, k, s in zip(x.shape[1:-1], kernel, strides):
        total = max(0, (math.ceil(length / s) - 1) * s + k - length) if kind == "same" else 0
        pads.append((k - 1, 0) if kind == "causal" else (total // 2, total - total // 2))
    return np.pad(x, [(0, 0), *pads, (0, 0)], constant_values=value)


def spread(value, rank):
    return list(value) if isinstance(value, (list, tuple)) else [value] * rank


def windows(x, kernel, strides, dilation):
    """[N, out…, kernel…, C]: every window by plain indexing."""
    rank = len(kernel)
    outs = [(n - (k - 1) * d - 1) // s + 1 for n, k, s, d in zip(x.shape[1:-1], kernel, strides, dilation)]
    index = [np.arange(o)[:, None] * s + np.arange(k)[None] * d for o, s, k, d in zip(outs, strides, kernel, dilation)]
    for axis in range(rank):
        x = np.take(x, index[axis], axis=1 + 2 * axis)
    order = [0, *[1 + 2 * a for a in range(rank)], *[2 + 2 * a for a in range(rank)], 2 * rank + 1]
    return x.transpose(order)


def convolved(x, kernel, config, groups=1):
    rank = kernel.ndim - 2
    size, strides = kernel.shape[:rank], spread(config.get("strides", 1), rank)
    dilation = spread(config.get("dilation_rate", 1), rank)
    reach = [(k - 1) * d + 1 for k, d in zip(size, dilation)]
    view = windows(padded(x, config, reach, strides), size, strides, dilation)
    parts, out = [], kernel.shape[-1] // groups
    for g in range(groups):
        into = kernel.shape[-2]
        taps = list(range(1 + rank, 2 + 2 * rank))
        part = view[..., g * into : (g + 1) * into]
        parts.append(np.tensordot(part, kernel[..., g * out : (g + 1) * out], (taps, list(range(rank + 1)))))
    return np.concatenate(parts, -1)


def conv(config, weights, keras, x):
    x = channels_last(x, config)
    y = convolved(x, weights[0], config, config.get("groups", 1))
    y = y + weights[1] if config.get("use_bias", True) else y
    return as_given(activation(config.get("activation", "linear"), y, keras), config)


def depthwise(x, kernel, config):
    parts = [convolved(x[..., c : c + 1], kernel[..., c : c + 1, :], config) for c in range(kernel.shape[-2])]
    return np.concatenate(parts, -1)


def depthwise_conv(config, weights, keras, x):
    y = depthwise(channels_last(x, config), weights[0], config) + weights[1]
    return as_given(activation(config.get("activation", "linear"), y, keras), config)


def separable_conv(config, weights, keras, x):
    y = depthwise(channels_last(x, config), weights[0], config)
    y = convolved(y, weights[1], {}) + weights[2]
    return as_given(activation(config.get("activation", "linear"), y, keras), config)


def conv_transpose(config, weights, keras, x):
    """Every input adds the kernel to its place; then what Keras does not keep is cut off."""
    x, kernel = channels_last(x, config), weights[0]
    rank = kernel.ndim - 2
    size, strides = kernel.shape[:rank], spread(config.get("strides", 1), rank)
    dilation = spread(config.get("dilation_rate", 1), rank)
    reach = [(k - 1) * d + 1 for k, d in zip(size, dilation)]
    same, extra = config.get("padding", "valid") == "same", config.get("output_padding")
    full = [max((n - 1) * s + r, n * s) + 4 for n, s, r in zip(x.shape[1:-1], strides, reach)]
    y = np.zeros([x.shape[0], *full, kernel.shape[-2]])
    for tap in np.ndindex(*size):
        at = tuple(slice(t * d, t * d + n * s, s) for t, d, n, s in zip(tap, dilation, x.shape[1:-1], strides))
        y[(slice(None), *at)] += x @ kernel[tap].T
    keep = [slice(None)]
    for a, (n, s, r) in enumerate(zip(x.shape[1:-1], strides, reach)):
        if extra is None:
            out = n * s if same else n * s + max(r - s, 0)
        else:
            out = (n - 1) * s + r - (2 * (r // 2) if same else 0) + spread(extra, rank)[a]
        before = max((n - 1) * s + r - out, 0) // 2
        keep.append(slice(before, before + out))
    y = y[tuple(keep)]
    y = y + weights[1] if config.get("use_bias", True) else y
    return as_given(activation(config.get("activation", "linear"), y, keras), config)


def pool(config, weights, keras, x, largest):
    x = channels_last(x, config)
    rank = x.ndim - 2
    size = spread(config.get("pool_size", 2), rank)
    strides = spread(config.get("strides") or size, rank)
    axes = tuple(range(1 + rank, 1 + 2 * rank))
    ones = [1] * rank
    if largest:
        y = windows(padded(x, config, size, strides, -np.inf), size, strides, ones).max(axes)
    else:
        # What lies outside does not count.
        count = windows(padded(np.ones_like(x), config, size, strides), size, strides, ones).sum(axes)
        y = windows(padded(x, config, size, strides), size, strides, ones).sum(axes) / count
    return as_given(y, config)


def global_pool(config, weights, keras, x, largest):
    x = channels_last(x, config)
    axes = tuple(range(1, x.ndim - 1))
    y = (np.max if largest else np.mean)(x, axes, keepdims=config.get("keepdims", False))
    return as_given(y, config) if config.get("keepdims") else y


def batch_norm(config, weights, keras, x):
    rest = list(weights)
    axis = config.get("axis", -1)
    x = np.moveaxis(x, axis if isinstance(axis, int) else axis[0], -1)
    gamma = rest.pop(0) if config.get("scale", True) else 1
    beta = rest.pop(0) if config.get("center", True) else 0
    y = gamma * (x - rest[0]) / np.sqrt(rest[1] + config.get("epsilon", 1e-3)) + beta
    return np.moveaxis(y, -1, axis if isinstance(axis, int) else axis[0])


def layer_norm(config, weights, keras, x):
    axis = config.get("axis", -1)
    axes = tuple(axis) if isinstance(axis, list) else (axis,)
    centred = x - x.mean(axes, keepdims=True)
    y = centred / np.sqrt((centred**2).mean(axes, keepdims=True) + config.get("epsilon", 1e-3))
    rest = list(weights)
    y = y * rest.pop(0) if config.get("scale", True) else y
    return y + rest.pop(0) if config.get("center", True) else y


def upsample(config, weights, keras, x):
    x = channels_last(x, config)
    rank = x.ndim - 2
    size = spread(config.get("size", 2), rank)
    if config.get("interpolation", "nearest") == "nearest":
        for axis, times in enumerate(size):
            x = np.repeat(x, times, 1 + axis)
        return as_given(x, config)
    t = torch.from_numpy(np.moveaxis(x, -1, 1).copy())
    return as_given(np.moveaxis(F.interpolate(t, scale_factor=size, mode="bilinear").numpy(), 1, -1), config)


def resize(config, weights, keras, x):
    t = torch.from_numpy(np.moveaxis(x, -1, 1).copy())
    mode = config.get("interpolation", "bilinear")
    y = F.interpolate(t, size=(config["height"], config["width"]), mode=mode)
    return np.moveaxis(y.numpy(), 1, -1)


def zero_pad(config, weights, keras, x):
    x = channels_last(x, config)
    rank = x.ndim - 2
    pads = [p if isinstance(p, list) else [p, p] for p in borders(config["padding"], rank)]
    return as_given(np.pad(x, [(0, 0), *pads, (0, 0)]), config)


def borders(given, rank):
    if not isinstance(given, list):
        return [given] * rank
    return [given] if rank == 1 and not isinstance(given[0], list) else given


def crop(config, weights, keras, x):
    x = channels_last(x, config)
    rank = x.ndim - 2
    cuts = [c if isinstance(c, list) else [c, c] for c in borders(config["cropping"], rank)]
    keep = tuple(slice(a, n - b) for (a, b), n in zip(cuts, x.shape[1:-1]))
    return as_given(x[(slice(None), *keep)], config)


def dense(config, weights, keras, x):
    y = x @ weights[0]
    y = y + weights[1] if config.get("use_bias", True) else y
    return activation(config.get("activation", "linear"), y, keras)


def relu(config, weights, keras, x):
    slope, threshold, most = config.get("negative_slope", 0), config.get("threshold", 0), config.get("max_value")
    y = np.where(x >= threshold, x, slope * (x - threshold))
    return y if most is None else np.where(x >= most, most, y)


def flatten(config, weights, keras, x):
    return channels_last(x, config).reshape(x.shape[0], -1)


def reshape(config, weights, keras, x):
    return x.reshape(x.shape[0], *config["target_shape"])


def normalization(config, weights, keras, x):
    mean, variance = weights[:2] if weights else (np.array(config["mean"]), np.array(config["variance"]))
    return (x - mean) / np.maximum(np.sqrt(variance), 1e-7)


same = lambda config, weights, keras, x: x
merge = lambda f: lambda config, weights, keras, *xs: f(xs)
layers = {
    "Dense": dense,
    "Embedding": lambda c, w, k, x: w[0][x.astype(int)],
    "Flatten": flatten,
    "Reshape": reshape,
    "Permute": lambda c, w, k, x: x.transpose(0, *c["dims"]),
    "RepeatVector": lambda c, w, k, x: np.repeat(x[:, None], c["n"], 1),
    "BatchNormalization": batch_norm,
    "LayerNormalization": layer_norm,
    "Normalization": normalization,
    "Rescaling": lambda c, w, k, x: x * np.array(c["scale"]) + np.array(c.get("offset", 0.0)),
    "Activation": lambda c, w, k, x: activation(c["activation"], x, k),
    "ReLU": relu,
    "LeakyReLU": lambda c, w, k, x: np.where(x >= 0, x, x * c.get("negative_slope", c.get("alpha", 0.3))),
    "PReLU": lambda c, w, k, x: np.where(x >= 0, x, x * w[0]),
    "ELU": lambda c, w, k, x: np.where(x > 0, x, c.get("alpha", 1.0) * (np.exp(x) - 1)),
    "ThresholdedReLU": lambda c, w, k, x: np.where(x > c["theta"], x, 0 * x),
    "Softmax": lambda c, w, k, x: torch.softmax(torch.from_numpy(x), c.get("axis", -1)).numpy(),
    "Resizing": resize,
    "Add": merge(lambda xs: sum(xs)),
    "Subtract": merge(lambda xs: xs[0] - xs[1]),
    "Multiply": merge(lambda xs: np.multiply.reduce(np.broadcast_arrays(*xs))),
    "Average": merge(lambda xs: sum(xs) / len(xs)),
    "Maximum": merge(lambda xs: np.maximum.reduce(np.broadcast_arrays(*xs))),
    "Minimum": merge(lambda xs: np.minimum.reduce(np.broadcast_arrays(*xs))),
    "Concatenate": lambda c, w, k, *xs: np.concatenate(xs, c.get("axis", -1)),
}
for rank in "123":
    layers[f"Conv{rank}D"] = conv
    layers[f"Conv{rank}DTranspose"] = conv_transpose
    layers[f"DepthwiseConv{rank}D"] = depthwise_conv
    layers[f"SeparableConv{rank}D"] = separable_conv
    layers[f"MaxPooling{rank}D"] = lambda *a: pool(*a, largest=True)
    layers[f"AveragePooling{rank}D"] = lambda *a: pool(*a, largest=False)
    layers[f"GlobalMaxPooling{rank}D"] = lambda *a: global_pool(*a, largest=True)
    layers[f"GlobalAveragePooling{rank}D"] = lambda *a: global_pool(*a, largest=False)
    layers[f"ZeroPadding{rank}D"] = zero_pad
    layers[f"Cropping{rank}D"] = crop
    layers[f"UpSampling{rank}D"] = upsample
    layers[f"SpatialDropout{rank}D"] = same
for name in ["Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization", "RandomFlip"]:
    layers[name] = same


# ---- models ------------------------------------------------------------------------------------------------------

class Layer:
    """A layer with weights; `model` is that of a model within the model."""

    def __init__(self, of, name, weights=(), names=(), model=None, **config):
        self.of, self.name, self.weights, self.model = of, name, list(weights), model
        self.names, self.config = list(names) or [f"weight_{i}" for i in range(len(self.weights))], config
        self.uses = []


class Model:
    """Layers in order; each use of a layer names the layers whose outputs go in (and which use of them)."""

    def __init__(self, name, inputs, layers, outputs=None, sequential=False):
        self.name, self.inputs, self.layers, self.sequential = name, inputs, layers, sequential
        before = inputs[0][0]
        for layer in layers:
            layer.uses = layer.uses or [[(before, 0)]]
            before = layer.name
        self.outputs = outputs or [(before, 0)]

    def run(self, xs, keras):
        done = {(name, 0): x for (name, _), x in zip(self.inputs, xs)}
        waiting = [(layer, use) for layer in self.layers for use in range(len(layer.uses))]
        while waiting:
            layer, use = next(one for one in waiting if all(ref in done for ref in one[0].uses[one[1]]))
            waiting.remove((layer, use))
            given = [done[ref] for ref in layer.uses[use]]
            if layer.model:
                done[(layer.name, use)] = layer.model.run(given, keras)[0]
            else:
                done[(layer.name, use)] = layers[layer.of](layer.config, layer.weights, keras, *given)
        return [done[ref] for ref in self.outputs]


def used(layer, *uses):
    layer.uses = [[ref if isinstance(ref, tuple) else (ref, 0) for ref in use] for use in uses]
    return layer


def class_of(model):
    return "Sequential" if model.sequential else "Functional"


def config2(model, function_class="Functional"):
    listed = []
    if not model.sequential:
        for name, shape in model.inputs:
            config = {"batch_input_shape": [None, *shape], "dtype": "float32", "sparse": False, "name": name}
            listed.append({"class_name": "InputLayer", "config": config, "name": name, "inbound_nodes": []})
    for at, layer in enumerate(model.layers):
        if layer.model:
            entry = {"class_name": class_of(layer.model), "config": config2(layer.model)}
        else:
            entry = {"class_name": layer.of, "config": {"name": layer.name, "trainable": True, **layer.config}}
        if model.sequential:
            if at == 0:
                (entry["config"]["layers"][0] if layer.model else entry)["config"]["batch_input_shape"] = [None, *model.inputs[0][1]]
        else:
            entry["name"] = layer.name
            entry["inbound_nodes"] = [[[name, use, 0, {}] for name, use in given] for given in layer.uses]
        listed.append(entry)
    if model.sequential:
        return {"name": model.name, "layers": listed}
    ends = {
        "input_layers": [[name, 0, 0] for name, _ in model.inputs],
        "output_layers": [[name, use, 0] for name, use in model.outputs],
    }
    return {"name": model.name, "layers": listed, **ends}


def config3(model):
    def entry(of, config, name, **more):
        return {"module": "keras.layers", "class_name": of, "config": config, "registered_name": None, "name": name, **more}

    listed = []
    for name, shape in model.inputs:
        config = {"batch_shape": [None, *shape], "dtype": "float32", "sparse": False, "name": name}
        listed.append(entry("InputLayer", config, name, inbound_nodes=[]))
    for layer in model.layers:
        policy = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}
        config = {"name": layer.name, "trainable": True, "dtype": policy, **layer.config}
        of = layer.of
        if layer.model:
            of, config = class_of(layer.model), config3(layer.model)
        nodes = []
        for given in layer.uses:
            tensors = [
                {"class_name": "__keras_tensor__", "config": {"shape": [None], "dtype": "float32", "keras_history": [name, use, 0]}}
                for name, use in given
            ]
            nodes.append({"args": tensors if len(tensors) == 1 else [tensors], "kwargs": {}})
        listed.append(entry(of, config, layer.name, inbound_nodes=nodes))
    if model.sequential:
        for one in listed:
            del one["inbound_nodes"]
        return {"name": model.name, "trainable": True, "layers": listed, "build_input_shape": [None, *model.inputs[0][1]]}
    ends = [[name, 0, 0] for name, _ in model.inputs]
    outs = [[name, use, 0] for name, use in model.outputs]
    # Keras 3 writes a single one without a list around it.
    return {
        "name": model.name,
        "layers": listed,
        "input_layers": ends if len(ends) > 1 else ends[0],
        "output_layers": outs if len(outs) > 1 else outs[0],
    }


def weights_of(layer, prefix=""):
    if layer.model:
        return [pair for inner in layer.model.layers for pair in weights_of(inner)]
    return [(f"{layer.name}/{name}:0", array) for name, array in zip(layer.names, layer.weights)]


def write_h5(model, version, class_name=None, config=None):
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        listed = {"class_name": class_name or class_of(model), "config": config or config2(model)}
        file.attrs["model_config"] = json.dumps(listed).encode()
        file.attrs["keras_version"] = version.encode()
        file.attrs["backend"] = b"tensorflow"
        group = file.create_group("model_weights")
        names = [layer.name for layer in model.layers]
        names = names if model.sequential else [name for name, _ in model.inputs] + names
        group.attrs["layer_names"] = [name.encode() for name in names]
        by_name = {layer.name: layer for layer in model.layers}
        for name in names:
            of = group.create_group(name)
            pairs = weights_of(by_name[name]) if name in by_name else []
            of.attrs["weight_names"] = [weight.encode() for weight, _ in pairs]
            for weight, array in pairs:
                of.create_dataset(weight, data=array)
    return buffer.getvalue()


def snake(name):
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def fill_saved(group, model):
    counts = {}
    for layer in model.layers:
        of = snake(class_of(layer.model) if layer.model else layer.of)
        counts[of] = counts.get(of, -1) + 1
        place = group.create_group(f"layers/{of}" + (f"_{counts[of]}" if counts[of] else ""))
        if layer.model:
            fill_saved(place, layer.model)
        else:
            own = place.create_group("vars")
            for at, array in enumerate(layer.weights):
                own[str(at)] = array


def write_zip(model):
    weights = io.BytesIO()
    with h5py.File(weights, "w") as file:
        fill_saved(file, model)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        zipped.writestr("metadata.json", json.dumps({"keras_version": "3.3.3"}))
        listed = {"module": "keras", "class_name": class_of(model), "config": config3(model), "registered_name": None}
        zipped.writestr("config.json", json.dumps(listed))
        zipped.writestr("model.weights.h5", weights.getvalue())
    return buffer.getvalue()


cases = {}


def keep(name, data, model, keras, xs):
    ys = model.run([x.astype(np.float64) for x in xs], keras)
    plain = lambda a: {"shape": list(a.shape), "values": [float(f"{v:.9g}") for v in a.ravel().tolist()]}
    cases[name] = {
        "gzip": base64.b64encode(gzip.compress(data, mtime=0)).decode(),
        "inputs": {given: plain(x) for (given, _), x in zip(model.inputs, xs)},
        "outputs": [plain(y) for y in ys],
    }


def both(model, *xs):
    xs = xs or [floats(2, *shape) for _, shape in model.inputs]
    keep(f"{model.name} (Keras 2, HDF5)", write_h5(model, "2.9.0"), model, 2, xs)
    keep(f"{model.name} (Keras 3, zip)", write_zip(model), model, 3, xs)


def chain(name, shape, *of):
    return Model(name, [("pixels", shape)], list(of), sequential=True)


def L(of, *weights, **config):
    L.count += 1
    return Layer(of, f"{snake(of)}_{L.count}", weights, **config)


L.count = 0
K = floats

for name in [
    "linear relu relu6 leaky_relu elu selu celu gelu sigmoid hard_sigmoid log_sigmoid tanh hard_tanh tanh_shrink",
    "soft_shrink hard_shrink softplus softsign squareplus exponential swish silu hard_silu mish softmax log_softmax",
]:
    for one in name.split():
        if one in "relu hard_sigmoid softmax".split():
            both(chain(f"activation {one}", [5], L("Activation", activation=one)), 3 * K(2, 5))
        else:
            both_ = chain(f"activation {one}", [5], L("Activation", activation=one))
            keep(both_.name, write_zip(both_), both_, 3, [3 * K(2, 5)])

both(chain("tutorial", [8, 8, 1],
    L("Conv2D", K(3, 3, 1, 4), K(4), filters=4, kernel_size=[3, 3], activation="relu"),
    L("MaxPooling2D", pool_size=[2, 2]),
    L("Dropout", rate=0.5),
    L("Flatten"),
    L("Dense", K(36, 3), K(3), units=3, activation="softmax")))
both(chain("convolutions", [9, 10, 4],
    L("Conv2D", K(3, 2, 4, 6), K(6), filters=6, kernel_size=[3, 2], strides=[2, 2], padding="same", activation="tanh"),
    L("Conv2D", K(3, 3, 2, 6), filters=6, kernel_size=[3, 3], padding="same", dilation_rate=[2, 2], groups=3, use_bias=False),
    L("DepthwiseConv2D", K(3, 3, 6, 2), K(12), kernel_size=[3, 3], depth_multiplier=2, padding="same", strides=[2, 2]),
    L("SeparableConv2D", K(2, 2, 12, 1), K(1, 1, 12, 5), K(5), filters=5, kernel_size=[2, 2], activation="swish")))
both(chain("one dimension", [12, 3],
    L("Conv1D", K(3, 3, 4), K(4), filters=4, kernel_size=[3], padding="causal", dilation_rate=[2]),
    L("SeparableConv1D", K(3, 4, 2), K(1, 8, 5), K(5), filters=5, kernel_size=[3], depth_multiplier=2, padding="same"),
    L("DepthwiseConv1D", K(2, 5, 1), K(5), kernel_size=2),
    L("ZeroPadding1D", padding=[1, 2]), L("Cropping1D", cropping=[0, 1]), L("UpSampling1D", size=2),
    L("MaxPooling1D", pool_size=[3], strides=[2], padding="same"),
    L("AveragePooling1D", pool_size=[2], padding="same"),
    L("Conv1DTranspose", K(3, 4, 5), K(4), filters=4, kernel_size=[3], strides=[2], padding="same"),
    L("SpatialDropout1D", rate=0.1), L("GlobalMaxPooling1D")))
both(chain("three dimensions", [5, 6, 7, 2],
    L("Conv3D", K(2, 3, 3, 2, 4), K(4), filters=4, kernel_size=[2, 3, 3], padding="same", activation="elu"),
    L("ZeroPadding3D", padding=[[1, 0], [0, 1], [1, 1]]), L("Cropping3D", cropping=[[0, 1], [1, 0], [0, 0]]),
    L("MaxPooling3D", pool_size=[2, 2, 2], padding="same"), L("UpSampling3D", size=[1, 2, 2]),
    L("AveragePooling3D", pool_size=[2, 2, 2]),
    L("Conv3DTranspose", K(2, 2, 2, 3, 4), K(3), filters=3, kernel_size=[2, 2, 2], strides=[2, 2, 2]),
    L("GlobalAveragePooling3D")))
for padding in ["valid", "same"]:
    for size, strides, extra in [(3, 2, None), (2, 3, None), (4, 2, None), (3, 2, 1), (3, 1, None)]:
        config = {"output_padding": [extra, extra]} if extra is not None else {}
        both(chain(f"transposed {padding} {size} {strides} {extra}", [4, 5, 2],
            L("Conv2DTranspose", K(size, size, 3, 2), K(3), filters=3, kernel_size=[size, size], strides=[strides, strides], padding=padding, **config)))
both(chain("dilated transposed", [4, 5, 2],
    L("Conv2DTranspose", K(3, 3, 3, 2), filters=3, kernel_size=[3, 3], dilation_rate=[2, 2], use_bias=False)))
both(chain("pools", [7, 8, 3],
    L("AveragePooling2D", pool_size=[3, 3], strides=[2, 2], padding="same"),
    L("MaxPooling2D", pool_size=[2, 3], strides=[1, 2], padding="same"), L("GlobalAveragePooling2D")))
both(chain("borders", [5, 6, 2],
    L("ZeroPadding2D", padding=[[1, 2], [0, 3]]), L("Cropping2D", cropping=[[1, 0], [2, 1]]), L("ZeroPadding2D", padding=1),
    L("UpSampling2D", size=[2, 3], interpolation="bilinear"), L("UpSampling2D", size=[1, 2])))
both(chain("resizing bilinear", [5, 6, 2], L("Resizing", height=7, width=9, interpolation="bilinear")))
both(chain("channels first", [3, 6, 8],
    L("Conv2D", K(3, 3, 3, 4), K(4), filters=4, kernel_size=[3, 3], data_format="channels_first"),
    L("BatchNormalization", positive(4), K(4), K(4), positive(4), axis=[1]),
    L("MaxPooling2D", pool_size=[2, 2], data_format="channels_first"),
    L("GlobalMaxPooling2D", data_format="channels_first", keepdims=True),
    L("Flatten", data_format="channels_first")))
both(chain("flatten channels first", [3, 4, 2], L("Flatten", data_format="channels_first")))
both(chain("normalisations", [4, 5, 6],
    L("Rescaling", scale=0.5, offset=-0.1),
    L("BatchNormalization", positive(6), K(6), K(6), positive(6), axis=[3], epsilon=0.01),
    L("BatchNormalization", K(6), positive(6), axis=-1, scale=False, center=False),
    L("LayerNormalization", positive(6), K(6), axis=[-1]),
    L("LayerNormalization", positive(5, 6), axis=[2, 3], center=False, epsilon=1e-5),
    L("Normalization", K(6), positive(6), np.int64(4), axis=[-1])))
both(chain("given statistics", [3], L("Normalization", axis=[-1], mean=[0.5, 1.0, -1.0], variance=[1.0, 2.0, 4.0]),
    L("Rescaling", scale=[1.0, 2.0, 3.0], offset=[0.0, 1.0, 0.5])))
both(chain("normalised rows", [6], L("BatchNormalization", positive(6), K(6), K(6), positive(6), axis=[1])))
both(chain("rectifiers", [4, 3, 2],
    L("LeakyReLU", alpha=0.1), L("PReLU", K(1, 1, 2), shared_axes=[1, 2]), L("PReLU", K(4, 3, 2)),
    L("ReLU", max_value=1.5, negative_slope=0.1, threshold=0.2), L("ELU", alpha=0.7),
    L("ReLU", max_value=None, negative_slope=0.2, threshold=0.0), L("ThresholdedReLU", theta=0.1), L("Softmax", axis=-1)))
both(chain("slopes on images", [6, 6, 2],
    L("Conv2D", K(3, 3, 2, 3), K(3), filters=3, kernel_size=[3, 3]), L("PReLU", K(4, 4, 3)),
    L("LeakyReLU"), L("ReLU", max_value=6.0), L("Softmax", axis=-1), L("Softmax", axis=1)))
both(chain("shapes", [4, 3, 2],
    L("Permute", dims=[3, 1, 2]), L("Reshape", target_shape=[-1, 6]), L("Dense", K(6, 4), K(4), units=4, activation="relu"),
    L("Flatten"), L("RepeatVector", n=3), L("Flatten"), L("Dense", K(48, 2), units=2, use_bias=False)))
both(chain("image to rows", [6, 5, 2],
    L("Conv2D", K(3, 3, 2, 3), K(3), filters=3, kernel_size=[3, 3]), L("Reshape", target_shape=[12, 3]),
    L("Permute", dims=[2, 1]), L("Dense", K(12, 2), K(2), units=2)))
both(Model("embedded", [("words", [4])], [L("Embedding", K(9, 3), input_dim=9, output_dim=3), L("GlobalAveragePooling1D")], sequential=True),
    random.randint(0, 9, (2, 4)).astype(np.float32))

conv_ = lambda name, into, out, **c: Layer("Conv2D", name, [K(3, 3, into, out), K(out)], ["kernel", "bias"], filters=out, kernel_size=[3, 3], padding="same", **c)
both(Model("merges", [("left", [5, 4, 3]), ("right", [5, 4, 3])], [
    used(conv_("a", 3, 4), ["left"]), used(conv_("b", 3, 4), ["right"]),
    used(Layer("Add", "add"), ["a", "b"]), used(Layer("Subtract", "sub"), ["a", "b"]),
    used(Layer("Multiply", "mul"), ["add", "sub"]), used(Layer("Average", "avg"), ["a", "b", "mul"]),
    used(Layer("Maximum", "max"), ["a", "avg"]), used(Layer("Minimum", "min"), ["b", "avg"]),
    used(Layer("Concatenate", "cat", axis=-1), ["max", "min"]), used(Layer("Concatenate", "tall", axis=1), ["cat", "cat"]),
], outputs=[("tall", 0), ("mul", 0)]))
both(Model("squeeze and excite", [("image", [6, 6, 3])], [
    used(conv_("conv", 3, 4), ["image"]), used(Layer("GlobalAveragePooling2D", "pool"), ["conv"]),
    used(Layer("Dense", "gate", [K(4, 4), K(4)], ["kernel", "bias"], units=4, activation="sigmoid"), ["pool"]),
    used(Layer("Reshape", "as_image", target_shape=[1, 1, 4]), ["gate"]),
    used(Layer("Multiply", "scaled"), ["conv", "as_image"]),
]))
both(Model("shared", [("one", [3]), ("two", [3])], [
    used(Layer("Dense", "twice", [K(3, 3), K(3)], ["kernel", "bias"], units=3, activation="relu"), ["one"], ["two"], [("twice", 0)]),
    used(Layer("Concatenate", "cat"), [("twice", 1), ("twice", 2)]),
]))
encoder = Model("encoder", [("patch", [6, 6, 1])], [conv_("inner_conv", 1, 2, activation="relu"),
    Layer("BatchNormalization", "inner_bn", [positive(2), K(2), K(2), positive(2)], ["gamma", "beta", "moving_mean", "moving_variance"], axis=[3])])
head = Model("head", [("features", [2])], [Layer("Dense", "inner_dense", [K(2, 2), K(2)], ["kernel", "bias"], units=2)], sequential=True)
both(Model("nested", [("first", [6, 6, 1]), ("second", [6, 6, 1])], [
    used(Layer("Functional", "encoder", model=encoder), ["first"], ["second"]),
    used(Layer("Add", "both"), [("encoder", 0), ("encoder", 1)]),
    used(Layer("GlobalMaxPooling2D", "pooled"), ["both"]),
    used(Layer("Sequential", "head", model=head), ["pooled"]),
]))

# Keras 1: the list of layers is the configuration, and fields have other names.
old = chain("Keras 1", [6, 6, 1],
    L("Conv2D", K(3, 2, 1, 4), K(4), filters=4, kernel_size=[3, 2], activation="relu"),
    L("MaxPooling2D", pool_size=[2, 2], strides=[2, 2]), L("Flatten"), L("Dense", K(16, 2), K(2), units=2))
names = [layer.name for layer in old.layers]
listed = [
    {"class_name": "Convolution2D", "config": {"name": names[0], "batch_input_shape": [None, 6, 6, 1], "nb_filter": 4, "nb_row": 3,
        "nb_col": 2, "border_mode": "valid", "subsample": [1, 1], "dim_ordering": "tf", "activation": "relu", "bias": True}},
    {"class_name": "MaxPooling2D", "config": {"name": names[1], "pool_size": [2, 2], "strides": [2, 2], "border_mode": "valid", "dim_ordering": "tf"}},
    {"class_name": "Flatten", "config": {"name": names[2]}},
    {"class_name": "Dense", "config": {"name": names[3], "output_dim": 2, "activation": "linear", "bias": True}},
]
keep("Keras 1", write_h5(old, "1.2.2", "Sequential", listed), old, 1, [K(2, 6, 6, 1)])

versions = {"torch": torch.__version__, "numpy": np.__version__, "h5py": h5py.__version__}
path = pathlib.Path(__file__).with_name("keras-models.json")
path.write_text(json.dumps({"versions": versions, "cases": cases}, separators=(",", ":")))
