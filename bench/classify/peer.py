"""The other side of bench/classify.ts: PyTorch with torchvision's transforms and a DataLoader.

peer.py epochs FOLDER CASE WORKERS EPOCHS: trains and prints when each epoch ended.
peer.py weights FILE CASE: writes drawn weights.
peer.py predict FOLDER CASE WORKERS WEIGHTS: prints a table of probabilities.
CASE is JSON with model, side, batch.
"""
import csv
import json
import sys
import time

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, models, transforms as T

CLASSES = 6
THREADS = 2


def cnn(side):
    inner = ((side - 2) // 2 - 2) // 2
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(64 * inner * inner, 128), nn.ReLU(), nn.Linear(128, CLASSES),
    )


def compact(side):
    blocks = []
    into = 32
    for out in [32, 64, 128, 256]:
        shortcut = nn.Sequential(nn.Conv2d(into, out, 1, 2, bias=False), nn.BatchNorm2d(out))
        blocks.append(models.resnet.BasicBlock(into, out, 2, shortcut))
        into = out
    return nn.Sequential(
        nn.Conv2d(1, 32, 5, 2, 2, bias=False), nn.BatchNorm2d(32), nn.ReLU(), *blocks,
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(256, CLASSES),
    )


def resnet18(side):
    model = models.resnet18(num_classes=CLASSES)
    model.conv1 = nn.Conv2d(1, 64, 7, 2, 3, bias=False)
    return model


def build(case):
    torch.manual_seed(0)
    return {"cnn": cnn, "compact": compact, "resnet18": resnet18}[case["model"]](case["side"])


def steps(side, augment):
    """Sizes and random changes as bench/classify/ours.js has them, by torchvision."""
    changes = [
        T.RandomApply([T.RandomAffine(12, (0.06, 0.06), (0.85, 1.18), interpolation=T.InterpolationMode.BILINEAR)], 0.8),
        T.RandomApply([T.ColorJitter(brightness=(0.8, 1.25))], 0.4),
        T.RandomApply([T.ColorJitter(contrast=(0.75, 1.3))], 0.4),
    ] if augment else []
    return T.Compose([T.Grayscale(), T.Resize((side, side)), *changes, T.ToTensor(), T.Normalize([0.3], [0.25])])


def epochs(folder, case, workers, count):
    imported = time.time() * 1e3
    data = datasets.ImageFolder(folder, steps(case["side"], True))
    loader = DataLoader(data, case["batch"], shuffle=True, num_workers=workers, persistent_workers=workers > 0)
    model = build(case).train()
    optimiser = torch.optim.AdamW(model.parameters(), 1e-3, weight_decay=0.02)
    loss_of = nn.CrossEntropyLoss()
    ended, losses = [], []
    for _ in range(count):
        total = 0.0
        for inputs, targets in loader:
            optimiser.zero_grad(set_to_none=True)
            loss = loss_of(model(inputs), targets)
            loss.backward()
            optimiser.step()
            total += loss.item() * len(targets)
        ended.append(time.time() * 1e3)
        losses.append(total / len(data))
    parameters = sum(one.numel() for one in model.parameters())
    print(json.dumps({"importedAt": imported, "ended": ended, "losses": losses, "images": len(data),
                      "parameters": parameters}))


def predict(folder, case, workers, weights):
    data = datasets.ImageFolder(folder, steps(case["side"], False))
    loader = DataLoader(data, 64, num_workers=workers)
    model = build(case)
    model.load_state_dict(torch.load(weights))
    model.eval()
    table = csv.writer(sys.stdout)
    table.writerow(["path", "predicted", *data.classes])
    at = 0
    with torch.inference_mode():
        for inputs, _ in loader:
            for row in model(inputs).softmax(1).tolist():
                table.writerow([data.samples[at][0], data.classes[row.index(max(row))], *row])
                at += 1


torch.set_num_threads(THREADS)
part, path = sys.argv[1:3]
case = json.loads(sys.argv[3])
if part == "epochs":
    epochs(path, case, int(sys.argv[4]), int(sys.argv[5]))
elif part == "weights":
    torch.save(build(case).state_dict(), path)
else:
    predict(path, case, int(sys.argv[4]), sys.argv[5])
