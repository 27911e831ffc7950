"""Which directions of a network's features Mahalanobis' distance needs: the table in docs/correctness.md.

Run: /usr/bin/python3 measure-directions.py   (reads MedNIST from shared/data beside the checkout; prints)

A small network is taught five classes of MedNIST; areas under the ROC curve tell images of the sixth class, and
test images that were altered, from test images that were not. Once with each of two classes held out.
"""

import os
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from sklearn.covariance import LedoitWolf
from sklearn.metrics import roc_auc_score

ROOT = Path(__file__).resolve().parents[4] / "shared/data/mednist"
WIDTH, TRAIN, EPOCHS = 512, 350, 4
torch.manual_seed(0)
torch.set_num_threads(1)
rng = np.random.default_rng(0)


def read(name):
    files = sorted(os.listdir(ROOT / name))
    chosen = [files[i] for i in rng.permutation(len(files))[:700]]
    pictures = [Image.open(ROOT / name / f).convert("L").resize((32, 32)) for f in chosen]
    return np.stack([np.asarray(p, dtype=np.float32) / 255 for p in pictures])


def block(channels, width):
    conv = torch.nn.Conv2d(channels, width, 3, padding=1)
    return [conv, torch.nn.BatchNorm2d(width), torch.nn.ReLU()]


def teach(images, labels):
    pool = [torch.nn.MaxPool2d(2)]
    end = [torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten()]
    net = torch.nn.Sequential(*block(1, 32), *pool, *block(32, 64), *pool, *block(64, WIDTH), *end)
    head = torch.nn.Linear(WIDTH, 5)
    optimiser = torch.optim.Adam([*net.parameters(), *head.parameters()], 1e-3)
    for _ in range(EPOCHS):
        order = rng.permutation(len(images))
        for start in range(0, len(images), 64):
            rows = order[start : start + 64]
            logits = head(net(torch.tensor(images[rows])[:, None]))
            loss = torch.nn.functional.cross_entropy(logits, torch.tensor(labels[rows]))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return net.eval(), head


def features(net, images):
    parts = [np.ascontiguousarray(images[i : i + 256]) for i in range(0, len(images), 256)]
    with torch.no_grad():
        return np.concatenate([net(torch.tensor(p)[:, None]).numpy() for p in parts]).astype(float)


def scorers(train, labels, head):
    means = np.stack([train[labels == c].mean(axis=0) for c in range(5)])
    within = LedoitWolf(assume_centered=True).fit(train - means[labels])
    every = LedoitWolf().fit(train)
    values, vectors = np.linalg.eigh(within.covariance_)
    values, vectors = values[::-1], vectors[:, ::-1]
    print("  shrinkage", within.shrinkage_)

    def principal(x, k, rest):
        distances = []
        for mean in means:
            d = x - mean
            q = d @ vectors[:, :k]
            own = (q**2 / values[:k]).sum(axis=1)
            left = ((d**2).sum(axis=1) - (q**2).sum(axis=1)) / values[k:].mean() if rest else 0
            distances.append(own + left)
        return np.min(distances, axis=0)

    def unsure(x):
        with torch.no_grad():
            return -torch.softmax(head(torch.tensor(x).float()), 1).max(1)[0].numpy()

    everything = lambda x: principal(x, WIDTH, False)
    yield "all", everything
    yield "relative", lambda x: everything(x) - every.mahalanobis(x)
    for k in (16, 32, 64, 128, 256):
        yield f"{k}", lambda x, k=k: principal(x, k, False)
        yield f"{k} and rest", lambda x, k=k: principal(x, k, True)
    yield "greatest probability", unsure


pictures = {name: read(name) for name in sorted(os.listdir(ROOT)) if (ROOT / name).is_dir()}
names = list(pictures)
for out in (names[3], names[0]):
    print(out, "held out", flush=True)
    usual = [name for name in names if name != out]
    labels = np.repeat(np.arange(5), TRAIN)
    net, head = teach(np.concatenate([pictures[n][:TRAIN] for n in usual]), labels)
    train = features(net, np.concatenate([pictures[n][:TRAIN] for n in usual]))
    test = np.concatenate([pictures[n][TRAIN:] for n in usual])
    noise = rng.normal(size=test.shape).astype("f4") * 0.1
    altered = {
        "class": pictures[out],
        "turned": np.rot90(test, 1, (1, 2)),
        "flipped": test[:, ::-1],
        "noise": np.clip(test + noise, 0, 1),
        "contrast": test * 0.7 + 0.15,
    }
    strange = {name: features(net, images) for name, images in altered.items()}
    known = features(net, test)
    for name, score in scorers(train, labels, head):
        base = score(known)
        areas = []
        for what, x in strange.items():
            truth = np.r_[np.zeros(len(base)), np.ones(len(x))]
            areas.append(f"{what} {roc_auc_score(truth, np.r_[base, score(x)]):.3f}")
        print(f"  {name:22}", *areas, flush=True)
