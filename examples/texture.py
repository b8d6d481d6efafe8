"""Seeded random fields: what makes a surface look like a surface."""

from __future__ import annotations

import numpy as np
from scipy import ndimage as ndi

Field = np.ndarray


def smooth_noise(shape: tuple[int, int], scale_px: float, rng: np.random.Generator) -> Field:
    """A random field (rows, columns) of mean 0 and variance about 1 whose features are ``scale_px`` wide."""
    if scale_px <= 1:
        return rng.standard_normal(shape, dtype=np.float32)
    coarse_shape = tuple(int(np.ceil(n / scale_px)) + 4 for n in shape)
    coarse = rng.standard_normal(coarse_shape, dtype=np.float32)
    offset = rng.uniform(1, 2, 2)
    matrix = np.array([1 / scale_px, 1 / scale_px])
    field = ndi.affine_transform(coarse, matrix, offset, output_shape=shape, order=3, mode="nearest")
    return (field / max(float(field.std()), 1e-6)).astype(np.float32)


def layered_noise(shape: tuple[int, int], scales_px: tuple[float, ...], rng: np.random.Generator) -> Field:
    """The mean of several :func:`smooth_noise` fields, brought back to variance 1."""
    total = sum(smooth_noise(shape, scale, rng) for scale in scales_px)
    return (total / max(float(np.std(total)), 1e-6)).astype(np.float32)
