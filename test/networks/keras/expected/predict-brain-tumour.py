# What ../shared/data/weights/brain_tumour_cnn_keras.h5 says to a grey picture, layer by layer in PyTorch 1.13
# (Debian 12: python3-torch, python3-h5py): python3 predict-brain-tumour.py <path of the file>
import sys

import h5py
import torch
import torch.nn.functional as F

layers = h5py.File(sys.argv[1])["model_weights"]


def weight(layer, name):
    return torch.tensor(layers[f"{layer}/{layer}/{name}:0"][()])


x = F.pad(torch.full((1, 3, 240, 240), 0.5), (2, 2, 2, 2))
x = F.conv2d(x, weight("conv0", "kernel").permute(3, 2, 0, 1), weight("conv0", "bias"))
statistics = weight("bn0", "moving_mean"), weight("bn0", "moving_variance")
x = F.batch_norm(x, *statistics, weight("bn0", "gamma"), weight("bn0", "beta"), eps=1e-3).relu()
x = F.max_pool2d(F.max_pool2d(x, 4), 4).permute(0, 2, 3, 1).reshape(1, -1)
print(torch.sigmoid(x @ weight("fc", "kernel") + weight("fc", "bias")).item())
