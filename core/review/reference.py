"""A reference sample as it comes back from the field or the desk: what was found, and how each unit had been drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, first_line
from ..jobs.inputs import VectorInput
from ..ledger.signature import value_text
from .feature_frame import ground_areas
from .sample_file import CHANCE_FIELD, SHAPEFILE_LETTERS

if TYPE_CHECKING:
    import pyproj

EQUAL = 1e-6


@dataclass(frozen=True)
class Reference:
    """``n`` units with a reference class: ``shapes`` (shapely) in ``crs``, the class ``found`` (n,). How they were
    drawn: ``chance`` (n,; NaN: not said), ``stratum`` (n,) by its place in ``strata``, the ``units`` and the ground
    ``total_m2`` (strata,; NaN: not said) of each stratum, the ground ``area_m2`` (n,; NaN: not said) of each unit,
    ``design`` (empty: not said). ``left_out`` counts by reason what was not used. ``operation`` is the PROJ pipeline to
    the map's CRS (empty: found by PROJ).
    """

    name: str
    crs: pyproj.CRS
    shapes: NDArray[np.object_]
    found: tuple[str, ...]
    chance: NDArray[np.float64]
    stratum: NDArray[np.intp]
    strata: tuple[str, ...]
    units: NDArray[np.float64]
    total_m2: NDArray[np.float64]
    area_m2: NDArray[np.float64]
    design: str
    left_out: dict[str, int]
    operation: str = ""

    def __len__(self) -> int:
        return len(self.found)

    @property
    def stratified(self) -> bool:
        """Whether it is known how many units each stratum has."""
        return bool(len(self.strata)) and bool(np.isfinite(self.units).all())


def read_reference(given: VectorInput, field: str) -> Reference:
    """Read a reference layer, whose attribute ``field`` holds the class that was found.

    Raises :class:`InputError` for a layer that cannot be read, lacks the field, has no unit with a class, or has
    inclusion probabilities that are none.
    """
    import shapely

    from ..sources.crs import read_crs

    name = given.name or given.layer or given.path
    info, wkb, table = _read(given, name)
    field = _own_name(field, table)
    if field not in table:
        raise InputError(f"REFERENCE “{name}” has no field “{field}” with the class that was found; it has "
                         f"{', '.join(table) or 'none'}. Name it in REFERENCE_FIELD.")
    crs = read_crs(given.crs or info["crs"] or "", name)
    shapes = shapely.make_valid(shapely.force_2d(shapely.from_wkb(wkb, on_invalid="fix")))
    there = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    texts = [value_text(v).strip() for v in table[field].tolist()]
    known = np.array([bool(t) for t in texts], bool)
    keep = there & known
    if not keep.any():
        raise InputError(f"REFERENCE “{name}” has no unit with a class and a geometry; give points or areas."
                         if known.any() else
                         f"REFERENCE “{name}” has no unit with a class in “{field}”; fill it in first.")
    left = {"without a reference class": int((~known).sum()), "without a geometry": int((known & ~there).sum())}

    def numbers(column: str) -> NDArray[np.float64]:
        return np.asarray(_numbers(table, column, name)[keep])

    chance = numbers(CHANCE_FIELD)
    if np.isfinite(chance).any() and not ((chance > 0) & (chance <= 1)).all():
        bad = chance[~((chance > 0) & (chance <= 1))][0]
        raise InputError(f"REFERENCE “{name}” has the {CHANCE_FIELD} {bad:g}; it must be above 0 and at most 1 for "
                         "every unit.")
    # Strata are those that were drawn from, looked at or not.
    strata_field, design_field = (_own_name(column, table) for column in ("stratum", "design"))
    labels = ([value_text(v) for v in table[strata_field].tolist()] if strata_field in table
              else ["all"] * len(keep))
    strata, stratum = np.unique(labels, return_inverse=True)
    units, total = (_of_strata(_numbers(table, c, name), stratum, len(strata), c, name)
                    for c in ("stratum_units", "stratum_area_m2"))
    area = numbers("unit_area_m2")
    if not np.isfinite(area).any() and (shapely.get_dimensions(shapes[keep]) == 2).all():
        area = ground_areas(shapes[keep], crs, name)
    designs = {value_text(v) for v in table[design_field][keep].tolist()} if design_field in table else {""}
    return Reference(name, crs, shapes[keep], tuple(t for t, k in zip(texts, keep, strict=True) if k), chance,
                     stratum[keep].astype(np.intp), tuple(strata.tolist()), units, total, area,
                     designs.pop() if len(designs) == 1 else "", {k: v for k, v in left.items() if v}, given.operation)


def _read(given: VectorInput, name: str) -> tuple[dict[str, Any], NDArray, dict[str, NDArray]]:
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    from ..sources.rows import read_rows

    try:
        info = pyogrio.read_info(given.path, layer=given.layer or 0)
        if info["geometry_type"] is None:
            raise InputError(f"REFERENCE “{name}” is a table without geometry; give points or areas.")
        meta, _, wkb, columns = read_rows(given, given.layer or 0)
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise InputError(f"REFERENCE “{name}” cannot be read ({first_line(error)}); check that the file exists and is "
                         "a vector layer.") from error
    return info, wkb, {str(f): np.asarray(v) for f, v in zip(meta["fields"], columns, strict=True)}


def _own_name(column: str, table: dict[str, NDArray]) -> str:
    """A column's name as the layer spells it: in any case, or as much of it as a shapefile keeps."""
    from ..sources.fields import own_spelling

    names = list(table)
    return next((own for wanted in (column, column[:SHAPEFILE_LETTERS])
                 if (own := own_spelling(wanted, names)) in table), column)


def _numbers(table: dict[str, NDArray], column: str, name: str) -> NDArray[np.float64]:
    n = len(next(iter(table.values())))
    column = _own_name(column, table)
    if column not in table:
        return np.full(n, np.nan)
    try:
        return np.array([np.nan if v is None else float(v) for v in table[column].tolist()], np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"REFERENCE “{name}” holds text in “{column}” that is no number ({first_line(error)})."
                         ) from error


def _of_strata(values: NDArray[np.float64], stratum: NDArray[np.intp], count: int, column: str, name: str
               ) -> NDArray[np.float64]:
    """One value a stratum; all its units must say the same."""
    result = np.full(count, np.nan)
    for h in range(count):
        own = values[stratum == h]
        if np.isfinite(own).all() and len(own):
            if np.ptp(own) > EQUAL * max(abs(own[0]), 1.0):
                raise InputError(f"REFERENCE “{name}” says two values of “{column}” in one stratum; leave the fields "
                                 "that geoloop:sampledesign wrote as they are.")
            result[h] = own[0]
    return result


def sample_design(reference: Reference) -> str:
    """What kind of sample it is: simple, systematic, stratified, unequal, or unknown where nothing is said."""
    if not np.isfinite(reference.chance).all() or not len(reference):
        return "unknown"
    if reference.stratified and len(reference.strata) > 1:
        return "stratified"
    if np.ptp(reference.chance) > EQUAL:
        return "unequal"
    return "systematic" if reference.design == "systematic" else "simple"
