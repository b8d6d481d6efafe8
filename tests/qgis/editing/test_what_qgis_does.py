"""What QGIS really does when a layer is edited. Each fact is why something here is done as it is: if one of these
tests fails with a newer QGIS, that something may be done more simply.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from qgis.core import (
    Qgis,
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
    QgsProject,
    QgsUnsetAttributeValue,
    QgsVectorLayer,
    QgsVectorLayerUtils,
)

from geoloop.processing_provider.editing.buffer import EditBuffer
from geoloop.processing_provider.editing.commit import commit
from geoloop.processing_provider.editing.image import is_null, to_json


def at(layer, name):
    return layer.fields().lookupField(name)


def new_house(layer, wkt, building):
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromWkt(wkt))
    feature.setAttribute(at(layer, "building"), building)
    return feature


@pytest.fixture
def transaction_mode(qgis_app):
    def set_mode(mode):
        QgsProject.instance().setTransactionMode(mode)

    yield set_mode
    for layer in QgsProject.instance().mapLayers().values():
        if layer.isEditable():
            layer.rollBack()
    QgsProject.instance().setTransactionMode(Qgis.TransactionMode.Disabled)


def test_a_commit_of_one_layer_is_partial(town, house):
    """Hence: what became of each change is asked of the provider, and halves of decisions are taken back."""
    place = town(constraints="building")
    layer = place.layer()
    layer.startEditing()
    layer.changeGeometry(1, QgsGeometry.fromWkt(house(0, size=3)))
    layer.changeAttributeValue(2, at(layer, "building"), "church")
    layer.deleteFeature(3)
    layer.addFeature(new_house(layer, house(100), None))
    assert not layer.commitChanges()
    layer.rollBack()
    rows = place.rows()
    assert place.layer().getFeature(1).geometry().area() == pytest.approx(9)
    assert rows[2]["building"] == "church"
    assert 3 not in rows
    assert len(rows) == 5


def test_buffered_groups_report_success_where_a_layer_failed(town, house, transaction_mode):
    """Hence: such projects are refused, and errors are looked for in what a commit says, not in what it returns."""
    place = town(constraints="building")
    other = town(name="other")
    good, bad = other.layer(), place.layer()
    transaction_mode(Qgis.TransactionMode.BufferedGroups)
    bad.startEditing()
    bad.addFeature(new_house(bad, house(100), None))
    good.changeAttributeValue(1, at(good, "building"), "church")
    ok, errors = QgsProject.instance().commitChanges(True, bad)
    assert ok
    assert any("ERROR" in line for line in errors)
    assert other.rows()[1]["building"] == "church"
    assert len(place.rows()) == 6


def test_undo_in_an_automatic_group_discards_later_edits_of_another_layer(town, transaction_mode):
    """Hence: such projects are refused; and GeoLoop's undo is the journal's, not the undo stack's."""
    place = town()
    with closing(sqlite3.connect(place.path)) as database:
        database.execute(f'CREATE TABLE second AS SELECT fid, building FROM "{place.name}"')
        database.execute("INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id)"
                         " VALUES ('second', 'attributes', 'second', 0)")
        database.commit()
    first = place.open_layer(f"{place.path}|layername={place.name}")
    second = QgsVectorLayer(f"{place.path}|layername=second", "second", "ogr")
    QgsProject.instance().addMapLayer(second, False)
    transaction_mode(Qgis.TransactionMode.AutomaticGroups)
    assert first.startEditing()
    assert second.isEditable()
    first.beginEditCommand("first")
    first.changeAttributeValue(1, at(first, "building"), "church")
    first.endEditCommand()
    second.beginEditCommand("second")
    second.changeAttributeValue(2, at(second, "building"), "barn")
    second.endEditCommand()
    first.undoStack().undo()
    assert second.undoStack().count() == 1
    assert second.undoStack().canUndo()
    assert {f.id(): f["building"] for f in second.getFeatures()}[2] == "house"


@pytest.mark.parametrize("guarded", [False, True])
def test_the_last_writer_wins_in_silence(town, edit_by_hand, guarded):
    """Hence: features are read once more right before a commit."""
    place = town()
    mine, theirs = place.layer(), place.layer()
    mine.startEditing()
    buffer = EditBuffer(mine)
    change = buffer.change(buffer.current(1), None, {at(mine, "building"): "church"})
    edit_by_hand(theirs, lambda it: it.changeAttributeValue(1, at(it, "building"), "garage"))
    if guarded:
        (outcome,), = commit(mine, [[change]], None)
        assert (outcome.done, outcome.stale) == (False, True)
    else:
        assert mine.commitChanges()
        assert not any("ERROR" in line for line in mine.commitErrors())
    assert place.rows()[1]["building"] == ("garage" if guarded else "church")


