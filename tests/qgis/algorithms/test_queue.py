"""The queue, made as QGIS makes it: from layers where the ledger says that they lie."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)

from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round, SourceRow, geopackage
from geoloop.core.ledger import queue as table
from geoloop.processing_provider.algorithms.queue import Queue


def box_wkb(x: float, y: float) -> bytes:
    return bytes(QgsGeometry.fromRect(QgsRectangle(x, y, x + 8, y + 9)).asWkb())


@pytest.fixture
def queue(context, recorded):
    """Run ``geoloop:queue``; raise what it says."""

    def run(ledger, **parameters):
        algorithm = Queue()
        algorithm.initAlgorithm()
        given = {"LEDGER": str(ledger), **parameters}
        ok, why = algorithm.checkParameterValues(given, context)
        if not ok:
            raise QgsProcessingException(why)
        results, _ = algorithm.run(given, context, recorded, {}, False)
        return results

    return run


@pytest.fixture
def judged(tmp_path, raster_file, vector_file):
    """A ledger on three houses in a layer in degrees, of which the first is flagged; ``judged(uri=…, key=…)``."""

    def make(uri=None, imagery=None, flags=1, extent=None, key="osm_id", imagery_crs="", **layer):
        houses = vector_file(**layer) if uri is None else uri
        grid = QgsCoordinateReferenceSystem("EPSG:32633")
        path = tmp_path / "Schleife 1.gpkg"
        with Ledger.create(path, Crs(grid.description(), "EPSG", 32633, grid.toWkt())) as ledger:
            ledger.add_round(
                Round("flag", 1, {"extent": extent, "map": [{"name": "houses"}]}),
                [SourceRow("imagery", "image", str(raster_file() if imagery is None else imagery), crs=imagery_crs),
                 SourceRow("map", "houses", str(houses), key=key)], (),
                [Discrepancy(uid=f"d{n}", source="map", target_layer="houses", kind="obsolete", edit="delete",
                             probability=0.6, proposal=box_wkb(400_005.0 + 15 * n, 5_000_010.0), target_key=f"w{n}",
                             signature=f"s{n}", area_m2=72.0, evidence={"sentence": "Nothing stands there."})
                 for n in range(flags)])
        return path

    return make


def items(path):
    with Ledger.open(path) as ledger:
        return table.rows(ledger)


def test_every_feature_of_the_layer_can_be_drawn_flagged_or_not(queue, judged):
    path = judged()
    result = queue(path, SIZE=20, AUDIT_SHARE=1.0)
    found = {item.uid or item.key: item for item in items(path)}
    assert (result["ITEMS"], result["PAGES"]) == (3, max(item.page for item in found.values()))
    assert set(found) == {"d0", "w1", "w2"}
    assert {item.inclusion_probability for item in found.values()} == {1.0}
    assert found["w1"].box == pytest.approx((400_020, 5_000_010, 400_028, 5_000_019))


def test_boxes_come_into_the_ledgers_crs(queue, judged):
    path = judged(epsg=4326, west=13.72797, south=45.1480, unit=1e-5, imagery="")
    with Ledger.open(path) as ledger, ledger.writing() as db:
        db.execute("DELETE FROM sources WHERE kind = 'imagery'")
    queue(path, SIZE=20, AUDIT_SHARE=1.0)
    boxes = [item.box for item in items(path) if item.uid is None]
    assert len(boxes) == 2
    assert all(399_000 < xmin < xmax < 401_000 and 4_999_000 < ymin < 5_001_500 for xmin, ymin, xmax, _ in boxes)


def test_features_beyond_the_imagery_or_the_extent_were_not_judged_and_are_not_drawn(queue, judged, raster_file):
    near = {"xmin": 400_000.0, "ymin": 5_000_000.0, "xmax": 400_025.0, "ymax": 5_000_064.0}
    path = judged(extent=near)
    queue(path, SIZE=20, AUDIT_SHARE=1.0)
    assert {item.uid or item.key for item in items(path)} == {"d0", "w1"}
    path.unlink()
    path = judged(imagery=raster_file("small", pixel=0.25, north=5_000_020.0))
    queue(path, SIZE=20, AUDIT_SHARE=1.0)
    assert {item.uid or item.key for item in items(path)} == {"d0"}


def test_imagery_lies_where_it_was_read_whatever_its_file_says(queue, judged, raster_file):
    small = raster_file("small", pixel=0.25, north=5_000_020.0, epsg=None)
    path = judged(imagery=small, imagery_crs=QgsCoordinateReferenceSystem("EPSG:32633").toWkt())
    queue(path, SIZE=20, AUDIT_SHARE=1.0)
    assert {item.uid or item.key for item in items(path)} == {"d0"}


def test_a_filter_that_the_layer_has_got_since_does_not_narrow_the_audit(queue, judged, vector_file):
    houses = vector_file()
    path, layer = judged(uri=houses), QgsVectorLayer(str(houses), "houses", "ogr")
    assert layer.setSubsetString("osm_id = 'w1'")
    QgsProject.instance().addMapLayer(layer)
    queue(path, SIZE=20, AUDIT_SHARE=1.0)
    assert {item.uid or item.key for item in items(path)} == {"d0", "w1", "w2"}
    assert layer.subsetString() == "osm_id = 'w1'"
    QgsProject.instance().removeAllMapLayers()


def test_what_has_no_key_was_not_judged_and_is_not_drawn(queue, judged, vector_file):
    houses = vector_file()
    layer = QgsVectorLayer(str(houses), "houses", "ogr")
    assert layer.dataProvider().changeAttributeValues({3: {layer.fields().lookupField("osm_id"): None}})
    path = judged(uri=houses)
    queue(path, SIZE=20, AUDIT_SHARE=1.0)
    assert {item.uid or item.key for item in items(path)} == {"d0", "w1"}


def test_a_tiny_queue_needs_no_layer(queue, judged):
    path = judged(uri="/nowhere/houses.gpkg", flags=3)
    assert queue(path, SIZE=5)["ITEMS"] == 3


def test_a_layer_that_has_moved_is_asked_for_and_can_be_given(queue, judged, vector_file):
    path = judged(uri="/nowhere/houses.gpkg")
    with pytest.raises(QgsProcessingException, match=r"“houses” is no longer at /nowhere/houses.gpkg.*LAYERS"):
        queue(path, SIZE=20)
    layer = QgsVectorLayer(str(vector_file("moved")), "houses", "ogr")
    QgsProject.instance().addMapLayer(layer)
    assert queue(path, SIZE=20, AUDIT_SHARE=1.0, LAYERS=[layer])["ITEMS"] == 3
    QgsProject.instance().removeAllMapLayers()


def test_the_layer_shows_the_order_and_not_how_it_was_drawn(queue, judged, tmp_path):
    path, output = judged(), tmp_path / "next items.gpkg"
    assert queue(path, SIZE=20, AUDIT_SHARE=1.0, OUTPUT=str(output))["OUTPUT"] == str(output)
    layer = QgsVectorLayer(f"{output}|layername=queue", "queue", "ogr")
    assert layer.isValid()
    assert layer.crs().authid() == "EPSG:32633"
    assert not {"drawn_as", "inclusion_probability", "value"} & set(layer.fields().names())
    rows = sorted(layer.getFeatures(), key=QgsFeature.id)
    assert [row["rank"] for row in rows] == [1, 2, 3]
    assert sorted(str(row["uid"] if row["uid"] else row["key"]) for row in rows) == ["d0", "w1", "w2"]
    assert all(row.geometry().area() == pytest.approx(72.0) for row in rows)
    del rows, layer
    assert [file.name for file in tmp_path.iterdir() if "draft" in file.name] == []


@pytest.mark.parametrize(("changed", "match"), [
    ({"WEIGHTS": "{"}, "WEIGHTS is no JSON"),
    ({"WEIGHTS": '{"kinds": 2}'}, "WEIGHTS must give numbers"),
    ({"WEIGHTS": {"kinds": {"lost": 2}}}, "WEIGHTS speaks of the kind 'lost'"),
    ({"WEIGHTS": '{"kinds": {"lost": 2}}'}, "WEIGHTS speaks of the kind 'lost'; known are missing"),
    ({"WEIGHTS": '{"kinds": {"missing": -1}}'}, "a weight is 0 or more"),
    ({"OUTPUT": "/nowhere/at all/queue.gpkg"}, "of OUTPUT does not exist"),
])
def test_what_cannot_be_used_is_one_sentence(queue, judged, changed, match):
    path = judged()
    with pytest.raises(QgsProcessingException, match=match) as error:
        queue(path, SIZE=20, **changed)
    assert "Traceback" not in str(error.value)
    assert items(path) == []


@pytest.mark.parametrize("changed", [{"SIZE": 0}, {"AUDIT_SHARE": 0.05}, {"AUDIT_SHARE": 1.5}, {"PAGE_WIDTH": 0}])
def test_a_number_out_of_bounds_is_refused(queue, judged, changed):
    with pytest.raises(QgsProcessingException, match=next(iter(changed))):
        queue(judged(), **changed)


def test_the_ledger_itself_is_no_output(queue, judged):
    path = judged()
    with pytest.raises(QgsProcessingException, match="OUTPUT is the ledger itself"):
        queue(path, SIZE=20, OUTPUT=str(path))


def test_the_file_of_a_judged_layer_is_no_output(queue, judged, vector_file):
    houses = vector_file()
    path, before = judged(uri=houses), houses.read_bytes()
    with pytest.raises(QgsProcessingException, match="is the file of the layer “houses”"):
        queue(path, SIZE=5, OUTPUT=str(houses))
    assert houses.read_bytes() == before


def test_a_key_field_or_imagery_that_is_gone_is_named(queue, judged):
    path = judged(key="cadastre_id")
    with pytest.raises(QgsProcessingException, match="no field “cadastre_id” any more"):
        queue(path, SIZE=20)
    path.unlink()
    path = judged(imagery="/nowhere/image.tif")
    with pytest.raises(QgsProcessingException, match=r"imagery /nowhere/image\.tif, which bounds"):
        queue(path, SIZE=20)


def test_no_ledger_and_one_that_another_program_holds(queue, judged, tmp_path, monkeypatch):
    with pytest.raises(QgsProcessingException, match="does not exist; run Flag or Loop first"):
        queue(tmp_path / "gone.gpkg")
    path = judged()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    real = geopackage.connect
    monkeypatch.setattr(geopackage, "connect", lambda path, **more: real(path, **more | {"timeout_s": 0.1}))
    try:
        with pytest.raises(QgsProcessingException, match=r"close (the|other) program"):
            queue(path)
    finally:
        other.close()


def test_a_layer_that_is_being_reviewed_is_not_replaced(queue, judged, tmp_path, project):
    path, sheet = judged(), tmp_path / "Übung.gpkg"
    queue(path, SIZE=20, OUTPUT=str(sheet))
    layer = QgsVectorLayer(f"{sheet}|layername=queue", "queue", "ogr")
    project.addMapLayer(layer)
    assert layer.startEditing()
    assert layer.changeAttributeValue(1, layer.fields().indexOf("decision"), "accept")
    with pytest.raises(QgsProcessingException, match="another program holds it open for writing"):
        queue(path, SIZE=20, SEED=1, OUTPUT=str(sheet))
    assert layer.commitChanges(), layer.commitErrors()
    with sqlite3.connect(sheet) as found:
        assert found.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert found.execute("SELECT decision FROM queue WHERE fid = 1").fetchone() == ("accept",)
    found.close()


def test_decisions_that_stand_in_an_earlier_layer_alone_are_not_lost(queue, judged, tmp_path):
    path, sheet = judged(), tmp_path / "Übung.gpkg"
    queue(path, SIZE=20, OUTPUT=str(sheet))
    uid = next(item.uid for item in items(path) if item.uid)
    with closing(geopackage.connect(sheet)) as found:
        found.execute("UPDATE queue SET decision = 'Accept ' WHERE uid = ?", (uid,))
    with pytest.raises(QgsProcessingException, match="holds 1 decisions that are not in the ledger"):
        queue(path, SIZE=20, SEED=1, OUTPUT=str(sheet))
    with Ledger.open(path) as ledger:
        ledger.decide([uid], "accept")
    queue(path, SIZE=20, SEED=1, OUTPUT=str(sheet))
    with closing(geopackage.connect(sheet)) as found:
        assert found.execute("SELECT count(*) FROM queue WHERE decision IS NOT NULL").fetchone()[0] == 0
