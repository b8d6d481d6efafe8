"""The shapes that a graph tells are those that running it gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnx_models
import pytest
from onnx import helper

from geoloop.core.feedback import Feedback
from geoloop.core.inference.device import choose_device
from geoloop.core.inference.runners import open_runner, probe
from geoloop.core.models.files import open_model
from geoloop.core.models.output_shapes import output_shapes

REGRESSOR = {"model_type": "Regressor"}
FILTER = np.ones((5, 1, 3, 3), np.float32)
UP = np.ones((1, 2, 2, 2), np.float32)
NODES = {
    "as large": [helper.make_node("Conv", ["x", "w"], ["y"], pads=[1] * 4)],
    "less a margin": [helper.make_node("Conv", ["x", "w"], ["y"])],
    "a part": [helper.make_node("MaxPool", ["x"], ["y"], kernel_shape=[4, 4], strides=[4, 4])],
    "a multiple": [helper.make_node("ConvTranspose", ["x", "u"], ["y"], strides=[2, 2])],
    "one value": [helper.make_node("GlobalAveragePool", ["x"], ["y"])],
    "the size of another tensor": [
        helper.make_node("MaxPool", ["x"], ["p"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Shape", ["x"], ["s"]), helper.make_node("Resize", ["p", "", "", "s"], ["y"])],
}


def model_of(folder: Path, name: str, claimed: list[int | str]) -> Path:
    return onnx_models.save(folder / "m.onnx", NODES[name], [onnx_models.value("x", ["n", 1, "h", "w"])],
                            [onnx_models.value("y", claimed)], {"w": FILTER, "u": UP}, REGRESSOR)


@pytest.mark.parametrize("name", NODES)
def test_known_without_running(tmp_path: Path, name: str) -> None:
    channels = {"as large": 5, "less a margin": 5, "a multiple": 2}.get(name, 1)
    model = open_model(str(model_of(tmp_path, name, ["n", channels, "oh", "ow"])))
    runner = open_runner(model, choose_device("cpu"), Feedback(), side=96)
    assert runner.shapes is not None
    assert runner.shapes == probe(runner, model.card, 96)


def test_what_depends_on_values_is_not_guessed(tmp_path: Path) -> None:
    nodes = [helper.make_node("NonZero", ["x"], ["i"]), helper.make_node("Unsqueeze", ["i", "axes"], ["j"]),
             helper.make_node("Cast", ["j"], ["y"], to=onnx.TensorProto.FLOAT)]
    path = onnx_models.save(tmp_path / "m.onnx", nodes, [onnx_models.value("x", ["n", 1, "h", "w"])],
                            [onnx_models.value("y", ["n", 1, 4, "found"])], {"axes": np.array([0, 1])}, REGRESSOR)
    assert output_shapes(onnx.load(path), open_model(str(path)).card.inputs, 64) is None
