"""Cameras drawn by chance: what they show is where the labels say, whatever their grain, turn and light."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from town_camera import REACH, Camera, apart, distance
from varied_towns import Scene

CPU = torch.device("cpu")


def block_town(pixel_m: float = 0.3, side: int = 160) -> Scene:
    """Bright squares on dark ground, two of them wall to wall."""
    feature = np.full((side, side), -1, np.int16)
    feature[20:60, 20:60], feature[60:100, 20:60], feature[90:140, 90:140] = 0, 1, 2
    colour = np.where(feature >= 0, 220, 40).astype(np.uint8)
    return Scene(np.stack([colour] * 3), feature, np.zeros_like(feature), pixel_m)


def camera(seed: int = 0, **settings) -> Camera:
    return Camera([block_town()], 64, 12, seed, CPU, **settings)


def test_a_seed_gives_the_same_pictures_again() -> None:
    assert all(torch.equal(a, b) for a, b in zip(camera().batch(), camera().batch(), strict=True))
    assert not torch.equal(camera(0).batch()[0], camera(1).batch()[0])


def test_buildings_are_labelled_where_they_are_seen() -> None:
    x, mix, weight = camera(pixel_m=(0.3, 0.3)).batch()
    roof, ground = mix[:, 1] == 1, (mix[:, 0] == 1) & (weight == 1)
    lighter = [float(one[0][r].median() - one[0][g].median())
               for one, r, g in zip(x, roof, ground, strict=True) if r.sum() > 40 and g.sum() > 40]
    assert len(lighter) > 4
    assert np.median(lighter) > 0.8


def test_labels_are_shares_and_ground_beyond_the_town_counts_nothing() -> None:
    _, mix, weight = camera(pixel_m=(0.9, 0.9)).batch()
    assert torch.allclose(mix.sum(dim=1), torch.ones_like(weight))
    assert ((mix[:, 1] > 0.05) & (mix[:, 1] < 0.95)).any()
    assert (weight == 0).any()
    assert (weight > 1).any()


def test_walls_between_buildings_belong_to_none_and_narrow_gaps_are_known() -> None:
    ids = torch.zeros(1, 12, 12)
    ids[0, 1:5, 1:5], ids[0, 5:9, 1:5], ids[0, 1:5, 7:11] = 1, 2, 3
    building, near = apart(ids)
    assert building[0, 4:6, 1:5].sum() == 0
    assert building[0, 2, 7] == 1
    assert near[0, 2, 5:7].all()
    assert near[0, 11].sum() == 0


def test_distance_grows_inwards_and_outwards() -> None:
    building = torch.zeros(1, 40, 40)
    building[0, 10:30, 10:30] = 1
    told = distance(building)[0]
    assert told[20, 10] == pytest.approx(1 / REACH)
    assert told[20, 9] == pytest.approx(-1 / REACH)
    assert told[20, 20] == pytest.approx(1.0)
    assert told[0, 0] == pytest.approx(-1.0)
