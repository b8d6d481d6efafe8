"""Fine-tuning on the user's labels: classes and values, sparse points, dates, a model that runs, honest scores."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import rasterio
import rasterio.shutil
import torch
from heard import Heard
from rasterio.vrt import WarpedVRT
from safetensors.torch import load_file

from geoloop.core import jobs
from geoloop.core.errors import Cancelled, InputError
from geoloop.core.feedback import Feedback
from geoloop.core.jobs.finetune import Site, _adapter_beside, _said_of_scores
from geoloop.core.models.encoders.opening import open_encoder
from geoloop.core.models.files import open_model
from geoloop.core.models.tuned.peft_files import read_adapter
from geoloop.core.sources.bands import Band
from geoloop.core.training import tuning


def extent(west: float, south: float, side: float) -> dict[str, float]:
    """A square of the country."""
    return {"xmin": west, "ymin": south, "xmax": west + side, "ymax": south + side}


@pytest.fixture
def weights(tmp_path: Path) -> str:
    """A file in the layout of Galileo's smallest, with random weights."""
    encoder = open_encoder("galileo_nano", [Band("B08", 0.842, "x")], seed=5)
    path = tmp_path / "encoder.pt"
    torch.save(encoder.get_submodule("trunk").state_dict(), path)
    return str(path)


