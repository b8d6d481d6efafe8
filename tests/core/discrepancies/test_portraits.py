"""Features are told apart as wholes where their pixels, one by one, look alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import numpy as np
import pytest
from affine import Affine
from shapely import box

from geoloop.core.discrepancies import portraits, wrong_class
from geoloop.core.discrepancies.pooling import Pooled
from geoloop.core.discrepancies.portraits import FEWEST, _told, portrayed
from geoloop.core.feedback import Feedback
from geoloop.core.fusion.ground import Ground, open_ground

from ..conftest import layers_in, rasters_in

FIELDS = Affine(10, 0, 500_000, 0, -10, 5_800_000)
SIDE, ACROSS = 12, 12
WRONG = (17, 58, 101)


def classes() -> list[str]:
    """Smooth and rough fields in turn by chance; both of the same mean colour."""
    return np.random.default_rng(4).choice(["rough", "smooth"], ACROSS**2).tolist()


@pytest.fixture(scope="module")
def fields(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Fields whose bands differ in texture alone; three of them carry the other class."""
    rng, true = np.random.default_rng(1), classes()
    image = np.full((2, SIDE * ACROSS, SIDE * ACROSS), 1000.0)
    shapes = []
    for number, name in enumerate(true):
        row, column = divmod(number, ACROSS)
        cut = np.s_[:, row * SIDE:(row + 1) * SIDE, column * SIDE:(column + 1) * SIDE]
        image[cut] += rng.normal(0, 160 if name == "rough" else 60, (2, SIDE, SIDE))
        x, y = 500_000 + 10 * column * SIDE, 5_800_000 - 10 * (row + 1) * SIDE
        shapes.append(box(x + 5, y + 5, x + 10 * SIDE - 5, y + 10 * SIDE - 5))
    said = [("smooth" if name == "rough" else "rough") if n in WRONG else name for n, name in enumerate(true)]
    folder = tmp_path_factory.mktemp("fields")
    layer = layers_in(folder)(shapes, {"nr": list(range(len(shapes))), "cover": said}, name="fields.gpkg", key="nr",
                       settings={"class_field": "cover"})
    with ExitStack() as stack:
        imagery = rasters_in(folder)(image.astype(np.uint16), FIELDS)
        yield stack.enter_context(open_ground([imagery], [layer], [], "", None, False))


@pytest.fixture(scope="module")
def whole(fields: Ground) -> Pooled:
    return portrayed(fields, fields.maps[0], knowing_nothing(fields), 0, Feedback())


def knowing_nothing(ground: Ground, seen: float = 1.0) -> Pooled:
    count = len(ground.maps[0].support)
    alike = np.full((count, len(ground.legend.names)), 1 / len(ground.legend.names))
    return Pooled(alike, alike, np.full(count, seen), ())


def test_texture_tells_what_no_single_pixel_does(fields: Ground, whole: Pooled) -> None:
    assert np.allclose(whole.inside.sum(axis=1), 1)
    names = np.array(fields.legend.names)[whole.inside.argmax(axis=1)]
    assert (names == np.array(classes())).mean() > 0.95


def test_wrong_labels_are_the_surest_flags_and_the_right_class_is_proposed(fields: Ground, whole: Pooled) -> None:
    layer = fields.maps[0]
    found = sorted(wrong_class.find(fields, layer, (), whole, 1, 0.05), key=lambda d: -d.probability)
    assert {d.target_key for d in found[:3]} == {str(n) for n in WRONG}
    assert [d.class_proposed for d in found[:3]] == [classes()[int(d.target_key or 0)] for d in found[:3]]


def test_another_layer_that_says_another_class_speaks_against_the_label(fields: Ground, whole: Pooled) -> None:
    layer = fields.maps[0]
    own = whole.inside[np.arange(len(layer.mix)), layer.mix.argmax(axis=1)]
    doubtful, sure = (str(row) for row in np.argsort(own)[[len(WRONG), -1]])
    heard = np.zeros_like(whole.inside)
    heard[int(doubtful)] = 1 - layer.mix[int(doubtful)]
    alone, beside = ({d.target_key: d.probability for d in wrong_class.find(fields, layer, others, pooled, 1, 0.0)}
                     for others, pooled in (((), whole), ((layer,), replace(whole, said=(heard,)))))
    assert beside[doubtful] > 2 * alone[doubtful]
    assert beside[sure] == pytest.approx(alone[sure], abs=0.02)


def test_the_same_seed_tells_the_same(fields: Ground, whole: Pooled) -> None:
    again = portrayed(fields, fields.maps[0], knowing_nothing(fields), 0, Feedback())
    assert np.array_equal(whole.inside, again.inside)


def test_what_the_imagery_does_not_show_is_not_portrayed(fields: Ground) -> None:
    blind = knowing_nothing(fields, seen=0.2)
    assert portrayed(fields, fields.maps[0], blind, 0, Feedback()) is blind


def test_a_layer_of_one_class_beside_its_background_is_left_as_it_is(make_layer, ground_of) -> None:
    houses = [box(500_010 + 9 * n, 5_799_900, 500_016 + 9 * n, 5_799_910) for n in range(FEWEST + 5)]
    ground = ground_of([make_layer(houses, {"building": ["yes"] * len(houses)})])
    pooled = knowing_nothing(ground)
    assert portrayed(ground, ground.maps[0], pooled, 0, Feedback()) is pooled


@pytest.mark.filterwarnings("error")
def test_a_class_of_a_single_feature_is_learnt_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portraits, "TREES", 10)
    label = np.repeat([0, 1, 2], [40, 40, 1])
    x = np.random.default_rng(0).normal(size=(81, 50)) + 3.0 * (label[:, None] == np.arange(50))
    told = _told(x, label, x, 0)
    assert np.isfinite(told).all()
    assert (told.argmax(axis=1) == label)[:80].mean() > 0.95
