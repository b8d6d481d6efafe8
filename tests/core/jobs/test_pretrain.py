"""Pretraining on the user's own layers: a network, its losses, and how much each feature surprises it."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import rasterio
import rasterio.shutil
from heard import Heard

from geoloop.core import jobs
from geoloop.core.errors import Cancelled, InputError
from geoloop.core.feedback import Feedback
from geoloop.core.models.fusion_file import open_fusion
from geoloop.core.models.fusion_net import FusionShape
from geoloop.core.training import pretrain

SHAPE = FusionShape(2, widths=(8, 8, 8, 8), levels=(2, 3), dim=16, heads=2, rounds=1, words=8)


@pytest.fixture
def params(country: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A small country, a small network, a few steps."""
    monkeypatch.setitem(pretrain.SHAPES, "small", lambda classes: SHAPE)
    monkeypatch.setitem(pretrain.STEPS, "quick", 12)
    kept = {name: country[name] for name in ("imagery", "map", "field", "seed", "device")}
    return {**kept, "output": str(tmp_path / "Netz ä.safetensors")}


def test_a_network_and_the_surprise_at_every_feature_are_written(params: dict[str, Any], tmp_path: Path) -> None:
    surprise = str(tmp_path / "Überraschung.gpkg")
    heard = Heard()
    found = jobs.run("pretrain", {**params, "surprise": surprise}, heard)
    assert all(heard.cost), heard.lines
    assert heard.lines[-1].startswith("Run card of pretrain: inputs “imagery”, “land”, “visits”; ")
    network, about = open_fusion(found["OUTPUT"])
    assert about.trained_on == ("land", "visits")
    assert about.bands == ("green", "nir", "swir")
    assert about.classes == ("silent", "covered")
    assert set(about.losses) >= {"pixels", "exists", "shift", "tags", "outlines", "bands", "regions", "objects"}
    assert all(np.isfinite(value) for value in about.losses.values())
    assert not network.training
    assert about.run["job"] == "pretrain"
    assert float(json.loads(about.run["seconds"])["learn"]) > 0
    assert json.loads(pyogrio.read_info(surprise)["dataset_metadata"]["RUN"])["seed"] == params["seed"]
    rows = pyogrio.read_dataframe(surprise)
    assert len(rows) == 144 + 20
    assert rows["exists"].between(0, 1).all()
    assert np.isfinite(rows[["dx_m", "dy_m", "tag_surprise", "surprise"]].to_numpy()).all()
    assert set(rows["layer"]) == {"land", "visits"}
    with open(f"{found['OUTPUT']}.csv", newline="", encoding="utf-8") as file:
        assert {"bands", "tags"} <= {row["what"] for row in csv.DictReader(file)}
    assert not Path(f"{found['OUTPUT']}.unfinished").exists()


def test_a_killed_run_goes_on_where_it_was(params: dict[str, Any], monkeypatch: pytest.MonkeyPatch,
                                           tmp_path: Path) -> None:
    from geoloop.core.training import course

    whole = jobs.run("pretrain", {**params, "output": str(tmp_path / "whole.safetensors")}, Feedback())
    saved = course.Course.__dataclass_fields__["save_every"].default
    monkeypatch.setattr(pretrain, "Course", lambda *a, **k: course.Course(*a, **{"save_every": 4, **k}))
    assert saved == 100

    class Stops(Feedback):
        def progress(self, fraction: float, text: str = "") -> None:
            self.stop = text.startswith("step 9 ")

        def cancelled(self) -> bool:
            return getattr(self, "stop", False)

    with pytest.raises(Cancelled):
        jobs.run("pretrain", params, Stops())
    assert Path(f"{params['output']}.unfinished").exists()
    resumed = jobs.run("pretrain", params, Feedback())
    a, b = (open_fusion(found["OUTPUT"])[0].state_dict() for found in (whole, resumed))
    assert all(bool((a[name] == b[name]).all()) for name in a)


