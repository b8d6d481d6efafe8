"""A detector's raw output as boxes in the pixels of its tile: the formats, and the suppression of repeated boxes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio import features

from ..errors import InputError

Floats = NDArray[np.float64]
Indexes = NDArray[np.intp]

MOST_CLASSES = 1000
"""No detector is known with more; an output that would have more has its axes the other way round."""
CHUNK = 2048
"""Boxes that are compared all with all at once: bounds the memory where a hundred thousand lie on one place."""
SMALLEST_PX, LARGEST_TILES = 0.01, 4
"""A box that is narrower, or wider or farther off than so many tiles, is a slip of the network."""
OUTLINE_TOLERANCE_PX = 0.75
"""How far a mask's outline may run from the pixels' stairs."""


@dataclass(frozen=True)
class Masks:
    """The shapes of boxes in little: ``coefficients`` (n, m) weigh ``prototypes`` (m, h, w), which cover a tile of
    ``side`` pixels; where the sum is positive, the object is (Bolya et al. 2019, YOLACT).
    """

    coefficients: Floats
    prototypes: NDArray
    side: int


@dataclass(frozen=True)
class Boxes:
    """Boxes in pixels; x is the column, y the row, whole numbers are pixel edges.

    ``middle`` (n, 2) is x, y; ``size`` (n, 2) width and height, both positive. ``angle`` (n,) in radians turns a box
    about its middle from the x axis towards the y axis, clockwise on a north-up map; 0 is upright. ``score`` (n,) in
    0..1, ``label`` (n,) counts classes from 0. An object's outline is its polygon in ``outlines`` (n,), if there are
    any; ``masks`` are what outlines are still to be made of.
    """

    middle: Floats
    size: Floats
    angle: Floats
    score: Floats
    label: NDArray[np.int64]
    masks: Masks | None = None
    outlines: NDArray[np.object_] | None = None

    def __len__(self) -> int:
        return len(self.score)

    @property
    def corners(self) -> Floats:
        """The corners (n, 4, 2), clockwise on the map from the one that is top left before turning."""
        half = self.size[:, None, :] / 2 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
        cos, sin = np.cos(self.angle)[:, None], np.sin(self.angle)[:, None]
        turned = np.stack([half[..., 0] * cos - half[..., 1] * sin, half[..., 0] * sin + half[..., 1] * cos], axis=-1)
        return np.asarray(self.middle[:, None, :] + turned, np.float64)

    @property
    def bounds(self) -> Floats:
        """What the boxes span (n, 4): xmin, ymin, xmax, ymax."""
        corners = self.corners
        return np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)

    @property
    def polygons(self) -> NDArray[np.object_]:
        """The boxes as polygons (n,), never their outlines."""
        return np.asarray(shapely.polygons(self.corners), object)

    def take(self, index: Indexes | NDArray[np.bool_]) -> Boxes:
        """Return some of the boxes, in the order asked for."""
        masks = self.masks and replace(self.masks, coefficients=self.masks.coefficients[index])
        outlines = None if self.outlines is None else self.outlines[index]
        return Boxes(self.middle[index], self.size[index], self.angle[index], self.score[index], self.label[index],
                     masks, outlines)

    def moved(self, x: float, y: float) -> Boxes:
        """Return the boxes shifted, their masks made outlines."""
        shift = np.array([x, y])
        outlines = self._outlined()
        if outlines is not None:
            outlines = np.asarray(shapely.transform(outlines, lambda xy: xy + shift), object)
        return replace(self, middle=self.middle + shift, masks=None, outlines=outlines)

    def _outlined(self) -> NDArray[np.object_] | None:
        if self.masks is None:
            return self.outlines
        found = np.empty(len(self), object)
        for row, (bounds, weights) in enumerate(zip(self.bounds, self.masks.coefficients, strict=True)):
            found[row] = _outline(bounds, weights, self.masks) or shapely.box(*bounds)
        return found


def no_boxes() -> Boxes:
    """Return boxes, of which there are none."""
    return Boxes(np.empty((0, 2)), np.empty((0, 2)), np.empty(0), np.empty(0), np.empty(0, np.int64))


def joined(parts: Sequence[Boxes]) -> Boxes:
    """Return the boxes of several tiles together; their masks must have become outlines (see :meth:`Boxes.moved`)."""
    parts = [part for part in parts if len(part)]
    if not parts:
        return no_boxes()
    outlines = [part.outlines for part in parts if part.outlines is not None]
    return Boxes(
        np.concatenate([part.middle for part in parts]), np.concatenate([part.size for part in parts]),
        np.concatenate([part.angle for part in parts]), np.concatenate([part.score for part in parts]),
        np.concatenate([part.label for part in parts]),
        outlines=np.concatenate(outlines) if len(outlines) == len(parts) else None)


@dataclass(frozen=True)
class _Format:
    """How a format writes a box: x, y, width, height, then ``before`` values, the classes' scores, ``after`` values.

    ``values_first``: the output is (batch, values, boxes), else (batch, boxes, values).
    """

    values_first: bool
    before: int = 0
    after: int = 0
    masks: bool = False

    @property
    def text(self) -> str:
        parts = ["4", *(["1"] if self.before else []), "classes", *(["1"] if self.after else []),
                 *(["mask coefficients"] if self.masks else [])]
        values = " + ".join(parts)
        return f"(batch, {values}, boxes)" if self.values_first else f"(batch, boxes, {values})"


FORMATS = {
    "YOLO_v5_or_v7_default": _Format(values_first=False, before=1),
    "YOLO_v6": _Format(values_first=False, before=1),
    "YOLO_v9": _Format(values_first=True),
    "YOLO_Ultralytics": _Format(values_first=True),
    "YOLO_Ultralytics_segmentation": _Format(values_first=True, masks=True),
    "YOLO_Ultralytics_obb": _Format(values_first=True, after=1),
}
"""The formats, by the names that the Deepness model zoo gives them in ``det_type``."""


def decode(outputs: Sequence[NDArray], detector: str, confidence: float, classes: int | None, side: int) -> list[Boxes]:
    """Return the boxes of each tile of a batch that score at least ``confidence``, in the tile's pixels.

    ``outputs`` are all that the model returns, ``detector`` names a format of :data:`FORMATS`, ``classes`` is how many
    classes the card lists (None: as many as the output has), ``side`` the tile's side in pixels. A box's class is the
    one that scores highest, and its score that class's; only ``YOLO_v5_or_v7_default`` scores by objectness, the scale
    on which the zoo's thresholds for it are set. Rows that are not finite or can be no box are dropped.
    Raises :class:`InputError` for an unknown format and for outputs that do not fit it.
    """
    form = FORMATS.get(detector)
    if form is None:
        raise InputError(
            f"The model's card names “{detector}” as the format of its boxes (det_type); GeoLoop knows "
            f"{', '.join(FORMATS)}."
        )
    rows, prototypes = _rows(outputs, detector, form)
    masks = 0 if prototypes is None else prototypes.shape[1]
    count = rows.shape[2] - 4 - form.before - form.after - masks
    if count < 1 or count > MOST_CLASSES or (classes is not None and count != classes):
        listed = "" if classes is None else f" and the card lists {classes} classes"
        raise _unfit(outputs, detector, form, listed)
    scored = slice(4 + form.before, 4 + form.before + count)
    return [
        _boxes(item, scored, detector, form, confidence, side,
               None if prototypes is None else Masks(np.empty((0, masks)), prototypes[number], side))
        for number, item in enumerate(rows)
    ]


def suppress(boxes: Boxes, iou: float, order: Indexes | None = None) -> Indexes:
    """Return which boxes are left when every box gives way to a better one of its class, best first.

    Two boxes are one object if their intersection over union reaches ``iou``; turned boxes are compared as polygons.
    ``order`` are the boxes from the best (default: by score; equal ones by place, so that the result does not depend
    on the order they come in).
    """
    order = by_score(boxes) if order is None else order
    bounds = boxes.bounds
    overlap = overlaps(boxes)
    kept = [_greedy(order[boxes.label[order] == label], bounds, overlap, iou) for label in np.unique(boxes.label)]
    chosen = np.zeros(len(boxes), np.bool_)
    for indexes in kept:
        chosen[indexes] = True
    return order[chosen[order]]


def by_score(boxes: Boxes, *first: NDArray) -> Indexes:
    """Return the boxes' order from the best: by the keys in ``first`` (small ones lead), then by score, then place."""
    size, middle = boxes.size, boxes.middle
    keys = (boxes.angle, size[:, 1], size[:, 0], middle[:, 0], middle[:, 1], boxes.label, -boxes.score, *first[::-1])
    return np.lexsort(keys)