@pytest.fixture
def given(country: dict[str, Any], tmp_path: Path, weights: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The country with its date and bands that Galileo knows, few steps, small crops."""
    monkeypatch.setitem(tuning.STEPS, "quick", 4)
    with rasterio.open(country["imagery"][0]["path"], "r+") as raster:
        for band, name in enumerate(("B02", "B03", "B04"), start=1):
            raster.set_band_description(band, name)
            raster.update_tags(band, ACQUISITION_DATE="2021-06-01")
    kept = {name: country[name] for name in ("imagery", "map", "field", "device")}
    return {**kept, "model": f"galileo_nano:{weights}", "method": "lora", "crop": 16, "seed": 1,
            "extent": extent(500_000, 5_798_700, 1300), "compare": False,
            "output": str(tmp_path / "Modell ä.safetensors")}


def test_a_model_is_written_that_predict_runs_and_that_others_can_read(given: dict[str, Any], tmp_path: Path) -> None:
    page, held = tmp_path / "Bericht.html", tmp_path / "held.safetensors"
    heard = Heard()
    found = jobs.run("finetune", {**given, "compare": True, "report": str(page), "holdout": str(held)}, heard)
    assert all(heard.cost), heard.lines
    card = open_model(found["OUTPUT"]).card
    assert card.tuned is not None
    assert (card.run["job"], card.run["seed"]) == ("finetune", "1")
    assert (card.tuned.method, card.tuned.dates, card.tuned.weights) == ("lora", ("2021-06-01",), "encoder.pt")
    assert [label.name for label in card.outputs[0].classes] == ["forest", "meadow", "water"]
    assert 0 < found["TRAINED_SHARE"] < 0.05
    assert 0 <= found["SCORE"] <= 1
    assert 0 <= found["SCORE_RANDOM"] <= 1
    assert found["ECE_AFTER"] <= found["ECE_BEFORE"] + 0.1
    mapped = tmp_path / "Karte.tif"
    jobs.run("predict", {"imagery": given["imagery"], "model": found["OUTPUT"], "output": str(mapped),
                         "probability": str(tmp_path / "p.tif"), "device": "cpu",
                         "extent": extent(500_000, 5_799_400, 600)}, Feedback())
    with rasterio.open(mapped) as raster:
        codes = raster.read(1)
        assert set(np.unique(codes)) <= {1, 2, 3, raster.nodata}
        assert (codes[:6, :6] == raster.nodata).all()
    with rasterio.open(given["imagery"][0]["path"]) as raster, rasterio.open(
            tmp_path / "share.tif", "w", **{**raster.profile, "dtype": "float32"}) as share:
        share.write((raster.read() / 10_000).astype(np.float32))
        share.descriptions = raster.descriptions
    for path, told in ((given["imagery"][0]["path"], False), (str(tmp_path / "share.tif"), True)):
        heard = Heard()
        jobs.run("predict", {"imagery": [{"path": path}], "model": found["OUTPUT"], "output": str(mapped),
                             "device": "cpu", "extent": extent(500_000, 5_799_800, 200)}, heard)
        assert any("unlike those that the model" in line for line in heard.warnings) is told
    adapter = read_adapter(found["ADAPTER"])
    assert str(tmp_path) in card.run["inputs"]
    assert str(tmp_path) not in (Path(found["ADAPTER"]) / "geoloop_card.json").read_text(encoding="utf-8")
    config = json.loads((Path(found["ADAPTER"]) / "adapter_config.json").read_text())
    assert config["peft_type"] == "LORA"
    assert set(config["target_modules"]) == set(adapter.learnt.pairs)
    names = set(load_file(Path(found["ADAPTER"]) / "adapter_model.safetensors"))
    assert "base_model.model.encoder.trunk.blocks.0.attn.q.lora_A.weight" in names
    text = page.read_text(encoding="utf-8")
    assert "How good is the fine-tuned model?" in text
    assert all(name in text for name in ("forest", "meadow", "water", "random split", "temperature"))
    assert load_file(held)["label"].max() == 2
    assert not Path(f"{found['OUTPUT']}.unfinished").exists()


def test_learning_makes_it_better(given: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tuning.STEPS, "quick", 60)
    found = jobs.run("finetune", {**given, "method": "full", "crop": 8}, Feedback())
    assert found["SCORE"] > 0.5


def test_the_same_seed_gives_the_same_weights(
    given: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(tuning.STEPS, "quick", 3)
    found = [jobs.run("finetune", {**given, "crop": 8, "output": str(tmp_path / f"{n}.safetensors")}, Feedback())
             for n in (1, 2)]
    first, second = (load_file(one["OUTPUT"]) for one in found)
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_with_no_model_named_a_resnet_learns_from_nothing_and_says_so(given: dict[str, Any]) -> None:
    small = {**given, "crop": 32, "loss": "dice", "extent": extent(500_000, 5_799_000, 1000)}
    before = jobs.run("finetune", {**small, "method": "probe"}, Feedback())["ADAPTER"]
    theirs = Path(before).with_name("north_adapter")
    shutil.copytree(before, theirs)
    heard = Heard()
    found = jobs.run("finetune", {**small, "model": ""}, heard)
    assert found["ADAPTER"] == ""
    assert not Path(before).exists(), "the adapter of another model lies beside this one"
    assert any("_adapter was that of the model" in line for line in heard.lines)
    tuned = open_model(found["OUTPUT"]).card.tuned
    assert tuned is not None
    assert (tuned.encoder, tuned.method, tuned.weights) == ("resnet18", "full", "")
    assert any("learns from nothing" in line for line in heard.lines)
    model = open_model(found["OUTPUT"])
    written = str(theirs.with_name("north.safetensors"))
    (network,) = model.network().members
    assert _adapter_beside(written, network, model.card, False, Feedback()) == ""
    assert theirs.is_dir(), "the adapter of another community goes with a model that it was never of"


def test_sparse_points_teach_their_classes_and_nothing_is_background(
    given: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from geoloop.core.training import tuning_chips

    seen = []
    original = tuning_chips.read_tuning_chips
    monkeypatch.setattr(tuning_chips, "read_tuning_chips", lambda *a, **k: seen.append(original(*a, **k)) or seen[-1])
    land = geopandas.read_file(given["map"][0]["path"])
    points = land.assign(geometry=land.centroid)
    path = Path(given["map"][0]["path"]).with_name("Punkte.gpkg")
    points.to_file(path)
    layer = {"path": str(path), "name": "Punkte", "settings": {"class_field": "use", "accuracy_m": 6.0}}
    found = jobs.run("finetune", {**given, "map": [], "field": [layer], "loss": "focal"}, Feedback())
    assert len(open_model(found["OUTPUT"]).card.outputs[0].classes) == 3
    known = sum(int((chip.role > 0).sum()) for chip in seen[0])
    assert 0 < known < 49 * 4
    assert all(not chip.target[:, chip.role == 0].any() or chip.sure[chip.role == 0].any() for chip in seen[0])


def test_values_come_with_their_doubt(given: dict[str, Any], tmp_path: Path) -> None:
    land = geopandas.read_file(given["map"][0]["path"])
    truth = np.array([(i * 7 + i // 12) % 3 for i in range(len(land))])
    land["height"] = np.array([20.0, 1.0, 0.0])[truth]
    land.loc[3, "height"] = np.nan
    path = Path(given["map"][0]["path"]).with_name("Höhen.gpkg")
    land.to_file(path)
    layer = {"path": str(path), "name": "Höhen"}
    page = tmp_path / "r.html"
    found = jobs.run("finetune", {**given, "map": [layer], "field": [], "target": "height", "method": "full",
                                  "crop": 8, "report": str(page)}, Feedback())
    assert np.isfinite(found["SCORE"])
    mapped = tmp_path / "Höhe.tif"
    jobs.run("predict", {"imagery": given["imagery"], "model": found["OUTPUT"], "output": str(mapped), "device": "cpu",
                         "extent": extent(500_200, 5_799_400, 400)}, Feedback())
    with rasterio.open(mapped) as raster:
        value, doubt = raster.read()
        assert raster.descriptions == ("value", "standard deviation")
    assert (doubt > 0).all()
    assert 0 < value.mean() < 15
    assert "bounds hold" in page.read_text(encoding="utf-8")


class _Heeds(Heard):
    """Stops at the first warning."""

    def warning(self, text: str) -> None:
        raise Cancelled(text)


def test_a_number_that_says_that_nothing_was_measured_is_doubted(given: dict[str, Any]) -> None:
    path = Path(given["map"][0]["path"]).with_name("Höhen.gpkg")
    land = geopandas.read_file(given["map"][0]["path"])
    land.assign(height=np.where(land.index % 9, land.index % 7, -9999)).to_file(path)
    layer = {"path": str(path), "name": "Höhen"}

    with pytest.raises(Cancelled, match="7 of 49 values of the field “height” are -9999, far from all others"):
        jobs.run("finetune", {**given, "map": [layer], "field": [], "target": "height"}, _Heeds())


def test_a_border_that_nobody_declared_is_told_before_anything_is_learnt(given: dict[str, Any]) -> None:
    with rasterio.open(given["imagery"][0]["path"], "r+") as raster:
        values = raster.read()
        values[:, :12] = 0
        raster.write(values)
        raster.nodata = None
    with pytest.raises(Cancelled, match="All bands of the imagery are 0 over more than one pixel in a hundred"):
        jobs.run("finetune", {key: value for key, value in given.items() if key != "extent"}, _Heeds())


def test_two_dates_of_which_one_is_under_clouds(given: dict[str, Any], tmp_path: Path) -> None:
    folder = Path(given["imagery"][0]["path"]).parent
    with rasterio.open(given["imagery"][0]["path"]) as raster:
        bands, profile = raster.read(), raster.profile
    bands[:, :, 60:] = 0
    later = folder / "later.tif"
    with rasterio.open(later, "w", **profile) as raster:
        raster.write(bands)
        for band, name in enumerate(("B02", "B03", "B04"), start=1):
            raster.set_band_description(band, name)
            raster.update_tags(band, ACQUISITION_DATE="2021-08-01")
    given["imagery"].append({"path": str(later), "name": "later"})
    found = jobs.run("finetune", {**given, "method": "adapter"}, Feedback())
    tuned = open_model(found["OUTPUT"]).card.tuned
    assert tuned is not None
    assert tuned.dates == ("2021-06-01", "2021-08-01")
    assert [band.name for band in tuned.bands] == ["B02", "B03", "B04"]
    mapped = tmp_path / "Karte.tif"
    jobs.run("predict", {"imagery": given["imagery"], "model": found["OUTPUT"], "output": str(mapped), "device": "cpu",
                         "extent": extent(500_700, 5_799_400, 200)}, Feedback())
    with rasterio.open(mapped) as raster:
        assert (raster.read(1) != raster.nodata).all()


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"output": "model.pt"}, "OUTPUT must end in .safetensors"),
    ({"model": "galileo_huge"}, "There is no encoder 'galileo_huge'"),
    ({"model": "galileo_nano"}, "has random weights, and METHOD=lora would leave them so"),
    ({"crop": 12}, "takes multiples of 8 pixels"),
    ({"map": [], "field": []}, "Neither MAP nor FIELD"),
    ({"target": "saw"}, "has no field “saw” for its value field"),
    ({"target": "same", "field": []}, "features have the value 3: there is nothing to learn"),
])
def test_what_cannot_work_is_said_in_a_sentence(given: dict[str, Any], changed: dict[str, Any], sentence: str) -> None:
    if "output" in changed:
        changed = {"output": str(Path(given["output"]).with_suffix(".pt"))}
    if changed.get("target") == "same":
        land = geopandas.read_file(given["map"][0]["path"])
        land.assign(same=3).to_file(given["map"][0]["path"])
    with pytest.raises(InputError, match=sentence):
        jobs.run("finetune", {**given, **changed}, Feedback())


def test_an_encoder_that_needs_dates_asks_for_them(given: dict[str, Any]) -> None:
    with rasterio.open(given["imagery"][0]["path"], "r+") as raster:
        for band in (1, 2, 3):
            raster.update_tags(band, ACQUISITION_DATE="")
    with pytest.raises(InputError, match="needs the date of every band"):
        jobs.run("finetune", given, Feedback())


def test_a_cancelled_run_writes_no_model(given: dict[str, Any]) -> None:
    class Stops(Feedback):
        stop = False

        def progress(self, fraction: float, text: str = "") -> None:
            self.stop = text.startswith("step 3 ")

        def cancelled(self) -> bool:
            return self.stop

    with pytest.raises(Cancelled):
        jobs.run("finetune", given, Stops())
    assert not Path(given["output"]).exists()


def test_where_no_adapter_can_be_written_nothing_is_learnt(given: dict[str, Any]) -> None:
    Path(given["output"].replace(".safetensors", "_adapter")).write_text("a file")
    heard = Heard()
    with pytest.raises(InputError, match="there is a file of that name"):
        jobs.run("finetune", given, heard)
    assert heard.lines == []


def test_what_was_learnt_is_not_lost_where_its_report_cannot_be_written(
    given: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from geoloop.core import whole

    def full(*told: Any) -> None:
        raise InputError("The disk is full.")

    own = {**given, "method": "probe", "report": str(tmp_path / "r.html")}
    with monkeypatch.context() as disk:
        disk.setattr(whole, "write_text", full)
        with pytest.raises(InputError, match=r"The disk is full. What was learnt is kept in"):
            jobs.run("finetune", own, Feedback())
    heard = Heard()
    jobs.run("finetune", own, heard)
    assert "Going on after step 32 of 32." in heard.lines
    assert Path(own["report"]).is_file()
    assert any("declare no scale; their values look like reflectance × 10000" in line for line in heard.lines)


class _Breaks(Feedback):
    """Breaks down in a step of learning."""

    def __init__(self, step: int) -> None:
        super().__init__()
        self.step = step

    def progress(self, fraction: float, text: str = "") -> None:
        if text.startswith(f"step {self.step} "):
            raise RuntimeError("broken off")


def test_what_began_otherwise_under_the_same_names_is_not_gone_on_with(given: dict[str, Any]) -> None:
    """Files may have been replaced since: the encoder's weights, the legend, what a virtual raster shows."""
    folder = Path(given["output"]).parent
    weights, legend = Path(given["model"].partition(":")[2]), folder / "legend.json"
    names = ["forest", "meadow", "water"]

    def write_legend(order: list[str]) -> None:
        legend.write_text(json.dumps({"name": "uses", "classes": [
            {"name": name, "code": code, "color": "#aabbcc"} for code, name in enumerate(order, start=1)]}))

    write_legend(names)
    shown = given["imagery"][0]["path"]
    mosaic = folder / "mosaic.vrt"
    with rasterio.open(shown) as raster, WarpedVRT(raster) as virtual:
        rasterio.shutil.copy(virtual, mosaic, driver="VRT")
    own = {**given, "imagery": [{"path": str(mosaic), "name": "imagery"}], "legend": str(legend)}
    with pytest.raises(RuntimeError, match="broken off"):
        jobs.run("finetune", own, _Breaks(34))
    assert Path(f"{given['output']}.unfinished").is_file()

    write_legend(names[::-1])
    with pytest.raises(InputError, match="not of this course"):
        jobs.run("finetune", own, Feedback())
    write_legend(names)

    first = weights.read_bytes()
    encoder = open_encoder("galileo_nano", [Band("B08", 0.842, "x")], seed=6)
    torch.save(encoder.get_submodule("trunk").state_dict(), weights)
    with pytest.raises(InputError, match="not of this course"):
        jobs.run("finetune", own, Feedback())
    weights.write_bytes(first)

    with rasterio.open(shown, "r+") as raster:
        values = raster.read()
        raster.write(values // 2)
    with pytest.raises(InputError, match="not of this course"):
        jobs.run("finetune", own, Feedback())
    with rasterio.open(shown, "r+") as raster:
        raster.write(values)

    heard = Heard()
    jobs.run("finetune", own, heard)
    assert any(line.startswith("Going on after step 32") for line in heard.lines), heard.lines


def test_a_single_class_is_refused_before_anything_is_learnt(given: dict[str, Any], tmp_path: Path) -> None:
    land = geopandas.read_file(given["map"][0]["path"])
    land[land["use"] == "water"].to_file(tmp_path / "Seen.gpkg")
    lakes = [{"path": str(tmp_path / "Seen.gpkg"), "name": "lakes", "settings": {"class_field": "use"}}]
    with pytest.raises(InputError, match="features with a known class are water: there is nothing to tell it from"):
        jobs.run("finetune", {**given, "map": lakes, "field": [], "legend": "landcover"}, Feedback())


def test_without_a_blocked_score_the_random_one_is_no_warning() -> None:
    heard = Heard()
    assert _said_of_scores({"score_random": 0.5}, Site(None, None, None, (), ()), heard) == []  # type: ignore[arg-type]
