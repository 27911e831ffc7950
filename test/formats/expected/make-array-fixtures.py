"""Small .npy, .npz and .mat files written by numpy, scipy, Octave and by hand, with what numpy and scipy read.

    /usr/bin/python3 test/formats/expected/make-array-fixtures.py

writes array-fixtures.json beside this script: for each file its bytes (base64) and its content as
described.py describes it, or {"fails": the error}. npm run format brings it into the repository's form.
"""

import base64
import io
import json
import os
import struct
import subprocess
import tempfile

import numpy
import scipy
import scipy.io
import scipy.sparse
from described import read_mat, read_npy
from numpy.lib import format as npy_format

folder = tempfile.mkdtemp()
files = {}


def path_of(name):
    return os.path.join(folder, name)


def keep(name, read):
    with open(path_of(name), "rb") as file:
        content = file.read()
    try:
        expected = read(path_of(name))
    except Exception as error:
        expected = {"fails": f"{type(error).__name__}: {error}"[:120]}
    files[name] = {"base64": base64.b64encode(content).decode(), "expected": expected}


def npy(name, array, version=None):
    with open(path_of(name), "wb") as file:
        npy_format.write_array(file, array, version=version, allow_pickle=True)
    keep(name, read_npy)


def numpy_files():
    numbers = {
        "b1": [[True, False, True], [False, False, True]],
        "i1": [[-128, 0, 127], [1, 2, 3]],
        "u1": [[0, 200, 255], [1, 2, 3]],
        "i2": [[-32768, 0, 32767], [1, 258, 3]],
        "u2": [[0, 40000, 65535], [1, 258, 3]],
        "i4": [[-(2**31), 0, 2**31 - 1], [1, 16909060, 3]],
        "u4": [[0, 3000000000, 2**32 - 1], [1, 16909060, 3]],
        "i8": [[-(2**63), 0, 2**63 - 1], [1, 72623859790382856, 3]],
        "u8": [[0, 2**63, 2**64 - 1], [1, 72623859790382856, 3]],
        "f2": [[-65504, 6e-8, numpy.inf], [numpy.nan, 0.1, -0.0]],
        "f4": [[-3.4e38, 1e-45, numpy.inf], [numpy.nan, 0.1, -0.0]],
        "f8": [[-1.7e308, 5e-324, numpy.inf], [numpy.nan, 0.1, -0.0]],
        "c8": [[1 + 2j, -1j, 0.5], [3, 4j, 5 - 6j]],
        "c16": [[1 + 2j, -1j, 0.5], [3, 4j, 5 - 6j]],
    }
    for kind, values in numbers.items():
        for mark in "<>":
            npy(f"{'little' if mark == '<' else 'big'}-{kind}.npy", numpy.array(values, dtype=mark + kind))
    npy("fortran-i2.npy", numpy.asfortranarray(numpy.arange(24, dtype=">i2").reshape(2, 3, 4)))
    texts = ["benign", "", "bösartig 日本 𝔸"]
    npy("unicode-little.npy", numpy.array(texts, dtype="<U"))
    npy("unicode-big.npy", numpy.array(texts, dtype=">U"))
    npy("bytes.npy", numpy.array([b"benign", b"", b"malignant"]))
    npy("single.npy", numpy.array(3.5))
    npy("single-text.npy", numpy.array("one"))
    npy("empty.npy", numpy.zeros((0, 5), dtype="f4"))
    npy("empty-large-axis.npy", numpy.zeros((2**40, 0), dtype="u1"))
    npy("version-2.npy", numpy.arange(3.0), version=(2, 0))
    npy("version-3.npy", numpy.arange(3.0), version=(3, 0))
    npy("records.npy", numpy.zeros(2, dtype=[("age", "<i4"), ("größe", "<f8")]), version=(3, 0))
    npy("objects.npy", numpy.array([{"a": 1}, None], dtype=object))
    npy("dates.npy", numpy.array(["2026-01-01"], dtype="M8[D]"))
    npy("extended.npy", numpy.array([1.5], dtype="longdouble"))
    arrays = {"features": numpy.arange(6.0).reshape(2, 3), "folder/labels": numpy.array(["a", "b"])}
    numpy.savez(path_of("stored.npz"), **arrays)
    numpy.savez_compressed(path_of("deflated.npz"), **arrays)
    numpy.savez(path_of("none.npz"))
    for name in ("stored.npz", "deflated.npz", "none.npz"):
        keep(name, read_npy)


