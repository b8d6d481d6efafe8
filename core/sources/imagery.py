"""Several rasters on one grid, read window by window."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.windows import Window

from ..errors import InputError
from ..jobs.inputs import RasterInput
from .bands import Band, band_indexes, bands_of, without_collisions
from .crs import Bounds, Operation, operation_between, read_crs, same_crs
from .grid import Grid, open_raster, raster_crs

ALIGNED_TOLERANCE_PX = 0.01
"""A raster whose pixel edges miss the grid's by less than this over its whole width is read without resampling."""
LATTICE = 16
"""Grid pixels between places that are projected exactly."""
AVERAGE_FROM = 1.5
"""From this many of a raster's pixels to a side of the grid's, they are averaged instead of interpolated."""
STRIP_PIXELS = 1 << 24
"""Source pixels held at once while averaging to a coarser grid."""

Block = tuple[NDArray[np.float32], NDArray[np.bool_]]


@dataclass(frozen=True)
class BandStatistics:
    """Mean and standard deviation per band (C,) over valid pixels; the share of pixels that are valid.

    ``suspected_nodata`` is a value at the very end of the data type's range (0 or 255, say) that all bands share in
    more than one pixel of a hundred although the files declare no nodata: a border that nobody declared.
    """

    mean: NDArray[np.float64]
    std: NDArray[np.float64]
    valid_share: float
    suspected_nodata: float | None = None


