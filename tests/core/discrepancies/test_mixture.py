"""Probabilities of error out of the layer itself: known examples against a mixture."""

import numpy as np
import pytest

from geoloop.core.discrepancies.mixture import CEILING, by_order, more_than_right, share_of_known


def sample(seed: int, share: float, n: int = 1500):
    rng = np.random.default_rng(seed)
    known = rng.normal(-2.0, 1.0, (n, 1))
    bad = rng.random(n) < share
    mixed = np.where(bad[:, None], rng.normal(-2.0, 1.0, (n, 1)), rng.normal(2.0, 1.0, (n, 1)))
    return known, mixed, bad


@pytest.mark.parametrize("share", [0.05, 0.2])
def test_the_probabilities_mean_what_they_say(share: float) -> None:
    known, mixed, bad = sample(0, share)
    p = share_of_known(known, mixed, prior_share=0.1, plain=np.zeros(len(mixed)))
    assert p.sum() == pytest.approx(bad.sum(), rel=0.35)
    assert p[bad].mean() > 0.7
    assert p[~bad].mean() < 0.06


def test_a_mixture_without_the_kind_gets_low_probabilities() -> None:
    known, _, _ = sample(1, 0.0)
    mixed = np.random.default_rng(2).normal(2.0, 1.0, (1500, 1))
    p = share_of_known(known, mixed, prior_share=0.1, plain=np.ones(len(mixed)))
    assert (p > 0.5).mean() < 0.03


def test_with_too_few_examples_the_networks_word_stands() -> None:
    plain = np.linspace(0, 1, 50)
    p = share_of_known(np.zeros((3, 2)), np.zeros((50, 2)), prior_share=0.07, plain=plain)
    assert p == pytest.approx(np.minimum(plain, CEILING))


def test_nothing_is_ever_certain() -> None:
    known, mixed, _ = sample(3, 0.5)
    p = share_of_known(known, mixed, prior_share=0.1, plain=np.ones(len(mixed)))
    assert p.max() <= CEILING
    assert p.min() >= 0


@pytest.mark.parametrize("bend", [lambda s: s, lambda s: 0.3 * s, np.tanh])
def test_only_the_order_of_scores_counts_and_it_stays(bend) -> None:
    known, mixed, bad = (-values[:, 0] if values.ndim == 2 else values for values in sample(4, 0.1))
    p = by_order(bend(known), bend(mixed), 0.1)
    assert p[bad].mean() > 0.75
    assert p[~bad].mean() < 0.04
    assert (np.diff(p[np.argsort(mixed)]) >= -1e-12).all()
    sure = (p > 0.4) & (p < 0.9)
    assert bad[sure].mean() == pytest.approx(p[sure].mean(), abs=0.2)


def test_scores_that_tell_nothing_give_everything_the_share() -> None:
    rng = np.random.default_rng(5)
    p = by_order(rng.normal(size=800), rng.normal(size=1500), 0.1)
    assert np.median(p) == pytest.approx(0.1, abs=0.04)


def right_ones(rng: np.random.Generator, tail: str, n: int = 4000) -> np.ndarray:
    """Log odds of right objects, which become rarer upward at one pace, ever faster or ever more slowly."""
    return {"even": lambda: -10 + rng.exponential(1.5, n), "faster": lambda: rng.normal(-10, 3, n),
            "slower": lambda: -10 + 1.5 * rng.standard_t(5, n)}[tail]()


@pytest.mark.parametrize("tail", ["even", "faster", "slower"])
@pytest.mark.parametrize("number", [30, 4000])
def test_where_objects_become_rarer_hardly_any_is_surely_wrong(tail: str, number: int) -> None:
    layers = [right_ones(np.random.default_rng(seed), tail, number) for seed in range(10)]
    assert sum(int((more_than_right(odds, np.ones(number)) >= 0.5).sum()) for odds in layers) <= 5


@pytest.mark.parametrize("tail", ["even", "faster"])
def test_objects_that_are_more_than_the_right_ones_can_be_are_wrong(tail: str) -> None:
    rng = np.random.default_rng(0)
    odds = np.concatenate([right_ones(rng, tail), rng.normal(4, 2, 200)])
    least = more_than_right(odds, np.ones(len(odds)))
    assert np.median(least[-200:]) > 0.9
    assert (least[:-200] > 0.5).sum() <= 5
    assert (np.diff(least[np.argsort(odds)]) >= -1e-12).all()
    assert least.max() <= CEILING


def test_where_nothing_looks_right_nothing_is_claimed() -> None:
    assert more_than_right(np.random.default_rng(1).uniform(1, 5, 50), np.ones(50)).max() == 0


def test_what_counts_little_is_not_taken_for_more_than_the_right_ones() -> None:
    rng = np.random.default_rng(2)
    odds = np.concatenate([right_ones(rng, "even"), rng.normal(4, 2, 200)])
    assert more_than_right(odds, np.where(np.arange(len(odds)) < 4000, 1.0, 1e-3)).max() < 0.5
