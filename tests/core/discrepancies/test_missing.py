"""What may be missing: every patch is drawn, and of several drawings of one place one is kept."""

from types import SimpleNamespace

import numpy as np
import pytest
import shapely
from rasterio.windows import Window
from shapely import box

from geoloop.core.alignment.align import within
from geoloop.core.discrepancies import missing
from geoloop.core.discrepancies.edges import MARGIN, Edges, Shown
from geoloop.core.discrepancies.local_size import beside_neighbours
from geoloop.core.discrepancies.missing import Examples, candidates, find, ranked
from geoloop.core.discrepancies.patches import NAMES, Patch, Scene, Sizes, patches
from geoloop.core.feedback import Feedback

from .conftest import town

SIZES = Sizes(least=60, most=4000, middle=300)
WHOLE = Window(0, 0, 120, 120)
CORE = (slice(0, 120), slice(0, 120))
NOTHING = np.zeros(0, object)


def scene(p: np.ndarray, cover: np.ndarray | None = None) -> Scene:
    """Probabilities over blank imagery."""
    wide = tuple(side + 2 * MARGIN for side in p.shape)
    blank = Shown(np.full((1, *wide), 7, np.float32), np.ones(wide, bool), np.ones(1, np.float32), 1.0)
    return Scene(p.astype(np.float32), blank, np.zeros(p.shape, bool) if cover is None else cover)


def house(level: float) -> np.ndarray:
    p = np.full((120, 120), 0.05)
    p[40:60, 30:55] = level
    return p


def test_a_faint_roof_is_a_candidate_too() -> None:
    found = patches(scene(house(0.3)), WHOLE, CORE, SIZES, NOTHING)
    assert found
    true = box(30, 40, 55, 60)
    assert max(f.shape.intersection(true).area / f.shape.union(true).area for f in found) > 0.8


def test_what_is_fainter_than_any_feature_is_not_drawn() -> None:
    p = np.maximum(house(0.9), 0.05)
    p[80:100, 30:55] = 0.3
    both = patches(scene(p), WHOLE, CORE, SIZES, NOTHING)
    clear = patches(scene(p), WHOLE, CORE, SIZES, NOTHING, faintest=0.5)
    assert {patch.shape.wkb for patch in clear} == {patch.shape.wkb for patch in both if patch.raw >= 0.5}
    assert 0 < len(clear) < len(both)


def test_edges_are_sought_only_where_there_is_something_to_draw() -> None:
    faint, clear = scene(house(0.4)), scene(house(0.9))
    assert not patches(faint, WHOLE, CORE, SIZES, NOTHING, faintest=0.5)
    assert patches(clear, WHOLE, CORE, SIZES, NOTHING, faintest=0.5)
    assert ["tensor" in vars(one.shown) for one in (faint, clear)] == [False, True]


def test_examples_are_whole_patches_that_touch_what_was_left_out() -> None:
    p = np.maximum(house(0.9), 0.05)
    p[40:60, 55:90] = 0.9  # grown together with what stands beside it: so it would look in the open, too
    p[90:110, 20:45] = 0.9
    left_out = np.zeros(p.shape, bool)
    left_out[40:60, 30:55] = True
    found = patches(scene(p), WHOLE, CORE, SIZES, NOTHING, left_out)
    assert max(f.shape.area for f in found) > 1000
    assert all(f.shape.bounds[3] < 80 for f in found)


def test_a_patch_is_as_large_as_its_neighbours_not_as_the_layer() -> None:
    houses = [box(x, 0, x + 20, 15) for x in range(0, 240, 30)]
    sheds = [box(x, 400, x + 4, 405) for x in range(0, 240, 30)]
    patch = np.array([box(100, 20, 120, 35), box(100, 410, 120, 425), box(900, 900, 940, 930)], dtype=object)
    found = beside_neighbours(patch, np.array(houses + sheds, dtype=object), 300.0)
    assert found == pytest.approx([0.0, np.log(15), np.log(4)])
    assert beside_neighbours(patch[:1], NOTHING, 100.0) == pytest.approx([np.log(3)])
    assert len(beside_neighbours(NOTHING, patch, 100.0)) == 0


def test_of_several_drawings_of_one_place_one_is_kept() -> None:
    looks = np.zeros((3, len(NAMES)))
    shapes = np.array([box(0, 0, 10, 10), box(1, 0, 11, 10), box(40, 40, 50, 50)], dtype=object)
    real = Examples(shapes, looks, np.array([0.4, 0.9, 0.7]), np.array([0, 0, 1]))
    assert sorted(real.alone()) in ([0, 2], [1, 2])
    kept, chance = ranked(Examples(shapes[:0], looks[:0], np.zeros(0), np.zeros(0, np.intp)),
                          [Patch(s, n, p, p) for s, n, p in zip(shapes, looks, (0.4, 0.9, 0.7), strict=True)], 0)
    assert [patch.probability for patch in kept] == [0.9, 0.7]
    assert np.allclose(chance, [0.9, 0.7])
    assert shapely.area([patch.shape for patch in kept]).sum() == 200


def test_of_many_candidates_those_fainter_than_features_are_not_kept(ground_of, evidence_of, make_layer, monkeypatch
                                                                      ) -> None:
    homes = town()
    ground = ground_of([make_layer(homes[2:], {"building": ["yes"] * len(homes[2:])})])
    layer, edges = ground.maps[0], Edges.of(ground.imagery, 0)
    p = evidence_of(ground, homes, [1] * len(homes)).read(Window(0, 0, ground.grid.width, ground.grid.height))
    for left in range(100, 500, 50):
        p[1, 465:480, left:left + 20] = 0.4
    seen = within(lambda w: p[(slice(None), *w.toslices())], ground.grid)
    shown = SimpleNamespace(read=lambda window, classes: seen(window)[list(classes)])

    def asked() -> list[Patch]:
        return candidates(ground, layer.support, shown, edges, 1, np.arange(len(layer.support)), 0, Feedback())[1]

    monkeypatch.setattr(missing, "BLOCK", 100)
    every = asked()
    monkeypatch.setattr(missing, "MANY", 0)
    kept = asked()
    assert {patch.shape.wkb for patch in kept} < {patch.shape.wkb for patch in every}
    assert min(patch.raw for patch in kept[-2:]) > 0.5
    for home in ground.grid.to_pixels(np.array(homes[:2], dtype=object)):
        assert any(patch.shape.intersection(home).area > 0.5 * home.area for patch in kept)


def test_imagery_that_shows_nothing_of_the_class_makes_no_candidate(ground_of, evidence_of, make_layer) -> None:
    homes = town(3, 2)
    ground = ground_of([make_layer(homes, {"building": ["yes"] * 6})], shape=(120, 160))
    evidence, layer = evidence_of(ground, [], []), ground.maps[0]
    edges = Edges.of(ground.imagery, 0)
    real, open_ = candidates(ground, layer.support, evidence, edges, 1, np.arange(6), 0, Feedback())
    assert (len(real.shapes), real.looks.shape, open_) == (0, (0, len(NAMES)), [])
    assert find(ground, layer, evidence, edges, layer.support, 1, 0, 0.05, Feedback()) == []
