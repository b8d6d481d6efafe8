"""The features of a layer as units to draw from. Runs in the engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, first_line
from ..jobs.inputs import ExtentInput, VectorInput
from ..ledger.signature import key_text, value_text

if TYPE_CHECKING:
    import pyproj

NO_CLASS = ""


@dataclass(frozen=True)
class FeatureFrame:
    """``n`` features: ``shapes`` (shapely) in ``crs``, ``keys``, the class (n,) that the class field gives them
    (``NO_CLASS``: none), their ground ``area_m2`` (n,), NaN where they are no areas.
    """

    name: str
    crs: pyproj.CRS
    shapes: NDArray[np.object_]
    keys: tuple[str, ...]
    classes: tuple[str, ...]
    area_m2: NDArray[np.float64]


def read_frame(given: VectorInput, extent: ExtentInput | None) -> FeatureFrame:
    """Read a layer's features, those within ``extent`` (its own CRS) by their middle.

    Raises :class:`InputError` for a layer that cannot be read, has no CRS, no such class field, or nothing to draw
    from.
    """
    import pyogrio
    import shapely
    from pyogrio.errors import DataLayerError, DataSourceError

    from ..sources.crs import read_crs
    from ..sources.fields import with_own_fields
    from ..sources.rows import read_rows

    name = given.name or given.layer or given.path
    try:
        info = pyogrio.read_info(given.path, layer=given.layer or 0)
        given = with_own_fields(given, name, list(info["fields"]), info["fid_column"])
        field = given.settings.class_field
        wanted = [c for c in dict.fromkeys((field, given.key)) if c in set(info["fields"])]
        if info["geometry_type"] is None:
            raise InputError(f"The layer “{name}” is a table without geometry; give points, lines or areas.")
        meta, fids, wkb, columns = read_rows(given, given.layer or 0, columns=wanted, return_fids=True)
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise InputError(f"The layer “{name}” cannot be read ({first_line(error)}); check that the file exists and is "
                         "a vector layer.") from error
    crs = read_crs(given.crs or info["crs"] or "", name)
    shapes = shapely.make_valid(shapely.force_2d(shapely.from_wkb(wkb, on_invalid="fix")))
    there = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    if extent is not None:
        middle = shapely.centroid(shapes)
        x, y = shapely.get_x(middle), shapely.get_y(middle)
        there &= (x >= extent.xmin) & (x <= extent.xmax) & (y >= extent.ymin) & (y <= extent.ymax)
    if not there.any():
        raise InputError(f"The layer “{name}” has no features {'within the extent' if extent else 'with a geometry'}; "
                         "choose another.")
    # Columns come in the file's order, whatever was asked for.
    held = {str(c): values[there].tolist() for c, values in zip(meta["fields"], columns, strict=True)}
    shapes = shapes[there]
    keys = ([key_text(v) for v in held[given.key]] if given.key in held
            else [str(fid) for fid in np.asarray(fids)[there].tolist()])
    classes = [value_text(v) for v in held[field]] if field else [NO_CLASS] * len(shapes)
    return FeatureFrame(name, crs, shapes, tuple(keys), tuple(classes), ground_areas(shapes, crs, name))


def ground_areas(shapes: NDArray[np.object_], crs: pyproj.CRS, name: str) -> NDArray[np.float64]:
    """The ground areas (n,) of shapes in square metres; NaN of points and lines."""
    import shapely
    from affine import Affine

    from ..sources.pixel_areas import PixelAreas

    area = shapely.area(shapes)
    flat = shapely.get_dimensions(shapes) == 2
    if not flat.any():
        return np.full(len(shapes), np.nan)
    xmin, ymin, xmax, ymax = shapely.total_bounds(shapes[flat])
    side = max(xmax - xmin, ymax - ymin) / 1000 or 1e-6
    shape = max(int((ymax - ymin) / side) + 1, 1), max(int((xmax - xmin) / side) + 1, 1)
    scale = PixelAreas.over(crs, Affine(side, 0, xmin, 0, -side, ymax), shape, name)
    middle = shapely.centroid(shapes)
    row, column = (ymax - shapely.get_y(middle)) / side - 0.5, (shapely.get_x(middle) - xmin) / side - 0.5
    with np.errstate(invalid="ignore"):
        per_unit = scale.at(np.where(flat, row, 0.0), np.where(flat, column, 0.0)) / side**2
    return np.asarray(np.where(flat, area * per_unit, np.nan))
