"""What the ledger tells of the loop as a whole: its rounds, reliabilities, pushes and reviewers, and shapes to draw."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from . import geopackage
from .ledger import Ledger
from .records import ALONG, ReliabilityRow

BREAK_S = 300.0
"""A decision that seems to have taken longer counts as this many seconds: the reviewer was away."""
_AT_ONCE = 500


@dataclass(frozen=True)
class RoundRow:
    """A run as it was written down; ``at`` in UTC, ISO 8601."""

    number: int
    at: str
    job: str
    seed: int | None
    parameters: dict[str, Any]
    versions: dict[str, str]
    fingerprints: dict[str, str]
    metrics: dict[str, Any]
    model: str
    device: str


@dataclass(frozen=True)
class PushRow:
    """The edits of one push that became the same: ``state`` is planned, committed, undone, stale or failed."""

    push: str
    at: str
    layer: str
    source: str
    edit: str
    state: str
    count: int
    reviewers: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class WrongShare:
    """The ``share`` of a layer that is wrong, as was estimated from decisions up to the one that it ``knows``."""

    share: float
    knows: int


@dataclass(frozen=True)
class ReviewerRow:
    """What one reviewer decided in one way: ``drawn_as`` is queue, audit or bulk.

    ``timed`` of the ``count`` decisions have a recorded time, ``seconds`` in all, breaks cut to :data:`BREAK_S`.
    """

    reviewer: str
    drawn_as: str
    decision: str
    count: int
    timed: int
    seconds: float
    first: str
    last: str


def rounds(ledger: Ledger) -> list[RoundRow]:
    """Every round, the first first."""
    return [RoundRow(
        number=row["id"], at=row["at"], job=row["job"], seed=row["seed"], parameters=_object(row["parameters_json"]),
        versions=_object(row["versions_json"]), fingerprints=_object(row["fingerprints_json"]),
        metrics=_object(row["metrics_json"]), model=row["model"] or "", device=row["device"] or "")
        for row in ledger.read("SELECT * FROM rounds ORDER BY id")]


def reliabilities(ledger: Ledger) -> list[tuple[int, ReliabilityRow]]:
    """Every row of every confusion matrix with its round, in the order in which they were written."""
    return [(row["round"], ReliabilityRow(
        source=row["source"], layer=row["layer"], class_name=row["class"], row=_object(row["row_json"]),
        n=row["n"] or 0.0, accuracy=row["accuracy"], low=row["low"], high=row["high"], region=row["region"] or ""))
        for row in ledger.read("SELECT * FROM reliability ORDER BY round, id")]


def wrong_shares(ledger: Ledger) -> dict[str, WrongShare]:
    """How much of each map and field layer is wrong, all classes together, as its newest round estimated."""
    rows = ledger.read(
        "SELECT layer, sum(n * (1 - accuracy)) / sum(n) AS share, (SELECT coalesce(max(d.id), 0) FROM decisions d"
        "  WHERE d.at <= (SELECT at FROM rounds WHERE id = r.round)) AS knows FROM reliability r WHERE region = ''"
        " AND source != 'imagery' AND round = (SELECT max(round) FROM reliability s WHERE s.layer = r.layer"
        "  AND s.source = r.source) GROUP BY layer HAVING sum(n) > 0")
    return {row["layer"]: WrongShare(float(row["share"]), int(row["knows"])) for row in rows}


def pushes(ledger: Ledger) -> list[PushRow]:
    """What became of every push, by layer, edit and state; the first push first.

    A decision counts once, whatever changed along with its feature.
    """
    rows = ledger.read(
        "SELECT push, min(at) AS at, target_layer, target_source, edit, state, count(*) AS count,"
        " json_group_array(DISTINCT reviewer) AS reviewers, max(why) AS why FROM edits WHERE edit NOT IN (?, ?)"
        " GROUP BY push, target_layer, target_source, edit, state ORDER BY min(id)", ALONG)
    return [PushRow(row["push"], row["at"], row["target_layer"], row["target_source"], row["edit"], row["state"],
                    row["count"], tuple(filter(None, json.loads(row["reviewers"]))), row["why"] or "")
            for row in rows]


def reviewing(ledger: Ledger) -> list[ReviewerRow]:
    """Who decided how much, how and in which time."""
    rows = ledger.read(
        "SELECT coalesce(reviewer, '') AS reviewer, drawn_as, decision, count(*) AS count, count(seconds) AS timed,"
        " coalesce(sum(min(max(seconds, 0), ?)), 0) AS seconds, min(at) AS first, max(at) AS last FROM decisions"
        " GROUP BY 1, 2, 3 ORDER BY min(id)", (BREAK_S,))
    return [ReviewerRow(*row) for row in rows]


def shapes(ledger: Ledger, fids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """Yield number and outline (WKB) of discrepancies: as the source has it, else as it is proposed.

    Those without any geometry are left out. Only a few hundred are held at once.
    """
    for start in range(0, len(fids), _AT_ONCE):
        some = fids[start:start + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        query = ("SELECT d.fid, coalesce(b.geom, d.geom) FROM discrepancies d"  # nosec B608 - question marks
                 f" LEFT JOIN before b ON b.uid = d.uid WHERE d.fid IN ({marks})")
        for fid, blob in ledger.read(query, some):
            wkb = geopackage.from_blob(blob)
            if wkb is not None:
                yield fid, wkb


def _object(text: str | None) -> dict[str, Any]:
    found = json.loads(text or "{}")
    return found if isinstance(found, dict) else {}
