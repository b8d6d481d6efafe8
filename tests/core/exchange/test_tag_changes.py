"""From columns to tags: letter by letter, in whatever dialect a layer keeps them."""

from __future__ import annotations

import pytest

from geoloop.core.exchange.tag_changes import new_tags, tag_changes


@pytest.mark.parametrize("column", ["tags", "all_tags"])
def test_tags_in_json_are_tags(column):
    changes = tag_changes({column: '{"building": "yes", "name": "Café"}'},
                          {column: '{"building": "house", "name": "Café"}'},
                          {"building": "yes", "name": "Café"}, set())
    assert changes == {"building": "house"}


def test_a_tag_of_a_single_letter_is_no_yes_or_no():
    assert tag_changes({"ref": "F"}, {"ref": "T"}, {"ref": "F"}, set()) == {"ref": "T"}
    assert new_tags({"building": "yes", "ref": "T"}, {"building", "ref"}) == {"building": "yes", "ref": "T"}
