"""The metric pixel grid that a run works on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyproj
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.windows import Window

from ..errors import InputError
from ..jobs.inputs import ExtentInput, RasterInput
from .crs import Bounds, fitting_utm, metres_per_unit, read_crs

SQUARE_TOLERANCE = 0.01
"""Pixels whose sides differ by less than this share count as square, and the raster's own grid is kept."""
EDGE_TOLERANCE_PX = 1e-6
"""An extent that misses a pixel edge by less than this was meant to lie on it."""


@dataclass(frozen=True)
class Grid:
    """CRS (WKT), north-up transform, size in pixels.

    ``metres_per_unit`` are the ground metres of one CRS unit at the centre of the area of the run; crops keep it, so
    that every tile of a run measures alike.
    """

    crs: str
    transform: Affine
    width: int
    height: int
    metres_per_unit: float

    def __post_init__(self) -> None:
        t = self.transform
        if t.b or t.d or t.a <= 0 or t.e >= 0:
            raise ValueError(f"A grid is north-up, got the transform {tuple(t)[:6]}.")
        if self.width < 1 or self.height < 1:
            raise ValueError(f"A grid has at least one pixel, got {self.width} × {self.height}.")
        if not self.metres_per_unit > 0:
            raise ValueError(f"Metres per unit must be positive, got {self.metres_per_unit}.")

    @classmethod
    def from_imagery(
        cls, inputs: Sequence[RasterInput], resolution_m: float | None = None, extent: ExtentInput | None = None
    ) -> Grid:
        """Return the grid of the finest raster, coarsened by the whole factor nearest to ``resolution_m``.

        The grid is never finer than the raster. Coarse pixels count from the raster's corner and ``extent`` (in the
        grid's CRS) is snapped outward to whole pixels, so a pixel stays the same pixel whatever the extent. Raises
        :class:`InputError` for a raster that cannot be opened, has no CRS or a geographic one, or misses the extent.
        """
        if not inputs:
            raise InputError("No imagery is given; name at least one raster layer.")
        if resolution_m is not None and not (math.isfinite(resolution_m) and resolution_m > 0):
            raise InputError(f"The resolution must be a positive number of metres, not {resolution_m}.")
        finest = _finest([_Footprint.read(raster) for raster in inputs])
        finest.refuse_degrees()
        factor = 1 if resolution_m is None else max(1, round(resolution_m / finest.pixel_m))
        if resolution_m is not None and factor > max(finest.width, finest.height):
            raise InputError(f"Pixels of {resolution_m:g} m are larger than the whole imagery “{finest.name}”; choose "
                             "a smaller resolution.")
        transform = finest.transform @ Affine.scale(factor)
        whole = Window(0, 0, math.ceil(finest.width / factor), math.ceil(finest.height / factor))
        window = whole
        if extent is not None:
            bounds = _checked(extent)
            snapped = _clip(_snap(~transform, bounds), whole)
            if snapped is None:
                raise InputError(
                    f"The extent {_text(bounds)} does not touch the imagery “{finest.name}” "
                    f"({_text(_bounds(transform, whole))} in {finest.crs.name}); give it in that system."
                )
            window = snapped
        return cls._measured(finest.crs, transform, window, finest.name)

    @classmethod
    def common(
        cls, inputs: Sequence[RasterInput], base: RasterInput | None = None, resolution_m: float | None = None,
        extent: ExtentInput | None = None,
    ) -> Grid:
        """Return the grid to stack rasters on: that of ``base``, else that of the finest of them that is metric.

        ``resolution_m`` are ground metres, finer than the raster's too. The pixels nest in the raster's, or hold whole
        ones of them, where that is within a hundredth of what is asked for; else they are as large as asked. They count
        from the raster's corner. Without ``extent`` (in the grid's CRS) the grid covers the raster; with it, all pixels
        that the extent touches, also beyond the raster. Raises :class:`InputError` for a raster that cannot be opened,
        has no CRS or is in degrees, and for a resolution or an extent that is none.
        """
        if not inputs:
            raise InputError("No imagery is given; name at least one raster layer.")
        if resolution_m is not None and not (math.isfinite(resolution_m) and resolution_m > 0):
            raise InputError(f"The resolution must be a positive number of metres, not {resolution_m}.")
        found = [_Footprint.read(raster) for raster in ((base,) if base is not None else inputs)]
        finest = _finest([footprint for footprint in found if not footprint.crs.is_geographic] or found)
        finest.refuse_degrees()
        factor = 1.0 if resolution_m is None else _near_whole(resolution_m / finest.pixel_m)
        transform = finest.transform @ Affine.scale(factor)
        if extent is None:
            width, height = (
                max(1, math.ceil(size / factor - EDGE_TOLERANCE_PX)) for size in (finest.width, finest.height)
            )
            window = Window(0, 0, width, height)
        else:
            window = _snap(~transform, _checked(extent))
        return cls._measured(finest.crs, transform, window, finest.name)

    @classmethod
    def from_extent(cls, crs: str, extent: ExtentInput, resolution_m: float) -> Grid:
        """Return a grid of square pixels of about ``resolution_m`` ground metres over an extent in ``crs``.

        The pixel's side is exact at the extent's centre; edges lie on whole multiples of it.
        """
        system = read_crs(crs, "extent")
        xmin, ymin, xmax, ymax = _checked(extent)
        centre = (xmin + xmax) / 2, (ymin + ymax) / 2
        if system.is_geographic:
            raise InputError(
                f"A grid in degrees ({system.name}) cannot be measured in metres; choose a metric coordinate reference "
                f"system, for example {fitting_utm(system, *centre)}."
            )
        if not resolution_m > 0:
            raise InputError(f"The resolution must be a positive number of metres, not {resolution_m}.")
        side = resolution_m / metres_per_unit(system, *centre, "extent")
        side = float(f"{side:.9g}")
        transform = Affine(side, 0, 0, 0, -side, 0)
        return cls._measured(system, transform, _snap(~transform, (xmin, ymin, xmax, ymax)), "extent")

    @classmethod
    def _measured(cls, crs: pyproj.CRS, transform: Affine, window: Window, name: str) -> Grid:
        xmin, ymin, xmax, ymax = _bounds(transform, window)
        metres = metres_per_unit(crs, (xmin + xmax) / 2, (ymin + ymax) / 2, name)
        origin = _moved(transform, window)
        return cls(crs.to_wkt(), origin, int(window.width), int(window.height), metres)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.height, self.width

    @property
    def pixel_area_m2(self) -> float:
        """Ground area of a pixel."""
        return float(self.transform.a * -self.transform.e) * self.metres_per_unit**2

    @property
    def pixel_m(self) -> float:
        """Ground metres of a pixel's side."""
        return math.sqrt(self.pixel_area_m2)

    @property
    def bounds(self) -> Bounds:
        """xmin, ymin, xmax, ymax in the grid's CRS."""
        return _bounds(self.transform, Window(0, 0, self.width, self.height))

    @property
    def polygon(self) -> shapely.Polygon:
        """The outline in the grid's CRS."""
        return shapely.box(*self.bounds)

    def window_of(self, bounds: Bounds, pad_px: int = 0) -> Window | None:
        """Return the pixels that bounds (grid's CRS) touch, widened by ``pad_px``, clipped to the grid; None: none."""
        if not np.isfinite(bounds).all():
            return None
        touched = _snap(~self.transform, bounds)
        padded = Window(
            touched.col_off - pad_px, touched.row_off - pad_px, touched.width + 2 * pad_px, touched.height + 2 * pad_px
        )
        return _clip(padded, Window(0, 0, self.width, self.height))

    def window_transform(self, window: Window) -> Affine:
        """Return the transform of a window, which may reach out of the grid."""
        return _moved(self.transform, window)

    def crop(self, window: Window) -> Grid:
        """Return the grid of a window."""
        return replace(
            self, transform=self.window_transform(window), width=int(window.width), height=int(window.height)
        )

    def to_pixels(self, geometries: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return shapely geometries (grid's CRS) in pixels: x is the column, y the row, whole numbers are edges."""
        return _affine(geometries, ~self.transform)

    def to_world(self, geometries: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return shapely geometries given in pixels (as :meth:`to_pixels`) in the grid's CRS."""
        return _affine(geometries, self.transform)


@dataclass(frozen=True)
class _Footprint:
    """One raster as a grid candidate: its own pixels, or square upright ones over its footprint."""

    name: str
    crs: pyproj.CRS
    transform: Affine
    width: int
    height: int
    pixel_m: float

    @property
    def centre(self) -> tuple[float, float]:
        x, y = self.transform @ (self.width / 2, self.height / 2)
        return float(x), float(y)

    def refuse_degrees(self) -> None:
        """Raise :class:`InputError` with a fitting CRS if the raster's is geographic."""
        if self.crs.is_geographic:
            raise InputError(
                f"The imagery “{self.name}” is in degrees ({self.crs.name}), and GeoLoop measures in metres; "
                f"reproject it with gdal:warpreproject, for example to {fitting_utm(self.crs, *self.centre)}."
            )

    @classmethod
    def read(cls, raster: RasterInput) -> _Footprint:
        name = raster.name or raster.path
        with open_raster(raster) as dataset:
            crs = raster_crs(raster, dataset)
            transform, width, height = _upright(dataset.transform, dataset.width, dataset.height)
        side = math.sqrt(abs(transform.a * transform.e))
        x, y = transform @ (width / 2, height / 2)
        if crs.is_geographic:
            # Good enough to rank rasters by fineness: a degree of latitude.
            metres = 111_320.0 * math.sqrt(max(math.cos(math.radians(y)), 1e-3))
        else:
            metres = metres_per_unit(crs, x, y, name)
        return cls(name, crs, transform, width, height, side * metres)


def _finest(footprints: Sequence[_Footprint]) -> _Footprint:
    """Return the first of the rasters with the smallest pixels; a hundredth more or less is the same size."""
    smallest = min(footprint.pixel_m for footprint in footprints)
    return next(one for one in footprints if one.pixel_m <= smallest * (1 + SQUARE_TOLERANCE))


def open_raster(raster: RasterInput) -> rasterio.DatasetReader:
    """Open a raster for reading. Raises :class:`InputError` when it is not one."""
    name = raster.name or raster.path
    try:
        dataset = rasterio.open(raster.path)
    except rasterio.errors.RasterioIOError as error:
        raise InputError(
            f"The imagery “{name}” cannot be opened ({error}); check that the file exists, is a raster and may be read."
        ) from error
    if dataset.count == 0:
        parts = dataset.subdatasets
        dataset.close()
        hint = f"it holds {len(parts)} rasters, give one of them, such as {parts[0]}" if parts else "it has no bands"
        raise InputError(f"The imagery “{name}” cannot be used as it is: {hint}.")
    return dataset


def raster_crs(raster: RasterInput, dataset: rasterio.DatasetReader) -> pyproj.CRS:
    """Return the CRS that the user's project says, else the file's own. Raises :class:`InputError` without either."""
    name = raster.name or raster.path
    if dataset.transform.is_identity:
        mend = "its ground control points must be applied first (gdal:warpreproject)" if dataset.gcps[0] else (
            "georeference it first"
        )
        raise InputError(f"The imagery “{name}” has no position on the ground; {mend}.")
    if abs(dataset.transform.determinant) == 0:
        raise InputError(f"The imagery “{name}” has pixels without area; georeference it again.")
    return read_crs(raster.crs or (dataset.crs.to_wkt() if dataset.crs else ""), name)


def _upright(transform: Affine, width: int, height: int) -> tuple[Affine, int, int]:
    square = abs(abs(transform.a) - abs(transform.e)) <= SQUARE_TOLERANCE * abs(transform.a)
    straight = transform.b == 0 and transform.d == 0
    if square and straight and transform.a > 0 > transform.e:
        return transform, width, height
    corners = np.array([transform @ corner for corner in ((0, 0), (width, 0), (0, height), (width, height))])
    (xmin, ymin), (xmax, ymax) = corners.min(axis=0), corners.max(axis=0)
    side = abs(transform.a) if square and straight else math.sqrt(abs(transform.determinant))
    return (
        Affine(side, 0, float(xmin), 0, -side, float(ymax)),
        max(1, math.ceil((xmax - xmin) / side - EDGE_TOLERANCE_PX)),
        max(1, math.ceil((ymax - ymin) / side - EDGE_TOLERANCE_PX)),
    )


def _near_whole(ratio: float) -> float:
    """Return the whole number or whole part (1/2, 1/3 …) that is within a hundredth of a ratio, else the ratio."""
    whole = float(max(1, round(ratio))) if ratio >= 1 else 1 / round(1 / ratio)
    return whole if abs(whole - ratio) <= SQUARE_TOLERANCE * ratio else ratio


def _checked(extent: ExtentInput) -> Bounds:
    bounds = extent.xmin, extent.ymin, extent.xmax, extent.ymax
    if not np.isfinite(bounds).all() or extent.xmin >= extent.xmax or extent.ymin >= extent.ymax:
        raise InputError(f"The extent {_text(bounds)} is empty; it must be xmin, ymin, xmax, ymax.")
    return bounds


def _text(bounds: Bounds) -> str:
    return ", ".join(f"{value:.10g}" for value in bounds)


def _snap(to_pixel: Affine, bounds: Bounds) -> Window:
    """Return the whole pixels that bounds touch, not clipped; at least one."""
    xmin, ymin, xmax, ymax = bounds
    (left, top), (right, bottom) = to_pixel @ (xmin, ymax), to_pixel @ (xmax, ymin)
    col, row = math.floor(left + EDGE_TOLERANCE_PX), math.floor(top + EDGE_TOLERANCE_PX)
    stop_col, stop_row = math.ceil(right - EDGE_TOLERANCE_PX), math.ceil(bottom - EDGE_TOLERANCE_PX)
    return Window(col, row, max(1, stop_col - col), max(1, stop_row - row))


def _clip(window: Window, whole: Window) -> Window | None:
    col, row = max(window.col_off, whole.col_off), max(window.row_off, whole.row_off)
    stop_col = min(window.col_off + window.width, whole.col_off + whole.width)
    stop_row = min(window.row_off + window.height, whole.row_off + whole.height)
    if stop_col <= col or stop_row <= row:
        return None
    return Window(col, row, stop_col - col, stop_row - row)


def _moved(transform: Affine, window: Window) -> Affine:
    x, y = transform @ (window.col_off, window.row_off)
    return Affine(transform.a, 0.0, x, 0.0, transform.e, y)


def _bounds(transform: Affine, window: Window) -> Bounds:
    xmin, ymax = transform @ (window.col_off, window.row_off)
    xmax, ymin = transform @ (window.col_off + window.width, window.row_off + window.height)
    return float(xmin), float(ymin), float(xmax), float(ymax)


def _affine(geometries: NDArray[np.object_], affine: Affine) -> NDArray[np.object_]:
    scale, shift = np.array([affine.a, affine.e]), np.array([affine.c, affine.f])
    moved: NDArray[np.object_] = shapely.transform(geometries, lambda xy: xy * scale + shift)
    return moved
