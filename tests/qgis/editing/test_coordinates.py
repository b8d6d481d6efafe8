"""Proposals are in the grid's CRS; layers are in their own."""

from __future__ import annotations

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsGeometry,
    QgsProject,
    QgsVectorLayer,
)

from geoloop.core.errors import InputError
from geoloop.core.ledger import PlannedEdit
from geoloop.processing_provider.editing.columns import RefusalError
from geoloop.processing_provider.editing.proposal import Placing


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "EPSG:25833"])
def test_a_proposal_lands_where_it_belongs_in_a_layer_of_another_crs(town, push, undo, house, crs):
    place = town(crs=crs)
    before = place.signatures()
    place.flags(("add", None, house(100), {}), ("move", 1, house(0, shift=3), {}), ("delete", 2, None, {}))
    assert push(place)["APPLIED"] == 3
    layer = place.layer()
    to_grid = QgsCoordinateTransform(
        layer.crs(), QgsCoordinateReferenceSystem("EPSG:32633"), QgsCoordinateTransformContext())
    for feature, wanted in ((layer.getFeature(7), house(100)), (layer.getFeature(1), house(0, shift=3))):
        shape = feature.geometry()
        shape.transform(to_grid)
        assert shape.hausdorffDistance(QgsGeometry.fromWkt(wanted)) < 1e-3
    undo(place)
    assert place.signatures() == before


def test_a_twin_is_found_across_crs(town, push, house):
    from qgis.core import QgsProcessingException

    place = town(crs="EPSG:4326")
    place.flags(("add", None, house(3, shift=0.1), {}))
    with pytest.raises(QgsProcessingException, match="such a feature already"):
        push(place)


def test_the_operation_of_the_ledger_is_the_one_that_is_used(qgis_app, placing_layer):
    """The same layer brought to the grid by an operation with a shift of 100 m: the way back undoes just that shift."""
    shifted = ("+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=utm +zone=33 +ellps=WGS84 "
               "+step +proj=affine +xoff=100")
    grid = QgsCoordinateReferenceSystem("EPSG:32633")
    plain = Placing(placing_layer, grid.toWkt(), "", QgsCoordinateTransformContext())
    with_shift = Placing(placing_layer, grid.toWkt(), shifted, QgsCoordinateTransformContext())
    edit = edit_at("POLYGON ((500000 5500000, 500010 5500000, 500010 5500010, 500000 5500000))", grid)
    there, back = plain.place(edit), with_shift.place(edit)
    metres = (there.boundingBox().xMinimum() - back.boundingBox().xMinimum()) * 111_320 * 0.6459
    assert metres == pytest.approx(100, abs=1)


def test_a_ballpark_operation_is_refused(qgis_app):
    layer = QgsVectorLayer("Polygon?crs=EPSG:4267", "alt", "memory")
    QgsProject.instance().addMapLayer(layer, False)
    with pytest.raises(InputError, match="No exact coordinate operation"):
        Placing(layer, QgsCoordinateReferenceSystem("EPSG:25832").toWkt(), "", QgsCoordinateTransformContext())


def test_a_layer_without_crs_is_refused(qgis_app):
    layer = QgsVectorLayer("Polygon", "ohne", "memory")
    layer.setCrs(QgsCoordinateReferenceSystem())
    QgsProject.instance().addMapLayer(layer, False)
    with pytest.raises(InputError, match="no known CRS"):
        Placing(layer, QgsCoordinateReferenceSystem("EPSG:25832").toWkt(), "", QgsCoordinateTransformContext())


@pytest.mark.parametrize(("kind", "current", "kept"), [
    ("PolygonM", "POLYGON M ((0 0 1, 9 0 2, 9 9 3, 0 0 1))", [1, 2, 3, 1]),
    ("PolygonZM", "POLYGON ZM ((0 0 7 1, 9 0 7 2, 9 9 7 3, 0 0 7 1))", [1, 2, 3, 1]),
])
def test_measures_stay_where_a_feature_is_moved(qgis_app, kind, current, kept):
    layer = QgsVectorLayer(f"{kind}?crs=EPSG:32633", "gemessen", "memory")
    QgsProject.instance().addMapLayer(layer, False)
    grid = QgsCoordinateReferenceSystem("EPSG:32633")
    moved = edit_at("POLYGON ((2 0, 11 0, 11 9, 2 0))", grid)
    placed = Placing(layer, grid.toWkt(), "", QgsCoordinateTransformContext()).place(
        moved, QgsGeometry.fromWkt(current))
    assert [vertex.m() for vertex in placed.vertices()] == kept
    assert [vertex.x() for vertex in placed.vertices()] == [2, 11, 11, 2]


def test_an_empty_or_unreadable_proposal_is_refused(qgis_app, placing_layer):
    grid = QgsCoordinateReferenceSystem("EPSG:32633")
    placing = Placing(placing_layer, grid.toWkt(), "", QgsCoordinateTransformContext())
    for edit in (edit_at("POLYGON EMPTY", grid), edit_at("POINT (500000 5500000)", grid)):
        with pytest.raises(RefusalError):
            placing.place(edit)


def edit_at(wkt, grid):
    return PlannedEdit(uid="a", edit="add", kind="missing", target_layer="x", command="Add", probability=0.5,
                       crs=grid.toWkt(), proposal=bytes(QgsGeometry.fromWkt(wkt).asWkb()))


@pytest.fixture
def placing_layer(qgis_app):
    layer = QgsVectorLayer("Polygon?crs=EPSG:4326", "wgs", "memory")
    QgsProject.instance().addMapLayer(layer, False)
    return layer
