"""From QGIS layers to a job's inputs."""

from __future__ import annotations

import json
import os
import zipfile

import pytest
from osgeo import gdal, ogr
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProcessingFeedback,
    QgsRectangle,
    QgsVectorLayer,
)

from geoloop.core.errors import InputError
from geoloop.core.jobs.inputs import ExtentInput
from geoloop.processing_provider.algorithms.loop import Loop
from geoloop.processing_provider.layers.layers import read_layers
from geoloop.processing_provider.layers.rasters import optional_raster


@pytest.fixture
def read(context, raster_file, project):
    """Read the layers of a run; without IMAGERY given, on a tiny image that all tiny layers lie on."""

    def read(**parameters):
        algorithm = Loop()
        algorithm.initAlgorithm()
        image = [] if "IMAGERY" in parameters else [str(raster_file())]
        return read_layers(algorithm, {"IMAGERY": image, **parameters}, context)

    return read


@pytest.fixture
def inputs(read, tmp_path):
    """Read the layers and write their copies."""

    def inputs(**parameters):
        return read(**parameters).write(tmp_path, QgsProcessingFeedback())

    return inputs


@pytest.fixture
def project_layer(project, vector_file):
    """Put a tiny GeoPackage into the project."""

    def add(name="houses", **file):
        layer = QgsVectorLayer(str(vector_file(**file)), name, "ogr")
        assert layer.isValid()
        project.addMapLayer(layer)
        return layer

    return add


@pytest.fixture
def memory_layer(project):
    triangle = "POLYGON((400005 5000005,400020 5000005,400020 5000020,400005 5000005))"

    def add(name="drawn", geometry="Polygon", wkt=triangle):
        layer = QgsVectorLayer(f"{geometry}?crs=EPSG:32633&field=building:string&field=fid:string", name, "memory")
        feature = QgsFeature(layer.fields())
        feature.setAttributes(["yes", "a fid of its own"])
        feature.setGeometry(QgsGeometry.fromWkt(wkt))
        layer.dataProvider().addFeature(feature)
        project.addMapLayer(layer)
        return layer

    return add


def rows(vector):
    dataset = ogr.Open(vector.path)
    return [json.loads(feature.ExportToJson()) for feature in dataset.GetLayerByName(vector.layer)]


def test_a_file_goes_by_its_path_table_and_stem(inputs, vector_file):
    path = vector_file("buildings")
    layer = inputs(MAP=[str(path)]).map[0]
    assert (layer.path, layer.layer, layer.name, layer.key, layer.source) == (
        str(path), "buildings", "buildings", "", ""
    )
    assert "32633" in layer.crs


def test_a_relative_path_is_made_absolute(inputs, vector_file, monkeypatch):
    path = vector_file()
    monkeypatch.chdir(path.parent)
    assert inputs(MAP=["buildings.gpkg"]).map[0].path == str(path)


def test_a_file_in_an_archive_is_copied_under_its_own_name(inputs, vector_file, tmp_path):
    gdal.VectorTranslate(str(tmp_path / "plain.geojson"), str(vector_file()))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(tmp_path / "plain.geojson", "from the town.geojson")
    layer = inputs(MAP=[f"/vsizip/{tmp_path}/all.zip/from the town.geojson"]).map[0]
    assert layer.name == "from the town"
    assert ogr.Open(layer.path).GetLayer(layer.layer).GetFeatureCount() == 3


def test_of_several_tables_in_a_file_the_tables_name_counts(inputs, vector_file):
    path = vector_file("town", tables=("houses", "roads"))
    found = inputs(MAP=[f"{path}|layername=roads", f"{path}|layername=houses"]).map
    assert [(layer.name, layer.layer) for layer in found] == [("roads", "roads"), ("houses", "houses")]


def test_a_project_layer_keeps_its_name_and_filter(inputs, project_layer):
    layer = project_layer("My houses")
    layer.setSubsetString("\"osm_id\" <> 'w1'")
    found = inputs(MAP=[layer.id()]).map[0]
    assert (found.name, found.where) == ("My houses", "\"osm_id\" <> 'w1'")
    assert "|" not in found.path


def test_a_memory_layer_is_copied_with_its_ids_and_all_its_columns(inputs, memory_layer):
    layer = memory_layer()
    found = inputs(MAP=[layer.id()]).map[0]
    assert found.key == "geoloop_fid"
    assert found.source == layer.source()
    (row,) = rows(found)
    assert row["properties"]["geoloop_fid"] == next(layer.getFeatures()).id()
    assert row["properties"]["fid"] == "a fid of its own"


