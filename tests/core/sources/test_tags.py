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
    ("checked;a=1;b=;c=2;3", {"a": "1", "c": "2;3"}),
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


@pytest.mark.parametrize(("text", "after"), [
    ('{"a": "1", "n": 5, "yes": true, "none": null, "list": [1, {"b": ""}], "empty": ""}',
     '{"a": "2", "n": 5, "yes": true, "none": null, "list": [1, {"b": ""}], "empty": "", "c": "3"}'),
    ('"a"=>"1", "n"=>NULL, "empty"=>"", "q"=>"\\"x\\""', '"a"=>"2","n"=>NULL,"empty"=>"","q"=>"\\"x\\"","c"=>"3"'),
    ("checked; a=1; empty=; w=x;y", "checked;a=2;empty=;w=x;y;c=3"),
    ("checked; a:1; empty:", "checked;a:2;empty:;c:3"),
], ids=["json", "hstore", "pairs", "colons"])
def test_what_is_not_changed_stays_as_it_is(text, after):
    assert rewritten(text, {"a": "2", "c": "3", "not there": None}) == after
    assert "a" not in parse_tags(rewritten(text, {"a": None}))
