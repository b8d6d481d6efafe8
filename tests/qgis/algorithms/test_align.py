"""``geoloop:align`` through ``qgis_process``: moved copies, and one sentence for what cannot be used."""

from __future__ import annotations

import json

import pytest
from osgeo import gdal
from qgis.core import QgsArrowSymbolLayer, QgsRenderContext, QgsSymbol, QgsVectorLayer

ENGINE = "/usr/bin/python3"  # found, but never started: all this is refused before


@pytest.fixture
def probabilities(raster_file):
    """A raster on which the three houses of the layer stand 2 m east of where the layer has them."""
    path = raster_file("probabilities")
    dataset = gdal.Open(str(path), gdal.GA_Update)
    for band, (name, level) in enumerate((("imagery: other", 230), ("imagery: building", 20), ("rest", 0)), start=1):
        dataset.GetRasterBand(band).Fill(level)
        dataset.GetRasterBand(band).SetDescription(name)
    values = dataset.GetRasterBand(2).ReadAsArray()
    for number in range(3):
        values[45:54, 7 + 15 * number:15 + 15 * number] = 230
    dataset.GetRasterBand(2).WriteArray(values)
    dataset = None
    scaled = path.with_name("p.tif")
    gdal.Translate(str(scaled), str(path), options="-ot Float32 -scale 0 255 0 1")
    return scaled


def test_a_moved_copy_is_a_layer_with_all_its_features(
    qgis_process, engine_python, tmp_path, probabilities, vector_file
):
    output = tmp_path / "bewegt.gpkg"
    ran = qgis_process(
        "--json", "run", "geoloop:align", "--", f"PROBABILITIES={probabilities}", f"MAP={vector_file()}",
        "LEGEND=buildings", "REACH=6", f"OUTPUT={output}", GEOLOOP_ENGINE_PYTHON=str(engine_python),
    )
    assert ran.code == 0, ran.text
    found = json.loads(ran.text[ran.text.index("{"):ran.text.rindex("}") + 1])["results"]
    layer = QgsVectorLayer(f"{found['OUTPUT']}|layername=buildings", "moved", "ogr")
    assert layer.isValid()
    assert layer.featureCount() == 3
    assert [field.name() for field in layer.fields()][-2:] == ["building", "osm_id"]
    assert "MOVED" in found


def test_shifts_come_as_arrows_the_paler_the_less_sure(
    provider, context, recorded, engine_python, tmp_path, probabilities, vector_file
):
    found, ok = provider.algorithm("align").create().run({
        "PROBABILITIES": str(probabilities), "MAP": [str(vector_file())], "LEGEND": "buildings", "REACH": 6,
        "OUTPUT": str(tmp_path / "bewegt.gpkg"), "SHIFTS": str(tmp_path / "Pfeile ä.gpkg")}, context, recorded)
    assert ok, recorded.lines
    layer = QgsVectorLayer(found["SHIFTS"], "shifts", "ogr")
    (symbol,) = layer.renderer().symbols(QgsRenderContext())
    (arrow,) = symbol.symbolLayers()
    assert isinstance(arrow, QgsArrowSymbolLayer)
    assert arrow.subSymbol().color().name() != "#000000"
    opacity = symbol.dataDefinedProperties().property(QgsSymbol.Property.Opacity)
    assert "confidence" in opacity.expressionString()
    assert layer.featureCount() == found["MOVED"]
    del arrow, symbol, layer


@pytest.mark.parametrize(("changed", "said"), [
    ({"PROBABILITIES": ""}, "Neither IMAGERY nor PROBABILITIES names a layer"),
    ({"MAP": ""}, "mandatory parameters were not specified\n\n\tMAP"),
    ({"OUTPUT": "moved.shp"}, "OUTPUT must end in .gpkg"),
    ({"OUTPUT": "/nowhere/moved.gpkg"}, "of OUTPUT does not exist"),
    ({"GCPS": "field.csv"}, "GCPS must end in .points"),
])
def test_what_cannot_be_used_is_one_sentence(qgis_process, tmp_path, probabilities, vector_file, changed, said):
    arguments = {"PROBABILITIES": probabilities, "MAP": vector_file(), "LEGEND": "buildings",
                 "OUTPUT": tmp_path / "moved.gpkg", **changed}
    ran = qgis_process(
        "run", "geoloop:align", "--", *(f"{name}={value}" for name, value in arguments.items() if value),
        GEOLOOP_ENGINE_PYTHON=ENGINE,
    )
    assert ran.code != 0, ran.text
    assert said in ran.text
    assert "Traceback" not in ran.text
    assert not (tmp_path / "moved.gpkg").exists()
