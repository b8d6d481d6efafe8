"""The networks that know unseen labels better are kept, and how sure that is is told."""

from __future__ import annotations

import numpy as np
import pytest

from geoloop.core.training.holdout import HoldOut, _likelihood, _weighed


def test_the_better_one_replaces_the_other_and_says_how_sure_that_is() -> None:
    better = HoldOut(12, -0.5, -0.4, 0.05, 0.15)
    assert better.replaced
    assert better.gain == pytest.approx(0.1)
    assert "replaces the old one" in better.sentence()
    assert "by more than chance" in better.sentence()
    assert not HoldOut(12, -0.5, -0.5, -0.1, 0.1).replaced
    assert "within what chance does" in HoldOut(12, -0.4, -0.5, -0.2, 0.1).sentence()


def test_sureness_alone_wins_nothing() -> None:
    rng = np.random.default_rng(0)
    score = rng.normal(size=(500, 3))
    mix = np.eye(3)[score.argmax(axis=1)]
    mix[:100] = np.eye(3)[rng.integers(0, 3, 100)]
    calm, loud = (np.exp(k * score) / np.exp(k * score).sum(axis=1, keepdims=True) for k in (1.0, 1.5))
    each = np.ones(500)
    means = [float(_likelihood(p, mix, each).mean()) for p in (calm, loud)]
    assert means[0] == pytest.approx(means[1], abs=0.02)


def test_the_range_is_over_blocks_of_ground() -> None:
    rng = np.random.default_rng(1)
    block = np.repeat(np.arange(10), 100)
    gain = np.where(block < 5, 0.3, -0.1)
    found = _weighed(np.zeros(1000), gain, np.ones(1000), block, rng)
    assert found.blocks == 10
    assert found.gain == pytest.approx(0.1)
    assert found.low < 0.05 < 0.15 < found.high
