"""Small MetaImage files of every type, byte order and arrangement, with what they mean by MetaIO's
documentation (https://itk.org/Wiki/MetaIO/Documentation), worked out here with numpy alone.

python3 make-samples.py > samples.json
"""
import base64, gzip, hashlib, json, sys, zlib
import numpy as np

SIZES = (4, 3, 2)
TYPES = {
    "MET_CHAR": "i1", "MET_UCHAR": "u1", "MET_SHORT": "i2", "MET_USHORT": "u2", "MET_INT": "i4", "MET_UINT": "u4",
    "MET_LONG": "i4", "MET_ULONG": "u4", "MET_LONG_LONG": "i8", "MET_ULONG_LONG": "u8", "MET_FLOAT": "f4", "MET_DOUBLE": "f8",
}
PLACE = {"TransformMatrix": "1 0 0 0 1 0 0 0 1", "Offset": "-10 20.5 30", "ElementSpacing": "0.5 0.75 2"}
AFFINE = [[.5, 0, 0, -10], [0, .75, 0, 20.5], [0, 0, 2, 30]]
cases = []


def values(dtype, sizes=SIZES):
    count = int(np.prod(sizes))
    kind = np.dtype(dtype)
    if kind.kind == "f":
        flat = (np.arange(count) - 7.25) * 1.37
    else:
        info = np.iinfo(kind)
        low, high = max(info.min, -2**40), min(info.max, 2**40)
        flat = np.array([low + (high - low) * at // (count - 1) for at in range(count)])
    return flat.astype(kind).reshape(sizes[::-1])


def header(type_name="MET_SHORT", sizes=SIZES, data="LOCAL", place=PLACE, msb="False", newline="\n", separator=" = ", **extra):
    fields = {"ObjectType": "Image", "NDims": len(sizes), "BinaryData": "True", "BinaryDataByteOrderMSB": msb, **place, **extra,
              "DimSize": " ".join(map(str, sizes)), "ElementType": type_name, "ElementDataFile": data}
    return "".join(f"{key}{separator}{value}{newline}" for key, value in fields.items() if value is not None).encode()


def case(name, files, image, affine=None, spacing=None, channels=()):
    """`image` has axes [channel…, k, j, i], its hash is of float64; the first file is the one to open."""
    cases.append({
        "name": name,
        "files": {file: base64.b64encode(data).decode() for file, data in files.items()},
        "shape": list(image.shape),
        "sha256": hashlib.sha256(np.ascontiguousarray(image, "<f8").tobytes()).hexdigest()[:16],
        **({"affine": affine} if affine is not None else {"spacing": spacing}),
        "channels": list(channels),
    })


for type_name, dtype in TYPES.items():
    array = values(dtype)
    for msb in ("False", "True") if np.dtype(dtype).itemsize > 1 else ("False",):
        raw = array.astype(array.dtype.newbyteorder(">" if msb == "True" else "<")).tobytes()
        case(f"{type_name}, MSB {msb}", {"a.mha": header(type_name, msb=msb) + raw}, array, AFFINE)
        case(f"{type_name}, MSB {msb}, compressed, beside", {"a.mhd": header(type_name, msb=msb, data="a.zraw", CompressedData="True"), "a.zraw": zlib.compress(raw)}, array, AFFINE)
array = values("i2")
raw, big = array.tobytes(), array.astype(">i2").tobytes()
packed = zlib.compress(raw)
text = " ".join(map(str, array.ravel().tolist())).encode()
floats = values("f8")
case("text", {"a.mha": header(BinaryData="False") + text + b"\n"}, array, AFFINE)
case("text of floats, beside", {"a.mhd": header("MET_DOUBLE", BinaryData="False", data="a.txt"), "a.txt": "\n".join(map(repr, floats.ravel().tolist())).encode()}, floats, AFFINE)
case("compressed with its size told", {"a.mha": header(CompressedData="True", CompressedDataSize=len(packed)) + packed + b"more"}, array, AFFINE)
case("compressed as gzip", {"a.mha": header(CompressedData="True") + gzip.compress(raw, mtime=0)}, array, AFFINE)
case("ElementByteOrderMSB", {"a.mha": header(msb=None, ElementByteOrderMSB="True") + big}, array, AFFINE)
case("beside", {"a.mhd": header(data="a.raw"), "a.raw": raw}, array, AFFINE)
case("HeaderSize", {"a.mhd": header(data="a.raw", HeaderSize=7), "a.raw": b"1234567" + raw}, array, AFFINE)
case("HeaderSize -1", {"a.mhd": header(data="a.raw", HeaderSize=-1), "a.raw": b"any bytes" + raw}, array, AFFINE)
slices = {f"s{at + 1:03d}.raw": array[at].tobytes() for at in range(2)}
case("LIST", {"a.mhd": header(data="LIST\n" + "\n".join(slices)), **slices}, array, AFFINE)
case("LIST 2", {"a.mhd": header(data="LIST 2\n" + "\n".join(slices)), **slices}, array, AFFINE)
case("LIST, HeaderSize -1", {"a.mhd": header(HeaderSize=-1, data="LIST\n" + "\n".join(slices)), **{k: b"skip" + v for k, v in slices.items()}}, array, AFFINE)
case("pattern", {"a.mhd": header(data="s%03d.raw 1 2 1"), **slices}, array, AFFINE)
case("pattern with a step", {"a.mhd": header(data="s%d.raw 10 12 2"), "s10.raw": array[0].tobytes(), "s12.raw": array[1].tobytes()}, array, AFFINE)
case("pattern alone", {"a.mhd": header(data="s%03d.raw"), **slices}, array, AFFINE)

# Rows of the matrix are the directions of the axes.
c, s = np.cos(.3), np.sin(.3)
rows = np.array([[c, s, 0], [-s, c, 0], [0, 0, -1]])
turned = [[rows[col][row] * step for col, step in enumerate((.5, .75, 2))] + [start] for row, start in enumerate((-10, 20.5, 30))]
matrix = " ".join(map(repr, rows.ravel().tolist()))
for direction in ("TransformMatrix", "Rotation", "Orientation"):
    for origin in ("Offset", "Origin", "Position"):
        place = {direction: matrix, origin: "-10 20.5 30", "ElementSpacing": "0.5 0.75 2", "CenterOfRotation": "1 2 3"}
        case(f"{direction} and {origin}", {"a.mha": header(place=place) + raw}, array, turned)
case("AnatomicalOrientation that contradicts", {"a.mha": header(AnatomicalOrientation="LPI") + raw}, array, AFFINE)
case("ElementSize for spacing", {"a.mha": header(place={**PLACE, "ElementSpacing": None, "ElementSize": "0.5 0.75 2"}) + raw}, array, AFFINE)
case("ElementSize beside ElementSpacing", {"a.mha": header(ElementSize="9 9 9") + raw}, array, AFFINE)
case("DistanceUnits cm", {"a.mha": header(DistanceUnits="cm") + raw}, array, [[10 * v for v in row] for row in AFFINE])
case("no Offset", {"a.mha": header(place={**PLACE, "Offset": None}) + raw}, array, None, [.5, .75, 2])
case("no TransformMatrix", {"a.mha": header(place={**PLACE, "TransformMatrix": None}) + raw}, array, None, [.5, .75, 2])
case("no place at all", {"a.mha": header(place={}) + raw}, array, None, None)
case("rescaled", {"a.mha": header(ElementToIntensityFunctionSlope=2, ElementToIntensityFunctionOffset=-1000) + raw}, array * 2. - 1000, AFFINE)

two = values("u1", (5, 3))
flat = {"TransformMatrix": "1 0 0 1", "Offset": "0 0", "ElementSpacing": "0.5 0.75"}
case("two dimensions", {"a.mha": header("MET_UCHAR", sizes=(5, 3), place=flat) + two.tobytes()}, two.reshape(1, 3, 5), None, [.5, .75, 1])
colour = values("u1", (3, 5, 3))
case("colours", {"a.mha": header("MET_UCHAR", sizes=(5, 3), place=flat, ElementNumberOfChannels=3) + colour.tobytes()}, np.moveaxis(colour, -1, 0).reshape(3, 1, 3, 5), None, [.5, .75, 1], ["color"])
colours = values("u1", (3, 4, 3, 2))
case("colours as an array type", {"a.mha": header("MET_UCHAR_ARRAY", ElementNumberOfChannels=3) + colours.tobytes()}, np.moveaxis(colours, -1, 0), AFFINE, channels=["color"])
field = values("f4", (3, 4, 3, 2))
case("a displacement field", {"a.mha": header("MET_FLOAT", ElementNumberOfChannels=3) + field.tobytes()}, np.moveaxis(field, -1, 0), AFFINE, channels=["vector"])
four = values("i2", (4, 3, 2, 3))
later = {"TransformMatrix": " ".join(map(str, np.eye(4, dtype=int).ravel())), "Offset": "-10 20.5 30 4", "ElementSpacing": "0.5 0.75 2 1.5"}
case("four dimensions", {"a.mha": header(sizes=(4, 3, 2, 3), place=later) + four.tobytes()}, four, AFFINE, channels=["time"])
case("line ends of Windows", {"a.mhd": header(data="a.raw", newline="\r\n"), "a.raw": raw}, array, AFFINE)
case("colons and comments", {"a.mha": header(separator=": ", Comment="made by hand = or so") + raw}, array, AFFINE)
case("data beside with a name in blanks", {"a.mhd": header(data="a file.raw"), "a file.raw": raw}, array, AFFINE)
json.dump({"python": sys.version.split()[0], "numpy": np.__version__, "cases": cases}, sys.stdout, separators=(",", ":"))
