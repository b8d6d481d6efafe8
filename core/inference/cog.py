"""A Cloud Optimized GeoTIFF made while its rows come: blocks are compressed as soon as their pixels are there, and what
is left at the end is to lay them one behind the other.

The layout is GDAL's own (its COG driver): what stands before the blocks is written by GDAL for the same raster without
any block, and only where they lie is filled in. Blocks of the coarsest overview come first, each between its size and
a repetition of its last four bytes.
"""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import rasterio
import rasterio.shutil
from rasterio.io import MemoryFile

from ..feedback import Feedback
from ..sources.grid import Grid
from .mosaic import Piece, write_mosaic
from .output import NO_COLOURS, Layer, cog_options
from .tiff_blocks import directories

LEADER = struct.Struct("<I")
TRAILER_BYTES = 4
COMPRESSED_BYTES = 2**22
"""So much is compressed at once: whole rows of blocks of a wide raster would need their memory several times."""
COPIED_BYTES = 2**26
"""So much is copied between two questions whether to go on."""


@dataclass
class _Level:
    """Blocks of the raster, or of an overview, that are made: in a file, row by row from the top."""

    path: Path
    height: int
    width: int
    rows: int = 0
    sizes: list[int] = field(default_factory=list)


class CloudOptimized:
    """A raster of the ``shapes`` (rows, columns) of itself and of its overviews; its pixels lie in files of ``folder``,
    which also gets what is made before the end, under names that begin with ``name``.
    """

    def __init__(self, folder: Path, name: str, layer: Layer, grid: Grid, shapes: Sequence[tuple[int, int]]) -> None:
        self._folder, self._name, self._layer, self._grid = folder, name, layer, grid
        self._levels = [_Level(folder / f"{name}.{number}.blocks", *shape) for number, shape in enumerate(shapes)]
        self._head = b""
        self._failed: Exception | None = None
        self._heading: threading.Thread | None = None

    def add(self, pieces: Sequence[Sequence[Piece]], feedback: Feedback) -> None:
        """Make the rows of blocks that are not made yet and whose pixels are all there.

        ``pieces`` tell, for the raster and each overview, what is there, from the top.
        """
        if self._heading is None:
            self._heading = threading.Thread(target=self._take_head, args=[self._empty()], name="head", daemon=True)
            self._heading.start()
        for level, there in zip(self._levels, pieces, strict=True):
            complete = there[-1].start + there[-1].rows if there else 0
            while level.rows < level.height:
                stop = min(level.rows + self._layer.block, level.height)
                if stop > complete:
                    break
                feedback.check()
                self._make(level, there, stop)

    def write(self, draft: Path, feedback: Feedback) -> None:
        """Write the raster, all of whose blocks are made."""
        while self._heading is not None and self._heading.is_alive():
            self._heading.join(0.2)
            feedback.check()
        if self._failed is not None:
            raise self._failed
        head, at = bytearray(self._head), len(self._head)
        images = directories(self._head)
        for image, level in reversed(list(zip(images, self._levels, strict=True))):
            offsets = []
            for size in level.sizes:
                offsets.append(at + LEADER.size)
                at += LEADER.size + size + TRAILER_BYTES
            image.offsets.write(head, offsets)
            image.sizes.write(head, level.sizes)
        with draft.open("wb") as out:
            out.write(head)
            for level in reversed(self._levels):
                with level.path.open("rb") as blocks:
                    while some := blocks.read(COPIED_BYTES):
                        feedback.check()
                        out.write(some)

    def _make(self, level: _Level, there: Sequence[Piece], stop: int) -> None:
        """Make the next row of blocks, down to before row ``stop``."""
        start, block = level.rows, self._layer.block
        touched = [piece for piece in there if piece.start < stop and piece.start + piece.rows > start]
        pieces = [piece.within(start, stop) for piece in touched]
        at_once = block * max(COMPRESSED_BYTES // (block * block * self._layer.count * self._layer.itemsize), 1)
        with level.path.open("ab") as blocks:
            for left in range(0, level.width, at_once):
                shape = stop - start, min(at_once, level.width - left)
                for content in self._compressed(shape, pieces, left):
                    blocks.write(LEADER.pack(len(content)) + content + content[-TRAILER_BYTES:])
                    level.sizes.append(len(content))
        level.rows = stop

    def _compressed(self, shape: tuple[int, int], pieces: Sequence[Piece], left: int) -> Iterator[bytes]:
        """The blocks of a piece of the raster no higher than one, from column ``left`` on."""
        layer, mosaic = self._layer, self._folder / f"{self._name}.rows.vrt"
        write_mosaic(mosaic, layer, shape, pieces, left=left)
        with MemoryFile(ext=".tif") as memory:
            rasterio.shutil.copy(
                mosaic, memory.name, driver="GTiff", tiled=True, blockxsize=layer.block, blockysize=layer.block,
                compress="DEFLATE", zlevel=1, predictor=layer.predictor, interleave="PIXEL", num_threads="ALL_CPUS",
                **NO_COLOURS)
            content = bytes(memory.read())
        (image,) = directories(content)
        for at, size in zip(image.offsets.read(content), image.sizes.read(content), strict=True):
            yield content[at:at + size]

    def _empty(self) -> Path:
        """A virtual raster with overviews, of which nothing is there."""
        shapes = [(level.height, level.width) for level in self._levels]
        paths = [self._folder / f"{self._name}.{number}.empty.vrt" for number in range(len(shapes))]
        for path, shape in zip(paths[1:], shapes[1:], strict=True):
            write_mosaic(path, self._layer, shape, [])
        write_mosaic(paths[0], self._layer, shapes[0], [], grid=self._grid, overviews=[one.name for one in paths[1:]])
        with rasterio.open(paths[0], "r+") as raster:
            self._layer.describe(raster)
        return paths[0]

    def _take_head(self, empty: Path) -> None:
        """Let GDAL write the raster without any block: seconds for a large one, so it is done while rows come."""
        try:
            with MemoryFile(ext=".tif") as memory:
                rasterio.shutil.copy(empty, memory.name, sparse_ok=True, **cog_options(self._layer))
                self._head = bytes(memory.read())
        except Exception as error:  # brought to the thread that waits for it
            self._failed = error
