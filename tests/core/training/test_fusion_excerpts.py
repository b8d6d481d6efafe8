"""The ground of a run is read square by square: every feature once, the same wherever the squares lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from fusion_scenes import TINY
from shapely import MultiPolygon, affinity, box

from geoloop.core.errors import InputError
from geoloop.core.feedback import Feedback
from geoloop.core.fusion.surprise import surprise_of
from geoloop.core.models.fusion_net import FusionNet
from geoloop.core.sources.grid import Grid
from geoloop.core.sources.imagery import Imagery
from geoloop.core.sources.vectors import read_features
from geoloop.core.tokens.tokens import tokens_of
from geoloop.core.training.fusion_excerpts import Region, read_excerpts, squares


@pytest.fixture
def region(make_raster: Callable, make_layer: Callable, grid: Grid) -> Iterator[Region]:
    """100 × 80 pixels with fields across the borders of the squares, a null tag and a multipart field among them."""
    fields = [box(500_000 + x, 5_800_000 - y - 60, 500_000 + x + 70, 5_800_000 - y)
              for x in range(0, 950, 130) for y in range(20, 700, 110)]
    fields[3] = MultiPolygon([fields[3], affinity.translate(fields[3], 5, -80)])
    uses = [None if i == 0 else f"use {i % 3}" for i in range(len(fields))]
    raster = make_raster(np.random.default_rng(0).integers(1, 200, (3, 80, 100)).astype(np.uint8),
                         bands=("red", "green", "blue"))
    layer = make_layer(fields, {"use": uses, "osm_id": list(range(len(fields)))})
    with Imagery.open([raster], grid) as imagery:
        yield Region(imagery, grid, tokens_of([read_features(layer, grid, "map")], grid), imagery.statistics(), side=48)


def test_every_feature_comes_once(region: Region) -> None:
    rows = np.concatenate([excerpt.numbers[mine] for excerpt, mine in squares(region, 16, Feedback())])
    assert sorted(rows.tolist()) == list(range(len(region.tokens)))


def test_squares_hold_what_the_whole_holds(region: Region) -> None:
    whole = Region(region.imagery, region.grid, region.tokens, region.statistics, side=112).excerpt((0, 0))
    part = region.excerpt((48, 48))
    inside = np.s_[48:80, 48:96]
    assert np.array_equal(part.x[:, :32, :48], whole.x[(slice(None), *inside)])
    painted = np.append(part.numbers, -1)[part.painted[:32, :48]]
    assert np.array_equal(painted, whole.painted[inside])
    assert not part.weight[32:].any()
    assert len(read_excerpts(region, 0, Feedback())) == 6


def test_identifiers_are_no_words(region: Region) -> None:
    assert len(region.tokens.words.number) == 3


def test_lists_are_words_and_tell_features_apart_as_texts_do(make_layer: Callable, grid: Grid) -> None:
    fields = [box(500_000 + 30 * i, 5_799_500, 500_020 + 30 * i, 5_799_520) for i in range(30)]
    layer = make_layer(fields, {"uses": [["hay"], ["hay", "rye"]] * 15, "names": [["a", str(i)] for i in range(30)]},
                       name="lists.geojson")
    assert len(tokens_of([read_features(layer, grid, "map")], grid).words.number) == 2


def test_a_feature_is_as_surprising_in_squares_as_on_the_whole(region: Region) -> None:
    torch.manual_seed(0)
    network = FusionNet(TINY).eval()
    found = surprise_of(network, region, torch.device("cpu"), 0, Feedback())
    assert np.isfinite(found.whole).all()
    again = surprise_of(network, region, torch.device("cpu"), 0, Feedback())
    assert np.array_equal(found.exists, again.exists)


def test_features_in_another_system_are_refused(make_layer: Callable, grid: Grid) -> None:
    layer = read_features(make_layer([box(500_000, 5_799_500, 500_100, 5_799_600)]), grid, "map")
    layer.geometries = np.array([affinity.translate(g, 5e6, 5e6) for g in layer.geometries], dtype=object)
    with pytest.raises(InputError, match="does not lie on the imagery's grid"):
        tokens_of([layer], grid)
