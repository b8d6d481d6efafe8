"""Layers that are no files, as inputs: web maps saved first and with their licence, WFS and PostGIS copied."""

from __future__ import annotations

import json

import pytest
from osgeo import gdal, ogr
from postgres_server import PostgresServer, programs
from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsRasterLayer, QgsVectorLayer
from web_maps import WebMaps

from geoloop.core.errors import InputError
from geoloop.processing_provider.algorithms.loop import Loop
from geoloop.processing_provider.algorithms.webimagery import WebImagery, address
from geoloop.processing_provider.layers.layers import read_layers

EXTENT = "400000,400064,5000000,5000064 [EPSG:32633]"


@pytest.fixture
def maps(qgis_app):
    with WebMaps() as server:
        yield server


@pytest.fixture
def xyz_layer(maps, project):
    layer = QgsRasterLayer(f"type=xyz&url={maps.url}/tiles/{{z}}/{{x}}/{{y}}.png&zmax=19&zmin=0", "Luftbild ä", "wms")
    assert layer.isValid()
    project.addMapLayer(layer)
    return layer


@pytest.fixture
def save(context, recorded, tmp_path):
    def save(layer, **changed):
        algorithm = WebImagery()
        algorithm.initAlgorithm()
        given = {"INPUT": layer.id(), "EXTENT": EXTENT, "RESOLUTION": 2.0, "LICENCE": "CC BY 4.0", "ALLOWED": True,
                 "OUTPUT": str(tmp_path / "Bild.tif"), **changed}
        ok, why = algorithm.checkParameterValues(given, context)
        if not ok:
            raise QgsProcessingException(why)
        found, _ = algorithm.run(given, context, recorded, {}, False)
        return found["OUTPUT"]

    return save


@pytest.fixture
def inputs(context, raster_file, tmp_path):
    def inputs(*layers):
        algorithm = Loop()
        algorithm.initAlgorithm()
        return read_layers(algorithm, {"IMAGERY": [str(raster_file())], "MAP": [layer.id() for layer in layers]},
                           context).write(tmp_path, QgsProcessingFeedback())

    return inputs


def rows(vector):
    dataset = ogr.Open(vector.path)
    return [json.loads(feature.ExportToJson()) for feature in dataset.GetLayerByName(vector.layer)]


def test_a_web_map_is_saved_at_a_resolution_on_the_ground_with_its_licence(save, xyz_layer, maps):
    dataset = gdal.Open(save(xyz_layer))
    assert abs(dataset.GetGeoTransform()[1] - 2.0 / 0.705) < 0.02  # Mercator at 45 degrees north
    assert 30 <= dataset.RasterXSize <= 36
    assert dataset.RasterCount == 4
    assert [int(dataset.GetRasterBand(band).ReadAsArray().mean()) for band in (1, 2, 3, 4)] == [0x33, 0x66, 0x99, 255]
    assert dataset.GetMetadata()["LICENCE"] == "CC BY 4.0"
    assert maps.url.split("//")[1].split(":")[0] in dataset.GetMetadata()["SOURCE"]


def test_what_was_saved_is_imagery_like_any_other(save, xyz_layer, context, vector_file):
    algorithm = Loop()
    algorithm.initAlgorithm()
    layers = read_layers(algorithm, {"IMAGERY": [save(xyz_layer)], "MAP": [str(vector_file())]}, context)
    assert layers.imagery[0].name == "Bild"


@pytest.mark.parametrize(("changed", "said"), [
    ({"ALLOWED": False}, "Read the licence of “Luftbild ä” first"),
    ({"LICENCE": " "}, "LICENCE is empty"),
    ({"EXTENT": "13.0,14.0,45.0,46.0 [EPSG:4326]"}, "too much to ask of a web server at once"),
])
def test_what_must_not_be_saved_is_refused_before_the_server_is_asked(save, xyz_layer, maps, changed, said):
    with pytest.raises(QgsProcessingException, match=said):
        save(xyz_layer, **changed)
    assert not [path for path in maps.asked if path.startswith("/tiles/")]


def test_a_server_that_gives_nothing_is_one_sentence_and_no_file(save, project, tmp_path, qgis_app):
    with WebMaps("#00000000") as empty:
        layer = QgsRasterLayer(f"type=xyz&url={empty.url}/tiles/{{z}}/{{x}}/{{y}}.png&zmax=19&zmin=0", "leer", "wms")
        project.addMapLayer(layer)
        with pytest.raises(QgsProcessingException, match="The server of “leer” gave nothing for this area"):
            save(layer)
    assert not list(tmp_path.glob("*.tif"))


def test_a_web_map_in_imagery_is_refused_with_the_way_to_save_it(xyz_layer, context, vector_file):
    algorithm = Loop()
    algorithm.initAlgorithm()
    with pytest.raises(InputError, match="geoloop:webimagery, which asks for resolution and licence"):
        read_layers(algorithm, {"IMAGERY": [xyz_layer.id()], "MAP": [str(vector_file())]}, context)


def test_an_address_in_the_metadata_opens_no_door():
    assert "secret" not in address("type=xyz&url=https://a.example/{z}/{x}/{y}.png&password=secret&username=me")
    assert "secret" not in address("type=xyz&url=https://a.example/{z}/{x}/{y}.png?api_key%3Dsecret")
    assert "a.example" in address("type=xyz&url=https://a.example/{z}/{x}/{y}.png")


def test_a_wfs_layer_is_copied_with_all_its_features(maps, project, inputs):
    layer = QgsVectorLayer(f"url='{maps.url}/wfs' typename='fields' version='1.0.0' srsname='EPSG:32633'", "Felder",
                           "WFS")
    assert layer.isValid()
    project.addMapLayer(layer)
    found = inputs(layer).map[0]
    assert [row["properties"]["crop"] for row in rows(found)] == ["Rüben"] * 3
    assert found.source


@pytest.mark.skipif(programs() is None, reason="PostgreSQL with PostGIS is not installed")
def test_a_table_of_postgis_is_copied_by_its_key_without_its_password(project, inputs):
    with PostgresServer() as server:
        server.sql("CREATE EXTENSION IF NOT EXISTS postgis")
        server.sql("CREATE TABLE fields (id int PRIMARY KEY, crop text, geom geometry(Polygon, 32633))")
        server.sql("INSERT INTO fields VALUES (7, 'Rüben', ST_MakeEnvelope(400005, 5000010, 400013, 5000019, 32633))")
        layer = QgsVectorLayer(
            f"host=127.0.0.1 port={server.port} dbname=loop user=geoloop password=hush key='id' srid=32633 "
            "type=Polygon table=\"public\".\"fields\" (geom)", "Felder", "postgres")
        assert layer.isValid()
        project.addMapLayer(layer)
        found = inputs(layer).map[0]
        assert (found.key, rows(found)[0]["properties"]["crop"]) == ("id", "Rüben")
        assert "hush" not in found.source
        project.clear()
