"""Weights by a rule that test/networks/architectures/generated-weights.ts has too, so that none need be stored.

Element i of a tensor is v = mix(i · 0x9e3779b9 + key) / 2^31 - 1, with the finaliser of MurmurHash3 and FNV-1a of the
tensor's name as key. What the tensor is for scales it so that activations neither vanish nor explode.
"""

import hashlib
import json
import math
import sys

import numpy as np
import torch


def uniform(name, count):
    key = 0x811C9DC5
    for byte in name.encode():
        key = ((key ^ byte) * 0x01000193) & 0xFFFFFFFF
    with np.errstate(over="ignore"):
        h = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9) + np.uint32(key)
        h = (h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B)
        h = (h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return (h ^ (h >> np.uint32(16))) / 2.0**31 - 1


def generated(name, shape, gain=2):
    """In float32, as networks hold it. The gain makes up for what activations take from the variance."""
    count = int(np.prod(shape, dtype=np.int64))
    centre, half = range_of(name, shape, gain)
    return torch.tensor((centre + half * uniform(name, count)).astype(np.float32).reshape(shape))


def range_of(name, shape, gain):
    part = name.split(".")[-1]
    if part in ("bias", "running_mean", "mean"):
        return 0, 0.1
    if part in ("running_var", "variance"):
        return 1, 0.25
    if part == "layer_scale":
        return 0.5, 0.25
    if part != "weight":
        return 0, 0.5
    if len(shape) == 1:
        return 1, 0.25
    fan_in = int(np.prod(shape[1:], dtype=np.int64))
    return 0, math.sqrt(3 * (gain if len(shape) > 2 else 1) / fan_in)


def fill(model, gain=2):
    """Gives a torch module its generated weights; counters of batches stay."""
    state = {
        name: generated(name, tuple(tensor.shape), gain)
        for name, tensor in model.state_dict().items()
        if tensor.dtype.is_floating_point
    }
    model.load_state_dict(state, strict=False)
    return model


def images(size, amplitude=2):
    """Two that differ, in float64."""
    return generated("input", [2, *size]).double() * (2 * amplitude)


def described(y):
    """Outputs for the two images to seven digits, one after the other."""
    print(f"largest {y.abs().max():.4g}, difference between the images {(y[0] - y[1]).abs().max():.4g}", flush=True)
    return [float(f"{value:.7g}") for value in y.flatten().tolist()]


def write(path, cases, versions):
    """Writes the cases (name, input, how it is made) of networks that the command line names, or all, among those there are."""
    known = json.loads(path.read_text())["cases"] if path.exists() else []
    kept = {(one["architecture"], *one["input"]): one for one in known}
    for name, size, make in cases:
        if len(sys.argv) == 1 or name in sys.argv[1:]:
            print(name, size, end=": ", flush=True)
            kept[name, *size] = make()
            ordered = [kept[name, *size] for name, size, _ in cases if (name, *size) in kept]
            path.write_text(json.dumps({"versions": versions, "cases": ordered}) + "\n")


def layout(model):
    """Number, elements and a hash of the names and shapes of all weights."""
    tensors = {
        name: tuple(tensor.shape) for name, tensor in model.state_dict().items() if tensor.dtype.is_floating_point
    }
    lines = sorted(f"{name} [{', '.join(map(str, shape))}]" for name, shape in tensors.items())
    return {
        "tensors": len(lines),
        "elements": sum(int(np.prod(shape, dtype=np.int64)) for shape in tensors.values()),
        "sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
    }
