"""What pydicom with GDCM makes of every file in ../shared/data/dicom: stored values as a hash, and what they become.

Run from the root of the checkout: python3 test/formats/dicom/pixels/expected/make-pixels.py
"""

import hashlib
import json
import sys
import warnings
from pathlib import Path

import gdcm
import numpy as np
import pydicom
from pydicom.pixel_data_handlers import gdcm_handler, numpy_handler, pillow_handler, rle_handler
from pydicom.pixel_data_handlers.util import (
    apply_color_lut,
    apply_modality_lut,
    apply_voi_lut,
    convert_color_space,
)

ROOT = Path("../shared/data/dicom")
OUT = Path(__file__).with_name("pixels.json")
SAMPLES = 16
# Folders of long series: stored values only, to keep the fixture small.
STORED_ONLY = ("dcm_qa",)

warnings.simplefilter("ignore")
pydicom.config.pixel_data_handlers = [numpy_handler, gdcm_handler, rle_handler, pillow_handler]


def little(array):
    """Bytes of an array, little endian, first index slowest."""
    return np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False).tobytes()


def digest(array):
    return hashlib.sha256(little(array)).hexdigest()[:16]


def samples(array):
    flat = np.ascontiguousarray(array).reshape(-1)
    at = np.linspace(0, flat.size - 1, SAMPLES).astype(np.int64)
    return [float(f"{value:.10g}") for value in flat[at].astype(np.float64)]


def attempt(work):
    try:
        return work()
    except Exception as error:  # the oracle's own words, whatever they are
        return {"error": f"{type(error).__name__}: {str(error).splitlines()[0][:120]}"}


def conversions(dataset, array):
    out = {}
    photometric = dataset.get("PhotometricInterpretation", "")
    if photometric == "PALETTE COLOR":
        out["palette"] = attempt(lambda: {"hash": digest(apply_color_lut(array, dataset))})
    elif photometric.startswith("MONOCHROME"):
        values = attempt(lambda: apply_modality_lut(array, dataset))
        if isinstance(values, dict):
            return {"modality": values}
        out["modality"] = samples(values)
        shown = attempt(lambda: apply_voi_lut(values, dataset))
        out["voi"] = shown if isinstance(shown, dict) else samples(shown)
    elif photometric.startswith("YBR_FULL"):
        colour = attempt(lambda: convert_color_space(array, photometric, "RGB", per_frame=True))
        out["rgb"] = colour if isinstance(colour, dict) else samples(colour)
    return out


def describe(path):
    dataset = pydicom.dcmread(path, force=True)
    if not any(word in dataset for word in ("PixelData", "FloatPixelData", "DoubleFloatPixelData")):
        return {"none": True}
    array = dataset.pixel_array
    entry = {
        "shape": list(array.shape),
        "dtype": str(array.dtype.newbyteorder("=")),
        "hash": digest(array),
        "range": [float(array.min()), float(array.max())],
    }
    if not str(path.relative_to(ROOT)).startswith(STORED_ONLY):
        # Read again: the GDCM handler turns PixelRepresentation of what it decoded to 0 where JPEG 2000 differs.
        entry |= conversions(pydicom.dcmread(path, force=True), array)
    return entry


def main():
    found = {}
    for path in sorted(ROOT.rglob("*")):
        if not path.is_file() or path.suffix in (".nii", ".gz", ".json", ".md", ".txt", ".icc", ".dump", ".bval", ".bvec", ".xml", ".html", ".nrrd"):
            continue
        if path.name in ("LICENSE", "README"):
            continue
        entry = attempt(lambda path=path: describe(path))
        if not entry.get("none"):
            found[str(path.relative_to(ROOT))] = entry
    result = {
        "versions": {
            "python": sys.version.split()[0],
            "numpy": np.__version__,
            "pydicom": pydicom.__version__,
            "gdcm": gdcm.Version.GetVersion(),
        },
        "files": found,
    }
    lines = [f'"{name}":{json.dumps(entry, separators=(",", ":"))}' for name, entry in found.items()]
    versions = json.dumps(result["versions"])
    OUT.write_text('{"versions":' + versions + ',\n"files":{\n' + ",\n".join(lines) + "\n}}\n")
    print(len(found), OUT.stat().st_size)


main()
