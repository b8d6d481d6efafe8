"""What is expected of an attribute's values: from other blocks of ground, from neighbours, and never from the value."""

import numpy as np
import pytest

from geoloop.core.discrepancies.calibration import folds_of, mistaken
from geoloop.core.discrepancies.foretold import Categories, Numbers, neighbours, usual_spread

COUNT = 400


@pytest.fixture
def places():
    return np.random.default_rng(0).uniform(0, 2000, (COUNT, 2))


def test_a_feature_is_never_its_own_neighbour() -> None:
    alone = np.array([[0.0, 0], [1, 0], [3, 0]])
    assert neighbours(alone).tolist() == [[1, 2], [0, 2], [1, 0]]
    stacked = neighbours(np.zeros((30, 2)))  # many points in one place
    assert stacked.shape == (30, 8)
    assert not (stacked == np.arange(30)[:, None]).any()


def test_numbers_are_foretold_from_what_is_known_and_from_neighbours(places) -> None:
    rng = np.random.default_rng(1)
    known = rng.uniform(0, 4, COUNT)
    smooth = 10 + 5 * np.sin(places[:, 0] / 300)
    found = Numbers.of(smooth + 3 * known, known[:, None], neighbours(places), folds_of(places), 0)
    assert not found.logarithmic
    assert np.corrcoef(found.expected, found.y)[0, 1] > 0.9


def test_the_number_itself_says_nothing_of_what_is_expected_of_it(places) -> None:
    numbers = np.random.default_rng(2).uniform(5, 9, COUNT)
    near, fold = neighbours(places), folds_of(places)
    found = Numbers.of(numbers, np.zeros((COUNT, 1)), near, fold, 0)
    numbers[11] = 8.99 if numbers[11] < 7 else 5.01
    again = Numbers.of(numbers, np.zeros((COUNT, 1)), near, fold, 0)
    own_fold = (fold == fold[11]) & ~(near == 11).any(axis=1)
    assert again.expected[own_fold] == pytest.approx(found.expected[own_fold], abs=0.5)
    assert again.expected[11] == pytest.approx(found.expected[11], abs=0.5)


def test_large_numbers_do_not_spoil_what_is_expected(places) -> None:
    numbers = np.full(COUNT, 7.0) + np.random.default_rng(3).normal(0, 0.3, COUNT)
    numbers[::12] *= 1000
    found = Numbers.of(numbers, np.zeros((COUNT, 1)), neighbours(places), folds_of(places), 0)
    assert found.logarithmic
    assert np.exp(np.median(found.expected)) == pytest.approx(7, rel=0.05)
    assert found.spread.max() < 1


def test_a_constant_has_a_spread() -> None:
    assert usual_spread(np.zeros(50)) > 0


def test_mistaken_categories_are_told_by_the_layer_itself(places) -> None:
    rng = np.random.default_rng(4)
    right = (places[:, 0] // 250).astype(int) % 3
    code, wrong = right.copy(), rng.permutation(COUNT)[:24]
    code[wrong] = (right[wrong] + rng.integers(1, 3, 24)) % 3
    fold = folds_of(places)
    found = Categories.of(code, 3, np.eye(3)[right] + rng.normal(0, 0.3, (COUNT, 3)), neighbours(places), fold, 0)
    assert found is not None
    assert (found.best_other()[wrong] == right[wrong]).mean() > 0.9
    tried, made_of = found.mistaken(rng)
    assert tried.shape == (len(made_of), found.looks().shape[1])
    chance = mistaken(found.looks(), fold, tried, fold[made_of], made_of, 0.02, found.share_mistaken(0.02, 0), 0.2, 0)
    assert (chance[wrong] >= 0.5).mean() > 0.8
    assert (np.delete(chance, wrong) >= 0.5).mean() < 0.02


def test_categories_that_nothing_foretells_are_not_called_mistaken(places) -> None:
    rng = np.random.default_rng(5)
    fold = folds_of(places)
    found = Categories.of(rng.integers(0, 3, COUNT), 3, rng.normal(size=(COUNT, 2)), neighbours(places), fold, 0)
    tried, made_of = found.mistaken(rng)
    chance = mistaken(found.looks(), fold, tried, fold[made_of], made_of, 0.02, found.share_mistaken(0.02, 0), 0.2, 0)
    assert (chance >= 0.5).mean() < 0.02


def test_too_few_of_a_block_foretell_nothing() -> None:
    centres = np.array([[0.0, 0], [1, 1], [1000, 1000]] * 5)
    code = np.array([0, 1, 0] * 5)
    assert Categories.of(code, 2, np.zeros((15, 1)), neighbours(centres), folds_of(centres), 0) is None


@pytest.mark.parametrize(("put_in", "low", "high"), [(0, 0.0, 0.03), (24, 0.03, 0.13)])
def test_the_share_of_mistaken_values_follows_from_how_likely_all_are(places, put_in, low, high) -> None:
    rng = np.random.default_rng(6)
    right = (places[:, 0] // 250).astype(int) % 3
    odd = rng.random(COUNT) < 0.2  # a fifth is of a class that nothing foretells: that is no mistake
    code = np.where(odd, rng.integers(0, 3, COUNT), right)
    wrong = rng.permutation(np.flatnonzero(~odd))[:put_in]
    code[wrong] = (right[wrong] + rng.integers(1, 3, put_in)) % 3
    known = np.column_stack([np.eye(3)[right] + rng.normal(0, 0.3, (COUNT, 3)), odd])
    found = Categories.of(code, 3, known, neighbours(places), folds_of(places), 0)
    assert low <= found.share_mistaken(0.02, 0) <= high
