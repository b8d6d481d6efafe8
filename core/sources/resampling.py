"""Values of a block of pixels at places between its pixels."""

from __future__ import annotations

import itertools
from functools import reduce

import numpy as np
from numpy.typing import NDArray


def between(nodes: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Interpolate a lattice linearly at every combination of fractional columns ``x`` and rows ``y``."""
    j = np.minimum(x.astype(np.int64), nodes.shape[1] - 2)
    i = np.minimum(y.astype(np.int64), nodes.shape[0] - 2)
    fx, fy = x - j, (y - i)[:, None]
    across = nodes[:, j] * (1 - fx) + nodes[:, j + 1] * fx
    result: NDArray[np.float64] = across[i] * (1 - fy) + across[i + 1] * fy
    return result


def nearest(
    block: NDArray[np.float32], valid: NDArray[np.bool_], col: NDArray[np.float64], row: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return value and validity (C, H, W) of the pixel that each place lies in; outside the block is invalid.

    Columns (H, W) and rows (H, W), or (1, W) and (H, 1).
    """
    j = np.clip(np.floor(col).astype(np.int64), 0, block.shape[2] - 1)
    i = np.clip(np.floor(row).astype(np.int64), 0, block.shape[1] - 1)
    if i.shape != j.shape:
        i, j = i.ravel(), j.ravel()
        return block.take(i, axis=1).take(j, axis=2), valid.take(i, axis=1).take(j, axis=2)
    flat = i * block.shape[2] + j
    return block.reshape(len(block), -1).take(flat, axis=1), valid.reshape(len(valid), -1).take(flat, axis=1)


def bilinear(
    block: NDArray[np.float32], valid: NDArray[np.bool_], col: NDArray[np.float64], row: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return values and validity (C, H, W): valid where the pixel below is, weighted over the valid of the four."""
    _, mask = nearest(block, valid, col, row)
    left, top = np.floor(col - 0.5), np.floor(row - 0.5)
    fx, fy = (col - 0.5 - left).astype(np.float32), (row - 0.5 - top).astype(np.float32)
    total = np.zeros(mask.shape, np.float32)
    weight = np.zeros(mask.shape, np.float32)
    for dy, dx in itertools.product((0, 1), (0, 1)):
        value, there = nearest(block, valid, left + dx + 0.5, top + dy + 0.5)
        share = np.abs(1 - dx - fx) * np.abs(1 - dy - fy)
        total += share * value  # invalid pixels are 0
        weight += share * there
    np.divide(total, weight, out=total, where=mask)
    total[~mask] = 0
    return total, mask


def averaged(
    values: NDArray[np.float32], valid: NDArray[np.bool_], factor: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return the means (C, H, W) over the valid of ``factor`` × ``factor`` pixels each, and whether there were any.

    ``values`` and ``valid`` are (C, H × factor, W × factor); invalid values are 0.
    """
    number, total = _summed(valid, factor, np.int64), _summed(values, factor, np.float64)
    return (total / np.maximum(number, 1)).astype(np.float32), number > 0


def _summed(values: NDArray, factor: int, kind: type[np.number]) -> NDArray:
    """Sums (C, H, W) of ``factor`` × ``factor`` values each: rows, then columns, in a third of a reduction's time."""
    rows: NDArray = reduce(np.add, (values[:, i::factor].astype(kind, copy=False) for i in range(factor)))
    return np.asarray(reduce(np.add, (rows[..., j::factor] for j in range(factor))))
