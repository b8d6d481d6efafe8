"""Edits in a layer with a filter may lead out of it: what it then hides is there all the same."""

from __future__ import annotations

import pytest
from qgis.core import QgsCoordinateTransformContext, QgsGeometry, QgsProcessingException

from geoloop.core.feedback import Feedback
from geoloop.core.ledger import Ledger, plan_push
from geoloop.processing_provider.editing.address import layer_address
from geoloop.processing_provider.editing.open_layer import OpenLayer
from geoloop.processing_provider.editing.recovery import recover

HOUSES = "\"building\" = 'house'"


@pytest.fixture
def leaving(town, house):
    """A town of which only houses are shown; its accepted edits take a feature out of that and add one beside it."""
    def made(suffix):
        place = town(suffix=suffix)
        first = min(place.signatures())
        place.flags(("retag", first, None, {"building": "barn"}), ("add", None, house(30), {"building": "shed"}),
                    ("reshape", first + 2, house(2, size=5), {}), ("delete", first + 3, None, {}))
        layer = place.layer()
        assert layer.setSubsetString(HOUSES)
        return place, layer

    return made


@pytest.fixture
def editing():
    """Put the accepted edits of a town into its layer in edit mode; return what was warned of."""
    opened = []

    def start(place, layer):
        layer.startEditing()
        warned: list[str] = []
        buffer = OpenLayer(layer, place.ledger_path(), QgsCoordinateTransformContext(), warned.append)
        opened.append(buffer)
        with Ledger.open(place.ledger_path()) as ledger:
            buffer.apply(plan_push(ledger, place.name), ledger.source(place.name))
        return warned

    yield start
    for buffer in opened:
        buffer.let_go()


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".geojson"])
@pytest.mark.parametrize("ends", [True, False], ids=["edit mode ends", "edit mode goes on"])
def test_what_the_user_saves_is_journalled_and_taken_back_though_the_filter_hides_it(leaving, editing, undo, suffix,
                                                                                     ends):
    place, layer = leaving(suffix)
    before = sorted(place.signatures().values())
    warned = editing(place, layer)
    assert layer.commitChanges(ends)
    assert place.states() == ["committed"] * 4
    assert set(place.status().values()) == {"pushed"}
    assert (warned, layer.subsetString()) == ([], HOUSES)
    assert layer.featureCount() == 4
    if not ends:
        assert layer.deleteFeature(max(layer.allFeatureIds()))
        assert layer.rollBack()
    undo(place, TARGET=layer)
    assert sorted(place.signatures().values()) == before
    assert layer.subsetString() == HOUSES
    assert layer.featureCount() == 6


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".geojson"])
def test_a_push_is_taken_back_though_the_filter_hides_it(leaving, push, undo, suffix):
    place, layer = leaving(suffix)
    before = sorted(place.signatures().values())
    assert push(place, TARGET=layer)["APPLIED"] == 4
    assert undo(place, TARGET=layer)["UNDONE"] == 4
    assert sorted(place.signatures().values()) == before
    assert layer.subsetString() == HOUSES


@pytest.mark.parametrize("suffix", [".gpkg", ".shp"])
def test_a_push_that_was_cut_off_is_known_to_stand_though_the_filter_hides_it(leaving, push, monkeypatch, suffix):
    place, layer = leaving(suffix)
    push(place, TARGET=layer)
    with Ledger.open(place.ledger_path()) as ledger:
        ledger._db.execute("UPDATE edits SET state = 'planned'")
        recover(layer, ledger, layer_address(layer), Feedback())
    assert place.states() == ["committed"] * 4


@pytest.mark.parametrize("suffix", [".gpkg", ".shp"])
@pytest.mark.parametrize("key", ["", "osm_id"])
def test_an_edit_of_what_the_filter_hides_waits_until_it_is_taken_off(town, push, suffix, key):
    place = town(suffix=suffix, key=key)
    first = min(place.signatures())
    place.flags(("retag", first, None, {"building": "barn"}), ("delete", first + 1, None, {}),
                ("retag", first + 4, None, {"building": "barn"}))
    layer, before = place.layer(), place.signatures()
    assert layer.setSubsetString('"osm_id" >= 1003')
    with pytest.raises(QgsProcessingException, match=r"2 of 3 edits(.|\n)*filter of the layer hides it"):
        push(place, TARGET=layer)
    assert {fid: look for fid, look in place.signatures().items() if fid != first + 4} == {
        fid: look for fid, look in before.items() if fid != first + 4}
    assert place.status() == {"d0000": "accepted", "d0001": "accepted", "d0002": "pushed"}
    assert layer.setSubsetString("")
    assert push(place, TARGET=layer)["APPLIED"] == 2
    assert set(place.status().values()) == {"pushed"}


@pytest.mark.parametrize("key", ["", "osm_id"])
def test_an_edit_of_what_a_copy_lacks_for_the_filter_waits(town, push, tmp_path, key):
    place = town(key=key)
    place.flags(("retag", 1, None, {"building": "barn"}), ("retag", 5, None, {"building": "barn"}))
    layer = place.layer()
    assert layer.setSubsetString('"osm_id" >= 1003')
    with pytest.raises(QgsProcessingException, match=r"1 of 2 edits(.|\n)*filter of the layer hides it"):
        push(place, TARGET=layer, OUTPUT=tmp_path / "copy.gpkg")
    assert place.status() == {"d0000": "accepted", "d0001": "pushed"}


def test_a_twin_that_the_filter_hides_is_not_held_to_be_gone(town, push, house, edit_by_hand):
    place = town(key="osm_id")
    edit_by_hand(place.layer(), lambda it: it.changeGeometry(2, QgsGeometry.fromWkt(house(0, shift=0.5))))
    place.flags(("merge", 2, None, {}), twin=1000)
    layer = place.layer()
    assert layer.setSubsetString('"osm_id" > 1000')
    with pytest.raises(QgsProcessingException, match="or the filter of the layer hides it"):
        push(place, TARGET=layer)
    assert place.status() == {"d0000": "accepted"}
    assert layer.setSubsetString("")
    assert push(place, TARGET=layer)["APPLIED"] == 1
