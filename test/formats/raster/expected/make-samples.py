"""Small pictures in every variant of PNG, BMP, TIFF, JPEG, WebP and GIF, with the values that they hold.

PNG and the BMP variants that Pillow does not write are put together here byte by byte and their values known by
construction; where Pillow or tifffile can read them, it must agree. The rest is written by Pillow and tifffile.

/usr/bin/python3 make-samples.py > samples.json
"""
import base64, hashlib, io, json, struct, sys, zlib
import numpy as np
import PIL
import tifffile
from PIL import Image, features

random = np.random.default_rng(7)
cases = []


def planes(array):
    """[h, w] or [h, w, c] to [depth 1, h, w] or [c, 1, h, w]."""
    return array[None] if array.ndim == 2 else np.moveaxis(array, -1, 0)[:, None]


def case(name, data, values, tolerance=0, spacing=None, channels=None):
    values = np.ascontiguousarray(values)
    names = channels if channels is not None else (["color"] if values.ndim == 4 else [])
    cases.append({
        "name": name, "deflated": base64.b64encode(zlib.compress(data, 9)).decode(), "shape": list(values.shape), "type": str(values.dtype),
        **({"tolerance": tolerance, "values": base64.b64encode(zlib.compress(values.tobytes(), 9)).decode()} if tolerance else
           {"sha256": hashlib.sha256(values.astype("<f8").tobytes()).hexdigest()[:16]}),
        **({"spacing": spacing} if spacing else {}), "channels": names,
    })


