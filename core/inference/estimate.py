"""What a run will take, said before it starts."""

from __future__ import annotations

import time

import numpy as np

from .blend import Scale, leaving_rows
from .plan import OpenPlan
from .tiling import Lattice, Tiling

MB = 2.0**20
CACHE_MB = 256
"""What GDAL may keep of what it has read and is about to write."""
WORTH_MEASURING = 50
"""Batches from which on a trial costs less than knowing the time is worth."""


def batches_of(lattice: Lattice, batch: int) -> int:
    """How many batches a run is."""
    return len(lattice.rows) * -(-len(lattice.columns) // batch)


def memory_mb(lattice: Lattice, scale: Scale, *, inputs: int, channels: int, batch: int, threads: int = 2) -> float:
    """Memory that a run needs beside the model: the band of rows being joined, the tiles under way, GDAL's cache.

    It grows with the width of the area, the tile, the batch and the number of channels, and never with the height.
    """
    tiling = lattice.tiling
    side, step = scale.of(tiling.side), scale.of(tiling.step)
    width = len(lattice.columns) * step + 2 * scale.of(tiling.halo)
    band = width * side * (4 * channels + 5)
    leaving = width * min(step, leaving_rows(channels, width)) * (4 * channels + 1) * 3
    tiles = batch * 2 * threads * (tiling.side**2 * (4 * inputs + 1) * 2 + side**2 * 4 * channels)
    return (band + leaving + tiles) / MB + CACHE_MB


def seconds(opened: OpenPlan, tiling: Tiling, batch: int, batches: int) -> float:
    """Time that the network alone will take, from one batch on this device (the model has run before)."""
    inputs = [np.zeros((batch, len(one.channels), tiling.side, tiling.side), np.float32) for one in opened.card.inputs]
    began = time.perf_counter()
    opened.runner(inputs)
    return (time.perf_counter() - began) * batches

