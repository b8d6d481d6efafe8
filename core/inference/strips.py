"""Finished rows kept in a folder beside the output until all are there: what a killed run leaves, the next one uses."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from xml.etree import ElementTree

import numpy as np
import psutil
import rasterio
from numpy.typing import NDArray
from rasterio.io import MemoryFile

from ..errors import Cancelled, InputError
from ..feedback import Feedback
from ..sources.grid import Grid
from .output import NO_COLOURS, Layer, hidden, unwritable, write_cloud_optimized
from .specks import remove_specks

_GDAL_TYPES = {"uint8": "Byte", "uint16": "UInt16", "int16": "Int16", "int32": "Int32", "float32": "Float32"}


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
            self._keep_only(run)
        except OSError as error:
            raise InputError(unwritable(next(iter(self._outputs)), error)) from error
        self.done = self._rows_done()
        """Rows from the top that are there already."""

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
                _write_whole(place, self._encoded(values, layer))
            except OSError as error:
                raise InputError(unwritable(path, error)) from error
        self.done = start + height

    def finish(self, feedback: Feedback, specks: Mapping[str, int] | None = None) -> None:
        """Turn the strips into the outputs. They appear one after the other, each whole.

        Outputs named in ``specks`` are first freed from specks smaller than that many pixels.
        """
        for number, (path, layer) in enumerate(self._outputs.items()):
            mosaic = self._folder / f"{number}.vrt"
            mosaic.write_bytes(self._mosaic(number, layer))
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

    def _encoded(self, values: NDArray[np.generic], layer: Layer) -> bytes:
        """A tiled GeoTIFF of rows (bands, rows, width), made in memory: what fails to be written fails in plain sight.
        """
        count, height, width = values.shape
        with MemoryFile() as memory:
            with memory.open(driver="GTiff", width=width, height=height, count=count, dtype=layer.dtype,
                             transform=self._grid.transform, tiled=True, blockxsize=256, blockysize=128,
                             compress="zstd", zstd_level=1, predictor=layer.predictor, interleave="band",
                             bigtiff="if_safer", **NO_COLOURS) as raster:
                raster.write(values)
            return bytes(memory.read())

    def _mosaic(self, number: int, layer: Layer) -> bytes:
        """A GDAL virtual raster over an output's strips."""
        grid = self._grid
        root = ElementTree.Element("VRTDataset", rasterXSize=str(grid.width), rasterYSize=str(grid.height))
        ElementTree.SubElement(root, "SRS").text = grid.crs
        ElementTree.SubElement(root, "GeoTransform").text = ", ".join(repr(v) for v in grid.transform.to_gdal())
        kind = _GDAL_TYPES[layer.dtype]
        for band in range(1, layer.count + 1):
            element = ElementTree.SubElement(root, "VRTRasterBand", dataType=kind, band=str(band))
            ElementTree.SubElement(element, "NoDataValue").text = str(layer.nodata)
            for start, height, path in self._strips(number):
                source = ElementTree.SubElement(element, "SimpleSource")
                ElementTree.SubElement(source, "SourceFilename", relativeToVRT="1").text = path.name
                ElementTree.SubElement(source, "SourceBand").text = str(band)
                for name, top in (("SrcRect", 0), ("DstRect", start)):
                    ElementTree.SubElement(source, name, xOff="0", yOff=str(top), xSize=str(grid.width),
                                           ySize=str(height))
        return ElementTree.tostring(root)


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


