"""Another outline is proposed where outlines like it were wrong, and then the one that came nearest the truth."""

import numpy as np
import pytest
import shapely
from rasterio.features import rasterize
from scipy import ndimage
from shapely import affinity

from geoloop.core.discrepancies.edges import Edges
from geoloop.core.discrepancies.redrawn import Drawings, Redrawing, draw
from geoloop.core.discrepancies.sight import Sight

SIZE, REACH = 90, 11


def house(rng: np.random.Generator) -> shapely.Polygon:
    box = shapely.box(30, 34, 30 + rng.uniform(22, 30), 34 + rng.uniform(15, 20))
    return affinity.rotate(box, rng.uniform(0, 90))


def cut(true: shapely.Polygon, share: float) -> shapely.Polygon:
    """The house without an end."""
    corners = np.asarray(true.exterior.coords)
    along = corners[1] - corners[0]
    return shapely.Polygon([corners[0], corners[0] + share * along, corners[3] + share * along, corners[3]])


def sight_of(outline: shapely.Polygon, true: shapely.Polygon, rng: np.random.Generator) -> Sight:
    on = rasterize([(true, 1)], out_shape=(SIZE, SIZE)).astype(float)
    p = np.clip(0.1 + 0.8 * ndimage.gaussian_filter(on, 2) + rng.normal(0, 0.05, on.shape), 0, 1)
    dx, dy = (ndimage.sobel(ndimage.gaussian_filter(on, 0.8), axis=axis) for axis in (1, 0))
    return Sight(outline, p, np.zeros(on.shape, bool), np.stack([dx**2, dx * dy, dy**2]).astype(np.float32) / 4,
                 (100, 200))


def shown(number: int, seed: int, share: float | None = None) -> list:
    """Houses, as they are or without an end, drawn anew: drawings, how near each is, fold of ground."""
    rng = np.random.default_rng(seed)
    found = []
    for k in range(number):
        true = house(rng)
        outline = true if k % 2 and share is None else cut(true, share or rng.uniform(0.4, 0.7))
        drawings = Drawings.of(sight_of(outline, true, rng), REACH)
        found.append((drawings, drawings.shared(affinity.translate(true, 100, 200)), k % 4))
    return found


@pytest.fixture(scope="module")
def redrawing() -> Redrawing:
    learnt = Redrawing.learnt(shown(80, 0), 4, 0)
    assert learnt is not None
    return learnt


def test_one_way_of_drawing_puts_a_cut_house_right() -> None:
    for drawings, near, _ in shown(4, 1, share=0.5):
        assert near[0] == pytest.approx(0.5, abs=0.01)
        assert near.max() > 0.85
        assert len(drawings.outlines) == len(near) == len(drawings.x)


def test_a_yard_stays_a_yard_in_every_way_of_drawing() -> None:
    rng = np.random.default_rng(5)
    true = house(rng)
    yard = affinity.scale(true, 0.3, 0.3)
    drawings = Drawings.of(sight_of(cut(true, 0.8).difference(yard), true.difference(yard), rng), REACH)
    assert len(drawings.outlines) == 4
    assert all(len(outline.interiors) == 1 and outline.is_valid for outline in drawings.outlines)


def test_a_cut_house_gets_the_outline_that_the_imagery_shows(redrawing: Redrawing) -> None:
    asked = shown(8, 2, share=0.55)
    for choice, (drawings, near, _) in zip(redrawing.choose([d for d, _, _ in asked], np.arange(8) % 4), asked,
                                           strict=True):
        assert choice.outline is not None
        assert near[drawings.outlines.index(choice.outline)] > 0.8
        assert choice.then > choice.now + 0.1


def test_an_outline_that_fits_stays(redrawing: Redrawing) -> None:
    rng = np.random.default_rng(3)
    right = [Drawings.of(sight_of(one, one, rng), REACH) for one in (house(rng) for _ in range(8))]
    assert [choice.outline for choice in redrawing.choose(right, np.arange(8) % 4)] == [None] * 8


def test_from_a_handful_nothing_is_learnt() -> None:
    assert Redrawing.learnt(shown(8, 4), 4, 0) is None


@pytest.mark.parametrize("shape", [shapely.MultiPolygon([shapely.box(0, 0, 9, 9), shapely.box(20, 0, 29, 9)]),
                                   shapely.Polygon(), shapely.box(0, 0, 20, 0.5), shapely.box(0, 0, 900, 900)])
def test_what_has_no_frame_is_not_drawn_anew(shape, make_layer, ground_of, evidence_of) -> None:
    ground = ground_of([make_layer([shapely.box(500_010, 5_799_980, 500_020, 5_799_990)],
                                   {"nr": [0], "building": ["yes"]}, key="nr")])
    evidence = evidence_of(ground, [], [])
    placed = np.array([shape], dtype=object)
    assert not draw(placed, np.array([0]), np.array([1]), placed, evidence, Edges.of(ground.imagery))