def test_a_column_of_any_name_comes_along_and_two_that_differ_in_case_are_refused(inputs, read, project):
    def drawn(*fields):
        layer = QgsVectorLayer("Point?crs=EPSG:32633&" + "&".join(f"field={name}:string" for name in fields), "drawn",
                               "memory")
        feature = QgsFeature(layer.fields())
        feature.setAttributes(list(fields))
        feature.setGeometry(QgsGeometry.fromWkt("POINT(400010 5000010)"))
        layer.dataProvider().addFeature(feature)
        layer.updateExtents()
        project.addMapLayer(layer)
        return layer.id()

    (row,) = rows(inputs(MAP=[drawn("geom", "fid", "Öl \"x\"")]).map[0])
    assert row["properties"] == {"geom": "geom", "fid": "fid", "Öl \"x\"": "Öl \"x\"", "geoloop_fid": 1}
    with pytest.raises(InputError, match="The fields “Name” and “name” of the layer “drawn” differ in case alone"):
        read(MAP=[drawn("Name", "name")])


def test_a_shapefile_is_read_in_the_encoding_that_qgis_reads_it_in(inputs, vector_file, tmp_path, project):
    gdal.VectorTranslate(str(tmp_path / "buildings.shp"), str(vector_file()), format="ESRI Shapefile")
    assert inputs(MAP=[str(tmp_path / "buildings.shp")]).map[0].encoding == "ISO-8859-1"
    layer = QgsVectorLayer(str(tmp_path / "buildings.shp"), "buildings", "ogr")
    layer.setProviderEncoding("IBM852")
    project.addMapLayer(layer)
    assert inputs(MAP=[layer.id()]).map[0].encoding == "IBM852"
    assert inputs(MAP=[str(vector_file("other"))]).map[0].encoding == ""


def test_curves_are_straightened(inputs, memory_layer):
    layer = memory_layer(geometry="CurvePolygon", wkt=(
        "CURVEPOLYGON(COMPOUNDCURVE(CIRCULARSTRING(400005 5000005,400010 5000010,400015 5000005),"
        "(400015 5000005,400005 5000005)))"
    ))
    (row,) = rows(inputs(MAP=[layer.id()]).map[0])
    assert row["geometry"]["type"] == "Polygon"
    assert len(row["geometry"]["coordinates"][0]) > 10


def test_selected_only_takes_the_selection_of_layers_that_have_one(inputs, project_layer):
    layer = project_layer()
    layer.selectByIds([2])
    assert inputs(MAP=[layer.id()]).map[0].source == ""
    (row,) = rows(inputs(MAP=[layer.id()], SELECTED_ONLY=True).map[0])
    assert row["properties"]["geoloop_fid"] == 2
    layer.removeSelection()
    assert inputs(MAP=[layer.id()], SELECTED_ONLY=True).map[0].source == ""


def test_a_copy_tells_which_part_of_the_layer_it_holds(inputs, project_layer):
    """So that a later round knows what this one has not seen: the filter, and the features that were selected."""
    def part(*selected):
        layer.selectByIds(list(selected))
        return inputs(MAP=[layer.id()], SELECTED_ONLY=True).map[0].part

    layer = project_layer()
    assert part() == ""
    assert part(1, 2) == part(2, 1) != part(1)
    assert part(1).startswith("selected ")
    layer.removeSelection()
    layer.setSubsetString("\"osm_id\" <> 'w1'")
    layer.startEditing()
    layer.changeAttributeValue(2, layer.fields().lookupField("building"), "barn")
    found = inputs(MAP=[layer.id()]).map[0]
    layer.rollBack()
    assert (found.part, found.where) == ("\"osm_id\" <> 'w1'", "")


def test_unsaved_edits_are_part_of_the_layer(inputs, project_layer):
    layer = project_layer()
    layer.startEditing()
    layer.deleteFeature(1)
    layer.changeAttributeValue(2, layer.fields().lookupField("building"), "barn")
    found = rows(inputs(MAP=[layer.id()]).map[0])
    layer.rollBack()
    assert sorted((r["properties"]["geoloop_fid"], r["properties"]["building"]) for r in found) == [
        (2, "barn"), (3, "yes")
    ]


def test_key_goes_to_the_map_layers_that_have_it(inputs, vector_file, memory_layer):
    found = inputs(MAP=[str(vector_file()), memory_layer().id()], KEY="osm_id").map
    assert [layer.key for layer in found] == ["osm_id", "geoloop_fid"]


def test_a_key_that_no_layer_has_is_refused(read, vector_file):
    with pytest.raises(InputError, match="KEY is “id”, but no layer in MAP"):
        read(MAP=[str(vector_file())], KEY="id")


