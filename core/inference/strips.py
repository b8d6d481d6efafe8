"""Finished rows kept in a folder beside the output until all are there: what a killed run leaves, the next one uses.

Each strip of rows has below it, in the same file, those of the overviews that it completes: when the last one is there,
little is left to do.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType

import numpy as np
import psutil
import rasterio
from numpy.typing import NDArray
from rasterio.io import MemoryFile
from rasterio.windows import Window

from ..errors import Cancelled, InputError
from ..feedback import Feedback
from ..sources.grid import Grid
from .mosaic import Piece, write_mosaic
from .output import NO_COLOURS, Layer, hidden, unwritable, write_cloud_optimized
from .overviews import Pyramid
from .specks import remove_specks

LAYOUT = "rows, and overviews below"
"""How a strip's file is laid out: what another version of GeoLoop has left in another way is thrown away."""


class Strips:
    """The rows of one or several rasters on one grid, written from the top; use as a context manager.

    ``outputs`` are paths and what each holds. ``run`` is a text that is the same only for a run that would give the
    same result: strips of another run are thrown away. A strip is there whole or not at all. A cancelled run leaves
    nothing, one that was killed or failed leaves its strips.
    """

    def __init__(self, outputs: Mapping[str, Layer], grid: Grid, run: str) -> None:
        self._outputs = {Path(path): layer for path, layer in outputs.items()}
        self._grid = grid
        self._folder = hidden(next(iter(self._outputs)), "parts")
        self._lock = self._folder / "lock.json"
        try:
            self._folder.mkdir(exist_ok=True)
            self._take_lock()
            self._keep_only(f"{LAYOUT}\n{run}")
        except OSError as error:
            raise InputError(unwritable(next(iter(self._outputs)), error)) from error
        self.done = self._rows_done()
        """Rows from the top that are there already."""
        self._pyramids = [Pyramid(layer, *grid.shape) for layer in self._outputs.values()]
        if self.done:
            for number, layer in enumerate(self._outputs.values()):
                self._pyramids[number].resume(self.done, partial(self._read, number, layer))

    def __enter__(self) -> Strips:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None or issubclass(kind, Cancelled) or not self.done:
            shutil.rmtree(self._folder, ignore_errors=True)
        else:
            self._lock.unlink(missing_ok=True)

    def write(self, start: int, rows: Mapping[str, NDArray[np.generic]]) -> None:
        """Keep rows (bands, rows, width) of each output, from row ``start`` on; :attr:`done` moves below them."""
        for number, (path, layer) in enumerate(self._outputs.items()):
            values = rows[str(path)]
            height = values.shape[1]
            place = self._folder / f"{number}-{start:08d}-{height}.tif"
            try:
                _write_whole(place, self._encoded([values, *self._pyramids[number].add(values)], layer))
            except OSError as error:
                raise InputError(unwritable(path, error)) from error
        self.done = start + height

    def finish(self, feedback: Feedback, specks: Mapping[str, int] | None = None) -> None:
        """Turn the strips into the outputs. They appear one after the other, each whole.

        Outputs named in ``specks`` are first freed from specks smaller than that many pixels.
        """
        for number, (path, layer) in enumerate(self._outputs.items()):
            mosaic = self._mosaics(number, layer)[0]
            size = (specks or {}).get(str(path), 0)
            if size > 1:
                cleaned = self._folder / f"{number}.cleaned"
                remove_specks(mosaic, cleaned, size // 2 * 2 + 1, feedback)
                mosaic = cleaned
            with rasterio.open(mosaic, "r+") as raster:
                layer.describe(raster)
            write_cloud_optimized(mosaic, path, layer, feedback, draft=self._folder / f"{number}.cog")

    def _strips(self, number: int) -> list[tuple[int, int, Path]]:
        """First row, number of rows and file of an output's strips, from the top as far as none is missing."""
        found = sorted((int(start), int(height), path) for path in self._folder.glob(f"{number}-*.tif")
                       for _, start, height in [path.stem.split("-")])
        whole: list[tuple[int, int, Path]] = []
        for start, height, path in found:
            if start == (whole[-1][0] + whole[-1][1] if whole else 0):
                whole.append((start, height, path))
        return whole

    def _rows_done(self) -> int:
        ends = [(strips[-1][0] + strips[-1][1] if strips else 0)
                for strips in map(self._strips, range(len(self._outputs)))]
        return min(ends)

    def _take_lock(self) -> None:
        own = json.dumps({"pid": os.getpid(), "since": psutil.Process().create_time()})
        while True:
            try:
                with self._lock.open("x") as stream:
                    stream.write(own)
                return
            except FileExistsError:
                if self._owner_runs():
                    raise InputError(f"Another run is writing {next(iter(self._outputs))}; wait for it to end or name "
                                     "another output.") from None
                self._lock.unlink(missing_ok=True)

    def _owner_runs(self) -> bool:
        try:
            owner = json.loads(self._lock.read_text())
            return bool(psutil.Process(owner["pid"]).create_time() == owner["since"])
        except (psutil.Error, OSError, ValueError, KeyError, TypeError):
            return False

    def _keep_only(self, run: str) -> None:
        """Throw away what another run left, and what was not finished."""
        described = self._folder / "run.txt"
        known = described.read_text(encoding="utf-8") if described.exists() else ""
        for path in self._folder.iterdir():
            if path != self._lock and (known != run or path.suffix not in (".tif", ".txt")):
                path.unlink()
        _write_whole(described, run.encode())

    def _encoded(self, levels: Sequence[NDArray[np.generic]], layer: Layer) -> bytes:
        """A tiled GeoTIFF of rows (bands, rows, width) of each level, one below the other, made in memory: what fails
        to be written fails in plain sight.
        """
        count, _, width = levels[0].shape
        with MemoryFile() as memory:
            with memory.open(driver="GTiff", width=width, height=sum(rows.shape[1] for rows in levels), count=count,
                             dtype=layer.dtype, transform=self._grid.transform, tiled=True, blockxsize=256,
                             blockysize=128, compress="zstd", zstd_level=1, predictor=layer.predictor,
                             interleave="band", bigtiff="if_safer", sparse_ok=True, **NO_COLOURS) as raster:
                top = 0
                for rows in levels:
                    if rows.size:
                        raster.write(rows, window=Window(0, top, rows.shape[2], rows.shape[1]))
                    top += rows.shape[1]
            return bytes(memory.read())

    def _mosaics(self, number: int, layer: Layer) -> list[Path]:
        """Write virtual rasters over an output's strips: the raster, and its overviews, which it names."""
        shapes = [self._grid.shape, *self._pyramids[number].shapes]
        paths = [self._folder / f"{number}.{level}.vrt" for level in range(len(shapes))]
        for level, (path, shape, pieces) in enumerate(zip(paths, shapes, self._pieces(number), strict=True)):
            if level:
                write_mosaic(path, layer, shape, pieces)
            else:
                write_mosaic(path, layer, shape, pieces, grid=self._grid, overviews=[one.name for one in paths[1:]])
        return paths

    def _pieces(self, number: int) -> list[list[Piece]]:
        """What an output's strips hold of the raster and of each of its overviews."""
        pyramid = self._pyramids[number]
        pieces: list[list[Piece]] = [[] for _ in range(1 + len(pyramid.shapes))]
        for start, height, path in self._strips(number):
            top, stop = 0, start + height
            ranges = zip([start, *pyramid.rows(start)], [stop, *pyramid.rows(stop)], strict=True)
            for of_level, (first, end) in zip(pieces, ranges, strict=True):
                if end > first:
                    of_level.append(Piece(path.name, top, first, end - first))
                top += end - first
        return pieces

    def _read(self, number: int, layer: Layer, level: int, start: int, stop: int) -> NDArray[np.generic]:
        """Rows (bands, rows, width) of a level from ``start`` to before ``stop``, of strips that are there."""
        with rasterio.open(self._mosaics(number, layer)[level]) as raster:
            rows: NDArray[np.generic] = raster.read(window=Window(0, start, raster.width, stop - start))
        return rows


def _write_whole(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{uuid.uuid4().hex}.draft")
    try:
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


