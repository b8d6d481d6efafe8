"""Writing rasters that appear whole or not at all, as Cloud Optimized GeoTIFF."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
from rasterio.enums import ColorInterp
from rasterio.io import DatasetWriter

from ..errors import InputError
from ..feedback import Feedback
from ..sources.grid import Grid
from ..whole import write_text
from .style import class_style, is_made_here

NODATA_CLASS = 255
BLOCK_BYTES = 2**23
"""About the size of a finished raster's blocks, which hold all bands."""
DRAFT_COMPRESSION = "LZW"
"""Of overviews while a raster is made. GDAL's own choice, ZSTD, starts anew for each of their small blocks, which takes
nearly half of the pass."""

NO_COLOURS = {"photometric": "minisblack", "alpha": "no"}
"""Three or four bands of bytes are no red, green, blue and transparency unless somebody says so."""


@dataclass(frozen=True)
class Layer:
    """What a raster holds, its pixels excepted: number of bands, their type, nodata and names, metadata, palette.

    ``tags`` become metadata (JSON where they are no text), ``colors`` the palette of the first band: such a raster
    holds classes, and its overviews show the most frequent one. ``style`` is how QGIS shows it (QML, written beside the
    raster); empty: classes by colour and name, other values as QGIS likes.
    """

    count: int
    dtype: str
    nodata: float | None
    names: Sequence[str] = ()
    tags: Mapping[str, Any] = field(default_factory=dict)
    colors: Mapping[int, tuple[int, int, int, int]] = field(default_factory=dict)
    style: str = ""

    @property
    def shown(self) -> str:
        """The style that goes beside the raster; empty: none."""
        names = self.tags.get("classes")
        return self.style or (class_style(names, self.colors) if self.colors and isinstance(names, Mapping) else "")

    @property
    def predictor(self) -> int:
        """GeoTIFF's predictor that suits the type."""
        return 3 if self.dtype.startswith("float") else 2

    @property
    def itemsize(self) -> int:
        """Bytes of a value."""
        return np.dtype(self.dtype).itemsize

    @property
    def block(self) -> int:
        """The side of a finished raster's blocks: 512 pixels, fewer where bands are many."""
        side = 512
        while side > 64 and side * side * self.count * self.itemsize > BLOCK_BYTES:
            side //= 2
        return side

    @property
    def overviews(self) -> str:
        """How overviews are made: integers are classes or counts, which have no mean."""
        return "AVERAGE" if self.dtype.startswith("float") else "MODE"

    def describe(self, raster: DatasetWriter) -> None:
        """Write names, metadata and palette."""
        raster.colorinterp = [ColorInterp.gray, *[ColorInterp.undefined] * (self.count - 1)]
        for band, name in enumerate(self.names, start=1):
            raster.set_band_description(band, name)
        if self.tags:
            raster.update_tags(**{k: v if isinstance(v, str) else json.dumps(v, ensure_ascii=False)
                                  for k, v in self.tags.items()})
        if self.colors:
            raster.write_colormap(1, dict(self.colors))


@contextmanager
def new_raster(path: str | Path, grid: Grid, *, count: int, dtype: str, nodata: float | None,
               names: Sequence[str] = (),
               tags: Mapping[str, Any] | None = None, colors: Mapping[int, tuple[int, int, int, int]] | None = None,
               style: str = "", cloud_optimized: bool = True) -> Iterator[DatasetWriter]:
    """Open a raster on a grid for writing, as :class:`Layer` describes it.

    It is written under another name beside ``path`` and takes the name only when the block ends without an error; a
    file that stood there before stays until then. Raises :class:`InputError` if it cannot be written.
    """
    path = Path(path)
    layer = Layer(count, dtype, nodata, names, tags or {}, colors or {}, style)
    draft = hidden(path, f"draft-{os.getpid()}.tif")
    profile = dict(
        driver="GTiff", width=grid.width, height=grid.height, count=count, dtype=dtype, nodata=nodata, crs=grid.crs,
        transform=grid.transform, tiled=True, blockxsize=256, blockysize=256, compress="deflate",
        predictor=layer.predictor, bigtiff="if_safer", interleave="band", zlevel=1,
        **NO_COLOURS)
    try:
        raster = rasterio.open(draft, "w", **profile)
    except rasterio.errors.RasterioIOError as error:
        raise InputError(unwritable(path, error)) from error
    try:
        with raster:
            layer.describe(raster)
            yield raster
        if cloud_optimized:
            write_cloud_optimized(draft, path, layer, Feedback(), draft=hidden(path, f"cog-{os.getpid()}.tif"))
        else:
            os.replace(draft, path)
    finally:
        remove(draft)