def touching(bounds: Floats, others: Floats) -> tuple[Indexes, Indexes]:
    """Return the pairs of bounds (n, 4) and (m, 4) that touch, as indexes into each."""
    tree = shapely.STRtree(shapely.box(*others.T))
    first, second = tree.query(shapely.box(*bounds.T))
    return first, second


def overlaps(boxes: Boxes) -> Callable[[Indexes, Indexes], Floats]:
    """Return the function that gives the intersection over union of pairs of the boxes, by their indexes."""
    bounds, area = boxes.bounds, boxes.size.prod(axis=1)
    turned = boxes.polygons if boxes.angle.any() else None

    def of_pairs(first: Indexes, second: Indexes) -> Floats:
        if turned is None:
            common = common_area(bounds[first], bounds[second])
        else:
            common = shapely.area(shapely.intersection(turned[first], turned[second]))
        return np.asarray(common / (area[first] + area[second] - common), np.float64)

    return of_pairs


def common_area(first: Floats, second: Floats) -> Floats:
    """Return the area (n,) that bounds (n, 4) have in common."""
    low, high = np.maximum(first[:, :2], second[:, :2]), np.minimum(first[:, 2:], second[:, 2:])
    return np.asarray(np.clip(high - low, 0, None).prod(axis=1), np.float64)


