"""Masks of small windows: which pixels a polygon covers, and masks grown and shrunk by pixels. One polygon at a time,
many thousand times a run.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray


def mask_of(shape: shapely.Geometry, size: tuple[int, int]) -> NDArray[np.bool_]:
    """Return the pixels (height, width) of a window whose centres lie in a polygon or multipolygon, given in pixels of
    the window; what lies outside is left out. A centre on the outline belongs to the part below it or to the right.

    The same pixels as ``rasterio.features.rasterize`` gives, for a tenth of its cost where windows are small.
    """
    mask = np.zeros(size, bool)
    for part in shapely.get_parts(shape):
        mask |= _filled(part, *size)
    return mask


def _filled(polygon: shapely.Polygon, height: int, width: int) -> NDArray[np.bool_]:
    """Pixels between an odd and an even crossing of their row with the outline."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(polygon), return_index=True)
    follows = ring[1:] == ring[:-1]
    start, along = xy[:-1][follows], np.diff(xy, axis=0)[follows]
    ends = np.stack([start[:, 1], start[:, 1] + along[:, 1]])
    first, stop = np.clip(np.ceil(np.sort(ends, axis=0) - 0.5), 0, height).astype(np.intp)
    crossed = stop - first
    of = np.repeat(np.arange(len(start)), crossed)
    row = np.arange(len(of)) - np.repeat(np.cumsum(crossed) - crossed - first, crossed)
    x = start[of, 0] + (row + 0.5 - start[of, 1]) * along[of, 0] / along[of, 1]
    column = np.clip(np.floor(x + 0.5), 0, width).astype(np.intp)
    turns = np.bincount(row * (width + 1) + column, minlength=height * (width + 1)).reshape(height, width + 1)
    filled: NDArray[np.bool_] = (np.cumsum(turns[:, :width], axis=1) % 2).astype(bool)
    return filled


def grown(mask: NDArray[np.bool_], steps: int = 1) -> NDArray[np.bool_]:
    """Return a mask (height, width) grown by so many pixels along rows and columns."""
    for _ in range(steps):
        wide = mask.copy()
        wide[1:] |= mask[:-1]
        wide[:-1] |= mask[1:]
        wide[:, 1:] |= mask[:, :-1]
        wide[:, :-1] |= mask[:, 1:]
        mask = wide
    return mask


def shrunk(mask: NDArray[np.bool_], steps: int = 1) -> NDArray[np.bool_]:
    """Return a mask (height, width) less what lies within so many pixels of what it leaves out, or of its border."""
    for _ in range(steps):
        inner = mask.copy()
        inner[1:] &= mask[:-1]
        inner[:-1] &= mask[1:]
        inner[:, 1:] &= mask[:, :-1]
        inner[:, :-1] &= mask[:, 1:]
        inner[[0, -1]] = inner[:, [0, -1]] = False
        mask = inner
    return mask


def opened(mask: NDArray[np.bool_], steps: int = 1) -> NDArray[np.bool_]:
    """Return a mask (height, width) without what is thinner than twice so many pixels and one."""
    return grown(shrunk(mask, steps), steps)
