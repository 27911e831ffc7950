"""What a volume file holds by nibabel, in the terms of this package: element type, axes, a digest, place in LPS."""

import hashlib

import numpy


def plain_type(dtype):
    """Element type of voxels without a scale; of 64-bit integers what their values fit into is decided later."""
    return numpy.dtype(dtype).newbyteorder("=").name


def scaled_type(dtype):
    dtype = numpy.dtype(dtype)
    return "float32" if dtype.itemsize <= 2 or plain_type(dtype) == "float32" else "float64"


def voxels(image):
    """Voxels in the order of the file, parts of colour and complex voxels as planes of each volume."""
    raw = numpy.asanyarray(image.dataobj.get_unscaled())
    values = numpy.asanyarray(image.dataobj)
    slope, inter = image.dataobj.slope, image.dataobj.inter
    shape = raw.shape + (1,) * (3 - raw.ndim)
    if raw.dtype.names:
        planes = numpy.stack([raw[name] for name in raw.dtype.names], axis=-1)
        return with_parts(planes, shape), "uint8"
    if raw.dtype.kind == "c":
        planes = numpy.stack([values.real, values.imag], axis=-1)
        return with_parts(planes, shape), f"float{4 * raw.dtype.itemsize}"
    if (slope, inter) != (1, 0):
        return values, scaled_type(raw.dtype)
    if raw.dtype.kind in "iu" and raw.dtype.itemsize == 8:
        fits = raw.min() >= -(2**31) and raw.max() < 2**31
        return raw, "int32" if fits else "float64"
    return raw, plain_type(raw.dtype)


def with_parts(planes, shape):
    """The parts right after i, j, k and before the other axes."""
    return numpy.moveaxis(planes.reshape(shape + planes.shape[-1:]), -1, 3)


def described(image, place=True):
    values, dtype = voxels(image)
    flat = numpy.ascontiguousarray(values.ravel(order="F")).astype(numpy.dtype(dtype).newbyteorder("<"))
    shape = list(values.shape) + [1] * (3 - values.ndim)
    return {
        "type": dtype,
        # [channel …, depth, height, width] without channels of one entry.
        "shape": [n for n in reversed(shape[3:]) if n > 1] + shape[2::-1],
        "sha256": hashlib.sha256(flat.tobytes()).hexdigest()[:32],
        **({"lps": lps(image.affine)} if place else {}),
    }


def lps(affine):
    """Rows of index to LPS mm, 12 numbers."""
    turned = numpy.diag([-1, -1, 1]) @ affine[:3]
    return [float(f"{value + 0:.9g}") for value in turned.ravel()]
