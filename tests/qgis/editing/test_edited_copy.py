"""Pushing into a copy: the source stays untouched, and the copy appears whole or not at all."""

from __future__ import annotations

import hashlib

import pytest
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
    QgsProject,
    QgsVectorLayer,
)

from geoloop.core.ledger import Ledger, Round, SourceRow


def digest(folder, name):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())
            if p.stem == name and p.suffix not in (".gpkg-wal", ".gpkg-shm")}


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".geojson", ".fgb"])
def test_the_source_keeps_its_bytes_and_the_copy_its_ids(town, push, undo, house, suffix):
    place = town(suffix=suffix)
    bytes_before, before = digest(place.folder, place.name), place.signatures()
    ids, was = sorted(before), place.rows()
    place.flags(
        ("retag", ids[0], None, {"building": "church"}), ("delete", ids[1], None, {}), ("add", None, house(100), {})
    )
    output = place.folder / "bearbeitete Kopie ä.gpkg"
    assert push(place, OUTPUT=output)["APPLIED"] == 3
    assert digest(place.folder, place.name) == bytes_before
    rows = place.rows(output)
    names = set(place.layer().fields().names())
    assert names <= set(next(iter(rows.values())))
    assert rows[ids[0]]["building"] == "church"
    assert rows[ids[0]]["osm_id"] == was[ids[0]]["osm_id"]
    assert ids[1] not in rows
    assert set(ids) - {ids[1]} < set(rows)
    assert not [p for p in place.folder.iterdir() if "draft" in p.name or p.name.endswith(("-wal", "-shm"))]
    assert set(place.status().values()) == {"pushed"}
    # the copy can be undone by itself
    assert undo(place, TARGET=place.open_layer(f"{output}|layername={place.name}"))["UNDONE"] == 3
    after = {fid: row["building"] for fid, row in place.rows(output).items()}
    assert after == dict.fromkeys(ids, "house")


def test_what_went_into_a_copy_is_still_due_in_the_source(town, push):
    place = town()
    place.flags(("delete", 1, None, {}))
    for _ in range(2):
        assert push(place, OUTPUT=place.folder / "copy.gpkg")["APPLIED"] == 1
    assert place.states() == ["failed", "committed"]  # the first copy was replaced by the second
    assert push(place)["APPLIED"] == 1
    assert push(place)["APPLIED"] == 0


def test_the_copy_shows_what_a_filtered_layer_shows_with_its_ids(town, push):
    place = town()
    place.flags(("delete", 4, None, {}))
    layer = place.layer()
    layer.setSubsetString("osm_id > 1001")
    layer.selectByIds([5])
    push(place, TARGET=layer, OUTPUT=place.folder / "copy.gpkg")
    assert sorted(place.rows(place.folder / "copy.gpkg")) == [3, 5, 6]


def test_a_feature_without_geometry_has_none_in_the_copy(town, push):
    """Not an empty one, which QGIS's writer would give it."""
    place = town()
    layer = place.layer()
    layer.dataProvider().changeGeometryValues({3: QgsGeometry()})
    before = place.rows()
    place.flags(("delete", 4, None, {}))
    push(place, TARGET=layer, OUTPUT=place.folder / "copy.gpkg")
    copied = QgsVectorLayer(str(place.folder / "copy.gpkg"), "copy", "ogr")
    assert [feature.id() for feature in copied.getFeatures() if not feature.hasGeometry()] == [3]
    assert place.rows(place.folder / "copy.gpkg")[3] == before[3]


def in_memory(place, house, field, values):
    """A layer in memory with a house for each of the values of a further field."""
    memory = QgsVectorLayer(f"Polygon?crs=EPSG:32633&field=building:string&field={field}", place.name, "memory")
    QgsProject.instance().addMapLayer(memory, False)
    added = []
    for number, value in enumerate(values):
        feature = QgsFeature(memory.fields())
        feature.setAttributes(["house", value])
        feature.setGeometry(QgsGeometry.fromWkt(house(number)))
        added.append(feature)
    memory.dataProvider().addFeatures(added)
    return memory


def test_a_memory_layer_is_copied_with_its_ids(town, push, house):
    place = town()
    memory = in_memory(place, house, "fid:int", [70, 71, 72])
    ids = sorted(f.id() for f in memory.getFeatures())
    place.layer = lambda: memory
    place.flags(("retag", ids[1], None, {"building": "church"}), ("set_value", ids[2], None, {"fid": 5}))
    output = place.folder / "copy.gpkg"
    push(place, OUTPUT=output)
    rows = place.rows(output)
    assert {fid: (row["building"], row["fid"]) for fid, row in rows.items()} == {
        ids[0]: ("house", 70), ids[1]: ("church", 71), ids[2]: ("house", 5)}


