#!/usr/bin/env python3
"""Writes elements.json: of each DICOM file in a folder, how many elements pydicom finds and a digest of all of them.

Run: python3 make-elements.py <folder> [one file, whose elements are printed instead]
A line is "path VR value": path has tags and item numbers; numbers are the bytes of a double, text is trimmed, bytes are
their SHA-1. canonical.ts writes the same lines from what Roentgen reads.
"""

import hashlib
import json
import struct
import sys
import warnings
from pathlib import Path

import pydicom
from pydicom import config
from pydicom.dataelem import RawDataElement
from pydicom.encaps import generate_pixel_data_fragment, get_frame_offsets
from pydicom.filebase import DicomBytesIO
from pydicom.multival import MultiValue
from pydicom.values import convert_SQ

warnings.simplefilter("ignore")
config.settings.reading_validation_mode = config.IGNORE
NUMBERS = {"DS", "IS", "US", "SS", "UL", "SL", "UV", "SV", "FL", "FD", "AT"}
BYTES = {"OB", "OW", "OD", "OF", "OL", "OV", "UN"}


def sha(data):
    return hashlib.sha1(data).hexdigest()


def number(value):
    return struct.pack("<d", float(value)).hex()


def fragments(data):
    stream = DicomBytesIO(data)
    stream.is_little_endian = True
    get_frame_offsets(stream)
    return b"".join(generate_pixel_data_fragment(stream))


def canonical(element):
    value = element.value
    if element.VR in BYTES:
        data = value or b""
        return sha(fragments(data) if element.is_undefined_length else data)
    values = list(value) if isinstance(value, (MultiValue, list)) else [] if value in (None, "") else [value]
    if element.VR in NUMBERS:
        return ",".join(number(one) for one in values if str(one) != "")
    texts = [str(one).strip(" \0") for one in values]
    if element.VR == "PN":
        texts = [text.rstrip("= ") for text in texts]
    return "\\".join(texts).strip(" ")


def hidden_items(data):
    """Items of a private sequence that became UN (PS3.5 6.2.2); None where the bytes are something else."""
    if not data.startswith(b"\xfe\xff\x00\xe0"):
        return None
    return convert_SQ(data, not data[12:14].isalpha(), True)


def lines(dataset, path=""):
    for tag in sorted(dataset._dict):
        raw = dataset._dict[tag]
        name = f"{path}{int(tag):08x}"
        unknown = isinstance(raw, RawDataElement) and raw.VR in (None, "UN")
        if tag.is_private and unknown and tag.element != 0 and not tag.is_private_creator:
            items = hidden_items(raw.value or b"")
            if items is None:
                yield f"{name} UN {sha(raw.value or b'')}"
                continue
            yield f"{name} SQ {len(items)}"
            for index, item in enumerate(items):
                yield from lines(item, f"{name}/{index}/")
            continue
        if tag.is_private and tag.element == 0:  # PS3.5 7.2, though pydicom does not know it
            yield f"{name} UL {number(struct.unpack('<L', raw.value)[0])}"
            continue
        element = dataset[tag]
        if element.VR == "SQ":
            yield f"{name} SQ {len(element.value)}"
            for index, item in enumerate(element.value):
                yield from lines(item, f"{name}/{index}/")
        else:
            yield f"{name} {getattr(element.VR, 'value', element.VR)} {canonical(element)}"


def file_lines(path):
    dataset = pydicom.dcmread(path)
    return [*lines(dataset.file_meta), *lines(dataset)]


folder = Path(sys.argv[1])
if len(sys.argv) > 2:
    print("\n".join(file_lines(folder / sys.argv[2])))
    sys.exit()

files = {}
for path in sorted(folder.rglob("*")):
    if not path.is_file():
        continue
    try:
        found = file_lines(path)
        files[str(path.relative_to(folder))] = f"{len(found)} {sha(chr(10).join(found).encode())[:12]}"
    except pydicom.errors.InvalidDicomError:
        pass
    except Exception as cause:  # what pydicom can't read is no oracle
        print(path, type(cause).__name__, cause, file=sys.stderr)
json.dump(
    {"pydicom": pydicom.__version__, "files": files},
    open(Path(__file__).parent / "elements.json", "w"),
    indent=0,
)
