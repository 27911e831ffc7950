#!/usr/bin/env python3
"""Writes dicom-json.json: the JSON model of explicit.dcm of write-sample.ts, as pydicom gives it.

Run: python3 make-json.py <folder with explicit.dcm>
Integers of 2**53 and more, which JSON readers round, become text; pydicom trims no text, so that spaces go here.
"""

import json
import sys
from pathlib import Path

import pydicom

KEEP_START = {"UC", "ST", "LT", "UT", "UR"}


def plain(attribute):
    vr = attribute["vr"]
    if vr == "SQ":
        attribute["Value"] = [normal(item) for item in attribute.get("Value", [])]
    elif "Value" in attribute:
        attribute["Value"] = [one(value, vr) for value in attribute["Value"]]
    return attribute


def one(value, vr):
    if isinstance(value, int) and abs(value) >= 2**53:
        return str(value)
    if isinstance(value, str):
        return value.rstrip(" \0") if vr in KEEP_START else value.strip(" \0")
    return value


def normal(dataset):
    return {tag: plain(attribute) for tag, attribute in dataset.items()}


dataset = pydicom.dcmread(Path(sys.argv[1]) / "explicit.dcm")
model = dataset.to_json_dict(bulk_data_threshold=10**9, bulk_data_element_handler=None)
json.dump(
    {"pydicom": pydicom.__version__, "dataSet": normal(model)},
    open(Path(__file__).parent / "dicom-json.json", "w"),
    ensure_ascii=False,
    indent=0,
)
