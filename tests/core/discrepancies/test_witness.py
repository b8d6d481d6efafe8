"""A network that does not see a feature is heard on it: what tells errors apart counts, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import rasterio.features
import torch
from affine import Affine
from fusion_scenes import RGB, TINY
from shapely import affinity, transform

from geoloop.core.discrepancies import calibration
from geoloop.core.discrepancies import objects as objects_of_a_layer
from geoloop.core.discrepancies.edges import Edges
from geoloop.core.discrepancies.injection import Bare, Injected
from geoloop.core.discrepancies.objects import learn, study
from geoloop.core.discrepancies.witness import Heard, Witness
from geoloop.core.feedback import Feedback
from geoloop.core.fusion.evidence import Evidence
from geoloop.core.fusion.ground import Ground, open_ground
from geoloop.core.models.fusion_net import FusionNet
from geoloop.core.tokens.excerpt import excerpt_of
from geoloop.core.tokens.tokens import tokens_from
from geoloop.core.tokens.words import words_of
from geoloop.core.training.course import Course
from geoloop.core.training.course import learn as teach
from geoloop.core.training.fusion_draw import Draw, DrawSettings
from geoloop.core.training.fusion_lesson import Lesson, Shares

from .conftest import town

CPU = torch.device("cpu")
AT, SHAPE = Affine(0.5, 0, 500_000, 0, -0.5, 5_800_000), (340, 300)
HOUSES = town(7, 8)
N = len(HOUSES)
FAKES = [affinity.translate(HOUSES[i], 10, -9) for i in (3, 9, 19, 29, 39, 47)]
WORDS = ("house", "hut")


def shown() -> np.ndarray:
    """Bands of noise in which every real roof is bright."""
    roofs = rasterio.features.rasterize(HOUSES, out_shape=SHAPE, transform=AT) > 0
    return np.random.default_rng(0).normal(100, 10, (3, *SHAPE)) + 30 * roofs


@pytest.fixture(scope="module")
def network() -> FusionNet:
    """A network that has learnt where roofs are."""
    torch.manual_seed(0)
    pixels = [transform(h, lambda xy: np.column_stack(~AT @ tuple(xy.T))) for h in HOUSES]
    tokens = tokens_from(np.array(pixels, dtype=object), words_of([{"building": WORDS[i % 2]} for i in range(N)]), 0.5)
    bands = (shown() - 103) / 15
    bare = excerpt_of(bands, np.ones(SHAPE, bool), RGB, tokens)
    excerpt = replace(bare, mix=np.stack([bare.painted < 0, bare.painted >= 0]).astype(np.float16))
    draw = Draw([excerpt], TINY.strides, DrawSettings(batch=4, side=48, asked=0.5, no_imagery=0.0, gain=0, offset=0))
    shape = replace(TINY, dim=32, widths=(12, 16, 24, 32))
    lesson = Lesson(FusionNet(shape), Shares(pixels=1.0, features=0.0, exists=1.0, shift=0.0))
    return teach(lesson, draw.batch, Course(60, learning_rate=5e-3), CPU, Feedback()).network


@pytest.fixture
def drawn(make_raster: Callable[..., Any], make_layer: Callable[..., Any]) -> Iterator[Ground]:
    """A town whose map has six houses too many, and a visit."""
    shapes = HOUSES + FAKES
    houses = make_layer(shapes, {"nr": list(range(len(shapes))),
                                 "building": [WORDS[i % 2] for i in range(len(shapes))]}, name="houses.gpkg", key="nr")
    visits = make_layer([HOUSES[0].centroid], {"building": ["yes"]}, name="visits.gpkg")
    image = make_raster(shown().astype(np.uint8), AT, name="roofs.tif", bands=("red", "green", "blue"))
    with ExitStack() as stack:
        yield stack.enter_context(open_ground([image], [houses], [visits], "buildings", None, False))


def test_what_stands_and_what_does_not_is_heard(network: FusionNet, drawn: Ground) -> None:
    witness, layer = Witness.of(network, drawn, CPU, 0), drawn.maps[0]
    heard = witness.own(layer, Feedback())
    assert heard.odds.shape == (N + 6,)
    assert heard.odds[N:].max() < np.median(heard.odds[:N])


def test_judging_counts_metres_and_reviewers_read_them_as_on_a_map() -> None:
    heard = Heard(np.array([0.0, np.nan]), np.array([[3.0, 4.0], [np.nan, np.nan]]), np.array([0.5, 0.0]),
                  np.zeros((2, 0)))
    assert heard.beside(np.array([[3.0, 1.0], [0.0, 0.0]]), 2.0).tolist() == [[0, 10, 6, 0.5], [0, 0, 0, 0]]
    assert heard.told(0, 2.0) == {"network": {"exists": 0.5, "shift_m": [6.0, -8.0], "tag_surprise": 0.5}}
    assert heard.told(1, 2.0) == {}


def test_a_feature_has_no_say_in_what_is_heard_of_it(network: FusionNet, drawn: Ground) -> None:
    layer, witness = drawn.maps[0], Witness.of(network, drawn, CPU, 0)
    words = witness.tokens.words
    other = np.where(words.feature == 5, (words.tag + 1) % len(words.number), words.tag)
    changed = replace(witness, tokens=replace(witness.tokens, words=replace(words, tag=other)))
    every = np.arange(N + 6)
    only = Injected(layer.support, np.ones(N + 6, np.intp), (every == 5).astype(np.intp), every)
    a, b = (one.with_errors(layer, every, only, Feedback()) for one in (witness, changed))
    assert a.odds[5] == b.odds[5]
    assert a.words[5] == pytest.approx(b.words[5])
    assert a.tags[5] != b.tags[5]
    assert a.words.shape == (N + 6, 2)


def test_errors_put_into_a_layer_are_asked_about_row_by_row(network: FusionNet, drawn: Ground) -> None:
    layer, taught = drawn.maps[0], np.arange(30)
    shapes = layer.support[taught].copy()
    shapes[4] = affinity.translate(shapes[4], 3.0, 0.0)
    kind = np.zeros(31, np.intp)
    kind[4], kind[30] = 2, 1
    made = Injected(np.append(shapes, layer.support[N + 2]), np.ones(31, np.intp), kind, np.append(taught, 2))
    heard = Witness.of(network, drawn, CPU, 0).with_errors(layer, taught, made, Feedback())
    assert list(np.flatnonzero(np.isfinite(heard.shift_px[:, 0]))) == [4, 30]
    assert heard.odds[30] < heard.odds[4]


def test_the_witness_finds_what_the_probabilities_do_not_show(
        network: FusionNet, drawn: Ground, ground_of: Callable[..., Ground],
        evidence_of: Callable[..., Evidence], make_layer: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "FEWEST", 10)
    monkeypatch.setattr(objects_of_a_layer, "ROUNDS_MAX", 2)
    blank = ground_of([make_layer(HOUSES, {"building": ["yes"] * N}, name="blank.gpkg")], shape=SHAPE, at=AT)
    evidence, edges = evidence_of(drawn, [], [], sure=0.5), Edges.of(blank.imagery)
    layer, witness = drawn.maps[0], Witness.of(network, drawn, CPU, 0)
    objects = study(drawn, layer, evidence, edges, 0, Feedback())
    assert objects is not None
    nowhere = Bare(np.array([], dtype=object), np.zeros(0))
    blind = learn(objects, drawn, layer, evidence, edges, nowhere, 0, Feedback())
    told = learn(objects, drawn, layer, evidence, edges, nowhere, 0, Feedback(), witness,
                 witness.own(layer, Feedback()))
    assert blind.learnt
    assert told.learnt
    found = [set(np.argsort(-one.of("obsolete"))[:6]) & set(range(N, N + 6)) for one in (blind, told)]
    assert len(found[1]) >= 5 > len(found[0])
    assert "network" in told.told(N)
    assert blind.told(N) == {}
