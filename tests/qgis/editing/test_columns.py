"""Which column a value goes into: by name, by alias, or as the user's table says; a column is never made."""

from __future__ import annotations

import pytest
from qgis.core import QgsExpression, QgsProcessingException, QgsVectorLayerJoinInfo


@pytest.mark.parametrize("table", ['{"storeys": "height"}', {"storeys": "height"}], ids=["text", "object"])
def test_the_users_table_says_which_column_takes_a_value(town, push, undo, table):
    place = town()
    before = place.signatures()
    place.flags(("set_value", 1, None, {"storeys": 3.0}))
    push(place, COLUMNS=table)
    assert place.rows()[1]["height"] == 3.0
    undo(place)
    assert place.signatures() == before


@pytest.mark.parametrize(("table", "why"), [
    ('{"storeys": "floors"}', "goes into floors, but the layer .* has only fid, osm_id"),
    ("storeys=height", "no valid JSON"), ('["height"]', "JSON object from names to columns"),
])
def test_a_table_that_cannot_be_used_is_told_before_anything_is_done(town, push, table, why):
    place = town()
    place.flags(("set_value", 1, None, {"storeys": 3.0}))
    with pytest.raises(QgsProcessingException, match=why):
        push(place, COLUMNS=table)
    assert place.journal() == []


def test_a_value_goes_by_alias(town, push):
    place = town()
    place.flags(("set_value", 1, None, {"Building height": 3.0}))
    layer = place.layer()
    layer.setFieldAlias(layer.fields().lookupField("height"), "building height")
    push(place, TARGET=layer)
    assert place.rows()[1]["height"] == 3.0


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".geojson"])
def test_joined_and_computed_columns_are_not_the_layers_own(town, push, undo, suffix):
    """A value for them would be written into another layer, or nowhere."""
    place = town(suffix=suffix)
    before, first = place.signatures(), min(place.signatures())
    place.flags(("set_value", first, None, {"height": 3.0, "other_height": 9.0, "area": 1.0}),
                ("delete", first + 1, None, {}))
    layer, other = place.layer(), place.layer()
    join = QgsVectorLayerJoinInfo()
    join.setJoinLayer(other)
    join.setJoinFieldName("osm_id")
    join.setTargetFieldName("osm_id")
    join.setPrefix("other_")
    join.setEditable(True)
    layer.addJoin(join)
    layer.addExpressionField("$area", layer.fields().at(layer.fields().lookupField("height")))
    assert QgsExpression("other_height").referencedColumns() == {"other_height"}
    push(place, TARGET=layer)
    assert place.rows()[first]["height"] == 3.0
    assert "area, other_height" in place.journal()[0][2]
    undo(place, TARGET=layer)
    assert sorted(place.signatures().values()) == sorted(before.values())


def test_a_value_for_a_column_that_must_be_unique_is_checked_before(town, push):
    place = town()
    place.flags(("set_value", 1, None, {"osm_id": 1003}))
    layer = place.layer()
    from qgis.core import QgsFieldConstraints
    layer.setFieldConstraint(layer.fields().lookupField("osm_id"), QgsFieldConstraints.Constraint.ConstraintUnique)
    with pytest.raises(QgsProcessingException, match="osm_id refuses the value 1003"):
        push(place, TARGET=layer)
    assert place.rows()[1]["osm_id"] == 1000


@pytest.mark.parametrize("suffix", [".gpkg", ".shp"])
def test_a_rule_that_the_user_wrote_for_a_column_is_checked_before(town, push, suffix):
    place = town(suffix=suffix)
    first = min(place.signatures())
    place.flags(("set_value", first, None, {"height": -3.0}), ("set_value", first + 1, None, {"height": 3.0}))
    layer = place.layer()
    layer.setConstraintExpression(layer.fields().lookupField("height"), '"height" > 0', "above ground")
    with pytest.raises(QgsProcessingException, match=r"1 of 2 edits(.|\n)*height"):
        push(place, TARGET=layer)
    assert [row["height"] for row in place.rows().values()][:2] == [4.5, 3.0]
