"""Joining tiles without seams: a rolling band of rows in which they are added under their weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from rasterio.windows import Window
from torch import Tensor

from ..errors import InputError
from .tiling import Lattice, Tile, Tiling

LEAVING_BYTES = 2**26
"""Rows leave the band in pieces of about this size: whole ones of a wide raster would need its memory several times."""
NO_WEIGHT = 1e-30
"""Far below the weight of any pixel that counts: what has none is 0 whatever it is divided by."""


@dataclass(frozen=True)
class Scale:
    """Output pixels to a pixel of the grid, along a side: ``up`` over ``down``."""

    up: int = 1
    down: int = 1

    def of(self, pixels: int) -> int:
        """Output pixels that make up a number of the grid's."""
        return pixels * self.up // self.down

    def snapped(self, area: Window) -> Window:
        """The area, grown to whole output pixels."""
        d = self.down
        left, top = int(area.col_off) // d * d, int(area.row_off) // d * d
        right, bottom = (-(-int(stop) // d) * d for stop in (area.col_off + area.width, area.row_off + area.height))
        return Window(left, top, right - left, bottom - top)

    def mask(self, valid: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Validity (H, W) in output pixels: one is valid if any of the pixels below it is."""
        if self.down > 1:
            height, width = valid.shape
            cells = valid.reshape(height // self.down, self.down, width // self.down, self.down)
            valid = np.logical_or.reduce(cells, axis=(1, 3))
        return valid.repeat(self.up, axis=0).repeat(self.up, axis=1) if self.up > 1 else valid


@dataclass(frozen=True)
class Rows:
    """Finished rows: ``values`` (channels, rows, width) from row ``start`` of the area on, where they were joined;
    ``valid`` (rows, width).
    """

    start: int
    values: Tensor
    valid: NDArray[np.bool_]


class Blend:
    """The band: as high as a tile, as wide as the area with its halo. Rows leave it when no further tile reaches them.

    It lies on the ``device`` that the tiles' values come from, so that what a GPU predicts is joined there.
    """

    def __init__(self, lattice: Lattice, channels: int, scale: Scale, device: torch.device) -> None:
        tiling, area = lattice.tiling, lattice.area
        self._scale = scale
        self._step, self._halo, self._side = (scale.of(n) for n in (tiling.step, tiling.halo, tiling.side))
        self._area = tuple(scale.of(int(n)) for n in (area.row_off, area.col_off, area.height, area.width))
        columns = lattice.columns
        self._left = columns.start * self._step - self._halo
        width = (len(columns) - 1) * self._step + self._side
        ramp = Tiling(self._step, self._halo, scale.of(tiling.rim)).ramp()
        self._weight = torch.from_numpy(np.outer(ramp, ramp)).to(device)
        self._rim = int((ramp > 0).argmax())
        self._sums = torch.zeros((channels, self._side, width), device=device)
        self._weights = torch.zeros((self._side, width), device=device)
        self._valid = np.zeros((self._side, width), np.bool_)
        self._leaving = leaving_rows(channels, width)

    def add(self, tile: Tile, values: Tensor, valid: NDArray[np.bool_]) -> None:
        """Add a tile's values (channels, s, s), s its side in output pixels or a centred part of it. Its rim is left
        out, not weighted by 0: what a network says there need not even be a number.
        """
        margin = (self._side - values.shape[-1]) // 2
        if margin < self._rim:
            cut = slice(self._rim - margin, values.shape[-1] - self._rim + margin)
            values, margin = values[:, cut, cut], self._rim
        inner = slice(margin, self._side - margin)
        left = tile.column * self._step - self._halo - self._left
        across, weight = slice(left + margin, left + self._side - margin), self._weight[inner, inner]
        self._sums[:, inner, across].addcmul_(values, weight)
        self._weights[inner, across] += weight
        self._valid[:, left:left + self._side] |= self._scale.mask(valid)

    def flush(self, row: int, last: bool) -> Iterator[Rows]:
        """Finish a row of tiles: give the rows that are complete, piece by piece, and make room for the next."""
        area_top, _, height, _ = self._area
        top = row * self._step - self._halo
        stop = area_top + height if last else min((row + 1) * self._step - self._halo, area_top + height)
        start = max(top, area_top)
        for first in range(start, stop, self._leaving):
            yield self._joined(first - area_top, slice(first - top, min(first + self._leaving, stop) - top))
        kept = self._side - self._step
        for band in (self._sums, self._weights, torch.from_numpy(self._valid)):
            below = band[..., self._step:, :]
            band[..., :kept, :] = below.clone() if kept > self._step else below
            band[..., kept:, :] = 0

    def _joined(self, start: int, rows: slice) -> Rows:
        """Rows of the band, from row ``start`` of the area on."""
        _, area_left, _, width = self._area
        across = slice(area_left - self._left, area_left - self._left + width)
        weights, seen = self._weights[rows, across], self._valid[rows, across]
        values = self._sums[:, rows, across].clone()
        if not (weights == 1.0).all():
            values /= weights.clamp_min(NO_WEIGHT)
        if not seen.all():
            values.masked_fill_(torch.from_numpy(~seen).to(values.device), float("nan"))
        return Rows(start, values, seen.copy())


def leaving_rows(channels: int, width: int) -> int:
    """How many rows of a band leave it at once; boxes have no ``channels`` and no band."""
    return max(LEAVING_BYTES // (4 * max(channels, 1) * width), 1)


def output_scale(side: int, output: int, tiling: Tiling) -> Scale:
    """Return how a network's output of ``output`` pixels lies on its input of ``side``.

    Equal, or smaller by a margin that the halo covers: pixel by pixel. A whole multiple: finer. A whole part: coarser.
    Raises :class:`InputError` for anything else.
    """
    margin = side - output
    if output == side or (0 < margin < side // 2 and margin % 2 == 0 and margin // 2 <= tiling.rim):
        return Scale()
    if output > side and output % side == 0:
        return Scale(up=output // side)
    down = side // max(output, 1)
    if output and side % output == 0 and tiling.step % down == 0 and tiling.halo % down == 0:
        return Scale(down=down)
    raise InputError(
        f"The model turns tiles of {side} pixels into {output}, which does not nest in them; choose TILE and OVERLAP "
        f"so that the output is the tile, a whole multiple or part of it, or smaller by at most what overlaps."
    )
