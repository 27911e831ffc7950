#!/usr/bin/env python3
"""Writes character-sets.json: the text of pydicom's character set files as pydicom decodes it.

Run: python3 make-character-sets.py <folder with charset_files>
"""

import json
import sys
from pathlib import Path

import pydicom

folder = Path(sys.argv[1])
TEXT = {"PN", "LO", "SH", "ST", "LT", "UT", "UC"}


def texts(dataset, path=""):
    found = {}
    for element in dataset:
        name = f"{path}{int(element.tag):08x}"
        if element.VR == "SQ":
            for index, item in enumerate(element.value):
                found |= texts(item, f"{name}/{index}/")
        elif element.VR in TEXT:
            value = element.value
            values = list(value) if isinstance(value, pydicom.multival.MultiValue) else [value]
            found[name] = [str(one) for one in values if one is not None and str(one) != ""]
    return found


files = {}
for path in sorted(folder.glob("*.dcm")):
    dataset = pydicom.dcmread(path)
    dataset.decode()
    files[path.name] = {name: value for name, value in texts(dataset).items() if not all(v.isascii() for v in value)}
json.dump(
    {"pydicom": pydicom.__version__, "files": files},
    open(Path(__file__).parent / "character-sets.json", "w"),
    ensure_ascii=False,
    indent=1,
)
