"""Map and field layers: their features on the grid, with all that the layer says of them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError

from ..errors import InputError
from ..jobs.inputs import SourceSettings, VectorInput
from ..ledger.signature import attribute_text, key_text, signature, value_text
from .conditions import check_columns
from .crs import Bounds, Operation, operation_between, read_crs
from .fields import listed, with_own_fields
from .grid import Grid
from .mending import mended
from .rows import DATABASES, Rows, column_in_filter, read_rows
from .tags import parsed_columns

Kind = Literal["map", "field"]
EDGE_PIXELS = 8
"""How far beyond the grid features are still read: their edges take part in tiles with halos."""
NAMED_EXAMPLES = 3
MOSTLY = 0.5
"""A field that is empty in so many features is no key of theirs."""


@dataclass
class Features:
    """The features of one layer that touch the grid, one row each.

    ``keys`` (str) and ``fids`` identify them in the user's layer. ``geometries`` are shapely, two-dimensional, valid
    (``was_invalid`` tells which were mended), in the grid's CRS. ``attributes`` has every column of the layer.
    ``locked`` ones must not be edited; ``keyless`` ones have no value in the key field and no name that lasts;
    ``accuracy_m`` is NaN and ``dates`` None where nobody said.
    ``operation_accuracy_m`` is what PROJ states of the coordinate operation used (NaN: unknown). ``skipped`` counts
    what was left out, by reason.
    """

    name: str
    source: str
    kind: Kind
    keys: NDArray[np.object_]
    fids: NDArray[np.int64]
    geometries: NDArray[np.object_]
    was_invalid: NDArray[np.bool_]
    attributes: pd.DataFrame
    locked: NDArray[np.bool_]
    keyless: NDArray[np.bool_]
    accuracy_m: NDArray[np.float64]
    dates: list[str | None]
    settings: SourceSettings
    input: VectorInput
    geographic: bool
    operation_accuracy_m: float
    wkb: NDArray[np.object_] = field(repr=False)
    skipped: dict[str, int] = field(default_factory=dict)
    _values: dict[str, NDArray[np.object_]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("keys", "fids", "geometries", "was_invalid", "attributes", "locked", "keyless", "accuracy_m",
                     "dates", "wkb"):
            if len(getattr(self, name)) != len(self.keys):
                raise ValueError(f"Features need one row each, {name} has {len(getattr(self, name))}.")

    def __len__(self) -> int:
        return len(self.keys)

    def select(self, mask: NDArray[np.bool_]) -> Features:
        """Return the rows where ``mask`` (boolean, or row numbers) picks."""
        rows = np.arange(len(self))[mask]
        return replace(
            self, keys=self.keys[rows], fids=self.fids[rows], geometries=self.geometries[rows],
            was_invalid=self.was_invalid[rows], attributes=self.attributes.iloc[rows].reset_index(drop=True),
            locked=self.locked[rows], keyless=self.keyless[rows], accuracy_m=self.accuracy_m[rows],
            dates=[self.dates[row] for row in rows], wkb=self.wkb[rows],
        )

    @property
    def evidence_only(self) -> NDArray[np.bool_]:
        """Which features (n,) say what is there and are proposed for no edit themselves: no decision could be told of
        one without a key in another round.
        """
        return self.locked | self.keyless

    def signatures(self, watched: Sequence[str]) -> list[str]:
        """Return each feature's signature over its geometry as stored and the ``watched`` attributes."""
        columns = {name: self.attributes[name].tolist() for name in watched if name in self.attributes}
        return [
            signature(wkb, {name: values[row] for name, values in columns.items()}, geographic=self.geographic)
            for row, wkb in enumerate(self.wkb)
        ]

    def column(self, key: str) -> str | None:
        """Return the layer's column of that name, whatever its case, that is not a text of many tags."""
        for name in self.attributes.columns:
            if name == key and name not in self.tag_columns:
                return str(name)
        lower = key.lower()
        return next((str(n) for n in self.attributes.columns if n.lower() == lower and n not in self.tag_columns), None)

    @cached_property
    def tag_columns(self) -> dict[str, list[dict[str, str]]]:
        """The columns that hold all tags of a feature in one text, with each row's tags."""
        return parsed_columns({str(name): self.attributes[name].tolist() for name in self.attributes.columns})

    def value(self, key: str) -> NDArray[np.object_]:
        """Return the text of a tag or attribute per row, None where it has none; columns win over tag texts."""
        if key not in self._values:
            self._values[key] = self._value(key)
        return self._values[key]

    def _value(self, key: str) -> NDArray[np.object_]:
        values = np.full(len(self), None, dtype=object)
        column = self.column(key)
        if column is not None:
            values[:] = [value_text(value) or None for value in self.attributes[column].tolist()]
        for tags in self.tag_columns.values():
            for row in np.flatnonzero(pd.isna(values)):
                values[row] = tags[row].get(key)
        return values

    def tags(self, row: int) -> dict[str, str]:
        """Return all that a feature says: the tags of its texts, overruled by its other columns; nulls left out."""
        merged: dict[str, str] = {}
        for tags in reversed(self.tag_columns.values()):
            merged.update(tags[row])
        for name in self.attributes.columns:
            if name not in self.tag_columns:
                text = value_text(self.attributes[name].iloc[row])
                if text:
                    merged[str(name)] = text
        return merged