class Imagery:
    """Bands of several rasters on one grid. Use as a context manager; one reader at a time."""

    def __init__(self, grid: Grid, layers: Sequence[_Layer], bands: tuple[Band, ...], stack: ExitStack) -> None:
        self.grid = grid
        self.bands = bands
        self._layers = layers
        self._stack = stack

    @classmethod
    def open(cls, inputs: Sequence[RasterInput], grid: Grid, *, allow_ballpark: bool = False) -> Imagery:
        """Open the rasters and check that each can be brought onto the grid and touches it.

        Raises :class:`InputError` for complex numbers, a colour table, a missing CRS, no overlap with the grid, or a
        transformation to the grid's CRS that only a ballpark one would do (unless allowed).
        """
        if not inputs:
            raise InputError("No imagery is given; name at least one raster layer.")
        with ExitStack() as stack:
            layers: list[_Layer] = []
            bands: list[Band] = []
            for raster in inputs:
                dataset = stack.enter_context(open_raster(raster))
                layers.append(_layer(raster, dataset, grid, allow_ballpark))
                bands += bands_of(raster, dataset)
            return cls(grid, layers, without_collisions(bands), stack.pop_all())

    def __enter__(self) -> Imagery:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the files."""
        self._stack.close()

    def read(self, window: Window) -> Block:
        """Return the values (C, H, W) and which pixels are valid (H, W).

        The window may reach out of the grid. A pixel is valid if every band has a finite value there that is neither
        nodata nor masked; invalid pixels are 0. The files' scale and offset are not applied.
        """
        rows, cols = int(window.height), int(window.width)
        values = np.zeros((len(self.bands), rows, cols), np.float32)
        valid = np.zeros((rows, cols), np.bool_)
        inside = _overlap(window, self.grid.width, self.grid.height)
        if inside is not None:
            row, col = int(inside.row_off - window.row_off), int(inside.col_off - window.col_off)
            here = np.s_[row:row + int(inside.height), col:col + int(inside.width)]
            valid[here] = True
            first = 0
            for layer in self._layers:
                block, mask = layer.read(inside)
                values[(slice(first, first + len(block)), *here)] = block
                valid[here] &= mask
                first += len(block)
            values[:, ~valid] = 0
        return values, valid

    def statistics(self, seed: int = 0, windows: int = 16, size: int = 256) -> BandStatistics:
        """Return statistics from ``windows`` windows of ``size`` pixels spread over the grid.

        Raises :class:`InputError` if the imagery has no valid pixel anywhere in the grid.
        """
        sample = _spread(self.grid, windows, size, np.random.default_rng(seed))
        totals = self._totals(sample)
        if not totals.count:
            # Little valid area is easily missed by a sample: look everywhere before refusing.
            first = next((w for w in _tiles(self.grid, size) if self.read(w)[1].any()), None)
            if first is None:
                raise InputError(self._nothing_valid(size))
            totals = self._totals([first])
        return totals.result(None if any(layer.declares_invalid for layer in self._layers) else self._range_ends())

    def _totals(self, windows: Sequence[Window]) -> _Totals:
        totals = _Totals(len(self.bands))
        for window in windows:
            totals.add(*self.read(window))
        return totals

    def _nothing_valid(self, size: int) -> str:
        for layer in self._layers:
            if not any(layer.read(window)[1].any() for window in _tiles(self.grid, size)):
                return (
                    f"The imagery “{layer.name}” has no valid pixel inside the extent (all is nodata); choose another "
                    f"extent or check the raster's nodata value."
                )
        names = ", ".join(f"“{layer.name}”" for layer in self._layers)
        return f"No pixel inside the extent is valid in all of {names}; choose another extent or fewer rasters."

    def _range_ends(self) -> tuple[float, ...]:
        kinds = {np.dtype(kind) for layer in self._layers for kind in layer.dtypes}
        if len(kinds) != 1 or not np.issubdtype(kind := kinds.pop(), np.integer):
            return (0.0,)
        return 0.0, float(np.iinfo(kind).max)


class _Totals:
    """Running sums of valid pixels, in double precision, and of pixels where all bands are one end of the range."""

    def __init__(self, bands: int) -> None:
        self.count, self.pixels = 0, 0
        self._sum, self._squares = np.zeros(bands), np.zeros(bands)
        self._shift: NDArray[np.float64] | None = None
        self._alike: dict[float, int] = {}

    def add(self, values: NDArray[np.float32], valid: NDArray[np.bool_]) -> None:
        self.pixels += valid.size
        picked = values[:, valid].astype(np.float64)
        if not picked.size:
            return
        if self._shift is None:
            self._shift = picked.mean(axis=1)
        centred = picked - self._shift[:, None]
        self.count += picked.shape[1]
        self._sum += centred.sum(axis=1)
        self._squares += (centred**2).sum(axis=1)
        if len(picked) > 1:
            alike, counts = np.unique(picked[0, (picked == picked[0]).all(axis=0)], return_counts=True)
            for value, count in zip(alike.tolist(), counts.tolist(), strict=True):
                self._alike[value] = self._alike.get(value, 0) + count

    def result(self, suspects: tuple[float, ...] | None) -> BandStatistics:
        assert self._shift is not None
        mean = self._sum / self.count
        variance = np.maximum(self._squares / self.count - mean**2, 0.0)
        found = [v for v in suspects or () if self._alike.get(v, 0) > 0.01 * self.count]
        return BandStatistics(
            mean + self._shift, np.sqrt(variance), self.count / self.pixels, found[0] if found else None
        )


class _Layer:
    """One raster; subclasses say how its pixels come onto the grid."""

    def __init__(self, name: str, dataset: rasterio.DatasetReader, indexes: tuple[int, ...]) -> None:
        self.name = name
        self.dtypes = tuple(dataset.dtypes[i - 1] for i in indexes)
        self._dataset = dataset
        self._indexes = indexes
        alpha = [i for i, c in enumerate(dataset.colorinterp, 1) if c == ColorInterp.alpha]
        self._alpha_is_data = bool(set(alpha) & set(indexes))
        flags = [dataset.mask_flag_enums[i - 1] for i in indexes]
        self.declares_invalid = not self._alpha_is_data and any(MaskFlags.all_valid not in flag for flag in flags)

    def read(self, window: Window) -> Block:
        """Return values (C, H, W) and validity (H, W) of a window inside the grid."""
        raise NotImplementedError

    def _native(self, window: Window) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Return a window in the raster's own pixels: values and validity, both (C, H, W); outside is invalid."""
        rows, cols = int(window.height), int(window.width)
        values = np.zeros((len(self._indexes), rows, cols), np.float32)
        valid = np.zeros(values.shape, np.bool_)
        inside = _overlap(window, self._dataset.width, self._dataset.height)
        if inside is None:
            return values, valid
        row, col = int(inside.row_off - window.row_off), int(inside.col_off - window.col_off)
        here = np.s_[:, row:row + int(inside.height), col:col + int(inside.width)]
        try:
            block = self._dataset.read(list(self._indexes), window=inside)
            mask = self._dataset.read_masks(list(self._indexes), window=inside) > 0 if self.declares_invalid else None
        except rasterio.errors.RasterioIOError as error:
            raise InputError(f"The imagery “{self.name}” is damaged and cannot be read ({error}).") from error
        with np.errstate(over="ignore", invalid="ignore"):
            values[here] = block
        valid[here] = np.isfinite(values[here])
        if mask is not None:
            valid[here] &= mask
        values[~valid] = 0
        return values, valid


