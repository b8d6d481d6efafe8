"""The frame of an outline: its smallest turned rectangle, laid upright, and what pixels show in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from shapely import affinity

from .masks import mask_of

SIDE_MAX = 120


@dataclass(frozen=True)
class Frame:
    """An upright grid of pixels around an outline that was turned by ``angle`` (radians) about ``middle``.

    Its first pixel lies at ``corner`` (x, y) of the turned plane; ``shape`` is (height, width). ``box`` holds the
    places of the rectangle's left, upper, right and lower side, in whole pixels of the grid; ``flat`` is the outline,
    turned, in pixels of the grid.
    """

    angle: float
    middle: tuple[float, float]
    corner: tuple[int, int]
    shape: tuple[int, int]
    box: tuple[int, int, int, int]
    flat: shapely.Geometry

    @classmethod
    def around(cls, outline: shapely.Geometry, reach: float) -> Frame | None:
        """Lay a frame around an outline, ``reach`` pixels wider; None for what is too thin or too large."""
        rectangle = outline.minimum_rotated_rectangle
        if not isinstance(rectangle, shapely.Polygon) or rectangle.area <= 0:
            return None
        corners = np.asarray(rectangle.exterior.coords)
        along = corners[1] - corners[0]
        angle = float(np.arctan2(along[1], along[0]))
        x, y = rectangle.centroid.coords[0]
        x0, y0, x1, y1 = affinity.rotate(rectangle, -angle, origin=(x, y), use_radians=True).bounds
        left, top = int(np.floor(x0 - reach)), int(np.floor(y0 - reach))
        width_px, height_px = int(np.ceil(x1 + reach - left)), int(np.ceil(y1 + reach - top))
        if min(x1 - x0, y1 - y0) < 2 or max(width_px, height_px) > SIDE_MAX + 2 * reach:
            return None
        flat = affinity.translate(affinity.rotate(outline, -angle, origin=(x, y), use_radians=True), -left, -top)
        box = round(x0 - left), round(y0 - top), round(x1 - left), round(y1 - top)
        return cls(angle, (x, y), (left, top), (height_px, width_px), box, flat)

    def sample(self, values: NDArray[np.floating], beyond: float) -> NDArray[np.float64]:
        """Return ``values`` (height, width of the outline's own pixels) in the frame; ``beyond`` outside them."""
        return np.asarray(ndimage.map_coordinates(values, self._places, order=1, mode="constant", cval=beyond))

    @cached_property
    def _places(self) -> NDArray[np.float64]:
        """Rows and columns (2, height, width) of the frame's pixels among the outline's own."""
        dx = np.arange(self.shape[1]) + 0.5 + self.corner[0] - self.middle[0]
        dy = np.arange(self.shape[0])[:, None] + 0.5 + self.corner[1] - self.middle[1]
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        return np.stack([self.middle[1] + sin * dx + cos * dy - 0.5, self.middle[0] + cos * dx - sin * dy - 0.5])

    def edges(self, tensor: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return how sharp edges are across the frame's columns, at the lines between them (height, width + 1), and
        across its rows (height + 1, width); ``tensor`` as :class:`~.edges.Edges` reads it.
        """
        xx, xy, yy = (self.sample(part, 0.0) for part in tensor)
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        across_columns = cos**2 * xx + 2 * cos * sin * xy + sin**2 * yy
        across_rows = sin**2 * xx - 2 * cos * sin * xy + cos**2 * yy
        return _between(across_columns), _between(across_rows.T).T

    def mask(self) -> NDArray[np.bool_]:
        """Which pixels of the frame lie within the outline."""
        return mask_of(self.flat, self.shape)

    def back(self, flat: shapely.Geometry) -> shapely.Geometry:
        """Return a geometry in pixels of the frame where it lies on the ground, in the outline's own pixels."""
        moved = affinity.translate(flat, *self.corner)
        return affinity.rotate(moved, self.angle, origin=self.middle, use_radians=True)


def _between(values: NDArray[np.float64]) -> NDArray[np.float64]:
    wide = np.concatenate([values[:, :1], values, values[:, -1:]], axis=1)
    return np.asarray((wide[:, 1:] + wide[:, :-1]) / 2)
