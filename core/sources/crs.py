"""Coordinate reference systems: reading them, telling whether two are one, and the operation between two."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj.exceptions import CRSError, ProjError
from pyproj.transformer import AreaOfInterest, TransformerGroup

from ..errors import InputError

Bounds = tuple[float, float, float, float]
Array = NDArray[np.float64]


def read_crs(text: str, layer: str) -> pyproj.CRS:
    """Return the CRS that ``text`` (WKT, ``EPSG:…``, PROJ string) describes; errors name ``layer``."""
    if not text:
        raise InputError(
            f"The layer “{layer}” has no coordinate reference system; set it in the layer's properties, "
            f"or assign it with gdal:assignprojection."
        )
    try:
        return _as_registered(pyproj.CRS.from_user_input(text))
    except CRSError as error:
        raise InputError(
            f"The coordinate reference system of the layer “{layer}” is not understood ({error}); assign another one."
        ) from error


def _as_registered(crs: pyproj.CRS) -> pyproj.CRS:
    """Return PROJ's own definition of a CRS that names its code.

    WKT comes from programs with other versions of the registry. A datum that has been given a code of its own since
    (EUREF-FIN in EPSG:3067) is unknown to an older PROJ, which then finds nothing but ballpark transformations.
    """
    named = crs.to_json_dict().get("id")
    if not named:
        return crs
    try:
        registered = pyproj.CRS.from_authority(named["authority"], named["code"])
    except CRSError:
        return crs
    return registered if _parameters(registered) == _parameters(crs) else crs


def same_crs(one: pyproj.CRS, other: pyproj.CRS) -> bool:
    """Whether coordinates in x, y order mean the same in both: files spell one CRS in many ways."""
    if one.equals(other, ignore_axis_order=True):
        return True
    if one.is_engineering or other.is_engineering:  # a building site's own: PROJ has no parameters of it
        return False
    codes = one.to_epsg(min_confidence=70), other.to_epsg(min_confidence=70)
    if None not in codes:
        return codes[0] == codes[1]
    # A spelling without a code (an old .prj, a custom CRS) is known by its parameters alone.
    return _parameters(one) == _parameters(other)


def _parameters(crs: pyproj.CRS) -> dict[str, object]:
    with warnings.catch_warnings():
        # A PROJ string says less than WKT: that is the point here.
        warnings.simplefilter("ignore", UserWarning)
        parameters = dict(crs.to_dict())
    for decoration in ("type", "no_defs", "wktext", "title"):
        parameters.pop(decoration, None)
    if parameters.pop("datum", None) == "WGS84":
        parameters["ellps"] = "WGS84"
    return parameters


def fitting_utm(crs: pyproj.CRS, x: float, y: float) -> str:
    """Return the ``EPSG:…`` code of the UTM zone (WGS 84) of a place."""
    geographic = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    lon, lat = geographic.transform(x, y)
    if not (math.isfinite(lon) and math.isfinite(lat)):
        return "EPSG:3857"
    zone = int((lon + 180) % 360 // 6) + 1
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


def metres_per_unit(crs: pyproj.CRS, x: float, y: float, layer: str) -> float:
    """Return the ground metres of one unit of a projected ``crs`` at a place, the mean of all directions.

    Measured along the ellipsoid, so that it holds for feet as well as for projections that stretch (EPSG:3857).
    """
    unit = crs.axis_info[0].unit_conversion_factor if crs.axis_info else 1.0
    geodetic = crs.geodetic_crs
    if geodetic is None or crs.is_engineering:
        return unit
    half = 50.0 / unit
    lon, lat = in_degrees(crs, geodetic, [x - half, x + half, x, x], [y, y, y - half, y + half])
    if not np.isfinite([lon, lat]).all():
        raise InputError(
            f"The layer “{layer}” lies outside of the area where its coordinate reference system holds; "
            f"check the system that is assigned to it."
        )
    geod = geodetic.get_geod() or pyproj.Geod(ellps="WGS84")
    _, _, along = geod.inv([lon[0], lon[2]], [lat[0], lat[2]], [lon[1], lon[3]], [lat[1], lat[3]])
    return math.sqrt(along[0] * along[1]) / (2 * half)


def in_degrees(crs: pyproj.CRS, geodetic: pyproj.CRS, x: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Return longitudes and latitudes (n,) on a CRS's own datum, ``geodetic``, in degrees and from Greenwich: some
    systems count in grads, or from Paris.
    """
    east, north = pyproj.Transformer.from_crs(crs, geodetic, always_xy=True).transform(x, y)
    axis, start = geodetic.axis_info[0], geodetic.prime_meridian
    unit = 1.0 if axis.unit_name.lower() == "degree" else math.degrees(axis.unit_conversion_factor)
    first = math.degrees(start.longitude * float(start.unit_conversion_factor)) if start and start.longitude else 0.0
    return np.asarray(east, np.float64) * unit + first, np.asarray(north, np.float64) * unit


