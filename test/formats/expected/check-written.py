"""Checks with numpy, scipy and Octave that files written by Roentgen hold what was meant.

    node --conditions=roentgen-source test/formats/expected/write-samples.ts /tmp/samples
    /usr/bin/python3 test/formats/expected/check-written.py /tmp/samples

Octave loads each MAT-file and saves it again; what it saved is compared as well.
"""

import json
import os
import subprocess
import sys

import numpy
import scipy
from described import read_mat, read_npy

folder = sys.argv[1]
differences = 0
compared = 0

# Octave writes sparse logical matrices so that nobody can read them, and turns a 1×1 struct without
# fields and 0×0 text into its own form; all three are compared as scipy reads them.
BEYOND_OCTAVE = {"sparsetruth"}


def compare(label, found, expected):
    global differences, compared
    compared += 1
    if found == expected:
        return
    differences += 1
    print(f"{label}: expected {json.dumps(expected)[:300]}\n  found {json.dumps(found)[:300]}")


def at(*parts):
    return os.path.join(folder, *parts)


def octave_again(name, leave_out):
    script = f"""
    load("{at(name)}"); clear {" ".join(leave_out)};
    save("-v7", "{at('octave-' + name)}");
    """
    subprocess.run(["octave-cli", "--norc", "--eval", script], check=True)
    return read_mat(at("octave-" + name))


with open(at("expected.json")) as file:
    expected = json.load(file)
for name, value in expected["npy"].items():
    compare(f"{name}.npy", read_npy(at(f"{name}.npy")), value)
for archive in ("stored.npz", "deflated.npz"):
    found = read_npy(at(archive))
    for name, value in expected["npz"].items():
        compare(f"{archive} {name}", found.get(name), value)
for name in ("plain.mat", "compressed.mat"):
    found = read_mat(at(name))
    again = octave_again(name, BEYOND_OCTAVE)
    for variable, value in expected["mat"].items():
        compare(f"{name} {variable}", found.get(variable), value)
        if variable not in BEYOND_OCTAVE:
            compare(f"{name} {variable} through Octave", again.get(variable), value)
print(f"numpy {numpy.__version__}, scipy {scipy.__version__}: {compared} compared, {differences} differ")
sys.exit(differences > 0)
