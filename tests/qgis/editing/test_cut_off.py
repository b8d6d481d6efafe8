"""A file that GDAL was renaming when its process was killed is whole again before anybody opens it."""

from __future__ import annotations

import shutil

import pytest
from qgis.core import QgsProject, QgsVectorLayer

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


@pytest.mark.parametrize("has_written", [True, False])
def test_a_geojson_file_that_was_moved_away_is_there_again(town, edit_by_hand, has_written):
    place = town(suffix=".geojson")
    kept, written = (place.path.with_name(place.path.name + ending) for ending in (".bak", ".tmp"))
    as_it_was = place.path.read_bytes()
    edit_by_hand(place.layer(), lambda it: it.deleteFeature(next(it.getFeatures()).id()))
    place.path.rename(written)
    kept.write_bytes(as_it_was)
    if not has_written:
        written.unlink()
    mend([str(place.path)])
    assert len(place.signatures()) == (5 if has_written else 6)
    assert not kept.exists()
    assert not written.exists()


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
