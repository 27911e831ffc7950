"""Outputs of layers by PyTorch, in float64 and inference.

Writes layers.json beside this file: for each case the layer and its options (or the list of arguments), the inputs, the
parameters by our names, and the output.
"""

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

torch.set_default_dtype(torch.float64)
torch.manual_seed(11)
cases = []


def values(*shape):
    return torch.tensor(np.round(torch.randn(*shape).numpy(), 4))


def tensor_of(tensor):
    data = [float(f"{value:.7g}") for value in tensor.detach().flatten().tolist()]
    return {"shape": list(tensor.shape), "data": data}


def add(layer, arguments, inputs, output, parameters=None):
    cases.append(
        {
            "layer": layer,
            "arguments": arguments,
            "inputs": [tensor_of(x) for x in inputs],
            "parameters": {name: tensor_of(value) for name, value in (parameters or {}).items()},
            "output": tensor_of(output),
        }
    )


def module(layer, arguments, x, made, names=None):
    """A case of a torch module whose parameters get values of four digits; running variances stay positive."""
    names = names or {"weight": "weight", "bias": "bias", "running_mean": "running_mean", "running_var": "running_var"}
    state = {name: values(*tensor.shape) for name, tensor in made.state_dict().items() if tensor.dim() > 0}
    for name in state:
        if name == "running_var":
            state[name] = state[name].abs() + 0.5
    made.load_state_dict(state, strict=False)
    output = made.eval()(x)
    output = output[0] if isinstance(output, tuple) else output
    add(layer, arguments, [x], output, {names[name]: value for name, value in state.items()})


