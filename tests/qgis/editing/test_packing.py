"""A shapefile whose packing was cut off is known by what GDAL left beside it."""

from __future__ import annotations

import os

from geoloop.processing_provider.editing.backup import packing


def written(path, at):
    path.write_bytes(b"-")
    os.utime(path, (at, at))
    return path


def test_a_packing_that_was_cut_off_is_seen_until_the_layer_is_written_again(tmp_path):
    layer = written(tmp_path / "H\u00e4user.shp", 100)
    assert packing(layer) == []
    left = written(tmp_path / "H\u00e4user_packed.dbf", 110)
    assert packing(layer) == [left]
    written(tmp_path / "H\u00e4user.dbf", 120)
    assert packing(layer) == []


def test_other_layers_and_other_formats_are_no_leftovers(tmp_path):
    written(tmp_path / "Strassen_packed.dbf", 110)
    assert packing(written(tmp_path / "Haus.shp", 100)) == []
    written(tmp_path / "Haus_packed.gpkg", 110)
    assert packing(written(tmp_path / "Haus.gpkg", 100)) == []
