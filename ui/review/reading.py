"""Where a reviewer stands in the queue: one page is read at a time, whatever the queue's length."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ...core.errors import LedgerError, first_line
from ...core.ledger import Ledger
from ...core.ledger import queue as table
from ...core.ledger.amendments import Amendment
from ...core.ledger.queue import PageItem
from ...core.ledger.queue_filter import EVERYTHING, Wanted, next_open, page_of
from ...processing_provider.translation import tr

PATIENCE_S = 1.0
"""How long the window waits for a ledger that another program holds, before it says so."""


@contextmanager
def opened(path: Path) -> Iterator[Ledger]:
    """Open the ledger for one short question or note: between two of them anybody may write, move or delete it.

    Raises :class:`LedgerError` for whatever SQLite finds wrong.
    """
    try:
        with Ledger.open(path, timeout_s=PATIENCE_S) as ledger:
            yield ledger
    except sqlite3.Error as error:
        raise LedgerError(tr("The ledger {path} cannot be used ({why}); close other programs that hold it, or open "
                             "another.").format(path=path, why=first_line(error))) from error


class Reading:
    """The page that is shown, the item looked at, and the way that led there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.wanted: Wanted = EVERYTHING
        self.items: list[PageItem] = []
        self._at = -1
        self._left_behind: list[int] = []
        self._skipped: set[int] = set()

    @property
    def current(self) -> PageItem | None:
        """The item looked at; None where the queue is at its end."""
        return self.items[self._at] if 0 <= self._at < len(self.items) else None

    @property
    def can_go_back(self) -> bool:
        """Whether an item was looked at before this one."""
        return bool(self._left_behind)

    def begin(self, wanted: Wanted = EVERYTHING) -> None:
        """Go to the first open item that is wanted."""
        self.wanted, self._left_behind, self._skipped = wanted, [], set()
        self._go_to_open(0)

    def advance(self) -> None:
        """Go on to the next open item: on this page, then on the next; at the end to what was skipped."""
        here = self.current
        if here is None:
            self._go_to_open(0)
            return
        left = [at for at, item in enumerate(self.items) if not item.decision and item.rank not in self._skipped
                and item is not here]
        if left:
            self._at = next((at for at in left if at > self._at), left[0])
        else:
            self._go_to_open(self.items[-1].rank)
        self._left_behind.append(here.rank)

    def skip(self) -> None:
        """Go on without a decision on this item; it comes back at the end."""
        if self.current is not None:
            self._skipped.add(self.current.rank)
        self.advance()

    def back(self) -> None:
        """Go back to the item looked at before, decided or not."""
        if not self._left_behind:
            return
        rank = self._left_behind.pop()
        with opened(self.path) as ledger:
            number = page_of(ledger, rank)
            if not number:  # another queue was made meanwhile
                self._left_behind = []
                return
            self._show(table.page(ledger, number, self.wanted), rank)

    def choose(self, at: int) -> None:
        """Look at another item of this page."""
        if 0 <= at < len(self.items) and at != self._at:
            if self.current is not None:
                self._left_behind.append(self.current.rank)
            self._at = at

    def note(self, ranks: Sequence[int], decision: str, amendment: Amendment | None = None) -> None:
        """Show on the page what was just recorded; what is accepted once more stays as it was changed."""
        self.items = [replace(item, decision=decision, amendment=(amendment or item.amendment) if decision == "accept"
                              else None) if item.rank in ranks else item for item in self.items]

    def _go_to_open(self, after: int) -> None:
        with opened(self.path) as ledger:
            found = next_open(ledger, self.wanted, after) if table.made(ledger) else None
            if found is None and after:
                self._skipped = set()
                found = next_open(ledger, self.wanted)
            if found is None:
                self.items, self._at = [], -1
                return
            rank, number = found
            self._show(table.page(ledger, number, self.wanted), rank)

    def _show(self, items: list[PageItem], rank: int) -> None:
        self.items = items
        self._at = next((at for at, item in enumerate(items) if item.rank == rank), 0 if items else -1)
