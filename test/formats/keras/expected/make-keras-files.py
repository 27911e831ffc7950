# Makes keras-files.json: HDF5 files in the layouts of Keras 1 to 3, and the zip of Keras 3, written by h5py as
# keras/src/legacy/saving/legacy_h5_format.py and keras/src/saving/saving_lib.py write them, with what they hold.
# Run with h5py 3.7 and NumPy 1.24 (Debian 12: python3-h5py, python3-numpy): python3 make-keras-files.py
import base64
import io
import json
import pathlib
import zipfile

import h5py
import numpy as np

random = np.random.RandomState(7)
files = {}


def floats(*shape):
    return random.randn(*shape).astype(np.float32)


def described(array):
    return {"type": str(array.dtype), "shape": list(array.shape), "values": [repr(v) for v in array.ravel().tolist()]}


def keep(name, data, layers, format="keras-h5"):
    files[name] = {
        "base64": base64.b64encode(data).decode(),
        "format": format,
        "layers": [[layer, [[w, described(a)] for w, a in weights]] for layer, weights in layers],
    }


def h5(fill):
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        fill(file)
    return buffer.getvalue()


def legacy(group, layers, version, chunked=False):
    names = [name.encode() for name, _ in layers]
    if chunked:
        for at, part in enumerate(np.array_split(np.asarray(names), 3)):
            group.attrs[f"layer_names{at}"] = part
    else:
        group.attrs["layer_names"] = names
    group.attrs["backend"] = b"tensorflow"
    group.attrs["keras_version"] = version.encode()
    for name, weights in layers:
        of = group.create_group(name)
        of.attrs["weight_names"] = [weight.encode() for weight, _ in weights]
        for weight, array in weights:
            of.create_dataset(weight, data=array)


def config(layers, class_name="Sequential"):
    return {
        "class_name": class_name,
        "config": {"name": "model", "layers": [{"class_name": c, "config": {"name": n}} for n, c in layers]},
    }


# Keras 1: names without a scope, as vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5 has them.
vgg = [
    ("input_1", []),
    ("block1_conv1", [("block1_conv1_W_1:0", floats(3, 3, 3, 4)), ("block1_conv1_b_1:0", floats(4))]),
    ("block1_pool", []),
]
keep("weights-of-keras-1", h5(lambda f: legacy(f, vgg, "1.2.0")), vgg)
keep("names-in-pieces", h5(lambda f: legacy(f, vgg, "2.2.4", chunked=True)), vgg)

whole = [
    ("conv", [("conv/kernel:0", floats(3, 3, 1, 2)), ("conv/bias:0", floats(2))]),
    ("flat", []),
    ("dense", [("dense/kernel:0", floats(8, 1).astype(np.float16)), ("dense/bias:0", floats(1).astype(np.float64))]),
]


def whole_model(file):
    listed = config([("conv", "Conv2D"), ("flat", "Flatten"), ("dense", "Dense")])
    file.attrs["model_config"] = json.dumps(listed).encode()
    file.attrs["keras_version"] = b"2.9.0"
    file.attrs["backend"] = b"tensorflow"
    legacy(file.create_group("model_weights"), whole, "2.9.0")
    optimizer = file.create_group("optimizer_weights")
    optimizer.attrs["weight_names"] = [b"Adam/iterations:0"]
    optimizer["Adam/iterations:0"] = np.int64(12)


keep("model-of-keras-2", h5(whole_model), whole)

# Keras 3 numbers the layers of a class, whatever they are called; "second" lies in dense_1.
saved = [
    ("pictures", []),
    ("second_to_none", [("vars/0", floats(2, 3)), ("vars/1", floats(3))]),
    ("norm", [("vars/0", floats(3)), ("vars/1", floats(3)), ("vars/2", floats(3)), ("vars/3", floats(3))]),
    ("first", [("vars/0", floats(3, 1))]),
    ("attention", [("key_dense/vars/0", floats(1, 1, 1)), ("query_dense/vars/0", floats(1, 1, 1))]),
    ("bits", [("vars/0", np.array([True, False]))]),
]
places = ["input_layer", "dense", "batch_normalization", "dense_1", "multi_head_attention", "mask"]
classes = ["InputLayer", "Dense", "BatchNormalization", "Dense", "MultiHeadAttention", "Mask"]


def keras3(file, layers=saved, at=places):
    file.create_group("vars")
    for (_, weights), place in zip(layers, at):
        if not any(name.startswith("vars/") for name, _ in weights):
            file.create_group(f"layers/{place}/vars")
        for name, array in weights:
            file[f"layers/{place}/{name}"] = array
    file["optimizer/vars/0"] = np.int64(3)


keep("weights-of-keras-3", h5(keras3), [(p, w) for p, (_, w) in sorted(zip(places, saved))])

archive = io.BytesIO()
with zipfile.ZipFile(archive, "w") as zipped:
    zipped.writestr("metadata.json", json.dumps({"keras_version": "3.3.3", "date_saved": "2024-05-01@10:00:00"}))
    listed = config([(name, of) for (name, _), of in zip(saved, classes)], "Functional")
    zipped.writestr("config.json", json.dumps(listed))
    zipped.writestr("model.weights.h5", h5(keras3))
keep("archive-of-keras-3", archive.getvalue(), saved, "keras")

path = pathlib.Path(__file__).with_name("keras-files.json")
path.write_text(json.dumps({"h5py": h5py.__version__, "files": files}, indent=1))
