"""Makes small volumes with nibabel, in every element type, byte order and kind of header, and writes down what
nibabel reads from them.

    /usr/bin/python3 test/formats/images/expected/make-samples.py > test/formats/images/expected/samples.json
"""

import base64
import gzip
import json
import sys
import tempfile
from pathlib import Path

import nibabel
import numpy
from nibabel.nifti1 import Nifti1Extension
from volumes import described

random = numpy.random.default_rng(20)
turned = numpy.linalg.qr(numpy.array([[0.9, 0.2, 0.1], [-0.2, 0.8, 0.3], [0.05, -0.3, 1.0]]))[0]
OBLIQUE = numpy.eye(4)
OBLIQUE[:3, :3] = turned @ numpy.diag([0.5, 0.75, 3.0])
OBLIQUE[:3, 3] = [-11.5, 20.25, 7]
MIRRORED = OBLIQUE @ numpy.diag([1, 1, -1, 1])
samples = []


def add(name, image, extensions=(), place=True, files=(".nii",)):
    """Saves the image, reads it again and keeps both."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"scan{files[-1]}"
        nibabel.save(image, path)
        # SPM's second file with a transform is no part of the format.
        path.with_suffix(".mat").unlink(missing_ok=True)
        kept = {f"scan{ending}": packed((Path(folder) / f"scan{ending}").read_bytes()) for ending in files}
        read = nibabel.load(path)
        samples.append({"name": name, "files": kept, "open": f"scan{files[-1]}", **described(read, place)})


def packed(data):
    return base64.b64encode(gzip.compress(data, mtime=0)).decode()


def whole(dtype, shape=(4, 3, 2)):
    info = numpy.iinfo(dtype)
    values = random.integers(info.min, info.max, shape, dtype=dtype, endpoint=True)
    values.flat[0], values.flat[-1] = info.min, info.max
    return values


def real(dtype, shape=(4, 3, 2)):
    return random.normal(0, 100, shape).astype(dtype)


def image(values, version=1, endian="<", affine=OBLIQUE, pair=False):
    kinds = {
        (1, False): nibabel.Nifti1Image,
        (2, False): nibabel.Nifti2Image,
        (1, True): nibabel.Nifti1Pair,
        (2, True): nibabel.Nifti2Pair,
    }
    kind = kinds[version, pair]
    header = kind.header_class(endianness=endian)
    header.set_data_dtype(values.dtype)
    header.set_xyzt_units("mm", "sec")
    made = kind(values, affine, header)
    made.set_sform(affine, 1)
    made.set_qform(affine, 1)
    return made


small = {"int64": 2**31 - 1, "uint64": 2**31 - 1}
for version in (1, 2):
    for endian, order in (("<", "little"), (">", "big")):
        label = f"NIfTI-{version}, {order}-endian"
        for dtype in ("uint8", "int8", "int16", "uint16", "int32", "uint32"):
            add(f"{label}, {dtype}", image(whole(dtype), version, endian))
        for dtype in small:
            values = random.integers(0, small[dtype], (4, 3, 2), dtype=dtype, endpoint=True)
            add(f"{label}, {dtype} that fits into int32", image(values, version, endian))
            beyond = values.copy()
            beyond[0, 0, 0] = 2**53
            add(f"{label}, {dtype} that does not", image(beyond, version, endian))
        for dtype in ("float32", "float64"):
            add(f"{label}, {dtype}", image(real(dtype), version, endian))
        for dtype in ("complex64", "complex128"):
            values = (real("float64") + 1j * real("float64")).astype(dtype)
            add(f"{label}, {dtype}", image(values, version, endian))
        rgb = numpy.zeros((4, 3, 2), dtype=[("R", "u1"), ("G", "u1"), ("B", "u1")])
        rgba = numpy.zeros((4, 3, 2), dtype=[("R", "u1"), ("G", "u1"), ("B", "u1"), ("A", "u1")])
        for array in (rgb, rgba):
            for part in array.dtype.names:
                array[part] = whole("uint8")
            add(f"{label}, {len(array.dtype.names)} colours", image(array, version, endian))


def add_scaled(dtype, slope, inter):
    """Stored numbers, and a scale written over that of the header."""
    values = whole(dtype) if numpy.dtype(dtype).kind in "iu" else real(dtype)
    data = bytearray(image(values).to_bytes())
    data[112:120] = numpy.array([slope, inter], "<f4").tobytes()
    read = nibabel.Nifti1Image.from_bytes(bytes(data))
    name = f"{dtype} scaled by {slope} and shifted by {inter}"
    kept = {"scan.nii": packed(bytes(data))}
    samples.append({"name": name, "files": kept, "open": "scan.nii", **described(read)})


for dtype in ("uint8", "int16", "uint16", "int32", "float32", "float64"):
    add_scaled(dtype, 0.7, -1024)
add_scaled("int16", 1, 0)
add_scaled("int16", 0, 5)
add_scaled("int16", numpy.nan, 5)
add_scaled("int16", -2, 0.5)
add_scaled("uint8", 1, -1024)

add("mirrored axes (qfac −1)", image(whole("int16"), affine=MIRRORED))
only_qform = image(whole("int16"), affine=MIRRORED)
only_qform.set_sform(None, 0)
add("qform only", only_qform)
only_sform = image(whole("int16"))
only_sform.set_qform(None, 0)
add("sform only", only_sform)
half_turn = image(whole("int16"), affine=numpy.diag([-2.0, -2, 2, 1]))
half_turn.set_sform(None, 0)
add("qform of half a turn", half_turn)
neither = image(whole("int16"))
neither.set_sform(None, 0)
neither.set_qform(None, 0)
add("no place", neither, place=False)

for shape in ((4,), (4, 3), (4, 3, 1), (4, 3, 2, 5), (4, 3, 2, 1), (4, 3, 2, 1, 3), (4, 3, 2, 5, 3), (2, 2, 2, 2, 2, 2, 3)):
    add(f"{len(shape)} axes, {' × '.join(map(str, shape))}", image(whole("int16", shape), affine=numpy.diag([2.0, 2, 2, 1])))

extended = image(whole("int16"))
extended.header.extensions.append(Nifti1Extension("comment", b"a first comment"))
extended.header.extensions.append(Nifti1Extension("afni", b"<AFNI/>"))
add("extensions", extended)

for version in (1, 2):
    add(f"pair, NIfTI-{version}", image(whole("int16"), version, pair=True), files=(".hdr", ".img"))
add("gzipped", image(whole("int16")), files=(".nii.gz",))

for dtype in ("uint8", "int16", "int32", "float32"):
    values = whole(dtype, (4, 3, 2, 3)) if dtype != "float32" else real(dtype, (4, 3, 2, 3))
    add(f"MGH, {dtype}", nibabel.MGHImage(values, MIRRORED), files=(".mgh",))
add("MGZ", nibabel.MGHImage(whole("int16"), OBLIQUE), files=(".mgz",))

for kind, label in ((nibabel.AnalyzeImage, "Analyze"), (nibabel.Spm99AnalyzeImage, "Analyze by SPM")):
    for endian, order in (("<", "little"), (">", "big")):
        for dtype in ("uint8", "int16", "int32", "float32"):
            values = whole(dtype) if dtype != "float32" else real(dtype)
            made = kind(values, numpy.diag([-2.0, 2, 3, 1]), kind.header_class(endianness=endian))
            made.set_data_dtype(dtype)
            add(f"{label}, {order}-endian, {dtype}", made, files=(".hdr", ".img"))
placed = numpy.array([[-2.0, 0, 0, 2], [0, 2, 0, -4], [0, 0, 3, -3], [0, 0, 0, 1]])
add("Analyze with SPM's origin", nibabel.Spm99AnalyzeImage(whole("int16"), placed), files=(".hdr", ".img"))

json.dump(
    {
        "made_with": {"nibabel": nibabel.__version__, "numpy": numpy.__version__},
        "samples": samples,
    },
    sys.stdout,
    indent=1,
    ensure_ascii=False,
)
