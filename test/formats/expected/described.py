"""Arrays and MATLAB values as JSON, the way the tests describe what Roentgen read.

Arrays are {"dtype", "shape", "values" (row-major)}; complex values are pairs, numbers beyond JSON
are strings. MAT values carry a "kind" too.
"""

import warnings

import numpy
import scipy.io
import scipy.io.matlab
import scipy.sparse
from scipy.io.matlab import MatlabFunction, MatlabObject, MatlabOpaque


def number(value):
    if isinstance(value, (bool, numpy.bool_)):
        return int(value)
    if isinstance(value, numpy.integer):
        return int(value) if abs(int(value)) < 2**53 else str(value)
    if isinstance(value, (complex, numpy.complexfloating)):
        return [number(value.real), number(value.imag)]
    if isinstance(value, (float, numpy.floating)):
        return float(value) if numpy.isfinite(value) else str(float(value))
    return str(value)


def array(values):
    if values.dtype.kind == "S":
        values = numpy.char.decode(values, "utf-8")
    dtype = "string" if values.dtype.kind == "U" else values.dtype.name
    return {"dtype": dtype, "shape": list(values.shape), "values": [number(v) for v in values.ravel()]}


def record_fields(values, plain):
    columns, plain_columns = values.ravel(order="F"), plain.ravel(order="F")
    return {
        name: [mat_value(v, p) for v, p in zip(columns[name], plain_columns[name])]
        for name in values.dtype.names or ()
    }


def mat_value(value, plain):
    if isinstance(value, MatlabFunction):
        return {"kind": "function"}
    if isinstance(value, MatlabOpaque):
        return {"kind": "opaque"}
    shape = list(value.shape)
    if isinstance(value, MatlabObject):
        fields = record_fields(value, plain)
        return {"kind": "object", "className": value.classname, "shape": shape, "fields": fields}
    if scipy.sparse.issparse(value):
        return {"kind": "sparse", "entries": int(value.nnz), **array(dense(value))}
    if value.dtype.names is not None:
        return {"kind": "struct", "shape": shape, "fields": record_fields(value, plain)}
    if value.dtype == object and value.size > 0 and all(v is None for v in value.ravel()):
        return {"kind": "struct", "shape": shape, "fields": {}}
    if value.dtype == object:
        pairs = zip(value.ravel(order="F"), plain.ravel(order="F"))
        return {"kind": "cell", "shape": shape, "elements": [mat_value(v, p) for v, p in pairs]}
    if value.dtype.kind == "U":
        rows = ["".join(row) for row in value.reshape(-1, shape[-1])] if value.size else []
        return {"kind": "char", "shape": shape, "rows": rows}
    if value.dtype == bool:
        return {"kind": "logical", **array(value)}
    if plain.dtype.kind == "c":
        # scipy 1.10 drops the imaginary part where it is asked for MATLAB's class.
        value = plain.astype("complex64" if value.dtype == "float32" else "complex128")
    return {"kind": "numeric", **array(value)}


def dense(sparse):
    """Not toarray(), which adds to zeros and so loses the sign of -0."""
    entries = sparse.tocoo()
    filled = numpy.zeros(sparse.shape, dtype=sparse.dtype)
    filled[entries.row, entries.col] = entries.data
    return filled


def as_matlab(value, matlab_class, level):
    """What scipy leaves as it is stored: sparse logical matrices, and level 4, where all is double."""
    if scipy.sparse.issparse(value):
        return value.astype(bool) if matlab_class == "logical" else value
    if level == 4 and value.dtype.kind in "iuf":
        return value.astype("float64")
    return value


def read_mat(path):
    # mat_dtype: MATLAB's class, not how the numbers happen to be stored; chars one by one, for the shape.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", numpy.ComplexWarning)
        variables = scipy.io.loadmat(path, mat_dtype=True, chars_as_strings=False)
    plain = scipy.io.loadmat(path, chars_as_strings=False)
    level = 4 if scipy.io.matlab.matfile_version(path)[0] == 0 else 5
    classes = {name: matlab_class for name, _, matlab_class in scipy.io.whosmat(path)}
    return {
        name: mat_value(as_matlab(value, classes[name], level), plain[name])
        for name, value in variables.items()
        if not name.startswith("__")
    }


def read_npy(path):
    loaded = numpy.load(path, allow_pickle=False)
    if isinstance(loaded, numpy.ndarray):
        return array(loaded)
    return {name: array(loaded[name]) for name in loaded.files}
