"""From places of the ground to reliabilities: how much ground each source is judged by."""

from __future__ import annotations

import pytest

from geoloop.core.feedback import Feedback
from geoloop.core.fusion.weigh import INDEPENDENT_M2, weigh

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
