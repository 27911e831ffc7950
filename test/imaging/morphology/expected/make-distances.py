"""Euclidean distances by scipy: at unit spacing as CRC-32 of float64, else every 29th value.

Run: python3 make-distances.py > distances.json
"""

import json
import zlib

import numpy as np
import scipy
import scipy.ndimage as nd

random = np.random.default_rng(3)
SIZES = [(7, 11, 23), (1, 33, 17), (20, 9, 5), (5, 1, 9)]
SPACINGS = [(1, 1, 1), (0.7, 0.7, 0.7), (2.5, 0.8, 0.8), (1.1, 0.37, 2.9)]


def case(size, spacing, share):
    mask = (random.random(size) < share).astype(np.uint8)
    mask.flat[5] = 0
    distances = nd.distance_transform_edt(mask, sampling=spacing)
    unit = spacing == (1, 1, 1)
    return {
        "size": size[::-1],
        "spacing": spacing[::-1],
        "zeros": [int(n) for n in np.flatnonzero(mask == 0)],
        "expected": zlib.crc32(distances.tobytes()) if unit else distances.ravel()[::29].tolist(),
    }


print(
    json.dumps(
        {
            "versions": {"numpy": np.__version__, "scipy": scipy.__version__},
            "cases": [
                case(size, spacing, share)
                for size in SIZES
                for spacing in SPACINGS
                for share in (0.8, 0.99)
            ],
        },
        separators=(",", ":"),
    )
)
