"""Imagery as one stack: how it can be stored, and its blocks from top to bottom."""

from __future__ import annotations

import math
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from ..errors import InputError
from ..feedback import Feedback
from .imagery import Imagery
from .placement import Values
from .validity import holds

BLOCK_PIXELS = 1 << 23
"""Pixels of one raster, all its bands together, in one block."""
SIDE = 256
"""Blocks are whole multiples of the output's tiles (pixels)."""
SAMPLES = 4
"""Windows that size and time are estimated from."""
SAMPLE_WIDTH = 512
"""Columns of them that are compressed."""
OVERVIEWS = 4 / 3
"""What a pyramid of halved copies takes beside the stack itself: 1 + 1/4 + 1/16 + …"""
LOSSY = {"int32", "uint32", "int64", "uint64", "float64"}
"""Types whose numbers float32 cannot all hold to the last digit."""
WIDER = {"uint8": "uint16", "int8": "int16", "uint16": "uint32", "int16": "int32", "uint32": "int64", "int32": "int64"}


@dataclass(frozen=True)
class Storage:
    """``dtype`` of the stack and the ``nodata`` that stands for invalid pixels; None: there can be none.

    ``candidates`` are what nodata is still to be chosen from by :func:`settle`, best first; empty: it is settled.
    ``loses_digits`` names the layers whose numbers float32 cannot hold to the last digit.
    """

    dtype: str
    nodata: float | None
    candidates: tuple[float, ...] = ()
    loses_digits: tuple[str, ...] = ()


@dataclass(frozen=True)
class StackBlock:
    """Pixels to store: ``values`` (C, H, W) of the bands from ``band`` (from 0) on in a window of the grid."""

    band: int
    window: Window
    values: Values


@dataclass(frozen=True)
class Estimate:
    """What storing will take: bytes on disk after compression, and seconds."""

    size: int
    seconds: float


def storage_of(imagery: Imagery) -> Storage:
    """Return how to store imagery so that no number changes, as far as that is known without reading it.

    Rasters of one integer type that need no resampling keep it; all else becomes float32 with NaN as nodata. An
    integer's nodata is the one that all bands declare, else it has ``candidates``.
    """
    kinds = {kind for raster in imagery.rasters for kind in raster.dtypes}
    dtype = kinds.pop() if len(kinds) == 1 else "float32"
    if np.dtype(dtype).kind not in "iu" or not all(raster.exact for raster in imagery.rasters):
        lossy = tuple(raster.name for raster in imagery.rasters if LOSSY & set(raster.dtypes))
        return Storage("float32", math.nan, loses_digits=lossy)
    if all(raster.covers and not raster.declares_invalid for raster in imagery.rasters):
        return Storage(dtype, None)
    rules = [rule for raster in imagery.rasters for rule in raster.rules]
    declared = [rule.nodata for rule in rules if rule.nodata is not None and holds(np.dtype(dtype), rule.nodata)]
    if len(declared) == len(rules) and len(set(declared)) == 1:
        return Storage(dtype, declared[0])
    candidates = _candidates(np.dtype(dtype), declared)
    return Storage(dtype, candidates[0], candidates)


def settle(imagery: Imagery, storage: Storage, feedback: Feedback) -> Storage:
    """Return a storage whose nodata no valid pixel has; reads the imagery once if that is not settled.

    A type whose every value is used becomes the next wider one. Raises :class:`InputError` if there is none.
    """
    if not storage.candidates:
        return storage
    free = list(storage.candidates)
    number = number_of_windows(imagery)
    for done, window in enumerate(windows(imagery), start=1):
        for _, values, valid in imagery.read_rasters(window, storage.dtype):
            feedback.check()
            used = _used(values, valid, free)
            free = [value for value in free if value not in used]
        feedback.progress(done / number, "Looking for a value that can stand for nodata")
        if not free:
            break
    if free:
        return Storage(storage.dtype, free[0])
    wider = WIDER.get(storage.dtype)
    if wider is None:
        names = ", ".join(f"“{raster.name}”" for raster in imagery.rasters)
        raise InputError(
            f"The imagery {names} uses every value that could stand for nodata in {storage.dtype}; convert it to "
            f"float32 with gdal:translate."
        )
    return Storage(wider, _candidates(np.dtype(wider), [])[0])


def blocks(imagery: Imagery, storage: Storage) -> Iterator[StackBlock]:
    """Yield all pixels of the stack, window by window and raster by raster, invalid ones as nodata."""
    for window in windows(imagery):
        yield from _blocks_of(imagery, storage, window)


