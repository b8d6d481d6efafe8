"""What surveyors filled in, as a field layer that fuse and flag take, with its SOURCES beside it."""

from __future__ import annotations

import datetime
import json
import math
import warnings
from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from ..errors import InputError, first_line
from ..whole import write_text, written_whole
from .field_tasks import OBSERVED, TASKS
from .selection import LeftOut

SETTINGS = {"key": "key", "class_field": "class", "value_field": "value", "date_field": "date",
            "accuracy_field": "accuracy_m"}
"""What SOURCES say of a layer of visits, as far as it has such values."""


@dataclass(frozen=True)
class Observation:
    """One visit: a point (WKB, the tasks' CRS), what was seen there, on which day and how exactly."""

    key: str
    wkb: bytes
    seen_class: str | None
    value: float | None
    date: str | None
    accuracy_m: float | None
    note: str | None
    photo: str | None
    surveyor: str | None


def read_observations(path: str, known: Set[str], left: LeftOut) -> tuple[list[Observation], str]:
    """Read a filled-in tasks file; return the visits, by key, and their CRS (WKT).

    ``known`` are the ledger's uids. Tasks nobody filled are added to ``left``. Points that surveyors added themselves
    (no uid) are kept. Raises :class:`InputError` for a file that is no tasks file, that another ledger made, or a date
    or accuracy that cannot be one.
    """
    rows, crs = _rows(path)
    found: list[Observation] = []
    for row in rows:
        uid = str(row["uid"] or "")
        name = f"The task {uid or row['fid']} in {path}"
        if uid and uid not in known:
            raise InputError(f"{name} is not of this LEDGER; name the ledger that the tasks were made from.")
        seen = _text(row["observed_class"])
        value = _number(row["observed_value"], name, "observed_value")
        if seen is None and value is None:
            left.add("nobody filled in observed_class or observed_value", uid or str(row["fid"]))
        elif row["wkb"] is None:
            left.add("they have no place", uid or str(row["fid"]))
        else:
            found.append(Observation(
                uid or f"new-{row['fid']}", row["wkb"], seen, value, _date(row["observed_at"], name),
                _accuracy(row["accuracy_m"], name), _text(row["note"]), _text(row["photo"]), _text(row["surveyor"])))
    twice = sorted(key for key, times in Counter(one.key for one in found).items() if times > 1)
    if twice:
        raise InputError(f"The task {twice[0]} stands twice in {path}; keep one of the two visits.")
    if not found:
        raise InputError(f"Nobody filled in a task in {path}: observed_class and observed_value are empty everywhere.")
    return sorted(found, key=lambda one: one.key), crs


def write_field_layer(path: str, found: list[Observation], crs: str, surveyors: bool) -> str:
    """Write the visits as a field layer and SOURCES as JSON beside it; return the path of that file. What its user has
    added to an earlier one stays.

    Columns: key, class, value, date, accuracy_m, note, photo, and surveyor if asked for. Raises :class:`InputError` if
    the file beside is none of SOURCES.
    """
    sources = Path(path).with_suffix(".sources.json")
    said = _said(sources)
    columns: dict[str, list[Any]] = {
        "key": [one.key for one in found], "class": [one.seen_class for one in found],
        "value": [one.value for one in found], "date": [one.date for one in found],
        "accuracy_m": [one.accuracy_m for one in found], "note": [one.note for one in found],
        "photo": [one.photo for one in found]}
    if surveyors:
        columns["surveyor"] = [one.surveyor for one in found]
    name = Path(path).stem
    numbers = ("value", "accuracy_m")
    data = [np.array([math.nan if v is None else v for v in values]) if column in numbers else _texts(values)
            for column, values in columns.items()]
    masks = [np.isnan(values) if column in numbers else None for column, values in zip(columns, data, strict=True)]
    with written_whole(path) as draft:
        pyogrio.raw.write(
            draft, shapely.to_wkb(shapely.force_2d(shapely.from_wkb([one.wkb for one in found]))), data, list(columns),
            field_mask=masks, layer=name, driver="GPKG", geometry_type="Point", crs=crs,
            dataset_options={"VERSION": "1.3"})
    own = {what: value for what, value in said.get(name, {}).items() if SETTINGS.get(what) != value}
    write_text(str(sources), json.dumps({**said, name: {**_settings(found), **own}}, ensure_ascii=False, indent=2)
               + "\n")
    return str(sources)


