"""Which features a patch of imagery looks at: the one that covers its middle, and the nearest ones around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

LINKS = 4
SPACING_PX = 4.0
"""Distance of the points along outlines among which the nearest are looked for."""
LOOKED_AT = 8
VALUES = ("inside", "distance", "near", "dx", "dy")
"""``distance`` is the logarithm of metres, ``near`` 1 at the outline and 0 far off, ``dx`` and ``dy`` the way there."""


@dataclass(frozen=True)
class Links:
    """Of patches (p,), row by row: ``feature`` (p, LINKS) or −1, ``values`` (p, LINKS, ``VALUES``)."""

    feature: NDArray[np.int64]
    values: NDArray[np.float32]


def boundary_points(shapes: NDArray[np.object_]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return points (m, 2) at most ``SPACING_PX`` apart along the outlines of shapes in pixels, and whose they are."""
    if not len(shapes):
        return np.zeros((0, 2), np.float32), np.zeros(0, np.int64)
    points, owner = shapely.get_coordinates(shapely.segmentize(shapely.force_2d(shapes), SPACING_PX), return_index=True)
    return points.astype(np.float32), owner.astype(np.int64)


def link(points: NDArray[np.float32], owner: NDArray[np.int64], painted: NDArray[np.integer], stride: int,
         pixel_m: float) -> Links:
    """Link the patches of ``stride`` pixels of a tile to its features.

    ``points`` (m, 2) along outlines in the tile's pixels, ``owner`` (m,) whose they are, ``painted`` (H, W) the feature
    that covers a pixel, or −1.
    """
    height, width = (side // stride for side in painted.shape)
    rows, columns = np.divmod(np.arange(height * width), width)
    middle = np.stack([columns, rows], axis=1) * stride + stride / 2
    cover = painted[stride // 2::stride, stride // 2::stride][:height, :width].reshape(-1).astype(np.int64)
    asked = min(LOOKED_AT, len(points))
    if asked:
        far, at = cKDTree(points).query(middle, k=asked)
        far, at = far.reshape(len(middle), asked), at.reshape(len(middle), asked)
        way, who = points[at] - middle[:, None], owner[at]
    else:
        far, way = np.zeros((len(middle), 0)), np.zeros((len(middle), 0, 2))
        who = np.zeros((len(middle), 0), np.int64)
    known = who == cover[:, None]
    first = np.where(known.any(axis=1), known.argmax(axis=1), 0) if asked else np.zeros(len(middle), int)
    own = known.any(axis=1)
    pick = np.arange(len(middle))
    own_far = np.where(own, far[pick, first], far[:, -1]) if asked else np.full(len(middle), np.inf)
    own_way = np.where(own[:, None], way[pick, first], 0.0) if asked else np.zeros((len(middle), 2))
    feature = np.concatenate([cover[:, None], np.where(known, -1, who)], axis=1)
    far = np.concatenate([own_far[:, None], far], axis=1)
    way = np.concatenate([own_way[:, None], way], axis=1)
    chosen = _first_different(feature)
    feature = np.where(chosen >= 0, np.take_along_axis(feature, np.maximum(chosen, 0), axis=1), -1)
    far = np.take_along_axis(far, np.maximum(chosen, 0), axis=1)
    way = np.take_along_axis(way, np.maximum(chosen, 0)[..., None], axis=1)
    there = feature >= 0
    inside = there & (feature == cover[:, None])
    unit = way / np.maximum(far, 1e-6)[..., None]
    values = np.stack([inside, np.log1p(np.minimum(far, 1e6) * pixel_m), np.exp(-far / stride), unit[..., 0],
                       unit[..., 1]], axis=-1)
    return Links(feature, np.where(there[..., None], values, 0.0).astype(np.float32))


def _first_different(feature: NDArray[np.int64]) -> NDArray[np.int64]:
    """The columns (p, LINKS) of the first different features of each row, −1 where there are no more."""
    order = np.argsort(feature, axis=1, kind="stable")
    ordered = np.take_along_axis(feature, order, axis=1)
    new = ordered >= 0
    new[:, 1:] &= ordered[:, 1:] != ordered[:, :-1]
    fresh = np.zeros_like(new)
    np.put_along_axis(fresh, order, new, axis=1)
    rank = np.where(fresh, np.cumsum(fresh, axis=1) - 1, LINKS)
    chosen = np.full((len(feature), LINKS), -1, np.int64)
    row, column = np.nonzero(rank < LINKS)
    chosen[row, rank[row, column]] = column
    return chosen
