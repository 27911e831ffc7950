"""Small NRRD files in every encoding, type, byte order and space, with what they mean by the format's
definition (http://teem.sourceforge.net/nrrd/format.html), worked out here with numpy alone.

python3 make-samples.py > samples.json
"""
import base64, bz2, gzip, hashlib, json, sys
import numpy as np

SIZES = (4, 3, 2)
TYPES = {
    "signed char": "i1", "int8": "i1", "int8_t": "i1", "uchar": "u1", "unsigned char": "u1", "uint8_t": "u1",
    "short": "i2", "short int": "i2", "signed short int": "i2", "int16_t": "i2",
    "ushort": "u2", "unsigned short": "u2", "uint16": "u2", "int": "i4", "signed int": "i4", "int32": "i4",
    "uint": "u4", "unsigned int": "u4", "uint32_t": "u4", "longlong": "i8", "long long int": "i8",
    "signed long long": "i8", "int64_t": "i8", "ulonglong": "u8", "unsigned long long": "u8", "uint64": "u8",
    "float": "f4", "double": "f8",
}
LPS = ["space: left-posterior-superior", "space directions: (0.5,0,0) (0,0.75,0) (0,0,2)",
       "space origin: (-10,20.5,30)"]
AFFINE = [[.5, 0, 0, -10], [0, .75, 0, 20.5], [0, 0, 2, 30]]
cases = []


