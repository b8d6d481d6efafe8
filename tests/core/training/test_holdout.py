"""The networks that know unseen labels better are kept, and how sure that is is told."""

from __future__ import annotations

import numpy as np
import pytest

from geoloop.core.training.holdout import HoldOut, _right, _weighed, chance_of


def test_the_better_one_replaces_the_other_and_says_how_sure_that_is() -> None:
    better = HoldOut(12, 0.5, 0.6, 0.05, 0.15)
    assert better.replaced
    assert better.gain == pytest.approx(0.1)
    assert "replaces the old one" in better.sentence()
    assert "by more than chance" in better.sentence()
    assert not HoldOut(12, 0.5, 0.5, -0.1, 0.1).replaced
    assert "within what chance does" in HoldOut(12, 0.6, 0.5, -0.2, 0.1).sentence()


def test_a_network_that_is_sure_of_what_is_true_does_not_lose_by_labels_that_are_wrong() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 500)
    label = np.where(rng.random(500) < 0.2, (truth + 1) % 3, truth)
    weak = np.where(rng.random(500) < 0.7, truth, rng.integers(0, 3, 500))
    calm, sure = 0.5 * np.eye(3)[weak] + 0.5 / 3, 0.97 * np.eye(3)[truth] + 0.01
    mix = np.eye(3)[label]
    likelihood = [float(np.log((p * mix).sum(axis=1)).mean()) for p in (calm, sure)]
    assert likelihood[1] < likelihood[0]
    assert _right(sure, mix).mean() > _right(calm, mix).mean() + 0.1


def test_the_range_is_over_blocks_of_ground() -> None:
    rng = np.random.default_rng(1)
    block = np.repeat(np.arange(10), 100)
    gain = np.where(block < 5, 0.3, -0.1)
    found = _weighed(np.zeros(1000), gain, np.ones(1000), block, rng)
    assert found.blocks == 10
    assert found.gain == pytest.approx(0.1)
    assert found.low < 0.05 < 0.15 < found.high


@pytest.mark.parametrize(("off", "chance"), [
    ([1, 1, 1], 2 / 8), ([-2, -1, -1, -3, -1], 2 / 32), ([1, -1, 1, -1], 1.0), ([], 1.0), ([5, -1, 1], 6 / 8)])
def test_a_few_drawn_places_of_one_mind_may_be_chance(off: list[int], chance: float) -> None:
    rng = np.random.default_rng(0)
    parts = np.array([*off, *[0] * 20], float)
    assert chance_of(parts, np.arange(len(parts)), rng) == pytest.approx(chance)


def test_rows_of_one_decision_are_one_voice() -> None:
    rng = np.random.default_rng(0)
    assert chance_of(np.ones(10), np.repeat([4, 9], 5), rng) == pytest.approx(2 / 4)
    assert chance_of(np.ones(40), np.arange(40), rng) < 0.01
