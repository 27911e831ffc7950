"""Slides as pydicom and numpy put them together: of ../shared/data/dicom/highdicom hashes, of small files made here all pixels.

Run from the root of the checkout: python3 test/formats/dicom/slide/expected/make-slides.py
"""

import base64
import hashlib
import io
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pydicom
from PIL import Image, ImageCms
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian

SHARED = Path("../shared/data/dicom/highdicom")
OUT = Path(__file__).with_name("slides.json")
SLIDE = "1.2.840.10008.5.1.4.1.1.77.1.6"
SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"
LABEL_MAP = "1.2.840.10008.5.1.4.1.1.66.7"

warnings.simplefilter("ignore")
random = np.random.default_rng(7)


def positions(ds):
    """Of each frame: first column and row from 0, focal plane (mm), optical path, segment (PS3.3 C.7.6.17.3)."""
    per_frame = ds.get("PerFrameFunctionalGroupsSequence")
    if ds.get("DimensionOrganizationType") != "TILED_FULL":
        for item in per_frame:
            place = item.PlanePositionSlideSequence[0]
            segment = item.get("SegmentIdentificationSequence")
            path = item.get("OpticalPathIdentificationSequence")
            yield (
                place.ColumnPositionInTotalImagePixelMatrix - 1,
                place.RowPositionInTotalImagePixelMatrix - 1,
                float(place.get("ZOffsetInSlideCoordinateSystem", 0)),
                path[0].OpticalPathIdentifier if path else "",
                segment[0].ReferencedSegmentNumber if segment else 0,
            )
        return
    layers = [("", 0)]
    if ds.get("SegmentationType") in ("BINARY", "FRACTIONAL"):
        layers = [("", number) for number in sorted(s.SegmentNumber for s in ds.SegmentSequence)]
    elif ds.SOPClassUID == SLIDE:
        layers = [(p.OpticalPathIdentifier, 0) for p in ds.OpticalPathSequence]
    step = ds.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].get("SpacingBetweenSlices", 0)
    places = [
        (x, y, float(z * step), path, segment)
        for path, segment in layers
        for z in range(ds.get("TotalPixelMatrixFocalPlanes", 1))
        for y in range(0, ds.TotalPixelMatrixRows, ds.Rows)
        for x in range(0, ds.TotalPixelMatrixColumns, ds.Columns)
    ]
    first = ds.get("ConcatenationFrameOffsetNumber", 0)
    yield from places[first : first + int(ds.get("NumberOfFrames", 1))]


def assemble(parts, background=0):
    """[colour, path or segment, focal plane, row, column] without the axes of length 1 but the last two."""
    places = [list(positions(ds)) for ds in parts]
    every = [place for some in places for place in some]
    layers = list(dict.fromkeys((path, segment) for *_, path, segment in every))
    if parts[0].SOPClassUID != SLIDE:
        layers.sort()
    depths = sorted({z for _, _, z, _, _ in every})
    frames = [ds.pixel_array.reshape(int(ds.get("NumberOfFrames", 1)), ds.Rows, ds.Columns, -1) for ds in parts]
    rows, columns = parts[0].TotalPixelMatrixRows, parts[0].TotalPixelMatrixColumns
    shape = (frames[0].shape[-1], len(layers), len(depths), rows, columns)
    whole = np.empty(shape, frames[0].dtype)
    whole[:] = np.reshape(background, (-1, 1, 1, 1, 1))
    for own, pixels in zip(places, frames):
        for (x, y, z, path, segment), tile in zip(own, pixels):
            high, wide = min(tile.shape[0], rows - y), min(tile.shape[1], columns - x)
            at = layers.index((path, segment)), depths.index(z)
            whole[:, at[0], at[1], y : y + high, x : x + wide] = np.moveaxis(tile[:high, :wide], -1, 0)
    return whole, [segment for _, segment in layers]



def shared():
    expected = {}
    for path in sorted(SHARED.glob("*sm_*.dcm")):
        ds = pydicom.dcmread(path)
        if "TotalPixelMatrixRows" not in ds:
            continue
        if ds.file_meta.TransferSyntaxUID.is_compressed:
            # The same picture as the uncompressed file.
            ds = pydicom.dcmread(SHARED / "sm_image.dcm")
        whole, numbers = assemble([ds])
        if ds.get("SegmentationType") == "BINARY":
            whole = (whole[0] * np.array(numbers, np.uint8)[:, None, None, None]).max(axis=0)
        data = np.ascontiguousarray(whole).astype(whole.dtype.newbyteorder("<"))
        expected[path.name] = hashlib.sha256(data.tobytes()).hexdigest()[:16]
    return expected


