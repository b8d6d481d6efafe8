"""A raster of class codes, read by window: what a map says of each pixel. Runs in the engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..jobs.inputs import ExtentInput, RasterInput
from .pixel_frame import NOTHING, windows_of

if TYPE_CHECKING:
    import pyproj
    import rasterio
    from affine import Affine
    from rasterio.vrt import WarpedVRT
    from rasterio.windows import Window

    from ..sources.legend import Legend

MOST_CLASSES = 256


@dataclass(frozen=True)
class ClassRaster:
    """A raster of whole numbers, or the part of it within ``crop``. ``codes`` are those it holds, in order; ``known``
    is what these and others that it might hold are called; ``shape`` is that of the part, ``transform`` its affine.
    """

    name: str
    raster: rasterio.io.DatasetReader | WarpedVRT
    crs: pyproj.CRS
    crop: Window
    transform: Affine
    codes: NDArray[np.int64]
    known: Mapping[int, str]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The classes that it holds: codes of one name are one class."""
        return tuple(dict.fromkeys(self.known[code] for code in self.codes.tolist()))

    @cached_property
    def place(self) -> NDArray[np.intp]:
        """The place in ``names`` of each of ``codes``."""
        return np.array([self.names.index(self.known[code]) for code in self.codes.tolist()], np.intp)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return int(self.crop.height), int(self.crop.width)

    def read(self, window: Window) -> NDArray[np.intp]:
        """Return the class of every pixel of a window (height, width) as its place in ``names``; ``NOTHING`` where the
        raster has no data.
        """
        return self.class_of(*_codes(self.raster, self.name, _within(self.crop, window)))

    def class_of(self, codes: NDArray[np.int64], seen: NDArray[np.bool_]) -> NDArray[np.intp]:
        """The same of codes that have been read already, and where there are any."""
        at = np.clip(np.searchsorted(self.codes, codes), 0, len(self.codes) - 1)
        return np.where(seen, self.place[at], NOTHING).astype(np.intp)


@contextmanager
def open_class_raster(given: RasterInput, check: Callable[[float], None], *, legend: Legend | None = None,
                      extent: ExtentInput | None = None) -> Iterator[ClassRaster]:
    """Open a class raster and find its classes. ``extent`` in its CRS; ``check`` hears how far the search is.

    Names come from ``legend``, else from what GeoLoop wrote with the raster, else they are the codes. Raises
    :class:`InputError` for several bands, a rotated raster, fractions, more than 256 values, a missing CRS, no pixel
    with data, a code that the legend does not have, and an extent that misses the raster.
    """
    from ..sources.grid import open_raster, raster_crs

    name = given.name or given.path
    with open_raster(given) as raster:
        crs = raster_crs(given, raster)
        if raster.count != 1:
            raise InputError(f"“{name}” has {raster.count} bands; a class raster has one, with a code for each class.")
        if raster.transform.b or raster.transform.d:
            raise InputError(f"“{name}” is rotated; bring it upright with gdal:warpreproject.")
        if any(np.issubdtype(np.dtype(kind), np.complexfloating) for kind in raster.dtypes):
            raise InputError(f"“{name}” holds complex numbers; a class raster holds whole ones.")
        crop = _crop(raster, extent, name)
        codes = _all_codes(raster, name, crop, check)
        names = _names(raster, legend, name)
        unknown = [int(code) for code in codes if names is not None and int(code) not in names]
        if unknown and legend is not None:
            raise InputError(f"“{name}” holds the code {unknown[0]}, which the legend “{legend.name}” does not have; "
                             "choose the legend that the raster was made with.")
        known = {code: str(code) for code in codes.tolist()} | dict(names or {})
        yield ClassRaster(name, raster, crs, crop, raster.transform @ _shift(crop), codes, known)


