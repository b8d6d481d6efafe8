"""The one tiler: windows with halos in, blended rows out; memory is that of one row of tiles, whatever the height."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from rasterio.windows import Window

from ..crew import ahead
from ..feedback import Feedback
from .blend import Blend, Rows, Scale
from .tiling import Batch, Lattice, Tile

Read = Callable[[Window], tuple[NDArray[np.float32], NDArray[np.bool_]]]
"""Values (C, H, W) and validity (H, W) of a window that may reach out of the grid."""
Predict = Callable[[NDArray[np.float32], NDArray[np.bool_], list[Window]], Any]
"""Values (N, C, H, W), their validity (N, H, W) and windows to the output (N, channels, h, w)."""

Room = Callable[[tuple[int, ...], Any], NDArray[np.float32]]
"""Makes an empty array of a shape and type."""


@dataclass(frozen=True)
class Computed:
    """A batch with the output of those of its tiles that show something.

    ``values`` is by tile: an array or tensor (N, channels, h, w), or whatever the network's output was made into;
    ``valid`` (N, H, W).
    """

    batch: Batch
    seen: tuple[Tile, ...]
    values: Any
    valid: NDArray[np.bool_]


Compute = Callable[[Iterable[Batch]], Iterator[Computed]]
"""Whatever turns batches into their output, in order: this process, or a cluster."""


def here(read: Read, predict: Predict, workers: int = 1, readers: int = 1, room: Room = np.empty,
         finish: Callable[[Any], Any] | None = None) -> Compute:
    """Compute in this process: ``readers`` threads read ahead into arrays that ``room`` makes, ``workers`` predict, and
    the caller's finishes what they give, while they go on, and joins. Several readers call ``read`` at once.
    """
    def read_batch(batch: Batch) -> tuple[Batch, tuple[Tile, ...], NDArray[np.float32], NDArray[np.bool_]]:
        return (batch, *read_tiles(read, batch, room))

    def predict_batch(
        item: tuple[Batch, tuple[Tile, ...], NDArray[np.float32], NDArray[np.bool_]]
    ) -> Computed:
        batch, seen, x, valid = item
        return Computed(batch, seen, predict(x, valid, [t.window for t in seen]) if seen else (), valid)

    def compute(batches: Iterable[Batch]) -> Iterator[Computed]:
        reader, network = ThreadPoolExecutor(readers, "read"), ThreadPoolExecutor(workers, "predict")
        try:
            for computed in ahead(network, predict_batch, ahead(reader, read_batch, batches, readers + workers),
                                  workers):
                yield replace(computed, values=finish(computed.values)) if finish and computed.seen else computed
        finally:
            for executor in (reader, network):
                executor.shutdown(wait=True, cancel_futures=True)

    return compute


def read_tiles(
    read: Read, batch: Batch, room: Room = np.empty
) -> tuple[tuple[Tile, ...], NDArray[np.float32], NDArray[np.bool_]]:
    """Return those tiles of a batch that have a valid pixel, with values (N, C, H, W) and validity (N, H, W)."""
    found = [(tile, *read(tile.window)) for tile in batch]
    kept = [item for item in found if item[2].any()]
    if not kept:
        return (), np.empty((0, 0, 0, 0), np.float32), np.empty((0, 0, 0), np.bool_)
    tiles, x, valid = zip(*kept, strict=True)
    return tiles, np.stack(x, out=room((len(x), *x[0].shape), np.float32)), np.stack(valid)


def run_tiles(lattice: Lattice, compute: Compute, channels: int, feedback: Feedback, *, scale: Scale | None = None,
              batch: int = 1, done: int = 0, device: torch.device | None = None) -> Iterator[Rows]:
    """Predict an area of a grid tile by tile and yield its rows from the top, blended where tiles overlap.

    Tiles without a valid pixel are not predicted. Where nothing is valid the values are NaN. The tiles lie as they
    would for the whole grid, so an area's rows are those of a run on everything. ``done`` output rows are there
    already: they are not yielded again, and only the tiles that reach beyond them are computed. Tiles are joined on
    ``device`` (default: the CPU), best where their values are.
    """
    scale = scale or Scale()
    lattice = replace(lattice, area=scale.snapped(lattice.area))
    rows, columns = lattice.rows, lattice.columns
    device = device or torch.device("cpu")
    band = Blend(lattice, channels, scale, device)
    batches = lattice.batches(batch, _first_row(lattice, done, scale))
    for computed in compute(batches):
        feedback.check()
        values = torch.as_tensor(computed.values, device=device) if computed.seen else ()
        for number, tile in enumerate(computed.seen):
            band.add(tile, values[number], computed.valid[number])
        at = computed.batch[-1]
        feedback.progress(lattice.share(at))
        if at.column == columns.stop - 1:
            for finished in band.flush(at.row, last=at.row == rows.stop - 1):
                if finished.start + len(finished.valid) > done:
                    skipped = max(done - finished.start, 0)
                    yield Rows(finished.start + skipped, finished.values[:, skipped:], finished.valid[skipped:])
                del finished  # a wide raster's rows are large: the next ones are joined when these are gone


def _first_row(lattice: Lattice, done: int, scale: Scale) -> int:
    """The first row of tiles that reaches below the rows that are done."""
    rows, tiling = lattice.rows, lattice.tiling
    if not done:
        return rows.start
    below = int(lattice.area.row_off) + done * scale.down // scale.up
    return max(rows.start, (below - tiling.halo) // tiling.step)


def together(*reads: Read) -> Read:
    """Several aligned sources as one: their channels one after the other, valid where all of them are."""
    def read(window: Window) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        values, valid = zip(*(one(window) for one in reads), strict=True)
        return np.concatenate(values), np.logical_and.reduce(valid)

    return read

