# Makes pytorch-files.json: files of torch.save with what their tensors hold. Run with PyTorch 1.13 and NumPy 1.24
# (Debian 12: python3-torch, python3-numpy): python3 make-pytorch-files.py
# The files are made anew with other times in their archives, but hold the same.
import base64
import collections
import io
import json
import pathlib
import sys
import types

import numpy as np
import torch

torch.manual_seed(1)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.features = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2))
        self.head = torch.nn.Linear(2, 3)

    def forward(self, x):
        return self.head(self.features(x).mean((2, 3)))


Net.__module__ = "a_package_that_is_not_here"
net = Net()
base = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
net(torch.randn(2, 1, 5, 5)).sum().backward()
optimizer.step()

kinds = collections.OrderedDict(
    double=torch.tensor([0.1, -1e300], dtype=torch.float64),
    float=torch.tensor([0.1, -1e30], dtype=torch.float32),
    half=torch.tensor([0.1, -65504.0, 6e-8], dtype=torch.float16),
    bfloat=torch.tensor([0.1, -3e38, 1.0], dtype=torch.bfloat16),
    long=torch.tensor([2**62, -1]),
    int=torch.tensor([2**31 - 1, -(2**31)], dtype=torch.int32),
    short=torch.tensor([-32768, 7], dtype=torch.int16),
    char=torch.tensor([-128, 127], dtype=torch.int8),
    byte=torch.tensor([0, 255], dtype=torch.uint8),
    bool=torch.tensor([True, False]),
    complex=torch.tensor([1 + 2j, -3j]),
    scalar=torch.tensor(3.5),
    empty=torch.zeros(0, 4),
)
views = collections.OrderedDict(
    whole=base,
    transposed=base.permute(2, 0, 1),
    row=base[1],
    every_other=base[:, ::2, 1::2],
    expanded=torch.tensor([1.0, 2.0]).expand(3, 2),
    same=base,
)
checkpoint = {
    "epoch": 12,
    "arch": "net",
    "best": np.float64(0.875),
    "state_dict": net.state_dict(),
    "optimizer": optimizer.state_dict(),
    "history": np.arange(6, dtype=">i4").reshape(2, 3),
    "fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "mask": np.array([True, False]),
}
samples = {
    "kinds": kinds,
    "views": views,
    "state": net.state_dict(),
    "checkpoint": checkpoint,
    "module": net,
    "parameter": {"p": torch.nn.Parameter(torch.tensor([1.0, 2.0]))},
    "quantised": {"q": torch.quantize_per_tensor(torch.tensor([1.0, 2.0]), 0.1, 0, torch.qint8)},
    "quantised_beside": {"a": torch.ones(2), "s": torch.eye(2).to_sparse()},
}


def described(value, path, found):
    if isinstance(value, torch.nn.Module):
        value = value.state_dict()
    if isinstance(value, np.ndarray):
        value = torch.from_numpy(value.astype(value.dtype.newbyteorder("=")))
    if isinstance(value, torch.Tensor):
        if value.is_quantized or value.is_sparse:
            return
        numbers = value.detach()
        if numbers.is_complex():
            numbers = torch.view_as_real(numbers)
        numbers = numbers.contiguous().flatten()
        texts = [repr(n) for n in (numbers.double() if numbers.is_floating_point() else numbers).tolist()]
        name = str(value.dtype).replace("torch.", "")
        found[".".join(path)] = {"type": name, "shape": list(value.shape), "values": texts}
    elif isinstance(value, dict):
        for key, item in value.items():
            described(item, [*path, str(key)], found)
    elif isinstance(value, (list, tuple)):
        for at, item in enumerate(value):
            described(item, [*path, str(at)], found)


files = {}
for name, value in samples.items():
    expected = {}
    described(value, [], expected)
    for kind, options in {
        "zip": {},
        "legacy": {"_use_new_zipfile_serialization": False},
        "protocol4": {"pickle_protocol": 4},
    }.items():
        if kind == "legacy" and "quantised" in name:
            continue
        buffer = io.BytesIO()
        # A module's class is pickled by name, which has to be importable for as long.
        package = types.ModuleType(Net.__module__)
        package.Net = Net
        sys.modules[Net.__module__] = package
        torch.save(value, buffer, **options)
        files[f"{name}.{kind}"] = {
            "base64": base64.b64encode(buffer.getvalue()).decode(),
            "tensors": expected,
        }

script, expected = io.BytesIO(), {}
scripted = torch.jit.script(torch.nn.Sequential(torch.nn.Linear(2, 1)))
torch.jit.save(scripted, script)
described(scripted, [], expected)
files["script.zip"] = {
    "base64": base64.b64encode(script.getvalue()).decode(),
    "tensors": expected,
}

path = pathlib.Path(__file__).with_name("pytorch-files.json")
path.write_text(json.dumps({"torch": torch.__version__, "files": files}, indent=1))
