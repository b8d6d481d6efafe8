"""Probabilities of error out of the layer itself: known examples against a mixture."""

import numpy as np
import pytest

from geoloop.core.discrepancies.mixture import CEILING, share_of_known


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
