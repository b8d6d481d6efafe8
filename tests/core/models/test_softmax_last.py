"""The softmax that a network ends in is taken by torch, and nothing else about the network changes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnx_models
import onnxruntime
import pytest
from onnx import helper

from geoloop.core.errors import InputError
from geoloop.core.feedback import Feedback
from geoloop.core.inference.device import choose_device
from geoloop.core.inference.runners import open_runner
from geoloop.core.models.files import open_model
from geoloop.core.models.softmax_last import without_softmax

SEGMENTOR = {"model_type": "Segmentor", "class_names": {"0": "field", "1": "wood", "2": "water"}}
CONVOLUTION = helper.make_node("Conv", ["x", "w"], ["s"], pads=[1] * 4)
WEIGHTS = {"w": np.random.default_rng(1).normal(size=(3, 2, 3, 3)).astype(np.float32)}
TURN, TURN_BACK = [0, 2, 3, 1], [0, 3, 1, 2]
ENDS = {
    "classes first": [helper.make_node("Softmax", ["s"], ["y"], axis=1)],
    "counted from the end": [helper.make_node("Softmax", ["s"], ["y"], axis=-3)],
    "turned and back": [helper.make_node("Transpose", ["s"], ["t"], perm=TURN), helper.make_node(
        "Softmax", ["t"], ["u"], axis=3), helper.make_node("Transpose", ["u"], ["y"], perm=TURN_BACK)],
    "no softmax": [helper.make_node("Identity", ["s"], ["y"])],
    "not along the classes": [helper.make_node("Softmax", ["s"], ["y"], axis=3)],
    "used twice": [helper.make_node("Softmax", ["s"], ["p"], axis=1), helper.make_node("Transpose", ["p"], ["t"],
                   perm=[0, 1, 3, 2]), helper.make_node("Add", ["p", "t"], ["y"])],
}
TAKEN_OFF = {"classes first": 1, "counted from the end": 1, "turned and back": 1}


def model_that_ends(folder: Path, end: str, opset: int = 17) -> Path:
    path = onnx_models.save(folder / "m.onnx", [CONVOLUTION, *ENDS[end]], [onnx_models.value("x", ["n", 2, "h", "w"])],
                            [onnx_models.value("y", ["n", 3, "h", "w"])], WEIGHTS, SEGMENTOR)
    model = onnx.load(path)
    model.opset_import[0].version = opset
    onnx.save(model, path)
    return path


def tiles() -> np.ndarray:
    return np.random.default_rng(2).normal(size=(2, 2, 16, 16)).astype(np.float32)


@pytest.mark.parametrize("end", ENDS)
def test_a_network_says_the_same_however_it_ends(tmp_path: Path, end: str) -> None:
    path = model_that_ends(tmp_path, end)
    expected = onnxruntime.InferenceSession(path).run(None, {"x": tiles()})[0]
    got = open_runner(open_model(str(path)), choose_device("cpu"), Feedback())([tiles()])[0]
    np.testing.assert_allclose(got.numpy(), expected, atol=1e-6)
    assert without_softmax(path).axes == ({"y": TAKEN_OFF[end]} if end in TAKEN_OFF else {})


@pytest.mark.parametrize(("end", "taken_off"), [("classes first", False), ("turned and back", True)])
def test_before_version_13_a_softmax_ran_over_all_that_follows_its_axis(
    tmp_path: Path, end: str, taken_off: bool
) -> None:
    path = model_that_ends(tmp_path, end, opset=11)
    expected = onnxruntime.InferenceSession(path).run(None, {"x": tiles()})[0]
    got = open_runner(open_model(str(path)), choose_device("cpu"), Feedback())([tiles()])[0]
    np.testing.assert_allclose(got.numpy(), expected, atol=1e-6)
    assert bool(without_softmax(path).axes) == taken_off


def test_weights_beside_the_model_are_still_found(tmp_path: Path) -> None:
    path = model_that_ends(tmp_path, "classes first")
    expected = onnxruntime.InferenceSession(path).run(None, {"x": tiles()})[0]
    onnx.save(onnx.load(path), tmp_path / "Modell, groß.onnx", save_as_external_data=True, location="gewichte.bin",
              size_threshold=0)
    model = open_model(str(tmp_path / "Modell, groß.onnx"))
    np.testing.assert_allclose(open_runner(model, choose_device("cpu"), Feedback())([tiles()])[0].numpy(), expected,
                               atol=1e-6)
    (tmp_path / "gewichte.bin").unlink()
    with pytest.raises(InputError, match="does not run"):
        open_runner(model, choose_device("cpu"), Feedback())
