"""Bad input, as a user of ``qgis_process`` meets it: an exit code, one sentence, nothing written."""

from __future__ import annotations

import pytest

ENGINE = "/usr/bin/python3"  # found, but never started: all this is refused before


@pytest.fixture
def refused(qgis_process, tmp_path, raster_file, vector_file):
    """Run the loop with something wrong in it and return what was said."""

    def run(**changed):
        ledger, output = tmp_path / "ledger.gpkg", tmp_path / "fused.tif"
        arguments = {"LEDGER": ledger, "OUTPUT": output, "LEGEND": "buildings", **changed}
        for name, write in (("IMAGERY", raster_file), ("MAP", vector_file)):
            if name not in changed:
                arguments[name] = write()
        ran = qgis_process(
            "run", "geoloop:loop", "--", *(f"{name}={value}" for name, value in arguments.items()),
            GEOLOOP_ENGINE_PYTHON=ENGINE,
        )
        assert ran.code != 0, ran.text
        assert "Traceback" not in ran.text
        assert not ledger.exists()
        assert not output.exists()
        return ran.text

    return run


def test_layers_that_do_not_overlap(refused, vector_file):
    assert "“buildings” does not overlap the imagery “image”" in refused(MAP=vector_file(west=500_000.0))


def test_a_map_layer_without_crs(refused, vector_file):
    assert "“buildings” has no coordinate reference system" in refused(MAP=vector_file(epsg=None))


def test_a_geographic_grid(refused, raster_file):
    text = refused(IMAGERY=raster_file(epsg=4326, west=13.72797, north=45.148, pixel=1e-5))
    assert "reproject it to a metric CRS with gdal:warpreproject, here EPSG:32633" in text


def test_an_unreadable_geopackage(refused, tmp_path):
    (tmp_path / "broken.gpkg").write_text("no GeoPackage")
    assert "cannot be opened as a layer" in refused(MAP=tmp_path / "broken.gpkg")


def test_sources_of_an_unknown_layer(refused):
    assert "SOURCES speaks of “roads”" in refused(SOURCES='{"roads": {}}')


def test_a_legend_file_that_is_not_there(refused):
    assert "gone.json of LEGEND does not exist" in refused(LEGEND="gone.json")


def test_an_output_folder_that_is_not_there(refused, tmp_path):
    assert "of OUTPUT does not exist" in refused(OUTPUT=tmp_path / "gone" / "fused.tif")


def test_an_output_of_another_format(refused, tmp_path):
    assert "OUTPUT must end in .tif or .tiff" in refused(OUTPUT=tmp_path / "fused.png")


def test_no_engine(qgis_process):
    ran = qgis_process("run", "geoloop:doctor", GEOLOOP_ENGINE_PYTHON=None)
    assert ran.code != 0
    assert "run geoloop:installengine" in ran.text


def test_a_named_engine_that_is_not_there(qgis_process):
    ran = qgis_process("run", "geoloop:doctor", GEOLOOP_ENGINE_PYTHON="/nowhere/python")
    assert ran.code != 0
    assert "GEOLOOP_ENGINE_PYTHON names /nowhere/python, which is no program" in ran.text


def test_osm_data_that_is_not_there(qgis_process, tmp_path):
    ran = qgis_process(
        "run", "geoloop:importosm", "--", "INPUT=gone.osm", f"OUTPUT={tmp_path / 'o.gpkg'}",
        GEOLOOP_ENGINE_PYTHON=ENGINE,
    )
    assert ran.code != 0
    assert "“gone.osm” is neither a file nor a vector layer of the project" in ran.text


@pytest.mark.parametrize(("output", "said"), [
    ("o.geojson", "OUTPUT must end in .gpkg, not"), ("gone/o.gpkg", "of OUTPUT does not exist"),
])
def test_osm_data_that_could_not_be_written(qgis_process, tmp_path, output, said):
    source = tmp_path / "town.osm"
    source.write_text("<osm/>")
    ran = qgis_process("run", "geoloop:importosm", "--", f"INPUT={source}", f"OUTPUT={tmp_path / output}",
                       GEOLOOP_ENGINE_PYTHON=ENGINE)
    assert ran.code != 0
    assert said in ran.text


def test_a_folder_without_wheels(qgis_process, tmp_path):
    ran = qgis_process("run", "geoloop:installengine", "--", f"WHEELS={tmp_path}")
    assert ran.code != 0
    assert "WHEELS must be a folder with wheels" in ran.text
