"""Layers that are no files, as inputs: web maps saved first and with their licence, WFS and PostGIS copied."""

from __future__ import annotations

import json
import re
import resource

import pytest
from osgeo import gdal, ogr
from postgres_server import PostgresServer, programs
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsRasterLayer,
    QgsVectorLayer,
)
from web_maps import WebMaps

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
def wms_layer(maps, project):
    layer = QgsRasterLayer(f"crs=EPSG:32633&dpiMode=7&format=image/png&layers=ortho&styles=&url={maps.url}/wms",
                           "Ortho ß", "wms")
    assert layer.isValid(), layer.error().message()
    project.addMapLayer(layer)
    return layer


@pytest.fixture(params=["xyz_layer", "wms_layer"])
def web_layer(request):
    """A layer of tiles, and one of a map server."""
    return request.getfixturevalue(request.param)


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
    def inputs(*layers, **more):
        algorithm = Loop()
        algorithm.initAlgorithm()
        folder = tmp_path / f"copies {len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        given = {"IMAGERY": [str(raster_file())], "MAP": [layer.id() for layer in layers], **more}
        return read_layers(algorithm, given, context).write(folder, QgsProcessingFeedback())

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


def test_a_map_server_is_asked_on_its_own_plane(save, wms_layer, maps):
    dataset = gdal.Open(save(wms_layer))
    assert dataset.GetGeoTransform()[1] == pytest.approx(2.0 * 0.9997, abs=2e-4)  # UTM is a little smaller than ground
    assert 32 <= dataset.RasterXSize <= 34
    assert [int(dataset.GetRasterBand(band).ReadAsArray().mean()) for band in (1, 2, 3, 4)] == [0x33, 0x66, 0x99, 255]
    assert dataset.GetMetadata()["LICENCE"] == "CC BY 4.0"
    assert any("GetMap" in path for path in maps.asked)


def test_what_a_server_tells_of_fees_and_constraints_is_shown_before_and_kept(save, wms_layer, recorded):
    terms = "Fees: free of charge; Access constraints: dl-de/by-2-0; © Landesamt Ä"
    with pytest.raises(QgsProcessingException, match=re.escape(f"first ({terms})")):
        save(wms_layer, ALLOWED=False)
    assert gdal.Open(save(wms_layer)).GetMetadata()["ATTRIBUTION"] == terms
    assert f"“Ortho ß” says of itself: {terms}" in recorded.lines


def test_what_was_saved_is_imagery_alone_like_any_other(save, web_layer, context, vector_file):
    algorithm = Loop()
    algorithm.initAlgorithm()
    layers = read_layers(algorithm, {"IMAGERY": [save(web_layer)], "MAP": [str(vector_file())]}, context)
    assert [one.name for one in layers.imagery] == ["Bild"]


@pytest.mark.parametrize(("changed", "said"), [
    ({"ALLOWED": False}, "Read the licence of “(Luftbild ä|Ortho ß)” first"),
    ({"LICENCE": " "}, "LICENCE is empty"),
    ({"EXTENT": "13.0,14.0,45.0,46.0 [EPSG:4326]"}, "too much to ask of a web server at once"),
    ({"EXTENT": "1e300,2e300,1e300,2e300 [EPSG:3857]"}, "EXTENT (does not lie where the CRS .* is|is empty)"),
])
def test_what_must_not_be_saved_is_refused_before_the_server_is_asked(save, web_layer, maps, changed, said):
    with pytest.raises(QgsProcessingException, match=said):
        save(web_layer, **changed)
    assert not [path for path in maps.asked if path.startswith("/tiles/") or "GetMap" in path]


def test_a_server_that_gives_nothing_is_one_sentence_and_no_file(save, project, tmp_path, qgis_app):
    with WebMaps("#00000000") as empty:
        layer = QgsRasterLayer(f"type=xyz&url={empty.url}/tiles/{{z}}/{{x}}/{{y}}.png&zmax=19&zmin=0", "leer", "wms")
        project.addMapLayer(layer)
        with pytest.raises(QgsProcessingException, match="The server of “leer” gave nothing for this area"):
            save(layer)
    assert not list(tmp_path.glob("*.tif"))


def test_a_server_that_fails_on_the_way_is_warned_of(save, project, recorded):
    with WebMaps(images=2) as failing:
        layer = QgsRasterLayer(f"type=xyz&url={failing.url}/tiles/{{z}}/{{x}}/{{y}}.png&zmax=19&zmin=0", "halb", "wms")
        project.addMapLayer(layer)
        save(layer, EXTENT="400000,400300,5000000,5000300 [EPSG:32633]", RESOLUTION=0.5)
    (said,) = [line for line in recorded.lines if "The server of “halb” gave nothing for" in line]
    assert 10 < float(said.split("for ")[1].split(" %")[0]) < 100


def test_a_disk_that_runs_full_leaves_no_damaged_image(save, xyz_layer, tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1500, limits[1]))
    try:
        with pytest.raises(QgsProcessingException, match="“Luftbild ä” cannot be written"):
            save(xyz_layer, EXTENT="400000,400300,5000000,5000300 [EPSG:32633]", RESOLUTION=0.5)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not list(tmp_path.glob("*.tif*"))


