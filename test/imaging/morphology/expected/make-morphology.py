"""Labels, filled holes, erosions, dilations, openings and closings by scipy and skimage, as CRC-32 of int32.

Run: python3 make-morphology.py > morphology.json
"""

import json
import zlib

import numpy as np
import scipy
import scipy.ndimage as nd
import skimage
from skimage.measure import label
from skimage.morphology import reconstruction

random = np.random.default_rng(1)
SIZES = [(7, 11, 23), (1, 33, 17), (20, 9, 5), (12, 13, 14)]


def checksum(values):
    return zlib.crc32(np.ascontiguousarray(values, dtype="<i4").tobytes())


def flat(connectivity):
    within = np.zeros((3, 3, 3), int)
    within[1] = nd.generate_binary_structure(2, connectivity)
    return within


NEIGHBOURS = {
    "4": flat(1),
    "8": flat(2),
    "6": nd.generate_binary_structure(3, 1),
    "18": nd.generate_binary_structure(3, 2),
    "26": nd.generate_binary_structure(3, 3),
}


def elements(radius):
    k, j, i = np.indices((2 * radius + 1,) * 3) - radius
    return {
        "ball": k * k + j * j + i * i <= radius * radius,
        "box": np.ones_like(k, bool),
        "cross": (k != 0).astype(int) + (j != 0) + (i != 0) <= 1,
    }


def fill(mask):
    return nd.binary_fill_holes(mask) if len(mask) > 1 else nd.binary_fill_holes(mask[0])[None]


def case(size, share):
    mask = (random.random(size) < share).astype(np.uint8)
    labels = random.integers(0, 3, size).astype(np.uint8)
    grey = random.integers(0, 256, size).astype(np.uint8)
    expected = {f"components {n}": nd.label(mask, s)[0] for n, s in NEIGHBOURS.items()}
    for n, connectivity in (("6", 1), ("18", 2), ("26", 3)):
        expected[f"components of values {n}"] = label(labels, connectivity=connectivity, background=0)
    expected["holes of volume"] = fill(mask)
    expected["holes of slices"] = np.stack([nd.binary_fill_holes(slice) for slice in mask])
    marker = np.where(random.random(size) < 0.05, grey, 0)
    for n, connectivity in (("6", 1), ("26", 3)):
        expected[f"reconstruct {n}"] = reconstruction(
            marker, grey, footprint=nd.generate_binary_structure(3, connectivity)
        )
    for radius in (1, 2, 4):
        for shape, element in elements(radius).items():
            name = f"{shape} {radius}"
            expected[f"erode {name}"] = nd.grey_erosion(grey, footprint=element)
            expected[f"dilate {name}"] = nd.grey_dilation(grey, footprint=element)
            expected[f"erode mask {name}"] = nd.binary_erosion(mask, element)
            expected[f"open mask {name}"] = nd.binary_opening(mask, element)
            expected[f"close mask {name}"] = nd.binary_closing(mask, element)
    return {
        "size": size[::-1],
        "mask": "".join(map(str, mask.ravel())),
        "labels": "".join(map(str, labels.ravel())),
        "grey": grey.tobytes().hex(),
        "marker": [int(n) for n in np.flatnonzero(marker)],
        "expected": {name: checksum(values) for name, values in expected.items()},
    }


print(
    json.dumps(
        {
            "versions": {
                "numpy": np.__version__,
                "scipy": scipy.__version__,
                "skimage": skimage.__version__,
            },
            "cases": [case(size, share) for share in (0.3, 0.6) for size in SIZES],
        },
        separators=(",", ":"),
    )
)
