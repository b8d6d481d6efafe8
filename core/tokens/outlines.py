"""The shapes of features as arrays of one size: points along their outlines, and what the outlines measure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

POINTS = 32
"""Points along all rings and parts of a feature together."""
MEASURES = ("area_px", "length_px", "hole_share", "holes", "parts", "vertices", "convexity", "dimension")


@dataclass(frozen=True)
class Outlines:
    """Features in the grid's pixels, x right and y down.

    ``xy`` (n, POINTS, 2): points evenly along all rings of all parts, a polygon's holes among them. ``tangent`` (n,
    POINTS, 2): the outline's direction there, of length 1 (points: 0). ``hole`` (n, POINTS): whether a point lies on
    the ring of a hole. ``measures`` (n, ``MEASURES``) do not change when a feature is moved or turned.
    """

    xy: NDArray[np.float32]
    tangent: NDArray[np.float32]
    hole: NDArray[np.bool_]
    measures: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.xy)

    @cached_property
    def centres(self) -> NDArray[np.float32]:
        """The mean of the points (n, 2)."""
        return np.asarray(self.xy.mean(axis=1), np.float32)

    @cached_property
    def reach(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The least and the largest x and y of the points (n, 2)."""
        return self.xy.min(axis=1), self.xy.max(axis=1)

    def select(self, rows: NDArray[np.intp]) -> Outlines:
        """Return some of the features."""
        return Outlines(self.xy[rows], self.tangent[rows], self.hole[rows], self.measures[rows])


def outlines_of(shapes: NDArray[np.object_]) -> Outlines:
    """Return the outlines of points, lines and polygons, of one part or many, in pixels; all at once.

    The same shape gives the same points, whatever vertex its rings begin at and whichever way they run. Raises
    ``ValueError`` for a shape that is missing or empty.
    """
    if not len(shapes):
        empty = np.zeros((0, POINTS, 2), np.float32)
        return Outlines(empty, empty, np.zeros((0, POINTS), bool), np.zeros((0, len(MEASURES)), np.float32))
    if shapely.is_missing(shapes).any() or shapely.is_empty(shapes).any():
        raise ValueError("A feature without geometry has no outline.")
    shapes = shapely.normalize(shapely.force_2d(shapes))
    rings, owner, hole = _rings(shapes)
    vertices, ring_of = shapely.get_coordinates(rings, return_index=True)
    step = np.zeros(len(vertices))
    step[:-1] = np.hypot(*np.diff(vertices, axis=0).T) * (ring_of[1:] == ring_of[:-1])
    along = np.concatenate([[0.0], np.cumsum(step)[:-1]])
    owner_of = owner[ring_of]
    first = np.searchsorted(owner_of, np.arange(len(shapes)))
    last = np.searchsorted(owner_of, np.arange(len(shapes)), side="right") - 1
    total = along[last] - along[first]
    share = (np.arange(POINTS) + 0.5) / POINTS
    wanted = along[first][:, None] + share * total[:, None]
    at = np.searchsorted(along, wanted, side="right") - 1
    spread = first[:, None] + np.floor(share * (last - first + 1)[:, None]).astype(np.intp)
    flat = total == 0
    at = np.clip(np.where(flat[:, None], spread, at), first[:, None], last[:, None])
    after = np.minimum(at + 1, len(vertices) - 1)
    length = np.where(flat[:, None], 0.0, step[at])
    way = (vertices[after] - vertices[at]) * (length > 0)[..., None]
    part = np.where(length > 0, (wanted - along[at]) / np.maximum(length, 1e-12), 0.0)
    tangent = way / np.maximum(length, 1e-12)[..., None]
    return Outlines((vertices[at] + part[..., None] * way).astype(np.float32), tangent.astype(np.float32),
                    hole[ring_of[at]], _measures(shapes, rings, owner, hole))


def _rings(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.intp], NDArray[np.bool_]]:
    """Rings, lines and points (r,) of all features, the feature of each, and whether it bounds a hole."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    areal = shapely.get_dimensions(parts) == 2
    rings, polygon = shapely.get_rings(parts[areal], return_index=True)
    hole = np.zeros(len(rings), bool)
    hole[1:] = polygon[1:] == polygon[:-1]
    pieces = np.concatenate([rings, parts[~areal]])
    owners = np.concatenate([owner[areal][polygon], owner[~areal]]).astype(np.intp)
    order = np.argsort(owners, kind="stable")
    return pieces[order], owners[order], np.concatenate([hole, np.zeros((~areal).sum(), bool)])[order]


def _measures(shapes: NDArray[np.object_], rings: NDArray[np.object_], owner: NDArray[np.intp],
              hole: NDArray[np.bool_]) -> NDArray[np.float32]:
    n = len(shapes)
    area, dimension = shapely.area(shapes), shapely.get_dimensions(shapes)
    holes = np.bincount(owner[hole], minlength=n)
    hollow = np.bincount(owner[hole], shapely.area(shapely.polygons(rings[hole])), minlength=n) if hole.any() else 0.0
    hull = shapely.area(shapely.convex_hull(shapes))
    return np.stack([
        area, shapely.length(shapes), hollow / np.maximum(area + hollow, 1e-9), holes,
        shapely.get_num_geometries(shapes), shapely.get_num_coordinates(shapes),
        np.where(dimension == 2, area / np.maximum(hull, 1e-9), 1.0), dimension], axis=1).astype(np.float32)
