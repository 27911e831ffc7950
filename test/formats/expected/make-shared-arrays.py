"""What numpy and scipy read from the files in shared/data/npy and shared/data/mat.

    /usr/bin/python3 test/formats/expected/make-shared-arrays.py ../shared/data

writes shared-arrays.json beside this script, as described.py describes values. Where numpy or scipy
fail, the entry is {"fails": the error}.
"""

import json
import os
import sys

import numpy
import scipy
from described import read_mat, read_npy


def attempt(read, path):
    try:
        return read(path)
    except Exception as error:
        return {"fails": f"{type(error).__name__}: {error}"[:120]}


def folder(root, name, extensions, read):
    path = os.path.join(root, name)
    return {file: attempt(read, os.path.join(path, file)) for file in sorted(os.listdir(path)) if file.endswith(extensions)}


if __name__ == "__main__":
    root = sys.argv[1]
    expected = {
        "made with": {"numpy": numpy.__version__, "scipy": scipy.__version__},
        "npy": folder(root, "npy", (".npy", ".npz"), read_npy),
        "mat": folder(root, "mat", (".mat",), read_mat),
    }
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "shared-arrays.json"), "w") as out:
        json.dump(expected, out, ensure_ascii=False, separators=(",", ":"))
        out.write("\n")
