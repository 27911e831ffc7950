"""Checks with nibabel that volumes written by Roentgen hold what was meant.

    node --conditions=roentgen-source test/formats/images/expected/write-samples.ts /tmp/samples
    /usr/bin/python3 test/formats/images/expected/check-written.py /tmp/samples
"""

import hashlib
import json
import sys
from pathlib import Path

import nibabel
import numpy
from volumes import lps, voxels

folder = Path(sys.argv[1])
differences = 0


def compare(label, what, found, expected):
    global differences
    if found == expected:
        return
    differences += 1
    print(f"{label}: {what}: expected {expected}, found {found}")


def in_order(values, channels):
    """The file has i, j, k, parts of a voxel, time, vector; the image its channels from slowest to fastest."""
    shape = values.shape[:3] + tuple(n for n in values.shape[3:] if n > 1)
    places = {"color": 0, "complex": 0, "time": 1, "vector": 2}
    file_order = sorted(channels, key=places.get)
    wanted = [3 + file_order.index(name) for name in reversed(channels)]
    return values.reshape(shape, order="F").transpose([0, 1, 2, *wanted])


samples = json.loads((folder / "expected.json").read_text())
for sample in samples:
    label = sample["name"]
    image = nibabel.load(folder / sample["file"])
    values, dtype = voxels(image)
    values = in_order(values, sample["channels"])
    compare(label, "type", dtype, sample["type"])
    compare(label, "shape", list(values.shape[::-1]), sample["shape"])
    stored = values.ravel(order="F").astype(numpy.dtype(dtype).newbyteorder("<")).tobytes()
    compare(label, "voxels", hashlib.sha256(stored).hexdigest()[:32], sample["sha256"])
    if "MG" in label:
        compare(label, "place", bool(numpy.allclose(lps(image.affine), sample["lps"], atol=1e-4)), True)
        continue
    header = image.header
    compare(label, "codes", (int(header["sform_code"]), int(header["qform_code"])), (1, 1) if "lps" in sample else (0, 0))
    if "lps" in sample:
        for method, affine in (("sform", header.get_sform()), ("qform", header.get_qform())):
            compare(label, method, bool(numpy.allclose(lps(affine), sample["lps"], atol=1e-4)), True)
    units = header.get_xyzt_units()
    compare(label, "units", units, ("mm", "sec" if "time" in sample["channels"] else "unknown"))
    if "time" in sample["channels"]:
        compare(label, "step of time", float(header["pixdim"][4]), 2.5)
        compare(label, "start of time", float(header["toffset"]), 1.0)

print(f"{len(samples)} files read by nibabel {nibabel.__version__}, {differences} differences")
sys.exit(1 if differences else 0)
