"""Compares ONNX models with what Roentgen wrote of them (rewrite-models.ts): the checker accepts them, and they are
equal field by field once tensors are numpy arrays.

Python 3.11, onnx 1.12 (Debian python3-onnx):
  python3 check-round-trip.py ../shared/data/onnx /tmp/rewritten
"""
import pathlib
import sys

import numpy as np
import onnx
from onnx import numpy_helper


def plain(message):
    """A message as nested tuples; tensors as type, shape and elements; "ai.onnx" as ""."""
    if isinstance(message, onnx.TensorProto):
        array = numpy_helper.to_array(message)
        elements = array.tolist() if array.dtype == object else array.tobytes()
        return ("tensor", message.name, message.data_type, array.shape, elements, message.doc_string)
    if not hasattr(message, "ListFields"):
        return message if message != "ai.onnx" else ""
    fields = []
    for field, value in message.ListFields():
        if field.label == field.LABEL_REPEATED:
            value = tuple(plain(item) for item in value)
        else:
            value = plain(value)
        if value not in ("", ()) or field.name == "type":
            fields.append((field.name, value))
    return tuple(fields)


def main(before, after):
    before, after = pathlib.Path(before), pathlib.Path(after)
    count = different = refused = 0
    for path in sorted(before.rglob("*.onnx")):
        count += 1
        old, new = onnx.load(path), onnx.load(after / path.relative_to(before))
        if plain(old) != plain(new):
            different += 1
            print("differs:", path)
        try:
            onnx.checker.check_model(old)
        except Exception:
            continue
        try:
            onnx.checker.check_model(new)
        except Exception as error:
            refused += 1
            print("refused:", path, error)
    print(f"{count} models, {different} differ, {refused} refused that were accepted before")
    return 1 if different or refused else 0


if __name__ == "__main__":
    np.seterr(all="ignore")
    sys.exit(main(*sys.argv[1:]))