@contextmanager
def beside(base: ClassRaster, other: RasterInput, check: Callable[[float], None], *,
           legend: Legend | None = None) -> Iterator[Callable[[Window], NDArray[np.intp]]]:
    """Open a second class raster on the pixels of the first, nearest pixel by nearest pixel; yield what reads whether
    the two agree in a window (height, width): 0 they do, 1 they differ, ``NOTHING`` where either has no data.
    """
    import rasterio
    from rasterio.enums import Resampling
    from rasterio.vrt import WarpedVRT

    with ExitStack() as stack:
        second = stack.enter_context(open_class_raster(other, check, legend=legend))
        full = base.raster
        laid = stack.enter_context(WarpedVRT(
            second.raster, src_crs=rasterio.crs.CRS.from_wkt(second.crs.to_wkt()),
            crs=rasterio.crs.CRS.from_wkt(base.crs.to_wkt()), transform=full.transform, width=full.width,
            height=full.height, resampling=Resampling.nearest, add_alpha=second.raster.nodata is None))
        if not set(base.names) & set(second.names):
            raise InputError(f"“{base.name}” and “{second.name}” have no class in common ({', '.join(base.names[:4])}; "
                             f"{', '.join(second.names[:4])}); give rasters of the same legend.")
        same = np.array([[a == b for b in second.names] for a in base.names])

        def read(window: Window) -> NDArray[np.intp]:
            mine = base.read(window)
            other = second.class_of(*_codes(laid, second.name, _within(base.crop, window)))
            return np.where((mine != NOTHING) & (other != NOTHING), ~same[mine, other], NOTHING).astype(np.intp)

        yield read


def _codes(raster: rasterio.io.DatasetReader | WarpedVRT, name: str, window: Window
           ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Codes (height, width) and where there is data; 0 where there is none."""
    values = raster.read(1, window=window, masked=True)
    seen = ~np.ma.getmaskarray(values) & np.isfinite(values.data)
    whole = np.where(seen, values.data, 0)
    if whole.dtype.kind == "f" and (whole != np.rint(whole)).any():
        raise InputError(f"“{name}” holds fractions, such as {whole[whole != np.rint(whole)][0]:g}; a class raster "
                         "holds whole numbers.")
    return whole.astype(np.int64), seen


def _all_codes(raster: rasterio.io.DatasetReader, name: str, crop: Window, check: Callable[[float], None]
               ) -> NDArray[np.int64]:
    found: set[int] = set()
    windows = list(windows_of((int(crop.height), int(crop.width))))
    for at, window in enumerate(windows):
        codes, seen = _codes(raster, name, _within(crop, window))
        found |= set(np.unique(codes[seen]).tolist())
        if len(found) > MOST_CLASSES:
            raise InputError(f"“{name}” holds more than {MOST_CLASSES} different values; a class raster holds a code "
                             "for each class.")
        check((at + 1) / len(windows))
    if not found:
        raise InputError(f"“{name}” has no pixel with data within the extent; choose another.")
    return np.array(sorted(found), np.int64)


def _names(raster: rasterio.io.DatasetReader, legend: Legend | None, name: str) -> Mapping[int, str] | None:
    if legend is not None:
        return {c.code: c.name for c in legend.classes}
    text = raster.tags().get("classes", "")
    try:
        said = json.loads(text) if text else None
        return {int(code): str(called) for code, called in said.items()} if isinstance(said, dict) else None
    except ValueError:
        return None


def _crop(raster: rasterio.io.DatasetReader, extent: ExtentInput | None, name: str) -> Window:
    from rasterio.windows import Window

    if extent is None:
        return Window(0, 0, raster.width, raster.height)
    corners = [~raster.transform @ (x, y) for x in (extent.xmin, extent.xmax) for y in (extent.ymin, extent.ymax)]
    x, y = np.array(corners).T
    missed = InputError(f"The extent does not touch “{name}”; choose one that does.")
    if not np.isfinite(corners).all():
        raise missed
    left, top = max(int(np.floor(x.min() + 1e-6)), 0), max(int(np.floor(y.min() + 1e-6)), 0)
    right = min(int(np.ceil(x.max() - 1e-6)), raster.width)
    bottom = min(int(np.ceil(y.max() - 1e-6)), raster.height)
    if right <= left or bottom <= top:
        raise missed
    return Window(left, top, right - left, bottom - top)


def _within(crop: Window, window: Window) -> Window:
    from rasterio.windows import Window

    return Window(crop.col_off + window.col_off, crop.row_off + window.row_off, window.width, window.height)


def _shift(crop: Window) -> Affine:
    from affine import Affine

    return Affine.translation(crop.col_off, crop.row_off)