def holds_data(values: NDArray[Any], nodata: float | None) -> bool:
    """Whether any of the values to store is a measurement."""
    if nodata is None:
        return True
    return bool((~np.isnan(values) if math.isnan(nodata) else values != nodata).any())


def windows(imagery: Imagery) -> Iterator[Window]:
    """Return the windows that a stack is made in: rows of output tiles, as wide as memory allows."""
    return (_window(imagery, number) for number in range(number_of_windows(imagery)))


def number_of_windows(imagery: Imagery) -> int:
    """Return how many windows a stack is made in."""
    return math.ceil(imagery.grid.height / SIDE) * math.ceil(imagery.grid.width / _width(imagery))


def estimate(imagery: Imagery, storage: Storage) -> Estimate:
    """Estimate the stack's size on disk and the time to make it from a few of its windows, read and compressed."""
    number = number_of_windows(imagery)
    reading = packing = 0.0
    size, pixels = 0.0, 0
    for index in sorted({(2 * sample + 1) * number // (2 * SAMPLES) for sample in range(SAMPLES)}):
        window = _window(imagery, index)
        began = time.perf_counter()
        found = list(_blocks_of(imagery, storage, window))
        read = time.perf_counter()
        left = max(0, int(window.width) // 2 - SAMPLE_WIDTH // 2)
        part = np.s_[:, :, left:left + SAMPLE_WIDTH]
        compressed = sum(len(zlib.compress(_differences(band), 1)) for block in found for band in block.values[part])
        share = int(window.width) / found[0].values[part].shape[2]
        size += share * min(compressed, sum(block.values[part].nbytes for block in found))
        reading += read - began
        packing += share * (time.perf_counter() - read)
        pixels += int(window.width) * int(window.height)
    whole = imagery.grid.width * imagery.grid.height / pixels
    passes = 2 if storage.candidates else 1
    return Estimate(math.ceil(size * OVERVIEWS * whole), (reading * passes + packing * OVERVIEWS) * whole)


def _window(imagery: Imagery, number: int) -> Window:
    """Return one of the windows that a stack is made in, counted row by row from 0."""
    grid, width = imagery.grid, _width(imagery)
    row, col = divmod(number, math.ceil(grid.width / width))
    top, left = row * SIDE, col * width
    return Window(left, top, min(width, grid.width - left), min(SIDE, grid.height - top))


def _width(imagery: Imagery) -> int:
    bands = max(len(raster.bands) for raster in imagery.rasters)
    return max(1, BLOCK_PIXELS // (bands * SIDE * SIDE)) * SIDE


def _blocks_of(imagery: Imagery, storage: Storage, window: Window) -> Iterator[StackBlock]:
    dtype = storage.dtype
    for first, values, valid in imagery.read_rasters(window, dtype):
        if storage.nodata is not None and not valid.all():
            np.copyto(values, np.array(storage.nodata).astype(dtype), where=~valid)
        yield StackBlock(first, window, values)


def _differences(band: NDArray[Any]) -> bytes:
    """Return a band (H, W) as a GeoTIFF's predictor leaves it to the compressor: close enough to tell its size."""
    bits = band.view(f"u{band.dtype.itemsize}")
    steps = np.diff(bits, axis=1, prepend=bits[:, :1])
    return np.ascontiguousarray(steps.view(np.uint8).reshape(steps.size, -1).T).tobytes()


def _used(values: Values, valid: NDArray[np.bool_], candidates: list[float]) -> set[float]:
    """Return which of the candidates a valid pixel has."""
    if values.dtype.itemsize == 1:
        present = np.zeros(256, np.bool_)
        present[values.view(np.uint8)[valid]] = True
        return {value for value in candidates if present[int(value) % 256]}
    return {value for value in candidates if ((values == int(value)) & valid).any()}


def _candidates(dtype: np.dtype[Any], declared: list[float]) -> tuple[float, ...]:
    """Return what may be nodata of an integer type, best first: what is declared, the ends of its range, any byte."""
    info = np.iinfo(dtype)
    values = [int(value) for value in declared]
    values += [info.max, info.min] if dtype.kind == "u" else [info.min, info.max, -9999]
    values += [2**53, -(2**53)]
    if dtype.itemsize == 1:
        values += range(info.min, info.max + 1)
    # GeoTIFF keeps nodata as text that most readers take for a double: larger integers would lose digits.
    return tuple(float(v) for v in dict.fromkeys(values) if info.min <= v <= info.max and abs(v) <= 2**53)