def scipy_files():
    matrix = numpy.array([[1.5, -2, 0], [3, 0, 4]])
    people = numpy.zeros((1, 2), dtype=[("age", object), ("name", object)])
    people[0, 0] = (61, "Ada")
    people[0, 1] = (numpy.array([[1, 2, 3]]), "")
    cell = numpy.empty((2, 2), dtype=object)
    cell[0, 0], cell[0, 1], cell[1, 0] = "text", matrix, {"nested": numpy.array([[True, False]])}
    cell[1, 1] = numpy.array([[1 + 2j]])
    five = {
        "matrix": matrix,
        "single": matrix.astype("f4"),
        "complex": matrix + 1j,
        "complexsingle": (matrix + 1j).astype("c8"),
        "logical": matrix > 0,
        "empty": numpy.zeros((0, 3)),
        "cube": numpy.arange(24, dtype="f8").reshape(2, 3, 4),
        "text": "Größe, 日本",
        "rows": numpy.array(["one", "three"]),
        "people": people,
        "cell": cell,
        "sparse": scipy.sparse.csc_matrix(matrix),
        "sparselogical": scipy.sparse.csc_matrix(matrix > 0),
        "sparsecomplex": scipy.sparse.csc_matrix(matrix * 1j),
        "sparseempty": scipy.sparse.csc_matrix((3, 2)),
    }
    for kind in ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"):
        limits = numpy.iinfo(kind)
        five[f"integer_{kind}"] = numpy.array([[limits.min, limits.max]], dtype=kind)
    four = {name: five[name] for name in ("matrix", "single", "complex", "empty", "rows", "sparse", "sparsecomplex")}
    for kind in ("i2", "u2", "i4", "u1"):
        four[f"integer_{kind}"] = five[f"integer_{kind}"]
    scipy.io.savemat(path_of("scipy-5.mat"), five)
    scipy.io.savemat(path_of("scipy-7.mat"), five, do_compression=True)
    scipy.io.savemat(path_of("scipy-4.mat"), four, format="4")
    for name in ("scipy-5.mat", "scipy-7.mat", "scipy-4.mat"):
        keep(name, read_mat)


def octave_files():
    """Octave 7 writes level 4, 5 and compressed 5. Its sparse logical matrices it can't read back itself."""
    script = """
    cd(getenv("FIXTURES"));
    matrix = [1.5 -2 0; 3 0 4]; counts = 1:5; single_ = single(matrix); z = matrix + 1i;
    zsingle = single(z); truth = matrix > 0; none = []; text = "benign"; rows = ["one  "; "three"];
    cube = reshape(1:24, 2, 3, 4); bytes = uint8([0 255; 1 2]); wide = int64([-9007199254740993 5]);
    people = struct("age", {61, [1 2 3]}, "name", {"Ada", ""}); one = struct("inner", struct("x", 1));
    mixed = {1, "two"; [3 4], {true}}; emptycell = cell(0, 3); blank = "";
    s = sparse(matrix); sz = sparse(z); s0 = sparse(3, 2);
    save("-v6", "octave-6.mat"); save("-v7", "octave-7.mat");
    save("-v4", "octave-4.mat", "matrix", "counts", "z", "text", "rows", "s", "sz");
    """
    subprocess.run(["octave-cli", "--norc", "--eval", script], check=True, env={**os.environ, "FIXTURES": folder})
    for name in ("octave-6.mat", "octave-7.mat", "octave-4.mat"):
        keep(name, read_mat)


def element(kind, content):
    return struct.pack(">II", kind, len(content)) + content + bytes(-len(content) % 8)


def matrix5(flags, shape, name, *content):
    head = element(6, struct.pack(">II", flags, 0)) + element(5, struct.pack(f">{len(shape)}i", *shape))
    return element(14, head + element(1, name) + b"".join(content))


def big_endian_files():
    """Written by hand: nobody here writes big-endian files any more."""
    doubles = element(9, struct.pack(">4d", 1.5, 2, -3, 4))
    shorts = element(3, struct.pack(">2h", -2, 258))
    text = element(17, "Grün 𝔸".encode("utf-16-be"))
    narrow = element(4, struct.pack(">2H", 1, 65535))
    wide = element(12, struct.pack(">2q", -(2**63), 5))
    with open(path_of("big-5.mat"), "wb") as file:
        file.write(b"MATLAB 5.0 MAT-file, by hand".ljust(124) + struct.pack(">H", 0x0100) + b"MI")
        file.write(matrix5(6, (2, 2), b"doubles", doubles))
        file.write(matrix5(6 | 0x0800, (1, 2), b"pair", shorts, shorts))
        file.write(matrix5(6, (1, 2), b"narrow", narrow))
        file.write(matrix5(14, (2, 1), b"wide", wide))
        file.write(matrix5(2, (1, 1), b"s", struct.pack(">HHI", 4, 5, 8), element(1, b"ab\0\0\0\0\0\0"), matrix5(4, (1, 5), b"", element(16, b"Grun!"))))
        file.write(matrix5(4, (1, 5), b"umlaut", element(16, "Größe".encode())))
        file.write(matrix5(4, (2, 2), b"points", element(18, "aböd".encode("utf-32-be"))))
    keep("big-5.mat", read_mat)
    with open(path_of("big-4.mat"), "wb") as file:
        file.write(struct.pack(">5i", 1000, 2, 2, 0, 2) + b"d\0" + struct.pack(">4d", 1.5, 2, -3, 4))
        file.write(struct.pack(">5i", 1030, 1, 2, 1, 2) + b"z\0" + struct.pack(">4h", 1, 2, -3, 4))
        file.write(struct.pack(">5i", 1051, 2, 3, 0, 2) + b"t\0" + b"adbecf")
    keep("big-4.mat", read_mat)


if __name__ == "__main__":
    numpy_files()
    scipy_files()
    octave_files()
    big_endian_files()
    octave = subprocess.run(["octave-cli", "--version"], capture_output=True, text=True).stdout.split("\n")[0]
    made_with = {"numpy": numpy.__version__, "scipy": scipy.__version__, "octave": octave}
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "array-fixtures.json"), "w") as out:
        json.dump({"made with": made_with, "files": files}, out, ensure_ascii=False, separators=(",", ":"))
        out.write("\n")
