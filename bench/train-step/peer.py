"""One side of bench/train-step.ts: times training steps of a network with PyTorch and prints them as JSON."""
import json
import math
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

name, steps, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)


def tutorial():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(57600, 128), nn.ReLU(), nn.Linear(128, 1),
    )


class Basic(nn.Module):
    def __init__(self, into, out, stride):
        super().__init__()
        self.a, self.na = nn.Conv2d(into, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out)
        self.b, self.nb = nn.Conv2d(out, out, 3, 1, 1, bias=False), nn.BatchNorm2d(out)
        self.same = stride == 1 and into == out
        if not self.same:
            self.c, self.nc = nn.Conv2d(into, out, 1, stride, bias=False), nn.BatchNorm2d(out)

    def forward(self, x):
        y = self.nb(self.b(F.relu(self.na(self.a(x)))))
        return F.relu(y + (x if self.same else self.nc(self.c(x))))


def resnet18():
    layers = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    into = 64
    for stage, out in enumerate([64, 128, 256, 512]):
        layers += [Basic(into, out, 1 if stage == 0 else 2), Basic(out, out, 1)]
        into = out
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 1000))


class Double(nn.Sequential):
    def __init__(self, into, out):
        super().__init__(
            nn.Conv3d(into, out, 3, padding=1), nn.InstanceNorm3d(out, affine=True), nn.ReLU(),
            nn.Conv3d(out, out, 3, padding=1), nn.InstanceNorm3d(out, affine=True), nn.ReLU(),
        )


class UNet3d(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.ModuleList([Double(1, 16), Double(16, 32), Double(32, 64)])
        self.middle = Double(64, 128)
        self.ups = nn.ModuleList([nn.ConvTranspose3d(2 * f, f, 2, 2) for f in [64, 32, 16]])
        self.up = nn.ModuleList([Double(2 * f, f) for f in [64, 32, 16]])
        self.head = nn.Conv3d(16, 3, 1)

    def forward(self, x):
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
            x = F.max_pool3d(x, 2)
        x = self.middle(x)
        for up, block in zip(self.ups, self.up):
            x = block(torch.cat([up(x), skips.pop()], 1))
        return self.head(x)


torch.manual_seed(0)
shape, classes, model = {
    "tutorial": ((32, 1, 128, 128), 1, tutorial),
    "resnet-18": ((8, 3, 224, 224), 1000, resnet18),
    "unet-3d": ((1, 1, 64, 64, 64), 3, UNet3d),
}[name]
model = model()
count = math.prod(shape)
x = torch.sin(torch.arange(count, dtype=torch.float32) * 0.7).reshape(shape)
if classes == 1:
    target = (torch.arange(shape[0]) % 2).float()[:, None]
    loss_of = nn.BCEWithLogitsLoss()
else:
    size = (shape[0],) if len(shape) == 4 else (shape[0], *shape[2:])
    target = ((torch.arange(math.prod(size)) * 7) % classes).reshape(size)
    loss_of = nn.CrossEntropyLoss()
optimiser = torch.optim.Adam(model.parameters(), 1e-4)


def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


before = peak()
with open("/proc/self/clear_refs", "w") as refs:
    refs.write("5")
times, losses, early = [], [], 0
for at in range(steps):
    start = time.perf_counter()
    optimiser.zero_grad()
    loss = loss_of(model(x), target)
    loss.backward()
    optimiser.step()
    losses.append(loss.item())
    times.append((time.perf_counter() - start) * 1e3)
    if at == 9:
        early = peak()
print(json.dumps({"times": times, "losses": losses, "before": before, "early": early, "bytes": peak(),
                  "version": torch.__version__}))
