"""What a reviewer changed of a proposal before accepting it; append only, like the decisions that it belongs to.

The table is made with the first amendment. An amendment counts as long as its decision is the newest on its
discrepancy: who decides again without it takes the engine's proposal, or none.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from . import geopackage, schema
from .records import Discrepancy, dumps

if TYPE_CHECKING:
    from .ledger import Ledger

AMENDMENTS_TABLE = """
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, decision INTEGER NOT NULL UNIQUE, uid TEXT NOT NULL,
  edit TEXT NOT NULL, class_proposed TEXT, proposal_wkb BLOB, after_json TEXT NOT NULL"""


@dataclass(frozen=True)
class Amendment:
    """The proposal as the reviewer left it: WKB in the ledger's CRS, and the values that the edit shall set."""

    edit: str
    proposal: bytes | None
    after_values: dict[str, Any] = field(default_factory=dict)
    class_proposed: str | None = None

    def of(self, d: Discrepancy) -> Discrepancy:
        """Return the discrepancy with this proposal in place of the engine's."""
        return replace(d, edit=self.edit, proposal=self.proposal, after_values=self.after_values,
                       class_proposed=self.class_proposed)


def record(db: sqlite3.Connection, decision: int, uid: str, amendment: Amendment) -> None:
    """Append an amendment within the transaction that records its decision."""
    if amendment.edit not in schema.EDITS:
        raise InputError(f"The edit must be one of {', '.join(schema.EDITS)}, not {amendment.edit!r}.")
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'amendments'").fetchone():
        geopackage.add_table(db, "amendments", AMENDMENTS_TABLE, "Proposals as reviewers changed them; append only")
        db.execute("CREATE INDEX amendments_uid ON amendments (uid)")
    db.execute("INSERT INTO amendments (decision, uid, edit, class_proposed, proposal_wkb, after_json)"
               " VALUES (?, ?, ?, ?, ?, ?)",
               (decision, uid, amendment.edit, amendment.class_proposed, amendment.proposal,
                dumps(amendment.after_values)))


def standing(ledger: Ledger, uid: str | None = None) -> dict[str, Amendment]:
    """Return the amendments that count now, by uid (of one discrepancy)."""
    if not ledger.read("SELECT 1 FROM sqlite_master WHERE name = 'amendments'"):
        return {}
    rows = ledger.read(
        "SELECT a.* FROM amendments a WHERE (? IS NULL OR a.uid = ?)"
        " AND a.decision = (SELECT max(e.id) FROM decisions e WHERE e.uid = a.uid)", (uid, uid))
    return {row["uid"]: Amendment(row["edit"], row["proposal_wkb"], json.loads(row["after_json"]),
                                  row["class_proposed"]) for row in rows}
