"""A file without transactions is edited in a copy that takes its place: at no moment can the layer not be opened."""

from __future__ import annotations

import pytest
from osgeo import ogr
from qgis.core import QgsFeatureRequest, QgsFieldConstraints, QgsProcessingException, QgsProject, QgsVectorLayer

from geoloop.processing_provider.editing import stand_in as module
from geoloop.processing_provider.editing.stand_in import StandIn

FORMATS = [".shp", ".geojson"]


def town_with_edits(town, house, suffix):
    place = town(suffix=suffix)
    first = min(place.signatures())
    place.flags(("retag", first + 1, None, {"building": "church"}), ("delete", first + 2, None, {}),
                ("reshape", first + 3, house(3, size=3), {}), ("add", None, house(100), {"building": "barn"}))
    return place


def leftovers(place):
    return [path.name for path in place.folder.iterdir() if path.name.startswith(".") or "_packed" in path.name]


@pytest.fixture
def killed_after(monkeypatch):
    """Let a run end, as a killed process would, when so many parts of a stand-in have been moved in."""
    def run(moves, what):
        left, put = [moves], module._put

        def counted(part, place):
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
            put(part, place)

        with monkeypatch.context() as patch:
            patch.setattr(module, "_put", counted)
            with pytest.raises(QgsProcessingException, match="KeyboardInterrupt"):
                what()

    return run


@pytest.mark.parametrize("moves", range(4))
def test_a_push_killed_while_a_shapefile_is_replaced_is_carried_on(town, house, push, undo, killed_after, moves):
    place = town_with_edits(town, house, ".shp")
    before = sorted(place.signatures().values())
    killed_after(moves, lambda: push(place))
    place.layer()  # which fails where it cannot be opened
    assert place.states() == ["planned"] * 4
    push(place)  # nothing is left to do
    assert place.states() == ["committed"] * 4
    assert len(place.rows()) == 6
    assert leftovers(place) == []
    undo(place)
    assert sorted(place.signatures().values()) == before


@pytest.mark.parametrize(("suffix", "moves"), [(".shp", 0), (".shp", 2), (".geojson", 0)])
def test_an_undo_that_is_killed_while_a_file_is_replaced_is_carried_on(
        town, house, push, undo, killed_after, suffix, moves):
    place = town_with_edits(town, house, suffix)
    before = sorted(place.signatures().values())
    push(place)
    killed_after(moves, lambda: undo(place))
    assert set(place.status().values()) == {"pushed"}
    undo(place)
    assert sorted(place.signatures().values()) == before
    assert set(place.status().values()) == {"undone"}
    assert leftovers(place) == []


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_file_that_another_program_writes_meanwhile_stays_as_that_left_it(
        town, house, push, edit_by_hand, monkeypatch, suffix):
    place = town_with_edits(town, house, suffix)
    take_place = StandIn.take_place

    def overtaken(stand_in, layer):
        edit_by_hand(place.layer(), lambda it: it.changeAttributeValue(
            min(place.signatures()), it.fields().lookupField("building"), "a garage by somebody else"[:20]))
        take_place(stand_in, layer)

    with monkeypatch.context() as patch:
        patch.setattr(StandIn, "take_place", overtaken)
        with pytest.raises(QgsProcessingException, match="written by another program"):
            push(place)
    assert [row["building"] for row in place.rows().values()] == ["a garage by somebody", *["house"] * 5]
    assert place.states() == ["failed"] * 4
    assert leftovers(place) == []
    push(place)
    assert set(place.status().values()) == {"pushed"}
    assert "a garage by somebody" in {row["building"] for row in place.rows().values()}


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_goes_wrong_while_the_copy_is_edited_leaves_the_file_untouched(town, house, push, monkeypatch, suffix):
    place = town_with_edits(town, house, suffix)
    as_it_was = place.path.read_bytes(), place.path.stat().st_mtime_ns
    with monkeypatch.context() as patch:
        patch.setattr(module.os, "fsync", lambda _: (_ for _ in ()).throw(OSError("no space left")))
        with pytest.raises(QgsProcessingException, match=r"could not be completed \(no space left\)"):
            push(place)
    assert (place.path.read_bytes(), place.path.stat().st_mtime_ns) == as_it_was
    assert place.states() == ["failed"] * 4
    assert leftovers(place) == []


def test_every_layer_on_the_file_sees_what_was_pushed(town, house, push):
    place = town_with_edits(town, house, ".shp")
    pushed_into, beside = place.layer(), place.layer()
    list(beside.getFeatures())
    push(place, TARGET=pushed_into)
    for layer in (pushed_into, beside):
        assert sum(feature["building"] == "church" for feature in layer.getFeatures()) == 1
        assert sum(feature["building"] == "barn" for feature in layer.getFeatures()) == 1


def test_an_index_of_the_places_before_leads_nobody_astray(town, house, push):
    place = town_with_edits(town, house, ".shp")
    layer = place.layer()
    assert layer.dataProvider().createSpatialIndex()
    assert place.path.with_suffix(".qix").is_file()
    push(place, TARGET=layer)
    again = place.layer()
    for feature in again.getFeatures():
        box = feature.geometry().boundingBox()
        assert feature.id() in {found.id() for found in again.getFeatures(QgsFeatureRequest(box))}


def test_the_rules_names_and_filter_of_a_layer_hold_in_its_copy(town, push):
    place = town(suffix=".shp")
    place.flags(("set_value", 4, None, {"Art": "church"}), ("set_value", 5, None, {"building": None}))
    layer = place.layer()
    layer.setSubsetString("osm_id >= 1003")
    at = layer.fields().lookupField("building")
    layer.setFieldAlias(at, "Art")
    layer.setFieldConstraint(at, QgsFieldConstraints.Constraint.ConstraintNotNull)
    with pytest.raises(QgsProcessingException, match="1 of 2 edits were not applied"):
        push(place, TARGET=layer)
    assert layer.featureCount() == 3
    assert layer.subsetString() == "osm_id >= 1003"
    assert [row["building"] for row in place.rows().values()] == [*["house"] * 4, "church", "house"]


def test_a_shapefile_that_is_named_by_its_folder_is_edited_as_one(town, house, push, undo):
    place = town_with_edits(town, house, ".shp")
    before = sorted(place.signatures().values())
    layer = QgsVectorLayer(f"{place.folder}|layername={place.name}", place.name, "ogr")
    QgsProject.instance().addMapLayer(layer, False)
    push(place, TARGET=layer)
    assert sorted({target for (target,) in place.lines("target_source")}) == [str(place.path.resolve())]
    assert layer.featureCount() == 6
    undo(place)
    assert sorted(place.signatures().values()) == before


def test_a_file_that_only_has_the_shapefile_s_name_is_left_alone(town, house, push, undo, open_layer):
    place = town_with_edits(town, house, ".shp")
    other = town(suffix=".gpkg")
    raster, project = (place.path.with_suffix(suffix) for suffix in (".tif", ".qgz"))
    raster.write_bytes(b"pixels")
    project.write_bytes(b"a project")
    ids = [path.stat().st_ino for path in (other.path, raster, project)]
    layer = open_layer(other.path)
    assert layer.startEditing()
    push(place)
    undo(place)
    assert [path.stat().st_ino for path in (other.path, raster, project)] == ids
    assert layer.changeAttributeValue(1, layer.fields().indexOf("building"), "church")
    assert layer.commitChanges(), layer.commitErrors()
    found = ogr.Open(str(other.path))
    assert found.GetLayer(0).GetFeature(1).GetField("building") == "church"
