"""Asking the queue for what is wanted: nothing else is read."""

from __future__ import annotations

import pytest

from geoloop.core.errors import InputError
from geoloop.core.ledger import queue as table
from geoloop.core.ledger.queue import QueueRow
from geoloop.core.ledger.queue_filter import (
    EVERYTHING,
    UNFLAGGED,
    Choice,
    Wanted,
    choices,
    counts,
    decided_since,
    newest_decision,
    next_open,
    page_of,
)


@pytest.fixture
def queued(make, a_flag):
    """Six items on three pages: two kinds in two layers from west to east, the last one a feature nothing flags."""
    ledger = make(*(a_flag(f"d{n}", kind="missing" if n % 2 else "obsolete", probability=0.9 - n / 10,
                           target_layer="houses" if n < 3 else "roads") for n in range(5)))
    rows = [QueueRow(n + 1, n // 2 + 1, "houses" if n < 3 else "roads", f"d{n}", None, "queue", None, 1.0, 8.0,
                     (10.0 * n, 0.0, 10.0 * n + 5, 5.0)) for n in range(5)]
    rows.append(QueueRow(6, 3, "roads", None, "w7", "audit", 0.1, 1.0, 8.0, None))
    table.write(ledger, rows, [], [], 0)
    yield ledger
    ledger.close()


def ranks(ledger, wanted):
    found, after = [], 0
    while (item := next_open(ledger, wanted, after)) is not None:
        after = item[0]
        found.append(after)
    return found


@pytest.mark.parametrize(("wanted", "expected"), [
    (EVERYTHING, [1, 2, 3, 4, 5, 6]),
    (Wanted(kinds=("missing",)), [2, 4]),
    (Wanted(kinds=("missing", UNFLAGGED)), [2, 4, 6]),
    (Wanted(layers=("roads",)), [4, 5, 6]),
    (Wanted(region=(12.0, 1.0, 31.0, 2.0)), [2, 3, 4]),
    (Wanted(least=0.6), [1, 2, 3, 4]),
    (Wanted(most=0.65), [4, 5]),
    (Wanted(kinds=("missing",), layers=("roads",), least=0.1), [4]),
    (Wanted(kinds=("it's",)), []),
])
def test_each_filter_leaves_what_it_says(queued, wanted, expected):
    assert ranks(queued, wanted) == expected
    assert counts(queued, wanted) == (len(expected), len(expected))


def test_what_was_decided_since_the_queue_was_made_is_no_longer_open(queued):
    table.decide(queued, [1, 6], "accept")
    assert ranks(queued, EVERYTHING) == [2, 3, 4, 5]
    assert counts(queued, EVERYTHING) == (6, 4)


def test_a_page_holds_what_is_wanted_of_it(queued):
    assert [item.rank for item in table.page(queued, 2)] == [3, 4]
    assert [item.rank for item in table.page(queued, 2, Wanted(kinds=("missing",)))] == [4]
    assert table.page(queued, 2, Wanted(layers=("rivers",))) == []
    with pytest.raises(InputError, match="no page 4; it has 3"):
        table.page(queued, 4)
    assert (page_of(queued, 5), page_of(queued, 7)) == (3, 0)


def test_it_tells_what_there_is_to_choose_from(queued):
    assert choices(queued) == [Choice("", "roads", 1), Choice("missing", "houses", 1), Choice("missing", "roads", 1),
                               Choice("obsolete", "houses", 2), Choice("obsolete", "roads", 1)]


def test_the_last_hour_counts_decisions_one_by_one(queued):
    table.decide(queued, [1, 2], "reject")
    queued.decide(["d4"], "accept")
    assert decided_since(queued, "2000-01-01") == 2
    assert decided_since(queued, "2999-01-01") == 0
    assert newest_decision(queued) == 3
