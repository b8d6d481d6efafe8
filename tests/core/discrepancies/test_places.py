"""An object has several places where it may belong; which is right is learnt from objects that were moved."""

import numpy as np
import pytest

from geoloop.core.discrepancies.belonging import LIKELY, Belonging, certainty
from geoloop.core.discrepancies.places import APART_M, NAMES, OWN, Searched

REACH, PIXEL_M = 20, 0.4


def searched(*peaks: tuple[float, float, float], reach: int = REACH) -> Searched:
    """A surface with peaks at columns and rows from the middle, of some height."""
    y, x = np.mgrid[-reach:reach + 1, -reach:reach + 1].astype(float)
    contrast = sum(h * np.exp(-((x - px)**2 + (y - py)**2) / 8) for px, py, h in peaks) + np.zeros_like(x)
    away = np.hypot(x, y) * PIXEL_M
    return Searched(contrast[None], contrast[None], np.zeros((1, *x.shape)), contrast[None],
                    (contrast - 0.001 * away)[None], away, PIXEL_M)


def places_of(found: Searched, beside: tuple[float, float]) -> list[np.ndarray]:
    return [part[0] for part in found.places(np.array([beside]))]


def test_the_own_places_are_the_highest_ones_apart_and_the_alignments_comes_last() -> None:
    px, x = places_of(searched((8, 0, 0.6), (-6, 5, 0.9), (0, -12, 0.3)), (8.4, 0.2))
    np.testing.assert_allclose(px[:3], [(-6, 5), (8, 0), (0, -12)], atol=0.3)
    np.testing.assert_allclose(px[-1], (8.4, 0.2))
    apart = np.hypot(*(px[:OWN, None] - px[None, :OWN]).transpose(2, 0, 1)) * PIXEL_M
    assert apart[~np.eye(OWN, dtype=bool)].min() > APART_M - PIXEL_M
    assert x[0, NAMES.index("below best")] == 0
    assert (x[:, NAMES.index("alignment")] == [0] * OWN + [1]).all()
    assert x[1, NAMES.index("distance")] == pytest.approx(8 * PIXEL_M, abs=0.1)
    assert x[1, NAMES.index("alone")] == pytest.approx(np.hypot(0.4, 0.2) * PIXEL_M, abs=0.1)


def test_a_place_lies_between_pixels() -> None:
    px, _ = places_of(searched((4.3, -2.4, 0.8)), (0, 0))
    np.testing.assert_allclose(px[0], (4.3, -2.4), atol=0.1)


def test_within_a_short_reach_there_are_fewer_places_and_the_alignments_is_looked_at_on_the_rim() -> None:
    px, x = places_of(searched((1, 0, 0.5), reach=3), (9.0, -9.0))
    none = np.isnan(px[:, 0])
    assert none.any()
    assert not none[[0, -1]].any()
    assert (np.isnan(x).all(axis=1) == none).all()
    np.testing.assert_allclose(px[-1], (9, -9))


def objects(number: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What speaks for two places of each, metres from the right one, fold: an edge runs along the right one alone."""
    rng = np.random.default_rng(seed)
    right = rng.integers(0, 2, number)
    x = rng.normal(0.5, 0.1, (number, 3, 2))
    x[np.arange(number), right, 1] += 1.0
    x[:, 2] = np.nan
    off = np.full((number, 3), np.nan)
    off[:, :2] = 4.0
    off[np.arange(number), right] = 0.3
    return x, off, np.arange(number) % 4


def taught(number: int, seed: int) -> list[tuple[np.ndarray, np.ndarray, int]]:
    return [(x, off, int(fold)) for x, off, fold in zip(*objects(number, seed), strict=True)]


def test_the_right_place_is_told_from_the_one_that_shows_as_much() -> None:
    belonging = Belonging.learnt(taught(120, 0), 4, 0)
    assert belonging is not None
    x, off, fold = objects(40, 1)
    likely = belonging.likely(x, fold)
    assert (likely[:, 2] == 0).all()
    assert (off[np.arange(40), likely.argmax(axis=1)] == 0.3).mean() > 0.95
    x[:, :2, 1] = 0.5
    assert (belonging.likely(x, fold).max(axis=1) < LIKELY).mean() > 0.9


def test_from_a_handful_of_moved_objects_nothing_is_learnt() -> None:
    assert Belonging.learnt(taught(12, 0), 4, 0) is None


def test_certainty_tells_places_elsewhere_from_those_near_by() -> None:
    told = certainty(np.array([[0.6, 0.2, 0.1], [0.1, 0.05, 0.9]]), np.array([[4.0, 6.0, 0.2], [5.0, np.nan, 0.3]]))
    np.testing.assert_allclose(told[:, 1:], [[4.0, 0.1, 0.2], [5.0, 0.9, 0.0]])
    assert told[0, 0] > 0 > told[1, 0]
