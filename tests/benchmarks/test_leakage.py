"""A figure of a place that a shipped network was fitted on is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from discrepancy_parts.leakage import Leaked, refuse_leaks

from geoloop.core.models.card import Channel, ClassLabel, ModelCard, ModelInput, ModelOutput
from geoloop.core.models.compact import CompactUNet
from geoloop.core.models.files import save_network
from geoloop.core.models.scaling import Scaling

NETWORK = CompactUNet(3, 2)
CARD = ModelCard(
    name="start", architecture="compact_unet", task="segmentation", origin="geoloop", members=1, widths=NETWORK.widths,
    inputs=(ModelInput("bands", tuple(Channel(n) for n in ("red", "green", "blue")), Scaling(())),),
    outputs=(ModelOutput("classes", classes=(ClassLabel(0, "other"), ClassLabel(1, "building"))),))


def shipped(folder: Path, *trained_on: str) -> Path:
    save_network(str(folder / "start.safetensors"), [NETWORK], replace(CARD, trained_on=trained_on))
    return folder


def test_an_area_that_the_card_lists_is_refused_however_it_is_written(tmp_path: Path) -> None:
    with pytest.raises(Leaked, match="banepa"):
        refuse_leaks(["brandenburg", "banepa"], shipped(tmp_path, "synthetic towns", "Banepa buildings (OSM)"))


def test_other_areas_are_let_through(tmp_path: Path) -> None:
    refuse_leaks(["brandenburg", "vegas_roads"], shipped(tmp_path, "synthetic towns", "Banepa buildings (OSM)"))


def test_a_network_that_does_not_say_what_it_saw_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Leaked, match="does not say"):
        refuse_leaks(["brandenburg"], shipped(tmp_path))


def test_without_shipped_weights_there_is_nothing_to_refuse(tmp_path: Path) -> None:
    refuse_leaks(["banepa"], tmp_path / "weights")
