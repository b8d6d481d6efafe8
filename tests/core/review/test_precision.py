"""Precision by the random audit: unbiased where what was chosen for review flatters the flags."""

from __future__ import annotations

import numpy as np
import pytest

from geoloop.core.ledger import queue as table
from geoloop.core.review import make_queue
from geoloop.core.review.open_flags import standing
from geoloop.core.review.precision import flag_precision


def told(ledger, at_least=0.0):
    flags, decisions = table.flags(ledger), table.decisions(ledger)
    found = flag_precision(flags, standing(flags, decisions), decisions, table.draws(ledger), at_least)
    return {one.kind: one for one in found}


def test_the_audit_tells_the_share_that_reviewing_the_surest_first_overstates(make, a_flag, houses):
    random = np.random.default_rng(3)
    shown = random.uniform(0.1, 0.95, 400)
    real = random.random(400) < shown * 0.6  # the probabilities promise too much
    flags = [a_flag(f"d{n}", (20.0 * (n % 20), 20.0 * (n // 20)), probability=float(p)) for n, p in enumerate(shown)]
    ledger = make(flags)
    with ledger:
        make_queue(ledger, houses(flags, 50), size=200, audit_share=0.5, seed=1)
        for item in table.rows(ledger):
            is_real = item.uid is not None and bool(real[int(item.uid[1:])])
            table.decide(ledger, [item.rank], "accept" if is_real else "reject")
        one = told(ledger)[""]
    true = float(real.mean())
    assert one.low <= true <= one.high
    assert abs(one.share - true) < abs(one.confirmed / one.decided - true)
    assert one.flags == 400
    assert 60 <= one.audited <= 100


def test_a_kind_of_which_each_one_was_decided_is_known_exactly(make, a_flag, houses):
    flags = [a_flag(f"d{n}", (20.0 * n, 0.0), kind="missing" if n < 4 else "obsolete") for n in range(8)]
    with make(flags) as ledger:
        make_queue(ledger, houses(flags, 10), size=2, audit_share=0.1, seed=0)
        ledger.decide(["d0", "d1", "d2"], "accept", drawn_as="queue")
        ledger.decide(["d3"], "reject", drawn_as="queue")
        found = told(ledger)
    assert (found["missing"].share, found["missing"].low, found["missing"].high) == (0.75, 0.75, 0.75)
    assert found["obsolete"].share is None
    assert found["obsolete"].decided == 0


def test_decisions_in_bulk_and_unsure_ones_tell_nothing(make, a_flag):
    with make([a_flag("a"), a_flag("b", (50.0, 0.0))]) as ledger:
        ledger.decide(["a"], "accept")
        ledger.decide(["b"], "unsure", drawn_as="queue")
        assert told(ledger)[""].decided == 0
        assert told(ledger)[""].share is None


@pytest.mark.parametrize(("at_least", "count"), [(0.0, 3), (0.5, 2), (0.95, 0)])
def test_only_flags_at_or_above_the_threshold_count(make, a_flag, at_least, count):
    flags = [a_flag(f"d{n}", (50.0 * n, 0.0), probability=p) for n, p in enumerate((0.2, 0.5, 0.9))]
    with make(flags) as ledger:
        found = told(ledger, at_least)
    assert (found[""].flags if found else 0) == count
