"""Blocks of ground: neighbours on one side, a strip between, stations whole, and a range that follows the ground."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geoloop.core.training.blocking import alike_within, at_random, block, deal_blocks


def smooth(length: float, count: int = 300, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Places of a square of 100 and a field that is alike over about ``length``."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 100, (count, 2))
    wave = rng.normal(0, 1 / length, (40, 2))
    phase = rng.uniform(0, 2 * np.pi, 40)
    return xy, np.cos(xy @ wave.T + phase).mean(axis=1)


def test_what_is_alike_over_longer_ways_gets_wider_blocks() -> None:
    ranges = [alike_within(*smooth(length), seed=0) for length in (2.0, 8.0, 20.0)]
    assert ranges[0] < ranges[1] < ranges[2]
    assert alike_within(smooth(5.0)[0], np.random.default_rng(1).normal(size=300), 0) < 10


@settings(max_examples=20)
@given(count=st.integers(12, 120), seed=st.integers(0, 1000))
def test_every_place_is_judged_once_and_none_by_what_learnt_near_it(count: int, seed: int) -> None:
    xy, z = smooth(10.0, count, seed)
    blocking = block(xy, z, seed)
    judged = np.concatenate([split.judge for split in blocking.splits])
    assert sorted(judged) == list(range(count))
    for split in blocking.splits:
        assert not set(blocking.block[split.learn]) & set(blocking.block[split.judge])
        others = count - len(split.judge)
        gap = np.hypot(*(xy[split.learn][:, None] - xy[split.judge][None]).transpose(2, 0, 1)).min()
        assert gap > blocking.buffer or len(split.learn) == others


def test_measurements_of_a_station_stay_together() -> None:
    xy, z = smooth(5.0, 200)
    station = np.arange(200) % 25
    blocking = block(xy, z, 0, station=station)
    assert all(len(set(blocking.fold[station == one])) == 1 for one in range(25))


def test_places_that_are_one_heap_have_no_blocks() -> None:
    assert block(np.ones((20, 2)), np.arange(20.0), 0).splits == []


def test_folds_are_of_like_size_and_random_ones_cover_all() -> None:
    blocks = np.repeat(np.arange(20), np.arange(1, 21))
    size = np.bincount(deal_blocks(blocks, np.zeros_like(blocks), 5, 0))
    assert size.max() <= 1.25 * size.min()
    assert sorted(np.concatenate([split.judge for split in at_random(33, 0)])) == list(range(33))


def test_a_rare_label_in_one_corner_still_reaches_most_folds() -> None:
    xy, z = smooth(30.0, 400)
    rare = ((xy < 30).all(axis=1)).astype(np.intp)
    blocking = block(xy, z, 0, label=rare)
    assert len(set(blocking.fold[rare == 1])) >= 4


def test_another_seed_deals_another_way_and_the_same_seed_the_same() -> None:
    blocks = np.arange(60) // 2
    dealt = [deal_blocks(blocks, np.zeros_like(blocks), 5, seed) for seed in (0, 0, 1)]
    assert (dealt[0] == dealt[1]).all()
    assert (dealt[0] != dealt[2]).any()