def _greedy(
    order: Indexes, bounds: Floats, overlap: Callable[[Indexes, Indexes], Floats], iou: float
) -> Indexes:
    kept = np.empty(0, np.intp)
    for start in range(0, len(order), CHUNK):
        chunk = order[start:start + CHUNK]
        if len(kept):
            new, old = touching(bounds[chunk], bounds[kept])
            repeated = overlap(chunk[new], kept[old]) >= iou
            chunk = np.delete(chunk, new[repeated])
        kept = np.concatenate([kept, chunk[_alive(chunk, bounds, overlap, iou)]])
    return kept


def _alive(
    chunk: Indexes, bounds: Floats, overlap: Callable[[Indexes, Indexes], Floats], iou: float
) -> NDArray[np.bool_]:
    """Return which boxes of a chunk, the best first, no better one of the chunk stands for."""
    alive = np.ones(len(chunk), np.bool_)
    better, worse = touching(bounds[chunk], bounds[chunk])
    ahead = better < worse
    better, worse = better[ahead], worse[ahead]
    same = overlap(chunk[better], chunk[worse]) >= iou
    better, worse = better[same], worse[same]
    sorting = np.argsort(better, kind="stable")
    better, worse = better[sorting], worse[sorting]
    leaders, starts = np.unique(better, return_index=True)
    stops = np.searchsorted(better, leaders, side="right")
    for leader, start, stop in zip(leaders, starts, stops, strict=True):
        if alive[leader]:
            alive[worse[start:stop]] = False
    return alive


