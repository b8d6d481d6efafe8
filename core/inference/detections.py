"""A detector's objects over a whole raster: gathered tile by tile, each counted once, written as a GeoPackage."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataSourceError
from rasterio.windows import Window
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ..errors import InputError
from ..models.card import ClassLabel
from ..sources.grid import Grid
from ..whole import written_whole
from .boxes import Boxes, Floats, Indexes, by_score, common_area, joined, no_boxes, suppress, touching

MARGIN_SHARE = 0.25
"""Share of the halo by which two tiles may differ about an object's middle, and neither drop it."""
EDGE_SHARE, EDGE_PX = 0.01, 1.0
"""A box that ends this near its tile's edge, as a share of the side and at least in pixels, counts as cut by it."""
COVERED = 0.5
"""A piece of which a whole object covers this share is a piece of that object."""
LAYER = "detections"


class Detections:
    """The boxes of a run, whatever tiles they come from.

    The tile in whose core an object's middle lies decides about it: it sees the object whole if that is smaller than
    the overlap of two tiles, which is twice the halo. Middles near a core's edge are believed of both tiles, and two
    that report one object count once. Of an object larger than the overlap each tile reports a piece; pieces that agree
    where both tiles look are put together. So neither the tiles nor their order change what is found.
    """

    def __init__(self, shape: tuple[int, int], halo: int, iou: float, area: Window | None = None) -> None:
        """Take boxes on a grid of ``shape`` (rows, columns), in tiles with ``halo`` pixels around their cores.

        Objects count whose middle lies in ``area`` (default: the grid). Two boxes are one object if their intersection
        over union reaches ``iou``.
        """
        self._height, self._width = shape
        self._halo, self._iou = halo, iou
        area = area or Window(0, 0, self._width, self._height)
        self._area = _bounds(area)
        self._boxes: list[Boxes] = []
        self._windows: list[Floats] = []
        self._cores: list[NDArray[np.bool_]] = []
        self._cuts: list[NDArray[np.bool_]] = []

    def add(self, boxes: Boxes, window: Window) -> None:
        """Take the boxes of a tile, in its pixels; ``window`` is the tile on the grid, halo included."""
        bounds = _bounds(window)
        core = bounds + self._halo * np.array([1, 1, -1, -1])
        margin = MARGIN_SHARE * self._halo
        middle = boxes.middle + bounds[:2]
        boxes = boxes.take(_within(middle, self._area) & _within(middle, core + margin * np.array([-1, -1, 1, 1])))
        own = _within(boxes.middle + bounds[:2], core)
        left = suppress(boxes, self._iou, by_score(boxes, ~own))
        if not len(left):
            return
        here = boxes.take(left).moved(*bounds[:2])
        self._boxes.append(here)
        self._windows.append(np.tile(bounds, (len(here), 1)))
        self._cores.append(own[left])
        self._cuts.append(self._cut(here.bounds, bounds))

    def found(self) -> Boxes:
        """Return the objects in the grid's pixels, the best first."""
        if not self._boxes:
            return no_boxes()
        boxes, windows = joined(self._boxes), np.concatenate(self._windows)
        own, cut = np.concatenate(self._cores), np.concatenate(self._cuts)
        whole = np.flatnonzero(~cut)
        some = boxes.take(whole)
        whole = whole[suppress(some, self._iou, by_score(some, ~own[whole]))]
        pieces = np.flatnonzero(cut)
        pieces = pieces[~self._known(boxes, windows, own, pieces, whole)]
        result = joined([boxes.take(whole), *self._put_together(boxes, windows, pieces)])
        return result.take(by_score(result))

    def _cut(self, boxes: Floats, tile: Floats) -> NDArray[np.bool_]:
        """Return which boxes reach an edge of their tile beyond which the grid goes on."""
        near = max(EDGE_PX, EDGE_SHARE * (tile[2] - tile[0]))
        goes_on = np.array([tile[0] > 0, tile[1] > 0, tile[2] < self._width, tile[3] < self._height])
        reaches = np.concatenate([boxes[:, :2] - near <= tile[:2], boxes[:, 2:] + near >= tile[2:]], axis=1)
        return np.asarray((reaches & goes_on).any(axis=1))

    def _known(
        self, boxes: Boxes, windows: Floats, own: NDArray[np.bool_], pieces: Indexes, whole: Indexes
    ) -> NDArray[np.bool_]:
        """Return which pieces belong to an object that another tile saw whole."""
        bounds = boxes.bounds
        piece, other = touching(bounds[pieces], bounds[whole])
        first, second = pieces[piece], whole[other]
        alike = (boxes.label[first] == boxes.label[second]) & (windows[first] != windows[second]).any(axis=1)
        piece, first, second = piece[alike], first[alike], second[alike]
        area = (bounds[first, 2:] - bounds[first, :2]).prod(axis=1)
        covered = ~own[first] & (common_area(bounds[first], bounds[second]) >= COVERED * area)
        known = np.zeros(len(pieces), np.bool_)
        known[piece[covered | (_agreement(boxes, windows, first, second) >= self._iou)]] = True
        return known

    def _put_together(self, boxes: Boxes, windows: Floats, pieces: Indexes) -> list[Boxes]:
        """Return the objects that the pieces are of."""
        bounds = boxes.bounds
        first, second = touching(bounds[pieces], bounds[pieces])
        one, other = pieces[first], pieces[second]
        alike = (first < second) & (boxes.label[one] == boxes.label[other])
        alike &= (windows[one] != windows[other]).any(axis=1)
        first, second = first[alike], second[alike]
        same = _agreement(boxes, windows, pieces[first], pieces[second]) >= self._iou
        links = coo_array((np.ones(int(same.sum())), (first[same], second[same])), shape=(len(pieces), len(pieces)))
        count, group = connected_components(links, directed=False)
        members = np.bincount(group, minlength=count)
        single = boxes.take(pieces[members[group] == 1])
        return [single, *(_union(boxes.take(pieces[group == number])) for number in np.flatnonzero(members > 1))]


