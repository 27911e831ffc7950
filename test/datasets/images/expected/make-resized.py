"""Makes resized.json: a small block of numbers resized by Pillow's bilinear filter, which antialiases where it shrinks.

Run with Debian's python3-pil; made with the version that the file states.
"""

import json
import pathlib

import numpy
import PIL
from PIL import Image

random = numpy.random.RandomState(3)
cases = []
for source, target in [((13, 17), (5, 6)), ((8, 8), (20, 11)), ((40, 9), (7, 9)), ((6, 50), (12, 3))]:
    block = random.rand(*source).astype(numpy.float32)
    image = Image.fromarray(block, mode="F").resize((target[1], target[0]), Image.BILINEAR)
    cases.append(
        {
            "size": source,
            "target": target,
            "values": [float(value) for value in block.ravel()],
            "resized": [float(value) for value in numpy.asarray(image).ravel()],
        }
    )
path = pathlib.Path(__file__).with_name("resized.json")
path.write_text(json.dumps({"pillow": PIL.__version__, "cases": cases}) + "\n")
