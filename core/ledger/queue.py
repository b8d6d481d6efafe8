"""The queue and the random audit as the ledger keeps them: tables, and what is read from and written to them.

The tables are made when the first queue is. ``queue`` holds the newest queue and is replaced with each; ``audit`` and
``audit_frames`` are append only: who was drawn, how probably, and out of how many.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from . import amendments, geopackage, schema
from .amendments import Amendment
from .queue_filter import EVERYTHING, SAID_OF_FEATURE, SAID_OF_FLAG, Wanted
from .records import now

if TYPE_CHECKING:
    from .ledger import Ledger

Box = tuple[float, float, float, float]

QUEUE_TABLE = """
  rank INTEGER PRIMARY KEY NOT NULL, page INTEGER NOT NULL, uid TEXT, layer TEXT NOT NULL, key TEXT,
  drawn_as TEXT NOT NULL, inclusion_probability REAL, value REAL, seconds REAL,
  xmin REAL, ymin REAL, xmax REAL, ymax REAL, after_decision INTEGER NOT NULL,
  CHECK (uid IS NOT NULL OR key IS NOT NULL), CHECK (drawn_as IN ('queue', 'audit'))"""

# One row for each flag of a drawn element, or one for the element where nothing is flagged. `thing` is feature (of a
# layer) or place (where a layer has no feature). `known`: decided before the draw, hence in it with certainty.
AUDIT_TABLE = """
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, draw INTEGER NOT NULL, layer TEXT NOT NULL, thing TEXT NOT NULL,
  element TEXT NOT NULL, uid TEXT, known INTEGER NOT NULL, inclusion_probability REAL NOT NULL,
  CHECK (thing IN ('feature', 'place')), CHECK (inclusion_probability > 0 AND inclusion_probability <= 1)"""

AUDIT_FRAMES_TABLE = """
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, draw INTEGER NOT NULL, round INTEGER NOT NULL, layer TEXT NOT NULL,
  thing TEXT NOT NULL, undecided INTEGER NOT NULL, known INTEGER NOT NULL, at TEXT NOT NULL,
  after_decision INTEGER NOT NULL"""


@dataclass(frozen=True)
class FlagRow:
    """A discrepancy as the queue needs it: ``box`` in the ledger's CRS (None: no place), ``status`` as derived,
    ``judged`` which part of its layer's features its round judged (empty: all).
    """

    fid: int
    uid: str
    round: int
    source: str
    layer: str
    key: str | None
    signature: str | None
    kind: str
    edit: str
    class_name: str
    probability: float
    cause: str
    area_m2: float | None
    box: Box | None
    status: str
    judged: str = ""

    @property
    def sort(self) -> str:
        """Its kind; a lesson for the imagery is of its own sort, whatever error of the imagery it tells of."""
        return schema.LABEL_PATCH if self.edit == schema.LABEL_PATCH else self.kind


@dataclass(frozen=True)
class DecisionRow:
    """One decision: on the discrepancy ``uid``, or on a feature by ``layer`` and ``key``."""

    id: int
    uid: str | None
    layer: str | None
    key: str | None
    decision: str
    at: str
    seconds: float | None
    drawn_as: str


@dataclass(frozen=True)
class JudgedLayer:
    """A layer that a round judged: what is needed to read its features again. ``where`` is the filter that it had
    (None: that of its address), ``encoding`` that of a shapefile's texts, ``extent`` in the ledger's CRS; ``imagery``
    are the addresses of the round's imagery, each with the CRS that it was read in (WKT; empty: the file's own).
    """

    name: str
    kind: str
    uri: str
    key: str
    crs: str
    operation: str
    round: int
    at: str
    where: str | None = None
    encoding: str = ""
    extent: Box | None = None
    imagery: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class QueueRow:
    """One item to review: a discrepancy (``uid``), or a feature that nothing is flagged of (``layer`` and ``key``)."""

    rank: int
    page: int
    layer: str
    uid: str | None
    key: str | None
    drawn_as: str
    inclusion_probability: float | None
    value: float
    seconds: float
    box: Box | None


@dataclass(frozen=True)
class AuditRow:
    """One flag of a drawn element, or the element itself where nothing is flagged of it."""

    layer: str
    thing: str
    element: str
    uid: str | None
    known: bool
    inclusion_probability: float
    draw: int = 0


@dataclass(frozen=True)
class FrameRow:
    """How many elements of a layer a draw was from: ``undecided`` ones, and ``known`` ones that are in it anyway.

    ``at`` is when the layer was judged; ``after_decision`` the id of the last decision before the draw.
    """

    round: int
    layer: str
    thing: str
    undecided: int
    known: int
    at: str
    draw: int = 0
    after_decision: int = 0


@dataclass(frozen=True)
class PageItem:
    """What a reviewer is shown of an item. How it was drawn is not among it.

    ``proposal`` and ``before`` are WKB in the ledger's CRS, None for a feature that nothing is flagged of: its
    layer has it by ``key``. ``decision`` is what was said of it since the queue was made, empty if nothing;
    ``amendment`` how the reviewer changed the proposal with it. ``source`` is the kind of source judged wrong,
    ``judged_at`` when (UTC); ``dx, dy`` in metres, ``area_m2`` on the ground.
    """

    rank: int
    page: int
    layer: str
    key: str | None
    uid: str | None
    box: Box | None
    kind: str = ""
    edit: str = ""
    class_now: str | None = None
    class_proposed: str | None = None
    probability: float | None = None
    proposal: bytes | None = None
    before: bytes | None = None
    before_values: dict[str, Any] = field(default_factory=dict)
    after_values: dict[str, Any] = field(default_factory=dict)
    evidence: dict[str, Any] = field(default_factory=dict)
    decision: str = ""
    amendment: Amendment | None = None
    source: str = ""
    judged_at: str = ""
    dx: float | None = None
    dy: float | None = None
    area_m2: float | None = None
    licence_flags: str = ""


def flags(ledger: Ledger) -> list[FlagRow]:
    """Every discrepancy of every round, in the order in which they were written."""
    rows = ledger.read(
        f"WITH settled AS ({schema.STATUS_VIEW})"  # nosec B608 - a constant
        " SELECT d.fid, d.uid, d.round, d.source, coalesce(d.target_layer, ''), d.target_key, d.signature, d.kind,"
        "  d.edit,"
        "  coalesce(d.class_now, d.class_proposed, ''), d.probability, coalesce(d.cause, d.uid), d.area_m2,"
        "  substr(coalesce(d.geom, (SELECT b.geom FROM before b WHERE b.uid = d.uid)), 1, 40), s.status"
        " FROM discrepancies d JOIN settled s ON s.uid = d.uid ORDER BY d.fid")
    parts = _judged_parts(ledger)
    return [FlagRow(fid=r[0], uid=r[1], round=r[2], source=r[3], layer=r[4], key=r[5], signature=r[6], kind=r[7],
                    edit=r[8], class_name=r[9], probability=r[10], cause=r[11], area_m2=r[12],
                    box=geopackage.stored_box(r[13]), status=r[14], judged=parts.get((r[2], r[4]), "")) for r in rows]


def _judged_parts(ledger: Ledger) -> dict[tuple[int, str], str]:
    """By round and layer, the filter or what else was chosen of a layer's features; layers that were judged whole are
    left out.
    """
    found = {}
    for number, text in ledger.read("SELECT id, parameters_json FROM rounds"):
        parameters = json.loads(text or "{}")
        for one in (*parameters.get("map", ()), *parameters.get("field", ())):
            part = one.get("where") or one.get("part")
            if part:
                found[number, str(one.get("name", ""))] = str(part)
    return found


def decisions(ledger: Ledger) -> list[DecisionRow]:
    """Every decision, the first first."""
    rows = ledger.read("SELECT id, uid, layer, key, decision, at, seconds, drawn_as FROM decisions ORDER BY id")
    return [DecisionRow(*row) for row in rows]


def judged_layers(ledger: Ledger) -> list[JudgedLayer]:
    """The map and field layers that may be edited, each as the newest round that judged it used it."""
    rows = ledger.read("SELECT s.*, r.parameters_json, r.at FROM sources s JOIN rounds r ON r.id = s.round"
                       " WHERE s.kind != 'imagery' AND r.job IN ('flag', 'loop') ORDER BY s.round DESC, s.id")
    imagery: dict[int, tuple[tuple[str, str], ...]] = {}
    for row in ledger.read("SELECT round, uri, crs FROM sources WHERE kind = 'imagery' ORDER BY id"):
        imagery[row["round"]] = (*imagery.get(row["round"], ()), (row["uri"] or "", row["crs"] or ""))
    found: dict[str, JudgedLayer] = {}
    for row in rows:
        if row["layer"] in found or row["may_edit"] == 0:
            continue
        parameters = json.loads(row["parameters_json"] or "{}")
        extent = parameters.get("extent")
        own = [one for one in (*parameters.get("map", ()), *parameters.get("field", ()))
               if one.get("name") == row["layer"]]
        found[row["layer"]] = JudgedLayer(
            name=row["layer"], kind=row["kind"], uri=row["uri"] or "", key=row["key"] or "", crs=row["crs"] or "",
            operation=row["operation"] or "", round=row["round"], at=row["at"],
            where=own[0].get("where", "") if own and not own[0].get("source") else None,  # a copy holds what passed it
            encoding=own[0].get("encoding", "") if own else "",
            imagery=imagery.get(row["round"], ()),
            extent=(extent["xmin"], extent["ymin"], extent["xmax"], extent["ymax"]) if extent else None)
    return list(found.values())


def some_shapes(ledger: Ledger, count: int) -> list[tuple[float, bytes]]:
    """Ground area in square metres and outline (WKB) of a few discrepancies that have both."""
    rows = ledger.read("SELECT d.area_m2, coalesce(b.geom, d.geom) FROM discrepancies d LEFT JOIN before b"
                       " ON b.uid = d.uid WHERE d.area_m2 > 0 ORDER BY d.fid LIMIT ?", (count,))
    return [(row[0], wkb) for row in rows if (wkb := geopackage.from_blob(row[1])) is not None]


def write(ledger: Ledger, rows: Sequence[QueueRow], audit: Sequence[AuditRow], frames: Sequence[FrameRow],
          after_decision: int) -> int:
    """Replace the queue and append the draw of its audit, whole or not at all; return the draw's number.

    ``after_decision`` is the id of the last decision that the queue knows of.
    """
    with ledger.writing() as db:
        _make_tables(db)
        draw = int(db.execute("SELECT coalesce(max(draw), 0) + 1 FROM audit_frames").fetchone()[0])
        db.execute("DELETE FROM queue")
        db.executemany("INSERT INTO queue VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [
            (r.rank, r.page, r.uid, r.layer, r.key, r.drawn_as, r.inclusion_probability, r.value, r.seconds,
             *(r.box or (None,) * 4), after_decision) for r in rows])
        db.executemany("INSERT INTO audit (draw, layer, thing, element, uid, known, inclusion_probability)"
                       " VALUES (?, ?, ?, ?, ?, ?, ?)",
                       [(draw, a.layer, a.thing, a.element, a.uid, a.known, a.inclusion_probability) for a in audit])
        db.executemany("INSERT INTO audit_frames (draw, round, layer, thing, undecided, known, at, after_decision)"
                       " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                       [(draw, f.round, f.layer, f.thing, f.undecided, f.known, f.at, after_decision) for f in frames])
    return draw


def rows(ledger: Ledger) -> list[QueueRow]:
    """The queue, in order; empty where none was made."""
    if not made(ledger):
        return []
    return [QueueRow(rank=r["rank"], page=r["page"], layer=r["layer"], uid=r["uid"], key=r["key"],
                     drawn_as=r["drawn_as"], inclusion_probability=r["inclusion_probability"], value=r["value"],
                     seconds=r["seconds"], box=_box(r)) for r in ledger.read("SELECT * FROM queue ORDER BY rank")]


def pages(ledger: Ledger) -> int:
    """How many pages the queue has."""
    return int(ledger.read("SELECT coalesce(max(page), 0) FROM queue")[0][0]) if made(ledger) else 0


def page(ledger: Ledger, number: int, wanted: Wanted = EVERYTHING) -> list[PageItem]:
    """The items of a page that are ``wanted``, in order. Pages count from 1.

    Raises :class:`InputError` if there is no such page.
    """
    clause, values = wanted.clause()
    found = ledger.read(
        "SELECT q.*, d.kind, d.edit, d.class_now, d.class_proposed, d.probability, d.geom, b.geom AS before_geom,"
        "  d.before_json, d.after_json, d.evidence_json, d.target_key, d.source, d.dx, d.dy, d.area_m2,"  # nosec B608
        f"  d.licence_flags, r.at AS judged_at, {SAID_OF_FLAG} AS said_of_flag, {SAID_OF_FEATURE} AS said_of_feature"
        " FROM queue q LEFT JOIN discrepancies d ON d.uid = q.uid LEFT JOIN before b ON b.uid = q.uid"
        f" LEFT JOIN rounds r ON r.id = d.round WHERE q.page = ? AND {clause} ORDER BY q.rank",
        (number, *values)) if made(ledger) else []
    if not found and not 1 <= number <= pages(ledger):
        raise InputError(f"The queue of {ledger.path} has no page {number}; it has {pages(ledger)}. Make it with "
                         "geoloop:queue.")
    decided = [row["uid"] for row in found if row["said_of_flag"]]
    amended = {uid: change for uid in decided for change in amendments.standing(ledger, uid).values()}
    return [_page_item(row, amended.get(row["uid"])) for row in found]


def decide(ledger: Ledger, ranks: Sequence[int], decision: str, *, reason: str = "", reviewer: str = "",
           seconds: float | None = None, amendment: Amendment | None = None, seen: Sequence[PageItem] = ()) -> int:
    """Append the decision on items of the queue, all or none, each with how it was drawn; return how many.

    Of a discrepancy ``accept`` says that the error is real; of a feature that nothing is flagged of, that something is
    wrong with it all the same. ``seconds`` is what one of them took. ``amendment`` is the proposal as the reviewer
    changed it: only with ``accept``, and of a single discrepancy. ``seen`` are the items that a person looked at: a
    change that stands of one stays with it as it is accepted once more.

    Raises :class:`QueueMadeAnewError` where the queue holds others in their places by now.
    """
    if decision not in schema.DECISIONS:
        raise InputError(f"The decision must be one of {', '.join(schema.DECISIONS)}, not {decision!r}.")
    if not made(ledger):
        raise InputError(f"The ledger {ledger.path} has no queue; make it with geoloop:queue.")
    if amendment is not None and (decision != "accept" or len(ranks) != 1):
        raise InputError("A changed proposal goes with accepting one discrepancy.")
    kept = {item.rank: item.amendment for item in seen if decision == "accept"}
    with ledger.writing() as db:
        at = now()
        for item in seen:
            there = db.execute("SELECT uid, layer, key FROM queue WHERE rank = ?", (item.rank,)).fetchone()
            if there is None or there["uid"] != item.uid or (item.uid is None and (
                    there["layer"], there["key"]) != (item.layer, item.key)):
                raise QueueMadeAnewError(f"The queue of {ledger.path} was made anew meanwhile; nothing was recorded.")
        for rank in ranks:
            appended = db.execute(
                "INSERT INTO decisions (uid, layer, key, decision, reason, reviewer, at, seconds, drawn_as,"
                " inclusion_probability) SELECT uid, CASE WHEN uid IS NULL THEN layer END, CASE WHEN uid IS NULL THEN"
                " key END, ?, ?, ?, ?, ?, drawn_as, inclusion_probability FROM queue WHERE rank = ?",
                (decision, reason, reviewer, at, seconds, rank))
            if appended.rowcount != 1:
                raise InputError(f"The queue of {ledger.path} has no item {rank}; nothing was recorded.")
            change = amendment or kept.get(rank)
            if change is not None:
                (uid,) = db.execute("SELECT uid FROM decisions WHERE id = ?", (appended.lastrowid,)).fetchone()
                if uid is None:
                    raise InputError(f"Item {rank} of the queue proposes nothing that could be changed.")
                amendments.record(db, appended.lastrowid or 0, uid, change)
    return len(ranks)


class QueueMadeAnewError(InputError):
    """A decision is of an item that the queue does not hold in its place any more."""


def draws(ledger: Ledger) -> tuple[list[AuditRow], list[FrameRow]]:
    """Every element drawn for an audit, and what it was drawn from; the first draw first."""
    if not made(ledger):
        return [], []
    audit = [AuditRow(layer=r["layer"], thing=r["thing"], element=r["element"], uid=r["uid"], known=bool(r["known"]),
                      inclusion_probability=r["inclusion_probability"], draw=r["draw"])
             for r in ledger.read("SELECT * FROM audit ORDER BY id")]
    frames = [FrameRow(round=r["round"], layer=r["layer"], thing=r["thing"], undecided=r["undecided"],
                       known=r["known"], at=r["at"], draw=r["draw"], after_decision=r["after_decision"])
              for r in ledger.read("SELECT * FROM audit_frames ORDER BY id")]
    return audit, frames


def made(ledger: Ledger) -> bool:
    return bool(ledger.read("SELECT 1 FROM sqlite_master WHERE name = 'audit_frames'"))


def _make_tables(db: sqlite3.Connection) -> None:
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'audit_frames'").fetchone():
        return
    for table, columns, description in (
        ("queue", QUEUE_TABLE, "The next items to review, in order"),
        ("audit", AUDIT_TABLE, "Who was drawn for the random audit, and how probably; append only"),
        ("audit_frames", AUDIT_FRAMES_TABLE, "Out of how many each audit was drawn; append only"),
    ):
        geopackage.add_table(db, table, columns, description)
    db.execute("CREATE INDEX queue_page ON queue (page)")
    db.execute("CREATE INDEX decisions_key ON decisions (layer, key)")


def _page_item(row: sqlite3.Row, amendment: Amendment | None) -> PageItem:
    return PageItem(
        rank=row["rank"], page=row["page"], layer=row["layer"], key=row["key"] or row["target_key"], uid=row["uid"],
        box=_box(row), kind=row["kind"] or "", edit=row["edit"] or "", class_now=row["class_now"],
        class_proposed=row["class_proposed"], probability=row["probability"],
        proposal=geopackage.from_blob(row["geom"]), before=geopackage.from_blob(row["before_geom"]),
        before_values=json.loads(row["before_json"] or "{}"), after_values=json.loads(row["after_json"] or "{}"),
        evidence=json.loads(row["evidence_json"] or "{}"), decision=row["said_of_flag"] or row["said_of_feature"] or "",
        amendment=amendment, source=row["source"] or "", judged_at=row["judged_at"] or "", dx=row["dx"], dy=row["dy"],
        area_m2=row["area_m2"], licence_flags=row["licence_flags"] or "")


def _box(row: sqlite3.Row) -> Box | None:
    return None if row["xmin"] is None else (row["xmin"], row["ymin"], row["xmax"], row["ymax"])
