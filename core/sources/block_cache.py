"""Room in GDAL's cache for a whole row of windows, so that striped files are not decoded again for each window."""

from __future__ import annotations

import math
import os
from threading import Lock

import numpy as np
import rasterio
from rasterio.env import get_gdal_config, set_gdal_config
from rasterio.windows import Window

MOST_TIMES_DEFAULT = 5
"""GDAL takes a twentieth of the machine's memory for its cache if nobody says else; it may grow to a quarter."""
SLACK = 1.25
"""What the cache needs beyond the pixels themselves; with less, the oldest block goes just before it is wanted."""

_lock = Lock()
_default: list[int] = []


def row_bytes(dataset: rasterio.DatasetReader, bands: int, window: Window) -> int:
    """Return the bytes of the blocks that a row of windows like this one touches, over the raster's whole width."""
    height = int(dataset.block_shapes[0][0])
    first, last = math.floor(window.row_off / height), math.ceil((window.row_off + window.height) / height)
    itemsize = max(np.dtype(name).itemsize for name in dataset.dtypes)
    return int((last - first) * height * dataset.width * bands * itemsize)


def start_small(megabytes: int) -> None:
    """Give GDAL's cache this much to begin with, instead of a twentieth of the memory, unless the environment sets it.
    """
    if "GDAL_CACHEMAX" not in os.environ:
        with _lock:
            _default[:] = [megabytes << 20]
            set_gdal_config("GDAL_CACHEMAX", megabytes << 20)


def make_room(needed: int) -> None:
    """Let GDAL's cache, which the whole process shares, grow to ``needed`` bytes of pixels if it is smaller.

    It never grows beyond :data:`MOST_TIMES_DEFAULT` times what it was at first, and stays as it is where the
    environment sets it.
    """
    if "GDAL_CACHEMAX" in os.environ:
        return
    with _lock:
        now = int(get_gdal_config("GDAL_CACHEMAX"))
        if not _default:
            _default.append(now)
        wanted = min(int(SLACK * needed), MOST_TIMES_DEFAULT * _default[0])
        if wanted > now:
            set_gdal_config("GDAL_CACHEMAX", wanted)
