"""The rows of a layer's file as pyogrio hands them out, texts as QGIS shows them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyogrio
from numpy.typing import NDArray

from ..jobs.inputs import VectorInput

Rows = tuple[dict[str, Any], Any, Any, list[Any]]
"""What is known of the table, feature ids (None unless asked for), geometries as WKB, one array a column."""
UTC, QUARTER = 100, np.timedelta64(15, "m")
_ZONE = re.compile(r":\d\d(?:\.\d+)?(Z|([+-])(\d\d):?(\d\d)?)$")
DATABASES = ("GPKG", "SQLite")
EXACT_UP_TO = 2.0**53
"""Whole numbers up to this one are told apart as decimals."""


def read_rows(input: VectorInput, layer: str | int | None, **how: Any) -> Rows:
    """Read a table of the input's file (None: its first); times that say their zone in UTC. ``how`` goes to
    ``pyogrio.raw.read``, whose errors come through.
    """
    if input.encoding:
        try:
            return _read(input, layer, ENCODING=input.encoding, **how)
        except UnicodeDecodeError:
            pass  # QGIS shows no letters there either: what the file says is the better guess
    return _read(input, layer, **how)


def _read(input: VectorInput, layer: str | int | None, **how: Any) -> Rows:
    meta, fids, wkb, columns = _filtered(input, layer, input.where, **how)
    held = list(zip(map(str, meta["fields"]), meta["ogr_types"], columns, strict=True))
    zones = read_zones(input, layer, [name for name, kind, values in held if is_time(kind, values)], **how)
    return meta, fids, wkb, [
        values - ahead_of_utc(zones[name]) if name in zones
        else _exact(input, layer, name, how) if kind == "OFTInteger64" and _is_rounded(values) else values
        for name, kind, values in held]


def _filtered(input: VectorInput, layer: str | int | None, where: str, **how: Any) -> Rows:
    """Read with a filter that sees every column and the geometry, whichever of them are asked for.

    Databases answer the filter themselves. All other formats have GDAL ask it of what it has read: in a shapefile or
    FlatGeobuf file what is not read is empty, and a filter that speaks of it finds nothing.
    """
    narrow = how.get("columns") is not None or not how.get("read_geometry", True)
    if not where or not narrow or _driver(input, layer) in DATABASES:
        rows: Rows = pyogrio.raw.read(input.path, layer=layer, where=where or None, **how)
        return rows
    wanted, geometry = how.get("columns"), how.get("read_geometry", True)
    meta, fids, wkb, columns = pyogrio.raw.read(
        input.path, layer=layer, where=where, **(how | {"columns": None, "read_geometry": True}))
    at = [n for n, name in enumerate(meta["fields"]) if wanted is None or name in wanted]
    meta |= {told: np.array(meta[told], dtype=object)[at] for told in ("fields", "dtypes", "ogr_types", "ogr_subtypes")}
    return meta, fids, wkb if geometry else None, [columns[n] for n in at]


def _driver(input: VectorInput, layer: str | int | None) -> str:
    return str(pyogrio.read_info(input.path, layer=layer)["driver"])


def is_time(kind: str, values: NDArray[Any]) -> bool:
    """Whether a column of GDAL's type ``kind`` holds times that were read as such."""
    return kind == "OFTDateTime" and values.dtype.kind == "M"


def read_zones(input: VectorInput, layer: str | int | None, names: Sequence[str], **how: Any
               ) -> dict[str, NDArray[np.int32]]:
    """Return the zone of every time (n,) in some columns, read as :func:`read_rows` reads them, in GDAL's numbers: 0
    where none is said, 100 for UTC, one more for each quarter of an hour eastward.
    """
    if not names:
        return {}
    how = how | {"columns": list(names), "read_geometry": False, "datetime_as_string": True}
    meta, _, _, columns = _filtered(input, layer, input.where, **how)
    return {str(name): np.array([_zone(text) for text in texts.tolist()], np.int32)
            for name, texts in zip(meta["fields"], columns, strict=True)}


def ahead_of_utc(zones: NDArray[np.int32]) -> NDArray[np.timedelta64]:
    """How far clocks of these zones are ahead of UTC."""
    return np.where(zones > 0, zones - UTC, 0) * QUARTER


def _zone(text: str | None) -> int:
    found = _ZONE.search(text or "")
    if found is None:
        return 0
    if found[1] == "Z":
        return UTC
    minutes = int(found[3]) * 60 + int(found[4] or 0)
    return UTC + round((-minutes if found[2] == "-" else minutes) / 15)


def _is_rounded(values: NDArray[Any]) -> bool:
    """Whether whole numbers with gaps among them, which come as decimals, are too large for these."""
    return values.dtype.kind == "f" and bool((np.abs(values) >= EXACT_UP_TO).any())


def column_in_filter(name: str, driver: str) -> str:
    """A column's name as the filter of a file has it: databases have SQL of their own, all else has GDAL's, which
    knows no doubled quotes.
    """
    return '"{}"'.format(name.replace('"', '""' if driver in DATABASES else r'\"'))


def _exact(input: VectorInput, layer: str | int | None, name: str, how: dict[str, Any]) -> NDArray[np.object_]:
    """A column of whole numbers digit by digit, None in its gaps."""
    how = how | {"columns": [name], "read_geometry": False, "return_fids": True}
    known = f"{column_in_filter(name, _driver(input, layer))} IS NOT NULL"
    _, every, _, _ = _filtered(input, layer, input.where, **(how | {"columns": []}))
    _, fids, _, (values,) = _filtered(input, layer, f"({input.where}) AND {known}" if input.where else known, **how)
    number = dict(zip(fids.tolist(), values.tolist(), strict=True))
    return np.array([number.get(fid) for fid in every.tolist()], dtype=object)
