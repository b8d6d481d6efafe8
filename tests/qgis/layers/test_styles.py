"""The styles of what is written, as QGIS reads them without being asked: beside a raster, within a GeoPackage."""

from __future__ import annotations

import pytest
from qgis.core import (
    Qgis,
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsLineSymbol,
    QgsMarkerSymbol,
    QgsPalettedRasterRenderer,
    QgsRasterLayer,
    QgsRenderContext,
    QgsSingleBandPseudoColorRenderer,
    QgsSymbol,
    QgsVectorLayer,
)

from geoloop.core.inference.style import DOUBT, class_style, ramp_style
from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round, SourceRow
from geoloop.core.ledger.schema import KINDS
from geoloop.ui.review.words import KIND_COLOURS


def test_classes_come_with_their_colours_and_names(qgis_app, raster_file):
    path = raster_file("fused map ä")
    path.with_suffix(".qml").write_text(class_style(
        {"0": "other", "1": "Häuser <&\"'>", "7": "water"},
        {0: (233, 230, 223, 255), 1: (200, 80, 60, 255), 7: (63, 127, 193, 128)}), encoding="utf-8")
    layer = QgsRasterLayer(str(path), "fused")
    renderer = layer.renderer()
    assert isinstance(renderer, QgsPalettedRasterRenderer)
    assert [(c.value, c.label, c.color.name(), c.color.alpha()) for c in renderer.classes()] == [
        (0, "other", "#e9e6df", 255), (1, "Häuser <&\"'>", "#c8503c", 255), (7, "water", "#3f7fc1", 128)]
    del renderer, layer


def test_doubt_goes_from_pale_to_dark(qgis_app, raster_file):
    path = raster_file("doubt")
    path.with_suffix(".qml").write_text(ramp_style(DOUBT), encoding="utf-8")
    layer = QgsRasterLayer(str(path), "doubt")
    renderer = layer.renderer()
    assert isinstance(renderer, QgsSingleBandPseudoColorRenderer)
    shader = renderer.shader()
    seen, *rgba = shader.shade(0.5)
    assert seen
    assert rgba == [176, 132, 185, 255]
    brightness = [sum(shader.shade(value)[1:4]) for value in (0.0, 0.3, 0.6, 1.0)]
    assert brightness == sorted(brightness, reverse=True)
    assert (renderer.classificationMin(), renderer.classificationMax()) == pytest.approx((0.0, 1.0))
    del shader, renderer, layer


SHAPES = {"Polygon": "POLYGON((0 0,9 0,9 9,0 0))", "LineString": "LINESTRING(0 0,9 9)", "Point": "POINT(5 5)"}


@pytest.fixture
def write_ledger(tmp_path):
    """Write a ledger in which features of these kinds are flagged."""

    def write(*kinds):
        path = tmp_path / f"Schleife ü {'-'.join(kinds)}.gpkg"
        with Ledger.create(path, Crs("UTM 33", "EPSG", 32633, wkt())) as made:
            made.add_round(Round("flag", 1, {}), [SourceRow("map", "houses", "h.gpkg")], (), [
                Discrepancy(f"d{at}", "map", "houses", "obsolete", "delete", 0.9,
                            bytes(QgsGeometry.fromWkt(SHAPES[kind]).asWkb()), target_key=str(at))
                for at, kind in enumerate(kinds)])
        return path

    return write


def wkt() -> str:
    return QgsCoordinateReferenceSystem("EPSG:32633").toWkt(Qgis.CrsWktVariant.PreferredGdal)


@pytest.mark.parametrize("table", ["review", "discrepancies"])
def test_discrepancies_come_with_a_colour_for_each_kind_paler_where_less_probable(qgis_app, write_ledger, table):
    layer = QgsVectorLayer(f"{write_ledger(*SHAPES)}|layername={table}|geometrytype=Polygon", table, "ogr")
    renderer = layer.renderer()
    assert isinstance(renderer, QgsCategorizedSymbolRenderer)
    assert {category.value() for category in renderer.categories()} == set(KINDS)
    (obsolete,) = [category for category in renderer.categories() if category.value() == "obsolete"]
    assert obsolete.symbol().symbolLayer(0).strokeColor().name() == KIND_COLOURS["obsolete"]
    inside = obsolete.symbol().symbolLayer(0).fillColor()
    assert (inside.name(), inside.alpha()) == (KIND_COLOURS["obsolete"], 64)
    opacity = obsolete.symbol().dataDefinedProperties().property(QgsSymbol.Property.Opacity)
    assert "probability" in opacity.expressionString()
    del obsolete, renderer, layer


LINES_AND_POINTS = pytest.mark.parametrize(("kind", "symbol"), [("LineString", QgsLineSymbol),
                                                                ("Point", QgsMarkerSymbol)])


@LINES_AND_POINTS
def test_lines_and_points_are_shown_beside_areas(qgis_app, write_ledger, kind, symbol):
    layer = QgsVectorLayer(f"{write_ledger(*SHAPES)}|layername=review|geometrytype={kind}", "review", "ogr")
    assert layer.featureCount() == 1
    assert all(isinstance(one, symbol) for one in layer.renderer().symbols(QgsRenderContext()))
    del layer


@LINES_AND_POINTS
def test_lines_and_points_have_colours_where_a_round_has_most_of_them(qgis_app, write_ledger, kind, symbol):
    layer = QgsVectorLayer(f"{write_ledger(kind, kind, 'Polygon')}|layername=review|geometrytype={kind}", "r", "ogr")
    renderer = layer.renderer()
    assert isinstance(renderer, QgsCategorizedSymbolRenderer)
    assert all(isinstance(category.symbol(), symbol) for category in renderer.categories())
    del renderer, layer
