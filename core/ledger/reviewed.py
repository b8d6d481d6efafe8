"""What the ledger holds of each discrepancy together with what was said of it: for whoever hands findings on."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from . import amendments, geopackage, schema
from .amendments import Amendment
from .ledger import Ledger
from .records import Discrepancy, SourceRow

_SAME = ("uid", "source", "kind", "edit", "probability", "target_key", "signature", "class_now", "class_proposed",
         "surprise", "cause", "dx", "dy", "area_m2")
_MAY = ("may_trace", "may_train", "may_export", "may_edit")


@dataclass(frozen=True)
class Reviewed:
    """A discrepancy with its status and the newest decision on it, empty where there is none.

    ``is_top``: of the rival kinds of its cause, the surest. ``drawn_as`` says how the reviewer came to see it.
    """

    discrepancy: Discrepancy
    round: int
    status: str
    is_top: bool
    decision: str = ""
    drawn_as: str = ""
    reviewer: str = ""
    decided_at: str = ""


def reviewed(ledger: Ledger, target_layer: str = "") -> list[Reviewed]:
    """Return every discrepancy (of a layer) with what was said of it, the surest first.

    What a reviewer changed of a proposal before accepting it is in it.
    """
    amended = amendments.standing(ledger)
    rows = ledger.read(
        f"WITH settled AS ({schema.STATUS_VIEW}),"  # nosec B608 - a constant
        " said AS (SELECT *, row_number() OVER (PARTITION BY uid ORDER BY id DESC) AS newest FROM decisions"
        "   WHERE uid IS NOT NULL)"
        " SELECT d.*, b.geom AS before_geom, s.status, said.decision, said.drawn_as, said.reviewer, said.at,"
        "   row_number() OVER (PARTITION BY d.cause, d.round ORDER BY d.probability DESC, d.fid) AS place"
        " FROM discrepancies d JOIN settled s ON s.uid = d.uid LEFT JOIN before b ON b.uid = d.uid"
        " LEFT JOIN said ON said.uid = d.uid AND said.newest = 1"
        " WHERE ? = '' OR d.target_layer = ? ORDER BY d.probability DESC, d.uid", (target_layer, target_layer))
    return [Reviewed(_discrepancy(row, amended.get(row["uid"])), row["round"], row["status"], row["place"] == 1,
                     row["decision"] or "", row["drawn_as"] or "", row["reviewer"] or "", row["at"] or "")
            for row in rows]


def as_proposed(ledger: Ledger, uids: Sequence[str]) -> dict[str, Discrepancy]:
    """Return these discrepancies as the engine wrote them, by uid; those that there are."""
    rows = ledger.read("SELECT d.*, b.geom AS before_geom FROM discrepancies d LEFT JOIN before b ON b.uid = d.uid"
                       " WHERE d.uid IN (SELECT value FROM json_each(?))", (json.dumps(list(uids)),))
    return {row["uid"]: _discrepancy(row, None) for row in rows}


def sources_of(ledger: Ledger, rounds: Iterable[int]) -> list[SourceRow]:
    """Return what these rounds say of all their layers, imagery too; of each layer the newest statement."""
    wanted = set(rounds)
    newest: dict[tuple[str, str], SourceRow] = {}
    for row in ledger.read("SELECT * FROM sources ORDER BY round, id"):
        if row["round"] not in wanted:
            continue
        settings = json.loads(row["settings_json"] or "{}")
        settings |= {name: bool(row[name]) for name in _MAY if row[name] is not None}
        settings |= {"licence": row["licence"]} if row["licence"] else {}
        newest[row["kind"], row["layer"]] = SourceRow(row["kind"], row["layer"], row["uri"] or "", row["key"] or "",
                                                      row["crs"] or "", row["operation"] or "", settings)
    return [newest[name] for name in sorted(newest)]


def value_names(ledger: Ledger, target_layer: str) -> list[str]:
    """The names under which values are proposed for a layer."""
    rows = ledger.read("SELECT DISTINCT v.key FROM discrepancies d, json_each(d.after_json) v"
                       " WHERE d.target_layer = ? AND d.after_json != '' ORDER BY 1", (target_layer,))
    return [str(row[0]) for row in rows]


def round_dates(ledger: Ledger) -> dict[int, str]:
    """When each round was written, in UTC, by its number."""
    return {row["id"]: row["at"] for row in ledger.read("SELECT id, at FROM rounds ORDER BY id")}


def _discrepancy(row: sqlite3.Row, amendment: Amendment | None) -> Discrepancy:
    found = Discrepancy(
        **{name: row[name] for name in _SAME}, target_layer=row["target_layer"] or "",
        proposal=geopackage.from_blob(row["geom"]), before=geopackage.from_blob(row["before_geom"]),
        before_values=json.loads(row["before_json"] or "{}"), after_values=json.loads(row["after_json"] or "{}"),
        evidence=json.loads(row["evidence_json"] or "{}"), licence_flags=row["licence_flags"] or "")
    return found if amendment is None else amendment.of(found)
