"""How numbers came to be: slips and strangers are told from right numbers, and what is only odd is left alone."""

import numpy as np
import pytest

from geoloop.core.discrepancies.foretold import Numbers
from geoloop.core.discrepancies.slips import MOST, origin

COUNT = 600


def numbers(values, expected, spread, whole=False, logarithmic=True):
    looked_at = np.log(values) if logarithmic else np.asarray(values, float)
    return Numbers(looked_at, np.asarray(expected, float), np.full(len(values), float(spread)), logarithmic, whole)


@pytest.fixture
def heights():
    """Heights around 5 to 15 m that are foretold within a tenth, one of them ten times too high."""
    rng = np.random.default_rng(0)
    expected = np.log(rng.uniform(5, 15, COUNT))
    y = expected + rng.normal(0, 0.1, COUNT)
    y[40] = expected[40] + np.log(10)
    return numbers(np.exp(y), expected, 0.1)


def test_a_digit_too_many_is_a_slip_and_taken_back(heights) -> None:
    found = origin(heights, 0)
    assert found.slip[40] > 0.9
    assert np.log(found.before[40]) == pytest.approx(heights.expected[40], abs=0.3)
    assert np.delete(found.slip + found.other + found.nobody, 40).max() < 0.5


def test_many_slips_are_found_and_do_not_hide_each_other(heights) -> None:
    wrong = np.random.default_rng(1).permutation(COUNT)[:40]
    heights.y[wrong] = heights.expected[wrong] + np.log(10)
    heights.y[40] = heights.expected[40]
    found = origin(heights, 0)
    assert set(np.flatnonzero(found.slip >= 0.5)) == set(wrong)


def test_another_features_number_is_one(heights) -> None:
    low = np.argsort(heights.expected)[:3]
    heights.y[low] = heights.expected.max()
    found = origin(heights, 0)
    assert (found.other[low] > found.slip[low]).all()
    assert (found.other[low] + found.slip[low] + found.nobody[low] > 0.9).all()
    assert origin(heights, 0, others=False).other.max() < 1e-9


@pytest.mark.parametrize("seed", range(4))
def test_long_tails_are_no_errors(seed) -> None:
    rng = np.random.default_rng(seed)
    expected = rng.normal(20, 3, COUNT)
    found = origin(numbers(expected + rng.standard_t(4, COUNT), expected, 1.2, logarithmic=False), 0)
    assert ((found.slip + found.other + found.nobody) >= 0.5).mean() <= 0.005


def test_numbers_that_nothing_foretells_are_no_errors() -> None:
    y = np.random.default_rng(3).lognormal(2, 0.6, COUNT)
    found = origin(numbers(y, np.full(COUNT, 2.0), 0.6), 0)
    assert (found.slip + found.other + found.nobody).max() < 0.5


def test_whole_numbers_gain_a_digit_but_are_not_converted() -> None:
    rng = np.random.default_rng(2)
    storeys = rng.integers(2, 6, COUNT).astype(float)
    expected = np.log(storeys) + rng.normal(0, 0.1, COUNT)
    storeys[7], storeys[8] = 40, 37  # 37 is no number with a digit too many
    expected[7] = np.log(4)
    found = origin(numbers(storeys, expected, 0.2, whole=True), 0)
    assert found.before[7] == 4
    assert found.slip[7] > 0.9
    assert found.slip[8] < 0.1
    assert found.nobody[8] + found.other[8] > 0.9


def test_numbers_below_zero_have_no_slips_of_a_factor() -> None:
    rng = np.random.default_rng(4)
    expected = rng.normal(0, 5, COUNT)
    y = expected + rng.normal(0, 0.5, COUNT)
    y[3] = 400
    found = origin(numbers(y, expected, 0.5, logarithmic=False), 0)
    assert found.slip.max() < 1e-9
    assert np.isnan(found.before).all()
    assert found.nobody[3] > 0.9


def test_no_origin_is_taken_to_be_frequent() -> None:
    """Where half the numbers fit nothing, the layer does not say which are wrong."""
    rng = np.random.default_rng(5)
    expected = rng.normal(20, 3, COUNT)
    y = np.where(rng.random(COUNT) < 0.5, rng.permutation(expected), expected + rng.normal(0, 0.1, COUNT))
    found = origin(numbers(y, expected, 0.1, logarithmic=False), 0)
    assert found.other.mean() < 4 * MOST