def _rows(outputs: Sequence[NDArray], detector: str, form: _Format) -> tuple[NDArray, NDArray | None]:
    """Return the boxes as (batch, boxes, values), and the prototypes of masks (batch, m, h, w) where there are any."""
    boxes = next((output for output in outputs if output.ndim == 3), None)
    prototypes = next((output for output in outputs if output.ndim == 4), None) if form.masks else None
    if boxes is None or (form.masks and prototypes is None):
        raise _unfit(outputs, detector, form)
    return (boxes.transpose(0, 2, 1) if form.values_first else boxes), prototypes


def _unfit(outputs: Sequence[NDArray], detector: str, form: _Format, listed: str = "") -> InputError:
    shapes = " and ".join(str(output.shape) for output in outputs) or "nothing"
    wanted = form.text + (" and prototypes (batch, mask coefficients, height, width)" if form.masks else "")
    return InputError(
        f"The model returns {shapes}{listed}, but boxes in the format {detector} come as {wanted}; correct the format "
        f"(det_type) or the classes (class_names) in the model's card."
    )


def _boxes(
    values: NDArray, scored: slice, detector: str, form: _Format, confidence: float, side: int, masks: Masks | None
) -> Boxes:
    """Return the boxes of one tile from its rows (boxes, values)."""
    scores = values[:, scored]
    score = values[:, 4] if detector == "YOLO_v5_or_v7_default" else scores.max(axis=1)
    chosen = values[score >= confidence].astype(np.float64)
    farthest = LARGEST_TILES * side
    chosen = chosen[np.isfinite(chosen).all(axis=1) & (np.abs(chosen[:, :4]) <= farthest).all(axis=1)
                    & (chosen[:, 2:4] >= SMALLEST_PX).all(axis=1)]
    label = chosen[:, scored].argmax(axis=1)
    score = chosen[:, 4] if detector == "YOLO_v5_or_v7_default" else chosen[:, scored].max(axis=1)
    angle = chosen[:, -1] % np.pi if form.after else np.zeros(len(chosen))
    if masks is not None:
        masks = replace(masks, coefficients=chosen[:, scored.stop:])
    return Boxes(chosen[:, :2], chosen[:, 2:4], angle, np.clip(score, 0.0, 1.0), label.astype(np.int64), masks)


def _outline(bounds: Floats, weights: Floats, masks: Masks) -> shapely.Polygon | None:
    """Return the largest piece of a mask within its box, in the tile's pixels; None where the mask is empty."""
    left, top = np.clip(np.floor(bounds[:2]), 0, masks.side).astype(int)
    right, bottom = np.clip(np.ceil(bounds[2:]), 0, masks.side).astype(int)
    if right <= left or bottom <= top:
        return None
    height, width = masks.prototypes.shape[1:]
    columns, across = _interpolation(left, right, width / masks.side, width)
    rows, down = _interpolation(top, bottom, height / masks.side, height)
    field = np.tensordot(weights, masks.prototypes[:, rows, columns], axes=1)
    inside = down @ field @ across.T > 0
    pieces = [
        shapely.geometry.shape(shape)
        for shape, value in features.shapes(inside.astype(np.uint8), mask=inside) if value
    ]
    if not pieces:
        return None
    corner = np.array([left, top])
    largest = shapely.transform(max(pieces, key=lambda piece: piece.area), lambda xy: xy + corner)
    within = shapely.get_parts(shapely.intersection(largest.simplify(OUTLINE_TOLERANCE_PX), shapely.box(*bounds)))
    return max((piece for piece in within if piece.area > 0), key=lambda piece: piece.area, default=None)


def _interpolation(start: int, stop: int, scale: float, size: int) -> tuple[slice, Floats]:
    """Return which samples of ``size`` lie about the pixels ``start`` to ``stop``, ``scale`` samples to a pixel, and
    the weights (pixels, samples) by which they are interpolated to the pixels' middles.
    """
    at = np.clip((np.arange(start, stop) + 0.5) * scale - 0.5, 0, size - 1)
    first, last = int(at[0]), min(int(at[-1]) + 2, size)
    return slice(first, last), np.clip(1 - np.abs(at[:, None] - np.arange(first, last)), 0, None)
