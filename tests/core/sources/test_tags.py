"""Tags as text: what is written is read, in every dialect."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoloop.core.sources.tags import hstore_text, parse_tags, rewritten

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)


@given(st.dictionaries(words, words, max_size=5))
def test_hstore_text_is_read_back(tags):
    assert parse_tags(hstore_text(tags)) == tags


@given(st.dictionaries(words, words, min_size=1, max_size=4), words, words)
def test_a_change_changes_one_tag(tags, key, value):
    assert parse_tags(rewritten(hstore_text(tags), {key: value})) == {**tags, key: value}


@pytest.mark.parametrize(("text", "tags"), [
    ('"a"=>"1", "b"=>NULL', {"a": "1"}),
    ('{"a": 1, "b": null, "c": "x"}', {"a": "1", "c": "x"}),
    ("{broken", {}),
    ("place:island", {"place": "island"}),
    ("a=1;b=2:3", {"a": "1", "b": "2:3"}),
    ("just words", {}),
    ("", {}),
    ("=;=;", {}),
])
def test_dialects(text, tags):
    assert parse_tags(text) == tags


def test_a_rewritten_text_keeps_its_dialect():
    assert rewritten('{"a": "1"}', {"a": "2"}) == '{"a": "2"}'
    assert rewritten("a=1;b=2", {"a": None}) == "b=2"
    assert rewritten("a:1", {"b": "2"}) == "a:1;b:2"
    assert rewritten("", {"b": "2"}) == '"b"=>"2"'
