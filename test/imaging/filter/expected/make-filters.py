"""Medians by scipy and gradients by numpy of a small image.

Run: python3 make-filters.py > filters.json
"""

import json

import numpy as np
import scipy
import scipy.ndimage as nd

random = np.random.default_rng(5)
image = random.integers(-99, 99, (4, 5, 6))
spacing = (2.5, 0.8, 0.7)
gradient = np.sqrt(sum(part**2 for part in np.gradient(image.astype(float), *spacing)))

print(
    json.dumps(
        {
            "versions": {"numpy": np.__version__, "scipy": scipy.__version__},
            "size": image.shape[::-1],
            "spacing": spacing[::-1],
            "image": image.ravel().tolist(),
            "median1": nd.median_filter(image, size=3).ravel().tolist(),
            "median201": nd.median_filter(image, size=(3, 1, 5)).ravel().tolist(),
            "median4": nd.median_filter(image, size=9).ravel().tolist(),
            "gradient": np.round(gradient, 4).ravel().tolist(),
        },
        separators=(",", ":"),
    )
)
