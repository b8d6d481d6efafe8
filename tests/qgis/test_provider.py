"""The provider: every algorithm is there, says what it does, and declares what it takes and gives."""

from __future__ import annotations

import pytest
from qgis.core import Qgis, QgsApplication
from qgis.PyQt.QtSvg import QSvgRenderer

from geoloop.plugin import GeoLoopPlugin
from geoloop.processing_provider.algorithm import GROUPS

PARAMETERS = {
    "installengine": ["DEVICE", "WHEELS"],
    "doctor": ["DEVICE"],
    "importosm": ["INPUT", "EXTENT", "OUTPUT"],
    "stackimagery": ["INPUT", "GRID", "RESOLUTION", "EXTENT", "FILL", "DEVICE", "OUTPUT"],
    "webimagery": ["INPUT", "EXTENT", "RESOLUTION", "LICENCE", "ALLOWED", "OUTPUT"],
    "predict": ["IMAGERY", "MODEL", "CARD", "BANDS", "EXTENT", "RESAMPLE", "DEVICE", "SCHEDULER", "PRECISION", "TILE",
                "OVERLAP", "BATCH", "ALLOW_BALLPARK", "OUTPUT", "PROBABILITY", "DETECTIONS"],
    "exportmodel": ["MODEL", "CARD", "OUTPUT"],
    "pretrain": ["IMAGERY", "MAP", "KEY", "FIELD", "SOURCES", "MODEL", "SIZE", "RESOLUTION", "EFFORT", "EXTENT", "SEED",
                 "OUTPUT", "SURPRISE"],
    "finetune": ["IMAGERY", "MAP", "KEY", "FIELD", "SOURCES", "LEGEND", "TARGET", "MODEL", "METHOD", "EFFORT", "EXTENT",
                 "LOSS", "SELECTION", "COMPARE", "MISSING", "CROP", "SEED", "OUTPUT", "REPORT", "HOLDOUT"],
    "embed": ["IMAGERY", "MODEL", "MAP", "TASK", "LIKE", "CLUSTERS", "COMPONENTS", "BLOCK", "LOCATION", "MISSING",
              "EXTENT", "SEED", "DEVICE", "OUTPUT"],
    "mergeadapters": ["ADAPTERS", "HOLDOUTS", "MODEL", "WEIGHTS", "DEVICE", "OUTPUT"],
    "regresspoints": ["RASTERS", "FIELD", "TARGET", "METHOD", "STATION", "BACKGROUND", "EXTENT", "SEED", "OUTPUT",
                      "REPORT"],
    "align": ["IMAGERY", "PROBABILITIES", "MAP", "KEY", "SOURCES", "LEGEND", "OFF_NADIR", "OUTPUT", "SHIFTS", "GCPS"],
    "fuse": ["IMAGERY", "MAP", "KEY", "FIELD", "SOURCES", "LEGEND", "MODEL", "EFFORT", "EXTENT", "SEED", "LEDGER",
             "OUTPUT", "PROBABILITY", "UNCERTAINTY"],
    "flag": ["IMAGERY", "MAP", "KEY", "FIELD", "SOURCES", "LEGEND", "PROBABILITIES", "MIN_PROBABILITY", "LEDGER"],
    "loop": ["IMAGERY", "MAP", "KEY", "FIELD", "SOURCES", "LEGEND", "MODEL", "EFFORT", "EXTENT", "SEED", "LEDGER",
             "OUTPUT", "PROBABILITY", "ORACLE", "ORACLE_ERROR", "ORACLE_SECONDS", "DECISIONS",
             "REPORT"],
    "learn": ["LEDGER", "MODEL", "EFFORT", "SEED", "DEVICE", "OUTPUT"],
    "queue": ["LEDGER", "SIZE", "AUDIT_SHARE", "SEED", "OUTPUT", "LAYERS", "WEIGHTS", "PAGE_WIDTH"],
    "decide": ["LEDGER", "EXPRESSION", "REVIEWED", "DECISION", "REASON", "REVIEWER"],
    "push": ["LEDGER", "TARGET", "APPLY", "PUSH_ABOVE", "MAX_EDITS", "OUTPUT"],
    "exchange": ["LEDGER", "FORMAT", "TARGET", "EXTRACT", "ONLY", "SOURCES", "TASKS", "COMMENT", "REVIEWERS", "OUTPUT"],
    "report": ["LEDGER", "TITLE", "ATTRIBUTION", "EVALUATION", "REVIEWERS", "OUTPUT", "IMAGES"],
    "undo": ["LEDGER", "TARGET", "WHICH"],
    "sampledesign": ["INPUT", "SIZE", "DESIGN", "OTHER", "CLASS_FIELD", "LEGEND", "ALLOCATION", "MINIMUM", "EXTENT",
                     "SEED", "OUTPUT"],
    "evaluate": ["INPUT", "REFERENCE", "REFERENCE_FIELD", "LEGEND", "CLASS_FIELD", "LEDGER", "OUTPUT"],
}


def test_the_provider_has_these_algorithms_and_no_other(provider):
    assert provider.id() == "geoloop"
    assert {algorithm.name() for algorithm in provider.algorithms()} == set(PARAMETERS)


@pytest.mark.parametrize("name", PARAMETERS)
def test_an_algorithm_keeps_its_parameters_and_explains_each(provider, name):
    algorithm = provider.algorithm(name)
    definitions = {definition.name(): definition for definition in algorithm.parameterDefinitions()}
    assert set(PARAMETERS[name]) <= set(definitions)
    assert [parameter for parameter, definition in definitions.items() if not definition.help()] == []
    assert algorithm.displayName()
    assert algorithm.group()
    assert algorithm.tags()
    assert len(algorithm.shortHelpString()) > 100


def test_what_may_be_left_out_says_what_is_taken_then(provider):
    for algorithm in provider.algorithms():
        for one in algorithm.parameterDefinitions():
            if not one.isDestination() and (one.flags() & Qgis.ProcessingParameterFlag.Optional
                                            or one.defaultValue() is not None):
                assert "Default:" in one.help(), f"{algorithm.name()}: {one.name()}"


def test_each_group_has_its_icon_and_its_place_in_the_toolbox(provider):
    groups = {algorithm.groupId(): algorithm for algorithm in provider.algorithms()}
    in_the_toolbox = [one.groupId() for one in sorted(groups.values(), key=lambda one: one.group())]
    assert in_the_toolbox == [name.lower() for name in GROUPS if name.lower() in groups]
    for algorithm in groups.values():
        assert QSvgRenderer(algorithm.svgIconPath()).isValid()
        assert not algorithm.icon().pixmap(24, 24).isNull()
    assert len({algorithm.svgIconPath() for algorithm in groups.values()}) == len(groups)


def test_the_plugin_registers_and_takes_back_its_provider_without_a_desktop(qgis_app):
    plugin = GeoLoopPlugin(None)
    plugin.initGui()
    assert QgsApplication.processingRegistry().providerById("geoloop") is not None
    plugin.unload()
    assert QgsApplication.processingRegistry().providerById("geoloop") is None


def test_qgis_process_lists_every_algorithm(qgis_process):
    listed = qgis_process("list").text
    for name in PARAMETERS:
        assert f"geoloop:{name}\t" in listed
