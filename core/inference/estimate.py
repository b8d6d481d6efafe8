"""What a run will take: memory, said before it starts, and time, as soon as its first batches tell."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from ..feedback import Feedback, in_words
from .blend import Scale, leaving_rows
from .tiler import Compute, Computed
from .tiling import Batch, Lattice

MB = 2.0**20
CACHE_MB = 256
"""What GDAL may keep of what it has read and is about to write."""
WORTH_TELLING = 50
"""Batches from which on somebody may want to know how long they take."""
AT_ONCE = 32
"""Batches of a cluster by which its pace shows: they come back several at once."""


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


def telling(compute: Compute, lattice: Lattice, batches: int, feedback: Feedback, after: int = 1) -> Compute:
    """The same, but it says how long what is left will take, ``after`` batches below the first that showed something.

    A batch tried beforehand would tell the same and be thrown away.
    """
    def told(given: Iterable[Batch]) -> Iterator[Computed]:
        seen, began = 0, 0.0
        for computed in compute(given):
            yield computed
            if not computed.seen:
                continue
            if seen == 0:
                began = time.perf_counter()
            elif seen == after:
                left = batches * (1 - lattice.share(computed.batch[-1]))
                pace = (time.perf_counter() - began) / after
                feedback.info(f"The network will take about {in_words(left * pace)}.")
            seen += 1

    return told if batches >= WORTH_TELLING else compute
