"""A feature is known by its key column, whatever the column's type and however few are asked for."""

from __future__ import annotations

import pytest
from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

from geoloop.core.ledger import PlannedEdit
from geoloop.processing_provider.editing import finding
from geoloop.processing_provider.editing.columns import RefusalError, column_of
from geoloop.processing_provider.editing.finding import FlaggedFeatures
from geoloop.processing_provider.editing.image import watched_signature

COLUMN = "o'sm \"id\""


@pytest.fixture
def layer(qgis_app):
    """Make a memory layer with these values in its key column."""

    def make(kind, values):
        made = QgsVectorLayer(f"Point?crs=EPSG:32633&field=kind:string&field=key:{kind}", "points", "memory")
        made.startEditing()
        made.renameAttribute(1, COLUMN)
        assert made.commitChanges()
        rows = []
        for number, value in enumerate(values):
            row = QgsFeature(made.fields())
            row.setAttributes(["house", value])
            row.setGeometry(QgsGeometry.fromWkt(f"POINT ({number} 0)"))
            rows.append(row)
        made.dataProvider().addFeatures(rows)
        return made

    return make


def edit_of(layer, key, fid=1):
    watched = {"kind": column_of(layer, "kind")}
    return PlannedEdit(
        uid=f"d{key}", edit="delete", kind="obsolete", target_layer="points", command="Delete", probability=0.9, crs="",
        target_key=key, signature=watched_signature(layer.getFeature(fid), layer, watched), watched=("kind",),
        before_values={"kind": "house"})


@pytest.mark.parametrize(("kind", "values", "key"), [
    ("string", ["a", "b", "ä'b\"c", "d"], "ä'b\"c"), ("integer", [1, 20, 300], "300"),
    ("int8", [-5, 2**40], str(2**40)),
    ("double", [1.5, 2.0, 3.0], "2"), ("string", ["F", "T"], "T"), ("string", ["0", "1"], "1"),
    ("string", ["T", "1"], "1"), ("string", ["1", "T"], "T"),
    ("date", ["2024-05-17", "2024-05-18"], "2024-05-18"), ("bool", [False, True], "1"),
])
@pytest.mark.parametrize("few", [0, 200])
def test_one_feature_is_found_alike_by_asking_for_it_and_by_reading_all(layer, monkeypatch, kind, values, key, few):
    monkeypatch.setattr(finding, "FEW_KEYS", few)
    made = layer(kind, values)
    wanted = edit_of(made, key)
    found = FlaggedFeatures(made, COLUMN, [wanted]).of(wanted)
    assert finding.key_text(finding.plain(found.feature.attribute(1))) == key


def test_two_features_of_one_key_are_told_apart_from_one(layer):
    made = layer("string", ["a", "b", "b"])
    with pytest.raises(RefusalError, match="several features have the key b"):
        FlaggedFeatures(made, COLUMN, [edit_of(made, "b")]).of(edit_of(made, "b"))


def test_a_key_that_the_user_has_just_given_is_found_in_the_edit_buffer(layer):
    made = layer("string", ["a", "b"])
    made.startEditing()
    made.changeAttributeValue(2, 1, "new")
    wanted = edit_of(made, "new", 2)
    assert FlaggedFeatures(made, COLUMN, [wanted]).of(wanted).feature.id() == 2
    gone = edit_of(made, "b", 2)
    with pytest.raises(RefusalError, match="deleted"):
        FlaggedFeatures(made, COLUMN, [gone]).of(gone)
    made.rollBack()
