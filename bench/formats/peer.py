"""The side of pydicom, nibabel and numpy in the formats benchmark: the same as ours.js, prints one line of JSON."""

import gc
import json
import os
import re
import sys
import time
import zlib

import numpy as np

folder, name, repeats = sys.argv[1], sys.argv[2], int(sys.argv[3])
if "nii" in name:
    import nibabel
elif "nrrd" not in name:
    import pydicom


def read_nifti():
    return np.asanyarray(nibabel.load(f"{folder}/grey.nii.gz").dataobj)


def write_nifti(level):
    image = nibabel.load(f"{folder}/grey.nii.gz")
    data = np.asanyarray(image.dataobj)
    affine = image.affine

    def work():
        path = f"{folder}/theirs.nii.gz"
        nibabel.openers.Opener.default_compresslevel = level
        nibabel.save(nibabel.Nifti1Image(data, affine), path)
        return np.array([os.path.getsize(path)])

    return work


def read_nrrd():
    with open(f"{folder}/grey.nrrd", "rb") as file:
        content = file.read()
    start = content.index(b"\n\n") + 2
    return np.frombuffer(zlib.decompress(content[start:], 31), "<i2").reshape(256, 256, 256)


def files(folder):
    return [entry.path for entry in os.scandir(folder)]


def read_series(folder):
    """Positions along the normal, rescale and affine, as the documentation and every tutorial of pydicom do it."""
    slices = [pydicom.dcmread(path) for path in files(folder)]
    x, y = np.split(np.array(slices[0].ImageOrientationPatient, float), 2)
    normal = np.cross(x, y)
    places = [normal @ np.array(one.ImagePositionPatient, float) for one in slices]
    order = np.argsort(places)
    slices = [slices[at] for at in order]
    rows, columns = slices[0].Rows, slices[0].Columns
    volume = np.empty((len(slices), rows, columns), np.int16)
    for at, one in enumerate(slices):
        volume[at] = one.pixel_array * int(one.RescaleSlope) + int(one.RescaleIntercept)
    gaps = np.diff(np.array(places)[order])
    assert np.allclose(gaps, gaps[0])
    affine = np.eye(4)
    row_mm, column_mm = map(float, slices[0].PixelSpacing)
    affine[:3] = np.stack(
        [x * column_mm, y * row_mm, normal * gaps[0], slices[0].ImagePositionPatient], 1
    )
    return volume


def list_series(folder):
    """Headers alone, sorted into series by place."""
    series = {}
    for path in files(folder):
        one = pydicom.dcmread(path, stop_before_pixels=True)
        place = [float(value) for value in one.ImagePositionPatient]
        series.setdefault((one.StudyInstanceUID, one.SeriesInstanceUID), []).append((place, path))
    for slices in series.values():
        slices.sort()
    return np.array([sum(map(len, series.values()))])


CASES = {
    "read 256³ int16 .nii.gz": lambda: read_nifti,
    "write 256³ int16 .nii.gz, level 1": lambda: write_nifti(1),
    "write 256³ int16 .nii.gz, level 6": lambda: write_nifti(6),
    "read 256³ int16 .nrrd, gzipped": lambda: read_nrrd,
    "CT series, uncompressed": lambda: lambda: read_series(f"{folder}/plain"),
    "CT series, signed": lambda: lambda: read_series(f"{folder}/signed"),
    "CT series, JPEG 2000 lossless": lambda: lambda: read_series(f"{folder}/packed"),
    "CT series, listed": lambda: lambda: list_series(f"{folder}/plain"),
    "10,000 slices, listed": lambda: lambda: list_series(f"{folder}/many"),
}


def status(field):
    with open("/proc/self/status") as lines:
        return 1024 * int(re.search(field + r":\s+(\d+) kB", lines.read())[1])


work = CASES[name]()
gc.collect()
with open("/proc/self/clear_refs", "w") as clear:
    clear.write("5")
started = status("VmRSS")
times = []
for turn in range(repeats + 1):
    start = time.perf_counter()
    result = work()
    times.append(1000 * (time.perf_counter() - start))
    if turn == 0:
        peak = status("VmHWM") - started
        # The order of voxels in memory, as the other side has it.
        flat = result.ravel(order="F" if "nii" in name else "C")
        check = int(flat[::97].sum(dtype=np.int64))
    del result
print(json.dumps({"firstMs": times[0], "bestMs": min(times), "check": check, "bytes": peak}))