def write_cloud_optimized(source: Path, path: Path, layer: Layer, feedback: Feedback, *, draft: Path) -> None:
    """Copy a raster to a Cloud Optimized GeoTIFF with overviews, in one streaming pass; ``path`` appears at its end.

    Until then it is ``draft``, on the same disk. Raises :class:`InputError` if it cannot be written,
    :class:`~geoloop.core.errors.Cancelled` when asked to stop.
    """
    failed: list[BaseException] = []
    abandoned = threading.Event()

    def copy() -> None:
        try:
            with rasterio.Env(COG_TMP_COMPRESSION=DRAFT_COMPRESSION):
                rasterio.shutil.copy(source, draft, **cog_options(layer))
        except Exception as error:  # brought to the waiting thread
            failed.append(error)
        finally:
            if abandoned.is_set():
                remove(draft)

    copying = threading.Thread(target=copy, name="cog", daemon=True)
    copying.start()
    try:
        while copying.is_alive():
            copying.join(0.2)
            feedback.check()
        if failed:
            raise InputError(unwritable(path, failed[0])) from failed[0]
        put_in_place(draft, path, layer)
    finally:
        abandoned.set()
        if not copying.is_alive():
            remove(draft)


def cog_options(layer: Layer) -> dict[str, Any]:
    """How GDAL writes a layer as a Cloud Optimized GeoTIFF."""
    return dict(driver="COG", compress="DEFLATE", level=1, predictor="YES", blocksize=layer.block,
                overview_resampling=layer.overviews, bigtiff="IF_SAFER", num_threads="ALL_CPUS")


def put_in_place(draft: Path, path: Path, layer: Layer) -> None:
    """Give a finished raster its name, once its last pixel has been read, and its style beside it. A style of the
    user's own stays as long as the classes are those of the raster that stood there; else it gets another name.

    Raises :class:`InputError` if it cannot be read or take the name.
    """
    try:
        with rasterio.open(draft) as written:
            written.read(1, window=((written.height - 1, written.height), (written.width - 1, written.width)))
            fits = path.exists() and _classes(path) == written.tags().get("classes")
        os.replace(draft, path)
        beside = path.with_suffix(".qml")
        own = beside.exists() and not is_made_here(beside.read_text(encoding="utf-8", errors="replace"))
        if layer.shown and own and not fits:
            _set_aside(beside)
        if layer.shown and not (own and fits):
            write_text(str(beside), layer.shown)
    except (OSError, rasterio.errors.RasterioError) as error:
        raise InputError(unwritable(path, error)) from error


def _classes(path: Path) -> str | None:
    """What the classes of a raster are called, as its metadata has it; None where it has none, or is no raster."""
    try:
        with rasterio.open(path) as raster:
            classes: str | None = raster.tags().get("classes")
            return classes
    except rasterio.errors.RasterioError:
        return None


def _set_aside(style: Path) -> None:
    """Give a style of the user's own a name that is free: NAME.own.qml, NAME.own-2.qml, …"""
    names = (f"{style.stem}.own{f'-{number}' if number > 1 else ''}.qml" for number in count(1))
    style.rename(next(place for name in names if not (place := style.with_name(name)).exists()))


def hidden(path: Path, ending: str) -> Path:
    """A name beside ``path`` for what is not finished yet."""
    return path.with_name(f".{path.stem}.{ending}")


def remove(path: Path) -> None:
    """Remove a raster that may or may not be there, with what GDAL leaves beside it."""
    for name in (path.name, f"{path.name}.aux.xml", f"{path.name}.ovr.tmp", f"{path.name}.msk.ovr.tmp"):
        path.with_name(name).unlink(missing_ok=True)


def unwritable(path: Path, error: object) -> str:
    """The sentence for an output that cannot be written."""
    return f"The output {path} cannot be written ({error}); choose a folder you may write to, with enough free space."