def test_what_learnt_from_other_features_or_by_other_terms_is_not_gone_on_with(
        params: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from geoloop.core.models import fusion_file

    def full(*given: Any, **more: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(fusion_file, "save_file", full)
        with pytest.raises(InputError, match="What was learnt is kept"):
            jobs.run("pretrain", params, Feedback())
    (land,), (visits,) = params["map"], params["field"]
    fewer = {"map": [{**land, "where": "fid > 10"}]}
    not_allowed = {"field": [{**visits, "settings": {**visits["settings"], "may_train": False}}]}
    for change in (fewer, not_allowed):
        with pytest.raises(InputError, match="not of this course"):
            jobs.run("pretrain", {**params, **change}, Feedback())


def test_what_began_with_another_network_or_imagery_of_the_same_name_is_not_gone_on_with(
        params: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from geoloop.core.models import fusion_file

    def full(*given: Any, **more: Any) -> None:
        raise OSError(28, "No space left on device")

    start, mosaic = tmp_path / "start.safetensors", tmp_path / "mosaic.vrt"
    jobs.run("pretrain", {**params, "output": str(start)}, Feedback())
    first = start.read_bytes()
    with rasterio.open(params["imagery"][0]["path"]) as raster:
        rasterio.shutil.copy(raster, mosaic, driver="VRT")
    own = {**params, "model": str(start), "imagery": [{"path": str(mosaic), "name": "imagery"}]}
    with monkeypatch.context() as disk:
        disk.setattr(fusion_file, "save_file", full)
        with pytest.raises(InputError, match="What was learnt is kept"):
            jobs.run("pretrain", own, Feedback())
    jobs.run("pretrain", {**params, "seed": 9, "output": str(start)}, Feedback())
    with pytest.raises(InputError, match="not of this course"):
        jobs.run("pretrain", own, Feedback())
    start.write_bytes(first)
    with rasterio.open(params["imagery"][0]["path"], "r+") as raster:
        raster.write(raster.read() // 2)
    with pytest.raises(InputError, match="not of this course"):
        jobs.run("pretrain", own, Feedback())


def test_what_was_learnt_is_not_lost_where_the_surprise_cannot_be_written(
        params: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from geoloop.core.fusion import surprise

    def full(*given: Any, **more: Any) -> None:
        raise InputError("The disk is full.")

    own = {**params, "surprise": str(tmp_path / "s.gpkg")}
    with monkeypatch.context() as disk:
        disk.setattr(surprise, "write_surprise", full)
        with pytest.raises(InputError, match=r"The disk is full. What was learnt is kept in"):
            jobs.run("pretrain", own, Feedback())
    heard = Heard()
    jobs.run("pretrain", own, heard)
    assert "Going on after step 12 of 12." in heard.lines


def test_a_new_copy_of_the_same_layer_is_gone_on_with(params: dict[str, Any], monkeypatch: pytest.MonkeyPatch,
                                                       tmp_path: Path) -> None:
    """What QGIS copies for the engine, such as a layer in memory, is copied anew for every run."""
    from geoloop.core.models import fusion_file

    def full(*given: Any, **more: Any) -> None:
        raise OSError(28, "No space left on device")

    def copied(name: str, day: int) -> dict[str, Any]:
        (land,) = params["map"]
        path = tmp_path / name
        shutil.copy(land["path"], path)
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("UPDATE gpkg_contents SET last_change = ?", (f"2020-01-{day}T00:00:00.000Z",))
        return {"map": [{**land, "path": str(path), "source": "Polygon?crs=EPSG:32633"}]}

    with monkeypatch.context() as disk:
        disk.setattr(fusion_file, "save_file", full)
        with pytest.raises(InputError, match="What was learnt is kept"):
            jobs.run("pretrain", {**params, **copied("one.gpkg", 10)}, Feedback())
    again = Heard()
    jobs.run("pretrain", {**params, **copied("two.gpkg", 11)}, again)
    assert "Going on after step 12 of 12." in again.lines


def test_what_was_learnt_is_not_lost_where_it_cannot_be_written(params: dict[str, Any], monkeypatch: pytest.MonkeyPatch
                                                                ) -> None:
    from geoloop.core.models import fusion_file

    whole = jobs.run("pretrain", params, Feedback())
    weights = open_fusion(whole["OUTPUT"])[0].state_dict()
    Path(whole["OUTPUT"]).unlink()

    def full(*given: Any, **more: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(fusion_file, "save_file", full)
        with pytest.raises(InputError, match=r"No space left.*What was learnt is kept in .*unfinished"):
            jobs.run("pretrain", params, Feedback())
    again = Heard()
    kept = jobs.run("pretrain", params, again)
    assert "Going on after step 12 of 12." in again.lines
    found = open_fusion(kept["OUTPUT"])[0].state_dict()
    assert all(bool((weights[name] == found[name]).all()) for name in weights)
    assert not Path(f"{params['output']}.unfinished").exists()


def test_a_disk_without_room_is_seen_before_anything_is_learnt(params: dict[str, Any], monkeypatch: pytest.MonkeyPatch
                                                               ) -> None:
    import shutil

    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(100, 99, 1000))
    heard = Heard()
    with pytest.raises(InputError, match="of disk while it is made, and 1 kB are left"):
        jobs.run("pretrain", params, heard)
    assert heard.lines == []


def test_it_goes_on_from_an_earlier_network(params: dict[str, Any], tmp_path: Path) -> None:
    first = jobs.run("pretrain", params, Feedback())
    second = jobs.run("pretrain", {**params, "model": first["OUTPUT"], "output": str(tmp_path / "b.safetensors")},
                      Feedback())
    total = [sum(found["LOSSES"].values()) for found in (first, second)]
    assert total[1] < total[0]


def test_what_is_no_fusion_network_is_refused(params: dict[str, Any], tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.safetensors"
    wrong.write_bytes(b"nothing")
    with pytest.raises(InputError, match="cannot be read as a fusion network"):
        jobs.run("pretrain", {**params, "model": str(wrong)}, Feedback())


def test_without_a_layer_there_is_nothing_to_learn_from(params: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="Neither a map nor a field"):
        jobs.run("pretrain", {**params, "map": [], "field": []}, Feedback())


def test_a_layer_that_may_not_train_does_not(params: dict[str, Any]) -> None:
    shut = [{**layer, "settings": {**layer["settings"], "may_train": False}} for layer in params["map"]]
    found = jobs.run("pretrain", {**params, "map": shut}, Feedback())
    assert open_fusion(found["OUTPUT"])[1].trained_on == ("visits",)
