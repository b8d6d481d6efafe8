"""Masks of small windows: which pixels polygons cover, and masks grown and shrunk by pixels, many thousand times a run:
of one object, or of many in windows of one size.
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
    mask: NDArray[np.bool_] = masks_of(np.array([shape], dtype=object), size)[0]
    return mask


def masks_of(shapes: NDArray[np.object_], size: tuple[int, int]) -> NDArray[np.bool_]:
    """Return the same of n shapes, each in pixels of a window of its own: (n, height, width)."""
    masks = np.zeros((len(shapes), *size), bool)
    of, at = covered(shapes, size)
    masks.reshape(-1)[of * (size[0] * size[1]) + at] = True
    return masks


def covered(shapes: NDArray[np.object_], size: tuple[int, int]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return which pixels of windows (height, width) each of n polygons or multipolygons covers: rows of the shapes,
    rising, and places in the flattened window.
    """
    height, width = size
    parts, row = shapely.get_parts(shapes, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    follows = ring[1:] == ring[:-1]
    start, along, part = xy[:-1][follows], np.diff(xy, axis=0)[follows], of_ring[ring[1:][follows]]
    # Two lines that meet must agree to the last digit on where: a sum of the first and what follows need not.
    ends = np.stack([start[:, 1], xy[1:, 1][follows]])
    first, stop = np.clip(np.ceil(np.sort(ends, axis=0) - 0.5), 0, height).astype(np.intp)
    crossed = stop - first
    of = np.repeat(np.arange(len(start)), crossed)
    line = np.arange(len(of)) - np.repeat(np.cumsum(crossed) - crossed - first, crossed)
    x = start[of, 0] + (line + 0.5 - start[of, 1]) * along[of, 0] / along[of, 1]
    column = np.clip(np.floor(x + 0.5), 0, width).astype(np.intp)
    # Each line crosses a closed outline an even number of times: what it covers lies between an odd and an even one.
    crossing = np.sort((part[of] * height + line) * (width + 1) + column)
    begin, number = crossing[::2], crossing[1::2] - crossing[::2]
    inside = np.repeat(begin, number) + np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number)
    line, column = np.divmod(inside, width + 1)
    part, line = np.divmod(line, height)
    return row[part], line * width + column


def grown(mask: NDArray[np.bool_], steps: int = 1) -> NDArray[np.bool_]:
    """Return a mask (…, height, width) grown by so many pixels along rows and columns."""
    for _ in range(steps):
        wide = mask.copy()
        wide[..., 1:, :] |= mask[..., :-1, :]
        wide[..., :-1, :] |= mask[..., 1:, :]
        wide[..., 1:] |= mask[..., :-1]
        wide[..., :-1] |= mask[..., 1:]
        mask = wide
    return mask


def shrunk(mask: NDArray[np.bool_], steps: int = 1) -> NDArray[np.bool_]:
    """Return a mask (…, height, width) less what lies within so many pixels of what it leaves out, or of its border."""
    for _ in range(steps):
        inner = mask.copy()
        inner[..., 1:, :] &= mask[..., :-1, :]
        inner[..., :-1, :] &= mask[..., 1:, :]
        inner[..., 1:] &= mask[..., :-1]
        inner[..., :-1] &= mask[..., 1:]
        inner[..., [0, -1], :] = inner[..., [0, -1]] = False
        mask = inner
    return mask


def opened(mask: NDArray[np.bool_], steps: int = 1) -> NDArray[np.bool_]:
    """Return a mask (…, height, width) without what is thinner than twice so many pixels and one."""
    return grown(shrunk(mask, steps), steps)