def test_a_column_that_is_called_as_geometries_usually_are_stays_a_column(town, push, house):
    place = town()
    memory = in_memory(place, house, "Geom:string", ["shape 0", "shape 1", "shape 2"])
    ids = sorted(f.id() for f in memory.getFeatures())
    place.layer = lambda: memory
    place.flags(("retag", ids[1], None, {"building": "church", "Geom": "round"}))
    output = place.folder / "copy.gpkg"
    push(place, OUTPUT=output)
    assert [(row["building"], row["Geom"]) for _, row in sorted(place.rows(output).items())] == [
        ("house", "shape 0"), ("church", "round"), ("house", "shape 2")]
    copied = QgsVectorLayer(str(output), "copy", "ogr")
    assert copied.isSpatial()
    assert all(feature.hasGeometry() for feature in copied.getFeatures())


def test_a_memory_layer_is_edited_in_place_and_undone(town, push, undo, house):
    place = town()
    memory = QgsVectorLayer("Polygon?crs=EPSG:32633&field=building:string", place.name, "memory")
    QgsProject.instance().addMapLayer(memory, False)
    added = []
    for number in range(3):
        feature = QgsFeature(memory.fields())
        feature.setAttributes(["house"])
        feature.setGeometry(QgsGeometry.fromWkt(house(number)))
        added.append(feature)
    memory.dataProvider().addFeatures(added)
    ids = sorted(f.id() for f in memory.getFeatures())
    place.layer = lambda: memory
    place.flags(
        ("retag", ids[1], None, {"building": "church"}), ("delete", ids[2], None, {}), ("add", None, house(9), {})
    )
    push(place)
    assert sorted(f["building"] for f in memory.getFeatures() if f["building"]) == ["church", "house"]
    undo(place)
    assert sorted(f["building"] for f in memory.getFeatures()) == ["house"] * 3


def test_a_copy_that_cannot_be_written_leaves_nothing(town, push):
    place = town()
    place.flags(("delete", 1, None, {}))
    for output, match in (
        (place.folder / "missing" / "a.gpkg", "cannot be written"),
        (place.folder / "a.shp", "GeoPackage"),
        (place.path, "own file"),
        (place.ledger_path(), "one of the inputs"),
    ):
        with pytest.raises(QgsProcessingException, match=match):
            push(place, OUTPUT=output)
    assert not [p for p in place.folder.iterdir() if "draft" in p.name or p.name.startswith("a.")]
    assert "committed" not in place.states()
    assert place.status() == {"d0000": "accepted"}


def test_a_stale_edit_is_told_after_the_copy_was_made(town, push, edit_by_hand):
    place = town()
    place.flags(("delete", 1, None, {}), ("delete", 2, None, {}))
    edit_by_hand(place.layer(), lambda it: it.changeAttributeValue(1, it.fields().lookupField("building"), "garage"))
    with pytest.raises(QgsProcessingException, match="1 of 2 edits"):
        push(place, OUTPUT=place.folder / "copy.gpkg")
    assert sorted(place.rows(place.folder / "copy.gpkg")) == [1, 3, 4, 5, 6]
    assert place.status() == {"d0000": "stale", "d0001": "pushed"}


def test_the_copy_replaces_an_earlier_one_whole(town, push):
    place = town()
    place.flags(("delete", 1, None, {}))
    output = place.folder / "copy.gpkg"
    output.write_text("something else")
    push(place, OUTPUT=output)
    assert sorted(place.rows(output)) == [2, 3, 4, 5, 6]


def test_a_copy_never_takes_the_place_of_another_judged_layer(town, push):
    place = town()
    place.flags(("delete", 1, None, {}))
    survey = place.folder / "survey.gpkg"
    survey.write_bytes(b"of another layer")
    with Ledger.open(place.ledger_path()) as ledger:
        ledger.add_round(Round("fuse", 0, {}), [SourceRow("field", "survey", str(survey))])
    with pytest.raises(QgsProcessingException, match=r"survey.*would be lost"):
        push(place, OUTPUT=survey)
    assert survey.read_bytes() == b"of another layer"
    assert place.status() == {"d0000": "accepted"}


def test_a_copy_that_is_being_edited_is_not_replaced(town, push):
    place = town()
    place.flags(("delete", 1, None, {}))
    output = place.folder / "copy.gpkg"
    push(place, OUTPUT=output)
    copied = QgsVectorLayer(str(output), "copy", "ogr")
    copied.startEditing()
    copied.deleteFeature(3)
    assert copied.commitChanges(False)
    place.flags(("delete", 2, None, {}))
    with pytest.raises(QgsProcessingException, match="holds it open for writing"):
        push(place, OUTPUT=output)
    assert copied.commitChanges()
    copied.setDataSource("", "", "memory")
    assert sorted(place.rows(output)) == [2, 4, 5, 6]
    assert "draft" not in str(list(place.folder.iterdir()))
