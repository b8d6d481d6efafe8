"""What each source contributes: the fused map without it, as all sources together see it."""

from __future__ import annotations

import numpy as np
import pytest

from geoloop.core.feedback import Feedback
from geoloop.core.fusion.contribution import contribution
from geoloop.core.fusion.weigh import weigh

from ..discrepancies.conftest import town

HOUSES = town()


@pytest.fixture
def contributed(make_layer, ground_of, evidence_of):
    """Contributions where the imagery is so sure of what it shows and the map knows some of the houses."""
    def make(sure: float, mapped: int = len(HOUSES), called: str = "houses", **more):
        ground = ground_of([make_layer(HOUSES[:mapped], {"nr": list(range(mapped)), "building": ["yes"] * mapped},
                                       name=f"{called}.gpkg", key="nr")])
        evidence = evidence_of(ground, HOUSES, [1] * len(HOUSES), sure=sure, **more)
        return contribution(ground, evidence, weigh(ground, evidence, 0, Feedback()), seed=0)
    return make


def test_leaving_out_a_source_never_helps_and_figures_have_their_intervals(contributed):
    found = contributed(0.85)
    everything = found["all"]
    assert set(found["without"]) == {"imagery", "houses"}
    for value, low, high in (everything, *found["without"].values()):
        assert 0 <= low <= value <= high <= 1
        assert value <= everything[0]
    assert found["n"] == pytest.approx(500 * 640 * 0.16 / 400, rel=0.3)


def test_imagery_that_shows_little_contributes_less_than_one_that_is_sure(contributed):
    lost = {}
    for sure, mapped in ((0.55, len(HOUSES)), (0.97, 80)):
        found = contributed(sure, mapped)
        lost[sure] = found["all"][0] - found["without"]["imagery"][0]
    assert lost[0.55] < 0.002
    assert lost[0.97] > lost[0.55]


def test_where_imagery_sees_nothing_only_what_the_map_speaks_of_counts(contributed):
    seen = contributed(0.85)
    east = np.zeros((500, 640), bool)
    east[:, 320:] = True
    half = contributed(0.85, unseen=east)
    assert 0 < half["n"] < 0.7 * seen["n"]


def test_a_layer_called_imagery_is_not_taken_for_the_imagery(contributed):
    plain, namesake = (contributed(0.85, called=name) for name in ("houses", "imagery"))
    assert namesake["all"] == plain["all"]
    assert namesake["without"] == {"imagery": plain["without"]["imagery"],
                                   "imagery (map layer)": plain["without"]["houses"]}


def test_the_same_seed_gives_the_same_figures(contributed):
    assert contributed(0.85) == contributed(0.85)
