"""A file that GDAL was renaming when its process was killed is whole again before anybody opens it."""

from __future__ import annotations

import os
import shutil

import pytest
from qgis.core import (
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from geoloop.processing_provider.editing.cut_off import mend, mend_given

# What GDAL 3.6 does when it packs, in order: (what is deleted, what is renamed)
STEPS = [".dbf deleted", ".dbf renamed", ".shp deleted", ".shx deleted", ".shp renamed", ".shx renamed"]


def replace_parts(place, steps):
    """Do the first of GDAL's steps."""
    for step in STEPS[:steps]:
        suffix, what = step.split()
        part = place.path.with_suffix(suffix)
        if what == "renamed":
            part.with_name(f"{place.name}_packed{suffix}").replace(part)
        else:
            part.unlink()


@pytest.fixture
def packing(town, edit_by_hand, tmp_path):
    """Leave a shapefile as a process does that is killed after so many steps of packing it: town, what it is to hold.
    """
    def left(steps):
        place = town(suffix=".shp")
        packed = tmp_path / "packed"
        packed.mkdir()
        parts = [path for path in place.folder.iterdir() if path.stem == place.name]
        for path in parts:
            shutil.copy(path, packed / path.name)
        copied = packed / place.path.name
        edit_by_hand(place.open_layer(copied), lambda it: it.deleteFeature(2))
        for suffix in (".dbf", ".shp", ".shx"):
            shutil.copy(copied.with_suffix(suffix), place.path.with_name(f"{place.name}_packed{suffix}"))
        replace_parts(place, steps)
        return place, sorted(place.signatures(copied).values())

    return left


@pytest.mark.parametrize("steps", range(1, len(STEPS) + 1))
def test_packing_that_was_cut_off_is_carried_on(packing, steps):
    place, whole = packing(steps)
    mend([str(place.path)])
    assert sorted(place.signatures().values()) == whole
    assert not [path for path in place.folder.iterdir() if "_packed" in path.name]


def test_packing_that_had_replaced_nothing_yet_leaves_the_layer_as_it_is(packing):
    place, whole = packing(0)
    half = place.path.with_name(f"{place.name}_packed.shp")
    half.write_bytes(half.read_bytes()[:120])
    mend([str(place.path)])
    assert len(place.signatures()) == len(whole) + 1


def test_a_layer_that_only_has_such_a_name_is_left_alone(packing):
    """Parts that do not belong together are nobody's packing: `Häuser` without its index and another layer."""
    place, _ = packing(0)
    other = place.path.with_name(f"{place.name}_packed.dbf")
    place.path.with_suffix(".shx").unlink()
    other.write_bytes(place.path.with_suffix(".dbf").read_bytes())
    mend([str(place.path)])
    assert other.is_file()
    assert place.path.with_name(f"{place.name}_packed.shx").is_file()


def own_layer(place, suffixes=(".dbf", ".shp", ".shx")):
    """Put a layer of the user's, with other features, beside the town, under the name that GDAL packs under."""
    away = place.folder / "away"
    away.mkdir()
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "ESRI Shapefile"
    options.fileEncoding = "UTF-8"
    other = QgsVectorLayer("Polygon?field=a:int", "other", "memory")
    feature = QgsFeature(other.fields())
    feature.setGeometry(QgsGeometry.fromWkt("POLYGON((1 1, 2 1, 2 2, 1 1))"))
    other.dataProvider().addFeature(feature)
    written = away / f"{place.name}_packed.shp"
    QgsVectorFileWriter.writeAsVectorFormatV3(other, str(written), QgsCoordinateTransformContext(), options)
    found = {}
    for suffix in suffixes:
        found[place.path.with_name(f"{place.name}_packed{suffix}")] = written.with_suffix(suffix).read_bytes()
    for path, content in found.items():
        path.write_bytes(content)
    return found


@pytest.mark.parametrize("gone", [(".dbf",), (".shp",), (".shx",), (".dbf", ".shp", ".shx"), ()])
def test_a_layer_of_the_users_is_neither_renamed_nor_replaced(town, gone):
    """The user's own `Häuser_packed` stays, whatever has become of the parts of `Häuser`."""
    place = town(suffix=".shp")
    for suffix in gone:
        place.path.with_suffix(suffix).unlink()
    if not gone:  # a table with more records than there are shapes
        table = place.path.with_suffix(".dbf")
        content = bytearray(table.read_bytes())
        content[4] += 1
        table.write_bytes(content)
    own = own_layer(place)
    mend([str(place.path)])
    assert {path: path.read_bytes() for path in own if path.is_file()} == own


def test_a_layer_of_the_users_that_has_a_projection_is_no_packing(packing):
    """Even where it holds what the layer beside it holds: somebody's own copy."""
    place, _ = packing(1)
    own = place.path.with_name(f"{place.name}_packed.prj")
    shutil.copy(place.path.with_suffix(".prj"), own)
    mend([str(place.path)])
    assert own.with_suffix(".dbf").is_file()


def test_a_geojson_file_that_was_moved_away_is_there_again(town, edit_by_hand):
    place = town(suffix=".geojson")
    kept, written = (place.path.with_name(place.path.name + ending) for ending in (".bak", ".tmp"))
    as_it_was = place.path.read_bytes()
    edit_by_hand(place.layer(), lambda it: it.deleteFeature(next(it.getFeatures()).id()))
    kept.write_bytes(as_it_was)
    place.path.rename(written)
    os.utime(kept, (0, 0))
    mend([str(place.path)])
    assert len(place.signatures()) == 5
    assert not kept.exists()
    assert not written.exists()


@pytest.mark.parametrize("beside", [None, b"", b'{"type": "FeatureCollection", "features": [{"ty', b"notes"])
def test_a_backup_of_the_users_is_neither_renamed_nor_deleted(town, beside):
    """GDAL moves a file away when the new one is whole: a `.bak` without that is somebody's own."""
    place = town(suffix=".geojson")
    kept, written = (place.path.with_name(place.path.name + ending) for ending in (".bak", ".tmp"))
    as_it_was = place.path.read_bytes()
    place.path.rename(kept)
    if beside is not None:
        written.write_bytes(beside)
    mend([str(place.path)])
    assert kept.read_bytes() == as_it_was
    assert not place.path.exists()
    assert beside is None or written.read_bytes() == beside


@pytest.mark.parametrize("steps", [1, 3])
def test_push_and_undo_open_a_layer_that_could_not_be_opened(packing, push, undo, steps):
    place, _ = packing(0)
    place.flags(("retag", 1, None, {"building": "church"}))
    replace_parts(place, steps)
    push(place, TARGET=str(place.path))
    assert place.status() == {"d0000": "pushed"}
    assert len(place.rows()) == 5
    table, away = place.path.with_suffix(".shp"), place.path.with_name(f"{place.name}_packed.shp")
    table.rename(away)
    shutil.move(place.path.with_suffix(".shx"), away.with_suffix(".shx"))
    assert undo(place, TARGET=str(place.path))["UNDONE"] == 1


def test_a_layer_of_the_project_that_could_not_be_opened_is_opened(packing):
    place, whole = packing(4)
    broken = QgsVectorLayer(str(place.path), "kaputt", "ogr")
    assert not broken.isValid()
    QgsProject.instance().addMapLayer(broken, False)
    mend_given(broken.id(), QgsProject.instance())
    assert broken.isValid()
    assert broken.featureCount() == len(whole)
