"""How many units each stratum gets, and which: every one with the chance that is written down."""

from __future__ import annotations

import numpy as np
import pytest

from geoloop.core.errors import InputError
from geoloop.core.review.design import allocate, lattice_steps, ranks, spatial_order, systematic_ranks

NAMES = ["forest", "meadow", "water"]


def test_a_rare_stratum_gets_its_minimum_and_the_rest_goes_by_size():
    assert allocate(np.array([9000, 900, 100]), 300, "proportional", 50, NAMES).tolist() == [200, 50, 50]
    assert allocate(np.array([9000, 900, 100]), 300, "equal", 0, NAMES).tolist() == [100, 100, 100]
    assert allocate(np.array([9000, 900, 100]), 300, "proportional", 0, NAMES).tolist() == [270, 27, 3]


@pytest.mark.parametrize("allocation", ["proportional", "equal"])
def test_every_unit_that_was_asked_for_is_given_out_and_no_stratum_gives_more_than_it_has(allocation):
    rng = np.random.default_rng(0)
    for _ in range(200):
        units = rng.integers(0, 60, size=4)
        if units.sum() < 2:
            continue
        size = int(rng.integers(1, units.sum() + 1))
        given = allocate(units, size, allocation, 0, list("abcd"))
        assert given.sum() == size
        assert (given <= units).all()
        assert (given >= 0).all()


def test_what_cannot_be_given_is_one_sentence():
    with pytest.raises(InputError, match=r"SIZE is 100, too few .* MINIMUM 50 units; raise SIZE to 150"):
        allocate(np.array([9000, 900, 100]), 100, "proportional", 50, NAMES)
    with pytest.raises(InputError, match=r"SIZE is 20, but there are only 10 units"):
        allocate(np.array([4, 3, 3]), 20, "equal", 0, NAMES)
    with pytest.raises(InputError, match=r"only 10 units"):
        lattice_steps(10, 20, (2, 5))


def test_a_lattice_is_square_unless_the_raster_is_a_strip():
    assert lattice_steps(400, 4, (20, 20)) == (10, 10)
    assert lattice_steps(1000, 10, (1, 1000)) == (1, 100)
    assert lattice_steps(1000, 10, (500, 2)) == (50, 2)


@pytest.mark.parametrize("draw", [ranks, systematic_ranks])
def test_every_unit_is_drawn_as_often_as_any_other(draw):
    rng = np.random.default_rng(0)
    hits = np.zeros(37)
    for _ in range(4000):
        rows = draw(37, 10, rng)
        assert len(np.unique(rows)) == 10
        hits[rows] += 1
    assert np.abs(hits / 4000 - 10 / 37).max() < 0.03


def test_neighbours_in_the_spatial_order_are_neighbours_on_the_ground():
    xy = np.random.default_rng(0).random((400, 2))
    walked = xy[spatial_order(xy)]
    assert np.median(np.hypot(*np.diff(walked, axis=0).T)) < 0.1
    assert len(spatial_order(np.zeros((0, 2)))) == 0
