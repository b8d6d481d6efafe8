"""A fusion network's file is data: read whole, refused when anything in it does not fit."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from fusion_scenes import TINY
from safetensors.torch import load_file, save_file

from geoloop.core.errors import InputError
from geoloop.core.models.files import open_model
from geoloop.core.models.fusion_file import KEY, FusionAbout, begin_with, open_fusion, save_fusion
from geoloop.core.models.fusion_net import FusionNet

ABOUT = FusionAbout(TINY, ("silent", "covered"), ("red", "nir"), 0.5, ("Häuser",), 3, 12, losses={"bands": 0.5})


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    path = tmp_path / "Netz ä.safetensors"
    save_fusion(path, FusionNet(TINY), ABOUT)
    return path


def changed(path: Path, **values: Any) -> Path:
    """The same file with other metadata."""
    data = json.loads(ABOUT.to_json())
    data.update(values)
    other = path.with_name("changed.safetensors")
    save_file(load_file(path), other, metadata={KEY: json.dumps(data)})
    return other


def test_what_was_written_is_read(saved: Path) -> None:
    network, about = open_fusion(saved)
    assert about == ABOUT
    torch.manual_seed(0)
    wanted = FusionNet(TINY).state_dict()
    assert all(torch.equal(value, wanted[name]) for name, value in network.state_dict().items())
    assert not network.training


@pytest.mark.parametrize("shape", [
    {"dim": 10**9}, {"widths": [8] * 99}, {"levels": [7]}, {"levels": []}, {"heads": 3}, {"classes": 5}, {"dim": "16"},
])
def test_a_shape_that_is_none_is_refused_before_anything_is_built(saved: Path, shape: dict[str, Any]) -> None:
    whole = json.loads(ABOUT.to_json())["shape"]
    with pytest.raises(InputError, match="cannot be read as a fusion network"):
        open_fusion(changed(saved, shape={**whole, **shape}))


def test_weights_of_another_network_are_refused(saved: Path) -> None:
    whole = json.loads(ABOUT.to_json())["shape"]
    with pytest.raises(InputError, match="does not hold the weights"):
        open_fusion(changed(saved, shape={**whole, "rounds": 2}))


def test_a_file_cut_short_or_without_a_network_is_refused(saved: Path, tmp_path: Path) -> None:
    short = tmp_path / "short.safetensors"
    short.write_bytes(saved.read_bytes()[:-100])
    plain = tmp_path / "plain.safetensors"
    save_file({"a": torch.zeros(2)}, plain)
    for path in (short, tmp_path / "gone.safetensors"):
        with pytest.raises(InputError, match="cannot be read"):
            open_fusion(path)
    with pytest.raises(InputError, match="no fusion network"):
        open_fusion(plain)


def test_predict_says_what_it_is(saved: Path) -> None:
    with pytest.raises(InputError, match="fusion network that geoloop:pretrain wrote"):
        open_model(str(saved))


def test_another_number_of_classes_keeps_all_other_weights(saved: Path) -> None:
    start, _ = open_fusion(saved)
    own = FusionNet(replace(TINY, classes=4))
    kept = begin_with(own, start)
    assert set(kept) == {*(f"{layer}.{part}" for layer in ("eye", "head", "kind") for part in ("weight", "bias")),
                         "stands.0.weight"}
    assert torch.equal(own.stem.weights.weight, start.stem.weights.weight)