def same_padded(x, kernel, stride, dilation=1, value=0.0):
    """Zeros so that the size is divided by the stride and rounded up, the odd one after, as TensorFlow has it."""
    pads = []
    for length in reversed(x.shape[2:]):
        total = max(0, (-(-length // stride) - 1) * stride + (kernel - 1) * dilation + 1 - length)
        pads += [total // 2, total - total // 2]
    return F.pad(x, pads, value=value)


def as_channels(numbers):
    return torch.as_tensor(numbers, dtype=torch.float64).view(-1, 1, 1)


CONVOLUTIONS = {1: (nn.Conv1d, (9,)), 2: (nn.Conv2d, (5, 6)), 3: (nn.Conv3d, (3, 4, 5))}
TRANSPOSED = {1: nn.ConvTranspose1d, 2: nn.ConvTranspose2d, 3: nn.ConvTranspose3d}
NORMS = {1: nn.BatchNorm1d, 2: nn.BatchNorm2d, 3: nn.BatchNorm3d}

for axes, (convolution, size) in CONVOLUTIONS.items():
    x = values(2, 4, *size)
    for ours, theirs in [
        ({}, {}),
        ({"stride": 2, "padding": 1}, {"stride": 2, "padding": 1}),
        ({"padding": "same", "dilation": 2}, {"padding": "same", "dilation": 2}),
        ({"groups": 2, "bias": False}, {"groups": 2, "bias": False}),
        ({"groups": 4, "padding": "same"}, {"groups": 4, "padding": "same"}),
    ]:
        module("convolution", [{"filters": 4, "kernel": 3, **ours}], x, convolution(4, 4, 3, **theirs))
    for stride in [2, 3]:
        weight, bias = values(3, 4, *[3] * axes), values(3)
        padded = same_padded(x, 3, stride)
        output = getattr(F, f"conv{axes}d")(padded, weight, bias, stride=stride)
        options = {"filters": 3, "kernel": 3, "stride": stride, "padding": "same"}
        add("convolution", [options], [x], output, {"weight": weight, "bias": bias})
    for ours, theirs in [
        ({"kernel": 2, "stride": 2}, {}),
        ({"kernel": 3, "stride": 2, "padding": 1, "outputPadding": 1}, {"padding": 1, "output_padding": 1}),
    ]:
        made = TRANSPOSED[axes](4, 3, ours["kernel"], stride=2, **theirs)
        module("transposedConvolution", [{"filters": 3, **ours}], x, made)
    module("batchNormalisation", [{}], x, NORMS[axes](4))
    instance = nn.GroupNorm(4, 4)
    module("instanceNormalisation", [{}], x, instance)
    module("groupNormalisation", [{"groups": 2, "epsilon": 1e-3}], x, nn.GroupNorm(2, 4, eps=1e-3))
    x = x[:1, :2]
    pool = {kind: getattr(F, f"{kind}_pool{axes}d") for kind in ["max", "avg"]}
    add("maxPool", [{}], [x], pool["max"](x, 2))
    add("maxPool", [{"size": 3, "stride": 2, "padding": 1}], [x], pool["max"](x, 3, 2, 1))
    same = same_padded(x, 3, 2, value=-torch.inf)
    add("maxPool", [{"size": 3, "stride": 2, "padding": "same"}], [x], pool["max"](same, 3, 2))
    add("averagePool", [{}], [x], pool["avg"](x, 2))
    add("averagePool", [{"size": 3, "stride": 2, "padding": 1}], [x], pool["avg"](x, 3, 2, 1, count_include_pad=False))
    add("globalAveragePool", [{}], [x], x.flatten(2).mean(2))
    add("globalMaxPool", [{}], [x], x.flatten(2).amax(2))
    adaptive = getattr(F, f"adaptive_avg_pool{axes}d")
    add("adaptiveAveragePool", [{"size": 3}], [x], adaptive(x, 3))
    add("adaptiveAveragePool", [{"size": 7}], [x], adaptive(x, 7))
    add("upsample", [{}], [x], F.interpolate(x, scale_factor=2, mode="nearest"))
    linear = {1: "linear", 2: "bilinear", 3: "trilinear"}[axes]
    add("upsample", [{"interpolation": "linear"}], [x], F.interpolate(x, scale_factor=2, mode=linear))
    add("zeroPad", [1], [x], F.pad(x, [1, 1] * axes))
    add("dropout", [0.5], [x], x)
    add("flatten", [{}], [x], x.flatten(1))

x = values(2, 4, 7, 8)
weight, bias = values(3, 4, 3, 5), values(3)
output = F.conv2d(x, weight, bias, stride=(2, 1), padding=(0, 2))
options = {"filters": 3, "kernel": [3, 5], "stride": [2, 1], "padding": [0, 2]}
add("convolution", [options], [x], output, {"weight": weight, "bias": bias})
add("upsample", [{"factor": [2, 3]}], [x], F.interpolate(x, scale_factor=(2, 3), mode="nearest"))
add("zeroPad", [[1, 2]], [x], F.pad(x, [2, 2, 1, 1]))
add("permute", [[2, 3, 1]], [x], x.permute(0, 2, 3, 1))
add("reshape", [[8, -1]], [x], x.reshape(2, 8, -1))
y = values(2, 4, 7, 8)
add("add", [{}], [x, y], x + y)
add("multiply", [{}], [x, y], x * y)
gate = values(2, 4, 1, 1)
add("multiply", [{}], [x, gate], x * gate)
add("concatenate", [{}], [x, y], torch.cat([x, y], 1))
add("concatenate", [{"axis": 3}], [x, y], torch.cat([x, y], 3))

module("dense", [{"units": 5}], values(3, 6), nn.Linear(6, 5))
module("dense", [{"units": 5, "bias": False}], values(3, 6), nn.Linear(6, 5, bias=False))
module("dense", [{"units": 5}], values(2, 4, 6), nn.Linear(6, 5))
module("layerNormalisation", [{}], values(2, 4, 6), nn.LayerNorm(6))

attention = nn.MultiheadAttention(8, 2, batch_first=True)
state = {name: values(*tensor.shape) for name, tensor in attention.state_dict().items()}
attention.load_state_dict(state)
x = values(2, 5, 8)
output = attention.eval()(x, x, x)[0]
add("selfAttention", [{"heads": 2}], [x], output, state)
timm = {"in_proj_weight": "qkv.weight", "in_proj_bias": "qkv.bias", "out_proj.weight": "proj.weight", "out_proj.bias": "proj.bias"}
renamed = {timm[name]: value for name, value in state.items()}
add("selfAttention", [{"heads": 2, "naming": "timm"}], [x], output, renamed)

ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": F.relu,
    "relu6": F.relu6,
    "leaky-relu": F.leaky_relu,
    "elu": F.elu,
    "selu": F.selu,
    "gelu": F.gelu,
    "gelu-tanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
    "hard-swish": F.hardswish,
    "hard-sigmoid": F.hardsigmoid,
    "mish": F.mish,
    "softplus": F.softplus,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softmax": lambda x: torch.softmax(x, 1),
}
for name, function in ACTIVATIONS.items():
    x = 4 * values(2, 3, 4)
    add("activation", [name], [x], function(x))

x, weight, bias = values(2, 4, 3, 5), values(4), values(4)
output = F.layer_norm(x.permute(0, 2, 3, 1), [4], weight, bias, 1e-6).permute(0, 3, 1, 2)
options = {"over": "channels", "epsilon": 1e-6}
add("layerNormalisation", [options], [x], output, {"weight": weight, "bias": bias})
add("stochasticDepth", [0.5], [x], x)
add("globalAveragePool", [{"keepAxes": True}], [x], x.mean((2, 3), keepdim=True))
factor, offset = [2, -1, 0.5, 3], [1, 0, -2, 0.25]
add("rescale", [{"factor": factor, "offset": offset}], [x], x * as_channels(factor) + as_channels(offset))
add("rescale", [{"factor": [3]}], [x], 3 * x)
mean, variance = values(4), values(4).abs() + 0.5
output = (x - as_channels(mean)) / as_channels(variance).sqrt()
names = {"mean": mean, "variance": variance}
add("standardise", [{"mean": [0] * 4, "variance": [1] * 4}], [x], output, names)
scale = values(4, 1, 1)
add("layerScale", [{}], [x], scale * x, {"layer_scale": scale})
x, token, positions = values(2, 4, 6), values(1, 1, 6), values(1, 4, 6)
add("classToken", [{}], [x], torch.cat([token.expand(2, -1, -1), x], 1), {"": token})
add("positionEmbedding", [{}], [x], x + positions, {"": positions})
add("tokenPool", [{"of": "token"}], [x], x[:, 0])
add("tokenPool", [{"of": "average"}], [x], x[:, 1:].mean(1))
add("tokenPool", [{"of": "max"}], [x], x[:, 1:].amax(1))

text = json.dumps({"versions": {"torch": torch.__version__}, "cases": cases})
Path(__file__).with_name("layers.json").write_text(text + "\n")
print(len(cases), "cases")
