"""Which edits are due: what was accepted and stands nowhere yet. Standard library only."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from typing import TYPE_CHECKING

from ..errors import InputError
from . import amendments, geopackage, schema
from .amendments import Amendment
from .records import PlannedEdit, SourceRow
from .reviewers import Reviewers

if TYPE_CHECKING:
    from .ledger import Ledger

_VERBS = {"add": "Add", "delete": "Delete", "retag": "Reclassify", "move": "Move", "reshape": "Reshape",
          "set_value": "Set value of", "merge": "Merge", "flag": "Flag", "revisit": "Revisit",
          "label_patch": "Patch label at"}
_UNTRACEABLE = ("(SELECT group_concat(i.layer, ', ') FROM sources i WHERE i.round = d.round AND i.kind = 'imagery'"
                " AND i.may_trace = 0) AS untraceable")
"""The imagery of a discrepancy's round that may not be traced."""
# What an edit of a layer comes of. A flag that sets no value is for eyes alone, unless a reviewer said what to write.
_WRITES = ("(d.uid IN (SELECT value FROM json_each(:amended)) OR (d.edit NOT IN ('revisit', 'label_patch') AND NOT"
           " (d.edit = 'flag' AND (d.target_key IS NULL OR coalesce(d.after_json, '{}') IN ('', '{}')))))")


def plan_push(ledger: Ledger, target_layer: str, push_above: float | None = None, max_edits: int = 0,
              target_source: str | None = None, overtaken: Collection[str] = ()) -> list[PlannedEdit]:
    """Return the accepted edits of a layer, the surest first; of each cause only one.

    With ``push_above`` open discrepancies at or above that probability are included, if they are the top kind of
    their cause, of which no other kind was accepted, and not among the uids ``overtaken``; of OpenStreetMap's layers
    never, as a person judges each object there. Layers that may not be edited are refused, and so are more than
    ``max_edits`` edits (0: no limit), with nothing planned. ``target_source`` is the address that the edits go into, or
    that a copy is made of: what was pushed elsewhere (into a copy) is still due there. Without it, what was pushed
    anywhere is not planned. What is accepted but more likely a slip waits for a second look.
    """
    source = ledger.source(target_layer)
    if source.settings.get("may_edit") is False:
        raise InputError(f"The layer {target_layer!r} is declared not to be edited (may_edit is false in SOURCES).")
    wkt, amended = ledger.crs_wkt(), amendments.standing(ledger)
    rows = ledger.read(
        f"WITH settled AS ({schema.STATUS_VIEW}),"  # nosec B608 - a constant
        " said AS (SELECT uid, decision, reviewer, row_number() OVER"
        "   (PARTITION BY uid ORDER BY id DESC) AS newest FROM decisions WHERE uid IS NOT NULL),"
        " accepted AS (SELECT DISTINCT d.cause FROM said JOIN discrepancies d ON d.uid = said.uid"
        "   WHERE said.newest = 1 AND said.decision = 'accept'),"
        " standing AS (SELECT DISTINCT d.cause FROM edits e JOIN discrepancies d ON d.uid = e.uid"
        "   WHERE e.state = 'committed' AND (:target IS NULL OR e.target_source = :target)),"
        " top AS (SELECT fid FROM (SELECT fid, row_number() OVER (PARTITION BY cause, round"
        "   ORDER BY probability DESC, fid) AS place FROM discrepancies) WHERE place = 1)"
        f" SELECT d.*, b.geom AS before_geom, r.model, said.reviewer, {_UNTRACEABLE} FROM discrepancies d"
        " JOIN settled s ON s.uid = d.uid JOIN rounds r ON r.id = d.round LEFT JOIN before b ON b.uid = d.uid"
        " LEFT JOIN said ON said.uid = d.uid AND said.newest = 1"
        f" WHERE d.target_layer = :layer AND {_WRITES}"  # nosec B608 - a constant
        "   AND s.status IN ('accepted', 'open', 'pushed') AND d.cause NOT IN (SELECT cause FROM standing)"
        "   AND (said.decision = 'accept' OR (said.decision IS NULL AND d.probability >= :above"
        "        AND d.fid IN (SELECT fid FROM top) AND d.uid NOT IN (SELECT value FROM json_each(:overtaken))"
        "        AND d.cause NOT IN (SELECT cause FROM accepted)))"
        " ORDER BY said.decision IS NULL, d.probability DESC, d.uid",
        {"layer": target_layer, "above": None if source.is_openstreetmap else push_above, "target": target_source,
         "amended": json.dumps(list(amended)), "overtaken": json.dumps(list(overtaken))}
    )
    planned: dict[str, PlannedEdit] = {}
    doubtful = Reviewers.of(ledger).doubtful()
    judged = {number: ledger.source(target_layer, number) for number in {row["round"] for row in rows}}
    for row in rows:
        if row["cause"] not in planned and row["uid"] not in doubtful:
            planned[row["cause"]] = _planned(row, judged[row["round"]], wkt, amended.get(row["uid"]))
    if max_edits and len(planned) > max_edits:
        raise InputError(f"{len(planned)} edits are due for {target_layer!r}, more than MAX_EDITS ({max_edits}) "
                         "allows; raise MAX_EDITS or PUSH_ABOVE. Nothing was changed.")
    return list(planned.values())


