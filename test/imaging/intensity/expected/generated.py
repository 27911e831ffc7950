"""The images of generated.ts, from the same formulas."""

import numpy as np


def congruential(count, seed):
    """31-bit numbers of a linear congruential generator (ANSI C's), their upper 23 bits."""
    state, drawn = seed, np.empty(count)
    for at in range(count):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        drawn[at] = state >> 8
    return drawn


def two_tissues(size, seed):
    width, height, depth = size
    k, j, i = np.indices((depth, height, width))
    inside = (2 * i - width) ** 2 + (2 * j - height) ** 2 < (0.6 * width) ** 2
    noise = congruential(width * height * depth, seed).reshape(depth, height, width)
    return np.where(inside, 500, 100) + ((i + 2 * j + 3 * k) % 17) * 5 + noise % 200


def biased_head(size, seed):
    """Three tissues in shells, a smooth field, noise: values, mask and field, [k, j, i]."""
    width, height, depth = size
    k, j, i = np.indices((depth, height, width))
    x, y = (2 * i + 1 - width) / width, (2 * j + 1 - height) / height
    z = (2 * k + 1 - depth) / depth
    r2 = x * x + y * y + z * z
    tissue = np.where(r2 < 0.25, 600, np.where(r2 < 0.5, 400, np.where(r2 < 0.65, 200, 0)))
    field = 1 + 0.25 * x + 0.2 * y * z - 0.2 * x * x + 0.1 * z
    draws = congruential(4 * r2.size, seed).reshape(*r2.shape, 4) % 1000
    noise = (draws[..., 0] + draws[..., 1] + draws[..., 2] + draws[..., 3] - 1998) / 50
    values = np.maximum(0, tissue * field + noise)
    return values.astype(np.float32), (r2 < 0.65).astype(np.uint8), field
