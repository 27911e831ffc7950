#!/usr/bin/env python3
"""Writes src/formats/dicom/data-set/dictionary-text.ts: the data elements of PS3.6, as pydicom lists them.

Run: PYTHONPATH=<where pydicom is> python3 scripts/make-dicom-dictionary.py
One line for each group, `gggg` and then elements `eeeeVRKeyword*VM` parted by commas; VM 1 is left out.
Lower-case VRs are choices: ob = OB or OW, us = US or SS, uw = US or OW, ux = US or SS or OW.
"""

from collections import defaultdict
from pathlib import Path

import pydicom
from pydicom._dicom_dict import DicomDictionary, RepeatersDictionary

CHOICES = {"OB or OW": "ob", "US or SS": "us", "US or OW": "uw", "US or SS or OW": "ux", "NONE": "??"}


def entry(element, vr, vm, keyword):
    return f"{element}{CHOICES.get(vr, vr)}{keyword}{'' if vm == '1' else '*' + vm}"


groups = defaultdict(list)
for tag, (vr, vm, _, _, keyword) in sorted(DicomDictionary.items()):
    text = f"{tag:08X}"
    if keyword:
        groups[text[:4]].append(entry(text[4:], vr, vm, keyword))
for tag, (vr, vm, _, _, keyword) in sorted(RepeatersDictionary.items()):
    groups[tag[:4]].append(entry(tag[4:], vr, vm, keyword))

lines = "\n".join(f"{group}{','.join(entries)}" for group, entries in groups.items())
target = Path(__file__).parent.parent / "src/formats/dicom/data-set/dictionary-text.ts"
target.write_text(
    "// Data elements of DICOM PS3.6, sections 6 to 9, written by scripts/make-dicom-dictionary.py"
    f" (pydicom {pydicom.__version__}); see there for the form.\n\n"
    f"export const DICTIONARY_TEXT = `{lines}`;\n"
)
