"""What reviewers have said so far, with all that is needed to learn from it. Standard library only."""

from __future__ import annotations

import json
import math
import sqlite3
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..errors import LedgerError
from . import geopackage, schema
from .amendments import standing

if TYPE_CHECKING:
    from .ledger import Ledger


@dataclass(frozen=True)
class Verdict:
    """The newest decision on a discrepancy, or on a feature that nothing was flagged of (``uid`` None).

    ``id`` is the decision's; ``decision`` is ``accept``, ``reject`` or ``unsure``, and ``undone`` says that what was
    accepted was pushed and then taken back. ``signature`` is the feature's as it was judged, over ``watched``
    attributes; ``proposal``, as the reviewer left it, and ``before`` are WKB in the ledger's CRS. ``chance`` is that of
    having been drawn for the random audit, NaN for what was shown for its value; ``probability`` that of a real error,
    as it was flagged (NaN: nothing was).
    """

    id: int
    uid: str | None
    source: str
    layer: str
    key: str | None
    decision: str
    drawn_as: str
    undone: bool = False
    kind: str = ""
    edit: str = ""
    class_now: str | None = None
    class_proposed: str | None = None
    signature: str | None = None
    watched: tuple[str, ...] = ()
    proposal: bytes | None = None
    before: bytes | None = None
    chance: float = math.nan
    probability: float = math.nan

    @property
    def in_bulk(self) -> bool:
        """Whether nobody looked at this one by itself."""
        return self.drawn_as == "bulk"


def verdicts(ledger: Ledger) -> list[Verdict]:
    """Every discrepancy and every unflagged feature that was decided, with its newest decision, oldest first.

    A feature that was looked at without a flag counts as it was when its layer was judged last before the decision.
    """
    on_flags = ledger.read(
        f"WITH settled AS ({schema.STATUS_VIEW}),"  # nosec B608 - a constant
        " said AS (SELECT *, row_number() OVER (PARTITION BY uid ORDER BY id DESC) AS newest FROM decisions"
        "   WHERE uid IS NOT NULL)"
        " SELECT said.id, d.uid, d.source, coalesce(d.target_layer, '') AS layer, d.target_key, said.decision,"
        "  said.drawn_as, said.inclusion_probability, settled.status, d.kind, d.edit, d.class_now, d.class_proposed,"
        "  d.signature, d.before_json, d.probability, d.geom, b.geom AS before_geom"
        " FROM discrepancies d JOIN said ON said.uid = d.uid AND said.newest = 1 JOIN settled ON settled.uid = d.uid"
        " LEFT JOIN before b ON b.uid = d.uid")
    found = [Verdict(
        id=r["id"], uid=r["uid"], source=r["source"], layer=r["layer"], key=r["target_key"], decision=r["decision"],
        drawn_as=r["drawn_as"], undone=r["status"] == "undone", kind=r["kind"], edit=r["edit"],
        class_now=r["class_now"], class_proposed=r["class_proposed"], signature=r["signature"],
        watched=tuple(sorted(json.loads(r["before_json"] or "{}"))), proposal=geopackage.from_blob(r["geom"]),
        before=geopackage.from_blob(r["before_geom"]), chance=_chance(r), probability=float(r["probability"]))
        for r in on_flags]
    on_features = ledger.read(
        "WITH said AS (SELECT *, row_number() OVER (PARTITION BY layer, key ORDER BY id DESC) AS newest FROM decisions"
        "  WHERE uid IS NULL)"
        " SELECT said.id, said.layer, said.key, said.decision, said.drawn_as, said.inclusion_probability,"
        "  (SELECT s.kind FROM sources s WHERE s.layer = said.layer AND s.kind != 'imagery' ORDER BY s.round DESC"
        "    LIMIT 1) AS source"
        " FROM said WHERE said.newest = 1")
    found += [Verdict(id=r["id"], uid=None, source=r["source"] or "map", layer=r["layer"], key=r["key"],
                      decision=r["decision"], drawn_as=r["drawn_as"], chance=_chance(r)) for r in on_features]
    amended = standing(ledger)
    found = [one if (said := amended.get(one.uid or "")) is None else replace(
        one, edit=said.edit, class_proposed=said.class_proposed, proposal=said.proposal) for one in found]
    return sorted(found, key=lambda one: one.id)


def _chance(row: sqlite3.Row) -> float:
    chance = row["inclusion_probability"]
    return float(chance) if row["drawn_as"] == "audit" and chance else math.nan


def last_decision(ledger: Ledger) -> int:
    """The id of the newest decision; 0 before the first."""
    return int(ledger.read("SELECT coalesce(max(id), 0) FROM decisions")[0][0])


def last_parameters(ledger: Ledger) -> dict[str, Any] | None:
    """The parameters of the newest round that judged layers; None before the first.

    Raises :class:`LedgerError` where the ledger does not hold what a round writes there.
    """
    rows = ledger.read("SELECT parameters_json FROM rounds WHERE job IN ('flag', 'loop') ORDER BY id DESC LIMIT 1")
    try:
        given = json.loads(rows[0][0]) if rows else None
    except (TypeError, ValueError):
        given = ()
    if given is not None and not isinstance(given, dict):
        raise LedgerError(f"The ledger {ledger.path} does not say any more how its last round was made; run "
                          "geoloop:loop with the layers and this LEDGER.")
    return given


@dataclass(frozen=True)
class LastModel:
    """The model that a round went on with: ``path`` relative to the ledger's folder, the round and its job, and the
    last decision that it ``knows``.
    """

    path: str
    round: int
    job: str
    knows: int


def last_model(ledger: Ledger) -> LastModel | None:
    """The model of the newest round that left one; None before the first."""
    rows = ledger.read("SELECT id, job, metrics_json FROM rounds"
                       " WHERE json_extract(metrics_json, '$.model_file') IS NOT NULL ORDER BY id DESC LIMIT 1")
    if not rows:
        return None
    metrics = json.loads(rows[0]["metrics_json"])
    return LastModel(str(metrics["model_file"]), int(rows[0]["id"]), str(rows[0]["job"]),
                     int(metrics.get("learning", {}).get("after_decision", 0)))
