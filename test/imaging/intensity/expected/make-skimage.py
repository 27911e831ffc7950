"""What numpy and scikit-image make of the images of generated.py, for skimage.test.ts.

  python3 make-skimage.py > skimage.json
"""

import json
import sys

import numpy as np
import skimage
from generated import congruential, two_tissues
from skimage import exposure, filters

PERCENTS = [0, 0.5, 5, 25, 50, 77.7, 95, 99.5, 100]
SIZES = {"film": (61, 47, 1), "volume": (26, 22, 17)}


def flat(values, count=150):
    """Every n-th value, so that fixtures stay small."""
    values = np.asarray(values, float).ravel()
    step = max(1, len(values) // count)
    return {"step": step, "values": [float(f"{v:.7g}") for v in values[::step]]}


def squeezed(image):
    return image[0] if image.shape[0] == 1 else image


def fractions(whole):
    """Values of few digits that are no whole numbers, skewed."""
    return (whole / 7) ** 2 / 16


def figures(image):
    counts, _ = np.histogram(image, 20)
    return {
        "min": float(image.min()),
        "max": float(image.max()),
        "mean": float(image.mean(dtype=np.float64)),
        "sd": float(image.std(dtype=np.float64)),
        "percentiles": np.percentile(image, PERCENTS).tolist(),
        "counts": counts.tolist(),
    }


def thresholds(image):
    return {
        "otsu": float(filters.threshold_otsu(image)),
        "multiOtsu3": filters.threshold_multiotsu(image, 3).astype(float).tolist(),
        "multiOtsu4": filters.threshold_multiotsu(image, 4, nbins=64).astype(float).tolist(),
        "triangle": float(filters.threshold_triangle(image)),
        "li": float(filters.threshold_li(image.copy())),
    }


cases = []
for name, size in SIZES.items():
    whole = two_tissues(size, 9)
    for kind in ("uint16", "int16", "float64", "float32"):
        image = fractions(whole).astype(kind) if "float" in kind else whole.astype(kind)
        if kind == "int16":
            image = image - np.int16(300)
        case = {"name": name, "size": size, "type": kind, "figures": figures(image)}
        case["thresholds"] = thresholds(image)
        mask = whole % 3 == 0
        case["masked"] = figures(image[mask])
        case["equalised"] = flat(exposure.equalize_hist(image))
        case["equalisedMasked"] = flat(exposure.equalize_hist(image, mask=mask))
        if kind == "uint16":
            plane = squeezed(image)
            kernel = (5, 7) if plane.ndim == 2 else (6, 5, 7)
            case["clahe"] = [
                {"options": {}, **flat(exposure.equalize_adapthist(plane), 600)},
                {
                    "options": {"kernel": kernel[::-1] + (1,) * (3 - plane.ndim), "clipLimit": 0.03, "bins": 64},
                    **flat(exposure.equalize_adapthist(plane, kernel, 0.03, 64), 600),
                },
                {
                    "options": {"kernel": 9, "clipLimit": 0},
                    **flat(exposure.equalize_adapthist(plane, 9, 0), 600),
                },
            ]
        cases.append(case)

rgb = (congruential(40 * 30 * 3, 4) % 256).reshape(3, 30, 40).astype(np.uint8)
colour = flat(np.moveaxis(exposure.equalize_adapthist(np.moveaxis(rgb, 0, -1)), -1, 0), 600)

json.dump(
    {
        "versions": {"numpy": np.__version__, "skimage": skimage.__version__},
        "percents": PERCENTS,
        "cases": cases,
        "colour": colour,
    },
    sys.stdout,
)
