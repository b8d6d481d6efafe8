"""One raster brought onto a grid: as it is, averaged over whole pixels, or resampled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj.exceptions import ProjError
from rasterio.enums import ColorInterp
from rasterio.windows import Window

from ..errors import InputError, first_line
from ..jobs.inputs import RasterInput
from .bands import Band, band_indexes, bands_of
from .block_cache import row_bytes
from .crs import Bounds, Operation, operation_between, read_crs, same_crs
from .grid import Grid, raster_crs
from .resampling import averaged, between, bilinear, nearest
from .validity import rules_of, validity

ALIGNED_TOLERANCE_PX = 0.01
"""A raster whose pixel edges miss the grid's by less than this over its whole width is read without resampling."""
LATTICE = 16
"""Grid pixels between places that are projected exactly."""
AVERAGE_FROM = 1.5
"""From this many of a raster's pixels to a side of the grid's, they are averaged instead of interpolated."""
MOST_PIXELS = 1 << 24
"""Source pixels, all bands together, held at once while averaging or resampling."""
MOST_PLACES = 1 << 22
"""Places in a raster held at once while resampling."""

Values = NDArray[Any]
Block = tuple[Values, NDArray[np.bool_]]


class PlacedRaster:
    """One raster; subclasses say how its pixels come onto the grid."""

    exact = False
    """Whether the raster's pixels are the grid's."""
    covers = False
    """Whether each pixel of the grid is known to be one of the raster's, valid or not."""

    def __init__(self, raster: RasterInput, dataset: rasterio.DatasetReader) -> None:
        self.name = raster.name or raster.path
        self.bands: tuple[Band, ...] = bands_of(raster, dataset)
        self.files: tuple[str, ...] = tuple(dataset.files)
        self._dataset = dataset
        self._indexes = band_indexes(raster, dataset)
        self.dtypes: tuple[str, ...] = tuple(dataset.dtypes[i - 1] for i in self._indexes)
        self.rules = rules_of(dataset, self._indexes, [band.nodata for band in self.bands])
        self.row_bytes = 0
        """What GDAL's cache must hold for the windows of a row to share blocks; grows with the windows read."""
        self.declares_invalid = any(rule.kind != "nothing" for rule in self.rules)

    def spans(self, col: NDArray[np.float64], row: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which places (n,) of the grid, in its pixels, lie within the raster, with or without data."""
        raise NotImplementedError

    def _within(self, col: NDArray[np.float64], row: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which of the raster's own pixel places (n,) are there; places that are not finite are not."""
        with np.errstate(invalid="ignore"):
            return np.asarray((col >= 0) & (col < self._dataset.width) & (row >= 0) & (row < self._dataset.height))

    def keep(self, chosen: Sequence[int]) -> None:
        """Read only some of the bands from now on; ``chosen`` are their places in :attr:`bands`."""
        self.bands = tuple(self.bands[i] for i in chosen)
        self._indexes = tuple(self._indexes[i] for i in chosen)
        self.dtypes = tuple(self.dtypes[i] for i in chosen)
        self.rules = tuple(self.rules[i] for i in chosen)
        self.declares_invalid = any(rule.kind != "nothing" for rule in self.rules)

    def read(self, window: Window, dtype: str = "float32") -> Block:
        """Return values and validity, both (C, H, W), of a window inside the grid; invalid values are 0.

        Another ``dtype`` than float32 may be asked for where the raster is ``exact``.
        """
        raise NotImplementedError

    def _native(self, window: Window, dtype: str = "float32") -> Block:
        """Return a window in the raster's own pixels: values and validity, both (C, H, W); outside is invalid."""
        inside = overlap(window, self._dataset.width, self._dataset.height)
        shape = len(self._indexes), int(window.height), int(window.width)
        if inside is None:
            return np.zeros(shape, dtype), np.zeros(shape, np.bool_)
        block, there = self._stored(inside, dtype)
        if block.shape == shape:
            return block, there
        values, valid = np.zeros(shape, dtype), np.zeros(shape, np.bool_)
        row, col = int(inside.row_off - window.row_off), int(inside.col_off - window.col_off)
        here = np.s_[:, row:row + int(inside.height), col:col + int(inside.width)]
        values[here], valid[here] = block, there
        return values, valid

    def _stored(self, window: Window, dtype: str) -> Block:
        """Return values and validity (C, H, W) of a window inside the raster."""
        if window.width < self._dataset.width:
            self.row_bytes = max(self.row_bytes, row_bytes(self._dataset, len(self._indexes), window))
        try:
            stored = self._dataset.read(list(self._indexes), window=window)
            valid = validity(self._dataset, self._indexes, self.rules, window, stored)
        except rasterio.errors.RasterioIOError as error:
            why = first_line(error.__cause__ or error)
            raise InputError(f"The imagery “{self.name}” is damaged and cannot be read ({why}); copy it, and what it "
                             "refers to, again.") from error
        with np.errstate(over="ignore", invalid="ignore"):
            values = stored.astype(dtype, copy=False)
        if stored.dtype.kind == "f":
            valid &= np.isfinite(values)
        if not valid.all():
            np.copyto(values, 0, where=~valid)
        return values, valid


class OnGrid(PlacedRaster):
    """A raster whose pixels are the grid's, or ``factor`` × ``factor`` of them make one of the grid's; in a file that
    is ``south_up`` its rows stand in reverse.
    """

    def __init__(
        self, raster: RasterInput, dataset: rasterio.DatasetReader, grid: Grid, factor: int, offset: tuple[int, int]
    ) -> None:
        super().__init__(raster, dataset)
        self._south_up = dataset.transform.e > 0
        self._factor, (self._row, self._col) = factor, offset
        self.exact = factor == 1
        self.covers = self._row >= 0 and self._col >= 0 and (
            self._row + grid.height * factor <= dataset.height and self._col + grid.width * factor <= dataset.width
        )

    def spans(self, col: NDArray[np.float64], row: NDArray[np.float64]) -> NDArray[np.bool_]:
        return self._within(col * self._factor + self._col, row * self._factor + self._row)

    def read(self, window: Window, dtype: str = "float32") -> Block:
        f = self._factor
        col, row = int(window.col_off) * f + self._col, int(window.row_off) * f + self._row
        rows, cols = int(window.height), int(window.width)
        if f == 1:
            return self._native(Window(col, row, cols, rows), dtype)
        values = np.empty((len(self._indexes), rows, cols), np.float32)
        mask = np.empty(values.shape, np.bool_)
        step = max(1, MOST_PIXELS // (cols * f * f * len(self._indexes)))
        for start in range(0, rows, step):
            strip = slice(start, min(start + step, rows))
            block, valid = self._native(Window(col, row + start * f, cols * f, (strip.stop - start) * f))
            values[:, strip], mask[:, strip] = averaged(block, valid, f)
        return values, mask

    def _stored(self, window: Window, dtype: str) -> Block:
        if not self._south_up:
            return super()._stored(window, dtype)
        last = self._dataset.height - int(window.row_off + window.height)
        values, valid = super()._stored(Window(window.col_off, last, window.width, window.height), dtype)
        return np.ascontiguousarray(values[:, ::-1]), np.ascontiguousarray(valid[:, ::-1])


class Resampled(PlacedRaster):
    """A raster on other pixels: bilinear onto a finer grid, averaged onto a coarser one.

    Places are computed with the same exact operation as for vectors, at grid pixels that do not depend on the window.
    """

    def __init__(
        self, raster: RasterInput, dataset: rasterio.DatasetReader, grid: Grid, operation: Operation
    ) -> None:
        super().__init__(raster, dataset)
        self._grid = grid
        self._operation = operation
        self.touches = self._touches()
        own = dataset.transform
        self._upright = self._operation.transformer is None and own.b == 0 and own.d == 0
        centre = Window(grid.width // 2, grid.height // 2, 1, 1)
        self._samples = max(1, math.ceil(self._pixels_across(centre) - ALIGNED_TOLERANCE_PX))

    def read(self, window: Window, dtype: str = "float32") -> Block:
        k = self._samples
        shape = count, rows, cols = len(self._indexes), int(window.height), int(window.width)
        places = rows * cols * k * k
        if rows * cols > 1 and (places > MOST_PLACES or places * count > MOST_PIXELS):
            return self._in_halves(window)
        fine_col, fine_row = self._samples_of(window)
        source = self._source(fine_col, fine_row)
        if source is None:
            return np.zeros(shape, np.float32), np.zeros(shape, np.bool_)
        if source.width * source.height * count > 4 * MOST_PIXELS and rows * cols > 1:
            return self._in_halves(window)
        # One invalid pixel around it stands for all that lies outside.
        block, valid = self._native(
            Window(source.col_off - 1, source.row_off - 1, source.width + 2, source.height + 2)
        )
        col = np.where(np.isfinite(fine_col), fine_col - (source.col_off - 1), 0.0)
        row = np.where(np.isfinite(fine_row), fine_row - (source.row_off - 1), 0.0)
        if k == 1:
            return bilinear(block, valid, col, row)
        return averaged(*nearest(block, valid, col, row), k)

    def _in_halves(self, window: Window) -> Block:
        """Read a window in two parts, which are read in parts again while they are too large for memory."""
        left, top, cols, rows = (int(v) for v in (window.col_off, window.row_off, window.width, window.height))
        if cols > rows:
            parts = Window(left, top, cols // 2, rows), Window(left + cols // 2, top, cols - cols // 2, rows)
        else:
            parts = Window(left, top, cols, rows // 2), Window(left, top + rows // 2, cols, rows - rows // 2)
        blocks = [self.read(part) for part in parts]
        axis = 2 if cols > rows else 1
        return np.concatenate([b[0] for b in blocks], axis), np.concatenate([b[1] for b in blocks], axis)

    def _source(self, col: NDArray[np.float64], row: NDArray[np.float64]) -> Window | None:
        """Return the raster's pixels around places, None where all of them lie outside."""
        finite_col, finite_row = np.isfinite(col), np.isfinite(row)
        if not (finite_col.any() and finite_row.any()):
            return None
        left, top = math.floor(col[finite_col].min()) - 1, math.floor(row[finite_row].min()) - 1
        right, bottom = math.ceil(col[finite_col].max()) + 2, math.ceil(row[finite_row].max()) + 2
        return overlap(Window(left, top, right - left, bottom - top), self._dataset.width, self._dataset.height)

    def _samples_of(self, window: Window) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the raster's columns and rows at the centres of the grid's pixels, ``_samples``² in each.

        Both (H, W), or (1, W) and (H, 1) where the raster's axes are the grid's. Projected exactly at every LATTICE-th
        grid pixel and linearly in between, which is off by far less than the operation itself and many times faster.
        """
        first_row, first_col = (int(o) // LATTICE * LATTICE for o in (window.row_off, window.col_off))
        rows = math.ceil((window.row_off + window.height - first_row) / LATTICE) * LATTICE
        cols = math.ceil((window.col_off + window.width - first_col) / LATTICE) * LATTICE
        nodes = self._places(Window(first_col, first_row, cols, rows), step=LATTICE)
        within = (np.arange(self._samples) + 0.5) / self._samples
        y = (np.arange(int(window.height))[:, None] + within).ravel() + (window.row_off - first_row)
        x = (np.arange(int(window.width))[:, None] + within).ravel() + (window.col_off - first_col)
        if self._upright:
            return between(nodes[0], x / LATTICE, y[:1] / LATTICE), between(nodes[1], x[:1] / LATTICE, y / LATTICE)
        return between(nodes[0], x / LATTICE, y / LATTICE), between(nodes[1], x / LATTICE, y / LATTICE)

    def _places(self, window: Window, step: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the raster's columns and rows at the pixel corners of a window, every ``step``-th and the last."""
        edges_x = np.append(np.arange(0, window.width, step), window.width) + window.col_off
        edges_y = np.append(np.arange(0, window.height, step), window.height) + window.row_off
        px, py = np.meshgrid(edges_x.astype(np.float64), edges_y.astype(np.float64))
        col, row = self._own(px.ravel(), py.ravel())
        return col.reshape(px.shape), row.reshape(px.shape)

    def spans(self, col: NDArray[np.float64], row: NDArray[np.float64]) -> NDArray[np.bool_]:
        return self._within(*self._own(col, row))

    def _own(self, col: Any, row: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the raster's columns and rows at places (n,) of the grid, in its pixels."""
        x, y = self._grid.transform @ (col, row)
        if self._operation.transformer is not None:
            x, y = self._operation.transformer.transform(x, y)
        with np.errstate(invalid="ignore"):
            own_col, own_row = ~self._dataset.transform @ (np.asarray(x), np.asarray(y))
        return own_col, own_row

    def _touches(self) -> bool:
        """Whether a place of the grid lies in the raster or one of the raster in the grid: either may be tiny."""
        grid, own = self._grid, self._dataset
        if self._within(*self._places(Window(0, 0, grid.width, grid.height), step=max(1, max(grid.shape) // 64))).any():
            return True
        px, py = np.meshgrid(np.linspace(0, own.width, 65), np.linspace(0, own.height, 65))
        x, y = own.transform @ (px.ravel(), py.ravel())
        if self._operation.transformer is not None:
            try:
                x, y = self._operation.transformer.transform(x, y, direction="INVERSE")
            except ProjError:
                return False
        with np.errstate(invalid="ignore"):
            col, row = ~grid.transform @ (np.asarray(x), np.asarray(y))
        return bool(((col > 0) & (col < grid.width) & (row > 0) & (row < grid.height)).any())

    def _pixels_across(self, window: Window) -> float:
        """Return how many of the raster's pixels one of the grid's covers along a side; 1 and less: it is finer."""
        col, row = self._places(window, step=1)
        (across_col, across_row), (down_col, down_row) = (
            (col[0, 1] - col[0, 0], row[0, 1] - row[0, 0]), (col[1, 0] - col[0, 0], row[1, 0] - row[0, 0])
        )
        area = abs(across_col * down_row - across_row * down_col)
        across = math.sqrt(area) if math.isfinite(area) else 1.0
        return across if across > AVERAGE_FROM else 1.0


def place(raster: RasterInput, dataset: rasterio.DatasetReader, grid: Grid, allow_ballpark: bool) -> PlacedRaster:
    """Return an open raster as it comes onto a grid.

    Raises :class:`InputError` for complex numbers, a colour table, a missing CRS, no overlap with the grid, or a
    transformation to the grid's CRS that only a ballpark one would do (unless allowed).
    """
    name = raster.name or raster.path
    indexes = band_indexes(raster, dataset)
    if any(np.dtype(dataset.dtypes[i - 1]).kind == "c" for i in indexes):
        raise InputError(f"The imagery “{name}” holds complex numbers; compute intensity or amplitude first.")
    if any(dataset.colorinterp[i - 1] == ColorInterp.palette for i in indexes):
        raise InputError(f"The imagery “{name}” has a colour table instead of colours; expand it with gdal:pcttorgb.")
    crs = raster_crs(raster, dataset)
    grid_crs = read_crs(grid.crs, "grid")
    if same_crs(crs, grid_crs):
        nested = _whole_pixels(dataset, grid)
        if nested is not None:
            factor, offset = nested
            if not _touches(dataset, grid):
                raise InputError(_no_overlap(name, grid))
            return OnGrid(raster, dataset, grid, factor, offset)
        crs = grid_crs
    operation = operation_between(grid_crs, crs, name, allow_ballpark=allow_ballpark)
    placed = Resampled(raster, dataset, grid, operation)
    if not placed.touches:
        raise InputError(_no_overlap(name, grid))
    return placed


def _no_overlap(name: str, grid: Grid) -> str:
    xmin, ymin, xmax, ymax = grid.bounds
    return (
        f"The imagery “{name}” does not overlap the grid ({xmin:.10g}, {ymin:.10g}, {xmax:.10g}, {ymax:.10g}); choose "
        f"an extent that it covers, or check its coordinate reference system."
    )


def _whole_pixels(dataset: rasterio.DatasetReader, grid: Grid) -> tuple[int, tuple[int, int]] | None:
    """Return the factor and the (row, column) of the grid's corner, rows from the north, if the raster's pixels nest in
    the grid's.
    """
    own = dataset.transform
    if own.b or own.d or own.a <= 0:
        return None
    if own.e > 0:
        own = own @ Affine.translation(0, dataset.height) @ Affine.scale(1, -1)
    factor = max(1, round(grid.transform.a / own.a))
    col, row = ~own @ (grid.transform.c, grid.transform.f)
    end_col, end_row = ~own @ (grid.transform @ (grid.width, grid.height))
    whole = round(col), round(row), round(col) + grid.width * factor, round(row) + grid.height * factor
    off = max(abs(a - b) for a, b in zip((col, row, end_col, end_row), whole, strict=True))
    return None if off > ALIGNED_TOLERANCE_PX else (factor, (whole[1], whole[0]))


def _touches(dataset: rasterio.DatasetReader, grid: Grid) -> bool:
    left, bottom, right, top = dataset.bounds
    a: Bounds = left, min(bottom, top), right, max(bottom, top)
    b = grid.bounds
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def overlap(window: Window, width: int, height: int) -> Window | None:
    """Return the part of a window that lies in a raster of so many pixels, None if there is none."""
    col, row = max(0, int(window.col_off)), max(0, int(window.row_off))
    stop_col = min(width, int(window.col_off + window.width))
    stop_row = min(height, int(window.row_off + window.height))
    return None if stop_col <= col or stop_row <= row else Window(col, row, stop_col - col, stop_row - row)


