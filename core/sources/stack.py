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
from .band_statistics import spread
from .imagery import Imagery
from .placement import Values
from .validity import holds

BLOCK_PIXELS = 1 << 23
"""Pixels of one raster, all its bands together, in one block."""
SIDE = 256
"""Blocks are whole multiples of the output's tiles (pixels)."""
SAMPLES = 6
"""Windows that size and time are estimated from."""
OVERVIEWS = 4 / 3
"""What a pyramid of halved copies takes beside the stack itself: 1 + 1/4 + 1/16 + …"""
LOSSY = {"int32", "uint32", "int64", "uint64", "float64"}
"""Types whose numbers float32 cannot all hold to the last digit."""
WIDER = {"uint8": "uint16", "int8": "int16", "uint16": "uint32", "int16": "int32", "uint32": "int64", "int32": "int64"}


@dataclass(frozen=True)
class Storage:
    """``dtype`` of the stack and the ``nodata`` that stands for invalid pixels; None: there can be none.

    ``loses_digits`` names the layers whose numbers float32 cannot hold to the last digit.
    """

    dtype: str
    nodata: float | None
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


def storage_of(imagery: Imagery, feedback: Feedback) -> Storage:
    """Return how to store imagery so that no number changes and no valid pixel looks like nodata.

    Rasters of one integer type that need no resampling keep it; all else becomes float32 with NaN as nodata. An
    integer's nodata is a value that no valid pixel has: the one that all bands declare, else one found by reading the
    imagery once; a type whose every value is used becomes the next wider one.
    """
    kinds = {kind for raster in imagery.rasters for kind in raster.dtypes}
    dtype = kinds.pop() if len(kinds) == 1 else "float32"
    if np.dtype(dtype).kind not in "iu" or not all(raster.exact for raster in imagery.rasters):
        return Storage("float32", math.nan, tuple(r.name for r in imagery.rasters if LOSSY & set(r.dtypes)))
    if all(raster.covers and not raster.declares_invalid for raster in imagery.rasters):
        return Storage(dtype, None)
    rules = [rule for raster in imagery.rasters for rule in raster.rules]
    declared = [rule.nodata for rule in rules if rule.nodata is not None and holds(np.dtype(dtype), rule.nodata)]
    if len(declared) == len(rules) and len(set(declared)) == 1:
        return Storage(dtype, declared[0])
    return _unused(imagery, np.dtype(dtype), list(dict.fromkeys(declared)), feedback)


def blocks(imagery: Imagery, storage: Storage) -> Iterator[StackBlock]:
    """Yield all pixels of the stack, window by window and raster by raster, invalid ones as nodata."""
    for window in windows(imagery):
        yield from _blocks_of(imagery, storage, window)


def windows(imagery: Imagery) -> list[Window]:
    """Return the windows that a stack is made in: rows of output tiles, as wide as memory allows."""
    grid = imagery.grid
    bands = max(len(raster.bands) for raster in imagery.rasters)
    width = max(1, BLOCK_PIXELS // (bands * SIDE * SIDE)) * SIDE
    return [
        Window(col, row, min(width, grid.width - col), min(SIDE, grid.height - row))
        for row in range(0, grid.height, SIDE) for col in range(0, grid.width, width)
    ]


def estimate(imagery: Imagery, storage: Storage) -> Estimate:
    """Estimate the stack's size on disk and the time to make it from a few windows, read and compressed."""
    began, pixels, packed, plain = time.perf_counter(), 0, 0, 0
    for window in spread(imagery.grid, SAMPLES, SIDE, np.random.default_rng(0)):
        pixels += int(window.width) * int(window.height)
        for block in _blocks_of(imagery, storage, window):
            plain += block.values.nbytes
            packed += sum(len(zlib.compress(_differences(band), 1)) for band in block.values)
    seconds = time.perf_counter() - began
    share = imagery.grid.width * imagery.grid.height / pixels
    return Estimate(math.ceil(min(packed, plain) * OVERVIEWS * share), seconds * OVERVIEWS * share)


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


def _unused(imagery: Imagery, dtype: np.dtype[Any], declared: list[float], feedback: Feedback) -> Storage:
    """Return a storage whose nodata no valid pixel has; reads all of the imagery."""
    info = np.iinfo(dtype)
    ends = [info.max, info.min] if dtype.kind == "u" else [info.min, info.max, -9999]
    candidates = [int(value) for value in [*declared, *ends] if info.min <= value <= info.max]
    if dtype.itemsize == 1:
        candidates += range(info.min, info.max + 1)
    # Values a double cannot hold are no use: GeoTIFF keeps nodata as text that readers take for one.
    free = [value for value in dict.fromkeys(candidates) if abs(value) <= 2**53]
    wanted = windows(imagery)
    for number, window in enumerate(wanted):
        for _, values, valid in imagery.read_rasters(window, dtype.name):
            feedback.check()
            used = np.unique(values[valid])
            free = [value for value in free if not np.isin(value, used, assume_unique=True)]
        feedback.progress((number + 1) / len(wanted), "Looking for a value that can stand for nodata")
        if not free:
            break
    if free:
        return Storage(dtype.name, float(free[0]))
    wider = WIDER.get(dtype.name)
    if wider is None:
        names = ", ".join(f"“{raster.name}”" for raster in imagery.rasters)
        raise InputError(
            f"The imagery {names} uses every value that could stand for nodata in {dtype.name}; convert it to float32 "
            f"with gdal:translate."
        )
    top = np.iinfo(wider)
    return Storage(wider, float(top.max if top.min == 0 else max(top.min, -2**53)))
