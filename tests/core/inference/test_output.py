"""A raster appears whole or not at all."""

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine

from geoloop.core.errors import InputError
from geoloop.core.inference.output import new_raster
from geoloop.core.sources.grid import Grid

GRID = Grid("EPSG:32633", Affine(10, 0, 500000, 0, -10, 5800000), 5, 4, 1.0)


def test_a_finished_raster_carries_names_palette_and_metadata(tmp_path: Path) -> None:
    path = tmp_path / "Karte über alles.tif"
    with new_raster(path, GRID, count=1, dtype="uint8", nodata=255, names=["class"], tags={"classes": {"1": "wood"}},
                    colors={1: (1, 2, 3, 255)}) as raster:
        raster.write(np.ones((1, 4, 5), np.uint8))
    with rasterio.open(path) as raster:
        assert raster.descriptions == ("class",)
        assert raster.tags()["classes"] == '{"1": "wood"}'
        assert raster.colormap(1)[1] == (1, 2, 3, 255)
        assert raster.nodata == 255
    assert sorted(p.name for p in tmp_path.iterdir()) == ["Karte über alles.qml", path.name]


def test_a_failed_run_leaves_what_was_there_before(tmp_path: Path) -> None:
    path = tmp_path / "map.tif"
    path.write_bytes(b"the user's own")
    with pytest.raises(ZeroDivisionError), new_raster(path, GRID, count=1, dtype="uint8", nodata=255):
        raise ZeroDivisionError
    assert path.read_bytes() == b"the user's own"
    assert [p.name for p in tmp_path.iterdir()] == ["map.tif"]


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with (pytest.raises(InputError, match="cannot be written"),
          new_raster(tmp_path / "no" / "map.tif", GRID, count=1, dtype="uint8", nodata=255)):
        pass


def test_a_raster_of_classes_brings_the_style_that_qgis_reads(tmp_path: Path) -> None:
    path = tmp_path / "classes.tif"
    with new_raster(path, GRID, count=1, dtype="uint8", nodata=255, names=["class"],
                    tags={"classes": {"1": "Wald & <Forst>"}}, colors={1: (0, 128, 0, 255)}) as raster:
        raster.write(np.ones((1, 4, 5), np.uint8))
    (entry,) = ET.parse(tmp_path / "classes.qml").getroot().iter("paletteEntry")
    assert (entry.get("value"), entry.get("color"), entry.get("label")) == ("1", "#008000", "Wald & <Forst>")


def test_a_raster_of_values_brings_a_style_only_where_one_was_given(tmp_path: Path) -> None:
    for name, style in (("plain", ""), ("doubt", "<qgis/>")):
        with new_raster(tmp_path / f"{name}.tif", GRID, count=1, dtype="float32", nodata=None, style=style) as raster:
            raster.write(np.zeros((1, 4, 5), np.float32))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["doubt.qml", "doubt.tif", "plain.tif"]
