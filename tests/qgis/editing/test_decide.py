"""Decisions in bulk: by expression, or from a layer that someone reviewed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from qgis.core import QgsFeature, QgsProcessingContext, QgsProcessingException, QgsProject, QgsVectorLayer

from geoloop.core.ledger import Ledger, Round
from geoloop.core.ledger.amendments import standing
from geoloop.core.ledger.reviewed import as_proposed
from geoloop.processing_provider.algorithms.decide import Decide


@pytest.fixture
def flagged(town, house):
    place = town()
    place.flags(("delete", 1, None, {}), ("delete", 2, None, {}), ("add", None, house(100), {}), push_above=True)
    return place


@pytest.fixture
def decide(run_algorithm):
    return lambda place, **more: run_algorithm(Decide(), {"LEDGER": place.ledger_path(), **more})


@pytest.fixture
def reviewed_layer(qgis_app):
    def made(rows, columns="&field=uid:string&field=decision:string&field=reason:string&field=reviewer:string"):
        layer = QgsVectorLayer(f"NoGeometry?{columns}", "geprüft", "memory")
        QgsProject.instance().addMapLayer(layer, False)
        features = []
        for row in rows:
            feature = QgsFeature(layer.fields())
            feature.setAttributes(list(row))
            features.append(feature)
        layer.dataProvider().addFeatures(features)
        return layer

    return made


def decisions(place):
    with Ledger.open(place.ledger_path()) as ledger:
        rows = ledger._db.execute(
            "SELECT uid, decision, reason, reviewer, drawn_as FROM decisions ORDER BY id"
        ).fetchall()
    return [tuple(row) for row in rows]


def test_what_the_expression_is_true_for_is_decided(flagged, decide):
    result = decide(flagged, EXPRESSION='"kind" = \'obsolete\' AND "probability" > 0.5', REASON="gone", REVIEWER="Zoë")
    assert result["DECIDED"] == 2
    assert decisions(flagged) == [
        ("d0000", "accept", "gone", "Zoë", "bulk"),
        ("d0001", "accept", "gone", "Zoë", "bulk"),
    ]
    assert flagged.status() == {"d0000": "accepted", "d0001": "accepted", "d0002": "open"}


def test_what_a_reviewer_decided_is_decided_anew_only_when_the_status_is_named(flagged, decide):
    decide(flagged, EXPRESSION="\"uid\" = 'd0000'", DECISION="reject")
    assert decide(flagged, EXPRESSION="\"probability\" > 0.5")["DECIDED"] == 2
    assert flagged.status()["d0000"] == "rejected"
    assert decide(flagged, EXPRESSION="\"status\" = 'rejected'", DECISION="unsure")["DECIDED"] == 1
    assert flagged.status()["d0000"] == "unsure"


@pytest.mark.parametrize("expression", ["\"probability\" >", "\"no_such\" = 1", "no_function(1)", "to_int('x') > 1"])
def test_an_expression_that_cannot_be_used_is_one_sentence(flagged, decide, expression):
    with pytest.raises(QgsProcessingException) as error:
        decide(flagged, EXPRESSION=expression)
    assert "cannot be used" in str(error.value)
    assert "mend it" in str(error.value)
    assert "Traceback" not in str(error.value)
    assert decisions(flagged) == []


@pytest.mark.parametrize("expression", ["\"kind\"", "\"probability\"", "'\"probability\" > 0.9'", "2"])
def test_what_is_no_condition_decides_nothing(flagged, decide, expression):
    with pytest.raises(QgsProcessingException, match="neither true nor false"):
        decide(flagged, EXPRESSION=expression)
    assert decisions(flagged) == []


@pytest.mark.parametrize(("expression", "count"), [
    ("1", 3), ("0", 0), ("NULL", 0), ("NULL OR \"kind\" = 'missing'", 1)])
def test_true_and_false_may_be_numbers_and_what_is_unknown_is_not_true(flagged, decide, expression, count):
    assert decide(flagged, EXPRESSION=expression)["DECIDED"] == count


def test_a_reviewed_layer_says_the_decision_of_each(flagged, decide, reviewed_layer):
    layer = reviewed_layer(
        [("d0000", "accept", None, "Ann"), ("d0001", "Reject", "a shadow", None), ("d0002", None, None, None)]
    )
    assert decide(flagged, REVIEWED=layer, REVIEWER="Bob")["DECIDED"] == 2
    assert decisions(flagged) == [
        ("d0000", "accept", "", "Ann", "bulk"),
        ("d0001", "reject", "a shadow", "Bob", "bulk"),
    ]


def test_what_nothing_is_flagged_of_is_left_out_and_told(flagged, decide, reviewed_layer, recorded):
    layer = reviewed_layer([("d0000", "accept", None, None), (None, "reject", None, None), ("", None, None, None)])
    algorithm = Decide()
    algorithm.initAlgorithm()
    given = {"LEDGER": str(flagged.ledger_path()), "REVIEWED": layer}
    found, _ = algorithm.run(given, QgsProcessingContext(), recorded, {}, False)
    assert found["DECIDED"] == 1
    assert decisions(flagged) == [("d0000", "accept", "", "", "bulk")]
    assert any(line.startswith("1 decisions are of features that nothing is flagged of") for line in recorded.lines)


def test_changed_values_may_stand_in_a_column_of_json(flagged, decide, reviewed_layer):
    layer = reviewed_layer([], "&field=uid:string&field=decision:string&field=values:map")
    row = QgsFeature(layer.fields())
    row.setAttributes(["d0002", "accept", {"building": "barn"}])
    assert layer.dataProvider().addFeature(row)
    assert decide(flagged, REVIEWED=layer)["DECIDED"] == 1
    with Ledger.open(flagged.ledger_path()) as ledger:
        assert standing(ledger)["d0002"].after_values == {"building": "barn"}


@pytest.mark.parametrize(("rows", "match"), [
    ([("d0000", "accept", None, None), ("gone", "reject", None, None)], "has no discrepancy gone"),
    ([("d0000", "accept", None, None), ("d0001", "maybe", None, None)], "says maybe of d0001"),
    ([("d0001", "accept", None, None), ("d0000", "reject", None, None), ("d0000", "accept", None, None)],
     "two rows of d0000"),
])
def test_a_reviewed_layer_with_a_fault_records_nothing(flagged, decide, reviewed_layer, rows, match):
    with pytest.raises(QgsProcessingException, match=match):
        decide(flagged, REVIEWED=reviewed_layer(rows))
    assert decisions(flagged) == []


def test_what_fails_on_the_way_leaves_nothing_decided(flagged, decide, reviewed_layer):
    """Decisions of several kinds are recorded all or none, also where the file takes no more."""
    with Ledger.open(flagged.ledger_path()) as ledger, ledger.writing() as db:
        db.execute("CREATE TRIGGER full BEFORE INSERT ON decisions WHEN NEW.decision = 'reject'"
                   " BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    layer = reviewed_layer([("d0000", "accept", "", ""), ("d0001", "reject", "", ""), ("d0002", "unsure", "", "")])
    with pytest.raises(QgsProcessingException, match=r"disk full.*nothing was changed"):
        decide(flagged, REVIEWED=layer)
    assert decisions(flagged) == []


def test_a_reviewed_layer_needs_its_columns(flagged, decide, reviewed_layer):
    with pytest.raises(QgsProcessingException, match="has no column decision"):
        decide(flagged, REVIEWED=reviewed_layer([("d0000",)], columns="&field=uid:string"))


def test_columns_of_an_expression_are_found_as_qgis_finds_them(flagged, decide):
    assert decide(flagged, EXPRESSION="\"Kind\" = 'missing'")["DECIDED"] == 1
    assert decide(flagged, EXPRESSION="attribute('kind') = 'obsolete'")["DECIDED"] == 2


def test_what_a_newer_round_has_judged_anew_is_decided_only_when_the_round_is_named(flagged, decide):
    with Ledger.open(flagged.ledger_path()) as ledger:
        (old,) = as_proposed(ledger, ["d0002"]).values()
        ledger.add_round(Round("flag", 2, {}), (), (), [replace(old, uid="again", cause=None)])
    assert decide(flagged, EXPRESSION="\"kind\" = 'missing'")["DECIDED"] == 1
    assert decisions(flagged) == [("again", "accept", "", "", "bulk")]
    assert decide(flagged, EXPRESSION="\"kind\" = 'missing' AND \"round\" = 1", DECISION="reject")["DECIDED"] == 1


def test_it_must_be_said_what_is_decided(flagged, decide, reviewed_layer):
    with pytest.raises(QgsProcessingException, match="either EXPRESSION or REVIEWED"):
        decide(flagged)
    with pytest.raises(QgsProcessingException, match="either EXPRESSION or REVIEWED"):
        decide(flagged, EXPRESSION="true", REVIEWED=reviewed_layer([]))


def test_a_file_that_is_no_ledger_is_refused(flagged, decide):
    flagged.ledger_path = lambda: flagged.path
    with pytest.raises(QgsProcessingException, match="no GeoLoop ledger"):
        decide(flagged, EXPRESSION="true")


def test_nothing_of_openstreetmap_is_accepted_by_an_expression(town, decide, reviewed_layer):
    place = town(settings={"licence": "© OpenStreetMap contributors"})
    place.flags(("delete", 1, None, {}), ("delete", 2, None, {}), push_above=True)
    with pytest.raises(QgsProcessingException, match="each object judged by a person"):
        decide(place, EXPRESSION='"probability" > 0.5')
    assert decisions(place) == []
    assert decide(place, EXPRESSION="\"uid\" = 'd0001'", DECISION="reject")["DECIDED"] == 1
    assert decide(place, REVIEWED=reviewed_layer([("d0000", "accept", "", "Zoë")]))["DECIDED"] == 1


CHANGED = "&field=uid:string&field=decision:string&field=proposal:string&field=values:string"


def test_a_reviewed_layer_says_what_was_changed_before_it_was_accepted(town, decide, reviewed_layer, push, house):
    """What a reviewer does with a mouse in the dock, a script can do too."""
    place = town()
    place.flags(("move", 1, house(0, shift=2), {}), ("retag", 2, None, {"building": "barn"}), ("delete", 3, None, {}),
                push_above=True)
    rows = [("d0000", "accept", house(0, size=5), ""), ("d0001", "accept", "", '{"building": "church"}'),
            ("d0002", "accept", "", "")]
    assert decide(place, REVIEWED=reviewed_layer(rows, CHANGED))["DECIDED"] == 3
    push(place)
    assert place.layer().getFeature(1).geometry().area() == pytest.approx(25)
    assert place.rows()[2]["building"] == "church"
    assert [edit for edit, in place.lines("edit")] == ["reshape", "retag", "delete"]


@pytest.mark.parametrize(("proposal", "values", "says"), [
    ("POLYGON ((0 0, 5 5, 5 0, 0 5, 0 0))", "", "no valid geometry"), ("", "{", "cannot be read"),
    ("", "[1]", "must be a JSON object"), ("", '{"building": "barn"}', "nothing that could be changed")])
def test_a_change_that_cannot_be_records_nothing(town, decide, reviewed_layer, proposal, values, says):
    place = town()
    place.flags(("delete", 1, None, {}), ("delete", 2, None, {}), push_above=True)
    rows = [("d0001", "reject", "", ""), ("d0000", "accept", proposal, values)]
    with pytest.raises(QgsProcessingException, match=says):
        decide(place, REVIEWED=reviewed_layer(rows, CHANGED))
    assert decisions(place) == []


def test_a_change_goes_with_accepting_alone(town, decide, reviewed_layer, house):
    place = town()
    place.flags(("move", 1, house(0, shift=2), {}), push_above=True)
    with pytest.raises(QgsProcessingException, match="goes with accepting"):
        decide(place, REVIEWED=reviewed_layer([("d0000", "reject", house(0), "")], CHANGED))
    assert decisions(place) == []
