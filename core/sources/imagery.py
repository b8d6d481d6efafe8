"""Several rasters on one grid, read window by window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from ..errors import InputError
from ..jobs.inputs import RasterInput, SourceSettings
from .band_statistics import BandStatistics, Totals, spread, tiles
from .bands import Band, without_collisions
from .block_cache import make_room
from .grid import Grid, open_raster
from .placement import PlacedRaster, Values, overlap, place

__all__ = ["BandStatistics", "Imagery"]

Block = tuple[NDArray[np.float32], NDArray[np.bool_]]
COMMON_PLACES = 100
"""Along each side of the grid."""


class Imagery:
    """Bands of several rasters on one grid. Use as a context manager.

    One thread at a time reads from one; several threads open one each, of the same files if they like.
    """

    def __init__(
        self, grid: Grid, rasters: Sequence[PlacedRaster], bands: tuple[Band, ...], stack: ExitStack
    ) -> None:
        self.grid = grid
        self.rasters = tuple(rasters)
        self.bands = bands
        self.terms: dict[str, SourceSettings] = {}
        """What may be done with each raster, by name."""
        self._stack = stack
        self._cached = 0

    @classmethod
    def open(cls, inputs: Sequence[RasterInput], grid: Grid, *, allow_ballpark: bool = False) -> Imagery:
        """Open the rasters and check that each can be brought onto the grid and touches it.

        Raises :class:`InputError` for complex numbers, a colour table, a missing CRS, no overlap with the grid, or a
        transformation to the grid's CRS that only a ballpark one would do (unless allowed).
        """
        if not inputs:
            raise InputError("No imagery is given; name at least one raster layer.")
        with ExitStack() as stack:
            rasters = [place(one, stack.enter_context(open_raster(one)), grid, allow_ballpark) for one in inputs]
            bands = without_collisions([band for raster in rasters for band in raster.bands])
            imagery = cls(grid, rasters, bands, stack.pop_all())
            imagery.terms = {one.name or Path(one.path).stem: one.settings for one in inputs}
            return imagery

    def __enter__(self) -> Imagery:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the files."""
        self._stack.close()

    def keep(self, bands: Sequence[int]) -> None:
        """Read only some of the bands from now on, in the order they have; ``bands`` are their places in :attr:`bands`.

        What the others have no data of counts no more.
        """
        kept, first = [], 0
        for raster in self.rasters:
            own = [band - first for band in sorted(set(bands)) if first <= band < first + len(raster.bands)]
            first += len(raster.bands)
            if own:
                raster.keep(own)
                kept.append(raster)
        self.rasters = tuple(kept)
        self.bands = tuple(self.bands[band] for band in sorted(set(bands)))

    def read(self, window: Window) -> Block:
        """Return the values (C, H, W) and which pixels are valid (H, W).

        The window may reach out of the grid. A pixel is valid if every band has a finite value there that is neither
        nodata nor masked; invalid pixels are 0. The files' scale and offset are not applied.
        """
        values, each = self.read_bands(window)
        valid: NDArray[np.bool_] = np.logical_and.reduce(each, axis=0)
        if not valid.all():
            np.copyto(values, 0, where=~valid)
        return values, valid

    def read_bands(self, window: Window) -> Block:
        """Return values and validity, both (C, H, W): as :meth:`read`, but each band with its own invalid pixels."""
        parts = [part for _, *part in self.read_rasters(window)]
        if len(parts) == 1:
            return parts[0][0], parts[0][1]
        return np.concatenate([values for values, _ in parts]), np.concatenate([valid for _, valid in parts])

    def read_rasters(self, window: Window, dtype: str = "float32") -> Iterator[tuple[int, Values, NDArray[np.bool_]]]:
        """Yield for each raster the number of its first band (from 0), and its bands' values and validity (C, H, W).

        Another ``dtype`` than float32 may be asked for where all rasters are ``exact``.
        """
        inside = overlap(window, self.grid.width, self.grid.height)
        rows, cols = int(window.height), int(window.width)
        first = 0
        for raster in self.rasters:
            shape = len(raster.bands), rows, cols
            if inside is not None and (inside.height, inside.width) == (rows, cols):
                values, valid = raster.read(inside, dtype)
            else:
                values, valid = np.zeros(shape, dtype), np.zeros(shape, np.bool_)
                if inside is not None:
                    row, col = int(inside.row_off - window.row_off), int(inside.col_off - window.col_off)
                    here = np.s_[:, row:row + int(inside.height), col:col + int(inside.width)]
                    values[here], valid[here] = raster.read(inside, dtype)
            yield first, values, valid
            first += len(raster.bands)
        self._widen_cache()

    def common_share(self) -> float:
        """How much of the ground that one raster covers lies within all of them, with or without data; as seen at
        some 10,000 places of the grid.
        """
        across = (np.arange(COMMON_PLACES) + 0.5) / COMMON_PLACES
        col, row = (axis.ravel() for axis in np.meshgrid(across * self.grid.width, across * self.grid.height))
        each = np.array([raster.spans(col, row) for raster in self.rasters])
        return float(each.all(axis=0).mean() / max(each.mean(axis=1).max(), 1 / len(col)))

    def _widen_cache(self) -> None:
        needed = sum(raster.row_bytes for raster in self.rasters)
        if needed > self._cached:
            make_room(needed)
            self._cached = needed

    def statistics(self, seed: int = 0, windows: int = 16, size: int = 256, *, gaps: bool = False) -> BandStatistics:
        """Return statistics from ``windows`` windows of ``size`` pixels spread over the grid.

        ``gaps``: for networks that know gaps; where none of the pixels is valid in all bands, as under the clouds of
        several dates, each band is looked at by itself. Raises :class:`InputError` if the imagery has no valid pixel
        anywhere in the grid.
        """
        places = spread(self.grid, windows, size, np.random.default_rng(seed))
        totals = self._totals(places)
        if not totals.count and gaps:
            return self._by_band([*places, *tiles(self.grid, size)])
        if not totals.count:
            # Little valid area is easily missed by a sample: look everywhere before refusing.
            totals = self._totals([self._first_valid(tiles(self.grid, size), all_bands=True)])
        return totals.result(None if any(one.declares_invalid for one in self.rasters) else self._range_ends())

    def means(self, seed: int = 0, windows: int = 16, size: int = 256) -> NDArray[np.float64]:
        """Return the mean of each band (C,) over its own valid pixels in ``windows`` windows of ``size`` pixels spread
        over the grid; NaN for a band that shows nothing there.
        """
        total, count = np.zeros(len(self.bands)), np.zeros(len(self.bands))
        for window in spread(self.grid, windows, size, np.random.default_rng(seed)):
            values, each = self.read_bands(window)
            total += np.where(each, values, 0.0).sum(axis=(1, 2), dtype=np.float64)
            count += each.sum(axis=(1, 2))
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    def check_valid(self, area: Window, *, all_bands: bool = True, size: int = 256) -> None:
        """Raise :class:`InputError` if no pixel of an ``area`` of the grid is valid in all bands, or else in any.

        Few places are looked at where they show something, all of them where they do not.
        """
        part = self.grid.crop(area)
        windows = chain(spread(part, 16, size, np.random.default_rng(0)), tiles(part, size))
        self._first_valid([Window(w.col_off + area.col_off, w.row_off + area.row_off, w.width, w.height)
                           for w in windows], all_bands=all_bands)

    def _first_valid(self, windows: Sequence[Window], *, all_bands: bool) -> Window:
        over = np.logical_and if all_bands else np.logical_or
        found = next((w for w in windows if over.reduce(self.read_bands(w)[1], axis=0).any()), None)
        if found is None:
            raise InputError(self._nothing_valid(windows))
        return found

    def _totals(self, windows: Sequence[Window]) -> Totals:
        totals = Totals(len(self.bands))
        for window in windows:
            totals.add(*self.read(window))
        return totals

    def _by_band(self, windows: Sequence[Window]) -> BandStatistics:
        """Statistics of each band by itself, from the first windows in which every band has shown something."""
        totals = [Totals(1) for _ in self.bands]
        for window in windows:
            for own, value, valid in zip(totals, *self.read_bands(window), strict=True):
                own.add(value[None], valid)
            if all(own.count for own in totals):
                break
        empty = [band.name for band, own in zip(self.bands, totals, strict=True) if not own.count]
        if empty:
            raise InputError(f"The band {empty[0]} has no valid pixel inside the extent (all is nodata); choose "
                             "another extent, leave it out, or check its nodata value.")
        found = [own.result(None) for own in totals]
        return BandStatistics(np.concatenate([one.mean for one in found]), np.concatenate([one.std for one in found]),
                              min(one.valid_share for one in found))

    def _nothing_valid(self, windows: Sequence[Window]) -> str:
        for raster in self.rasters:
            if not any(raster.read(window)[1].all(axis=0).any() for window in windows):
                return (
                    f"The imagery “{raster.name}” has no valid pixel inside the extent (all is nodata); choose another "
                    f"extent or check the raster's nodata value."
                )
        names = ", ".join(f"“{raster.name}”" for raster in self.rasters)
        return f"No pixel inside the extent is valid in all of {names}; choose another extent or fewer rasters."

    def _range_ends(self) -> tuple[float, ...]:
        kinds = {np.dtype(kind) for raster in self.rasters for kind in raster.dtypes}
        if len(kinds) != 1 or not np.issubdtype(kind := kinds.pop(), np.integer):
            return (0.0,)
        return 0.0, float(np.iinfo(kind).max)
