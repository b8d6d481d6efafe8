"""What a layer of features says of every pixel, in the legend's classes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window

from .burn import burn
from .grid import Grid
from .legend import Legend
from .osm_areas import is_area
from .vectors import Features

LINE_WIDTH_M = 6.0
POINT_RADIUS_M = 5.0


@dataclass(frozen=True)
class Said:
    """What is said in one window.

    ``mix`` (classes, height, width) sums to 1 where something is said and is 0 elsewhere; ``feature`` (height, width)
    is the row of the feature that says it, −1 where none stands (silence).
    """

    mix: NDArray[np.float32]
    feature: NDArray[np.int32]


class Statements:
    """A layer with the class mix of every feature.

    ``support`` are the pixels that a feature speaks of: polygons in pixel coordinates, closed lines whose tags mean an
    area among them; lines widened to ``LINE_WIDTH_M``, points to their accuracy. ``background`` (classes,) is what
    silence says, None where silence says nothing.
    """

    def __init__(self, features: Features, mix: NDArray[np.float32], support: NDArray[np.object_],
                 background: NDArray[np.float32] | None) -> None:
        self.features, self.mix, self.support, self.background = features, mix, support, background
        self.centres = shapely.get_coordinates(shapely.centroid(support)).reshape(-1, 2)
        self._tree = shapely.STRtree(support)
        self._lookup = np.concatenate([mix, np.zeros_like(mix[:1]) if background is None else background[None]])

    @classmethod
    def of(cls, features: Features, legend: Legend, grid: Grid) -> Statements:
        """Ask the legend what each feature of a map or field layer says."""
        background = None
        if legend.background is not None and features.kind == "map":
            background = np.zeros(len(legend.names), np.float32)
            background[legend.index(legend.background)] = 1.0
        shapes, rings = grid.to_pixels(features.geometries), ring_areas(features)
        for row in np.flatnonzero(rings):
            shapes[row] = shapely.Polygon(shapely.get_coordinates(shapes[row]))
        support = supports(shapes, features.accuracy_m, grid)
        return cls(features, legend.classify(features), support, background)

    @property
    def name(self) -> str:
        """The layer's name."""
        return self.features.name

    @cached_property
    def rings(self) -> NDArray[np.bool_]:
        """Which features (n,) are areas although their geometries are lines: see :func:`ring_areas`."""
        return ring_areas(self.features)

    @cached_property
    def lines(self) -> NDArray[np.bool_]:
        """Which features (n,) are lines, and mean lines."""
        return np.asarray((shapely.get_dimensions(self.features.geometries) == 1) & ~self.rings)

    def read(self, window: Window) -> Said:
        """Return what is said in a window, which may reach outside the grid. Small features lie above large ones."""
        row, column, height, width = (int(v) for v in (window.row_off, window.col_off, window.height, window.width))
        near = np.sort(self._tree.query(shapely.box(column, row, column + width, row + height)))
        feature = burn(self.support[near], near, (height, width), (row, column))
        return Said(np.ascontiguousarray(np.moveaxis(self._lookup[feature], -1, 0)), feature)


def ring_areas(features: Features) -> NDArray[np.bool_]:
    """Return which features (n,) are closed lines whose tags mean the area within, as OpenStreetMap has it."""
    shapes = features.geometries
    closed = np.asarray((shapely.get_dimensions(shapes) == 1) & (shapely.get_num_geometries(shapes) == 1)
                        & shapely.is_ring(shapely.get_geometry(shapes, 0)))
    for row in np.flatnonzero(closed):
        closed[row] = is_area(features.tags(int(row)))
    return closed


def supports(shapes: NDArray[np.object_], accuracy_m: NDArray[np.float64], grid: Grid) -> NDArray[np.object_]:
    """The pixels that features speak of, as polygons: ``shapes`` (n,) in pixels, their accuracy (n,), NaN: unknown.

    A multipolygon of one part is a polygon: most formats' layers hold nothing else, and what is one piece can be bent
    and drawn anew.
    """
    shapes = shapes.copy()
    one = (shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOLYGON) & (shapely.get_num_geometries(shapes) == 1)
    shapes[one] = shapely.get_geometry(shapes[one], 0)
    dimension = shapely.get_dimensions(shapes)
    radius_m = np.where(dimension == 1, LINE_WIDTH_M / 2, np.nan_to_num(accuracy_m, nan=POINT_RADIUS_M))
    radius = np.maximum(radius_m / grid.pixel_m, 0.6)
    return np.where(dimension == 2, shapes, shapely.buffer(shapes, radius, quad_segs=4))