def test_a_raster_that_may_be_left_out_and_cannot_be_opened_is_named(provider, context):
    algorithm = provider.algorithm("align")
    assert optional_raster(algorithm, {"PROBABILITIES": ""}, "PROBABILITIES", context) is None
    with pytest.raises(InputError, match=r"PROBABILITIES: “gone.tif” cannot be opened as a layer"):
        optional_raster(algorithm, {"PROBABILITIES": "gone.tif"}, "PROBABILITIES", context)


def test_a_field_may_be_named_in_another_case_or_by_its_alias(inputs, vector_file, memory_layer):
    layer = memory_layer()
    layer.setFieldAlias(0, "Bauwerk")
    sources = json.dumps({"drawn": {"class_field": "Bauwerk"}, "buildings": {"class_field": "BUILDING"}})
    found = inputs(MAP=[str(vector_file()), layer.id()], KEY="OSM_ID", SOURCES=sources).map
    assert [one.key for one in found] == ["osm_id", "geoloop_fid"]
    assert [one.settings.class_field for one in found] == ["building", "building"]


def test_sources_reach_imagery_too(inputs, vector_file):
    name = inputs(MAP=[str(vector_file())]).imagery[0].name
    found = inputs(MAP=[str(vector_file())], SOURCES=json.dumps({name: {"may_trace": False, "licence": "CC0"}}))
    assert (found.imagery[0].settings.may_trace, found.imagery[0].settings.licence) == (False, "CC0")
    assert found.map[0].settings.may_trace is None


def test_sources_may_be_an_object_as_scripts_give_it(inputs, vector_file):
    layer = inputs(MAP=[str(vector_file())], SOURCES={"buildings": {"may_edit": False, "may_train": False}}).map[0]
    assert (layer.settings.may_edit, layer.settings.may_train) == (False, False)


def test_sources_reach_the_layer_from_text_and_from_a_file(inputs, vector_file, tmp_path):
    text = '{"buildings": {"class_field": "building", "accuracy_m": 2, "may_edit": false, "key": "osm_id"}}'
    file = tmp_path / "sources.json"
    file.write_text(text)
    path = str(vector_file())
    for sources in (text, str(file)):
        layer = inputs(MAP=[path], SOURCES=sources).map[0]
        assert (layer.settings.class_field, layer.settings.accuracy_m, layer.settings.may_edit) == (
            "building", 2.0, False
        )
        assert layer.key == "osm_id"


@pytest.mark.parametrize(("sources", "sentence"), [
    ('{"houses": {}}', "SOURCES speaks of “houses”, but the layers of this run are “buildings”, “"),
    ('{"buildings": {"klass": "x"}}', "Unknown parameter SOURCES.buildings.klass"),
    ('{"buildings": {"class_field": "use"}}', "class_field of “buildings” is “use”, but the layer has only"),
    ('{"buildings": {"accuracy_m": "two"}}', "SOURCES.buildings.accuracy_m must be"),
    ('{"buildings": 3}', "the entry of “buildings” must be an object"),
    ('{"buildings": ', "SOURCES is no valid JSON"),
    ("gone.json", "“gone.json” cannot be read"),
])
def test_bad_sources_are_one_sentence(read, vector_file, sources, sentence):
    with pytest.raises(InputError, match=sentence):
        read(MAP=[str(vector_file())], SOURCES=sources)


def test_two_layers_of_one_name_are_refused(read, vector_file):
    one, other = vector_file(folder="one"), vector_file(folder="other")
    with pytest.raises(InputError, match="Two of the layers in MAP and FIELD are called “buildings”"):
        read(MAP=[str(one)], FIELD=[str(other)])


def test_copies_of_layers_whose_names_a_file_cannot_tell_apart_are_two_files(inputs, project):
    """One layer must not be judged by the features of another."""
    layers = []
    for name, count in (("Wald (alt)", 1), ("Wald [alt]", 2)):
        layer = QgsVectorLayer("Polygon?crs=EPSG:32633&field=use:string", name, "memory")
        for _ in range(count):
            feature = QgsFeature(layer.fields())
            feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(400_005, 5_000_010, 400_013, 5_000_019)))
            layer.dataProvider().addFeatures([feature])
        project.addMapLayer(layer)
        layers.append(layer)
    copies = [QgsVectorLayer(one.path, one.name, "ogr") for one in inputs(MAP=layers).map]
    assert [copy.featureCount() for copy in copies] == [1, 2]


def test_a_layer_without_crs_is_refused(read, vector_file):
    with pytest.raises(InputError, match="“buildings” has no coordinate reference system"):
        read(MAP=[str(vector_file(epsg=None))])


