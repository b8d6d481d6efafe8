"""What a reviewer changed of a proposal before accepting it; append only, like the decisions that it belongs to.

The table is made with the first amendment. An amendment counts as long as its decision is the newest on its
discrepancy: who decides again without it takes the engine's proposal, or none.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from . import geopackage, schema
from .records import Discrepancy, dumps

if TYPE_CHECKING:
    from .ledger import Ledger

OUTLINED = ("add", "move", "reshape")
VALUED = ("add", "retag", "set_value", "move", "reshape")
"""Edits that set a geometry, and edits that set values."""
SHAPED_KINDS = ("shifted", "reshaped", "invalid")
"""Kinds of which a flag without an edit asks for an outline: the engine does not know where or how."""

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


def takes_outline(edit: str, kind: str, *, has_feature: bool, has_proposal: bool) -> bool:
    """Whether the geometry that a discrepancy proposes can be another one."""
    return has_proposal and (edit in OUTLINED or (edit == "flag" and has_feature and kind in SHAPED_KINDS))


def takes_values(edit: str, kind: str, *, has_feature: bool) -> bool:
    """Whether the values that a discrepancy proposes, or asks for, can be other ones."""
    return edit in VALUED or (edit == "flag" and has_feature and kind == "wrong_value")


def edit_of(edit: str, *, is_shaped: bool) -> str:
    """The edit that a changed proposal stands for: a moved feature with another outline is reshaped, and a flag without
    an edit becomes one.
    """
    if edit == "flag" or (edit == "move" and is_shaped):
        return "reshape" if is_shaped else "set_value"
    return edit


def class_of(edit: str, proposed: Mapping[str, Any], class_proposed: str | None, values: Mapping[str, Any],
             changed: Collection[str]) -> str | None:
    """The class that goes with ``values``, of which some were ``changed``: where the one value that was ``proposed``
    says the class, its new text.
    """
    if not changed or len(values) != 1 or edit not in ("retag", "add"):
        return class_proposed
    (name,) = changed
    return str(values[name]) if str(proposed.get(name)) == str(class_proposed) else class_proposed


def amended(d: Discrepancy, proposal: bytes | None, values: Mapping[str, Any]) -> Amendment:
    """Return a discrepancy's proposal with another geometry (None: as it is) and these values in place of its own.

    Raises :class:`InputError` where it proposes none that could be another.
    """
    known = {"has_feature": d.target_key is not None}
    if (proposal is not None and not takes_outline(d.edit, d.kind, has_proposal=d.proposal is not None, **known)) or (
            values and not takes_values(d.edit, d.kind, **known)):
        raise InputError(f"The discrepancy {d.uid} proposes nothing that could be changed so ({d.edit}).")
    after = {**d.after_values, **values}
    changed = {name for name, value in values.items() if value != d.after_values.get(name)}
    return Amendment(edit_of(d.edit, is_shaped=proposal is not None), d.proposal if proposal is None else proposal,
                     after, class_of(d.edit, d.after_values, d.class_proposed, after, changed))
