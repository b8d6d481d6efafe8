"""The decisions that a reviewer made one by one, each with what it was about: what reliability is learnt from."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from . import geopackage, schema
from .amendments import standing
from .ledger import Ledger

SLIP = 0.01
"""How often a reviewer errs, until reviewers have decided the same things and can be compared."""
SLIP_PAIRS = 100.0


@dataclass(frozen=True)
class Decided:
    """The newest one-by-one decision on a discrepancy (``uid``), or on a feature that nothing was flagged of (``layer``
    and ``key``). ``decision`` is accept or reject; ``chance`` that of having been drawn at random, NaN where the
    reviewer was shown it for its value. Geometries are WKB in the ledger's CRS.
    """

    uid: str | None
    layer: str
    key: str | None
    decision: str
    chance: float
    round: int
    source: str = ""
    kind: str = ""
    edit: str = ""
    class_now: str | None = None
    class_proposed: str | None = None
    before: bytes | None = None
    proposal: bytes | None = None


def decided(ledger: Ledger) -> list[Decided]:
    """Return what was accepted or rejected one by one, the first first; proposals as reviewers changed them. Not what
    is unsure, was decided in bulk, or was accepted, pushed and undone.
    """
    rows = ledger.read(
        f"WITH settled AS ({schema.STATUS_VIEW}),"  # nosec B608 - a constant
        " said AS (SELECT *, row_number() OVER (PARTITION BY coalesce(uid, layer || char(31) || key) ORDER BY id DESC)"
        "   AS newest FROM decisions WHERE drawn_as != 'bulk')"
        " SELECT said.uid, coalesce(d.target_layer, said.layer, '') AS layer, coalesce(d.target_key, said.key) AS key,"
        "  said.decision, said.drawn_as, said.inclusion_probability, d.round, d.source, d.kind, d.edit, d.class_now,"
        "  d.class_proposed, b.geom AS before_geom, d.geom"
        " FROM said LEFT JOIN discrepancies d ON d.uid = said.uid LEFT JOIN before b ON b.uid = said.uid"
        " LEFT JOIN settled s ON s.uid = said.uid"
        " WHERE said.newest = 1 AND said.decision IN ('accept', 'reject') AND coalesce(s.status, '') != 'undone'"
        " AND (said.uid IS NULL OR d.uid IS NOT NULL) ORDER BY said.id")
    amended = standing(ledger)
    found = [Decided(
        uid=r["uid"], layer=r["layer"], key=r["key"], decision=r["decision"], chance=_chance(r), round=r["round"] or 0,
        source=r["source"] or "", kind=r["kind"] or "", edit=r["edit"] or "", class_now=r["class_now"],
        class_proposed=r["class_proposed"], before=geopackage.from_blob(r["before_geom"]),
        proposal=geopackage.from_blob(r["geom"])) for r in rows]
    return [one if (said := amended.get(one.uid or "")) is None else replace(
        one, edit=said.edit, class_proposed=said.class_proposed, proposal=said.proposal) for one in found]


def reviewer_error(ledger: Ledger) -> float:
    """How often a reviewer errs, from what several reviewers decided one by one alike or not.

    Two who err independently differ in 2e(1 − e) of cases; what is assumed counts for :data:`SLIP_PAIRS` pairs.
    """
    said: dict[str, dict[str, str]] = {}
    for row in ledger.read("SELECT coalesce(uid, layer || char(31) || key) AS what, reviewer, decision FROM decisions"
                           " WHERE drawn_as != 'bulk' AND decision IN ('accept', 'reject')"
                           " AND coalesce(reviewer, '') != '' ORDER BY id"):
        said.setdefault(row["what"], {})[row["reviewer"]] = row["decision"]
    pairs = differ = 0
    for words in (list(one.values()) for one in said.values()):
        accepted = words.count("accept")
        pairs += len(words) * (len(words) - 1) // 2
        differ += accepted * (len(words) - accepted)
    share = (2 * SLIP * (1 - SLIP) * SLIP_PAIRS + differ) / (SLIP_PAIRS + pairs)
    return (1 - math.sqrt(max(1 - 2 * min(share, 0.5), 0.0))) / 2


def _chance(row: object) -> float:
    drawn, chance = row["drawn_as"], row["inclusion_probability"]  # type: ignore[index]
    return float(chance) if drawn == "audit" and chance else math.nan
