"""How far reviewers can be trusted, and what of their decisions waits for a second look."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from geoloop.core.feedback import Feedback
from geoloop.core.jobs import push
from geoloop.core.jobs.evidence import read_past
from geoloop.core.ledger import Discrepancy, Ledger, plan_push
from geoloop.core.ledger.reviewers import Reviewers


class Reviewer:
    """Says what is true, but for a share ``error``; asked again it errs anew."""

    def __init__(self, ledger: Ledger, error: float, seed: int) -> None:
        self.ledger, self.error, self.random = ledger, error, np.random.default_rng(seed)

    def decides(self, uid: str, real: bool) -> None:
        wrong = self.random.random() < self.error
        self.ledger.decide([uid], "accept" if real != wrong else "reject", drawn_as="queue")


def flags_of(a_flag: Callable[..., Discrepancy], count: int) -> list[Discrepancy]:
    """Flags whose probabilities mean what they say: as many of 100 are real as ``chance`` tells."""
    chance = np.random.default_rng(1).choice([0.05, 0.1, 0.2, 0.8, 0.95], count)
    return [a_flag(f"d{n}", probability=float(p), target_key=str(n), signature=f"s{n}") for n, p in enumerate(chance)]


def test_two_who_differ_are_known_to_err(make: Callable[..., Ledger], a_flag: Callable[..., Discrepancy]) -> None:
    with make(*[a_flag(f"d{n}", probability=0.5) for n in range(60)]) as ledger:
        assert Reviewers.of(ledger).error < 0.025
        for n in range(60):
            ledger.decide([f"d{n}"], "accept", reviewer="Ä", drawn_as="queue")
        assert Reviewers.of(ledger).error < 0.025  # what was decided once says nothing of that
        for n in range(60):
            ledger.decide([f"d{n}"], "reject" if n % 3 == 0 else "accept", reviewer="B", drawn_as="queue")
        assert 0.1 < Reviewers.of(ledger).error < 0.3


@pytest.mark.parametrize(("error", "least", "most"), [(0.0, 0.0, 0.02), (0.05, 0.025, 0.09), (0.15, 0.09, 0.24)])
def test_the_share_of_errors_is_found_though_only_doubtful_decisions_are_asked_again(
        make: Callable[..., Ledger], a_flag: Callable[..., Discrepancy], error: float, least: float, most: float
) -> None:
    flags = flags_of(a_flag, 600)
    real = np.random.default_rng(2).random(600) < [f.probability for f in flags]
    with make(*flags) as ledger:
        reviewer = Reviewer(ledger, error, 3)
        for n in range(600):
            reviewer.decides(f"d{n}", real[n])
        least_sure = sorted(Reviewers.of(ledger).opinions.values(), key=lambda one: one.right)[:60]
        for one in least_sure:
            reviewer.decides(one.uid, real[int(one.uid[1:])])
        assert least <= Reviewers.of(ledger).error <= most


def test_what_is_accepted_is_worth_what_the_flag_and_the_reviewer_make_of_it(
        make: Callable[..., Ledger], a_flag: Callable[..., Discrepancy]) -> None:
    with make(a_flag("sure", probability=0.9), a_flag("faint", probability=0.1)) as ledger:
        ledger.decide(["sure", "faint"], "accept", drawn_as="queue")
        found = Reviewers.of(ledger)
        e = found.error
        assert found.opinions["faint"].real == pytest.approx(0.1 * (1 - e) / (0.1 * (1 - e) + 0.9 * e))
        assert found.opinions["sure"].real > 0.99
        assert not found.doubtful()


@pytest.fixture
def erring(make: Callable[..., Ledger], a_flag: Callable[..., Discrepancy]) -> Ledger:
    """A ledger whose reviewers differ in every fourth case, with faint flags accepted and sure ones rejected."""
    more = [a_flag(f"p{n}", probability=0.5, target_key=f"p{n}") for n in range(60)]
    ledger = make(a_flag("faint", probability=0.06, target_key="1"), a_flag("good", probability=0.7, target_key="2"),
                  a_flag("turned down", probability=0.97, target_key="3"), *more)
    for n in range(60):
        ledger.decide([f"p{n}"], "reject", drawn_as="queue")
        ledger.decide([f"p{n}"], "accept" if n % 4 == 0 else "reject", drawn_as="queue")
    ledger.decide(["faint", "good"], "accept", drawn_as="queue")
    ledger.decide(["turned down"], "reject", drawn_as="queue")
    return ledger


def test_a_doubtful_acceptance_is_not_pushed_and_teaches_nothing_until_it_is_said_again(erring: Ledger) -> None:
    class Log(Feedback):
        said: list[str] = []

        def info(self, text: str) -> None:
            self.said.append(text)

    with erring as ledger:
        assert {"faint", "turned down"} <= Reviewers.of(ledger).doubtful()
        assert "faint" not in [edit.uid for edit in plan_push(ledger, "houses")]
        assert "good" in [edit.uid for edit in plan_push(ledger, "houses")]
        push.run(push.Params(str(ledger.path), "houses"), Log())
        assert any("second look" in text for text in Log.said)
        told = {one.uid: one.decision for one in read_past(ledger).verdicts}
        assert (told["faint"], told["good"], told["turned down"]) == ("unsure", "accept", "unsure")
        ledger.decide(["faint"], "accept", drawn_as="queue")
        ledger.decide(["faint"], "accept", drawn_as="queue")
        assert "faint" in [edit.uid for edit in plan_push(ledger, "houses")]


def test_what_waits_for_a_second_look_is_not_overtaken_by_a_rival_that_nobody_looked_at(
        make: Callable[..., Ledger], a_flag: Callable[..., Discrepancy]) -> None:
    more = [a_flag(f"p{n}", probability=0.5, target_key=f"p{n}") for n in range(60)]
    with make(a_flag("gone", probability=0.9, cause="c"), a_flag("off", probability=0.06, cause="c", kind="shifted"),
              *more) as ledger:
        for said in ("reject", "accept"):
            ledger.decide([f"p{n}" for n in range(0, 60, 4)], said, drawn_as="queue")
        assert "gone" in [edit.uid for edit in plan_push(ledger, "houses", push_above=0.8)]
        ledger.decide(["off"], "accept", drawn_as="queue")
        assert "off" in Reviewers.of(ledger).doubtful()
        assert not {"gone", "off"} & {edit.uid for edit in plan_push(ledger, "houses", push_above=0.8)}


def test_who_accepts_in_bulk_means_it(erring: Ledger) -> None:
    with erring as ledger:
        ledger.decide(["faint"], "accept", drawn_as="bulk")
        assert "faint" in [edit.uid for edit in plan_push(ledger, "houses")]
