"""Merging twins: one stays and takes over what only the other knew; both or nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from qgis.core import QgsGeometry, QgsProcessingException


@pytest.fixture
def twins(town, house, edit_by_hand):
    """Two features at one place: 1 stays, 2 goes; 2 alone knows when it was seen."""
    def made(**settings):
        place = town(**settings)
        layer = place.layer()
        first, second = sorted(f.id() for f in layer.getFeatures())[:2]
        at = layer.fields().lookupField

        def together(it):
            it.changeGeometry(second, QgsGeometry.fromWkt(house(0, shift=0.5)))
            it.changeAttributeValue(first, at("seen"), None)
            it.changeAttributeValue(second, at("seen"), "2025-01-31")

        edit_by_hand(layer, together)
        return place, first, second

    return made


@pytest.mark.parametrize("suffix", [".gpkg", ".shp"])
def test_the_twin_that_stays_takes_over_what_it_did_not_know(twins, push, undo, suffix):
    place, stays, goes = twins(suffix=suffix)
    before = place.signatures()
    place.flags(("merge", goes, None, {}), twin=stays)
    assert push(place)["APPLIED"] == 1
    rows = {row["osm_id"]: row for row in place.rows().values()}
    assert 1001 not in rows
    assert (rows[1000]["seen"], rows[1000]["height"]) == ("2025-01-31", 4.5)
    assert place.states() == ["committed"] * 2
    assert place.status() == {"d0000": "pushed"}
    assert undo(place)["UNDONE"] == 1
    assert sorted(place.signatures().values()) == sorted(before.values())
    assert place.states() == ["undone"] * 2


def test_identity_does_not_pass_from_one_twin_to_the_other(twins, push, edit_by_hand):
    place, stays, goes = twins(key="osm_id")
    place.flags(("merge", goes, None, {}), twin=1000)
    edit_by_hand(place.layer(), lambda it: it.changeAttributeValue(stays, it.fields().lookupField("height"), None))
    push(place)
    assert place.rows()[stays]["osm_id"] == 1000
    assert place.rows()[stays]["height"] == 5.5


def test_a_locked_twin_stays_as_it_is(twins, push):
    place, stays, goes = twins(settings={"lock": "osm_id = 1000"})
    place.flags(("merge", goes, None, {}), twin=stays)
    push(place)
    assert goes not in place.rows()
    assert place.rows()[stays]["seen"] is None
    assert place.states() == ["committed"]


def test_the_last_of_two_twins_is_not_deleted(twins, push, edit_by_hand):
    place, stays, goes = twins()
    place.flags(("merge", goes, None, {}), twin=stays)
    edit_by_hand(place.layer(), lambda it: it.deleteFeature(stays))
    with pytest.raises(QgsProcessingException, match="which should stay, is not there any more"):
        push(place)
    assert goes in place.rows()
    assert place.status() == {"d0000": "stale"}


def test_a_merge_that_does_not_say_what_stays_is_refused(twins, push):
    place, _, goes = twins()
    place.flags(("merge", goes, None, {}))
    with pytest.raises(QgsProcessingException, match="does not say which feature stays"):
        push(place)
    assert goes in place.rows()


@pytest.mark.parametrize("refused", ["UPDATE", "DELETE"])
def test_a_merge_of_which_the_file_refuses_a_part_is_taken_back_whole(twins, push, refused):
    place, stays, goes = twins()
    before = place.signatures()
    with closing(sqlite3.connect(place.path)) as database:
        when = "WHEN NEW.seen IS NOT OLD.seen" if refused == "UPDATE" else ""
        database.execute(f'CREATE TRIGGER refuse BEFORE {refused} ON "{place.name}" {when} '
                         "BEGIN SELECT RAISE(ABORT, 'not allowed here'); END")
        database.commit()
    place.flags(("merge", goes, None, {}), ("retag", 4, None, {"building": "church"}), twin=stays)
    with pytest.raises(QgsProcessingException, match=r"1 of 2 edits(.|\n)*not allowed here"):
        push(place)
    after = place.signatures()
    assert {fid: after[fid] for fid in (stays, goes)} == {fid: before[fid] for fid in (stays, goes)}
    assert place.rows()[4]["building"] == "church"
    assert place.status() == {"d0000": "accepted", "d0001": "pushed"}
