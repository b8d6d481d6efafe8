"""Gaps of a stack of several dates, filled by a network that was taught to say what is hidden."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..errors import InputError
from ..models.encoders.filling import Filler
from ..models.encoders.opening import open_filler
from ..models.tuned.dates import Dates, arranged
from ..sources.crs import middle_in_degrees
from ..sources.imagery import Imagery
from ..sources.stack import StackBlock, Storage, windows

SIDE = 256
"""Squares in pixels that the network sees at once; a gap is filled from what lies in its square."""
ENOUGH = 2000
"""Valid pixels of each band whose mean tells its units."""


@dataclass(frozen=True)
class GapFiller:
    """A network, which channel of the stack holds which of its bands on which date, when and where."""

    filler: Filler
    dates: Dates
    location: tuple[float, float]
    device: torch.device

    @classmethod
    def of(cls, model: str, imagery: Imagery, device: torch.device) -> GapFiller:
        """Open the network ``model`` (``NAME:FILE``) for imagery. Raises :class:`InputError` where it cannot fill: it
        has no decoder or no file, or the imagery lacks a band.
        """
        channels = [band for raster in imagery.rasters for band in raster.bands]
        dates = Dates.of(channels)
        means = _means(imagery, len(channels))
        statistics = [(_mean(means[[channel for channel in row if channel >= 0]]), 1.0) for row in dates.index]
        filler = open_filler(model, dates.bands, statistics=statistics)
        if filler.report is None:
            raise InputError(f"The encoder {filler.card.name} has random weights and would fill gaps with noise; name "
                             f"its file, as {filler.card.name}:FILE.")
        return cls(filler.to(device), dates, middle_in_degrees(imagery.grid.crs, imagery.grid.bounds), device)

    def lines(self) -> tuple[str, ...]:
        """What the log should say: units assumed, and which band is which."""
        mapping = self.filler.mapping
        return (*self.filler.assumed, *(mapping.lines() if mapping else ()))

    def fill(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Stored values (channels, H, W), NaN in gaps, with the gaps filled that can be."""
        if not np.isnan(values).any():
            return values
        filled = values.copy()
        step = self.filler.card.multiple
        for top in range(0, values.shape[1], SIDE):
            for left in range(0, values.shape[2], SIDE):
                part = np.s_[:, top:top + SIDE, left:left + SIDE]
                square = filled[part]
                height, width = square.shape[1:]
                if np.isnan(square).any():
                    padded = np.pad(square, ((0, 0), (0, -height % step), (0, -width % step)), constant_values=np.nan)
                    filled[part] = self._square(padded)[:, :height, :width]
        return filled

    def _square(self, square: NDArray[np.float32]) -> NDArray[np.float32]:
        index = torch.tensor(self.dates.index)
        images = arranged(torch.from_numpy(square)[None], index).to(self.device)
        time = self.dates.time
        where = torch.tensor([self.location], dtype=torch.float32, device=self.device)
        with torch.inference_mode():
            found = self.filler.fill(images, time=None if time is None else time.to(self.device), location=where)
        said = found.images[0].cpu().numpy()
        gaps = found.filled[0].cpu().numpy()
        result = square.copy()
        for band, row in enumerate(self.dates.index):
            for step, channel in enumerate(row):
                if channel >= 0:
                    result[channel] = np.where(gaps[band, step], said[band, step], result[channel])
        return result


def filled_blocks(blocks: Iterable[StackBlock], storage: Storage, filler: GapFiller) -> Iterator[StackBlock]:
    """Blocks of a stack as they come, window by window, with their gaps filled."""
    for _, group in groupby(blocks, key=lambda block: (block.window.row_off, block.window.col_off)):
        together = list(group)
        stored = np.concatenate([block.values for block in together])
        if storage.nodata is not None:
            gaps = np.isnan(stored) if np.isnan(storage.nodata) else stored == np.array(storage.nodata, stored.dtype)
            values = filler.fill(np.where(gaps, np.nan, stored.astype(np.float32)))
            mended = gaps & ~np.isnan(values)
            stored[mended] = _stored(values[mended], stored.dtype, storage.nodata)
        for block in together:
            yield StackBlock(block.band, block.window, stored[block.band:block.band + len(block.values)])


def _stored(values: NDArray[np.float32], dtype: np.dtype[Any], nodata: float) -> NDArray[Any]:
    """Values in the stack's own type, none of which is its nodata."""
    if dtype.kind not in "iu":
        return values.astype(dtype)
    limits = np.iinfo(dtype)
    whole = np.clip(np.rint(values.astype(np.float64)), limits.min, limits.max)
    beside = nodata + 1 if nodata < limits.max else nodata - 1
    return np.where(whole == nodata, beside, whole).astype(dtype)


def _means(imagery: Imagery, channels: int) -> NDArray[np.float64]:
    """The mean of each channel's stored values, from as many windows as it takes; NaN where there is none."""
    total, count = np.zeros(channels), np.zeros(channels)
    for window in windows(imagery):
        for first, values, valid in imagery.read_rasters(window, "float32"):
            at = slice(first, first + len(values))
            seen = np.broadcast_to(valid, values.shape)
            total[at] += np.where(seen, values, 0.0).sum(axis=(1, 2), dtype=np.float64)
            count[at] += seen.sum(axis=(1, 2))
        if (count >= ENOUGH).all():
            break
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _mean(values: NDArray[np.float64]) -> float:
    """The mean of those that there are; NaN where there is none."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else math.nan
