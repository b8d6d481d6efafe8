"""How many labels are wrong is found in the labels themselves, and probabilities mean what they say."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from geoloop.core.discrepancies.mislabelled import doubt

CLASSES = 5


def labels(share: float, bold: float = 1.0, count: int = 2000) -> tuple[NDArray, NDArray, NDArray]:
    """What is told of each feature, ``bold`` times as sure as it should be, its label, and whether that is wrong."""
    rng = np.random.default_rng(3)
    right = rng.dirichlet(np.full(CLASSES, 0.25), count)
    true = (rng.random(count)[:, None] < right.cumsum(axis=1)).argmax(axis=1)
    wrong = rng.random(count) < share
    label = np.where(wrong, (true + rng.integers(1, CLASSES, count)) % CLASSES, true)
    told = np.maximum(right, 1e-6) ** bold
    return told / told.sum(axis=1, keepdims=True), label, wrong


@pytest.mark.parametrize("bold", [0.6, 1.0, 1.6])
def test_how_many_labels_are_wrong_is_found_however_bold_the_probabilities_are(bold: float) -> None:
    shares = [0.02, 0.08, 0.16]
    found = [doubt(*labels(share, bold)[:2], 0.08) for share in shares]
    assert all(share - 0.01 < one.wrong < share + 0.06 for share, one in zip(shares, found, strict=True))
    assert all(one.temperature == pytest.approx(bold, rel=0.25) for one in found)


@pytest.mark.parametrize("share", [0.08, 0.16])
def test_a_chance_to_be_wrong_means_what_it_says(share: float) -> None:
    told, label, wrong = labels(share, 1.6)
    found = doubt(told, label, 0.08)
    own = np.exp(found.voice(told))
    chance = found.chance((own / own.sum(axis=1, keepdims=True))[np.arange(len(label)), label])
    for low, high in ((0.0, 0.1), (0.2, 0.5), (0.7, 1.0)):
        here = (chance >= low) & (chance < high)
        assert here.sum() >= 30
        assert wrong[here].mean() == pytest.approx(chance[here].mean(), abs=0.15)


def test_few_labels_are_doubted_as_much_as_is_assumed() -> None:
    told, label, _ = labels(0.0, count=12)
    assert 0.04 < doubt(told, label, 0.08).wrong < 0.3


def test_classes_that_nobody_is_labelled_with_do_not_count() -> None:
    told, label, _ = labels(0.08)
    wider = np.concatenate([told, np.zeros((len(told), 3))], axis=1)
    assert doubt(wider, label, 0.08).classes == CLASSES
