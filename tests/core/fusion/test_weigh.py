"""From places of the ground to reliabilities: how much ground each source is judged by."""

from __future__ import annotations

import numpy as np
import pytest

from geoloop.core.feedback import Feedback
from geoloop.core.fusion import weigh as weigh_module
from geoloop.core.fusion.weigh import INDEPENDENT_M2, _of_each, weigh

from ..discrepancies.conftest import town

HOUSES = town()
SURVEYED = HOUSES[:54]


def test_ground_that_a_field_layer_speaks_of_counts_once(make_layer, ground_of, evidence_of):
    maps = [make_layer(HOUSES, {"building": ["yes"] * len(HOUSES)}, name="houses.gpkg")]
    fields = [make_layer(SURVEYED, {"building": ["yes"] * len(SURVEYED)}, name="survey.gpkg")]
    ground = ground_of(maps, fields)
    evidence = evidence_of(ground, HOUSES, [1] * len(HOUSES), sure=0.9)
    found = weigh(ground, evidence, 0, Feedback())
    survey = found.sources[[layer.name for layer in ground.layers].index("survey")]
    assert survey.counts.sum() == pytest.approx(sum(house.area for house in SURVEYED) / INDEPENDENT_M2, rel=0.1)


def test_imagery_that_shows_a_corner_alone_is_weighed_there(make_layer, ground_of, evidence_of, monkeypatch):
    monkeypatch.setattr(weigh_module, "BLOCK", 20)
    monkeypatch.setattr(weigh_module, "BLOCKS_MOST", 4)
    ground = ground_of([make_layer(HOUSES, {"building": ["yes"] * len(HOUSES)}, name="houses.gpkg")])
    unseen = np.ones(ground.grid.shape, bool)
    unseen[20:40, 20:40] = False
    found = weigh(ground, evidence_of(ground, HOUSES, [1] * len(HOUSES), unseen=unseen), 0, Feedback())
    assert np.isfinite(found.imagery.matrix).all()


def test_of_what_is_rare_more_than_its_share_is_drawn_and_weights_add_up_to_the_ground():
    label = np.repeat([-1, 0, 1], [90_000, 9_900, 100])
    drawn, weight = _of_each(np.arange(100_000), label, 2000, np.random.default_rng(0))
    assert 2000 <= len(drawn) <= 2003
    assert len(np.unique(drawn)) == len(drawn)
    for one, count in ((-1, 90_000), (0, 9_900), (1, 100)):
        assert weight[label[drawn] == one].sum() == pytest.approx(count)
    assert (label[drawn] == 1).sum() >= 45  # evenly drawn it would be 2
    assert len(_of_each(np.arange(50), label, 2000, np.random.default_rng(0))[0]) == 50
