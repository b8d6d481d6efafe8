"""What the next items to review are, and what they are not."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter

import numpy as np
import pytest

from geoloop.core.errors import InputError, LedgerError
from geoloop.core.feedback import Feedback
from geoloop.core.jobs import run
from geoloop.core.ledger import geopackage
from geoloop.core.ledger import queue as table
from geoloop.core.review import Worth, make_queue
from geoloop.core.review.belief import believed, cases


def uids(ledger):
    return [item.uid for item in table.rows(ledger)]


def queue(ledger, size=9, features=(), **more):
    """A queue short enough to hold no audit, unless told otherwise."""
    return make_queue(ledger, list(features), size=size, audit_share=0.1, seed=more.pop("seed", 0), **more)


def test_only_the_top_kind_of_a_cause_is_queued(make, a_flag):
    flags = [a_flag("low", cause="c", probability=0.4), a_flag("top", cause="c", probability=0.6), a_flag("other")]
    with make(flags) as ledger:
        queue(ledger)
        assert sorted(uids(ledger)) == ["other", "top"]


def test_what_is_decided_leaves_the_queue_and_takes_its_rivals_along(make, a_flag):
    flags = [a_flag("a"), a_flag("b"), a_flag("top", cause="c", probability=0.6), a_flag("rival", cause="c")]
    with make(flags) as ledger:
        ledger.decide(["a"], "reject")
        ledger.decide(["rival"], "accept")
        queue(ledger)
        assert uids(ledger) == ["b"]


def test_the_like_of_a_rejected_one_never_comes_back(make, a_flag):
    place = {"kind": "missing", "target_key": None, "signature": None}
    lesson = {**place, "source": "imagery", "kind": "wrong_class", "edit": "label_patch"}
    first = [a_flag("old house", (0, 0), signature="same"), a_flag("old place", (500, 0), **place),
             a_flag("old lesson", (900, 0), target_layer="imagery of May", **lesson)]
    second = [
        a_flag("same house", (0, 0), signature="same"),
        a_flag("changed house", (0, 40), signature="other"),
        a_flag("same house, other kind", (0, 80), signature="same", kind="wrong_class"),
        a_flag("same place", (501, 0), **place),
        a_flag("other place", (540, 0), **place),
        a_flag("same house, other layer", (0, 0), signature="same", target_layer="cadastre"),
        a_flag("same place, other layer", (501, 0), target_layer="cadastre", **place),
        a_flag("same lesson", (901, 0), target_layer="imagery of June", **lesson),
    ]
    with make(first, second) as ledger:
        ledger.decide(["old house", "old place", "old lesson"], "reject")
        queue(ledger)
        assert sorted(uids(ledger)) == ["changed house", "other place", "same house, other kind",
                                        "same house, other layer", "same place, other layer"]


def test_a_newer_round_replaces_older_flags_where_it_reaches(make, a_flag):
    first = [a_flag("inside", (50, 50)), a_flag("far away", (5000, 5000)), a_flag("again", (9000, 0), target_key="k")]
    second = [a_flag("west", (0, 0)), a_flag("east", (100, 100)), a_flag("again, anew", (0, 0), target_key="k")]
    with make(first, second) as ledger:
        queue(ledger)
        assert sorted(uids(ledger)) == ["again, anew", "east", "far away", "west"]


def test_an_unsure_one_comes_once_more_after_many_other_decisions(make, a_flag):
    others = [a_flag(f"o{n}", (50.0 * n, 0)) for n in range(200)]
    with make([a_flag("unsure", (0, 900)), *others]) as ledger:
        ledger.decide(["unsure"], "unsure")
        queue(ledger)
        assert "unsure" not in uids(ledger)
        ledger.decide([f.uid for f in others], "reject")
        queue(ledger)
        assert uids(ledger) == ["unsure"]
        ledger.decide(["unsure"], "unsure")
        ledger.decide([f.uid for f in others], "reject")
        queue(ledger)
        assert uids(ledger) == []


def test_the_worthier_come_first(make, a_flag):
    flags = [a_flag("whole block", (0, 0), kind="common_shift", edit="move", area_m2=None),
             a_flag("house", (1000, 0)), a_flag("palace", (2000, 0), area_m2=40_000.0),
             a_flag("old", (3000, 0), kind="outdated"), a_flag("point", (4000, 0), area_m2=0.0),
             a_flag("lesson", (5000, 0), kind="wrong_class", edit="label_patch", source="imagery")]
    first = Counter()
    with make(flags) as ledger:
        for seed in range(40):
            queue(ledger, seed=seed)
            order = uids(ledger)
            first["palace"] += order.index("palace") < order.index("house")
            first["block"] += order.index("whole block") < order.index("house")
            first["lesson"] += order.index("house") < order.index("lesson")
            first["point"] += order.index("point") < order.index("lesson")
            first["old"] += order[-1] == "old"
        assert min(first.values()) >= 25
        queue(ledger, worth=Worth(kinds={"obsolete": 0.0}))
        assert set(uids(ledger)[-3:]) == {"house", "palace", "point"}


def test_size_counts_beside_what_is_usual_in_the_layer(make, a_flag):
    fields = [a_flag(f"field {n}", (500.0 * n, 0), kind="wrong_class", target_layer="land use", area_m2=50_000.0)
              for n in range(9)]
    points = [a_flag(f"point {n}", (500.0 * n, 5000.0), kind="wrong_class", target_layer="survey", area_m2=0.0,
                     probability=0.55) for n in range(9)]
    with make(fields + points) as ledger:
        queue(ledger, 9)
        assert sum(uid.startswith("point") for uid in uids(ledger)) >= 6


def test_where_probabilities_mean_what_they_say_decisions_move_them_little_and_much_where_they_do_not():
    """Groups of 30 decisions each; the root mean square error of what is believed, on the truth."""
    random = np.random.default_rng(3)
    n, moved = 800, {}
    kinds = [f"kind {k}" for k in random.integers(0, 4, n)]
    chance = random.uniform(0.1, 0.9, n)
    for off in (0.0, 2.0):  # log odds, of two kinds up, of two down
        shift = np.array([off if kind in ("kind 0", "kind 1") else -off for kind in kinds])
        true = 1 / (1 + (1 - chance) / chance * np.exp(-shift))
        outcome = np.where(np.arange(n) < 120, random.random(n) < true, np.nan)
        found = believed(cases(chance, outcome, np.ones(n), kinds, [("map", "houses")] * n, np.full((n, 2), np.nan)))
        moved[off] = [float(np.sqrt(np.mean((p - true) ** 2))) for p in (chance, found)]
    assert moved[0.0][1] < 0.06
    assert moved[2.0][1] < 0.5 * moved[2.0][0]


def test_a_kind_that_reviewers_reject_sinks(make, a_flag):
    flags = [a_flag(f"{kind} {n}", (200.0 * n, 1000.0 * k), kind=kind, probability=0.6)
             for k, kind in enumerate(("missing", "obsolete")) for n in range(60)]
    with make(flags) as ledger:
        ledger.decide([f"missing {n}" for n in range(20)], "reject", drawn_as="queue")
        ledger.decide([f"obsolete {n}" for n in range(20)], "accept", drawn_as="queue")
        queue(ledger, 9)
        assert sum(uid.startswith("obsolete") for uid in uids(ledger)) >= 8


def test_seconds_that_reviewers_took_count(make, a_flag):
    flags = [a_flag(f"{kind} {n}", (200.0 * n, 1000.0 * k), kind=kind)
             for k, kind in enumerate(("missing", "obsolete")) for n in range(40)]
    with make(flags) as ledger:
        for word in ("accept", "reject"):  # as good as each other, one ten times slower
            half = slice(0, 10) if word == "accept" else slice(10, 20)
            ledger.decide([f"missing {n}" for n in range(20)[half]], word, seconds=60.0, drawn_as="queue")
            ledger.decide([f"obsolete {n}" for n in range(20)[half]], word, seconds=4.0, drawn_as="queue")
        queue(ledger, 9)
        assert all(uid.startswith("obsolete") for uid in uids(ledger))


def test_a_queue_is_the_same_for_a_seed_and_another_for_another(make, a_flag, houses):
    flags = [a_flag(f"d{n}", (100.0 * n, 0), probability=0.1 + 0.008 * n) for n in range(100)]
    with make(flags) as ledger:
        found = []
        for seed in (1, 1, 2):
            queue(ledger, 50, houses(flags, 300), seed=seed)
            found.append(table.rows(ledger))
        assert found[0] == found[1] != found[2]


def test_a_tenth_is_drawn_at_random_with_what_is_not_flagged_among_it(make, a_flag, houses):
    flags = [a_flag(f"d{n}", (100.0 * n, 0), probability=0.1 + 0.008 * n) for n in range(100)]
    with make(flags) as ledger:
        made = queue(ledger, 60, houses(flags, 900))
        items = table.rows(ledger)
        audit = [item for item in items if item.drawn_as == "audit"]
        assert made.items == len(items) == 60
        assert made.audited == len(audit) == 6
        assert any(item.uid is None and item.key.startswith("house") for item in audit)
        assert all(0 < item.inclusion_probability < 1 for item in audit)
        assert all(item.inclusion_probability is None for item in items if item.drawn_as == "queue")
        assert [item.rank for item in items] == list(range(1, 61))
        assert len({item.uid or item.key for item in items}) == 60


def test_the_order_does_not_tell_which_items_are_the_audits(make, a_flag, houses):
    flags = [a_flag(f"d{n}", (30.0 * (n % 40), 30.0 * (n // 40)), probability=0.1 + 0.002 * n) for n in range(400)]
    places, alone = [], []
    with make(flags) as ledger:
        for seed in range(60):
            queue(ledger, 50, houses(flags, 900), seed=seed)
            items = table.rows(ledger)
            by_page = Counter(item.page for item in items)
            places += [item.rank / 51 for item in items if item.drawn_as == "audit"]
            alone += [by_page[item.page] == 1 for item in items if item.drawn_as == "audit"]
    assert np.mean(places) == pytest.approx(0.5, abs=0.08)
    assert np.mean(np.array(places) < 0.25) == pytest.approx(0.25, abs=0.09)
    assert np.mean(alone) < 0.9


def test_a_layer_whose_features_are_not_given_is_named(make, a_flag):
    with make([a_flag("a")]) as ledger, pytest.raises(InputError, match="features of the layer 'houses' are not given"):
        queue(ledger, 10)


def test_a_layer_that_may_not_be_edited_is_not_judged_and_not_audited(make, a_flag):
    with make([a_flag("a", target_layer="imagery", source="imagery", kind="label_patch", target_key=None)],
              may_edit=False) as ledger:
        assert queue(ledger, 10).items == 1


def test_an_empty_ledger_gives_an_empty_queue(make, houses):
    with make([]) as ledger:
        assert queue(ledger, 9).items == 0
        assert table.rows(ledger) == []
        assert queue(ledger, 20, houses([], 50)).audited == 2  # what nothing is flagged of may be wrong all the same


def test_a_ledger_held_by_another_program_is_one_sentence(make, a_flag, monkeypatch):
    with make([a_flag("a")]) as ledger:
        path = ledger.path
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    real = geopackage.connect
    monkeypatch.setattr(geopackage, "connect", lambda path, **more: real(path, **more | {"timeout_s": 0.1}))
    try:
        with pytest.raises(LedgerError, match=r"close (the|other) program"):
            run("queue", {"ledger": str(path), "size": 5}, Feedback())
    finally:
        other.close()


def test_twenty_thousand_items_are_queued_in_seconds_and_a_page_is_read_at_once(make, a_flag, houses):
    """Five times as many are for benchmarks/push.py: to write them takes longer than to queue them."""
    random, count = np.random.default_rng(0), 20_000
    place, chance = random.uniform(0, 4500, (count, 2)), random.uniform(0.05, 0.95, count)
    flags = [a_flag(f"d{n}", tuple(place[n]), probability=float(chance[n])) for n in range(count)]
    with make(flags) as ledger:
        ledger.decide([f"d{n}" for n in range(2000)], "accept", drawn_as="queue")
        features = houses(flags, count)
        began = time.perf_counter()
        made = queue(ledger, 1000, features)
        assert time.perf_counter() - began < 12
        assert made.items == 1000
        began = time.perf_counter()
        for number in range(1, 21):
            table.page(ledger, number)
        assert (time.perf_counter() - began) / 20 < 0.25
