"""What the queue asks again, and when it says that it is time to stop."""

from __future__ import annotations

import pytest

from geoloop.core.ledger import queue as table
from geoloop.core.review import make_queue


def queue(ledger, size, features=()):
    return make_queue(ledger, list(features), size=size, audit_share=0.1 if features else 0.0, seed=0)


def uids(ledger):
    return {item.uid for item in table.rows(ledger)}


@pytest.fixture
def reviewed(make, a_flag):
    """200 flags decided once and rightly; the surest of ten was turned down, the faintest of ten accepted."""
    flags = [a_flag(f"d{n}", (200.0 * n, 0), probability=0.9 if n < 100 else 0.1) for n in range(200)]
    more = [a_flag(f"new{n}", (200.0 * n, 900.0), probability=0.1) for n in range(120)]
    ledger = make([*flags, *more])
    ledger.decide([f"d{n}" for n in range(10, 100)], "accept", drawn_as="queue")
    ledger.decide([f"d{n}" for n in (*range(10), *range(110, 200))], "reject", drawn_as="queue")
    ledger.decide([f"d{n}" for n in range(100, 110)], "accept", drawn_as="queue")
    return ledger


DOUBTFUL = {f"d{n}" for n in (*range(10), *range(100, 110))}


def test_a_few_of_the_least_sure_decisions_come_again_like_any_other(reviewed) -> None:
    with reviewed as ledger:
        made = queue(ledger, 100)
        again = uids(ledger) & {f"d{n}" for n in range(200)}
        assert made.again == len(again) == 3
        assert again < DOUBTFUL
        items = [item for page in range(1, made.pages + 1) for item in table.page(ledger, page)]
        assert {item.decision for item in items} == {""}  # what was said before is not shown


def test_the_more_a_reviewer_contradicts_himself_the_more_is_asked_again(reviewed) -> None:
    with reviewed as ledger:
        for word, some in (("accept", range(8)), ("reject", range(100, 108))):
            ledger.decide([f"d{n}" for n in some], word, drawn_as="queue")
        made = queue(ledger, 100)
        assert made.error > 0.05
        assert uids(ledger) & DOUBTFUL >= {"d8", "d9", "d108", "d109"}


def test_who_says_the_same_again_is_believed_and_left_alone(reviewed) -> None:
    with reviewed as ledger:
        before = queue(ledger, 100).error
        ledger.decide([f"d{n}" for n in range(10)], "reject", drawn_as="queue")
        ledger.decide([f"d{n}" for n in range(100, 110)], "accept", drawn_as="queue")
        assert queue(ledger, 100).error < before
        assert not uids(ledger) & DOUBTFUL


def test_what_was_flagged_anew_is_not_asked_in_its_old_form(make, a_flag) -> None:
    first = [a_flag("old", target_key="k", probability=0.95), a_flag("other", (500, 0), probability=0.95)]
    with make(first, [a_flag("anew", target_key="k", signature="changed")]) as ledger:
        ledger.decide(["old", "other"], "reject", drawn_as="queue")
        queue(ledger, 100)
        assert uids(ledger) == {"anew", "other"}


def test_a_queue_of_flags_that_are_mostly_false_says_so(reviewed, make) -> None:
    with reviewed as ledger:
        assert not queue(ledger, 100).hardly_worth_it
        for word, some in (("accept", range(10)), ("reject", range(100, 110))):
            ledger.decide([f"d{n}" for n in some], word, drawn_as="queue")
        ledger.decide([f"new{n}" for n in range(60)], "reject", drawn_as="queue")
        made = queue(ledger, 60)
        assert made.slips > made.real
        assert made.hardly_worth_it
