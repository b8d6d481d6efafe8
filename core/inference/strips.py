"""Finished rows kept in a folder beside the output until all are there: what a killed run leaves, the next one uses.

Each strip of rows has below it, in the same file, those of the overviews that it completes, and blocks of the finished
file are made of strips while more come: when the last one is there, little is left to do.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
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
from .cog import CloudOptimized
from .mosaic import Piece, write_mosaic
from .output import NO_COLOURS, Layer, hidden, put_in_place, unwritable, write_cloud_optimized
from .overviews import Pyramid
from .specks import remove_specks

LAYOUT = "rows, and overviews below"
"""How a strip's file is laid out: what another version of GeoLoop has left in another way is thrown away."""


class Strips:
    """The rows of one or several rasters on one grid, written from the top; use as a context manager.

    ``outputs`` are paths and what each holds. ``run`` is a text that is the same only for a run that would give the
    same result: strips of another run are thrown away. Outputs named in ``specks`` are at the end freed from specks
    smaller than that many pixels. A strip is there whole or not at all. A cancelled run leaves nothing, one that was
    killed or failed leaves its strips.
    """

    def __init__(self, outputs: Mapping[str, Layer], grid: Grid, run: str, specks: Mapping[str, int] | None = None
                 ) -> None:
        first = Path(next(iter(outputs)))
        self._grid = grid
        self._folder = hidden(first, "parts")
        self._outputs = [_Output(number, Path(path), layer, grid, self._folder, (specks or {}).get(path, 0))
                         for number, (path, layer) in enumerate(outputs.items())]
        self._lock = self._folder / "lock.json"
        try:
            self._folder.mkdir(exist_ok=True)
            self._take_lock()
            self._keep_only(f"{LAYOUT}\n{run}")
        except OSError as error:
            raise InputError(unwritable(first, error)) from error
        self.done = min(sum(rows for _, rows, _ in self._strips(one.number)) for one in self._outputs)
        """Rows from the top that are there already."""
        if self.done:
            self._resume()

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
        for one in self._outputs:
            values = rows[str(one.path)]
            height = values.shape[1]
            place = self._folder / f"{one.number}-{start:08d}-{height}.tif"
            with _writing(one.path):
                _write_whole(place, self._encoded([values, *one.pyramid.add(values)], one.layer))
                one.keep(start, height, place)
                if one.cog:
                    one.cog.add(one.pieces, Feedback())
        self.done = start + height

    def finish(self, feedback: Feedback) -> None:
        """Turn the strips into the outputs. They appear one after the other, each whole."""
        for one in self._outputs:
            draft = self._folder / f"{one.number}.cog"
            if one.cog:
                with _writing(one.path):
                    one.cog.add(one.pieces, feedback)
                    one.cog.write(draft, feedback)
                put_in_place(draft, one.path, one.layer)
            else:
                cleaned = self._folder / f"{one.number}.cleaned"
                remove_specks(self._mosaic(one, 0), cleaned, one.specks // 2 * 2 + 1, feedback)
                with rasterio.open(cleaned, "r+") as raster:
                    one.layer.describe(raster)
                write_cloud_optimized(cleaned, one.path, one.layer, feedback, draft=draft)

    def _resume(self) -> None:
        for one in self._outputs:
            for start, height, path in self._strips(one.number):
                if start < self.done:
                    one.keep(start, height, path)
            one.pyramid.resume(self.done, partial(self._read, one))

    def _strips(self, number: int) -> list[tuple[int, int, Path]]:
        """First row, number of rows and file of an output's strips, from the top as far as none is missing."""
        found = sorted((int(start), int(height), path) for path in self._folder.glob(f"{number}-*.tif")
                       for _, start, height in [path.stem.split("-")])
        whole: list[tuple[int, int, Path]] = []
        for start, height, path in found:
            if start == (whole[-1][0] + whole[-1][1] if whole else 0):
                whole.append((start, height, path))
        return whole

    def _take_lock(self) -> None:
        own = json.dumps({"pid": os.getpid(), "since": psutil.Process().create_time()})
        while True:
            try:
                with self._lock.open("x") as stream:
                    stream.write(own)
                return
            except FileExistsError:
                if self._owner_runs():
                    raise InputError(f"Another run is writing {self._outputs[0].path}; wait for it to end or name "
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
        to be written fails in plain sight. Blocks of zeros are written too: where one is missing, GDAL copies nodata.
        """
        count, _, width = levels[0].shape
        with MemoryFile() as memory:
            with memory.open(driver="GTiff", width=width, height=sum(rows.shape[1] for rows in levels), count=count,
                             dtype=layer.dtype, transform=self._grid.transform, tiled=True, blockxsize=256,
                             blockysize=128, compress="zstd", zstd_level=1, predictor=layer.predictor,
                             interleave="band", bigtiff="if_safer", **NO_COLOURS) as raster:
                top = 0
                for rows in levels:
                    if rows.size:
                        raster.write(rows, window=Window(0, top, rows.shape[2], rows.shape[1]))
                    top += rows.shape[1]
            return bytes(memory.read())

    def _mosaic(self, one: _Output, level: int) -> Path:
        """Write a virtual raster over what the strips hold of an output, or of an overview, the first being level 1,
        which is read by rows alone.
        """
        path = self._folder / f"{one.number}.{level}.vrt"
        write_mosaic(path, one.layer, one.shapes[level], one.pieces[level], grid=self._grid)
        return path

    def _read(self, one: _Output, level: int, start: int, stop: int) -> NDArray[np.generic]:
        """Rows (bands, rows, width) of a level from ``start`` to before ``stop``, of strips that are there."""
        with rasterio.open(self._mosaic(one, level)) as raster:
            rows: NDArray[np.generic] = raster.read(window=Window(0, start, raster.width, stop - start))
        return rows


class _Output:
    """One of the rasters: ``pieces`` are what its strips hold of it and of each of its overviews, ``cog`` is what they
    become while they come; None where all of them are needed first.
    """

    def __init__(self, number: int, path: Path, layer: Layer, grid: Grid, folder: Path, specks: int) -> None:
        self.number, self.path, self.layer, self.specks = number, path, layer, specks
        self.pyramid = Pyramid(layer, *grid.shape)
        self.shapes = [grid.shape, *self.pyramid.shapes]
        self.pieces: list[list[Piece]] = [[] for _ in self.shapes]
        self.cog = CloudOptimized(folder, str(number), layer, grid, self.shapes) if specks <= 1 else None

    def keep(self, start: int, height: int, path: Path) -> None:
        """Note what a strip holds of ``height`` rows from ``start`` on, with the overviews' rows below."""
        top, stop = 0, start + height
        ranges = zip([start, *self.pyramid.rows(start)], [stop, *self.pyramid.rows(stop)], strict=True)
        for pieces, (first, end) in zip(self.pieces, ranges, strict=True):
            if end > first:
                pieces.append(Piece(path.name, top, first, end - first))
            top += end - first


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """What the disk or GDAL refuses, told of the output that it was for."""
    try:
        yield
    except Exception as error:
        if isinstance(error, OSError) or type(error).__module__.startswith("rasterio."):
            raise InputError(unwritable(path, error)) from error
        raise


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


