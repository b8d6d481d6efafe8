"""What is hidden is learnt from the rest: the classes of pixels and features, whether something stands, how far it is
off.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from fusion_scenes import TINY, ground, houses, roofs
from torch.nn import functional as F

from geoloop.core.errors import InputError
from geoloop.core.feedback import Feedback
from geoloop.core.inference.fusion_tiles import Sight, ask, speak
from geoloop.core.models.fusion_net import FusionNet
from geoloop.core.training.course import Course, learn
from geoloop.core.training.fusion_draw import Draw, DrawSettings
from geoloop.core.training.fusion_lesson import ALL, Lesson, Shares, hidden_measures

CPU = torch.device("cpu")
SHAPE = replace(TINY, classes=3, dim=32, widths=(12, 16, 24, 32))


@pytest.fixture(scope="module")
def taught() -> FusionNet:
    """A network that has learnt bright and dark roofs from two pieces of ground."""
    torch.manual_seed(0)
    draw = Draw([roofs(seed=0), roofs(seed=1)], SHAPE.strides, DrawSettings(batch=4, side=64, move_m=4.0))
    lesson = Lesson(FusionNet(SHAPE), Shares())
    return learn(lesson, draw.batch, Course(90, learning_rate=5e-3), CPU, Feedback()).network


def test_pixels_and_features_get_their_class_on_new_ground(taught: FusionNet) -> None:
    new = roofs(seed=7)
    said = speak(taught, new, CPU, Feedback())
    assert (said.probability.argmax(0) == new.mix.argmax(0)).mean() > 0.97
    assert (said.feature.argmax(1) == new.label).mean() > 0.9
    assert np.allclose(said.probability.sum(0), 1, atol=1e-4)


def test_the_result_does_not_depend_on_the_windows(taught: FusionNet) -> None:
    new = roofs(seed=7)
    a, b = (speak(taught, new, CPU, Feedback(), side=side, halo=48).probability for side in (128, 192))
    assert np.abs(a - b).mean() < 0.01


@pytest.mark.parametrize("missing", ["map", "imagery"])
def test_without_one_source_the_other_still_speaks(taught: FusionNet, missing: str) -> None:
    new = roofs(seed=7)
    sight = (Sight(without=np.ones(len(new.tokens), bool)) if missing == "map"
             else Sight(blind=np.ones(new.valid.shape, bool)))
    said = speak(taught, new, CPU, Feedback(), sight=sight)
    covered, truth = said.probability.argmax(0) > 0, new.mix.argmax(0) > 0
    shared = (covered & truth).sum() / (covered | truth).sum()
    assert shared > (0.4 if missing == "map" else 0.8)


def test_hidden_features_are_told_from_made_up_ones_and_from_their_roofs(taught: FusionNet) -> None:
    new = roofs(seed=7)
    asked = ask(taught, new, CPU, Feedback())
    assert np.isfinite(asked.exists).all()
    assert (asked.feature.argmax(1) == new.label).mean() > 0.8
    draw = Draw([new], SHAPE.strides, DrawSettings(batch=8, side=96, asked=0.5, seed=5, no_imagery=0, no_map=0))
    batch = draw.batch(0)
    with torch.inference_mode():
        said = taught(batch)
    question = ~batch.visible
    real, made = said.exists[question & (batch.real > 0)], said.exists[question & (batch.real == 0)]
    assert len(made) > 10
    assert (real[:, None] > made).float().mean() > 0.9


def test_hidden_features_that_are_off_are_sent_back_to_where_they_stand(taught: FusionNet) -> None:
    drawn = DrawSettings(batch=8, side=96, asked=0.5, seed=5, move_m=4.0, no_imagery=0, no_map=0)
    batch = Draw([roofs(seed=7)], SHAPE.strides, drawn).batch(0)
    with torch.inference_mode():
        said = taught(batch)
    off = batch.moved.norm(dim=1) * batch.pixel_m
    moved = ~batch.visible & (batch.real > 0) & (off > 1)
    left = (said.shift + batch.moved * batch.pixel_m).norm(dim=1)
    assert int(moved.sum()) > 20
    assert left[moved].mean() < 0.7 * off[moved].mean()


def test_the_same_step_draws_the_same_windows() -> None:
    a, b = (Draw([roofs()], SHAPE.strides, DrawSettings(batch=2, side=64)).batch(3) for _ in range(2))
    assert torch.equal(a.x, b.x)
    assert torch.equal(a.moved, b.moved)
    assert not torch.equal(a.x, Draw([roofs()], SHAPE.strides, DrawSettings(batch=2, side=64)).batch(4).x)
    assert not torch.equal(a.x, Draw([roofs()], SHAPE.strides, DrawSettings(batch=2, side=64)).batch(3, rank=1).x)


def test_made_up_features_stand_where_nothing_does() -> None:
    excerpt = roofs(side=192)
    batch = Draw([excerpt], SHAPE.strides, DrawSettings(batch=8, side=96, asked=0.6, no_map=0)).batch(0)
    made = batch.xy[(~batch.visible) & (batch.real == 0)]
    tile = batch.tile[(~batch.visible) & (batch.real == 0)]
    assert len(made) > 10
    middle = made.mean(dim=1).long().clamp(0, 95)
    assert (batch.painted[tile, middle[:, 1], middle[:, 0]] < 0).all()


def test_a_moved_question_knows_how_far_it_is_off() -> None:
    excerpt = roofs(side=192)
    batch = Draw([excerpt], SHAPE.strides, DrawSettings(batch=4, side=96, asked=0.9, no_map=0, move_m=6.0)).batch(0)
    moved = batch.moved[(batch.real > 0) & ~batch.visible].norm(dim=1) * batch.pixel_m
    assert (moved <= 6.0 + 1e-4).all()
    assert (moved > 0.5).float().mean() > 0.3
    assert not batch.moved[batch.visible].any()


def test_every_part_of_the_lesson_is_finite_and_teaches_something() -> None:
    torch.manual_seed(0)
    excerpt = roofs()
    drawn = DrawSettings(batch=4, side=64, asked=0.3, blurred=0.5, hushed=0.3, veiled=1.0, no_imagery=0)
    batch = Draw([excerpt], SHAPE.strides, drawn).batch(0)
    for name, share in vars(ALL).items():
        if share or name == "features":
            lesson = Lesson(FusionNet(SHAPE), Shares(**{n: float(n == name) for n in vars(ALL)}))
            loss = lesson(batch)[name]
            loss.backward()
            assert torch.isfinite(loss), name
            assert any(p.grad is not None and p.grad.abs().sum() > 0 for p in lesson.parameters()), name


def test_the_lesson_does_without_features_and_without_imagery() -> None:
    for excerpt in (ground([], side=128), replace(ground(houses(128), side=128), valid=np.zeros((128, 128), bool))):
        batch = Draw([replace(excerpt, mix=np.ones((3, 128, 128), np.float16) / 3)], SHAPE.strides,
                     DrawSettings(batch=2, side=64)).batch(0) if len(excerpt.tokens) or excerpt.valid.any() else None
        assert batch is not None
        parts = Lesson(FusionNet(SHAPE), ALL)(batch)
        assert all(torch.isfinite(part) for part in parts.values())


def test_hidden_outlines_are_guessed_in_metres() -> None:
    batch = Draw([roofs()], SHAPE.strides, DrawSettings(batch=1, side=64)).batch(0)
    measured = hidden_measures(batch)
    assert torch.allclose(measured[:, 0], torch.log1p(batch.measures[:, 0] * 0.25))
    assert F.relu(measured[:, 2] - 1.001).sum() == 0


def test_ground_with_nothing_on_it_is_refused() -> None:
    bare = replace(ground([], side=64), valid=np.zeros((64, 64), bool))
    with pytest.raises(InputError, match="no place to learn from"):
        Draw([bare], SHAPE.strides, DrawSettings())
