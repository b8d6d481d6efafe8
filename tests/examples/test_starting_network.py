"""The fit that makes the shipped start: seeded, bounded, judged on towns that it never saw."""

from __future__ import annotations

import time

import torch
from starting_network import FIRST_HELD_OUT, FIRST_SEED, HELD_OUT, Clock, card_of, judge, learn
from town_camera import Camera
from varied_towns import make_scene

from geoloop.core.models.compact import CompactUNet

CPU = torch.device("cpu")
SCENES = [make_scene(seed, 128) for seed in (1, 2)]


def learnt(clock: Clock) -> CompactUNet:
    torch.manual_seed(0)
    return learn(CompactUNet(3, 2, (8, 16)), Camera(SCENES, 32, 4, 0, CPU), clock, CPU)


def test_as_many_steps_give_the_same_weights_again() -> None:
    one, again = (learnt(Clock(4, 0)).state_dict() for _ in range(2))
    assert all(torch.equal(one[name], again[name]) for name in one)


def test_minutes_bound_a_fit() -> None:
    start, clock = time.monotonic(), Clock(0, 0.01)
    learnt(clock)
    assert clock.done > 0
    assert time.monotonic() - start < 60


def test_a_fit_learns_where_buildings_are() -> None:
    camera = Camera(SCENES, 32, 8, 1, CPU)
    before = judge(CompactUNet(3, 2, (8, 16)).eval(), camera, 6, CPU)
    after = judge(learnt(Clock(60, 0)), camera, 6, CPU)
    assert after["nll"] < before["nll"]


def test_the_card_names_every_town_that_was_seen_and_none_that_was_held_out() -> None:
    assert card_of(CompactUNet(3, 2), 505).trained_on == (f"synthetic towns {FIRST_SEED} to {FIRST_SEED + 504}",)
    assert FIRST_HELD_OUT + HELD_OUT <= FIRST_SEED