def read_features(input: VectorInput, grid: Grid, kind: Kind, *, allow_ballpark: bool = False) -> Features:
    """Read the features of a layer that touch the grid, in the grid's CRS.

    Raises :class:`InputError` for a file or table that cannot be read, a filter or lock that fails, a missing field, a
    key that is not unique, a coordinate operation that cannot be run (or only a ballpark one), and for a layer that
    does not touch the grid.
    """
    name = input.name or input.layer or Path(input.path).stem
    info = _info(input, name)
    layer: str = info["layer_name"]
    crs = read_crs(input.crs or info["crs"] or "", name)
    input = with_own_fields(input, name, [str(column) for column in info["fields"]], info["fid_column"])
    operation = operation_between(
        crs, read_crs(grid.crs, "grid"), name,
        pipeline=input.operation, area=grid.bounds, allow_ballpark=allow_ballpark,
    )
    indexed = bool(info["capabilities"]["fast_spatial_filter"])
    box = operation.backward_bounds(_around(grid.bounds, EDGE_PIXELS * grid.transform.a)) if indexed else None
    meta, fids, wkb, columns = _read(input, name, layer, where=input.where, bbox=_margin(box))
    fids = np.asarray(fids, dtype=np.int64)
    # A spatial index hands features out in its own order, which depends on the extent.
    order = np.argsort(fids)
    fids, wkb = fids[order], wkb[order]
    table = _table(meta["fields"], [values[order] for values in columns], meta["ogr_types"], len(fids))
    skipped = {"without geometry": _without_geometry(input, name, info) if box is not None else 0}
    geometries, was_invalid, keep = _on_grid(wkb, operation, grid, skipped)
    if not len(keep):
        raise InputError(_nothing(name, input, grid, crs))
    rows = np.asarray(keep)
    keys, keyless = _keys(input, name, layer, info["fid_column"], fids[rows], table.iloc[rows])
    table, fids = table.iloc[rows].reset_index(drop=True), fids[rows]
    return Features(
        name=name,
        source=input.source or input.path,
        kind=kind,
        keys=keys,
        fids=fids,
        geometries=geometries,
        was_invalid=was_invalid,
        attributes=table,
        locked=_locked(input, name, info, fids),
        keyless=keyless,
        accuracy_m=_accuracies(input.settings, name, table),
        dates=_dates(input.settings, table),
        settings=input.settings,
        input=input,
        geographic=crs.is_geographic,
        operation_accuracy_m=operation.accuracy_m,
        wkb=wkb[rows],
        skipped={reason: number for reason, number in skipped.items() if number},
    )


def _info(input: VectorInput, name: str) -> dict[str, Any]:
    try:
        tables = [str(row[0]) for row in pyogrio.list_layers(input.path)]
        if input.layer and input.layer not in tables:
            raise InputError(
                f"The layer “{name}” is not in the file {input.path}: there is no table “{input.layer}”, only "
                f"{listed(tables)}."
            )
        if not input.layer and len(tables) > 1:
            raise InputError(f"The file {input.path} holds {len(tables)} tables ({listed(tables)}); say which one.")
        info: dict[str, Any] = pyogrio.read_info(input.path, layer=input.layer or 0)
    except (DataSourceError, DataLayerError) as error:
        raise InputError(_unreadable(name, error)) from error
    if info["geometry_type"] is None:
        raise InputError(f"The layer “{name}” is a table without geometry; give a layer of points, lines or polygons.")
    return info


