"""The journal: every edit that is written into a layer, with the feature before and after it. Standard library only."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..errors import LedgerError
from .records import JournalLine, dumps, now

if TYPE_CHECKING:
    from .ledger import Ledger

UNDOING = "being taken back by "
"""Why a committed line is not finished: an undo was to take it back; its name follows."""


class Journal:
    """The journal of a ledger: lines are planned before a layer is committed, and brought up to what became of them."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def append(self, lines: Sequence[JournalLine]) -> list[int]:
        """Append lines; return their ids. Called before the layer is committed."""
        with self._ledger.writing() as db:
            first, at = int(db.execute("SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'edits'"
                                       ).fetchone()[0]), now()
            ids = list(range(first, first + len(lines)))
            db.executemany(
                "INSERT INTO edits (id, push, uid, target_layer, target_source, target_key, fid, edit, command,"
                " before_wkb, before_json, after_wkb, after_json, model, reviewer, state, why, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(number, line.push, line.uid, line.target_layer, line.target_source, line.target_key, line.fid,
                  line.edit, line.command, *_images(line), line.model, line.reviewer, line.state, line.why, at)
                 for number, line in zip(ids, lines, strict=True)])
        return ids

    def update(self, lines: Sequence[JournalLine], as_written: Sequence[JournalLine] = ()) -> None:
        """Rewrite what is known of lines that stand here: feature id, images, state and why. Of the lines
        ``as_written`` the images stand there already.
        """
        with self._ledger.writing() as db:
            at = now()
            images = "before_wkb = ?, before_json = ?, after_wkb = ?, after_json = ?, "
            for some, also in ((lines, images), (as_written, "")):
                changed = db.executemany(
                    f"UPDATE edits SET {also}fid = ?, state = ?, why = ?,"  # nosec B608 - a constant
                    " committed_at = coalesce(?, committed_at), undone_at = coalesce(?, undone_at) WHERE id = ?",
                    [(*(_images(line) if also else ()), line.fid, line.state, line.why,
                      *(at if line.state == state else None for state in ("committed", "undone")), line.id)
                     for line in some]).rowcount
                if some and changed != len(some):
                    raise LedgerError(f"The journal of {self._ledger.path} lacks lines to be updated; nothing was "
                                      "changed.")

    def set_why(self, ids: Sequence[int | None], why: str) -> None:
        """Note on lines what is being done to them."""
        with self._ledger.writing() as db:
            db.executemany("UPDATE edits SET why = ? WHERE id = ?", [(why, line) for line in ids])

    def plan_undo(self, target_layer: str, which: str = "last", target_source: str | None = None) -> list[JournalLine]:
        """Return the committed lines of a layer, the last first.

        ``which``: ``all``, ``last`` (the last push that has something left to undo), a push's id, or a uid.
        With ``target_source`` only what was pushed into that address.
        """
        rows = self._ledger.read(
            "SELECT * FROM edits WHERE target_layer = ? AND state = 'committed' AND (? IS NULL OR target_source = ?)"
            " ORDER BY id DESC", (target_layer, target_source, target_source))
        if which == "last" and rows:
            which = rows[0]["push"]
        return [_line(row) for row in rows if which in ("all", row["push"], row["uid"])]

    def unfinished(self, target_source: str) -> list[JournalLine]:
        """The lines of pushes into an address that were cut off before their end was journalled, the first first."""
        rows = self._ledger.read("SELECT * FROM edits WHERE target_source = ? AND state = 'planned' ORDER BY id",
                                 (target_source,))
        return [_line(row) for row in rows]

    def being_undone(self, target_source: str) -> list[JournalLine]:
        """The lines that an undo at an address was taking back when it was cut off, the first first."""
        rows = self._ledger.read("SELECT * FROM edits WHERE target_source = ? AND state = 'committed'"
                                 " AND substr(why, 1, ?) = ? ORDER BY id", (target_source, len(UNDOING), UNDOING))
        return [_line(row) for row in rows]

    def pushed_into(self) -> list[tuple[str, str]]:
        """Name and address of every layer or copy that was ever pushed into."""
        rows = self._ledger.read("SELECT target_layer, target_source FROM edits GROUP BY 1, 2 ORDER BY min(id)")
        return [(row[0], row[1]) for row in rows]

    def abandon(self, push: str, why: str) -> None:
        """Say that nothing of a push stands: it broke off, and its target is as it was."""
        with self._ledger.writing() as db:
            db.execute(
                "UPDATE edits SET state = 'failed', why = ? WHERE push = ? AND state IN ('planned', 'committed')",
                (why, push),
            )

    def supersede(self, target_source: str, push: str) -> None:
        """Say that a copy was replaced as a whole by the copy of ``push``: what was pushed into the old one is gone."""
        with self._ledger.writing() as db:
            db.execute("UPDATE edits SET state = 'failed', why = ? WHERE target_source = ? AND push != ?"
                       " AND state IN ('planned', 'committed')",
                       (f"This copy was replaced by the copy of push {push}.", target_source, push))


def _images(line: JournalLine) -> tuple[bytes | None, str | None, bytes | None, str | None]:
    """The feature before and after, as the table keeps them."""
    before, after = (None if values is None else dumps(values) for values in (line.before_values, line.after_values))
    return line.before_wkb, before, line.after_wkb, after


def _line(row: sqlite3.Row) -> JournalLine:
    def values(text: str | None) -> dict[str, Any] | None:
        return None if text is None else dict(json.loads(text))

    return JournalLine(
        push=row["push"], uid=row["uid"], target_layer=row["target_layer"], target_source=row["target_source"],
        edit=row["edit"], command=row["command"], target_key=row["target_key"], fid=row["fid"],
        before_wkb=row["before_wkb"], before_values=values(row["before_json"]), after_wkb=row["after_wkb"],
        after_values=values(row["after_json"]), model=row["model"] or "", reviewer=row["reviewer"] or "",
        state=row["state"], why=row["why"] or "", id=row["id"])
