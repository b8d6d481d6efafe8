"""Error rates come from the random audit, whatever the reviewers were shown beside it."""

from __future__ import annotations

import numpy as np
import pytest

from geoloop.core.ledger import Ledger, Round, SourceRow
from geoloop.core.ledger import queue as table
from geoloop.core.review import error_rates, make_queue
from geoloop.core.review.audit import audit_size, draw, inclusion

FEATURES, ERRORS, FLAGS = 1000, 150, 200


@pytest.fixture
def town(a_flag):
    """1000 houses, 150 of them wrong: the layer is right to 85 %. Of 200 flags 128 are real, 22 errors unflagged."""
    flags = [a_flag(f"d{n}", (20.0 * n, 0.0), probability=0.9 if n < 100 else 0.4) for n in range(FLAGS)]
    real = {f"d{n}" for n in [*range(88), *range(100, 140)]} | {f"house {n}" for n in range(22)}
    return flags, real


def review(ledger, real, only=None):
    for item in table.rows(ledger):
        if only is None or item.rank <= only:
            table.decide(ledger, [item.rank], "accept" if (item.uid or item.key) in real else "reject")


def overall(ledger):
    (rate,) = [r for r in error_rates(ledger) if (r.layer, r.thing, r.kind) == ("houses", "feature", "")]
    return rate


def test_reviewed_flags_alone_make_a_good_layer_look_bad_and_the_audit_does_not(make, town, houses):
    flags, real = town
    with make(flags) as ledger:
        for seed in range(3):
            make_queue(ledger, houses(flags, FEATURES - FLAGS), size=100, audit_share=0.25, seed=seed)
            review(ledger, real)
        shown = [row[0] for row in ledger.read("SELECT decision FROM decisions WHERE drawn_as = 'queue'")]
        naive = 1 - np.mean(np.array(shown) == "accept")
        rate = overall(ledger)
        assert naive == pytest.approx(0.36, abs=0.06)
        assert 1 - rate.rate == pytest.approx(0.85, abs=0.04)
        assert rate.low < 0.15 < rate.high
        assert rate.elements == FEATURES
        assert rate.errors == pytest.approx(1000 * rate.rate)


@pytest.fixture
def estimates(tmp_path, plane, town, houses):
    """Estimates of many audits of the town, each after a biased review of flags."""
    flags, real = town
    found = []
    for seed in range(60):
        with Ledger.create(tmp_path / f"{seed}.gpkg", plane) as ledger:
            ledger.add_round(Round("flag", 0, {}), [SourceRow("map", "houses", "h")], (), flags)
            ledger.decide([f"d{n}" for n in range(40)], "accept", drawn_as="queue")
            make_queue(ledger, houses(flags, FEATURES - FLAGS), size=60, audit_share=1.0, seed=seed)
            accepted = [i.rank for i in table.rows(ledger) if (i.uid or i.key) in real]
            table.decide(ledger, accepted, "accept")
            table.decide(ledger, sorted({i.rank for i in table.rows(ledger)} - set(accepted)), "reject")
            found.append(overall(ledger))
    return found


def test_the_estimate_is_unbiased_and_its_interval_holds_the_truth_as_often_as_it_says(estimates):
    rates = np.array([e.rate for e in estimates])
    assert rates.mean() == pytest.approx(0.15, abs=3 * rates.std() / np.sqrt(len(rates)))
    covered = np.mean([e.low <= 0.15 <= e.high for e in estimates])
    assert covered >= 0.8
    assert all(e.known == 40 and e.audited == 60 for e in estimates)


def test_a_review_broken_off_still_gives_a_rate(make, town, houses):
    flags, real = town
    with make(flags) as ledger:
        make_queue(ledger, houses(flags, FEATURES - FLAGS), size=400, audit_share=1.0, seed=1)
        assert error_rates(ledger) == []
        review(ledger, real, only=200)
        rate = overall(ledger)
        assert 150 <= rate.audited <= 200
        assert rate.rate == pytest.approx(0.15, abs=0.06)


def test_kinds_are_told_apart_and_errors_that_no_flag_tells_of_are_counted(make, a_flag, houses):
    flags = [a_flag("a"), a_flag("b", (50, 0), kind="wrong_class"), a_flag("c", (99, 0)),
             a_flag("gap", (150, 0), kind="missing", target_key=None, signature=None)]
    with make(flags) as ledger:
        make_queue(ledger, houses(flags, 7), size=100, audit_share=1.0, seed=0)  # everything is looked at
        review(ledger, {"a", "b", "gap", "house 3"})
        assert {(r.thing, r.kind): round(r.rate, 6) for r in error_rates(ledger)} == {
            ("feature", ""): 0.3, ("feature", "obsolete"): 0.1, ("feature", "wrong_class"): 0.1,
            ("feature", "unflagged"): 0.1, ("place", ""): 1.0, ("place", "missing"): 1.0}


def test_decisions_in_bulk_and_unsure_ones_are_no_answers(make, town, houses):
    flags, _ = town
    with make(flags) as ledger:
        make_queue(ledger, houses(flags, FEATURES - FLAGS), size=100, audit_share=1.0, seed=1)
        ledger.decide([f.uid for f in flags], "accept")
        table.decide(ledger, range(1, 101), "unsure")
        assert error_rates(ledger) == []


def test_a_draw_replaced_before_any_decision_counts_once(make, town, houses):
    flags, real = town
    with make(flags) as ledger:
        for _ in range(3):
            make_queue(ledger, houses(flags, FEATURES - FLAGS), size=80, audit_share=1.0, seed=1)
        review(ledger, real)
        assert overall(ledger).audited == 80


def test_the_audit_draws_nothing_that_was_looked_at_before(make, town, houses):
    flags, real = town
    with make(flags) as ledger:
        seen = set()
        for seed in range(4):
            make_queue(ledger, houses(flags, FEATURES - FLAGS), size=100, audit_share=1.0, seed=seed)
            drawn = {item.uid or item.key for item in table.rows(ledger) if item.drawn_as == "audit"}
            assert drawn
            assert not drawn & seen
            seen |= {item.uid or item.key for item in table.rows(ledger)}
            review(ledger, real)
        assert overall(ledger).rate == pytest.approx(0.15, abs=0.04)


def test_every_element_has_a_chance_and_is_drawn_as_often_as_it_says():
    random = np.random.default_rng(0)
    probability = np.concatenate([np.full(200, 0.03), random.uniform(0.05, 0.95, 40)])
    chance = inclusion(probability, 30)
    assert chance.min() > 0
    assert chance.sum() == pytest.approx(30)
    drawn = np.zeros(len(chance))
    strata = np.repeat([0.0, 1.0], [200, 40])
    for _ in range(3000):
        rows = draw(chance, strata, random)
        assert len(rows) == 30
        drawn[rows] += 1
    assert np.abs(drawn / 3000 - chance).max() < 0.04
    assert (inclusion(probability, 500) == 1).all()


@pytest.mark.parametrize(("size", "share", "count"), [(100, 0.1, 10), (101, 0.1, 11), (10, 0.1, 1), (9, 0.1, 0),
                                                      (5, 0.4, 2), (3, 1.0, 3), (70, 0.1, 7)])
def test_at_least_the_share_is_audited_unless_the_queue_is_tiny(size, share, count):
    assert audit_size(size, share) == count
