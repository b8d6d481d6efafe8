"""The three algorithms as a shell or a server runs them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.skipif(shutil.which("qgis_process") is None, reason="qgis_process is not installed")


@pytest.fixture
def qgis_process(tmp_path):
    profile = tmp_path / "profile" / "profiles" / "default" / "QGIS"
    profile.mkdir(parents=True)
    (profile / "QGIS3.ini").write_text("[PythonPlugins]\ngeoloop=true\n")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QGIS_PLUGINPATH": str(ROOT / ".dev"),
                   "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path / "profile")}
    environment.pop("VIRTUAL_ENV", None)

    def run(algorithm, **parameters):
        given = [f"{key}={value}" for key, value in parameters.items()]
        return subprocess.run(["qgis_process", "--json", "run", f"geoloop:{algorithm}", "--", *given], env=environment,
                              capture_output=True, text=True, timeout=120, check=False)

    return run


def test_decide_push_and_undo_end_with_zero_and_say_what_they_did(town, house, qgis_process):
    place = town()
    before, ledger = place.signatures(), place.flags(
        ("delete", 1, None, {}), ("add", None, house(100), {"building": "Scheune"}), push_above=True)
    target = f"{place.path}|layername={place.name}"
    done = qgis_process("decide", LEDGER=ledger, EXPRESSION="\"probability\" > 0.5")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["results"]["DECIDED"] == 2
    output = place.folder / "Kopie ü.gpkg"
    done = qgis_process("push", LEDGER=ledger, TARGET=target, OUTPUT=output)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["results"]["APPLIED"] == 2
    assert place.signatures() == before
    assert sorted(place.rows(output)) == [2, 3, 4, 5, 6, 7]
    done = qgis_process("push", LEDGER=ledger, TARGET=target, APPLY="source", PUSH_ABOVE=1, MAX_EDITS=10)
    assert done.returncode == 0, done.stderr
    done = qgis_process("undo", LEDGER=ledger, TARGET=target, WHICH="all")
    assert done.returncode == 0, done.stderr
    assert place.signatures() == before


def test_a_push_that_left_something_out_ends_with_one_and_the_list(town, house, qgis_process, edit_by_hand):
    place = town()
    ledger = place.flags(("delete", 1, None, {}), ("delete", 2, None, {}))
    edit_by_hand(place.layer(), lambda it: it.deleteFeature(1))
    done = qgis_process("push", LEDGER=ledger, TARGET=place.path, APPLY="source", PUSH_ABOVE=1, MAX_EDITS=10)
    assert done.returncode == 1
    assert "1 of 2 edits were not applied" in done.stderr
    assert "d0000" in done.stderr
    assert sorted(place.rows()) == [3, 4, 5, 6]
    assert sorted(place.states()) == ["committed", "stale"]


def test_the_source_is_not_written_without_both_bounds(town, qgis_process):
    place = town()
    ledger = place.flags(("delete", 1, None, {}))
    done = qgis_process("push", LEDGER=ledger, TARGET=place.path, APPLY="source", MAX_EDITS=10)
    assert done.returncode == 1
    assert "PUSH_ABOVE and MAX_EDITS" in done.stderr
    assert len(place.rows()) == 6


def test_a_shapefile_that_cannot_be_opened_any_more_is_made_whole_before_it_is_asked_for(town, house, qgis_process):
    """As GDAL leaves it when QGIS is killed while it packs: .shp is deleted, the packed one not renamed yet."""
    place = town(suffix=".shp")
    ledger = place.flags(("delete", 1, None, {}), ("add", None, house(100), {"building": "Scheune"}))
    for suffix in (".shp", ".shx"):
        part = place.path.with_suffix(suffix)
        part.rename(part.with_name(f"{place.name}_packed{suffix}"))
    done = qgis_process("push", LEDGER=ledger, TARGET=place.path, APPLY="source", PUSH_ABOVE=1, MAX_EDITS=10)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["results"]["APPLIED"] == 2
    assert sorted(row["osm_id"] or 0 for row in place.rows().values()) == [0, 1000, 1002, 1003, 1004, 1005]
    assert not [path.name for path in place.folder.iterdir() if path.name.startswith(".") or "_packed" in path.name]