@dataclass(frozen=True)
class Operation:
    """From a layer's coordinates to the grid's, both in x, y order.

    ``pipeline`` is the PROJ text (empty: the coordinates are the same), ``accuracy_m`` what PROJ states of it
    (NaN: unknown).
    """

    pipeline: str = ""
    accuracy_m: float = 0.0
    transformer: pyproj.Transformer | None = None

    def forward(self, geometries: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return the shapely geometries in the grid's CRS; what cannot be transformed gets infinite coordinates."""
        if self.transformer is None:
            return geometries
        return _transform(geometries, self.transformer.transform)

    def backward_bounds(self, bounds: Bounds, densify: int = 21) -> Bounds | None:
        """Return the box in the layer's coordinates around a box in the grid's, None where it cannot be found."""
        if self.transformer is None:
            return bounds
        edge = np.linspace(0.0, 1.0, densify)
        fx, fy = np.meshgrid(edge, edge)
        xmin, ymin, xmax, ymax = bounds
        try:
            x, y = self.transformer.transform(
                (xmin + fx * (xmax - xmin)).ravel(), (ymin + fy * (ymax - ymin)).ravel(), direction="INVERSE"
            )
        except ProjError:
            return None
        if not (np.isfinite(x).all() and np.isfinite(y).all()):
            return None
        return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def operation_between(
    source: pyproj.CRS,
    target: pyproj.CRS,
    layer: str,
    *,
    pipeline: str = "",
    area: Bounds | None = None,
    allow_ballpark: bool = False,
) -> Operation:
    """Return the operation from ``source`` to ``target``.

    ``pipeline`` is the one that QGIS uses; without it the most accurate one that PROJ can run for ``area`` (the
    target's bounds) is taken. Raises :class:`InputError` when only a ballpark one is left (unless allowed) or when the
    given one needs a grid file that is not installed.
    """
    if pipeline:
        return _given(pipeline, layer)
    if same_crs(source, target):
        return Operation()
    try:
        group = TransformerGroup(
            source, target, always_xy=True, area_of_interest=_area_of_interest(target, area),
            allow_ballpark=allow_ballpark,
        )
    except ProjError as error:
        raise InputError(
            f"No transformation from the layer “{layer}” to the grid is known ({error}); reproject the layer first."
        ) from error
    if not group.transformers:
        raise InputError(
            f"Between the coordinate reference systems of the layer “{layer}” ({source.name}) and of the grid "
            f"({target.name}) only a ballpark transformation is known, which may be off by hundreds of metres; install "
            f"the transformation grid, reproject the layer, or allow ballpark transformations."
        )
    best = group.transformers[0]
    accuracy = best.accuracy if best.accuracy is not None and best.accuracy >= 0 else math.nan
    return Operation(best.definition, accuracy, best)


def _given(pipeline: str, layer: str) -> Operation:
    try:
        transformer = pyproj.Transformer.from_pipeline(pipeline)
    except ProjError as error:
        raise InputError(
            f"The engine cannot run the transformation that QGIS uses for the layer “{layer}” ({error}); install its "
            f"grid file for the engine's PROJ too, or reproject the layer with native:reprojectlayer."
        ) from error
    accuracy = transformer.accuracy if transformer.accuracy is not None and transformer.accuracy >= 0 else math.nan
    return Operation(pipeline, accuracy, transformer)


def _area_of_interest(crs: pyproj.CRS, bounds: Bounds | None) -> AreaOfInterest | None:
    if bounds is None:
        return None
    try:
        to_degrees = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
        west, south, east, north = to_degrees.transform_bounds(*bounds)
    except ProjError:
        return None
    if not np.isfinite([west, south, east, north]).all() or west > east:
        return None
    return AreaOfInterest(west, south, east, north)


def _transform(
    geometries: NDArray[np.object_], transform: Callable[..., tuple[NDArray[np.float64], NDArray[np.float64]]]
) -> NDArray[np.object_]:
    def columns(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transform(xy[:, 0], xy[:, 1]))

    moved: NDArray[np.object_] = shapely.transform(geometries, columns)
    return moved


def middle_in_degrees(crs: str, bounds: Bounds) -> tuple[float, float]:
    """Return latitude and longitude of the middle of bounds in a CRS (WKT)."""
    to_degrees = pyproj.Transformer.from_crs(read_crs(crs, "grid"), "EPSG:4326", always_xy=True)
    longitude, latitude = to_degrees.transform((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
    return float(latitude), float(longitude)
