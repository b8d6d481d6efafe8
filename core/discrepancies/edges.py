"""Edges of the imagery, and how well an outline lies on them.

A network's probabilities are blurred; the imagery itself shows to a pixel where a roof ends. The structure tensor of
all bands (Di Zenzo 1986) says at each pixel how sharp an edge is and which way it runs, whatever its colours. An
outline is borne out where edges run along it: the tensor's part across the outline, as a share of a sharp edge's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window
from scipy import ndimage

from ..sources.imagery import Imagery

SMOOTH_PX = 0.8
MARGIN = 4
TYPICAL = 0.6
"""The quantile of sharpness that counts as half an edge: what is sharper than most of the ground."""
WINDOWS, SIDE = 16, 256
STEP_PX = 1.0


@dataclass(frozen=True)
class Edges:
    """The imagery's edges: bands divided by ``spread`` (C,), sharpness halved at ``typical``."""

    imagery: Imagery
    spread: NDArray[np.float32]
    typical: float

    @classmethod
    def of(cls, imagery: Imagery, seed: int = 0) -> Edges:
        """Look at a sample of the imagery to learn what a sharp edge is here."""
        rng = np.random.default_rng([seed, 8])
        grid = imagery.grid
        height, width = min(SIDE, grid.height), min(SIDE, grid.width)
        places = rng.integers(0, [grid.width - width + 1, grid.height - height + 1], (WINDOWS, 2))
        shown = [imagery.read(Window(int(left), int(top), width, height)) for left, top in places]
        seen = np.concatenate([values[:, valid] for values, valid in shown], axis=1)
        spread = np.maximum(seen.std(axis=1) if seen.size else np.ones(len(seen)), 1e-6).astype(np.float32)
        sharp = [np.sqrt(tensor[0] + tensor[2])[ndimage.binary_erosion(valid, iterations=3)]
                 for values, valid in shown for tensor in [_tensor(values, spread)]]
        every = np.concatenate(sharp)
        return cls(imagery, spread, max(float(np.quantile(every, TYPICAL)), 1e-6) if len(every) else 1.0)

    def read(self, window: Window) -> NDArray[np.float32]:
        """Return the tensor's parts (3, height, width) in a window; see :attr:`Shown.tensor`."""
        return self.shown(window).tensor

    def shown(self, window: Window) -> Shown:
        """Read what the imagery shows in a window, whose edges are sought when they are asked for."""
        height, width = int(window.height), int(window.width)
        wide = Window(window.col_off - MARGIN, window.row_off - MARGIN, width + 2 * MARGIN, height + 2 * MARGIN)
        return Shown(*self.imagery.read(wide), self.spread, self.typical)


@dataclass(frozen=True)
class Shown:
    """What the imagery shows in a window and ``MARGIN`` pixels around: bands ``values`` (C, H, W), which pixels are
    ``valid`` (H, W), and the scale of the edges (see :class:`Edges`). Seeking edges costs more than reading: whoever
    finds nothing to draw never asks, and other processes seek for themselves.
    """

    values: NDArray[np.float32]
    valid: NDArray[np.bool_]
    spread: NDArray[np.float32]
    typical: float

    @cached_property
    def tensor(self) -> NDArray[np.float32]:
        """The tensor's parts (3, height, width) in the window: across columns, both, rows; their trace is from 0 (no
        edge) to 1 (a very sharp one), 0 where nothing is seen.
        """
        tensor = _tensor(self.values, self.spread)
        trace = tensor[0] + tensor[2]
        sharp = np.sqrt(trace)
        scale = np.where(trace > 1e-12, sharp / (sharp + self.typical) / np.maximum(trace, 1e-12), 0)
        if not self.valid.all():
            scale[~ndimage.binary_erosion(self.valid, iterations=3, border_value=1)] = 0
        return (tensor * scale)[:, MARGIN:-MARGIN, MARGIN:-MARGIN].astype(np.float32)


def _tensor(values: NDArray[np.float32], spread: NDArray[np.float32]) -> NDArray[np.float32]:
    dx = np.stack([ndimage.gaussian_filter(band / s, SMOOTH_PX, order=(0, 1))
                   for band, s in zip(values, spread, strict=True)])
    dy = np.stack([ndimage.gaussian_filter(band / s, SMOOTH_PX, order=(1, 0))
                   for band, s in zip(values, spread, strict=True)])
    return np.stack([(dx * dx).sum(axis=0), (dx * dy).sum(axis=0), (dy * dy).sum(axis=0)])


def rim(shape: shapely.Geometry) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return places along the outline of a polygon (pixels), one a pixel, and the unit normals there, both (n, 2)."""
    return rims(np.array([shape], dtype=object))[:2]


def rims(shapes: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Return the same of many shapes one after the other, and the row of the shape that each place belongs to (n,)."""
    parts, row = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    along = np.diff(xy, axis=0)
    far = np.hypot(*along.T)
    sides = np.flatnonzero((ring[1:] == ring[:-1]) & (far >= 1e-6))
    number = np.maximum(np.ceil(far[sides] / STEP_PX), 1).astype(np.intp)
    of = np.repeat(sides, number)
    at = (np.arange(len(of)) - np.repeat(np.cumsum(number) - number, number) + 0.5) / np.repeat(number, number)
    return (xy[of] + at[:, None] * along[of],
            np.stack([-along[of, 1], along[of, 0]], axis=1) / far[of, None], row[part[ring[of]]])


def support(tensor: NDArray[np.float32], places: NDArray[np.float64], normals: NDArray[np.float64]
            ) -> NDArray[np.float64]:
    """Return how sharply an edge runs along an outline at each of its places (n,), 0 to 1; places are in the pixels of
    ``tensor`` (3, height, width).
    """
    at = [places[:, 1] - 0.5, places[:, 0] - 0.5]
    xx, xy, yy = (ndimage.map_coordinates(part, at, order=1, mode="constant", cval=0.0) for part in tensor)
    nx, ny = normals.T
    return np.asarray(nx**2 * xx + 2 * nx * ny * xy + ny**2 * yy)
