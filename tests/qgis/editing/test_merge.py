"""Merging twins: one stays and takes over what only the other knew; both or nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from osgeo import ogr
from qgis.core import (
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from geoloop.core.ledger import PlannedEdit
from geoloop.processing_provider.editing.columns import RefusalError
from geoloop.processing_provider.editing.twins import Twins


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


@pytest.fixture
def shapefile(tmp_path, open_layer):
    """A shapefile without a key: who stays is known by where it lies."""
    def made(kind, wkts, crs="EPSG:32633"):
        layer = QgsVectorLayer(f"{kind}?crs={crs}&field=name:string", "ways", "memory")
        rows = []
        for wkt in wkts:
            row = QgsFeature(layer.fields())
            row.setGeometry(QgsGeometry.fromWkt(wkt))
            rows.append(row)
        layer.dataProvider().addFeatures(rows)
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName = "ESRI Shapefile"
        QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(tmp_path / "ways.shp"), QgsCoordinateTransformContext(),
                                                  options)
        return open_layer(tmp_path / "ways.shp")

    return made


GONE = PlannedEdit(uid="a", edit="merge", kind="duplicate", target_layer="ways", command="Merge", probability=0.9,
                   crs="", target_key="0", twin_key="1")
ROAD = "LINESTRING (0 0, 100 100)"


@pytest.mark.parametrize(("kind", "gone", "other", "is_twin"), [
    ("LineString", ROAD, "LINESTRING (0 3, 100 103)", True),
    ("LineString", ROAD, "LINESTRING (0 100, 100 0)", False),  # another road with the very same box
    ("LineString", ROAD, "LINESTRING (0 0, 0 100, 100 100)", False),
    ("LineString", ROAD, "LINESTRING (40 0, 100 60)", False),
    ("LineString", ROAD, "LINESTRING (0 0, 60 60)", True),
    ("MultiPoint", "MULTIPOINT ((0 0), (9 9))", "MULTIPOINT ((0 0), (9 9))", True),
    ("MultiPoint", "MULTIPOINT ((0 0), (9 9))", "MULTIPOINT ((0 9), (9 0))", False),
    ("Polygon", "POLYGON ((0 0, 9 0, 9 9, 0 0))", "POLYGON ((0 0.1, 9 9, 0 9, 0 0.1))", False),
])
def test_a_twin_without_a_key_is_what_lies_there_and_not_what_has_the_same_box(shapefile, kind, gone, other, is_twin):
    layer = shapefile(kind, [gone, other])
    goes = layer.getFeature(0)
    if is_twin:
        assert Twins(layer, "", [GONE]).of(GONE, goes).id() == 1
    else:
        with pytest.raises(RefusalError, match="which should stay, is not there any more"):
            Twins(layer, "", [GONE]).of(GONE, goes)


def test_distances_between_twins_are_of_the_ground_in_a_layer_in_degrees_too(shapefile):
    layer = shapefile("LineString", ["LINESTRING (15 0, 15.01 0)", "LINESTRING (15 0.00003, 15.01 0.00003)",
                                     "LINESTRING (15 0.0002, 15.01 0.0002)"], "EPSG:4326")
    assert Twins(layer, "", [GONE]).of(GONE, layer.getFeature(0)).id() == 1


def test_points_with_a_key_are_twins_though_they_lie_a_hand_apart(town, push, edit_by_hand):
    place = town(key="osm_id", wkb_type=ogr.wkbPoint)
    second = sorted(place.signatures())[1]
    edit_by_hand(place.layer(), lambda it: it.changeGeometry(second, QgsGeometry.fromWkt("POINT (500000.1 5500000)")))
    place.flags(("merge", second, None, {}), twin=1000)
    assert push(place)["APPLIED"] == 1
    assert second not in place.rows()
