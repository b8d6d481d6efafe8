"""Outlines that an object may have instead of its own, and how near the true one each is expected to be.

A wrong outline mostly lacks a corner or an end, or has a side too far out or in. So few are tried: the outline as
drawn, the box of its frame, and the outline with one side of the frame moved to where evidence and edges gain most, or
second most. Which is nearest the true one is learnt from objects of the layer that were given another shape on purpose:
trees, asked in blocks of ground that they did not learn from. They tell, too, where an outline had better stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import affinity

from ..fusion.evidence import Evidence
from .box_fit import EDGE_WEIGHT
from .edges import Edges
from .fold_trees import FoldTrees
from .frame import Frame
from .outline import overlap
from .sight import LEVEL, Sight

REACH_M = 5.0
"""A side may be moved so far."""
WAYS = ("drawn", "box", "side", "second side")
LEAST_STEP_PX, LEAST_DEPTH_PX = 2, 3
LEAST_GAIN = 0.1
"""Another outline is proposed if it is expected to share so much more with the true one (intersection over union)."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Drawings:
    """Outlines of one object (k,) in pixels, the first as drawn, and what each looks like (k, d)."""

    outlines: tuple[shapely.Polygon, ...]
    x: Array

    @classmethod
    def of(cls, sight: Sight, reach: int) -> Drawings | None:
        """Draw an object in every way that there is, its sides moved by up to ``reach`` pixels; None for what is too
        thin or too large to be drawn anew.
        """
        frame = Frame.around(sight.outline, reach + 1)
        if frame is None:
            return None
        drawn = [(way, outline) for way, outline in _drawn(sight, frame)
                 if isinstance(outline, shapely.Polygon) and outline.is_valid and outline.area > 0]
        looks = np.array([sight.looks(outline) for _, outline in drawn])
        here, area = sight.outline, sight.outline.area
        looks[:, -1] /= np.sqrt(area)
        way = np.array([[float(one == name) for name in WAYS] for one, _ in drawn])
        beside = np.array([[overlap(outline, here), np.log(outline.area / area)] for _, outline in drawn])
        worth = looks[:, -1:] - looks[:, -1].max()
        return cls(tuple(affinity.translate(outline, *sight.corner) for _, outline in drawn),
                   np.concatenate([looks, looks - looks[0], beside, way, worth], axis=1))

    def shared(self, true: shapely.Geometry) -> Array:
        """How much each shares with the true outline (k,), intersection over union."""
        return np.array([overlap(outline, true) for outline in self.outlines])


def draw(shapes: NDArray[np.object_], rows: NDArray[np.intp], labels: NDArray[np.intp], placed: NDArray[np.object_],
         evidence: Evidence, edges: Edges) -> dict[int, Drawings]:
    """Draw ``rows`` of the objects that are ``placed`` anew, given their ``shapes`` and ``labels`` (rows,); those that
    can be.
    """
    tree, reach = shapely.STRtree(placed), int(np.ceil(REACH_M / evidence.grid.pixel_m))
    drawn = {}
    for row, shape, label in zip(rows.tolist(), shapes, labels.tolist(), strict=True):
        sight = Sight.of(shape, row, label, placed, tree, evidence, edges, 2 * reach)
        drawings = None if sight is None else Drawings.of(sight, reach)
        if drawings is not None:
            drawn[row] = drawings
    return drawn


@dataclass(frozen=True)
class Choice:
    """The outline to propose, None if the one as drawn had better stay; how much the outline as drawn and the best one
    are expected to share with the true one.
    """

    outline: shapely.Polygon | None
    now: float
    then: float


@dataclass(frozen=True)
class Redrawing:
    """What was learnt of objects that were given another shape on purpose."""

    trees: FoldTrees

    @classmethod
    def learnt(cls, shown: Sequence[tuple[Drawings, Array, int]], folds: int, seed: int) -> Redrawing | None:
        """Learn from drawings, how much each shared with the true outline, and the fold of ground that each object lay
        in, 0 … ``folds`` − 1; None if there are too few of them.
        """
        trees = FoldTrees.learnt([(drawings.x, shared, where) for drawings, shared, where in shown], folds, seed)
        return None if trees is None else cls(trees)

    def choose(self, asked: Sequence[Drawings], fold: NDArray[np.intp]) -> list[Choice]:
        """Choose an outline for each of n objects, which lie in folds ``fold`` (n,) of ground."""
        expected = self.trees.told([drawings.x for drawings in asked], fold)
        return [_chosen(drawings, part) for drawings, part in zip(asked, expected, strict=True)]


def _chosen(drawings: Drawings, expected: Array) -> Choice:
    best = int(expected.argmax())
    now, then = float(expected[0]), float(expected[best])
    return Choice(drawings.outlines[best] if then - now > LEAST_GAIN else None, now, then)


def _drawn(sight: Sight, frame: Frame) -> list[tuple[str, shapely.Geometry]]:
    """Every way to draw an object that there is, and its outline."""
    moved = [_stretched(frame, box) for box in _one_side_moved(sight, frame)]
    drawn = [sight.outline, _box(sight.outline), *moved]
    return list(zip(WAYS, drawn, strict=False))


def _box(outline: shapely.Polygon) -> shapely.Geometry:
    """The box of an outline's frame; a yard within stays one."""
    box = outline.minimum_rotated_rectangle
    return shapely.Polygon(box.exterior, outline.interiors) if isinstance(box, shapely.Polygon) else box


def _one_side_moved(sight: Sight, frame: Frame) -> list[tuple[float, ...]]:
    """The frame's box, in its own pixels, with one side moved to its best place, for the two sides that gain most."""
    flat = frame.sample(sight.free - LEVEL, -LEVEL)
    columns, rows = frame.edges(sight.tensor)
    total = np.pad(flat, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    upright = EDGE_WEIGHT * np.pad(columns, ((1, 0), (0, 0))).cumsum(axis=0)
    level = EDGE_WEIGHT * np.pad(rows, ((0, 0), (1, 0))).cumsum(axis=1)
    height, width = frame.shape

    def worth(box: Sequence[int]) -> float:
        x0, y0, x1, y1 = box
        held = total[y1, x1] - total[y0, x1] - total[y1, x0] + total[y0, x0]
        edge = sum(upright[y1, x] - upright[y0, x] for x in (x0, x1))
        return float(held + edge + sum(level[y, x1] - level[y, x0] for y in (y0, y1)))

    best: list[tuple[float, tuple[float, ...]]] = []
    bounds = frame.flat.bounds
    for side in range(4):
        opposite, stop = frame.box[(side + 2) % 4], (width, height)[side % 2]
        places = range(opposite - LEAST_DEPTH_PX + 1) if side < 2 else range(opposite + LEAST_DEPTH_PX, stop + 1)
        tried = [(worth([*frame.box[:side], at, *frame.box[side + 1:]]), at) for at in places
                 if abs(at - frame.box[side]) >= LEAST_STEP_PX]
        if tried:
            value, at = max(tried)
            best.append((value, (*bounds[:side], float(at), *bounds[side + 1:])))
    return [box for _, box in sorted(best, key=lambda one: -one[0])[:2]]


def _stretched(frame: Frame, box: tuple[float, ...]) -> shapely.Geometry:
    """The outline stretched so that its frame becomes the box."""
    x0, y0, x1, y1 = frame.flat.bounds
    u0, v0, u1, v1 = box
    wide, high = (u1 - u0) / (x1 - x0), (v1 - v0) / (y1 - y0)
    return frame.back(affinity.affine_transform(frame.flat, [wide, 0, 0, high, u0 - wide * x0, v0 - high * y0]))
