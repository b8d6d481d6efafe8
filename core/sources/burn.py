"""Painting features onto the pixels of a window."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import DTypeLike, NDArray
from rasterio.features import rasterize

SILENT = -1


def burn(
    geometries_px: NDArray[np.object_],
    values: NDArray[np.generic],
    shape: tuple[int, int],
    offset: tuple[int, int] = (0, 0),
    all_touched: bool = False,
    dtype: DTypeLike = np.int32,
    fill: float = SILENT,
) -> NDArray[Any]:
    """Return a window (rows, columns) painted with one value a feature, ``fill`` where none lies.

    ``geometries_px`` are polygons in the grid's pixels, ``offset`` the window's first (row, column). A pixel belongs to
    a polygon that holds its centre (``all_touched``: any part of it). Smaller polygons are painted over larger ones,
    and of two of the same area the later row is on top, so that the result does not depend on the window.
    """
    order = np.argsort(-shapely.area(geometries_px), kind="stable")
    painted = _paint(geometries_px[order], shape, offset, all_touched)
    lookup: NDArray[Any] = np.append(np.asarray(values)[order], np.asarray(fill)).astype(dtype)
    return lookup[painted]


def _paint(
    geometries: NDArray[np.object_], shape: tuple[int, int], offset: tuple[int, int], all_touched: bool
) -> NDArray[np.int32]:
    """Paint the position of each geometry in turn, −1 where none lies; what is outside the window is left out."""
    row, column = offset
    window = shapely.box(column, row, column + shape[1], row + shape[0])
    visible = np.flatnonzero(shapely.intersects(geometries, window) & ~shapely.is_empty(geometries))
    result = np.full(shape, SILENT, np.int32)
    if len(visible):
        rasterize(
            zip(geometries[visible], visible.tolist(), strict=True),
            out=result, transform=Affine.translation(column, row), all_touched=all_touched,
        )
    return result