# ---- PNG
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def filtered(rows, step):
    """Every row with another filter, 0 to 4 in turn."""
    out, above = b"", bytes(len(rows[0])) if rows else b""
    for y, row in enumerate(rows):
        kind, line = y % 5, bytearray()
        for at, byte in enumerate(row):
            a = row[at - step] if at >= step else 0
            b, c = above[at], (above[at - step] if at >= step else 0)
            p = a + b - c
            paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            line.append((byte - (0, a, b, (a + b) // 2, paeth)[kind]) & 255)
        out += bytes([kind]) + bytes(line)
        above = row
    return out


def packed_rows(samples, bits):
    """[h, w, s] samples as rows of bytes."""
    rows = []
    for row in samples:
        text = "".join(format(int(v), f"0{bits}b") for v in row.ravel())
        text += "0" * (-len(text) % 8)
        rows.append(bytes(int(text[at:at + 8], 2) for at in range(0, len(text), 8)))
    return rows


def png(samples, bits, colour, interlaced=False, extra=b"", splits=1):
    height, width, count = samples.shape
    step = max(1, count * bits // 8)
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)] if interlaced else [(0, 0, 1, 1)]
    raw = b""
    for x0, y0, dx, dy in passes:
        part = samples[y0::dy, x0::dx]
        if part.size:
            raw += filtered(packed_rows(part, bits), step)
    stream = zlib.compress(raw)
    size = -(-len(stream) // splits)
    body = b"".join(chunk(b"IDAT", stream[at:at + size]) for at in range(0, len(stream), size))
    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, int(interlaced))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + body + chunk(b"IEND", b"")


def agrees_with_pillow(data, values):
    found = np.asarray(Image.open(io.BytesIO(data)))
    assert np.array_equal(found.astype(float), values.astype(float)), "Pillow reads other values"


for interlaced in (False, True):
    way = ", interlaced" if interlaced else ""
    for bits in (1, 2, 4, 8, 16):
        grey = random.integers(0, 2**bits, (9, 13, 1))
        values = (grey * (255 // (2**bits - 1)) if bits < 8 else grey).astype("u2" if bits == 16 else "u1")[..., 0]
        data = png(grey, bits, 0, interlaced)
        if bits != 1:
            agrees_with_pillow(data, values)
        case(f"PNG grey of {bits} bit{way}", data, planes(values))
        key = int(grey[3, 3, 0])
        keyed = np.where(grey == key, 0, 255 if bits < 16 else 65535).astype(values.dtype)
        four = np.concatenate([values[..., None]] * 3 + [keyed], -1)
        case(f"PNG grey of {bits} bit with a transparent one{way}", png(grey, bits, 0, interlaced, chunk(b"tRNS", struct.pack(">H", key))), planes(four))
        if bits < 16:
            indices = random.integers(0, 2**bits, (9, 13, 1))
            table = random.integers(0, 256, (2**bits, 3)).astype("u1")
            colour = table[indices[..., 0]]
            plte = chunk(b"PLTE", table.tobytes())
            case(f"PNG palette of {bits} bit{way}", png(indices, bits, 3, interlaced, plte), planes(colour))
            alpha = random.integers(0, 255, 2**bits - 1).astype("u1")
            full = np.append(alpha, 255).astype("u1")[indices]
            case(f"PNG palette of {bits} bit with opacity{way}", png(indices, bits, 3, interlaced, plte + chunk(b"tRNS", alpha.tobytes())), planes(np.concatenate([colour, full], -1)))
    for bits in (8, 16):
        kind = "u1" if bits == 8 else "u2"
        rgba = random.integers(0, 2**bits, (9, 13, 4)).astype(kind)
        case(f"PNG RGB of {bits} bit{way}", png(rgba[..., :3], bits, 2, interlaced, splits=3), planes(rgba[..., :3]))
        case(f"PNG RGBA of {bits} bit{way}", png(rgba, bits, 6, interlaced), planes(rgba))
        opaque = rgba.copy()
        opaque[..., 3] = 2**bits - 1
        case(f"PNG RGBA of {bits} bit, opaque{way}", png(opaque, bits, 6, interlaced), planes(rgba[..., :3]))
        case(f"PNG grey and opacity of {bits} bit{way}", png(rgba[..., 2:], bits, 4, interlaced), planes(rgba[..., [2, 2, 2, 3]]))
        case(f"PNG grey and opacity of {bits} bit, opaque{way}", png(opaque[..., 2:], bits, 4, interlaced), planes(rgba[..., 2]))
        key = rgba[2, 2, :3]
        keyed = np.where((rgba[..., :3] == key).all(-1), 0, 2**bits - 1).astype(kind)
        case(f"PNG RGB of {bits} bit with a transparent one{way}", png(rgba[..., :3], bits, 2, interlaced, chunk(b"tRNS", struct.pack(">HHH", *key.tolist()))), planes(np.dstack([rgba[..., :3], keyed])))
for width, height in ((1, 1), (2, 3), (5, 1), (1, 8), (8, 8)):
    tiny = random.integers(0, 256, (height, width, 1))
    case(f"PNG of {width} × {height}, interlaced", png(tiny, 8, 0, True), planes(tiny[..., 0].astype("u1")))
greys = np.repeat(np.arange(0, 256, 17, dtype="u1")[:, None], 3, 1)
indices = random.integers(0, 16, (9, 13, 1))
case("PNG palette of greys", png(indices, 4, 3, False, chunk(b"PLTE", greys.tobytes())), planes(greys[indices[..., 0], 0]))
grey8 = random.integers(0, 256, (9, 13)).astype("u1")
rgb8 = random.integers(0, 256, (9, 13, 3)).astype("u1")
rgba8 = random.integers(0, 256, (9, 13, 4)).astype("u1")


def saved(image, **options):
    target = io.BytesIO()
    image.save(target, **options)
    return target.getvalue()


case("PNG with resolution", saved(Image.fromarray(grey8), format="PNG", dpi=(300, 300)), planes(grey8))

# ---- BMP
for name, image, values in (("grey", Image.fromarray(grey8), grey8), ("RGB", Image.fromarray(rgb8), rgb8), ("RGBA, whose fourth byte BMP leaves undefined", Image.fromarray(rgba8), rgba8[..., :3]),
                            ("one bit", Image.fromarray(grey8 > 99), np.where(grey8 > 99, 255, 0).astype("u1"))):
    case(f"BMP {name}", saved(image, format="BMP"), planes(values))


def bmp(body, width, height, bits, compression=0, table=b"", extra=b""):
    start = 14 + 40 + len(extra) + len(table)
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(body), 2835, 2835, len(table) // 4, 0)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + info + extra + table + body


def bmp_rows(samples, bits):
    rows = packed_rows(samples[..., None], bits)
    return [row + bytes(-len(row) % 4) for row in rows]


for bits in (1, 2, 4, 8):
    indices = random.integers(0, 2**bits, (9, 13))
    table = random.integers(0, 256, (2**bits, 3)).astype("u1")
    quads = b"".join(bytes([b, g, r, 0]) for r, g, b in table.tolist())
    rows = bmp_rows(indices, bits)
    case(f"BMP palette of {bits} bit", bmp(b"".join(rows[::-1]), 13, 9, bits, 0, quads), planes(table[indices]))
    case(f"BMP palette of {bits} bit, from the top", bmp(b"".join(rows), 13, -9, bits, 0, quads), planes(table[indices]))
    if bits >= 4:
        runs = np.repeat(indices[:, :5], [4, 1, 1, 5, 2], axis=1)
        body = b""
        for row in runs[::-1]:
            packed = lambda values: packed_rows(np.array(values)[None, :, None], bits)[0]
            both = lambda v: int(v) * (17 if bits == 4 else 1)
            literal = packed(row[4:9])
            body += bytes([4, both(row[0])]) + bytes([0, 5]) + literal + bytes(len(literal) % 2) + bytes([2, both(row[9]), 2, both(row[11])]) + b"\0\0"
        data = bmp(body + b"\0\1", 13, 9, bits, 1 if bits == 8 else 2, quads)
        expected = np.concatenate([runs[:, :4], runs[:, 4:9], runs[:, 9:10].repeat(2, 1), runs[:, 11:13]], 1)
        if bits == 8:  # Pillow 9 drops the last of an odd number of 4-bit literals
            agrees_with_pillow(data, expected)
        case(f"BMP runs of {bits} bit", data, planes(table[expected]))
        jump = bytes([3, both(1)]) + b"\0\2\2\1" + bytes([4, both(2)]) + b"\0\1"
        jumped = np.zeros((3, 9), int)
        jumped[2, :3], jumped[1, 5:9] = 1, 2
        case(f"BMP runs of {bits} bit with a jump", bmp(jump, 9, 3, bits, 1 if bits == 8 else 2, quads), planes(table[jumped]))
fives = random.integers(0, 32, (9, 13, 3))
words = (fives[..., 0] << 10) | (fives[..., 1] << 5) | fives[..., 2]
body = b"".join(row.astype("<u2").tobytes() + bytes(-len(row) * 2 % 4) for row in words[::-1])
case("BMP of 16 bits", bmp(body, 13, 9, 16), planes(np.round(fives * 255 / 31).astype("u1")))
sixes = np.dstack([fives[..., 0], random.integers(0, 64, (9, 13)), fives[..., 2]])
words = (sixes[..., 0] << 11) | (sixes[..., 1] << 5) | sixes[..., 2]
body = b"".join(row.astype("<u2").tobytes() + bytes(-len(row) * 2 % 4) for row in words[::-1])
case("BMP bit fields 5 6 5", bmp(body, 13, 9, 16, 3, extra=struct.pack("<III", 0xF800, 0x7E0, 0x1F)), planes(np.round(sixes * 255 / np.array([31, 63, 31])).astype("u1")))
body = np.dstack([rgb8[::-1, :, ::-1], np.full((9, 13), 77, "u1")]).tobytes()
case("BMP of 32 bits", bmp(body, 13, 9, 32), planes(rgb8))

# ---- TIFF
tiff = lambda array, **options: (lambda target: (tifffile.imwrite(target, array, **options), target.getvalue())[1])(io.BytesIO())
for kind in ("u1", "i1", "u2", "i2", "u4", "i4", "f2", "f4", "f8"):
    info = np.iinfo(kind) if kind[0] != "f" else None
    array = random.integers(info.min, info.max, (9, 13), dtype=kind, endpoint=True) if info else (random.standard_normal((9, 13)) * 99).astype(kind)
    values = array.astype("f4") if kind == "f2" else array
    for order in "<>":
        for big in (False, True):
            case(f"TIFF {kind}, {'little' if order == '<' else 'big'}-endian{', BigTIFF' if big else ''}", tiff(array, byteorder=order, bigtiff=big, photometric="minisblack"), planes(values))
    if kind in ("u1", "u2", "f4"):
        case(f"TIFF {kind}, tiles", tiff(np.pad(array, ((0, 8), (0, 5))), tile=(16, 16), photometric="minisblack"), planes(np.pad(values, ((0, 8), (0, 5)))))
u2 = random.integers(0, 65536, (11, 17)).astype("u2")
f4 = (random.standard_normal((11, 17)) * 9).astype("f4")
for compression in ("tiff_lzw", "tiff_adobe_deflate", "packbits"):
    for name, image, values in (("u1", Image.fromarray(rgb8), rgb8), ("u2", Image.fromarray(u2), u2), ("f4", Image.fromarray(f4), f4)):
        case(f"TIFF {name}, {compression}", saved(image, format="TIFF", compression=compression), planes(values))
        if compression != "packbits":
            predictor = 3 if name == "f4" else 2
            data = saved(image, format="TIFF", compression=compression, tiffinfo={317: predictor})
            case(f"TIFF {name}, {compression}, predictor {predictor}", data, planes(values))
for kind in ("u1", "u2", "u4", "f4"):
    array = u2.astype(kind) if kind != "f4" else f4
    try:
        for order in "<>":
            data = tiff(array, byteorder=order, compression="zlib", predictor=True, photometric="minisblack")
            case(f"TIFF {kind}, zlib, predictor, {order}", data, planes(array))
    except Exception as error:
        print("left out:", kind, error, file=sys.stderr)
long = np.tile(random.integers(0, 256, (40, 1)), (1, 150)).astype("u1") ^ random.integers(0, 4, (40, 150)).astype("u1")
case("TIFF LZW of many codes", saved(Image.fromarray(long), format="TIFF", compression="tiff_lzw"), planes(long))
case("TIFF planes apart", tiff(np.moveaxis(rgb8, -1, 0), planarconfig="separate", photometric="rgb"), planes(rgb8))
case("TIFF several strips", tiff(u2, rowsperstrip=3, photometric="minisblack"), planes(u2))
case("TIFF one bit", saved(Image.fromarray(grey8 > 99), format="TIFF"), planes(np.where(grey8 > 99, 255, 0).astype("u1")))
case("TIFF one bit, white is zero", saved(Image.fromarray(grey8 > 99), format="TIFF", tiffinfo={262: 0}), planes(np.where(np.asarray(Image.open(io.BytesIO(saved(Image.fromarray(grey8 > 99), format="TIFF", tiffinfo={262: 0})))), 255, 0).astype("u1")))
case("TIFF white is zero", tiff(grey8, photometric="miniswhite"), planes(255 - grey8))
paletted = Image.fromarray(rgb8).quantize(16)
case("TIFF palette", saved(paletted, format="TIFF"), planes(np.asarray(paletted.convert("RGB"))))
case("TIFF RGBA", saved(Image.fromarray(rgba8), format="TIFF"), planes(rgba8))
stack = random.integers(0, 4096, (3, 5, 7)).astype("u2")
case("TIFF pages", tiff(stack, photometric="minisblack", metadata=None), stack)
case("TIFF of ImageJ", tiff(stack, imagej=True, resolution=(2, 4), metadata={"axes": "ZYX", "spacing": 3, "unit": "um"}), stack, spacing=[.0005, .00025, .003])
hyper = random.integers(0, 4096, (2, 3, 2, 5, 7)).astype("u2")  # T Z C Y X
case("TIFF of ImageJ, times, slices, channels", tiff(hyper, imagej=True, resolution=(2, 4), metadata={"axes": "TZCYX", "spacing": 3, "unit": "mm"}), np.moveaxis(hyper, 2, 1), spacing=[.5, .25, 3], channels=["time", "channel"])
ome = {"axes": "CZYX", "PhysicalSizeX": .5, "PhysicalSizeY": .25, "PhysicalSizeZ": 2.0, "PhysicalSizeXUnit": "mm", "PhysicalSizeYUnit": "mm", "PhysicalSizeZUnit": "mm"}
case("TIFF of OME", tiff(hyper[0], ome=True, photometric="minisblack", metadata=ome), hyper[0], spacing=[.5, .25, 2], channels=["channel"])
case("TIFF with resolution on paper", saved(Image.fromarray(grey8), format="TIFF", dpi=(300, 300)), planes(grey8))
smooth = np.fromfunction(lambda y, x, c: 40 + 9 * y + 5 * x + 30 * c, (16, 16, 3)).astype("u1")
jpeg_tiff = saved(Image.fromarray(smooth), format="TIFF", compression="jpeg")
case("TIFF JPEG", jpeg_tiff, planes(np.asarray(Image.open(io.BytesIO(jpeg_tiff)))), tolerance=2)
jpeg_grey = saved(Image.fromarray(smooth[..., 0]), format="TIFF", compression="jpeg")
case("TIFF JPEG, grey", jpeg_grey, planes(np.asarray(Image.open(io.BytesIO(jpeg_grey)))), tolerance=1)

# ---- JPEG, WebP, GIF
def decoded(data, mode=None):
    image = Image.open(io.BytesIO(data))
    return np.asarray(image.convert(mode) if mode else image)


for name, image, options in (("grey", Image.fromarray(smooth[..., 0]), {}), ("RGB 4:4:4", Image.fromarray(smooth), {"subsampling": 0}),
                             ("RGB 4:2:0", Image.fromarray(smooth), {"subsampling": 2}), ("progressive", Image.fromarray(smooth), {"progressive": True})):
    data = saved(image, format="JPEG", quality=90, **options)
    case(f"JPEG {name}", data, planes(decoded(data)), tolerance=1)
for orientation in range(2, 9):
    exif = Image.Exif()
    exif[274] = orientation
    data = saved(Image.fromarray(smooth), format="JPEG", quality=90, subsampling=0, exif=exif)
    from PIL import ImageOps
    case(f"JPEG EXIF orientation {orientation}", data, planes(np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))))), tolerance=1)
if features.check("webp"):
    case("WebP lossless", saved(Image.fromarray(rgb8), format="WEBP", lossless=True), planes(rgb8))
data = saved(Image.fromarray(rgb8).quantize(32), format="GIF")
case("GIF", data, planes(decoded(data, "RGB")))
versions = {"python": sys.version.split()[0], "numpy": np.__version__, "Pillow": PIL.__version__, "tifffile": tifffile.__version__}
json.dump({"versions": versions, "cases": cases}, sys.stdout, separators=(",", ":"))
