"""From the ledger's grid to longitude and latitude."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import ProjError

from ..errors import InputError
from ..ledger import SourceRow
from ..sources.crs import Bounds, Operation, operation_between, read_crs, same_crs

WGS84 = "EPSG:4326"
DECIMALS = 7
"""As OpenStreetMap keeps coordinates: a hundred-millionth of a degree would be lost."""

ToDegrees = Callable[[bytes], shapely.Geometry]


def to_degrees(grid_wkt: str, source: SourceRow | None, bounds: Bounds) -> ToDegrees:
    """Return a function from WKB in the grid's CRS to two-dimensional shapely geometries in longitude and latitude.

    ``source`` is the layer that a geometry belongs to: if it is in degrees itself, the operation that brought it to the
    grid is run backwards, so that what was not moved comes back where it was; else PROJ's most accurate one is taken.
    ``bounds`` (grid's CRS) is where the geometries lie. Raises :class:`InputError` where only a ballpark
    transformation leads there. Coordinates are rounded to 1e-7 degrees; rings follow the right-hand rule (RFC 7946).
    """
    name = source.layer if source else "discrepancies"
    grid, degrees = read_crs(grid_wkt, "ledger"), read_crs(WGS84, name)
    is_own_way = source is not None and source.crs and same_crs(read_crs(source.crs, name), degrees)
    operation = operation_between(degrees, grid, name, pipeline=source.operation if source and is_own_way else "",
                                  area=bounds)

    def place(wkb: bytes) -> shapely.Geometry:
        moved = shapely.transform(shapely.force_2d(shapely.from_wkb(wkb)), lambda xy: _moved(operation, xy, name))
        return shapely.orient_polygons(moved, exterior_cw=False)

    return place


def _moved(operation: Operation, xy: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    x, y = xy[:, 0], xy[:, 1]
    try:
        if operation.transformer is not None:
            x, y = operation.transformer.transform(x, y, direction="INVERSE")
    except ProjError as error:
        raise InputError(f"The coordinate operation of the layer “{name}” cannot be run backwards ({error}); reproject "
                         "the layer to the imagery's CRS and run Flag again.") from error
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise InputError(f"Some discrepancies of “{name}” lie outside of the area where the ledger's coordinate "
                         "reference system holds; check the CRS of the imagery that was flagged with.")
    return np.asarray(np.round(np.column_stack([x, y]), DECIMALS), np.float64)
