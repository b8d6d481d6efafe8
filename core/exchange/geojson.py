"""Discrepancies with their evidence as GeoJSON (RFC 7946)."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import Any

import shapely

from ..ledger import Discrepancy
from ..ledger.reviewed import Reviewed
from .degrees import ToDegrees
from .permission import Provenance

PlaceOf = Callable[[Discrepancy], ToDegrees]
_COLUMNS = ("kind", "edit", "source", "target_layer", "target_key", "class_now", "class_proposed", "probability",
            "surprise", "cause", "dx", "dy", "area_m2", "licence_flags")

_PARTS = "sentences"
"""The sentence of the evidence once more, in parts that the review dock translates."""


def geojson_text(items: Sequence[Reviewed], place_of: PlaceOf, provenance: Provenance, reviewers: bool) -> str:
    """Return a FeatureCollection in EPSG:4326, rings after the right-hand rule; one feature a line."""
    lines = [json_text(_feature(one, place_of, reviewers)) for one in items]
    head = json_text({"type": "FeatureCollection", "provenance": provenance.to_json()})
    return head[:-1] + ', "features": [\n' + ",\n".join(lines) + "\n]}\n"


def geometry_json(geometry: shapely.Geometry | None) -> dict[str, Any] | None:
    """Return a geometry in degrees as GeoJSON, None where there is none."""
    if geometry is None or geometry.is_empty:
        return None
    found: dict[str, Any] = json.loads(shapely.to_geojson(geometry))
    return found


def json_text(value: Any) -> str:
    """Return JSON that every parser takes: what is no number is null."""
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False)


def _feature(one: Reviewed, place_of: PlaceOf, reviewers: bool) -> dict[str, Any]:
    d = one.discrepancy
    place = place_of(d)
    said = {"status": one.status, "decision": one.decision or None, "drawn_as": one.drawn_as or None,
            "decided_at": one.decided_at or None, **({"reviewer": one.reviewer or None} if reviewers else {})}
    properties = {"round": one.round, **{name: getattr(d, name) for name in _COLUMNS}, **said,
                  "before_values": d.before_values, "after_values": d.after_values, "evidence": _evidence(d),
                  "before": geometry_json(place(d.before)) if d.before and d.before != d.proposal else None}
    return {"type": "Feature", "id": d.uid, "geometry": geometry_json(place(d.proposal)) if d.proposal else None,
            "properties": properties}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _evidence(d: Discrepancy) -> dict[str, Any]:
    return {name: said for name, said in d.evidence.items() if name != _PARTS}
