"""The job that exports a model."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from heard import Heard

from geoloop.core.errors import InputError
from geoloop.core.feedback import Feedback
from geoloop.core.jobs import exportmodel
from geoloop.core.models.card import Channel, ClassLabel, ModelCard, ModelInput, ModelOutput
from geoloop.core.models.context import ContextNet
from geoloop.core.models.files import open_model, save_network
from geoloop.core.models.scaling import Scaling, Step


def test_a_saved_network_becomes_an_onnx_file_with_its_classes(tmp_path: Path) -> None:
    torch.manual_seed(0)
    scaling = Scaling((Step("z-score", mean=(400.0, 900.0), stddev=(100.0, 300.0)),))
    card = ModelCard(
        "land use", "context_net", "segmentation", (ModelInput("bands", (Channel("green"), Channel("nir")), scaling),),
        (ModelOutput("classes", classes=(ClassLabel(0, "forest"), ClassLabel(1, "meadow"))),), resolution_m=10.0,
        origin="geoloop", widths=(16,))
    source, target = tmp_path / "land use.safetensors", tmp_path / "ein Ordner" / "land use.onnx"
    target.parent.mkdir()
    save_network(source, [ContextNet(2, 2, widths=(16,))], card)
    heard = Heard()
    assert exportmodel.run(exportmodel.Params(model=str(source), output=str(target)), heard) == {"OUTPUT": str(target)}
    back = open_model(str(target)).card
    assert back.outputs == card.outputs
    assert [channel.name for channel in back.inputs[0].channels] == ["green", "nir"]
    assert "land use.onnx" in heard.lines[0]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    card = ModelCard("m", "context_net", "segmentation", (ModelInput("bands", (Channel("red"),)),),
                     (ModelOutput("classes", classes=(ClassLabel(0, "a"), ClassLabel(1, "b"))),), widths=(8,))
    save_network(tmp_path / "m.safetensors", [ContextNet(1, 2, widths=(8,))], card)
    with pytest.raises(InputError, match="cannot be written"):
        exportmodel.run(exportmodel.Params(model=str(tmp_path / "m.safetensors"),
                                           output=str(tmp_path / "nowhere" / "m.onnx")), Feedback())