def _unreadable(name: str, error: Exception) -> str:
    return (
        f"The layer “{name}” cannot be read ({str(error).strip()}); check that the file exists, is a vector layer, and "
        f"is not locked by another program."
    )


def _read(
    input: VectorInput, name: str, layer: str, *, where: str = "", bbox: Bounds | None = None,
    columns: list[str] | None = None, geometry: bool = True, purpose: str = "filter",
) -> Rows:
    try:
        return read_rows(replace(input, where=where), layer, bbox=bbox, columns=columns, read_geometry=geometry,
                         return_fids=True, datetime_as_string=False)
    except (ValueError, DataSourceError, DataLayerError) as error:
        if not where or "locked" in str(error):
            raise InputError(_unreadable(name, error)) from error
        raise InputError(
            f"The {purpose} of the layer “{name}” cannot be applied: {where} ({_without_query(error)}); it must be an "
            f"SQL condition on the layer's fields."
        ) from error


def _without_query(error: Exception) -> str:
    """What SQLite says of a query, without the query that GDAL made of the condition."""
    text = str(error).strip()
    return text.rpartition("): ")[2] if text.startswith("Failed to prepare SQL") else text


def _table(
    names: Sequence[str], columns: Sequence[NDArray[Any]], types: Sequence[str], rows: int
) -> pd.DataFrame:
    content = {str(name): _column(values, kind) for name, values, kind in zip(names, columns, types, strict=True)}
    return pd.DataFrame(content, index=pd.RangeIndex(rows))


def _column(values: NDArray[Any], kind: str) -> Any:
    if kind == "OFTDate" and values.dtype.kind == "M":
        # A day without a clock stays one: a timestamp at midnight would have another signature.
        days: list[datetime.date | None] = values.astype("datetime64[D]").tolist()
        return pd.array(days, dtype=object)
    return pd.array(values, dtype=object) if values.dtype.kind == "O" else values


def _without_geometry(input: VectorInput, name: str, info: dict[str, Any]) -> int:
    """Count what a spatial filter does not see, where the format can tell."""
    column = info["geometry_name"]
    if info["driver"] not in DATABASES or not column:
        return 0
    missing = f"{column_in_filter(column, info['driver'])} IS NULL"
    where = f"({input.where}) AND {missing}" if input.where else missing
    _, fids, _, _ = _read(input, name, info["layer_name"], where=where, columns=[], geometry=False)
    return len(fids)


def _on_grid(
    wkb: NDArray[np.object_], operation: Operation, grid: Grid, skipped: dict[str, int]
) -> tuple[NDArray[np.object_], NDArray[np.bool_], NDArray[np.int64]]:
    """Return geometries on the grid, which of them were invalid as stored, and the row each came from."""
    stored = shapely.force_2d(shapely.from_wkb(wkb, on_invalid="fix"))
    unreadable = shapely.is_missing(shapely.from_wkb(wkb, on_invalid="ignore"))
    missing = shapely.is_missing(stored)
    empty = ~missing & shapely.is_empty(stored)
    skipped["without geometry"] += int(missing.sum())
    skipped["empty"] = int(empty.sum())
    rows = np.flatnonzero(~missing & ~empty)
    stored = stored[rows]
    was_invalid = ~shapely.is_valid(stored) | unreadable[rows]
    moved = operation.forward(mended(stored))
    finite = np.isfinite(shapely.bounds(moved)).all(axis=1)
    skipped["outside the coordinate reference system"] = int((~finite).sum())
    moved = mended(moved[finite])
    rows, was_invalid = rows[finite], was_invalid[finite]
    collapsed = shapely.is_empty(moved)
    skipped["empty"] += int(collapsed.sum())
    inside = ~collapsed & shapely.intersects(moved, grid.polygon)
    skipped["outside the grid"] = int((~inside & ~collapsed).sum())
    return moved[inside], was_invalid[inside], rows[inside]