class _OnGrid(_Layer):
    """A raster whose pixels are the grid's, or ``factor`` × ``factor`` of them make one of the grid's."""

    def __init__(
        self, name: str, dataset: rasterio.DatasetReader, indexes: tuple[int, ...], factor: int, offset: tuple[int, int]
    ) -> None:
        super().__init__(name, dataset, indexes)
        self._factor, (self._row, self._col) = factor, offset

    def read(self, window: Window) -> Block:
        f = self._factor
        col, row = int(window.col_off) * f + self._col, int(window.row_off) * f + self._row
        rows, cols = int(window.height), int(window.width)
        if f == 1:
            values, valid = self._native(Window(col, row, cols, rows))
            return values, np.logical_and.reduce(valid, axis=0)
        values = np.empty((len(self._indexes), rows, cols), np.float32)
        mask = np.empty((rows, cols), np.bool_)
        step = max(1, STRIP_PIXELS // (cols * f * f * len(self._indexes)))
        for start in range(0, rows, step):
            strip = slice(start, min(start + step, rows))
            height = strip.stop - start
            block, valid = self._native(Window(col, row + start * f, cols * f, height * f))
            cells = (len(block), height, f, cols, f)
            number = valid.reshape(cells).sum(axis=(2, 4))
            total = block.reshape(cells).sum(axis=(2, 4), dtype=np.float64)
            values[:, strip] = total / np.maximum(number, 1)
            mask[strip] = (number > 0).all(axis=0)
        return values, mask


class _Resampled(_Layer):
    """A raster on other pixels: bilinear onto a finer grid, averaged onto a coarser one.

    Places are computed with the same exact operation as for vectors, at grid pixels that do not depend on the window.
    """

    def __init__(
        self, name: str, dataset: rasterio.DatasetReader, indexes: tuple[int, ...], operation: Operation, grid: Grid
    ) -> None:
        super().__init__(name, dataset, indexes)
        self._grid = grid
        self._operation = operation
        col, row = self._places(Window(0, 0, grid.width, grid.height), step=max(1, max(grid.shape) // 64))
        finite = np.isfinite(col) & np.isfinite(row)
        inside = finite & (col >= 0) & (col < dataset.width) & (row >= 0) & (row < dataset.height)
        self.touches = bool(inside.any())
        own = dataset.transform
        self._upright = self._operation.transformer is None and own.b == 0 and own.d == 0
        centre = Window(grid.width // 2, grid.height // 2, 1, 1)
        self._samples = max(1, math.ceil(self._pixels_across(centre) - ALIGNED_TOLERANCE_PX))

    def read(self, window: Window) -> Block:
        k = self._samples
        fine_col, fine_row = self._samples_of(window)
        finite_col, finite_row = np.isfinite(fine_col), np.isfinite(fine_row)
        shape = len(self._indexes), int(window.height), int(window.width)
        if not (finite_col.any() and finite_row.any()):
            return np.zeros(shape, np.float32), np.zeros(shape[1:], np.bool_)
        left, top = math.floor(fine_col[finite_col].min()) - 1, math.floor(fine_row[finite_row].min()) - 1
        right, bottom = math.ceil(fine_col[finite_col].max()) + 2, math.ceil(fine_row[finite_row].max()) + 2
        source = _overlap(Window(left, top, right - left, bottom - top), self._dataset.width, self._dataset.height)
        if source is None:
            return np.zeros(shape, np.float32), np.zeros(shape[1:], np.bool_)
        # One invalid pixel around it stands for all that lies outside.
        block, valid = self._native(
            Window(source.col_off - 1, source.row_off - 1, source.width + 2, source.height + 2)
        )
        col = np.where(finite_col, fine_col - (source.col_off - 1), 0.0)
        row = np.where(finite_row, fine_row - (source.row_off - 1), 0.0)
        if k == 1:
            values, mask = _bilinear(block, valid, col, row)
            return values, np.logical_and.reduce(mask, axis=0)
        picked, there = _nearest(block, valid, col, row)
        cells = (shape[0], shape[1], k, shape[2], k)
        number = there.reshape(cells).sum(axis=(2, 4))
        total = picked.reshape(cells).sum(axis=(2, 4), dtype=np.float64)
        values = (total / np.maximum(number, 1)).astype(np.float32)
        return values, np.logical_and.reduce(number > 0, axis=0)

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
            return _between(nodes[0], x / LATTICE, y[:1] / LATTICE), _between(nodes[1], x[:1] / LATTICE, y / LATTICE)
        return _between(nodes[0], x / LATTICE, y / LATTICE), _between(nodes[1], x / LATTICE, y / LATTICE)

    def _places(self, window: Window, step: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the raster's columns and rows at the pixel corners of a window, every ``step``-th and the last."""
        edges_x = np.append(np.arange(0, window.width, step), window.width) + window.col_off
        edges_y = np.append(np.arange(0, window.height, step), window.height) + window.row_off
        px, py = np.meshgrid(edges_x.astype(np.float64), edges_y.astype(np.float64))
        x, y = self._grid.transform @ (px.ravel(), py.ravel())
        if self._operation.transformer is not None:
            x, y = self._operation.transformer.transform(x, y)
        with np.errstate(invalid="ignore"):
            col, row = ~self._dataset.transform @ (np.asarray(x), np.asarray(y))
        return col.reshape(px.shape), row.reshape(px.shape)

    def _pixels_across(self, window: Window) -> float:
        """Return how many of the raster's pixels one of the grid's covers along a side; 1 and less: it is finer."""
        col, row = self._places(window, step=1)
        (across_col, across_row), (down_col, down_row) = (
            (col[0, 1] - col[0, 0], row[0, 1] - row[0, 0]), (col[1, 0] - col[0, 0], row[1, 0] - row[0, 0])
        )
        area = abs(across_col * down_row - across_row * down_col)
        across = math.sqrt(area) if math.isfinite(area) else 1.0
        return across if across > AVERAGE_FROM else 1.0


def _between(
    nodes: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Interpolate a lattice linearly at every combination of fractional columns ``x`` and rows ``y``."""
    j = np.minimum(x.astype(np.int64), nodes.shape[1] - 2)
    i = np.minimum(y.astype(np.int64), nodes.shape[0] - 2)
    fx, fy = x - j, (y - i)[:, None]
    across = nodes[:, j] * (1 - fx) + nodes[:, j + 1] * fx
    result: NDArray[np.float64] = across[i] * (1 - fy) + across[i + 1] * fy
    return result


def _nearest(
    block: NDArray[np.float32], valid: NDArray[np.bool_], col: NDArray[np.float64], row: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return value and validity (C, H, W) of the pixel that each place lies in; outside the block is invalid.

    Columns (H, W) and rows (H, W), or (1, W) and (H, 1).
    """
    j = np.clip(np.floor(col).astype(np.int64), 0, block.shape[2] - 1)
    i = np.clip(np.floor(row).astype(np.int64), 0, block.shape[1] - 1)
    if i.shape != j.shape:
        i, j = i.ravel(), j.ravel()
        return block.take(i, axis=1).take(j, axis=2), valid.take(i, axis=1).take(j, axis=2)
    flat = i * block.shape[2] + j
    return block.reshape(len(block), -1).take(flat, axis=1), valid.reshape(len(valid), -1).take(flat, axis=1)


def _bilinear(
    block: NDArray[np.float32], valid: NDArray[np.bool_], col: NDArray[np.float64], row: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return values and validity (C, H, W): valid where the pixel below is, weighted over the valid of the four."""
    _, mask = _nearest(block, valid, col, row)
    left, top = np.floor(col - 0.5), np.floor(row - 0.5)
    fx, fy = (col - 0.5 - left).astype(np.float32), (row - 0.5 - top).astype(np.float32)
    total = np.zeros(mask.shape, np.float32)
    weight = np.zeros(mask.shape, np.float32)
    for dy, dx in itertools.product((0, 1), (0, 1)):
        value, there = _nearest(block, valid, left + dx + 0.5, top + dy + 0.5)
        share = np.abs(1 - dx - fx) * np.abs(1 - dy - fy)
        total += share * value  # invalid pixels are 0
        weight += share * there
    np.divide(total, weight, out=total, where=mask)
    total[~mask] = 0
    return total, mask


def _layer(raster: RasterInput, dataset: rasterio.DatasetReader, grid: Grid, allow_ballpark: bool) -> _Layer:
    name = raster.name or raster.path
    indexes = band_indexes(raster, dataset)
    if any(np.dtype(dataset.dtypes[i - 1]).kind == "c" for i in indexes):
        raise InputError(f"The imagery “{name}” holds complex numbers; compute intensity or amplitude first.")
    if any(dataset.colorinterp[i - 1] == ColorInterp.palette for i in indexes):
        raise InputError(f"The imagery “{name}” has a colour table instead of colours; expand it with gdal:pcttorgb.")
    crs = raster_crs(raster, dataset)
    grid_crs = read_crs(grid.crs, "grid")
    if same_crs(crs, grid_crs):
        placed = _whole_pixels(dataset, grid)
        if placed is not None:
            factor, offset = placed
            if not _touches(dataset, grid):
                raise InputError(_no_overlap(name, grid))
            return _OnGrid(name, dataset, indexes, factor, offset)
        crs = grid_crs
    operation = operation_between(grid_crs, crs, name, allow_ballpark=allow_ballpark)
    layer = _Resampled(name, dataset, indexes, operation, grid)
    if not layer.touches:
        raise InputError(_no_overlap(name, grid))
    return layer


def _no_overlap(name: str, grid: Grid) -> str:
    xmin, ymin, xmax, ymax = grid.bounds
    return (
        f"The imagery “{name}” does not overlap the grid ({xmin:.10g}, {ymin:.10g}, {xmax:.10g}, {ymax:.10g}); choose "
        f"an extent that it covers, or check its coordinate reference system."
    )


def _whole_pixels(dataset: rasterio.DatasetReader, grid: Grid) -> tuple[int, tuple[int, int]] | None:
    """Return the factor and the (row, column) of the grid's corner if the raster's pixels nest in the grid's."""
    own = dataset.transform
    if own.b or own.d or own.a <= 0 or own.e >= 0:
        return None
    factor = max(1, round(grid.transform.a / own.a))
    col, row = ~own @ (grid.transform.c, grid.transform.f)
    end_col, end_row = ~own @ (grid.transform @ (grid.width, grid.height))
    whole = round(col), round(row), round(col) + grid.width * factor, round(row) + grid.height * factor
    off = max(abs(a - b) for a, b in zip((col, row, end_col, end_row), whole, strict=True))
    return None if off > ALIGNED_TOLERANCE_PX else (factor, (whole[1], whole[0]))


def _touches(dataset: rasterio.DatasetReader, grid: Grid) -> bool:
    a: Bounds = tuple(dataset.bounds)
    b = grid.bounds
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _overlap(window: Window, width: int, height: int) -> Window | None:
    col, row = max(0, int(window.col_off)), max(0, int(window.row_off))
    stop_col = min(width, int(window.col_off + window.width))
    stop_row = min(height, int(window.row_off + window.height))
    return None if stop_col <= col or stop_row <= row else Window(col, row, stop_col - col, stop_row - row)


def _tiles(grid: Grid, size: int) -> list[Window]:
    corners = itertools.product(range(0, grid.height, size), range(0, grid.width, size))
    return [Window(c, r, min(size, grid.width - c), min(size, grid.height - r)) for r, c in corners]


def _spread(grid: Grid, number: int, size: int, random: np.random.Generator) -> list[Window]:
    """Return about ``number`` windows, one at a random place in each cell of a coarse net over the grid."""
    everything = _tiles(grid, size)
    if len(everything) <= number:
        return everything
    across = max(1, round(math.sqrt(number * grid.width / grid.height)))
    down = max(1, math.ceil(number / across))
    height, width = min(size, grid.height), min(size, grid.width)
    windows = []
    for i, j in itertools.product(range(down), range(across)):
        row = (i + random.random()) / down * (grid.height - height)
        col = (j + random.random()) / across * (grid.width - width)
        windows.append(Window(int(col), int(row), width, height))
    return windows
