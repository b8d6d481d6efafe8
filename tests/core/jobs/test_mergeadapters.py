"""Two communities' adapters become one model, and each one's hold-out says what that is worth to it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import torch

from geoloop.core import jobs
from geoloop.core.errors import InputError
from geoloop.core.feedback import Feedback
from geoloop.core.jobs.mergeadapters import _laid_out, communities_of
from geoloop.core.models.encoders.opening import open_encoder
from geoloop.core.models.files import open_model
from geoloop.core.models.tuned_card import TunedBand, TunedCard
from geoloop.core.sources.bands import Band
from geoloop.core.training import tuning
from geoloop.core.training.tuning_chips import TuningChip


@pytest.fixture
def communities(country: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Two halves of the country, fine-tuned a little each; parameters that merge them."""
    monkeypatch.setitem(tuning.STEPS, "quick", 2)
    with rasterio.open(country["imagery"][0]["path"], "r+") as raster:
        for band, name in enumerate(("B02", "B03", "B04"), start=1):
            raster.set_band_description(band, name)
            raster.update_tags(band, ACQUISITION_DATE="2021-06-01")
    weights = tmp_path / "encoder.pt"
    encoder = open_encoder("galileo_nano", [Band("B08", 0.842, "x")], seed=5)
    torch.save(encoder.get_submodule("trunk").state_dict(), weights)
    elsewhere = str(tmp_path / "stack.tif")
    shutil.copy(country["imagery"][0]["path"], elsewhere)
    with rasterio.open(elsewhere, "r+") as raster:  # called as geoloop:stackimagery calls bands of several dates
        for band, (name, light) in enumerate((("B02", 0.49), ("B03", 0.56), ("B04", 0.665)), start=1):
            raster.set_band_description(band, f"{name} 2021-06-01")
            raster.update_tags(band, ns="IMAGERY", CENTRAL_WAVELENGTH_UM=f"{light}")
    adapters, holdouts = [], []
    for number, (west, crop) in enumerate(((500_000, 24), (501_200, 16))):
        held = str(tmp_path / f"held{number}.safetensors")
        found = jobs.run("finetune", {
            "imagery": [{"path": elsewhere, "name": "stack"}] if number else country["imagery"],
            "map": country["map"], "device": "cpu", "compare": False, "crop": crop,
            "model": f"galileo_nano:{weights}", "holdout": held, "output": str(tmp_path / f"m{number}.safetensors"),
            "extent": {"xmin": west, "ymin": 5_798_800, "xmax": west + 1200, "ymax": 5_800_000}}, Feedback())
        adapters.append(found["ADAPTER"])
        holdouts.append(held)
    return {"adapters": adapters, "holdouts": holdouts, "model": str(weights), "device": "cpu",
            "output": str(tmp_path / "gemeinsam ä.safetensors")}


def test_communities_are_called_by_what_tells_their_folders_apart() -> None:
    assert communities_of([Path("/a/north/model_adapter"), Path("/b/south/model_adapter")]) == [
        "north/model_adapter", "south/model_adapter"]
    assert communities_of([Path("/a/x"), Path("/a/y")]) == ["x", "y"]


def test_a_communitys_channels_are_put_where_the_merged_network_looks_for_them() -> None:
    by_date, by_band = (TunedCard("galileo_nano", "", (TunedBand("B02", one), TunedBand("B03", other)), ("a", "b"),
                                  "probe", 16) for one, other in (((0, 2), (1, -1)), ((0, 1), (2, 3))))
    x = np.arange(4, dtype=np.float32)[:, None, None] * np.ones((1, 2, 2), np.float32)
    empty = np.zeros((2, 2))
    chip = TuningChip(x, empty, empty, empty, empty, empty, 0, 0)  # type: ignore[arg-type]
    (there,) = _laid_out([chip], by_band, by_date)
    assert there.x[:, 0, 0].tolist() == [0, 2, 1]
    (back,) = _laid_out([there], by_date, by_band)
    assert back.x[:3, 0, 0].tolist() == [0, 1, 2]
    assert np.isnan(back.x[3]).all()


def test_a_common_model_is_written_and_checked(communities: dict[str, Any], tmp_path: Path) -> None:
    found = jobs.run("mergeadapters", {**communities, "weights": [2.0, 1.0]}, Feedback())
    assert [check["community"] for check in found["CHECKS"]] == ["m0_adapter", "m1_adapter"]
    assert all(0 <= check["merged"] <= 1 for check in found["CHECKS"])
    assert found["WORST_CHANGE"] == min(check["merged"] - check["own"] for check in found["CHECKS"])
    card = open_model(found["OUTPUT"]).card
    assert set(card.scores) == {"merged on m0_adapter", "merged on m1_adapter"}
    again = jobs.run("mergeadapters", {**communities, "adapters": [found["ADAPTER"], found["ADAPTER"]], "holdouts": [],
                                       "output": str(tmp_path / "b.safetensors")}, Feedback())
    first, second = (open_model(one["OUTPUT"]).network() for one in (found, again))
    x = torch.rand(1, 3, 8, 8) * 1000
    with torch.no_grad():
        assert torch.allclose(first(x), second(x), atol=1e-5)

    other = tmp_path / "other.pt"
    encoder = open_encoder("galileo_nano", [Band("B08", 0.842, "x")], seed=6)
    torch.save(encoder.get_submodule("trunk").state_dict(), other)
    for changed, sentence in (
        ({"model": str(other)}, "learnt on other weights of galileo_nano than MODEL holds"),
        ({"holdouts": communities["holdouts"][:1]}, "2 adapters and 1 hold-outs"),
        ({"holdouts": communities["adapters"]}, "cannot be read"),
        ({"adapters": communities["adapters"][:1]}, "At least two adapters"),
        ({"output": str(tmp_path / "x.pt")}, "must end in .safetensors"),
        ({"output": str(tmp_path / "m1.safetensors")}, "m1_adapter, which is one of ADAPTERS"),
    ):
        with pytest.raises(InputError, match=sentence):
            jobs.run("mergeadapters", {**communities, **changed}, Feedback())
