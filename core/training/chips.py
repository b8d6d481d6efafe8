"""The pieces of the area that a fit learns from, held in memory: bounded, whatever the raster's size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window
from scipy import ndimage

from ..errors import InputError
from ..feedback import Feedback
from ..sources.grid import Grid
from ..sources.imagery import BandStatistics, Imagery
from .targets import Targets

MEMORY_MB = 512
DEVIATIONS = 8.0
"""Normalised values reach no further from the mean."""
SMALLEST_DEVIATION = 1e-6


@dataclass(frozen=True)
class Chip:
    """One square of the grid.

    ``x`` (bands, side, side) is normalised, half precision; ``mix`` (classes, side, side); ``weight`` (side, side) says
    how much a pixel counts, ``usable`` (folds, side, side) which fold's network may learn from it, ``sure`` (side,
    side) where a reviewer has looked.
    """

    x: NDArray[np.float16]
    mix: NDArray[np.float16]
    weight: NDArray[np.float32]
    usable: NDArray[np.bool_]
    sure: NDArray[np.bool_]


def normalise(x: NDArray[np.float32], valid: NDArray[np.bool_], statistics: BandStatistics) -> NDArray[np.float32]:
    """Bands (bands, H, W) to zero mean and unit deviation; what is invalid becomes the mean, 0."""
    scaled = (x - statistics.mean[:, None, None]) / np.maximum(statistics.std, SMALLEST_DEVIATION)[:, None, None]
    return np.where(valid, np.clip(scaled, -DEVIATIONS, DEVIATIONS), 0.0).astype(np.float32)


def read_chips(
    imagery: Imagery, grid: Grid, targets: Targets, statistics: BandStatistics, feedback: Feedback,
    *, buffer_px: int, side: int = 256, seed: int = 0,
) -> list[Chip]:
    """Read the labelled parts of the area as chips of ``side`` pixels; where they are more than fit into
    ``MEMORY_MB``, a random sample of them.

    A pixel is usable for a fold's network if it is valid, labelled, of another fold, and more than ``buffer_px`` away
    from every pixel of the fold. Raises :class:`InputError` when nothing is both labelled and visible.
    """
    corners = [(r, c) for r in range(0, grid.height, side) for c in range(0, grid.width, side)]
    bytes_each = 2 * side * side * (len(imagery.bands) + targets.classes)
    room = max(8, MEMORY_MB * 2**20 // bytes_each)
    order = np.random.default_rng(seed).permutation(len(corners))
    chips: list[Chip] = []
    for done, k in enumerate(order):
        feedback.check()
        row, column = corners[k]
        around = Window(column - buffer_px, row - buffer_px, side + 2 * buffer_px, side + 2 * buffer_px)
        target = targets.read(around)
        inner = (slice(buffer_px, buffer_px + side),) * 2
        mix = target.mix[(slice(None), *inner)]
        if not mix.any():
            continue
        x, valid = imagery.read(Window(column, row, side, side))
        known = valid & (mix.sum(axis=0) > 0.5)
        if not known.any():
            continue
        usable = np.stack([known & ~near(target.fold == fold, buffer_px)[inner]
                           for fold in range(targets.blocks.count)])
        chips.append(Chip(normalise(x, valid, statistics).astype(np.float16), mix.astype(np.float16),
                          target.weight[inner], usable, target.sure[inner]))
        feedback.progress((done + 1) / len(corners))
        if len(chips) == room:
            feedback.info(f"Learning from {room} random squares of {side} × {side} pixels: more do not fit into "
                          f"{MEMORY_MB} MB.")
            break
    if not chips:
        raise InputError("No labelled place has valid imagery; check that the layers overlap and the imagery's nodata.")
    return chips


def near(mask: NDArray[np.bool_], distance: int) -> NDArray[np.bool_]:
    """The mask grown by ``distance`` pixels."""
    if not mask.any() or distance == 0:
        return mask
    grown: NDArray[np.bool_] = ndimage.distance_transform_edt(~mask) <= distance
    return grown
