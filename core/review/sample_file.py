"""A sample as a layer to survey: every unit with its chance of having been drawn, and room for what is found there.

All that the estimate needs later stands in the attributes, so that the file is enough on its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, first_line
from ..whole import written_whole

if TYPE_CHECKING:
    import pyproj

TABLE = "sample"
REFERENCE_FIELD = "class_reference"
CHANCE_FIELD = "inclusion_probability"
SHAPEFILE_LETTERS = 10
"""Of a field's name a shapefile keeps so many; surveyors use them."""


@dataclass(frozen=True)
class SampleUnits:
    """``n`` drawn units: ``shapes`` (WKB) in ``crs``; the stratum (n,) of each by its place in ``strata``; ``mapped``
    (n,) the class that the map gives it, empty where none is known; ``chance`` (n,) and ground ``area_m2`` (n,), NaN of
    points and lines. ``units`` and ``total_m2`` (strata,) are how many units a stratum has and their ground; ``keys``
    the features' (empty: pixels).
    """

    shapes: Sequence[bytes]
    crs: pyproj.CRS
    geometry: str
    stratum: NDArray[np.intp]
    strata: tuple[str, ...]
    mapped: Sequence[str]
    chance: NDArray[np.float64]
    area_m2: NDArray[np.float64]
    units: NDArray[np.int64]
    total_m2: NDArray[np.float64]
    keys: Sequence[str] = ()


def write_sample(path: str, units: SampleUnits, design: str) -> None:
    """Write the units as the table ``sample`` of a GeoPackage, whole or not at all."""
    import pyogrio
    from pyogrio.errors import DataSourceError

    n = len(units.shapes)
    text = np.full(n, None, object)
    fields: dict[str, NDArray] = {
        "sample": np.arange(1, n + 1, dtype=np.int64),
        "stratum": np.array(units.strata, object)[units.stratum],
        "class_map": np.array([m or None for m in units.mapped], object),
        REFERENCE_FIELD: text, "remark": text,
        CHANCE_FIELD: units.chance, "unit_area_m2": np.round(units.area_m2, 4),
        "stratum_units": units.units[units.stratum].astype(np.int64),
        "stratum_area_m2": np.round(units.total_m2[units.stratum], 2),
        "design": np.full(n, design, object)}
    if len(units.keys):
        fields["key"] = np.array(list(units.keys), object)
    with written_whole(path) as draft:
        try:
            pyogrio.raw.write(
                draft, geometry=np.array(list(units.shapes), object), field_data=list(fields.values()),
                fields=list(fields), layer=TABLE, driver="GPKG", geometry_type=units.geometry,
                crs=units.crs.to_wkt())
        except DataSourceError as error:
            raise InputError(f"The sample cannot be written to {path} ({first_line(error)}); choose another OUTPUT."
                             ) from error