def test_a_cancelled_run_leaves_no_image(save, xyz_layer, recorded, tmp_path):
    recorded.cancel()
    with pytest.raises(QgsProcessingException, match="cancelled"):
        save(xyz_layer)
    assert not [*tmp_path.glob("*.tif*"), *tmp_path.glob(".*")]


IMAGERY_OF = {"align": "IMAGERY", "embed": "IMAGERY", "finetune": "IMAGERY", "flag": "IMAGERY", "fuse": "IMAGERY",
              "loop": "IMAGERY", "predict": "IMAGERY", "pretrain": "IMAGERY", "regresspoints": "RASTERS",
              "sampledesign": "INPUT", "evaluate": "INPUT", "stackimagery": "INPUT"}
"""Every algorithm that takes imagery, and the parameter that takes it."""


@pytest.mark.parametrize("name", IMAGERY_OF)
def test_a_web_map_in_imagery_is_refused_everywhere_with_the_way_to_save_it(provider, web_layer, context, vector_file,
                                                                            tmp_path, monkeypatch, name):
    monkeypatch.setenv("GEOLOOP_ENGINE_PYTHON", "/usr/bin/python3")  # found, but never started
    algorithm = provider.algorithm(name).create()
    model, houses, web = tmp_path / "m.onnx", str(vector_file()), web_layer.id()
    model.write_bytes(b"never read")
    is_list = algorithm.parameterDefinition(IMAGERY_OF[name]).type() == "multilayer"
    ok, why = algorithm.checkParameterValues({
        "MAP": houses if name == "embed" else [houses], "REFERENCE": houses, "REFERENCE_FIELD": "building",
        "FIELD": houses if name == "regresspoints" else [], "OUTPUT": "TEMPORARY_OUTPUT",
        **{"predict": {"MODEL": str(model)}, "embed": {"MODEL": "resnet18"}, "finetune": {"MODEL": "resnet18"}}.get(
            name, {}),
        **({"LEDGER": str(tmp_path / "l.gpkg")} if name in ("flag", "loop") else {}),
        IMAGERY_OF[name]: [web] if is_list else web}, context)
    assert not ok
    assert "geoloop:webimagery, which asks for resolution and licence" in why


def test_an_address_in_the_metadata_opens_no_door():
    assert "secret" not in address("type=xyz&url=https://a.example/{z}/{x}/{y}.png&password=secret&username=me")
    assert "secret" not in address("type=xyz&url=https://a.example/{z}/{x}/{y}.png?api_key%3Dsecret")
    assert "secret" not in address("type=xyz&url=https%3A%2F%2Fa.example%2F%7Bz%7D.png%3Fapi_key%3Dsecret&zmax=19")
    assert "a.example" in address("type=xyz&url=https://a.example/{z}/{x}/{y}.png")


@pytest.fixture
def wfs_layer(maps, project):
    layer = QgsVectorLayer(f"url='{maps.url}/wfs' typename='fields' version='1.0.0' srsname='EPSG:32633'", "Felder",
                           "WFS")
    assert layer.isValid()
    project.addMapLayer(layer)
    return layer


def test_a_wfs_layer_is_copied_with_all_its_features(wfs_layer, inputs):
    found = inputs(wfs_layer).map[0]
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
        layer.startEditing()
        layer.changeAttributeValue(next(layer.getFeatures()).id(), layer.fields().lookupField("crop"), "Klee")
        assert [row["properties"]["crop"] for row in rows(inputs(layer).map[0])] == ["Klee"]
        layer.rollBack()
        project.clear()


def test_selected_features_of_a_wfs_layer_alone_are_copied(wfs_layer, inputs):
    wfs_layer.selectByIds([sorted(feature.id() for feature in wfs_layer.getFeatures())[1]])
    found = rows(inputs(wfs_layer, SELECTED_ONLY=True).map[0])
    assert len(found) == 1
    assert found[0]["properties"]["geoloop_fid"] == wfs_layer.selectedFeatureIds()[0]


def test_edits_in_the_buffer_of_a_layer_in_memory_are_part_of_it(project, inputs):
    layer = QgsVectorLayer("Polygon?crs=EPSG:32633&field=crop:string", "gezeichnet", "memory")
    square = QgsGeometry.fromWkt("POLYGON((400005 5000005,400020 5000005,400020 5000020,400005 5000005))")
    drawn = [QgsFeature(layer.fields()), QgsFeature(layer.fields())]
    for feature, crop in zip(drawn, ("Rüben", "Mais"), strict=True):
        feature.setGeometry(square)
        feature.setAttributes([crop])
    layer.dataProvider().addFeatures([drawn[0]])
    project.addMapLayer(layer)
    layer.startEditing()
    layer.addFeature(drawn[1])
    layer.changeAttributeValue(1, 0, "Klee")
    found = rows(inputs(layer).map[0])
    layer.rollBack()
    assert sorted(row["properties"]["crop"] for row in found) == ["Klee", "Mais"]
