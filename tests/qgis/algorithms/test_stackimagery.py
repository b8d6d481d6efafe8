"""``geoloop:stackimagery`` through ``qgis_process``: one raster with all bands, or one sentence."""

from __future__ import annotations

import pytest
from osgeo import gdal


@pytest.fixture
def stack(qgis_process, engine_python, tmp_path):
    """Run the algorithm on layers and return how it ended and the path of its output."""

    def run(*layers, **more):
        output = more.pop("OUTPUT", tmp_path / "Stapel, alle Bänder.tif")
        ran = qgis_process(
            "run", "geoloop:stackimagery", "--", *(f"INPUT={layer}" for layer in layers),
            *(f"{name}={value}" for name, value in more.items()), f"OUTPUT={output}",
            GEOLOOP_ENGINE_PYTHON=str(engine_python),
        )
        assert "Traceback" not in ran.text
        return ran, output

    return run


def test_rasters_of_two_resolutions_become_one_with_all_bands(stack, raster_file):
    ran, output = stack(raster_file("fine"), raster_file("coarse, older", pixel=2.0))
    assert ran.code == 0, ran.text
    dataset = gdal.Open(str(output))
    assert (dataset.RasterXSize, dataset.RasterYSize, dataset.RasterCount) == (64, 64, 6)
    names = [dataset.GetRasterBand(band).GetDescription() for band in range(1, 7)]
    assert len(set(names)) == 6
    assert dataset.GetRasterBand(4).GetMetadataItem("SOURCE_LAYER") == "coarse, older"
    assert "64 × 64 pixels" in ran.text


def test_an_extent_in_degrees_and_a_resolution_are_those_of_the_grid(stack, raster_file):
    ran, output = stack(
        raster_file(), RESOLUTION=2, EXTENT="13.72822,13.72846,45.14658,45.14675 [EPSG:4326]"
    )
    assert ran.code == 0, ran.text
    dataset = gdal.Open(str(output))
    assert dataset.GetGeoTransform()[1] == 2
    assert 5 < dataset.RasterXSize < 16


def test_a_raster_in_degrees_is_stacked_on_the_grid_of_another(stack, raster_file):
    degrees = raster_file("degrees", epsg=4326, west=13.7275, north=45.1480, pixel=2e-5)
    ran, output = stack(degrees, GRID=raster_file("metric"))
    assert ran.code == 0, ran.text
    assert gdal.Open(str(output)).RasterCount == 3
    ran, output = stack(degrees, OUTPUT=output.with_name("refused.tif"))
    assert ran.code != 0
    assert "reproject it to a metric CRS with gdal:warpreproject, here EPSG:32633" in ran.text
    assert not output.exists()


def test_what_cannot_be_stacked_is_one_sentence_and_nothing_written(stack, raster_file, tmp_path):
    near, far = raster_file(), raster_file("far", west=500_000.0)
    for more, sentence in [
        ({"EXTENT": "500000,500010,5000000,5000010 [EPSG:32633]"}, "EXTENT does not overlap the imagery “image”"),
        ({"GRID": far}, "“image” does not overlap the grid of “far”"),
        ({"GRID": tmp_path / "gone.tif"}, "GRID: "),
        ({"OUTPUT": tmp_path / "gone" / "stack.tif"}, "of OUTPUT does not exist"),
        ({"OUTPUT": tmp_path / "stack.png"}, "OUTPUT must end in .tif or .tiff"),
        ({"OUTPUT": near}, "is one of the inputs"),
    ]:
        before = near.read_bytes()
        ran, output = stack(near, **more)
        assert ran.code != 0, ran.text
        assert sentence in ran.text
        assert output == near or not output.exists()
        assert near.read_bytes() == before