def test_imagery_without_crs_is_refused(read, raster_file, vector_file):
    with pytest.raises(InputError, match="imagery “image” has no coordinate reference system"):
        read(IMAGERY=[str(raster_file(epsg=None))], MAP=[str(vector_file())])


def test_a_geographic_grid_is_refused_with_a_fitting_crs(read, raster_file, vector_file):
    image = raster_file(epsg=4326, west=13.4, north=-30.0, pixel=0.0001)
    with pytest.raises(InputError, match=r"gdal:warpreproject, here EPSG:32733"):
        read(IMAGERY=[str(image)], MAP=[str(vector_file())])


def test_the_finest_imagery_gives_the_grid(read, raster_file, vector_file):
    coarse = raster_file("coarse", epsg=4326, west=13.72, north=45.16, pixel=0.001)
    layers = read(IMAGERY=[str(coarse), str(raster_file("fine"))], MAP=[str(vector_file())])
    assert [layer.name for layer in layers.imagery] == ["coarse", "fine"]
    assert layers.map[0].input.operation == ""


def test_the_finest_imagery_is_that_with_the_smallest_pixels_on_the_ground(read, raster_file, vector_file):
    mercator = raster_file("mercator", epsg=3857, west=1_528_000.0, north=5_645_000.0, pixel=10.0)  # 7.1 m in truth
    layers = read(IMAGERY=[str(raster_file("utm", pixel=8.0)), str(mercator)], MAP=[str(vector_file())])
    assert "+proj=webmerc" in layers.map[0].input.operation
    alike = raster_file("alike", epsg=3857, west=1_528_000.0, north=5_645_000.0, pixel=11.3)  # 7.99 m
    layers = read(IMAGERY=[str(raster_file("utm", pixel=8.0)), str(alike)], MAP=[str(vector_file())])
    assert layers.map[0].input.operation == ""  # a hundredth more or less is the same size, the first one counts


def test_layers_that_lie_apart_are_refused(read, vector_file):
    with pytest.raises(InputError, match="“buildings” does not overlap the imagery “image”"):
        read(MAP=[str(vector_file(west=410_000.0))])


def test_the_extent_comes_in_the_grids_crs(read, vector_file):
    path = str(vector_file())
    layers = read(MAP=[path], EXTENT="400000,400032,5000000,5000032 [EPSG:32633]")
    assert layers.extent == ExtentInput(400_000.0, 5_000_000.0, 400_032.0, 5_000_032.0)
    with pytest.raises(InputError, match="EXTENT does not overlap the imagery"):
        read(MAP=[path], EXTENT="0,10,0,10 [EPSG:32633]")


def test_the_operation_of_qgis_goes_with_the_layer(read, vector_file):
    layer = read(MAP=[str(vector_file(epsg=4326, west=13.72797, south=45.1464, unit=1e-5))]).map[0].input
    assert layer.operation.startswith("+proj=pipeline")
    assert "+proj=utm +zone=33" in layer.operation
    assert "axisswap" not in layer.operation


def test_grid_files_are_named_by_their_full_path(read, vector_file):
    layer = read(MAP=[str(vector_file(epsg=4314, west=13.7296, south=45.147, unit=1e-5))], ALLOW_BALLPARK=True)
    if "hgridshift" not in layer.map[0].input.operation:
        pytest.skip("PROJ's German transformation grid is not installed")
    grid = layer.map[0].input.operation.split("+grids=")[1].split()[0].strip('"')
    assert os.path.isfile(grid)


def test_a_ballpark_operation_is_refused_unless_allowed(read, memory_layer):
    layer = memory_layer(wkt="POLYGON((399000 4999000,401000 4999000,401000 5001000,399000 4999000))")
    layer.setCrs(QgsCoordinateReferenceSystem("PROJ:+proj=utm +zone=33 +ellps=bessel +units=m +no_defs"))
    with pytest.raises(InputError, match=r"Only a ballpark transformation is known .* of “drawn”"):
        read(MAP=[layer.id()])
    assert read(MAP=[layer.id()], ALLOW_BALLPARK=True).map[0].input.operation


def test_what_cannot_be_opened_is_named(read, tmp_path):
    (tmp_path / "broken.gpkg").write_text("no GeoPackage")
    with pytest.raises(InputError, match=r"MAP: “.*broken.gpkg” cannot be opened"):
        read(MAP=[str(tmp_path / "broken.gpkg")])


def test_a_survey_alone_is_enough_and_nothing_is_too_little(inputs, vector_file):
    found = inputs(FIELD=[str(vector_file())], KEY="osm_id")
    assert (len(found.map), len(found.field)) == (0, 1)
    with pytest.raises(InputError, match="Neither MAP nor FIELD"):
        inputs()
