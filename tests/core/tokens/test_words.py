"""Tags that were never seen before are no strangers, and numbers say how large they are."""

import math

import numpy as np
import pytest

from geoloop.core.tokens.words import BUCKETS, number_in, pieces_of, place_of, words_of


def test_an_unseen_key_or_value_shares_pieces_with_its_like() -> None:
    a, b, c = (set(pieces_of("roof:material", v)) for v in ("concrete", "concreet", "tin"))
    assert len(a & b) > len(a & c)
    assert set(pieces_of("Gebäude", "höfisch")) <= set(range(BUCKETS))


def test_a_feature_without_tags_or_with_null_ones_simply_has_none() -> None:
    words = words_of([{}, {"building": "yes"}, {}])
    assert words.feature.tolist() == [1]
    assert len(words.pieces)
    assert len(words_of([{}, {}]).pieces) == 0


def test_each_different_tag_is_cut_once() -> None:
    words = words_of([{"building": "yes", "levels": "2"}] * 500)
    assert len(words.number) == 2
    assert len(words.feature) == 1000


def test_places_are_the_same_on_every_machine() -> None:
    assert [place_of(text) for text in ("building=yes", "k<highway>", "ä")] == [6532, 4935, 4483]
    assert 0 <= place_of("") < BUCKETS


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3.0), ("4.5", 4.5), ("12,5 m", 12.5), ("-1e2", -100.0), ("30 %", 30.0)])
def test_numbers_are_read(text: str, value: float) -> None:
    assert number_in(text) == value


@pytest.mark.parametrize("text", ["yes", "2 floors", "", "1;2", "12-14"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert math.isnan(number_in(text))


def test_some_features_keep_their_words() -> None:
    words = words_of([{"a": "1"}, {"b": "2", "c": "x"}, {}, {"d": "4"}])
    part = words.select(np.array([3, 1]))
    assert part.feature.tolist() == [0, 1, 1]
    assert part.number[part.tag][0] == 4
    assert np.isnan(part.number[part.tag]).sum() == 1
