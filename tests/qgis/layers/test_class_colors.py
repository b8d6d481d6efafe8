"""What is mapped by a layer's own classes is shown in the colours that the layer has in QGIS."""

from __future__ import annotations

import pytest
from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsProcessingContext,
    QgsRendererCategory,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)

from geoloop.core.jobs.inputs import SourceSettings
from geoloop.processing_provider.layers.class_colors import class_colors
from geoloop.processing_provider.layers.vectors import vector_layer


def symbol(color):
    return QgsFillSymbol.createSimple({"color": color})


@pytest.fixture
def land(qgis_app):
    """A layer of land use by name and by number, coloured by its column ``use``."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32633&field=use:string&field=code:integer&field=score:double", "land",
                           "memory")
    layer.setRenderer(QgsCategorizedSymbolRenderer("use", [
        QgsRendererCategory(" Wald", symbol("#228b22"), "forest"),
        QgsRendererCategory(["lake", "river"], symbol("64,128,255,100"), "water"),
        QgsRendererCategory("", symbol("#cccccc"), "all others"), QgsRendererCategory(None, symbol("#dddddd"), "")]))
    return layer


def test_each_value_has_the_colour_of_its_category(land):
    assert class_colors(land, "USE") == {"Wald": "#228b22", "lake": "#4080ff", "river": "#4080ff"}


@pytest.mark.parametrize(("shown", "values"), [
    ("code", [311, 312]), ('"code"', ["311", "312"]), ("score", [311.0, 312.0])])
def test_numbers_are_known_by_their_text(land, shown, values):
    colors = ["#228b22", "#4080ff"]
    land.setRenderer(QgsCategorizedSymbolRenderer(shown, [
        QgsRendererCategory(value, symbol(color), "") for value, color in zip(values, colors, strict=True)]))
    assert class_colors(land, shown.strip('"')) == {"311": "#228b22", "312": "#4080ff"}


@pytest.mark.parametrize("field", ["code", ""])
def test_colours_of_another_column_are_not_the_classes(land, field):
    assert class_colors(land, field) == {}


def test_colours_of_an_expression_or_a_single_symbol_are_not_the_classes(land):
    land.setRenderer(QgsCategorizedSymbolRenderer("upper(use)", [QgsRendererCategory("WALD", symbol("#228b22"), "")]))
    assert class_colors(land, "use") == {}
    land.setRenderer(QgsSingleSymbolRenderer(symbol("#228b22")))
    assert class_colors(land, "use") == {}


def test_a_job_is_given_them(land):
    read = vector_layer(land, "land", settings=SourceSettings(class_field="use"), key="", selected_only=False,
                        grid=land.crs(), context=QgsProcessingContext(), allow_ballpark=False)
    assert read.input.colors["Wald"] == "#228b22"