def _said(sources: Path) -> dict[str, dict[str, Any]]:
    """What SOURCES beside an earlier layer say, by layer; nothing where there are none."""
    if not sources.exists():
        return {}
    try:
        said = json.loads(sources.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"The file {sources}, which SOURCES of the visits are written to, cannot be read "
                         f"({first_line(error)}); mend it, or choose another OUTPUT.") from error
    if not isinstance(said, dict) or not all(isinstance(settings, dict) for settings in said.values()):
        raise InputError(f"The file {sources}, which SOURCES of the visits are written to, holds something else; "
                         "choose another OUTPUT.")
    return said


def _settings(found: list[Observation]) -> Mapping[str, str]:
    there = {"class_field": any(one.seen_class for one in found),
             "value_field": any(one.value is not None for one in found)}
    return {what: field for what, field in SETTINGS.items() if there.get(what, True)}


def _rows(path: str) -> tuple[list[dict[str, Any]], str]:
    if not Path(path).is_file():
        raise InputError(f"The file {path} of TASKS does not exist; name the GeoPackage that came back from the field.")
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            meta, fids, wkb, columns = pyogrio.raw.read(path, layer=TASKS, return_fids=True, datetime_as_string=True)
    except (DataSourceError, DataLayerError) as error:
        raise InputError(f"The file {path} of TASKS cannot be read or has no layer “{TASKS}” ({str(error).strip()}); "
                         "name a GeoPackage that Exchange made with FORMAT=tasks.") from error
    lost = [str(warning.message) for warning in said if "Invalid content" in str(warning.message)]
    if lost:
        raise InputError(f"The layer “{TASKS}” in {path} holds what its fields cannot ({lost[0]}); mend it.")
    fields = {str(name): values.tolist() for name, values in zip(meta["fields"], columns, strict=True)}
    missing = [name for name in ("uid", *OBSERVED) if name not in fields]
    if missing:
        raise InputError(f"The layer “{TASKS}” in {path} has no field “{missing[0]}”; name a GeoPackage that Exchange "
                         "made with FORMAT=tasks.")
    if not meta["crs"]:
        raise InputError(f"The layer “{TASKS}” in {path} has no coordinate reference system; assign the one it had.")
    points = [None if one is None or shapely.from_wkb(one).is_empty else one for one in wkb]
    return [{"fid": int(fid), "wkb": point, **{name: values[row] for name, values in fields.items()}}
            for row, (fid, point) in enumerate(zip(fids, points, strict=True))], str(meta["crs"])


def _text(value: Any) -> str | None:
    if value is None or value != value:
        return None
    return str(value).strip() or None


def _texts(values: list[str | None]) -> Any:
    made = np.empty(len(values), object)
    made[:] = values
    return made


def _number(value: Any, name: str, field: str) -> float | None:
    text = _text(value)
    if text is None:
        return None
    try:
        number = float(text)
    except ValueError as error:
        raise InputError(f"{name} has {field} “{text}”, which is no number; mend it.") from error
    if not math.isfinite(number):
        raise InputError(f"{name} has {field} “{text}”, which is no number; mend it.")
    return number


def _accuracy(value: Any, name: str) -> float | None:
    metres = _number(value, name, "accuracy_m")
    if metres is not None and metres < 0:
        raise InputError(f"{name} has the negative accuracy_m {metres:g}; write how many metres it may be off.")
    return metres


def _date(value: Any, name: str) -> str | None:
    text = _text(value)
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text.replace("/", "-")[:10]).isoformat()
    except ValueError as error:
        raise InputError(f"{name} has observed_at “{text}”, which is no date such as 2026-05-01; mend it.") from error
