"""What pydicom makes of small tables, windows and colours: expected values of conversions.test.ts.

Run from the root of the checkout: python3 test/formats/dicom/pixels/expected/make-conversions.py
"""

import json
import struct
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import Dataset
from pydicom.pixel_data_handlers.util import (
    _expand_segmented_lut,
    apply_color_lut,
    apply_windowing,
    convert_color_space,
)

OUT = Path(__file__).with_name("conversions.json")


def window(function, center, width):
    dataset = Dataset()
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsStored = 8
    dataset.PixelRepresentation = 0
    dataset.WindowCenter = center
    dataset.WindowWidth = width
    dataset.VOILUTFunction = function
    values = np.arange(-20, 120, 7)
    return {
        "shape": function,
        "center": center,
        "width": width,
        "values": values.tolist(),
        "grey": apply_windowing(values, dataset).round(6).tolist(),
    }


def segments(words, fmt):
    expanded = _expand_segmented_lut(tuple(words), fmt)
    return {"words": words, "entries": [int(value) for value in expanded]}


ybr = np.array(np.meshgrid([0, 16, 100, 255], [0, 77, 128, 255], [0, 128, 200, 255])).T.reshape(1, -1, 3)
palettes = {}
for name in ("HOT_IRON", "PET", "HOT_METAL_BLUE", "PET_20_STEP"):
    rgb = apply_color_lut(np.arange(256), palette=name)
    palettes[name] = [int("".join(f"{int(v):02x}" for v in entry), 16) for entry in rgb]
# pydicom 2.3.1 swaps FALL and WINTER when asked by name: ask by UID, which names the file that README.md says.
for name, uid in {"SPRING": 5, "SUMMER": 6, "FALL": 7, "WINTER": 8}.items():
    rgb = apply_color_lut(np.arange(256), palette=f"1.2.840.10008.1.5.{uid}")
    palettes[name] = [int("".join(f"{int(v):02x}" for v in entry), 16) for entry in rgb]

result = {
    "versions": {"pydicom": pydicom.__version__, "numpy": np.__version__},
    "windows": [
        window("LINEAR", 50, 40),
        window("LINEAR", 49.5, 1),
        window("LINEAR_EXACT", 50, 40),
        window("LINEAR_EXACT", 12.25, 0.5),
        window("SIGMOID", 50, 40),
    ],
    "segments": [
        segments([0, 2, 0, 10, 1, 5, 100, 0, 1, 7, 1, 3, 0], "<13H"),
        segments([0, 1, 200, 1, 255, 0], "<6H"),
        segments([0, 1, 65535, 1, 7, 1, 0, 3, 5, 6, 7], "<11H"),
    ],
    "ybr": ybr.reshape(-1).tolist(),
    "rgb": convert_color_space(ybr.astype(np.uint8), "YBR_FULL", "RGB").reshape(-1).tolist(),
    "palettes": palettes,
}
OUT.write_text(json.dumps(result, separators=(",", ":")) + "\n")
print(OUT.stat().st_size)
