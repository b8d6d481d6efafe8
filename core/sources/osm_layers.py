"""Reading layers that other tools made of OpenStreetMap data (QuickOSM, GDAL, overpass exports), tags as columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from ..errors import InputError
from ..feedback import Feedback
from ..ledger.signature import value_text
from .crs import operation_between, read_crs
from .osm_tables import BATCH, EXTENT_CRS, OsmTables, Table
from .tags import parsed_columns

NOT_TAGS = frozenset({
    "fid", "id", "@id", "full_id", "osm_id", "osm_way_id", "osm_type", "version", "osm_version", "timestamp",
    "osm_timestamp", "changeset", "osm_changeset", "uid", "osm_uid", "user", "osm_user", "z_order",
})
"""Columns (in lower case) that such tools add and that are no tags."""
TYPES = {"n": "node", "w": "way", "r": "relation", "node": "node", "way": "way", "relation": "relation"}


def read_layers(path: str, tables: OsmTables, feedback: Feedback) -> None:
    """Add every feature of every layer of a vector file, its parts sorted by dimension."""
    try:
        names = [str(row[0]) for row in pyogrio.list_layers(path)]
        for position, name in enumerate(names):
            info = pyogrio.read_info(path, layer=name, force_feature_count=True)
            if info["geometry_type"] is not None:
                _read_layer(path, name, info, tables, feedback.span(position / len(names), (position + 1) / len(names)))
    except (DataSourceError, DataLayerError) as error:
        raise InputError(
            f"The input {path} cannot be read ({str(error).strip()}); give an .osm or .osm.pbf file, or a vector layer "
            f"with OpenStreetMap tags."
        ) from error


def _read_layer(path: str, name: str, info: Mapping[str, Any], tables: OsmTables, feedback: Feedback) -> None:
    source, target = read_crs(info["crs"] or "", name), read_crs(EXTENT_CRS, name)
    operation = operation_between(source, target, name)
    count = int(info["features"])
    for start in range(0, count, BATCH):
        feedback.check()
        feedback.progress(start / count, f"{name}: {start} of {count} features read")
        meta, fids, wkb, data = pyogrio.raw.read(
            path, layer=name, skip_features=start, max_features=BATCH, return_fids=True
        )
        columns = {str(field): values.tolist() for field, values in zip(meta["fields"], data, strict=True)}
        texts = parsed_columns(columns)
        moved = operation.forward(shapely.force_2d(shapely.from_wkb(wkb, on_invalid="fix")))
        for row, geometry in enumerate(moved):
            if geometry is None or geometry.is_empty or not np.isfinite(geometry.bounds).all():
                continue
            own = {key: text for key, values in columns.items() if (text := value_text(values[row]))}
            tags: dict[str, str] = {}
            for text_rows in texts.values():
                tags |= text_rows[row]
            tags |= {k: v for k, v in own.items() if k.lower() not in NOT_TAGS and k not in texts}
            for table, part in _by_dimension(geometry):
                kind, osm_id = _identity(own, table, name, int(fids[row]))
                tables.add(table, part, kind, osm_id, tags, _whole(own, "version"), _first(own, "timestamp"))


def _by_dimension(geometry: shapely.Geometry) -> list[tuple[Table, bytes]]:
    parts = shapely.get_parts([geometry])
    while (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        parts = shapely.get_parts(parts)
    found: list[tuple[Table, bytes]] = [("points", part.wkb) for part in parts[shapely.get_dimensions(parts) == 0]]
    if (lines := parts[shapely.get_dimensions(parts) == 1]).size:
        found.append(("lines", shapely.multilinestrings(lines).wkb))
    if (polygons := parts[shapely.get_dimensions(parts) == 2]).size:
        found.append(("polygons", shapely.multipolygons(polygons).wkb))
    return found


def _identity(own: Mapping[str, str], table: Table, layer: str, fid: int) -> tuple[str, str]:
    """Return the object's type and ``type/number``, or the layer's name and feature id where the layer has neither."""
    if "osm_way_id" in own:
        return "way", f"way/{own['osm_way_id']}"
    number = own.get("osm_id") or own.get("@id") or own.get("full_id", "")
    kind, slash, rest = number.partition("/")
    if slash and kind in TYPES:
        return kind, f"{kind}/{rest}"
    named = TYPES.get(own.get("osm_type", "").lower()) or TYPES.get(own.get("full_id", "")[:1])
    if not number.lstrip("nwr-").isdigit():
        return "", f"{layer}/{fid}"
    # GDAL's layers do not say the type; there a polygon with an osm_id is a relation.
    kind = named or {"points": "node", "lines": "way", "polygons": "relation"}[table]
    return kind, f"{kind}/{number.lstrip('nwr')}"


def _first(own: Mapping[str, str], name: str) -> str | None:
    return own.get(name) or own.get(f"osm_{name}")


def _whole(own: Mapping[str, str], name: str) -> int | None:
    text = _first(own, name)
    return int(text) if text and text.isdigit() else None
