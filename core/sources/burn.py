"""Painting features onto the pixels of a window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import DTypeLike, NDArray
from rasterio.features import rasterize

SILENT = -1
CONFLICT = -2
INSET_SHARE = 0.5
"""A polygon smaller than this share of the one it lies on is a detail of it, not a contradiction."""


@dataclass(frozen=True)
class Labels:
    """``classes`` (H, W): class index, SILENT where no feature lies, CONFLICT where two of about the same size claim
    different classes. ``features`` (H, W): row of the topmost feature, SILENT where none lies.
    """

    classes: NDArray[np.int16]
    features: NDArray[np.int32]


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


def burn_labels(
    geometries_px: NDArray[np.object_],
    classes: NDArray[np.integer],
    shape: tuple[int, int],
    offset: tuple[int, int] = (0, 0),
    all_touched: bool = False,
) -> Labels:
    """Paint each feature's class index (rows with a negative one are left out) and row; see :class:`Labels`."""
    spoken = np.flatnonzero(np.asarray(classes) >= 0)
    shapes, own = geometries_px[spoken], np.asarray(classes)[spoken]
    features = burn(shapes, spoken, shape, offset, all_touched)
    overlaps, areas = _contradictions(shapes, own)
    # An overlap lies on the two that make it, and under whatever is smaller than both.
    layers = np.concatenate([shapes, overlaps])
    order = np.lexsort((np.arange(len(layers)), -np.concatenate([shapely.area(shapes), areas])))
    values = np.concatenate([own, np.full(len(overlaps), CONFLICT)])[order]
    painted = _paint(layers[order], shape, offset, all_touched)
    return Labels(np.append(values, SILENT).astype(np.int16)[painted], features.astype(np.int32))


def _contradictions(
    shapes: NDArray[np.object_], classes: NDArray[np.integer]
) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """Return where two shapes of like size and different class overlap, and the area of the smaller of the two."""
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    area = shapely.area(shapes)
    smaller, larger = np.minimum(area[first], area[second]), np.maximum(area[first], area[second])
    rivals = (first < second) & (classes[first] != classes[second]) & (smaller > INSET_SHARE * larger)
    overlaps = shapely.intersection(shapes[first[rivals]], shapes[second[rivals]])
    real = shapely.area(overlaps) > 0
    return overlaps[real], smaller[rivals][real]


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
