"""A layer beside a true one: which of its features stand for what, and what is wrong with each.

By geometry and class alone, for polygons, lines and points: keys of the two layers need not agree. Lines and points are
compared as the ground within ``STRIP_M`` of them. Needs the engine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

STRIP_M = 5.0
REACH_M = 8.0
"""A feature that shares no ground with a true one is still that one, moved, from up to so far off …"""
ALIKE = 0.6
"""… if it has its shape: the least intersection over union with one laid on the other."""
LEAST_IOU = 0.1
SHIFTED_M, RESHAPED = 2.0, 0.8
"""From this distance of the middles on a feature is shifted; below this intersection over union, middles laid on each
other, it has another shape.
"""
TWIN_IOU = 0.5
ERRORS = ("right", "wrong_class", "reshaped", "shifted", "duplicate", "obsolete")


@dataclass(frozen=True)
class Compared:
    """``error`` (n,) is a place in ``ERRORS`` for each feature of the layer, ``twin`` (n,) the row of the true feature
    it stands for (−1: none); ``missing`` are the rows of true features that nothing stands for. ``now`` (n,) and
    ``true`` (m,) are the shapes that were compared.
    """

    error: NDArray[np.intp]
    twin: NDArray[np.intp]
    missing: NDArray[np.intp]
    now: NDArray[np.object_]
    true: NDArray[np.object_]

    @property
    def count(self) -> int:
        """How many errors the layer has."""
        return int((self.error > 0).sum() + len(self.missing))


def compare(now: NDArray[np.object_], label: NDArray[np.intp], true: NDArray[np.object_], true_label: NDArray[np.intp],
            metres_per_unit: float) -> Compared:
    """Compare a layer's geometries ``now`` (n,) of classes ``label`` (n,) with ``true`` ones (m,), in one CRS."""
    now, true = (as_areas(shapes, metres_per_unit) for shapes in (now, true))
    row, other, score = _pairs(now, true, metres_per_unit)
    score = score + np.where(label[row] == true_label[other], 0.01, 0.0)
    twin, taken = np.full(len(now), -1, np.intp), np.zeros(len(true), bool)
    for k in np.lexsort((other, row, -score)):
        if twin[row[k]] < 0 and not taken[other[k]]:
            twin[row[k]], taken[other[k]] = other[k], True
    error = np.zeros(len(now), np.intp)
    found = twin >= 0
    pair = now[found], true[twin[found]]
    off = np.hypot(*(_middles(pair[0]) - _middles(pair[1])).T) * metres_per_unit
    shape = iou(_laid_on(*pair), pair[1])
    error[found] = np.select(
        [label[found] != true_label[twin[found]], shape < RESHAPED, off > SHIFTED_M],
        [ERRORS.index(name) for name in ("wrong_class", "reshaped", "shifted")], 0)
    error[~found] = ERRORS.index("obsolete")
    error[_twice(now, ~found)] = ERRORS.index("duplicate")
    return Compared(error, twin, np.flatnonzero(~taken), now, true)


def as_areas(shapes: NDArray[np.object_], metres_per_unit: float) -> NDArray[np.object_]:
    """The ground that shapes stand for: polygons as they are, lines and points with what lies around them."""
    flat = shapely.get_dimensions(shapes) == 2
    around = shapely.buffer(shapes, STRIP_M / metres_per_unit, quad_segs=4)
    return np.asarray(np.where(flat, shapely.make_valid(shapes), around))


def iou(a: NDArray[np.object_], b: NDArray[np.object_]) -> NDArray[np.float64]:
    """Intersection over union (n,) of areas (n,) and areas (n,)."""
    shared = shapely.area(shapely.intersection(a, b))
    return np.asarray(shared / np.maximum(shapely.area(a) + shapely.area(b) - shared, 1e-12))


def _pairs(now: NDArray[np.object_], true: NDArray[np.object_], metres_per_unit: float
           ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Rows of both that may be one thing, and how well they agree: shared ground before likeness nearby."""
    row, other = shapely.STRtree(true).query(now, predicate="dwithin", distance=REACH_M / metres_per_unit)
    row, other = row.astype(np.intp), other.astype(np.intp)
    shared = iou(now[row], true[other])
    off = np.hypot(*(_middles(now[row]) - _middles(true[other])).T) * metres_per_unit
    alike = iou(_laid_on(now[row], true[other]), true[other])
    moved = (alike >= ALIKE) & (off <= REACH_M)
    score = np.where(shared >= LEAST_IOU, shared, np.where(moved, LEAST_IOU * alike * (1 - off / (REACH_M + 1)), 0.0))
    kept = score > 0
    return row[kept], other[kept], score[kept]


def _twice(now: NDArray[np.object_], unpaired: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Rows of features without a true one that lie on a feature that has one."""
    rows, paired = np.flatnonzero(unpaired), np.flatnonzero(~unpaired)
    a, b = shapely.STRtree(now[paired]).query(now[rows], predicate="intersects")
    return np.unique(rows[a[iou(now[rows[a]], now[paired[b]]) >= TWIN_IOU]])


def _middles(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    return np.asarray(shapely.get_coordinates(shapely.centroid(shapes)).reshape(-1, 2))


def _laid_on(shapes: NDArray[np.object_], targets: NDArray[np.object_]) -> NDArray[np.object_]:
    """The shapes, moved so that their middles are the targets'."""
    shift = np.repeat(_middles(targets) - _middles(shapes), shapely.get_num_coordinates(shapes), axis=0)
    moved = shapes.copy()
    return np.asarray(shapely.set_coordinates(moved, shapely.get_coordinates(shapes) + shift))