def waiting(ledger: Ledger, target_layer: str) -> int:
    """How many accepted edits of a layer wait for a second look."""
    doubtful = Reviewers.of(ledger).doubtful()
    return sum(row["uid"] in doubtful for row in ledger.read(
        f"WITH settled AS ({schema.STATUS_VIEW})"  # nosec B608 - a constant
        " SELECT d.uid FROM discrepancies d JOIN settled s ON s.uid = d.uid"
        " WHERE d.target_layer = ? AND s.status = 'accepted'", (target_layer,)))


def plan_one(ledger: Ledger, uid: str, target_source: str) -> PlannedEdit | None:
    """Return the edit of one discrepancy that was accepted last, without looking at any other.

    None where there is nothing to write into ``target_source``, or an edit of the same cause stands there already.
    Raises :class:`InputError` for a layer that may not be edited.
    """
    amended = amendments.standing(ledger, uid)
    rows = ledger.read(
        f"SELECT d.*, b.geom AS before_geom, r.model, said.reviewer, {_UNTRACEABLE}"  # nosec B608 - a constant
        " FROM discrepancies d"
        " JOIN rounds r ON r.id = d.round LEFT JOIN before b ON b.uid = d.uid"
        " JOIN decisions said ON said.id = (SELECT max(e.id) FROM decisions e WHERE e.uid = d.uid)"
        f" WHERE d.uid = :uid AND said.decision = 'accept' AND {_WRITES}"  # nosec B608 - a constant
        "   AND NOT EXISTS (SELECT 1 FROM discrepancies o JOIN edits e ON e.uid = o.uid WHERE o.cause = d.cause"
        "     AND e.state = 'committed' AND e.target_source = :target)",
        {"uid": uid, "target": target_source, "amended": json.dumps(list(amended))})
    if not rows:
        return None
    source = ledger.source(rows[0]["target_layer"])
    if source.settings.get("may_edit") is False:
        raise InputError(f"The layer {source.layer!r} is declared not to be edited (may_edit is false in SOURCES).")
    return _planned(rows[0], ledger.source(source.layer, rows[0]["round"]), ledger.crs_wkt(), amended.get(uid))


def _planned(row: sqlite3.Row, source: SourceRow, wkt: str, amendment: Amendment | None) -> PlannedEdit:
    """The edit of a discrepancy; ``source`` is its layer as its own round used it, whatever later ones did."""
    before = json.loads(row["before_json"] or "{}")
    proposed = amendment or Amendment(row["edit"], geopackage.from_blob(row["geom"]),
                                      json.loads(row["after_json"] or "{}"), row["class_proposed"])
    twin = json.loads(row["evidence_json"] or "{}").get("twin") if row["edit"] == "merge" else None
    return PlannedEdit(
        uid=row["uid"], edit=proposed.edit, kind=row["kind"], target_layer=source.layer,
        command=_command(row, proposed, twin), probability=row["probability"], crs=wkt,
        target_key=row["target_key"], signature=row["signature"], watched=tuple(sorted(before)),
        proposal=proposed.proposal, before=geopackage.from_blob(row["before_geom"]), before_values=before,
        after_values=proposed.after_values, operation=source.operation, layer_crs=source.crs, key=source.key,
        reviewer=row["reviewer"] or "", model=row["model"] or "", twin_key=twin,
        untraceable=row["untraceable"] or "" if proposed.edit in amendments.OUTLINED else "")


def _command(row: sqlite3.Row, proposed: Amendment, twin: str | None) -> str:
    """The name of an edit as a person reads it in the undo list."""
    what = row["class_now"] or proposed.class_proposed or "feature"
    name = f" {row['target_key']}" if row["target_key"] else ""
    change = f" to {proposed.class_proposed}" if proposed.edit == "retag" and proposed.class_proposed else ""
    change += f" into {twin}" if twin else ""
    return f"{_VERBS[proposed.edit]} {what}{name}{change} ({row['kind'].replace('_', ' ')})"