def test_a_feature_that_has_vanished_fails_the_commit(town, edit_by_hand):
    place = town()
    mine, theirs = place.layer(), place.layer()
    mine.startEditing()
    mine.changeAttributeValue(1, at(mine, "building"), "church")
    edit_by_hand(theirs, lambda it: it.deleteFeature(1))
    assert not mine.commitChanges()
    mine.rollBack()
    assert 1 not in place.rows()


def test_the_buffer_takes_null_where_null_is_refused(town, house):
    """Hence: every column of a new feature is validated before it is added."""
    layer = town(constraints="building").layer()
    feature = new_house(layer, house(100), None)
    layer.startEditing()
    assert layer.addFeature(feature)
    assert not QgsVectorLayerUtils.validateAttribute(layer, feature, at(layer, "building"))[0]
    assert not layer.commitChanges()
    layer.rollBack()


def test_new_features_have_negative_ids_until_the_commit_tells_others(town, house):
    """Hence: the journal gets its ids from what the commit added."""
    layer = town().layer()
    told = []
    layer.committedFeaturesAdded.connect(lambda _, features: told.extend(f.id() for f in features))
    layer.startEditing()
    feature = new_house(layer, house(100), "barn")
    layer.addFeature(feature)
    assert feature.id() < 0
    assert layer.commitChanges()
    assert told == [7]


def test_a_commit_empties_the_undo_stack(town):
    """Hence: a journal in the ledger, played back by Undo."""
    layer = town().layer()
    layer.startEditing()
    layer.beginEditCommand("one")
    layer.changeAttributeValue(1, at(layer, "building"), "church")
    layer.endEditCommand()
    assert layer.undoStack().count() == 1
    assert layer.commitChanges(False)
    assert layer.undoStack().count() == 0
    layer.rollBack()


def test_edit_commands_within_one_are_one_step(town):
    layer = town().layer()
    layer.startEditing()
    layer.beginEditCommand("outer")
    layer.beginEditCommand("inner")
    layer.changeAttributeValue(1, at(layer, "building"), "church")
    layer.endEditCommand()
    layer.changeAttributeValue(2, at(layer, "building"), "church")
    layer.endEditCommand()
    assert layer.undoStack().count() == 1
    assert layer.undoStack().text(0) == "outer"
    layer.rollBack()


def test_editing_in_place_replaces_the_ids_of_features(town, monkeypatch):
    """Hence: geometries are changed, never deleted and added again, which also breaks keys of other tables."""
    from qgis.analysis import QgsNativeAlgorithms
    from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback

    monkeypatch.syspath_prepend(f"{QgsApplication.pkgDataPath()}/python/plugins")
    executor = pytest.importorskip("processing.gui.AlgorithmExecutor")
    registry = QgsApplication.processingRegistry()
    if registry.algorithmById("native:snapgeometries") is None:
        registry.addProvider(QgsNativeAlgorithms(registry))
    layer = town().layer()
    layer.startEditing()
    layer.selectAll()
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    executor.execute_in_place_run(
        registry.createAlgorithmById("native:snapgeometries"),
        {"INPUT": layer, "REFERENCE_LAYER": layer, "TOLERANCE": 1, "BEHAVIOR": 0}, context, QgsProcessingFeedback(),
        raise_exceptions=True)
    assert layer.featureCount() == 6
    assert max(feature.id() for feature in layer.getFeatures()) < 0
    layer.rollBack()


def test_a_deletion_in_a_shapefile_renumbers_what_comes_after(town, edit_by_hand):
    """Hence: features of such files are known by what they look like."""
    place = town(suffix=".shp")
    edit_by_hand(place.layer(), lambda it: it.deleteFeature(2))
    assert [row["osm_id"] for _, row in sorted(place.rows().items())] == [1000, 1001, 1003, 1004, 1005]
    assert sorted(place.rows()) == [0, 1, 2, 3, 4]


def test_a_deletion_in_a_flatgeobuf_gives_all_features_other_ids(town, push):
    """Hence: edited copies alone."""
    place = town(suffix=".fgb")
    of = {fid: row["osm_id"] for fid, row in place.rows().items()}
    place.flags(("delete", 0, None, {}))
    with pytest.raises(QgsProcessingException, match="cannot be edited in its format"):
        push(place)
    assert place.journal() == []
    layer = place.layer()
    layer.startEditing()
    layer.deleteFeature(0)
    assert layer.commitChanges()
    after = {fid: row["osm_id"] for fid, row in place.rows().items()}
    assert after != {fid: key for fid, key in of.items() if fid}


def test_a_value_that_the_provider_has_yet_to_fill_in_counts_as_missing(qgis_app):
    """QGIS 3.44 gives such values to new features: ids above all."""
    unset = QgsUnsetAttributeValue("Autogenerate")
    assert is_null(unset)
    assert to_json(unset) is None