def write_detections(
    path: str | Path, grid: Grid, found: Boxes, classes: Sequence[ClassLabel], tags: Mapping[str, Any]
) -> None:
    """Write objects as polygons in the grid's CRS, in the table ``detections`` of a GeoPackage.

    ``found`` is in the grid's pixels, ``classes`` are the model's in order. Fields: class (its name), code,
    probability, width_m and height_m (ground metres, of the box), angle (degrees that the box is turned clockwise, 0 to
    180). ``tags`` become the table's metadata, JSON where they are no text. The file appears whole or not at all.
    """
    polygons = found.polygons if found.outlines is None else found.outlines
    names = np.array([_label(classes, int(label))[1] for label in found.label], dtype=object)
    codes = np.array([_label(classes, int(label))[0] for label in found.label], dtype=np.int32)
    size_m = found.size * grid.pixel_m
    fields = {"class": names, "code": codes, "probability": found.score, "width_m": size_m[:, 0],
              "height_m": size_m[:, 1], "angle": np.degrees(found.angle)}
    with written_whole(path) as draft:
        try:
            pyogrio.raw.write(
                draft, shapely.to_wkb(grid.to_world(polygons)), list(fields.values()), list(fields), layer=LAYER,
                driver="GPKG", geometry_type="Polygon" if found.outlines is None else "MultiPolygon", crs=grid.crs,
                promote_to_multi=found.outlines is not None, dataset_options={"VERSION": "1.3"},
                layer_metadata={name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                                for name, value in tags.items()})
        except DataSourceError as error:
            raise InputError(f"The output {path} cannot be written ({error}); close it elsewhere, or choose a folder "
                             "you may write to.") from error


def _label(classes: Sequence[ClassLabel], label: int) -> tuple[int, str]:
    """Return code and name of a detector's class."""
    if label < len(classes):
        return classes[label].value, classes[label].name or f"class {classes[label].value}"
    return label, f"class {label}"


def _agreement(boxes: Boxes, windows: Floats, first: Indexes, second: Indexes) -> Floats:
    """Return the intersection over union of pairs of boxes, counting only what both their tiles see."""
    low = np.maximum(windows[first, :2], windows[second, :2])
    high = np.maximum(np.minimum(windows[first, 2:], windows[second, 2:]), low)
    if boxes.angle.any():
        seen, polygons = shapely.box(*low.T, *high.T), boxes.polygons
        parts = shapely.intersection(polygons[first], seen), shapely.intersection(polygons[second], seen)
        areas = shapely.area(parts[0]), shapely.area(parts[1])
        common = shapely.area(shapely.intersection(*parts))
    else:
        bounds = boxes.bounds
        low_high = np.tile(low, 2), np.tile(high, 2)
        clipped = [np.clip(bounds[index], *low_high) for index in (first, second)]
        areas = tuple((part[:, 2:] - part[:, :2]).prod(axis=1) for part in clipped)
        common = common_area(*clipped)
    union = areas[0] + areas[1] - common
    return np.asarray(common / np.where(union > 0, union, 1.0), np.float64)


def _union(pieces: Boxes) -> Boxes:
    """Return the one object that pieces make up: their common hull, with the best one's class and score."""
    best = pieces.take(by_score(pieces)[:1])
    outlines = None
    if pieces.outlines is not None:
        outlines = np.array([shapely.union_all(pieces.outlines)], dtype=object)
    cos, sin = float(np.cos(best.angle[0])), float(np.sin(best.angle[0]))
    turn = np.array([[cos, -sin], [sin, cos]])
    corners = pieces.corners.reshape(-1, 2) @ turn  # along the axes of the best piece
    low, high = corners.min(axis=0), corners.max(axis=0)
    return replace(best, middle=((low + high) / 2 @ turn.T)[None], size=(high - low)[None], outlines=outlines)


def _bounds(window: Window) -> Floats:
    left, top = float(window.col_off), float(window.row_off)
    return np.array([left, top, left + window.width, top + window.height])


def _within(points: Floats, bounds: Floats) -> NDArray[np.bool_]:
    """Return which points (n, 2) lie within bounds, of whose edges the lower ones belong to them."""
    return np.asarray((points >= bounds[:2]).all(axis=1) & (points < bounds[2:]).all(axis=1))
