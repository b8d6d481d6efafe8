"""What a model hands on and what expressions come to: nobody but the algorithm itself looks at it."""

from __future__ import annotations

import pytest
from qgis.core import NULL, QgsProcessingException, QgsProperty, QgsRasterLayer

from geoloop.processing_provider.algorithms.decide import Decide
from geoloop.processing_provider.algorithms.flag import Flag
from geoloop.processing_provider.algorithms.webimagery import WebImagery


def expression(text):
    return QgsProperty.fromExpression(text)


def refused(algorithm, given, context, feedback):
    """Run as a model does, without a check before; return what is said of it."""
    algorithm.initAlgorithm()
    try:
        _, ok = algorithm.run(given, context, feedback)
    except QgsProcessingException as error:
        return str(error)
    assert not ok
    return " ".join(feedback.lines)


@pytest.mark.parametrize("word", ["Reject", 1, ["reject"], "", expression("'nope'")], ids=repr)
def test_a_choice_that_there_is_not_is_not_the_default(word, context, recorded):
    given = {"LEDGER": "none.gpkg", "EXPRESSION": "true", "DECISION": word}
    assert "DECISION must be one of accept, reject, unsure" in refused(Decide(), given, context, recorded)


@pytest.mark.parametrize("answer", ["no", "nein", "off", expression("'no'")], ids=repr)
def test_a_no_in_words_is_not_yes(answer, context, recorded):
    algorithm, given = Flag(), {"ALLOW_BALLPARK": answer}
    assert "ALLOW_BALLPARK must be true or false" in refused(algorithm, given, context, recorded)


@pytest.mark.parametrize("number", [2, "90", -0.1, float("nan"), "nan", "high", expression("5")], ids=repr)
def test_a_number_out_of_its_range_is_not_used(number, context, recorded):
    algorithm, given = Flag(), {"MIN_PROBABILITY": number}
    assert "MIN_PROBABILITY must be a number from 0 to 1" in refused(algorithm, given, context, recorded)


@pytest.mark.parametrize("given", [
    {"EFFORT": "long", "MIN_PROBABILITY": "0.5", "ALLOW_BALLPARK": "False"}, {"MIN_PROBABILITY": expression("0.5")},
    {"EFFORT": None, "MIN_PROBABILITY": NULL, "ALLOW_BALLPARK": expression("NULL")}, {"ALLOW_BALLPARK": 1},
], ids=repr)
def test_what_is_right_or_left_open_passes(given, context, recorded):
    assert "must be" not in refused(Flag(), given, context, recorded)


def test_a_model_saves_no_web_map_that_the_licence_does_not_allow(context, project, recorded, tmp_path):
    output = tmp_path / "saved.tif"
    layer = QgsRasterLayer(f"type=xyz&url={tmp_path.as_uri()}/{{z}}/{{x}}/{{y}}&zmax=1&zmin=0", "Netz", "wms")
    project.addMapLayer(layer)
    given = {"INPUT": layer.id(), "EXTENT": "0,10,0,10 [EPSG:3857]", "RESOLUTION": 1.0, "LICENCE": "?",
             "ALLOWED": False, "OUTPUT": str(output)}
    assert "set ALLOWED" in refused(WebImagery(), given, context, recorded)
    assert not output.exists()