def values(dtype, sizes=SIZES):
    """An array whose axes are slowest first, its values spread over the type."""
    count = int(np.prod(sizes))
    kind = np.dtype(dtype)
    if kind.kind == "f":
        flat = (np.arange(count) - 7.25) * 1.37
    else:
        info = np.iinfo(kind)
        low, high = max(info.min, -2**40), min(info.max, 2**40)
        flat = np.array([low + (high - low) * at // (count - 1) for at in range(count)])
    return flat.astype(kind).reshape(sizes[::-1])


def encode(array, encoding, endian):
    raw = array.astype(array.dtype.newbyteorder("<" if endian == "little" else ">")).tobytes()
    if encoding in ("gzip", "gz"):
        return gzip.compress(raw, mtime=0)
    if encoding in ("bzip2", "bz2"):
        return bz2.compress(raw)
    if encoding == "hex":
        text = raw.hex()
        return "\n".join(text[at:at + 40] for at in range(0, len(text), 40)).encode()
    if encoding in ("ascii", "text", "txt"):
        return ("\n".join(" ".join(repr(v) for v in row) for row in array.reshape(-1, array.shape[-1]).tolist()) + "\n").encode()
    return raw


def header(fields, magic="NRRD0005", newline="\n"):
    return newline.join([magic, *fields, "", ""]).encode()


def case(name, files, image, affine=None, spacing=None, channels=(), axes=None):
    """`image` has axes [channel…, k, j, i], its hash is of float64; the first file is the one to open."""
    cases.append({
        "name": name,
        "files": {file: base64.b64encode(data).decode() for file, data in files.items()},
        "shape": list(image.shape),
        "sha256": hashlib.sha256(np.ascontiguousarray(image, "<f8").tobytes()).hexdigest()[:16],
        **({"affine": affine} if affine is not None else {"spacing": spacing}),
        "channels": list(channels),
    })


def basic(type_name="short", encoding="raw", endian="little", sizes=SIZES, extra=LPS):
    return [f"type: {type_name}", f"dimension: {len(sizes)}", "sizes: " + " ".join(map(str, sizes)),
            *extra, f"endian: {endian}", f"encoding: {encoding}"]


for type_name, dtype in TYPES.items():
    array = values(dtype)
    for endian in ("little", "big") if np.dtype(dtype).itemsize > 1 else ("little",):
        case(f"type {type_name}, {endian}", {"a.nrrd": header(basic(type_name, "raw", endian)) + encode(array, "raw", endian)}, array, AFFINE)
array = values("i2")
for encoding in ("raw", "txt", "text", "ascii", "hex", "gz", "gzip", "bz2", "bzip2"):
    for endian in ("little", "big"):
        data = encode(array, encoding, endian)
        case(f"encoding {encoding}, {endian}", {"a.nrrd": header(basic("short", encoding, endian)) + data}, array, AFFINE)
        case(f"detached, encoding {encoding}, {endian}",
             {"a.nhdr": header(basic("short", encoding, endian) + ["data file: a.dat"])[:-1], "a.dat": data}, array, AFFINE)
floats = values("f4")
case("float as text", {"a.nrrd": header(basic("float", "ascii")) + encode(floats.astype("f8"), "ascii", "little")}, floats, AFFINE)

# Skips: lines before decompression, bytes after it; -1 takes the end of the data.
little = lambda encoding: encode(array, encoding, "little")
detached = lambda fields, encoding="raw": header(basic("short", encoding) + fields + ["data file: ./a.dat"])
case("line skip", {"a.nhdr": detached(["line skip: 2"]), "a.dat": b"one\ntwo\n" + little("raw")}, array, AFFINE)
case("byte skip", {"a.nhdr": detached(["byte skip: 7"]), "a.dat": b"1234567" + little("raw")}, array, AFFINE)
case("line skip and byte skip", {"a.nhdr": detached(["line skip: 1", "byte skip: 3"]), "a.dat": b"one\n123" + little("raw")}, array, AFFINE)
case("byte skip -1", {"a.nhdr": detached(["byte skip: -1"]), "a.dat": b"any bytes" + little("raw")}, array, AFFINE)
case("line skip, attached", {"a.nrrd": header(basic() + ["line skip: 1"]) + b"one\n" + little("raw")}, array, AFFINE)
case("line skip, text", {"a.nhdr": detached(["lineskip: 1"], "text"), "a.dat": b"a b c\n" + little("text")}, array, AFFINE)
for encoding, pack in (("gzip", lambda b: gzip.compress(b, mtime=0)), ("bzip2", bz2.compress)):
    raw = little("raw")
    case(f"line skip, {encoding}", {"a.nhdr": detached(["line skip: 2"], encoding), "a.dat": b"a\nb\n" + pack(raw)}, array, AFFINE)
    case(f"byte skip, {encoding}", {"a.nhdr": detached(["byte skip: 5"], encoding), "a.dat": pack(b"12345" + raw)}, array, AFFINE)
    case(f"byte skip -1, {encoding}", {"a.nhdr": detached(["byte skip: -1"], encoding), "a.dat": pack(b"header" * 50 + raw)}, array, AFFINE)
    case(f"two members, {encoding}", {"a.nrrd": header(basic("short", encoding)) + pack(raw[:20]) + pack(raw[20:])}, array, AFFINE)

# Several files of voxels.
slices = {f"s{at:02d}.raw": array[at].tobytes() for at in range(2)}
rows = {f"r{at}.raw": row.tobytes() for at, row in enumerate(array.reshape(-1, 4))}
half = np.concatenate([array, array])
case("data file LIST", {"a.nhdr": header(basic() + ["data file: LIST", *slices])[:-2] + b"\n", **slices}, array, AFFINE)
case("data file LIST 1", {"a.nhdr": header(basic() + ["data file: LIST 1", *rows])[:-2] + b"\n", **rows}, array, AFFINE)
case("data file pattern", {"a.nhdr": header(basic() + ["data file: s%02d.raw 0 1 1"]), **slices}, array, AFFINE)
case("data file pattern, descending", {"a.nhdr": header(basic() + ["data file: s%02d.raw 1 0 -1"]), **slices}, array[::-1], AFFINE)
case("data file pattern, step and subdim", {"a.nhdr": header(basic() + ["datafile: r%d.raw 0 10 2 1"]), **{f"r{2 * at}.raw": row for at, row in enumerate(rows.values())}}, array, AFFINE)
case("data file LIST of slabs", {"a.nhdr": header(basic(sizes=(4, 3, 4)) + ["data file: LIST 3", "x.raw", "y.raw"])[:-2] + b"\n", "x.raw": array.tobytes(), "y.raw": array.tobytes()}, half, AFFINE)
case("data file LIST, byte skip", {"a.nhdr": header(basic() + ["byte skip: 3", "data file: LIST", *slices])[:-2] + b"\n", **{k: b"abc" + v for k, v in slices.items()}}, array, AFFINE)
case("data file LIST, gzip", {"a.nhdr": header(basic(encoding="gzip") + ["data file: LIST", *slices])[:-2] + b"\n", **{k: gzip.compress(v, mtime=0) for k, v in slices.items()}}, array, AFFINE)

# Spaces. Columns of the affine are the space directions turned to LPS.
def placed(name, space, signs, known=True):
    c, s = np.cos(.3), np.sin(.3)
    steps = np.array([[.5 * c, .5 * s, 0], [-.75 * s, .75 * c, 0], [0, 0, -2]])
    origin = np.array([-10, 20.5, 30])
    text = " ".join("(" + ",".join(map(repr, step)) + ")" for step in steps.tolist())
    extra = [space, f"space directions: {text}", "space origin: (-10, 20.5, 30)", "kinds: domain domain domain"]
    affine = [[sign * steps[column][row] for column in range(3)] + [sign * float(origin[row])] for row, sign in enumerate(signs)]
    case(name, {"a.nrrd": header(basic(extra=extra)) + little("raw")}, array, affine if known else None,
         None if known else [.5, .75, 2])


for name, signs in (("right-anterior-superior", (-1, -1, 1)), ("RAS", (-1, -1, 1)), ("left-anterior-superior", (1, -1, 1)),
                    ("LAS", (1, -1, 1)), ("left-posterior-superior", (1, 1, 1)), ("LPS", (1, 1, 1))):
    placed(f"space {name}", f"space: {name}", signs)
for name in ("scanner-xyz", "3D-right-handed", "3D-left-handed"):
    placed(f"space {name}", f"space: {name}", (1, 1, 1), known=False)
placed("space dimension only", "space dimension: 3", (1, 1, 1), known=False)
case("space in cm", {"a.nrrd": header(basic(extra=LPS + ['space units: "cm" "cm" "cm"'])) + little("raw")}, array, [[10 * v for v in row] for row in AFFINE])
case("no space origin", {"a.nrrd": header(basic(extra=LPS[:2])) + little("raw")}, array, None, [.5, .75, 2])
case("no space", {"a.nrrd": header(basic(extra=["spacings: 0.5 0.75 2"])) + little("raw")}, array, None, [.5, .75, 2])
case("no space, no spacings", {"a.nrrd": header(basic(extra=[])) + little("raw")}, array, None, None)
case("axis mins and maxs of cells", {"a.nrrd": header(basic(extra=["axis mins: 0 0 0", "axis maxs: 2 2.25 4", "centerings: cell cell cell"])) + little("raw")}, array, None, [.5, .75, 2])
case("axis mins and maxs of nodes", {"a.nrrd": header(basic(extra=["axis mins: 0 0 0", "axis maxs: 1.5 1.5 2", "centers: node node node"])) + little("raw")}, array, None, [.5, .75, 2])

# Dimensions and axes that are not in space.
one, two = values("i2", (5,)), values("i2", (5, 3))
case("one dimension", {"a.nrrd": header(basic(sizes=(5,), extra=["spacings: 0.5"])) + one.tobytes()}, one.reshape(1, 1, 5), None, [.5, 1, 1])
case("two dimensions", {"a.nrrd": header(basic(sizes=(5, 3), extra=["spacings: 0.5 0.75", 'units: "mm" "mm"'])) + two.tobytes()}, two.reshape(1, 3, 5), None, [.5, .75, 1])
case("two dimensions in three-dimensional space", {"a.nrrd": header(basic(sizes=(5, 3), extra=["space: LPS", "space directions: (0.5,0,0) (0,0,-0.75)", "space origin: (1,2,3)", "thicknesses: nan 4"])) + two.tobytes()},
     two.reshape(1, 3, 5), [[.5, 0, 0, 1], [0, 0, 4, 2], [0, -.75, 0, 3]])
four = values("i2", (2, 4, 3, 2))
in_space = ["space: LPS", "space origin: (-10,20.5,30)"]
case("vector first", {"a.nrrd": header(basic(sizes=(2, 4, 3, 2), extra=in_space + ["space directions: none (0.5,0,0) (0,0.75,0) (0,0,2)", "kinds: vector domain domain domain"])) + four.tobytes()},
     np.moveaxis(four, -1, 0), AFFINE, channels=["vector"])
last = values("i2", (4, 3, 2, 2))
case("list last", {"a.nrrd": header(basic(sizes=(4, 3, 2, 2), extra=in_space + ["space directions: (0.5,0,0) (0,0.75,0) (0,0,2) none", "kinds: domain domain domain list"])) + last.tobytes()},
     last, AFFINE, channels=["list"])
middle = values("i2", (4, 2, 3, 2))
case("list in the middle", {"a.nrrd": header(basic(sizes=(4, 2, 3, 2), extra=in_space + ["space directions: (0.5,0,0) none (0,0.75,0) (0,0,2)", "kinds: domain list domain domain"])) + middle.tobytes()},
     np.moveaxis(middle, 2, 0), AFFINE, channels=["list"])
colour = values("u1", (3, 4, 3, 2))
case("colour first", {"a.nrrd": header(basic("uchar", sizes=(3, 4, 3, 2), extra=in_space + ["space directions: none (0.5,0,0) (0,0.75,0) (0,0,2)", "kinds: RGB-color domain domain domain"])) + colour.tobytes()},
     np.moveaxis(colour, -1, 0), AFFINE, channels=["color"])
picture = values("u1", (4, 5, 3))
case("colour picture", {"a.nrrd": header(basic("uchar", sizes=(4, 5, 3), extra=["kinds: RGBA-color domain domain"])) + picture.tobytes()},
     np.moveaxis(picture, -1, 0).reshape(4, 1, 3, 5), None, None, channels=["color"])
time = values("i2", (4, 3, 2, 3))
case("time as fourth dimension of space", {"a.nrrd": header(basic(sizes=(4, 3, 2, 3), extra=["space: right-anterior-superior-time", "space directions: (-0.5,0,0,0) (0,-0.75,0,0) (0,0,2,0) (0,0,0,1.5)", "space origin: (10,-20.5,30,4)"])) + time.tobytes()},
     time, AFFINE, channels=["time"])
case("time as kind", {"a.nrrd": header(basic(sizes=(4, 3, 2, 3), extra=in_space + ["space directions: (0.5,0,0) (0,0.75,0) (0,0,2) none", "kinds: domain domain domain time"])) + time.tobytes()},
     time, AFFINE, channels=["time"])
five = values("i2", (2, 4, 3, 2, 3))
case("five dimensions", {"a.nrrd": header(basic(sizes=(2, 4, 3, 2, 3), extra=in_space + ["space directions: none (0.5,0,0) (0,0.75,0) (0,0,2) none", "kinds: complex space space space list"])) + five.tobytes()},
     np.moveaxis(five, -1, 1), AFFINE, channels=["list", "complex"])
tensor = values("f4", (6, 4, 3, 2))
case("symmetric matrices", {"a.nrrd": header(basic("float", sizes=(6, 4, 3, 2), extra=in_space + ["space directions: none (0.5,0,0) (0,0.75,0) (0,0,2)", "kinds: 3D-symmetric-matrix domain domain domain", "measurement frame: (1,0,0) (0,1,0) (0,0,1)"])) + tensor.tobytes()},
     np.moveaxis(tensor, -1, 0), AFFINE, channels=["3d-symmetric-matrix"])
case("a slice in space as three axes", {"a.nrrd": header(basic(sizes=(4, 3, 1))) + array[0].tobytes()}, array[:1], AFFINE)

# Spelling.
spelled = ["Type: SHORT", "DIMENSION: 3", "sizes:  4  3 2 ", *LPS, "endian: LITTLE", "encoding: RAW", "# a comment", "key:=value with \\n line"]
case("spelling and line ends of Windows", {"a.nrrd": header(spelled, "NRRD0004", "\r\n") + little("raw")}, array, AFFINE)
case("the first version", {"a.nrrd": header(basic(extra=["spacings: 1 1 3"]), "NRRD0001") + little("raw")}, array, None, [1, 1, 3])
json.dump({"python": sys.version.split()[0], "numpy": np.__version__, "cases": cases}, sys.stdout, separators=(",", ":"))
