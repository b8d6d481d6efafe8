"""Cooperative challenges of MapRoulette, version 2: one task a line, tag changes or a change file of its own."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from ..ledger import Discrepancy
from ..ledger.reviewed import Reviewed
from .degrees import ToDegrees
from .geojson import PlaceOf, geometry_json, json_text
from .osm_edits import NO_EDITS, TAG_EDITS, OsmEdits, target_of
from .osm_objects import Extract
from .osmchange import osmchange_text
from .permission import Provenance
from .selection import LeftOut, RefusedError
from .sentences import task_sentence
from .tag_changes import tag_changes

RECORD_SEPARATOR = "\x1e"
VERSION, TAGS, CHANGES = 2, 1, 2


def maproulette_text(items: Sequence[Reviewed], extract: Extract, place_of: PlaceOf, provenance: Provenance,
                     comment: str, left: LeftOut) -> tuple[str, list[str]]:
    """Return line-by-line GeoJSON (RFC 8142) and the uids in it; what cannot be a task is added to ``left``."""
    lines, uids = [], []
    for one in items:
        d = one.discrepancy
        try:
            task = _task(d, extract, place_of(d), provenance, comment)
        except RefusedError as error:
            left.add(str(error), d.uid)
            continue
        lines.append(RECORD_SEPARATOR + json_text(task) + "\n")
        uids.append(d.uid)
    return "".join(lines), uids


def _task(d: Discrepancy, extract: Extract, place: ToDegrees, provenance: Provenance, comment: str) -> dict[str, Any]:
    if d.edit in NO_EDITS:
        raise RefusedError("they propose no change of the map, but a look at it")
    named = {} if d.edit == "add" else {"@id": "{}/{}".format(*target_of(d, extract))}
    work = _tag_work(d, extract) if d.edit in TAG_EDITS else _change_work(d, extract, place, provenance, comment)
    wkb = d.proposal or d.before
    properties = {
        "id": d.uid, **named, "task": task_sentence(d), "kind": d.kind, "probability": d.probability,
        "evidence": d.evidence.get("sentence"), "licence": d.licence_flags or None, **provenance.to_json()}
    feature = {"type": "Feature", "id": d.uid, "geometry": geometry_json(place(wkb)) if wkb else None,
               "properties": properties}
    return {"type": "FeatureCollection", "features": [feature], "cooperativeWork": work}


def _tag_work(d: Discrepancy, extract: Extract) -> dict[str, Any]:
    kind, number = target_of(d, extract)
    changes = tag_changes(d.before_values, d.after_values, extract.objects[kind, number].tags, extract.known_keys)
    wanted = {key: value for key, value in sorted(changes.items()) if value is not None}
    removed = sorted(key for key, value in changes.items() if value is None)
    operations = [{"operation": name, "data": data} for name, data in (("setTags", wanted), ("unsetTags", removed))
                  if data]
    return {"meta": {"version": VERSION, "type": TAGS}, "operations": [
        {"operationType": "modifyElement", "data": {"id": f"{kind}/{number}", "operations": operations}}]}


def _change_work(d: Discrepancy, extract: Extract, place: ToDegrees, provenance: Provenance, comment: str
                 ) -> dict[str, Any]:
    edits = OsmEdits(extract)
    edits.add(d, place)
    content = base64.b64encode(osmchange_text(edits, provenance, comment, [d.uid]).encode()).decode()
    return {"meta": {"version": VERSION, "type": CHANGES},
            "file": {"type": "xml", "format": "osc", "encoding": "base64", "content": content}}
