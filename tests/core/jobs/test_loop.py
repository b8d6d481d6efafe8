"""A whole round on files: what is written, what it says, and what a bad input gets."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import rasterio
import torch
from fusion_scenes import TINY
from heard import Heard

from geoloop.core import jobs
from geoloop.core.errors import Cancelled, InputError, LedgerError
from geoloop.core.feedback import Feedback
from geoloop.core.ledger import Ledger
from geoloop.core.models.fusion_file import FusionAbout, save_fusion
from geoloop.core.models.fusion_net import FusionNet

from .conftest import USES, WRONG

pytestmark = pytest.mark.usefixtures("few_steps")


def test_a_round_writes_map_probabilities_and_ledger(country: dict[str, Any]) -> None:
    heard = Heard()
    result = jobs.run("loop", country, heard)
    assert result["ROUND"] == 1
    with rasterio.open(country["output"]) as fused:
        classes = json.loads(fused.tags()["classes"])
        assert sorted(classes.values()) == sorted(USES)
        assert fused.nodata == 255
        assert fused.colormap(1)
        assert fused.tags()["seed"] == "3"
        assert "CPU" in fused.tags()["device"]
        assert json.loads(fused.tags()["model"])["architecture"] == "context_net"
        assert fused.shape == (245, 245)
        assert (fused.read(1)[:4, :4] != 0).all()
        run = json.loads(fused.tags()["RUN"])
    assert (run["job"], run["seed"], set(run["inputs"])) == ("loop", 3, {"imagery", "land", "visits"})
    assert {"fit", "predict", "weigh", "judge"} <= set(run["seconds"])
    assert "CPU" in run["device"]
    cost = next(line for line in heard.lines if line.startswith("The networks will take about"))
    grid = next(line for line in heard.lines if line.startswith("Grid: 245 × 245 pixels"))
    assert heard.lines.index(grid) < heard.lines.index(cost) < len(heard.lines) - 1
    assert all(heard.cost), heard.lines
    judged = next(line for line in heard.lines if line.startswith("164 features on 245 × 245 pixels: to judge them"))
    assert heard.lines.index(judged) < heard.lines.index(cost)
    assert heard.lines[-1].startswith("Run card of loop: inputs ")
    assert "; seed 3; " in heard.lines[-1]
    with rasterio.open(country["probability"]) as probability:
        assert probability.descriptions == tuple(f"{p}: {u}" for p in ("fused", "imagery") for u in sorted(USES))
        p = probability.read()
        seen = ~np.isnan(p[3])
        np.testing.assert_allclose(p[:3][:, seen].sum(axis=0), 1, atol=1e-4)
        assert np.isnan(p[3:, 2, 2]).all()
    found = pyogrio.read_dataframe(country["ledger"], layer="discrepancies")
    sure = found[(found.kind == "wrong_class") & (found.probability >= 0.5)]
    assert set(sure.target_key) == {str(k) for k in WRONG}
    assert found.crs.to_epsg() == 32633
    with sqlite3.connect(country["ledger"]) as db:
        metrics = json.loads(db.execute("SELECT metrics_json FROM rounds").fetchone()[0])
        fingerprints = json.loads(db.execute("SELECT fingerprints_json FROM rounds").fetchone()[0])
        sources = db.execute("SELECT kind, layer, key, uri FROM sources ORDER BY kind").fetchall()
        reliable = db.execute("SELECT DISTINCT layer FROM reliability ORDER BY layer").fetchall()
    assert set(metrics["seconds"]) == {"fit", "predict", "weigh", "fuse", "contribution", "judge"}
    assert metrics["peak_mb"] > 50
    assert set(fingerprints) == {"imagery", "land", "visits"}
    assert [s[:3] for s in sources] == [("field", "visits", "nr"), ("imagery", "imagery", ""), ("map", "land", "nr")]
    assert [r[0] for r in reliable] == ["imagery", "land", "visits"]
    assert heard.fractions == sorted(heard.fractions)
    assert heard.fractions[-1] == pytest.approx(1, abs=0.02)
    assert any("CPU" in line for line in heard.lines)


def test_a_round_on_a_reviewed_ledger_trusts_each_source_as_reviewers_found_it(country: dict[str, Any]) -> None:
    jobs.run("loop", country, Feedback())
    with Ledger.open(country["ledger"]) as ledger, ledger.writing() as db:
        db.executemany("INSERT INTO decisions (layer, key, decision, at, drawn_as, inclusion_probability)"
                       " VALUES ('land', ?, ?, 't', 'audit', 0.5)",
                       [(str(n), "accept" if n % 4 == 0 else "reject") for n in range(20, 100)])
    heard = Heard()
    flag = {k: country[k] for k in ("imagery", "map", "field", "ledger", "seed")}
    jobs.run("flag", {**flag, "probabilities": country["probability"]}, heard)
    assert any("80 decisions tell how far the sources can be trusted" in line for line in heard.lines)
    with sqlite3.connect(country["ledger"]) as db:
        land = [[row[0] for row in db.execute("SELECT accuracy FROM reliability WHERE layer = 'land' AND region = ''"
                                              " AND round = ?", (number,))] for number in (1, 2)]
        metrics = json.loads(db.execute("SELECT metrics_json FROM rounds WHERE id = 2").fetchone()[0])
    assert np.mean(land[0]) > 0.9
    assert np.mean(land[1]) == pytest.approx(0.75, abs=0.08)
    assert metrics["reliability"]["reviews"] == 80
    assert set(metrics["reliability"]["echo"]) == {"land", "visits"}


def test_the_same_seed_gives_the_same_round(country: dict[str, Any], tmp_path: Path) -> None:
    again = {**country, "output": str(tmp_path / "b.tif"), "ledger": str(tmp_path / "b.gpkg"),
             "probability": str(tmp_path / "bp.tif")}
    jobs.run("loop", country, Feedback())
    jobs.run("loop", again, Feedback())
    with rasterio.open(country["probability"]) as a, rasterio.open(again["probability"]) as b:
        np.testing.assert_array_equal(a.read(), b.read())


def test_flag_continues_a_ledger_from_probabilities_that_fuse_wrote(country: dict[str, Any]) -> None:
    fuse = {k: v for k, v in country.items() if k != "ledger"}
    jobs.run("fuse", {**fuse, "uncertainty": str(Path(country["output"]).with_name("doubt.tif"))}, Feedback())
    with rasterio.open(Path(country["output"]).with_name("doubt.tif")) as doubt:
        values = doubt.read(1, masked=True)
        assert 0 <= values.min() <= values.max() <= 1
    assert 'type="singlebandpseudocolor"' in Path(country["output"]).with_name("doubt.qml").read_text(encoding="utf-8")
    assert 'type="paletted"' in Path(country["output"]).with_suffix(".qml").read_text(encoding="utf-8")
    flag = {k: country[k] for k in ("imagery", "map", "field", "ledger", "seed")}
    first = jobs.run("flag", {**flag, "probabilities": country["probability"]}, Feedback())
    second = jobs.run("flag", {**flag, "probabilities": country["probability"]}, Feedback())
    assert (first["ROUND"], second["ROUND"]) == (1, 2)
    assert first["CANDIDATES"] == second["CANDIDATES"] > 0


def test_a_pretrained_network_is_heard_beside_the_fit(country: dict[str, Any], tmp_path: Path) -> None:
    model = str(tmp_path / "Netz ä.safetensors")
    torch.manual_seed(0)
    save_fusion(model, FusionNet(TINY), FusionAbout(TINY, ("silent", "covered"), ("green",), 10.0, ("land",), steps=5))
    flag = {k: country[k] for k in ("imagery", "map", "field", "ledger", "seed")}
    found = jobs.run("flag", {**flag, "model": model}, Feedback())
    assert found["CANDIDATES"] > 0
    with closing(sqlite3.connect(country["ledger"])) as db:
        metrics = json.loads(db.execute("SELECT metrics_json FROM rounds").fetchone()[0])
    assert metrics["witness"] == {"model": model, "learnt_from": ["land"], "steps": 5, "pixel_m": 10.0}
    assert "ask" in metrics["seconds"]
    with pytest.raises(InputError, match="both say what the imagery shows"):
        jobs.run("flag", {**flag, "model": str(tmp_path / "other.onnx"), "probabilities": "p.tif"}, Feedback())
    with pytest.raises(InputError, match=r"give it to geoloop:flag"):
        jobs.run("fuse", {**{k: v for k, v in country.items() if k != "ledger"}, "model": model}, Feedback())


def test_a_rejected_flag_does_not_come_back_in_the_next_round(country: dict[str, Any]) -> None:
    jobs.run("fuse", {k: v for k, v in country.items() if k != "ledger"}, Feedback())
    flag = {**{k: country[k] for k in ("imagery", "map", "field", "ledger", "seed")},
            "probabilities": country["probability"]}
    jobs.run("flag", flag, Feedback())
    found = pyogrio.read_dataframe(country["ledger"], layer="discrepancies")
    uid = found[found.target_key == "10"].uid.tolist()
    jobs.run("decide", {"ledger": country["ledger"], "uids": uid, "decision": "reject"}, Feedback())
    jobs.run("flag", flag, Feedback())
    later = pyogrio.read_dataframe(country["ledger"], layer="discrepancies")
    kinds = set(found[found.uid.isin(uid)].kind)
    assert later[(later["round"] == 2) & (later.target_key == "10") & later.kind.isin(kinds)].empty
    assert not later[(later["round"] == 2) & (later.target_key == "50")].empty


def test_a_cancelled_round_leaves_nothing_half_written(country: dict[str, Any]) -> None:
    with pytest.raises(Cancelled):
        jobs.run("loop", country, Heard(patience=150))
    assert not Path(country["output"]).exists()
    assert not Path(country["probability"]).exists()
    folder = Path(country["output"]).parent
    assert {p.name for p in folder.iterdir()} == {"imagery.tif", "land.gpkg", "visits.gpkg"}


def test_probabilities_without_the_legends_classes_are_refused(country: dict[str, Any]) -> None:
    flag = {k: country[k] for k in ("imagery", "map", "ledger")}
    with pytest.raises(InputError, match="no band named 'forest'"):
        jobs.run("flag", {**flag, "probabilities": country["imagery"][0]["path"]}, Feedback())


def test_a_ledger_that_is_none_is_refused_before_the_fit(country: dict[str, Any]) -> None:
    heard = Heard()
    with pytest.raises(LedgerError, match="no GeoLoop ledger"):
        jobs.run("loop", {**country, "ledger": country["map"][0]["path"]}, heard)
    assert heard.fractions == []


def test_a_report_that_is_no_page_is_refused_before_the_fit(country: dict[str, Any], tmp_path: Path) -> None:
    heard = Heard()
    with pytest.raises(InputError, match=r"REPORT must end in \.html"):
        jobs.run("loop", {**country, "report": str(tmp_path / "report.pdf")}, heard)
    assert heard.fractions == []


def test_a_ledger_that_cannot_be_made_is_refused_before_the_fit(country: dict[str, Any], tmp_path: Path) -> None:
    heard = Heard()
    for ledger, says in ((tmp_path / "nowhere" / "loop.gpkg", "folder does not exist"), (tmp_path, "is a folder")):
        with pytest.raises(InputError, match=says):
            jobs.run("loop", {**country, "ledger": str(ledger)}, heard)
    assert heard.fractions == []


def test_a_ledger_that_another_program_writes_is_refused_before_the_fit(country: dict[str, Any]) -> None:
    jobs.run("fuse", country, Feedback())
    heard = Heard()
    other = sqlite3.connect(country["ledger"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerError, match="close the program that holds it"):
        jobs.run("loop", country, heard)
    other.close()
    assert heard.fractions == []


def test_too_few_features_for_the_folds_are_named(country: dict[str, Any]) -> None:
    sparse = {**country["map"][0], "where": "nr IN (0, 1, 3, 4)"}
    with pytest.raises(InputError, match="Too few labelled features"):
        jobs.run("loop", {**country, "map": [sparse], "field": []}, Feedback())


def test_imagery_that_is_all_nodata_is_refused(country: dict[str, Any]) -> None:
    with rasterio.open(country["imagery"][0]["path"], "r+") as raster:
        raster.write(np.zeros((3, 245, 245), "uint16"))
    with pytest.raises(InputError, match="no valid pixel"):
        jobs.run("loop", country, Feedback())


def test_a_misspelt_parameter_is_an_error_not_a_default(country: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="Unknown parameter sead"):
        jobs.run("loop", {**country, "sead": 1}, Feedback())
    with pytest.raises(InputError, match="effort must be one of 'quick'"):
        jobs.run("loop", {**country, "effort": "hasty"}, Feedback())
    with pytest.raises(InputError, match=r"map\[0\].path is missing"):
        jobs.run("loop", {**country, "map": [{"name": "x"}]}, Feedback())