def tiled(sop_class, size, tile, pixels, **more):
    """A file of tiles; pixels are [frame, row, column] or [frame, row, column, 3]."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop_class
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPInstanceUID = f"1.2.3.4.{random.integers(10**9)}"
    ds = FileDataset(None, {}, file_meta=meta, preamble=b"\0" * 128)
    ds.is_little_endian, ds.is_implicit_VR = True, False
    ds.SOPClassUID, ds.SOPInstanceUID = sop_class, meta.MediaStorageSOPInstanceUID
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.FrameOfReferenceUID = "1.2.3", "1.2.3.1", "1.2.3.9"
    ds.Modality = "SM" if sop_class == SLIDE else "SEG"
    ds.ImageType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    ds.TotalPixelMatrixColumns, ds.TotalPixelMatrixRows = size
    ds.Columns, ds.Rows = tile
    ds.NumberOfFrames = len(pixels)
    ds.SamplesPerPixel = 3 if pixels.ndim == 4 else 1
    ds.PhotometricInterpretation = "RGB" if pixels.ndim == 4 else "MONOCHROME2"
    if pixels.ndim == 4:
        ds.PlanarConfiguration = 0
    ds.BitsAllocated = ds.BitsStored = pixels.dtype.itemsize * 8
    ds.HighBit, ds.PixelRepresentation = ds.BitsStored - 1, 0
    origin = Dataset()
    origin.XOffsetInSlideCoordinateSystem, origin.YOffsetInSlideCoordinateSystem = 20, 30.5
    ds.TotalPixelMatrixOriginSequence = Sequence([origin])
    ds.ImageOrientationSlide = [0, -1, 0, -1, 0, 0]
    measures = Dataset()
    measures.PixelSpacing, measures.SliceThickness = [0.002, 0.001], 0.01
    measures.SpacingBetweenSlices = 0.005
    groups = Dataset()
    groups.PixelMeasuresSequence = Sequence([measures])
    ds.SharedFunctionalGroupsSequence = Sequence([groups])
    ds.PixelData = pixels.tobytes() + b"\0" * (pixels.nbytes % 2)
    for keyword, value in more.items():
        setattr(ds, keyword, value)
    return ds


def at(column, row, depth=0, path=None, segment=None):
    place, item = Dataset(), Dataset()
    place.ColumnPositionInTotalImagePixelMatrix, place.RowPositionInTotalImagePixelMatrix = column, row
    place.ZOffsetInSlideCoordinateSystem = depth
    item.PlanePositionSlideSequence = Sequence([place])
    if path:
        item.OpticalPathIdentificationSequence = Sequence([of(OpticalPathIdentifier=path)])
    if segment is not None:
        item.SegmentIdentificationSequence = Sequence([of(ReferencedSegmentNumber=segment)])
    return item


def of(**attributes):
    ds = Dataset()
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    return ds


def sparse(*places):
    return {
        "DimensionOrganizationType": "TILED_SPARSE",
        "PerFrameFunctionalGroupsSequence": Sequence([at(*place[:2], **(place[2] if place[2:] else {})) for place in places]),
    }


def segments(*numbers):
    return Sequence([of(SegmentNumber=n, SegmentLabel=f"Segment {n}") for n in numbers])


def paths(*names):
    return Sequence([of(OpticalPathIdentifier=name) for name in names])


def bytes_of(*shape, most=256, kind=np.uint8):
    return random.integers(0, most, shape).astype(kind)


def srgb_of_lab(lightness, a, b):
    """By Little CMS, whose profile connection space is DICOM's: D50."""
    lab = Image.new("LAB", (1, 1), (round(lightness * 255 / 100), a + 128, b + 128))
    profiles = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    # Flags: no optimisation, whose table in 8 bits is coarse. Intent: relative colorimetric.
    way = ImageCms.buildTransform(*profiles, "LAB", "RGB", 1, 0x0100)
    return ImageCms.applyTransform(lab, way).getpixel((0, 0))


