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
        laid, usable = Frames.around(np.array([outline], dtype=object), reach)
        if not usable[0]:
            return None
        (x, y), (left, top), (height, width) = laid.middle[0].tolist(), laid.corner[0].tolist(), laid.shape[0].tolist()
        x0, y0, x1, y1 = laid.box[0].tolist()
        return cls(float(laid.angle[0]), (x, y), (left, top), (height, width), (x0, y0, x1, y1), laid.flat[0])

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
        return between(across_columns), between(across_rows.T).T

    def mask(self) -> NDArray[np.bool_]:
        """Which pixels of the frame lie within the outline."""
        return mask_of(self.flat, self.shape)

    def back(self, flat: shapely.Geometry) -> shapely.Geometry:
        """Return a geometry in pixels of the frame where it lies on the ground, in the outline's own pixels."""
        moved = affinity.translate(flat, *self.corner)
        return affinity.rotate(moved, self.angle, origin=self.middle, use_radians=True)


@dataclass(frozen=True)
class Frames:
    """The frames of n outlines, field by field as :class:`Frame` has them: ``angle`` (n,), ``middle`` and ``corner``
    (n, 2), ``shape`` (n, 2), ``box`` (n, 4), ``flat`` (n,).
    """

    angle: NDArray[np.float64]
    middle: NDArray[np.float64]
    corner: NDArray[np.intp]
    shape: NDArray[np.intp]
    box: NDArray[np.intp]
    flat: NDArray[np.object_]

    @classmethod
    def around(cls, outlines: NDArray[np.object_], reach: float) -> tuple[Frames, NDArray[np.bool_]]:
        """Lay frames around outlines (n,), ``reach`` pixels wider, those that can be; and say which can (n,): not what
        is too thin or too large.
        """
        rectangle = shapely.oriented_envelope(outlines)
        usable = (shapely.get_type_id(rectangle) == shapely.GeometryType.POLYGON) & (shapely.area(rectangle) > 0)
        rows = np.flatnonzero(usable)
        corners = shapely.get_coordinates(rectangle[rows]).reshape(-1, 5, 2)
        along = corners[:, 1] - corners[:, 0]
        angle = np.arctan2(along[:, 1], along[:, 0])
        middle = shapely.get_coordinates(shapely.centroid(rectangle[rows])).reshape(-1, 2)
        flat = _turned(corners.reshape(-1, 2), np.repeat(np.arange(len(rows)), 5), angle, middle).reshape(-1, 5, 2)
        low, high = flat.min(axis=1, initial=np.inf), flat.max(axis=1, initial=-np.inf)
        corner = np.floor(low - reach).astype(np.intp)
        size = np.ceil(high + reach - corner).astype(np.intp)
        fits = ((high - low).min(axis=1, initial=np.inf) >= 2) & (size.max(axis=1, initial=0) <= SIDE_MAX + 2 * reach)
        usable[rows] = fits
        angle, middle, corner, size, low, high = (part[fits] for part in (angle, middle, corner, size, low, high))
        turned = outlines[rows[fits]]
        xy, of = shapely.get_coordinates(turned, return_index=True)
        if len(turned):
            turned = shapely.set_coordinates(shapely.force_2d(turned), _turned(xy, of, angle, middle) - corner[of])
        box = np.round(np.concatenate([low - corner, high - corner], axis=1)).astype(np.intp)
        return cls(angle, middle, corner, size[:, ::-1], box, turned), usable

    def places(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Rows and columns (n, height, width) of the frames' pixels among the outlines' own; all frames as large as the
        largest.
        """
        height, width = self.shape.max(axis=0)
        dx = (np.arange(width) + 0.5 + (self.corner - self.middle)[:, :1])[:, None, :]
        dy = (np.arange(height) + 0.5 + (self.corner - self.middle)[:, 1:])[:, :, None]
        cos, sin = np.cos(self.angle)[:, None, None], np.sin(self.angle)[:, None, None]
        x, y = self.middle[:, 0, None, None], self.middle[:, 1, None, None]
        return y + sin * dx + cos * dy - 0.5, x + cos * dx - sin * dy - 0.5


def _turned(xy: NDArray[np.float64], of: NDArray[np.intp], angle: NDArray[np.float64], middle: NDArray[np.float64]
            ) -> NDArray[np.float64]:
    """Points (m, 2) turned back by the angle of the frame ``of`` each (m,), about its middle."""
    cos, sin = np.cos(angle)[of], np.sin(angle)[of]
    dx, dy = (xy - middle[of]).T
    return np.stack([cos * dx + sin * dy, cos * dy - sin * dx], axis=1) + middle[of]


def between(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values at the lines between pixels and at both ends, along the last axis."""
    wide = np.concatenate([values[..., :1], values, values[..., -1:]], axis=-1)
    return np.asarray((wide[..., 1:] + wide[..., :-1]) / 2)
