"""The highest place of a surface, to a fraction of a pixel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def peak(surfaces: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the shift (n, 2), columns then rows, at which each of n surfaces (n, 2 R + 1, 2 R + 1) is highest: a
    parabola through the highest value and its neighbours along each axis. A surface without any value gives 0.
    """
    n, side = surfaces.shape[:2]
    bare = np.where(np.isnan(surfaces), -np.inf, surfaces).reshape(n, -1)
    row, column = np.unravel_index(bare.argmax(axis=1), (side, side))
    each = np.arange(n)
    fraction = np.stack([_vertex(surfaces, each, row, column, 0, 1), _vertex(surfaces, each, row, column, 1, 0)], 1)
    found = np.stack([column, row], axis=1) - side // 2 + fraction
    found[np.isinf(bare.max(axis=1))] = 0.0
    return np.asarray(found)


def _vertex(surfaces: NDArray[np.float32], each: NDArray[np.intp], row: NDArray[np.intp], column: NDArray[np.intp],
            down: int, right: int) -> NDArray[np.float64]:
    side = surfaces.shape[1]
    last = side - 1
    middle = surfaces[each, row, column].astype(np.float64)
    before = surfaces[each, np.maximum(row - down, 0), np.maximum(column - right, 0)].astype(np.float64)
    after = surfaces[each, np.minimum(row + down, last), np.minimum(column + right, last)].astype(np.float64)
    edge = np.where(down, (row == 0) | (row == last), (column == 0) | (column == last))
    bend = 2 * middle - before - after
    known = ~edge & np.isfinite(bend) & (bend > 1e-9)
    return np.where(known, np.clip((after - before) / np.where(known, 2 * bend, 1.0), -0.5, 0.5), 0.0)


def value_at(surfaces: NDArray[np.float32], shift: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what n surfaces say at one shift each (n, 2), columns then rows, between pixels linearly; NaN outside."""
    return sample(surfaces, shift, 0)[:, 0, 0]


def sample(surfaces: NDArray[np.float32], shift: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Return the surroundings of one shift each (n, 2) in n surfaces, (n, 2 reach + 1, 2 reach + 1), linearly between
    pixels; NaN outside.
    """
    n, side = surfaces.shape[:2]
    at = np.nan_to_num(shift) + side // 2
    base = np.floor(at).astype(np.intp)
    part = at - base
    steps = np.arange(-reach, reach + 2)
    columns, rows = base[:, 0, None] + steps, base[:, 1, None] + steps
    held = ((rows >= 0) & (rows < side))[:, :, None] & ((columns >= 0) & (columns < side))[:, None, :]
    values = surfaces[np.arange(n)[:, None, None], np.clip(rows, 0, side - 1)[:, :, None],
                      np.clip(columns, 0, side - 1)[:, None, :]].astype(np.float64)
    u, v = part[:, 0, None, None], part[:, 1, None, None]
    weights = ((1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v)
    corners = (np.s_[:, :-1, :-1], np.s_[:, :-1, 1:], np.s_[:, 1:, :-1], np.s_[:, 1:, 1:])
    values[~held] = np.nan
    total = np.zeros((n, 2 * reach + 1, 2 * reach + 1))
    for weight, corner in zip(weights, corners, strict=True):
        total += np.where(weight > 0, weight * values[corner], 0.0)
    return total
