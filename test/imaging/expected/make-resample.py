"""Expected values of resampling and smoothing, by scipy.ndimage. Run: python3 make-resample.py > resample.json

Arrays are [k, j, i]; affines take an index (i, j, k) of the result to one of the source."""

import json
import numpy
import scipy
from scipy import ndimage

random = numpy.random.default_rng(20261123)
VOLUME = numpy.round(random.uniform(-100, 900, (6, 8, 7)), 2)
SLICE = numpy.round(random.uniform(0, 255, (1, 11, 9)), 2)


def rotation(a, b, c):
    ca, sa, cb, sb, cc, sc = (f(v) for v in (a, b, c) for f in (numpy.cos, numpy.sin))
    rx = numpy.array([[1, 0, 0], [0, ca, -sa], [0, sa, ca]])
    ry = numpy.array([[cb, 0, sb], [0, 1, 0], [-sb, 0, cb]])
    rz = numpy.array([[cc, -sc, 0], [sc, cc, 0], [0, 0, 1]])
    return rz @ ry @ rx


def about_centre(linear, source, size):
    centre = (numpy.array(source.shape[::-1]) - 1) / 2
    return numpy.column_stack([linear, centre - linear @ ((numpy.array(size) - 1) / 2)])


def grid(affine, size):
    i, j, k = (axis.ravel() for axis in numpy.meshgrid(*(range(n) for n in size), indexing="ij"))
    order = numpy.lexsort((i, j, k))
    points = affine @ numpy.stack([i, j, k, numpy.ones_like(i)])[:, order]
    return points[::-1]


def case(name, source, affine, size, interpolation, outside):
    order = {"nearest": 0, "linear": 1, "cubic": 3}[interpolation]
    mode = {"edge": "nearest", "mirror": "mirror"}[outside]
    values = ndimage.map_coordinates(source, grid(affine, size), order=order, mode=mode)
    return {
        "name": name,
        "source": "slice" if source is SLICE else "volume",
        "affine": affine.ravel().tolist(),
        "size": list(size),
        "interpolation": interpolation,
        "outside": outside,
        "values": numpy.round(values, 5).tolist(),
    }


turn = rotation(0.2, -0.35, 0.6)
turn_2d = rotation(0, 0, 0.5)
stretch = numpy.diag([0.6, 0.75, 0.5])
shrink = numpy.diag([1.7, 2.1, 1.4])
cases = []
for interpolation, outside in (("linear", "edge"), ("linear", "mirror"), ("cubic", "mirror"), ("nearest", "edge")):
    for name, source, linear, size in (
        ("turned", VOLUME, turn, (7, 6, 5)),
        ("turned, anisotropic", VOLUME, turn @ stretch, (6, 5, 7)),
        ("finer", VOLUME, stretch, (10, 9, 8)),
        ("coarser", VOLUME, shrink, (4, 4, 4)),
        ("axes in another order", VOLUME, numpy.array([[0, 0.8, 0], [0, 0, 1.1], [-0.7, 0, 0]]), (6, 6, 5)),
        ("slice turned", SLICE, turn_2d, (10, 9, 1)),
        ("slice finer", SLICE, numpy.diag([0.7, 0.45, 1]), (11, 13, 1)),
    ):
        affine = about_centre(linear, source, size)
        cases.append(case(name, source, affine, size, interpolation, outside))

points, step = (5, 6, 4), (3.0, 7 / 3, 5.0)
shifts = numpy.round(random.uniform(-0.8, 0.8, (3, points[2], points[1], points[0])), 3)
identity = numpy.eye(4)[:3]
zyx = grid(identity, VOLUME.shape[::-1])
control = zyx / numpy.array(step[::-1])[:, None] + 1
field = [ndimage.map_coordinates(one, control, order=3, mode="nearest", prefilter=False) for one in shifts]
moved = zyx + numpy.stack(field[::-1])
deformed = {
    "points": list(points),
    "step": list(step),
    "shifts": shifts.ravel().tolist(),
    "values": numpy.round(ndimage.map_coordinates(VOLUME, moved, order=1, mode="nearest"), 5).tolist(),
}

sigma = (0.8, 1.3, 0.0)
smooth = ndimage.gaussian_filter(VOLUME, sigma[::-1])
print(json.dumps({
    "versions": {"numpy": numpy.__version__, "scipy": scipy.__version__},
    "volume": VOLUME.ravel().tolist(),
    "volumeSize": list(VOLUME.shape[::-1]),
    "slice": SLICE.ravel().tolist(),
    "sliceSize": list(SLICE.shape[::-1]),
    "cases": cases,
    "deformed": deformed,
    "smooth": {"sigma": list(sigma), "values": numpy.round(smooth, 5).ravel().tolist()},
}))
