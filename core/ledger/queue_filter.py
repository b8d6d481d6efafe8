"""Which items of the queue a reviewer wants to see, asked of the ledger: none is loaded to be left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .ledger import Ledger
    from .queue import Box

# What was said of an item of the queue q since that was made; an item without a uid is a feature nothing is flagged of.
SAID_OF_FLAG = ("(SELECT e.decision FROM decisions e WHERE e.uid = q.uid AND e.id > q.after_decision"
                " ORDER BY e.id DESC LIMIT 1)")
SAID_OF_FEATURE = ("(SELECT e.decision FROM decisions e WHERE q.uid IS NULL AND e.id > q.after_decision"
                   " AND e.layer = q.layer AND e.key = q.key ORDER BY e.id DESC LIMIT 1)")
_OPEN = f"{SAID_OF_FLAG} IS NULL AND {SAID_OF_FEATURE} IS NULL"
_ITEMS = "FROM queue q LEFT JOIN discrepancies d ON d.uid = q.uid"
UNFLAGGED = ""
"""The kind of features that nothing is flagged of."""


@dataclass(frozen=True)
class Wanted:
    """A filter of the queue: empty ``kinds`` or ``layers`` are all; ``region`` in the ledger's CRS.

    Probabilities from ``least`` to ``most``; features that nothing is flagged of have none, and are left out by any
    such bound.
    """

    kinds: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    region: Box | None = None
    least: float = 0.0
    most: float = 1.0

    def clause(self) -> tuple[str, list[Any]]:
        """Return a condition on the queue q with its discrepancies d, and the values in it."""
        parts: list[str] = ["1"]
        values: list[Any] = []
        for column, names in (("coalesce(d.kind, '')", self.kinds), ("q.layer", self.layers)):
            if names:
                parts.append(f"{column} IN ({', '.join('?' * len(names))})")
                values += names
        if self.region is not None:
            xmin, ymin, xmax, ymax = self.region
            parts.append("q.xmax >= ? AND q.xmin <= ? AND q.ymax >= ? AND q.ymin <= ?")
            values += [xmin, xmax, ymin, ymax]
        if self.least > 0 or self.most < 1:
            parts.append("d.probability BETWEEN ? AND ?")
            values += [self.least, self.most]
        return " AND ".join(parts), values


EVERYTHING = Wanted()


@dataclass(frozen=True)
class Choice:
    """How many items of the queue are of a kind and layer."""

    kind: str
    layer: str
    count: int


def next_open(ledger: Ledger, wanted: Wanted = EVERYTHING, after_rank: int = 0) -> tuple[int, int] | None:
    """Return rank and page of the next item that is wanted and not decided; None where there is none."""
    clause, values = wanted.clause()
    rows = ledger.read(f"SELECT q.rank, q.page {_ITEMS} WHERE q.rank > ? AND {clause} AND {_OPEN}"  # nosec B608
                       " ORDER BY q.rank LIMIT 1", (after_rank, *values))
    return (rows[0][0], rows[0][1]) if rows else None


def page_of(ledger: Ledger, rank: int) -> int:
    """Return the page that an item stands on; 0 where the queue has no such item."""
    rows = ledger.read("SELECT page FROM queue WHERE rank = ?", (rank,))
    return rows[0][0] if rows else 0


def counts(ledger: Ledger, wanted: Wanted = EVERYTHING) -> tuple[int, int]:
    """Return how many wanted items the queue has, and how many of them are not decided."""
    clause, values = wanted.clause()
    row = ledger.read(f"SELECT count(*), coalesce(sum({_OPEN}), 0) {_ITEMS} WHERE {clause}", values)[0]  # nosec B608
    return row[0], row[1]


def choices(ledger: Ledger) -> Sequence[Choice]:
    """Return what there is to filter by."""
    rows = ledger.read(f"SELECT coalesce(d.kind, ''), q.layer, count(*) {_ITEMS} GROUP BY 1, 2"  # nosec B608
                       " ORDER BY 1, 2")
    return [Choice(*row) for row in rows]


def decided_since(ledger: Ledger, at: str) -> int:
    """Return how many decisions were made one by one since a time (UTC, as the ledger writes it)."""
    return int(ledger.read("SELECT count(*) FROM decisions WHERE at >= ? AND drawn_as != 'bulk'", (at,))[0][0])


def newest_decision(ledger: Ledger) -> int:
    """Return the id of the newest decision, 0 where there is none: whether anybody has decided since is one look."""
    return int(ledger.read("SELECT coalesce(max(id), 0) FROM decisions")[0][0])
