"""Measurements of three made-up lesions by numpy and scipy, independently of Roentgen's code.

Writes lesion-measurements.json beside this file. Picture and mask follow from the formulas below, which
test/datasets/phantoms/measure-lesion.test.ts repeats, so that neither need be stored.
"""

import json
from pathlib import Path

import numpy as np
import scipy
from scipy.ndimage import distance_transform_edt
from scipy.spatial import ConvexHull


def picture(kind, size):
    y, x = np.mgrid[:size, :size].astype(np.int64)
    dx, dy = x - size // 2, y - size // 2 + 1
    if kind == "ellipse":
        mask = 4 * dx**2 + 9 * dy**2 + 3 * dx * dy <= 36 * 25
    elif kind == "notched":
        mask = (dx**2 + dy**2 <= 150) & ~((np.abs(dy) <= 2) & (dx > 0))
    else:
        mask = ((np.abs(dx) <= 3) | (np.abs(dy) <= 3)) & (np.abs(dx) <= 10) & (np.abs(dy) <= 12)
    image = ((x * 37 + y * 91 + x * y * 13) % 101) / 4 + 0.5 * x + 40.0 * mask
    return image.astype(np.float32).astype(np.float64), mask


def perimeter(mask):
    """Mean over four directions of the crossings per unit of length between lines, times pi / 2."""
    framed = np.pad(mask.astype(int), 1)
    total = 0.0
    for (dy, dx), apart in [((0, 1), 1), ((1, 0), 1), ((1, 1), 2**-0.5), ((1, -1), 2**-0.5)]:
        rolled = np.roll(framed, (-dy, -dx), (0, 1))
        total += np.sum(framed != rolled) * apart
    return np.pi / 2 * total / 4


def measure(image, mask, spacing):
    size = mask.shape[0]
    rows, columns = np.nonzero(mask)
    area = mask.sum() * spacing**2
    length = perimeter(mask) * spacing
    corners = np.concatenate(
        [np.stack([columns + dx, rows + dy], 1) for dx in (-0.5, 0.5) for dy in (-0.5, 0.5)]
    )
    edges = []
    for dy, dx in [(0, 1), (0, -1), (1, 0), (-1, 0)]:
        outside = ~np.roll(np.pad(mask, 1), (-dy, -dx), (0, 1))[1:-1, 1:-1]
        r, c = np.nonzero(mask & outside)
        edges.append(np.stack([c + dx / 2, r + dy / 2], 1))
    distances = np.linalg.norm(np.concatenate(edges) - [columns.mean(), rows.mean()], axis=1)
    outward = (distance_transform_edt(~mask) - 0.5) * spacing
    inward = (distance_transform_edt(mask) - 0.5) * spacing
    inside = image[mask]
    ring = image[~mask & (outward > 1) & (outward <= 4)]
    contrast = inside.mean() - ring.mean()
    rim = image[mask & (inward > 0) & (inward <= 1)]
    halo = image[~mask & (outward > 0) & (outward <= 1)]
    shares = np.histogram(inside, 32, (inside.min(), inside.max()))[0] / inside.size
    shares = shares[shares > 0]
    levels = np.full((size, size), -1)
    levels[mask] = np.minimum(15, np.floor((inside - inside.min()) * 16 / np.ptp(inside)).astype(int))
    matrix = np.zeros((16, 16))
    for dy, dx in [(0, 1), (1, 0), (1, 1), (1, -1)]:
        for y, x in zip(rows, columns):
            if 0 <= y + dy < size and 0 <= x + dx < size and levels[y + dy, x + dx] >= 0:
                matrix[levels[y, x], levels[y + dy, x + dx]] += 1
                matrix[levels[y + dy, x + dx], levels[y, x]] += 1
    matrix /= matrix.sum()
    i, j = np.mgrid[:16, :16]
    return {
        "area_mm2": area,
        "perimeter_mm": length,
        "circularity": 4 * np.pi * area / length**2,
        "solidity": mask.sum() / ConvexHull(corners).volume,
        "radial_spread": distances.std() / distances.mean(),
        "contrast": contrast,
        "intensity_sd": inside.std(),
        "entropy_bits": -(shares * np.log2(shares)).sum(),
        "glcm_contrast": (matrix * (i - j) ** 2).sum(),
        "edge_sharpness": (rim.mean() - halo.mean()) / contrast,
    }


cases = []
for kind, size, spacing in [("ellipse", 40, 0.5), ("notched", 48, 0.4), ("cross", 44, 0.75)]:
    expected = {name: float(value) for name, value in measure(*picture(kind, size), spacing).items()}
    cases.append({"kind": kind, "size": size, "spacingMm": spacing, "expected": expected})
result = {"numpy": np.__version__, "scipy": scipy.__version__, "cases": cases}
path = Path(__file__).with_name("lesion-measurements.json")
path.write_text(json.dumps(result, separators=(",", ":")) + "\n")
