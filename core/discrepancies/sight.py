"""What is seen around one object, and how well an outline lies in it: evidence, edges of the imagery, other objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window
from shapely import affinity

from .box_fit import EDGE_WEIGHT
from .edges import Edges, rim, support
from .masks import grown, mask_of, masks_of

if TYPE_CHECKING:
    from ..fusion.evidence import Evidence

LEVEL = 0.5
SIDE_MAX = 512
RING_PX, NEAR_PX = 3, 6
ON_EDGE = 0.4
"""An outline lies on an edge that is so sharp, of 1."""
LOOKS = 16

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Sight:
    """What is seen around an ``outline``, in pixels of a window whose upper left pixel lies at ``corner`` (x, y):
    the class's probability ``p`` (height, width), which pixels other objects have ``taken``, the edges ``tensor``.
    """

    outline: shapely.Polygon
    p: Array
    taken: NDArray[np.bool_]
    tensor: NDArray[np.float32]
    corner: tuple[int, int]

    @classmethod
    def of(cls, shape: shapely.Geometry, row: int, label: int, placed: NDArray[np.object_], tree: shapely.STRtree,
           evidence: Evidence, edges: Edges, reach: int) -> Sight | None:
        """Look around ``shape`` (pixels), the object ``row`` of those that are ``placed``, as far as ``reach`` pixels;
        None for what is no polygon or too large.
        """
        if not isinstance(shape, shapely.Polygon) or shape.is_empty:
            return None
        x0, y0, x1, y1 = shape.bounds
        left, top = int(np.floor(x0)) - reach, int(np.floor(y0)) - reach
        width, height = int(np.ceil(x1)) + reach - left, int(np.ceil(y1)) + reach - top
        if max(width, height) > SIDE_MAX:
            return None
        window = Window(left, top, width, height)
        near = tree.query(shapely.box(left, top, left + width, top + height))
        around = np.array([shape, *placed[near[near != row]]], dtype=object)
        own, *others = masks_of(shapely.transform(around, lambda xy: xy - (left, top)), (height, width))
        taken = np.any(others, axis=0) & ~own if others else np.zeros_like(own)
        p = np.nan_to_num(evidence.read(window, (label,))[0].astype(np.float64), nan=LEVEL)
        return cls(affinity.translate(shape, -left, -top), p, taken, edges.read(window), (left, top))

    @property
    def free(self) -> Array:
        """The probability that others leave (height, width)."""
        return np.where(self.taken, 0.0, self.p)

    def looks(self, outline: shapely.Polygon) -> Array:
        """What the evidence and the edges say of an outline (``LOOKS``,), as far as it lies in the window; the last is
        what it holds of both, in pixels.
        """
        own, at = self._covered(outline)
        p, taken, free = self.p[at], self.taken[at], self.free[at]
        ring = grown(own, RING_PX)
        near = grown(ring, NEAR_PX - RING_PX) & ~own
        ring &= ~own
        area, left_out = own.sum(), float(free[near].sum())
        edge = np.sort(support(self.tensor, *rim(outline)))
        held = float((free[own] - LEVEL).sum())
        return np.array([
            held / area, p[own].mean(), np.quantile(p[own], 0.1), free[ring].mean(), left_out / area,
            taken[own].mean(), taken[ring].mean(), edge.mean(), edge[:max(len(edge) // 5, 1)].mean(),
            np.median(edge), (edge > ON_EDGE).mean(), free[own].sum() / (area + left_out),
            outline.area / max(outline.minimum_rotated_rectangle.area, 1e-9), len(outline.exterior.coords),
            np.log(area), held + EDGE_WEIGHT * edge.sum()])

    def _covered(self, outline: shapely.Polygon) -> tuple[NDArray[np.bool_], tuple[slice, slice]]:
        """Which pixels an outline covers, at least one, in the part of the window around it; and that part."""
        height, width = self.p.shape
        x, y = outline.centroid.coords[0]
        column, row = int(np.clip(x, 0, width - 1)), int(np.clip(y, 0, height - 1))
        x0, y0, x1, y1 = outline.bounds
        left, top = (min(max(int(np.floor(low)) - NEAR_PX - 1, 0), middle) for low, middle in ((x0, column), (y0, row)))
        right, bottom = (max(min(int(np.ceil(high)) + NEAR_PX + 1, size), middle + 1)
                         for high, middle, size in ((x1, column, width), (y1, row, height)))
        own = mask_of(affinity.translate(outline, -left, -top), (bottom - top, right - left))
        if not own.any():  # so small that no pixel's middle lies in it, or beyond the window
            own[row - top, column - left] = True
        return own, np.s_[top:bottom, left:right]
