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


def write_classes(path: Path, name: str) -> None:
    with new_raster(path, GRID, count=1, dtype="uint8", nodata=255, names=["class"], tags={"classes": {"1": name}},
                    colors={1: (0, 128, 0, 255)}) as raster:
        raster.write(np.ones((1, 4, 5), np.uint8))


def test_a_style_of_the_users_own_stays_while_classes_do_and_is_kept_when_they_change(tmp_path: Path) -> None:
    path, style = tmp_path / "classes.tif", tmp_path / "classes.qml"
    write_classes(path, "forest")
    write_classes(path, "wood")  # a style that was made here is replaced
    assert 'label="wood"' in style.read_text()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["classes.qml", "classes.tif"]
    own = '<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd">\n<qgis version="3.40.4" minScale="1e+08">\n</qgis>\n'
    style.write_text(own)
    write_classes(path, "wood")
    assert style.read_text() == own
    for name, kept in (("water", "classes.own.qml"), ("bog", "classes.own-2.qml")):
        style.write_text(own)
        write_classes(path, name)
        assert f'label="{name}"' in style.read_text()
        assert (tmp_path / kept).read_text() == own


def test_a_style_of_the_users_own_is_kept_where_the_raster_is_no_raster_of_these_classes(tmp_path: Path) -> None:
    (tmp_path / "classes.qml").write_text("<qgis>mine</qgis>")
    (tmp_path / "classes.tif").write_text("no raster")
    write_classes(tmp_path / "classes.tif", "wood")
    assert (tmp_path / "classes.own.qml").read_text() == "<qgis>mine</qgis>"
    assert 'label="wood"' in (tmp_path / "classes.qml").read_text()
