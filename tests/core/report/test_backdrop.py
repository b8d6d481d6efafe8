"""Imagery under a map: natural colours, the right place, whatever the raster is like."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from affine import Affine

from geoloop.core.jobs.inputs import RasterInput
from geoloop.core.report.backdrop import PALER, Backdrop, read_backdrop

WEST, NORTH = 500_000.0, 5_600_000.0
BOUNDS = (WEST, NORTH - 100, WEST + 100, NORTH)


@pytest.fixture
def raster(tmp_path):
    def write(values, name="scene ä.tif", transform=None, names=(), crs="EPSG:32633", colours=None, **profile):
        bands = values if values.ndim == 3 else values[None]
        path = tmp_path / name
        with rasterio.open(path, "w", driver="GTiff", width=bands.shape[2], height=bands.shape[1], count=len(bands),
                           dtype=bands.dtype, crs=crs, transform=transform or Affine(1, 0, WEST, 0, -1, NORTH),
                           **profile) as opened:
            opened.write(bands)
            for band, text in enumerate(names, 1):
                opened.set_band_description(band, text)
            if colours:
                opened.write_colormap(1, colours)
        return RasterInput(str(path), path.stem)
    return write


def paled(value: float) -> float:
    return value + (1 - value) * PALER


def test_red_green_and_blue_are_found_by_name_among_other_bands(raster):
    values = np.zeros((5, 100, 100), np.uint8)
    values[3, :, :50] = 255  # red, in the west alone
    given = raster(values, names=("nir", "blue", "green", "red", "swir1"))
    found = read_backdrop([given], "EPSG:32633", BOUNDS, (50, 50))
    assert isinstance(found, Backdrop)
    assert found.colours[25, 5] == pytest.approx([1.0, paled(0), paled(0)], abs=0.02)
    assert found.colours[25, 45] == pytest.approx([paled(0)] * 3, abs=0.02)
    assert found.layers == ("scene ä",)


def test_bands_of_several_files_make_one_picture(raster):
    def band(value):
        return np.full((100, 100), value, np.uint8)

    given = [raster(band(v), f"{name}.tif", names=(name,)) for name, v in (("blue", 10), ("green", 120), ("red", 250))]
    found = read_backdrop(given, "EPSG:32633", BOUNDS, (20, 20))
    assert found.colours[10, 10] == pytest.approx([paled(v / 255) for v in (250, 120, 10)], abs=0.02)


def test_what_is_not_seen_is_white_and_values_beyond_bytes_are_stretched(raster):
    values = np.tile(np.linspace(300, 3000, 100).astype(np.uint16), (100, 1))
    values[:50] = 0
    found = read_backdrop([raster(values, nodata=0)], "EPSG:32633", BOUNDS, (100, 100))
    assert (found.colours[10] == 1.0).all()
    assert found.colours[90, 2, 0] < found.colours[90, 50, 0] < found.colours[90, 97, 0]
    assert found.colours[90, 2, 0] == pytest.approx(PALER, abs=0.05)


def test_a_colour_table_gives_its_colours(raster):
    values = np.ones((100, 100), np.uint8)
    found = read_backdrop([raster(values, colours={0: (0, 0, 0, 255), 1: (0, 255, 0, 255)})], "EPSG:32633", BOUNDS,
                          (10, 10))
    assert found.colours[5, 5] == pytest.approx([paled(0), 1.0, paled(0)], abs=0.02)


def test_a_rotated_raster_in_other_coordinates_lands_in_its_place(raster):
    import pyproj

    to_degrees = pyproj.Transformer.from_crs("EPSG:32633", "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform(WEST + 50, NORTH - 50)
    turned = Affine.translation(lon, lat) @ Affine.rotation(30) @ Affine.scale(2e-5, -1.3e-5) @ Affine.translation(
        -100, -100)
    values = np.zeros((200, 200), np.uint8)
    values[96:104, 96:104] = 255
    found = read_backdrop([raster(values, transform=turned, crs="EPSG:4326")], "EPSG:32633", BOUNDS, (100, 100))
    bright = np.argwhere(found.colours[..., 0] > 0.9)
    assert bright.mean(axis=0) == pytest.approx([50, 50], abs=2)


@pytest.mark.parametrize(("given", "why"), [
    ([], "names no imagery"), ([RasterInput("gone.tif", "gone")], "could not be read again")], ids=str)
def test_without_imagery_one_sentence_says_why(given, why):
    found = read_backdrop(given, "EPSG:32633", BOUNDS, (10, 10))
    assert why in found
    assert "\n" not in found


def test_imagery_elsewhere_shows_nothing_of_the_places(raster):
    given = raster(np.ones((10, 10), np.uint8), transform=Affine(1, 0, 0, 0, -1, 100))
    assert read_backdrop([given], "EPSG:32633", BOUNDS, (10, 10)) == "The imagery shows nothing of the places."
