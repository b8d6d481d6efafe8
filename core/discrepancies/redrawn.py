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
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.windows import Window
from scipy import ndimage
from shapely import affinity

from ..fusion.evidence import Evidence
from .box_fit import EDGE_WEIGHT
from .edges import Edges, rim, support
from .fold_trees import FoldTrees
from .frame import Frame
from .outline import overlap

REACH_M = 5.0
LEVEL = 0.5
SIDE_MAX = 512
WAYS = ("drawn", "box", "side", "second side")
LEAST_STEP_PX, LEAST_DEPTH_PX = 2, 3
RING_PX, NEAR_PX = 3, 6
ON_EDGE = 0.4
"""An outline lies on an edge that is so sharp, of 1."""
LEAST_GAIN = 0.1
"""Another outline is proposed if it is expected to share so much more with the true one (intersection over union)."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Sight:
    """What is seen around an ``outline``, in pixels of a window whose upper left pixel lies at ``corner`` (x, y):
    the class's probability ``p`` (height, width), which pixels other objects have ``taken``, the edges ``tensor``.
    ``frame``: the outline's own, wider by the reach that a side may move by.
    """

    outline: shapely.Polygon
    frame: Frame
    p: Array
    taken: NDArray[np.bool_]
    tensor: NDArray[np.float32]
    corner: tuple[int, int]

    @classmethod
    def of(cls, shape: shapely.Geometry, row: int, label: int, placed: NDArray[np.object_], tree: shapely.STRtree,
           evidence: Evidence, edges: Edges) -> Sight | None:
        """Look around ``shape`` (pixels), the object ``row`` of those that are ``placed``; None for what is no polygon,
        too thin or too large to be drawn anew.
        """
        if not isinstance(shape, shapely.Polygon) or shape.is_empty:
            return None
        reach = int(np.ceil(REACH_M / evidence.grid.pixel_m))
        x0, y0, x1, y1 = shape.bounds
        left, top = int(np.floor(x0)) - 2 * reach, int(np.floor(y0)) - 2 * reach
        width, height = int(np.ceil(x1)) + 2 * reach - left, int(np.ceil(y1)) + 2 * reach - top
        outline = affinity.translate(shape, -left, -top)
        frame = Frame.around(outline, reach + 1)
        if frame is None or max(width, height) > SIDE_MAX:
            return None
        window = Window(left, top, width, height)
        near = tree.query(shapely.box(left, top, left + width, top + height))
        own, others = (rasterize([(s, 1) for s in some], out_shape=(height, width), dtype="uint8",
                                 transform=Affine.translation(left, top)).astype(bool)
                       if len(some) else np.zeros((height, width), bool)
                       for some in ([shape], placed[near[near != row]]))
        p = np.nan_to_num(evidence.read(window, (label,))[0].astype(np.float64), nan=LEVEL)
        return cls(outline, frame, p, others & ~own, edges.read(window), (left, top))

    @property
    def free(self) -> Array:
        """The probability that others leave (height, width)."""
        return np.where(self.taken, 0.0, self.p)


@dataclass(frozen=True)
class Drawings:
    """Outlines of one object (k,) in pixels, the first as drawn, and what each looks like (k, d)."""

    outlines: tuple[shapely.Polygon, ...]
    x: Array

    @classmethod
    def of(cls, sight: Sight) -> Drawings:
        """Draw an object in every way that there is."""
        drawn = [(way, outline) for way, outline in _drawn(sight)
                 if isinstance(outline, shapely.Polygon) and outline.is_valid and outline.area > 0]
        looks = np.array([_looks(sight, outline) for _, outline in drawn])
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
    tree = shapely.STRtree(placed)
    drawn = {}
    for row, shape, label in zip(rows.tolist(), shapes, labels.tolist(), strict=True):
        sight = Sight.of(shape, row, label, placed, tree, evidence, edges)
        if sight is not None:
            drawn[row] = Drawings.of(sight)
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


def _drawn(sight: Sight) -> list[tuple[str, shapely.Geometry]]:
    """Every way to draw an object that there is, and its outline."""
    moved = [_stretched(sight.frame, box) for box in _one_side_moved(sight)]
    drawn = [sight.outline, sight.outline.minimum_rotated_rectangle, *moved]
    return list(zip(WAYS, drawn, strict=False))


def _one_side_moved(sight: Sight) -> list[tuple[float, ...]]:
    """The frame's box, in its own pixels, with one side moved to its best place, for the two sides that gain most."""
    frame = sight.frame
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


def _looks(sight: Sight, outline: shapely.Polygon) -> Array:
    """What the evidence and the edges say of an outline; the last is what it holds of both, in pixels."""
    own = rasterize([(outline, 1)], out_shape=sight.p.shape, dtype="uint8").astype(bool)
    if not own.any():  # drawn so small that no pixel's middle lies in it
        x, y = outline.centroid.coords[0]
        own[int(np.clip(y, 0, own.shape[0] - 1)), int(np.clip(x, 0, own.shape[1] - 1))] = True
    area, free = own.sum(), sight.free
    ring = ndimage.binary_dilation(own, iterations=RING_PX) & ~own
    left_out = float(free[ndimage.binary_dilation(own, iterations=NEAR_PX) & ~own].sum())
    edge = np.sort(support(sight.tensor, *rim(outline)))
    held = float((free[own] - LEVEL).sum())
    return np.array([
        held / area, sight.p[own].mean(), np.quantile(sight.p[own], 0.1), free[ring].mean(), left_out / area,
        sight.taken[own].mean(), sight.taken[ring].mean(), edge.mean(), edge[:max(len(edge) // 5, 1)].mean(),
        np.median(edge), (edge > ON_EDGE).mean(), free[own].sum() / (area + left_out),
        outline.area / max(outline.minimum_rotated_rectangle.area, 1e-9), len(outline.exterior.coords), np.log(area),
        held + EDGE_WEIGHT * edge.sum()])