def _keys(
    input: VectorInput, name: str, layer: str, fid_column: str, fids: NDArray[np.int64], table: pd.DataFrame
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Return the keys of features and which of them have none, as those have that were added without one: these go by
    their ids within the run.
    """
    key = input.key
    if not key or (key == fid_column and key not in table.columns):
        return np.array([str(fid) for fid in fids.tolist()], dtype=object), np.zeros(len(fids), np.bool_)
    _, _, _, columns = _read(input, name, layer, where=input.where, columns=[key], geometry=False)
    everywhere = pd.Series([key_text(value) for value in pd.Series(columns[0]).tolist()], dtype=object)
    empty = int((everywhere == "").sum())
    if empty >= MOSTLY * len(everywhere):
        raise InputError(
            f"The key field “{key}” of the layer “{name}” is empty in {empty} of {len(everywhere)} features; fill it, "
            f"or choose another key field."
        )
    known = everywhere[everywhere != ""]
    twice = known[known.duplicated()].unique()
    if len(twice):
        examples = ", ".join(twice[:NAMED_EXAMPLES])
        raise InputError(
            f"The key field “{key}” of the layer “{name}” is not unique: {len(twice)} values occur more than once "
            f"({examples}{', …' if len(twice) > NAMED_EXAMPLES else ''}); choose a unique field, or none to use the "
            f"feature id."
        )
    keys = np.array([key_text(value) for value in table[key].tolist()], dtype=object)
    keyless = keys == ""
    keys[keyless] = [f"no {key}, feature {fid}" for fid in fids[keyless].tolist()]
    return keys, np.asarray(keyless, np.bool_)


def _locked(input: VectorInput, name: str, info: dict[str, Any], fids: NDArray[np.int64]) -> NDArray[np.bool_]:
    if not input.settings.lock:
        return np.zeros(len(fids), np.bool_)
    purpose = "lock expression"
    check_columns(input.settings.lock, name, [*info["fields"], info["fid_column"], info["geometry_name"]], purpose)
    _, locked, _, _ = _read(
        input, name, info["layer_name"], where=input.settings.lock, columns=[], geometry=False, purpose=purpose
    )
    return np.isin(fids, np.asarray(locked, dtype=np.int64))


def _accuracies(settings: SourceSettings, name: str, table: pd.DataFrame) -> NDArray[np.float64]:
    constant = np.nan if settings.accuracy_m is None else settings.accuracy_m
    if settings.accuracy_m is not None and not (np.isfinite(constant) and constant >= 0):
        raise InputError(f"SOURCES says that the layer “{name}” may be {constant:g} metres off (accuracy_m); write how "
                         "many metres, or leave it out where nobody knows.")
    if not settings.accuracy_field:
        return np.full(len(table), constant)
    try:
        stated = pd.to_numeric(table[settings.accuracy_field]).to_numpy(dtype=np.float64, na_value=np.nan)
    except (ValueError, TypeError) as error:
        raise InputError(
            f"The accuracy field “{settings.accuracy_field}” of the layer “{name}” holds text that is no number of "
            f"metres ({error}); choose a numeric field."
        ) from error
    return np.where(np.isfinite(stated) & (stated >= 0), stated, constant)


def _dates(settings: SourceSettings, table: pd.DataFrame) -> list[str | None]:
    constant = settings.date or None
    if not settings.date_field:
        return [constant] * len(table)
    return [attribute_text(value) or constant for value in table[settings.date_field].tolist()]


def _around(bounds: Bounds, by: float) -> Bounds:
    return bounds[0] - by, bounds[1] - by, bounds[2] + by, bounds[3] + by


def _margin(bounds: Bounds | None) -> Bounds | None:
    """Widen a box that came through a transformation: its edges may bulge between the points that were sent."""
    return None if bounds is None else _around(bounds, 0.01 * max(bounds[2] - bounds[0], bounds[3] - bounds[1]))


def _nothing(name: str, input: VectorInput, grid: Grid, crs: pyproj.CRS) -> str:
    info = pyogrio.read_info(input.path, layer=input.layer or 0, force_feature_count=True, force_total_bounds=True)
    if not info["features"]:
        return f"The layer “{name}” has no features; give one that has."
    if info["total_bounds"] is None or not np.isfinite(info["total_bounds"]).all():
        return f"None of the features of the layer “{name}” has a geometry; give a layer that says where they are."
    filtered = f" that pass the filter {input.where}" if input.where else ""
    xmin, ymin, xmax, ymax = grid.bounds
    return (
        f"The layer “{name}” ({crs.name}) does not overlap the imagery: none of its features{filtered} lies within "
        f"{xmin:.10g}, {ymin:.10g}, {xmax:.10g}, {ymax:.10g}; check its coordinate reference system, or choose "
        f"another extent."
    )