def lab_words(lightness, a, b):
    return [round(lightness / 100 * 65535), round((a + 128) / 255 * 65535), round((b + 128) / 255 * 65535)]


def made():
    full = {"DimensionOrganizationType": "TILED_FULL"}
    gap = sparse((1, 1), (4, 1), (4, 3))
    rgb = bytes_of(3, 2, 3, 3)
    pair = [bytes_of(3, 2, 3, 3), bytes_of(1, 2, 3, 3)]
    concatenated = {**full, "ConcatenationUID": "1.2.3.7", "OpticalPathSequence": paths("1")}
    labels_8 = bytes_of(4, 2, 3, most=4)
    lab = [60, 20, -50]
    yield "sparse tiles, a gap, tiles over the edge", [tiled(SLIDE, (5, 4), (3, 2), rgb, **gap)], 255
    yield "the recommended colour where tiles are absent", [
        tiled(SLIDE, (5, 4), (3, 2), rgb, **gap, RecommendedAbsentPixelCIELabValue=lab_words(*lab))
    ], srgb_of_lab(*lab)
    yield "two optical paths of two focal planes", [
        tiled(SLIDE, (4, 3), (3, 2), bytes_of(16, 2, 3, most=65536, kind=np.uint16), **full,
              TotalPixelMatrixFocalPlanes=2, OpticalPathSequence=paths("a", "b"))
    ], 0
    yield "sparse optical paths", [
        tiled(SLIDE, (3, 2), (3, 2), bytes_of(2, 2, 3), OpticalPathSequence=paths("a", "b"),
              **sparse((1, 1, {"path": "a"}), (1, 1, {"path": "b"})))
    ], 0
    yield "a concatenation of two files", [
        tiled(SLIDE, (5, 4), (3, 2), pair[0], **concatenated, InConcatenationNumber=1, ConcatenationFrameOffsetNumber=0),
        tiled(SLIDE, (5, 4), (3, 2), pair[1], **concatenated, InConcatenationNumber=2, ConcatenationFrameOffsetNumber=3),
    ], 255
    yield "a sparse segmentation whose segments overlap", [
        tiled(SEGMENTATION, (5, 4), (3, 2), np.array([[[1, 1, 0], [0, 1, 0]], [[0, 1, 0], [1, 0, 0]], [[1, 1, 1], [0, 0, 0]]], np.uint8),
              SegmentationType="BINARY", SegmentSequence=segments(1, 3),
              **sparse((1, 1, {"segment": 3}), (1, 1, {"segment": 1}), (4, 3, {"segment": 1})))
    ], 0
    yield "a full segmentation of fractions", [
        tiled(SEGMENTATION, (5, 2), (3, 2), bytes_of(4, 2, 3, most=201), **full, SegmentationType="FRACTIONAL",
              SegmentationFractionalType="PROBABILITY", MaximumFractionalValue=200, SegmentSequence=segments(1, 2))
    ], 0
    yield "a label map", [
        tiled(LABEL_MAP, (5, 4), (3, 2), labels_8, **full, SegmentationType="LABELMAP", SegmentSequence=segments(0, 1, 2, 3))
    ], 0


def encoded(ds):
    buffer = io.BytesIO()
    ds.save_as(buffer, write_like_original=False)
    return base64.b64encode(buffer.getvalue()).decode()


def case(name, parts, background):
    whole, numbers = assemble(parts, background)
    values = whole / 200 if parts[0].get("SegmentationType") == "FRACTIONAL" else whole
    return {
        "name": name,
        "files": [encoded(ds) for ds in parts],
        "segments": numbers,
        "values": values.reshape(-1).tolist(),
    }


versions = {"python": sys.version.split()[0], "pydicom": pydicom.__version__, "numpy": np.__version__}
colours = [[60, 20, -50], [100, 0, 0], [60, 60, 40], [20, -10, 5], [80, -60, 60], [40, 0, 0], [0, 0, 0]]
result = {
    "versions": versions,
    "colours": [{"lab": lab_words(*lab), "rgb": list(srgb_of_lab(*lab))} for lab in colours],
    "shared": shared(),
    "made": [case(*one) for one in made()],
}
OUT.write_text(json.dumps(result, indent=1) + "\n")
