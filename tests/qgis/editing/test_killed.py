"""A process killed inside a commit: nothing is lost, nothing stays half applied."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from qgis.core import QgsProcessingException

from geoloop.core.feedback import Feedback
from geoloop.core.ledger import Ledger
from geoloop.processing_provider.editing.address import layer_address
from geoloop.processing_provider.editing.recovery import recover

ROOT = Path(__file__).resolve().parents[3]
KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsVectorLayer
application = QgsApplication([], False)
application.initQgis()
from geoloop.processing_provider.algorithms.push import Push
from geoloop.processing_provider.algorithms.undo import Undo
layer = QgsVectorLayer(sys.argv[2], "layer", "ogr")
getattr(layer, sys.argv[4]).connect(lambda *_: os.kill(os.getpid(), signal.SIGKILL))
algorithm, more = (Undo(), {"WHICH": "all"}) if sys.argv[5] == "undo" else (
    Push(), {"APPLY": "source", "PUSH_ABOVE": 1.0, "MAX_EDITS": 0})
algorithm.initAlgorithm()
algorithm.run({"LEDGER": sys.argv[3], "TARGET": layer, **more}, QgsProcessingContext(), QgsProcessingFeedback(), {},
              False)
"""
RANDOM = ROOT / "benchmarks" / "push_parts" / "kills.py"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


def killed(place, moment, what):
    """Run a push or an undo in a process of its own that is killed at a moment of QGIS's commit."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(ROOT / ".dev"), str(place.path), str(place.ledger_path()), moment, what],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, capture_output=True, timeout=240, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize(("moment", "standing"), [
    ("beforeCommitChanges", []),
    ("committedGeometriesChanges", []),
    ("committedAttributeValuesChanges", ["d0000", "d0001"]),
    ("committedFeaturesRemoved", ["d0000", "d0001", "d0002"]),
    ("committedFeaturesAdded", ["d0000", "d0001", "d0002", "d0003"]),
])
def test_a_process_killed_inside_the_commit_leaves_whole_decisions(town, push, undo, house, moment, standing):
    place = town()
    before = place.signatures()
    ledger_path = place.flags(
        ("reshape", 1, house(0, size=3), {"building": "church"}), ("retag", 2, None, {"building": "church"}),
        ("delete", 3, None, {}), ("add", None, house(100), {"building": "barn"}))
    killed(place, moment, "push")
    layer = place.layer()
    with Ledger.open(ledger_path) as ledger:
        assert recover(layer, ledger, layer_address(layer), Feedback()) == 4
        status = ledger.status()
    assert sorted(uid for uid, word in status.items() if word == "pushed") == standing
    assert sorted(uid for uid, word in status.items() if word == "accepted") == sorted(set(status) - set(standing))
    assert not [path for path in place.folder.iterdir() if ".before-" in path.name]
    rows = place.rows()
    assert (rows[1]["building"] == "church") == ("d0000" in standing)
    assert (place.signatures()[1] == before[1]) == ("d0000" not in standing)
    assert (3 in rows) == ("d0002" not in standing)
    assert (len(place.rows()) == 7 - ("d0002" in standing)) == ("d0003" in standing)
    try:  # what was not written is still due, and all of it can be taken back
        push(place)
    except QgsProcessingException as error:
        pytest.fail(str(error))
    assert set(place.status().values()) == {"pushed"}
    undo(place)
    assert place.signatures() == before


@pytest.mark.parametrize("moment", ["beforeCommitChanges", "committedGeometriesChanges",
                                    "committedAttributeValuesChanges", "committedFeaturesRemoved",
                                    "committedFeaturesAdded"])
def test_an_undo_killed_inside_the_commit_is_known_of_and_goes_on(town, push, undo, house, moment):
    """Two edits of one feature are taken back in one step of the file: half way it looks like neither of them."""
    place = town()
    before = place.signatures()
    place.flags(
        ("reshape", 1, house(0, size=3), {"building": "church"}), ("retag", 2, None, {"building": "church"}),
        ("set_value", 2, None, {"height": 1.0}), ("delete", 3, None, {}), ("add", None, house(100), {}))
    push(place)
    killed(place, moment, "undo")
    undo(place)
    assert place.signatures() == before
    assert set(place.status().values()) == {"undone"}
    assert not [path for path in place.folder.iterdir() if ".before-" in path.name]


@pytest.mark.parametrize(("suffix", "kills"), [("gpkg", 6), ("shp", 4)])
def test_nothing_is_lost_whenever_a_push_is_killed(tmp_path, suffix, kills):
    """At moments drawn at random, every second one within the commit; the benchmark does it fifty times."""
    done = subprocess.run([sys.executable, str(RANDOM), str(tmp_path / "kills"), str(kills), "200", "120", "3", suffix],
                          env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True,
                          timeout=500, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["inside the commit"] == kills // 2
    assert (found["kills"], found["lost"], found["half_applied"], found["undo_identical"]) == (kills, 0, 0, True)
