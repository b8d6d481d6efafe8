"""What was accepted is pushed as the person saw it, however later rounds, or the layer's own CRS, differ."""

from __future__ import annotations

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsGeometry,
    QgsProcessingException,
    QgsVectorFileWriter,
)

from geoloop.core.ledger import Ledger, Round, SourceRow

SHIFTED = ("+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=utm +zone=33 +ellps=WGS84 "
           "+step +proj=affine +xoff=100")


def another_round(place, **source):
    with Ledger.open(place.ledger_path()) as ledger:
        ledger.add_round(Round("flag", 1, {}), [
            SourceRow("map", place.name, f"{place.path}|layername={place.name}", **source)])


def on_grid(layer, fid):
    shape = layer.getFeature(fid).geometry()
    shape.transform(QgsCoordinateTransform(
        layer.crs(), QgsCoordinateReferenceSystem("EPSG:32633"), QgsCoordinateTransformContext()))
    return shape


def test_a_proposal_lands_where_it_was_accepted_though_a_later_round_came_to_the_grid_another_way(town, push, house):
    place = town(crs="EPSG:4326")
    place.flags(("add", None, house(100), {}), ("move", 1, house(0, shift=3), {}))
    another_round(place, operation=SHIFTED)
    assert push(place)["APPLIED"] == 2
    for fid, wanted in ((7, house(100)), (1, house(0, shift=3))):
        assert on_grid(place.layer(), fid).hausdorffDistance(QgsGeometry.fromWkt(wanted)) < 1e-3


def test_a_feature_is_found_by_the_key_of_its_round(town, push, house):
    place = town(houses=6)
    place.flags(("retag", 3, None, {"building": "church"}), ("delete", 4, None, {}))
    another_round(place, key="osm_id")
    assert push(place)["APPLIED"] == 2
    assert place.rows()[3]["building"] == "church"
    assert 4 not in place.rows()


def test_a_key_that_only_an_older_round_had_refuses_the_edits_of_that_round_alone(town, push, house):
    place = town(key="osm_id")
    place.flags(("retag", 3, None, {"building": "church"}), ("add", None, house(100), {}))
    layer = place.layer()
    layer.startEditing()
    layer.deleteAttribute(layer.fields().lookupField("osm_id"))
    assert layer.commitChanges()
    another_round(place)
    with pytest.raises(QgsProcessingException, match=r"1 of 2 edits(.|\n)*no column osm_id"):
        push(place)
    assert len(place.rows()) == 7
    assert place.status() == {"d0000": "stale", "d0001": "pushed"}


def test_what_was_accepted_of_a_layer_that_has_another_crs_now_lands_where_it_belongs(town, push, house):
    """The way on which it came to the grid started elsewhere: run backwards it would lead there."""
    place = town(crs="EPSG:4326")
    place.flags(("add", None, house(100), {}))
    wgs84 = place.layer().crs().toWkt()
    another_round(place, operation=SHIFTED.partition(" +step +proj=affine")[0], crs=wgs84)
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", place.name
    utm = QgsCoordinateReferenceSystem("EPSG:25833")
    options.ct = QgsCoordinateTransform(place.layer().crs(), utm, QgsCoordinateTransformContext())
    moved = place.path.with_name("umgerechnet.gpkg")
    QgsVectorFileWriter.writeAsVectorFormatV3(place.layer(), str(moved), QgsCoordinateTransformContext(), options)
    with Ledger.open(place.ledger_path()) as ledger, ledger.writing() as db:
        db.execute("UPDATE discrepancies SET round = 2")
    layer = place.open_layer(moved)
    layer.setName(place.name)
    assert push(place, TARGET=layer)["APPLIED"] == 1
    assert on_grid(layer, 7).hausdorffDistance(QgsGeometry.fromWkt(house(100))) < 1e-3
