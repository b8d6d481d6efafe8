"""A second round: what decisions do to labels and networks, and what is said of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import onnx_models
import pyogrio
import pytest
import rasterio
from heard import Heard
from predicting import SEGMENTOR

from geoloop.core import jobs
from geoloop.core.errors import InputError
from geoloop.core.feedback import Feedback
from geoloop.core.ledger import Ledger
from geoloop.core.ledger.history import wrong_shares
from geoloop.core.models.files import open_model, save_network

from .conftest import WRONG

pytestmark = pytest.mark.usefixtures("few_steps")


@pytest.fixture
def true_layers(country: dict[str, Any]) -> list[dict[str, Any]]:
    """The land use and the visits as they should be."""
    folder = Path(country["ledger"]).parent
    land = geopandas.read_file(folder / "land.gpkg")
    uses = ("forest", "meadow", "water")
    land["use"] = [uses[(i * 7 + i // 12) % 3] for i in land["nr"]]
    land.drop(columns="nr").to_file(folder / "true land.gpkg")
    return [{"path": str(folder / "true land.gpkg")}, {"path": str(folder / "visits.gpkg")}]


def metrics_of(ledger: str, number: int) -> dict[str, Any]:
    with sqlite3.connect(ledger) as db:
        return json.loads(db.execute("SELECT metrics_json FROM rounds WHERE id = ?", (number,)).fetchone()[0])


def test_a_simulated_reviewer_decides_and_the_next_round_learns_from_it(
    country: dict[str, Any], true_layers: list[dict[str, Any]], tmp_path: Path
) -> None:
    first = jobs.run("loop", {**country, "oracle": true_layers, "decisions": 30, "oracle_seconds": 5.0}, Feedback())
    with sqlite3.connect(country["ledger"]) as db:
        said = db.execute("SELECT e.decision, e.reviewer, e.seconds, d.target_key FROM decisions e"
                          " LEFT JOIN discrepancies d ON d.uid = e.uid").fetchall()
    assert first["DECIDED"] == len(said)
    assert {(row[1], row[2]) for row in said} == {("simulated", 5.0)}
    assert {row[3] for row in said if row[0] == "accept"} == {str(key) for key in WRONG}
    simulated = metrics_of(country["ledger"], 1)["simulated"]
    assert (simulated["accepted"], simulated["error"], simulated["seconds"]) == (2, 0.0, 5.0 * len(said))
    assert (Path(country["ledger"]).parent / metrics_of(country["ledger"], 1)["model_file"]).is_file()

    heard, output = Heard(), str(tmp_path / "next.safetensors")
    learnt = jobs.run("learn", {"ledger": country["ledger"], "output": output, "device": "cpu"}, heard)
    learning = metrics_of(country["ledger"], 2)["learning"]
    assert learnt["ROUND"] == 2
    assert learning["began_from"] == "round 1"
    assert learning["lessons"]["corrected"] == 2
    assert 0 < learning["believed_wrong"] < 0.1
    assert learning["selection"] is None, "so few are not worth a choice"
    assert learning["lessons"]["confirmed"] > 0
    assert learning["after_decision"] == len(said)
    assert learnt["REPLACED"] == learning["holdout"]["replaced"] == (learning["holdout"]["gain"] > 0)
    assert any("The new model replaces the old one" in line or "The old model stays" in line for line in heard.lines)
    assert open_model(output).card.judged_by is not None
    with sqlite3.connect(country["ledger"]) as db:
        reliable = db.execute("SELECT DISTINCT layer FROM reliability WHERE round = 2 ORDER BY 1").fetchall()
    assert [row[0] for row in reliable] == ["imagery", "land", "visits"]

    heard = Heard()
    third = jobs.run("loop", country, heard)
    assert any("has learnt every decision so far and is used as it is" in line for line in heard.lines)
    assert metrics_of(country["ledger"], third["ROUND"])["learning"]["fitted"] is False
    found = pyogrio.read_dataframe(country["ledger"], layer="discrepancies", where=f"round = {third['ROUND']}")
    assert not set(found[found.probability >= 0.5].target_key) & {str(key) for key in WRONG}, "accepted, still to push"


def test_a_round_on_a_ledger_without_decisions_goes_on_from_the_last_model(country: dict[str, Any]) -> None:
    jobs.run("loop", country, Feedback())
    with Ledger.open(country["ledger"]) as ledger, ledger.writing() as db:
        assert set(wrong_shares(ledger)) == {"land", "visits"}
        db.execute("UPDATE reliability SET accuracy = 0.6 WHERE source != 'imagery'")
    heard = Heard()
    again = jobs.run("loop", country, heard)
    learning = metrics_of(country["ledger"], again["ROUND"])["learning"]
    assert learning["began_from"] == "round 1"
    assert learning["fitted"] is True
    assert again["REPLACED"] == learning["holdout"]["replaced"]
    assert learning["believed_wrong"] == pytest.approx(0.4)
    assert learning["selection"]["views"] == [["swir"], ["green", "nir"]]
    assert any("40.0 % are believed to be wrong: so many may be doubted" in line for line in heard.lines)
    with pytest.raises(InputError, match="no decision to learn from"):
        jobs.run("learn", {"ledger": country["ledger"]}, Feedback())


def test_a_model_of_this_ground_is_the_evidence_as_it_is(country: dict[str, Any], tmp_path: Path) -> None:
    jobs.run("loop", country, Feedback())
    model = Path(country["ledger"]).parent / metrics_of(country["ledger"], 1)["model_file"]
    other = {**country, "output": str(tmp_path / "b.tif"), "probability": str(tmp_path / "bp.tif"),
             "ledger": str(tmp_path / "b.gpkg"), "model": str(model)}
    jobs.run("loop", other, Feedback())
    with rasterio.open(country["probability"]) as a, rasterio.open(other["probability"]) as b:
        np.testing.assert_allclose(a.read(), b.read(), atol=1e-3)
    assert metrics_of(other["ledger"], 1)["learning"]["fitted"] is False


def test_a_model_that_learnt_here_by_other_folds_is_refused_and_one_from_elsewhere_is_a_start(
    country: dict[str, Any], tmp_path: Path
) -> None:
    jobs.run("fuse", country, Feedback())
    file = open_model(str(Path(country["ledger"]).parent / metrics_of(country["ledger"], 1)["model_file"]))
    part = {"xmin": 500_000, "ymin": 5_797_800, "xmax": 502_000, "ymax": 5_800_000}
    with pytest.raises(InputError, match="has learnt from labels of this ground"):
        jobs.run("fuse", {**country, "ledger": "", "extent": part, "model": file.path}, Feedback())
    assert file.card.judged_by is not None
    far = replace(file.card.judged_by, bounds=tuple(v + 1e5 for v in file.card.judged_by.bounds))
    elsewhere = tmp_path / "elsewhere.safetensors"
    save_network(elsewhere, list(file.network().members), replace(file.card, judged_by=far))
    heard = Heard()
    fused = {**country, "ledger": str(tmp_path / "new.gpkg"), "model": str(elsewhere)}
    jobs.run("fuse", fused, heard)
    assert any("The fit starts from GeoLoop's context net" in line for line in heard.lines)
    assert metrics_of(fused["ledger"], 1)["learning"]["began_from"] == "context net"
    save_network(elsewhere, list(file.network().members), replace(
        file.card, judged_by=far, outputs=(replace(file.card.outputs[0], classes=tuple(
            replace(label, name=label.name + "s") for label in file.card.outputs[0].classes)),)))
    with pytest.raises(InputError, match="other bands or classes"):
        jobs.run("fuse", fused, Feedback())


def test_an_independent_onnx_model_is_the_evidence_without_a_fit(
    country: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.run("fuse", {**country, "ledger": str(tmp_path / "a.gpkg")}, Feedback())
    kept = tmp_path / metrics_of(str(tmp_path / "a.gpkg"), 1)["model_file"]
    onnx = str(tmp_path / "land use.onnx")
    jobs.run("exportmodel", {"model": str(kept), "output": onnx}, Feedback())
    fused = {**country, "ledger": "", "model": onnx, "output": str(tmp_path / "c.tif")}
    jobs.run("fuse", fused, Feedback())
    with rasterio.open(country["output"]) as a, rasterio.open(fused["output"]) as b:
        assert (a.read() == b.read()).mean() > 0.95


def test_a_model_with_two_classes_of_one_of_the_legends_names_is_refused_before_it_runs(country: dict[str, Any],
                                                                                      tmp_path: Path) -> None:
    names = {"0": "forest", "1": "meadow", "2": "water", "3": "water"}
    model = onnx_models.blur(tmp_path / "two waters.onnx", classes=4, **{**SEGMENTOR, "class_names": names})
    with pytest.raises(InputError, match="several classes named 'water'"):
        jobs.run("fuse", {**country, "ledger": "", "model": str(model)}, Feedback())


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"oracle": [{"path": "x.gpkg"}]}, "ORACLE has 1 layers"),
    ({"oracle": [{"path": "x.gpkg"}] * 2, "oracle_error": 1.5}, "ORACLE_ERROR must be a share"),
    ({"oracle": [{"path": "x.gpkg"}] * 2, "decisions": 0}, "DECISIONS must be at least 1"),
])
def test_a_simulated_reviewer_that_cannot_be_is_refused_before_the_fit(
    country: dict[str, Any], wrong: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        jobs.run("loop", {**country, **wrong}, Feedback())


def test_layers_that_are_gone_and_strange_models_are_named(country: dict[str, Any], true_layers: list[dict[str, Any]],
                                                           tmp_path: Path) -> None:
    with pytest.raises(Exception, match="does not exist"):
        jobs.run("learn", {"ledger": country["ledger"]}, Feedback())
    jobs.run("fuse", country, Feedback())
    with pytest.raises(InputError, match="no round of geoloop:loop or geoloop:flag"):
        jobs.run("learn", {"ledger": country["ledger"]}, Feedback())
    jobs.run("loop", {**country, "oracle": true_layers, "decisions": 10}, Feedback())
    with pytest.raises(InputError, match=r"must end in \.safetensors"):
        jobs.run("learn", {"ledger": country["ledger"], "output": str(tmp_path / "m.pt")}, Feedback())
    Path(country["map"][0]["path"]).unlink()
    with pytest.raises(InputError, match="does not lie at"):
        jobs.run("learn", {"ledger": country["ledger"]}, Feedback())


def test_learning_twice_from_the_same_gives_the_same(
    country: dict[str, Any], true_layers: list[dict[str, Any]], tmp_path: Path, few_steps: Callable[[], None]
) -> None:
    jobs.run("loop", {**country, "oracle": true_layers, "decisions": 20}, Feedback())
    copies = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        at = folder / "loop.gpkg"
        at.write_bytes(Path(country["ledger"]).read_bytes())
        source = Path(country["ledger"]).parent / metrics_of(country["ledger"], 1)["model_file"]
        (folder / "loop_models").mkdir()
        (folder / "loop_models" / source.name).write_bytes(source.read_bytes())
        jobs.run("learn", {"ledger": str(at), "output": str(folder / "m.safetensors"), "device": "cpu"}, Feedback())
        copies.append((folder / "m.safetensors").read_bytes())
    assert copies[0] == copies[1]


def test_the_resolution_of_a_run_is_above_the_legends_and_learn_keeps_it(country: dict[str, Any]) -> None:
    jobs.run("loop", {**country, "resolution_m": 20.0}, first := Heard())
    with Ledger.open(country["ledger"]) as ledger:
        surest = ledger.read("SELECT uid FROM discrepancies ORDER BY probability DESC")[0]["uid"]
        ledger.decide([surest], "accept", drawn_as="queue")
    jobs.run("learn", {"ledger": country["ledger"], "device": "cpu"}, second := Heard())
    grids = [next(line.split(";")[0] for line in heard.lines if line.startswith("Grid: ")) for heard in (first, second)]
    assert grids[0] == grids[1]
    assert "pixels of 20.0" in grids[0]
