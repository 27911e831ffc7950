"""Writes down what nibabel reads from every NIfTI file of ../shared/data.

    /usr/bin/python3 test/formats/images/expected/make-shared-volumes.py > test/formats/images/expected/shared-volumes.json

Run from the root of the checkout. "lps" is left out where a file has neither sform nor qform.
"""

import json
import sys
from pathlib import Path

import nibabel
import numpy
from volumes import described

shared = Path("../shared/data")
files = {}
for path in sorted(shared.rglob("*")):
    if not path.name.endswith((".nii", ".nii.gz", ".img.gz", ".img")) or path.name == "not-nifti.nii":
        continue
    image = nibabel.load(path)
    placed = image.header["sform_code"] > 0 or image.header["qform_code"] > 0
    files[str(path.relative_to(shared))] = described(image, placed)

versions = {"nibabel": nibabel.__version__, "numpy": numpy.__version__}
lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in files.items())
sys.stdout.write(f'{{\n "made_with": {json.dumps(versions)},\n "files": {{\n{lines}\n }}\n}}\n')
