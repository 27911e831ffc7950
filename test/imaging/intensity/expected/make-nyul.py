"""Nyúl–Udupa standardisation as the intensity-normalization package (2.2, NyulNormalize) does it, step by step with
numpy and scipy, for histogram-standard.test.ts.

  python3 make-nyul.py > nyul.json
"""

import json
import sys

import numpy as np
import scipy
from generated import biased_head
from scipy.interpolate import interp1d

PERCENTS = [1, *range(10, 100, 10), 99]
SIZE = (20, 18, 14)


def landmarks_of(image):
    return np.percentile(image[image > image.mean(dtype=np.float64)], PERCENTS)


images = []
for seed in (1, 2, 3):
    values, _, _ = biased_head(SIZE, seed)
    images.append(values.astype(np.float64) * (seed / 2) + 10 * seed)

standard = np.zeros(len(PERCENTS))
for image in images:
    landmarks = landmarks_of(image)
    standard += interp1d(landmarks[[0, -1]], [1, 100], fill_value="extrapolate")(landmarks)
standard /= len(images)

mapped = [
    interp1d(landmarks_of(image), standard, fill_value="extrapolate")(image).ravel()[::37]
    for image in images
]
json.dump(
    {
        "versions": {"numpy": np.__version__, "scipy": scipy.__version__},
        "size": SIZE,
        "standard": standard.tolist(),
        "step": 37,
        "mapped": [[round(float(v), 8) for v in values] for values in mapped],
    },
    sys.stdout,
)
