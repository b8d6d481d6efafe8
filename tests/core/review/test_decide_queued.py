"""Reviewing by the queue: pages to look at, decisions that know how they were drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geoloop.core.errors import InputError
from geoloop.core.ledger import queue as table
from geoloop.core.review import make_queue


@pytest.fixture
def queued(make, a_flag, houses):
    flags = [a_flag(f"d{n}", (15.0 * n, 0), evidence={"sentence": f"No roof at {n}."}) for n in range(40)]
    ledger = make(flags)
    make_queue(ledger, houses(flags, 400), size=40, audit_share=0.25, seed=3)
    yield ledger
    ledger.close()


def stored(ledger):
    rows = ledger.read("SELECT uid, layer, key, decision, drawn_as, inclusion_probability, seconds FROM decisions"
                       " ORDER BY id")
    return [tuple(row) for row in rows]


def test_a_page_shows_all_but_how_its_items_were_drawn(queued, a_square):
    items = [item for number in range(1, table.pages(queued) + 1) for item in table.page(queued, number)]
    assert [item.rank for item in items] == list(range(1, 41))
    flagged = next(item for item in items if item.uid == "d7")
    assert flagged.evidence["sentence"] == "No roof at 7."
    assert flagged.proposal == a_square(105.0, 0)
    assert flagged.box == (105.0, 0.0, 115.0, 10.0)
    assert flagged.key == "key of d7"
    assert any(item.uid is None and item.key and item.box for item in items)
    assert not {"drawn_as", "inclusion_probability", "value"} & set(vars(items[0]))


def test_a_decision_keeps_how_its_item_was_drawn(queued):
    items = {item.rank: item for item in table.rows(queued)}
    unflagged = next(item for item in items.values() if item.uid is None)
    plain = next(item for item in items.values() if item.drawn_as == "queue")
    table.decide(queued, [unflagged.rank], "accept", seconds=4.0)
    table.decide(queued, [plain.rank], "reject", reason="a shadow")
    assert stored(queued) == [
        (None, "houses", unflagged.key, "accept", "audit", unflagged.inclusion_probability, 4.0),
        (plain.uid, None, None, "reject", "queue", None, None)]
    assert queued.status()[plain.uid] == "rejected"


def test_a_page_tells_what_was_decided_since_the_queue_was_made(queued):
    first = table.page(queued, 1)
    table.decide(queued, [first[0].rank], "unsure")
    assert table.page(queued, 1)[0].decision == "unsure"


def test_an_item_that_is_not_there_and_nothing_is_recorded(queued):
    with pytest.raises(InputError, match="has no item 41; nothing was recorded"):
        table.decide(queued, [1, 41], "accept")
    with pytest.raises(InputError, match="must be one of"):
        table.decide(queued, [1], "perhaps")
    assert stored(queued) == []
    with pytest.raises(InputError, match="has no page 99"):
        table.page(queued, 99)


def test_what_was_looked_at_is_not_decided_once_the_queue_holds_another_in_its_place(queued, houses):
    looked_at = table.page(queued, 1)[:2]
    first, *rest = table.rows(queued)
    table.write(queued, [replace(row, rank=rank) for rank, row in enumerate([*rest, first], 1)], (), (), 0)
    with pytest.raises(table.QueueMadeAnewError, match="made anew meanwhile; nothing was recorded"):
        table.decide(queued, [item.rank for item in looked_at], "accept", seen=looked_at)
    assert stored(queued) == []
    now = table.page(queued, 1)[:2]
    assert table.decide(queued, [item.rank for item in now], "accept", seen=now) == 2


def test_without_a_queue_that_is_said(make, a_flag):
    with make([a_flag("a")]) as ledger:
        assert table.rows(ledger) == []
        assert table.pages(ledger) == 0
        with pytest.raises(InputError, match="has no page 1"):
            table.page(ledger, 1)
        with pytest.raises(InputError, match="has no queue"):
            table.decide(ledger, [1], "accept")
