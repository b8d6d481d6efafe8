"""Models of the Deepness plugin's zoo: their keys, and what that plugin takes for granted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from geoloop.core.errors import InputError
from geoloop.core.models.card import ModelCard
from geoloop.core.models.files import open_model


def keys(**values: object) -> dict[str, str]:
    return {"model_type": '"Segmentor"', **{name: json.dumps(value) for name, value in values.items()}}


def test_every_key_lands_on_the_card_in_our_units(make_onnx: Callable[..., Path]) -> None:
    path = make_onnx(metadata=keys(class_names={"0": "ground", "1": "roof"}, resolution=25, tiles_size=256,
                                   tiles_overlap=15, seg_thresh=0.4, seg_small_segment=7,
                                   standardization_mean=[0.1, 0.2, 0.3], standardization_std=[0.5, 0.5, 0.25]))
    card = open_model(str(path)).card
    one, out = card.inputs[0], card.outputs[0]
    assert (card.task, card.origin, card.resolution_m, card.overlap) == ("segmentation", "deepness", 0.25, 0.15)
    assert (card.threshold, card.smallest_px, one.side, one.stored_as) == (0.4, 7, 256, "uint8")
    assert [channel.name for channel in one.channels] == ["red", "green", "blue"]
    assert [(label.value, label.name) for label in out.classes] == [(0, "ground"), (1, "roof")]
    assert (out.activation, card.unknown) == ("none", ())
    stored = np.full((3, 1, 1), 255, np.float32)
    np.testing.assert_allclose(one.scaling(stored).ravel(), [(1 - 0.1) / 0.5, (1 - 0.2) / 0.5, (1 - 0.3) / 0.25], 1e-6)


@pytest.mark.parametrize("names", ['{0: "ground", 1: "roof"}', '[{0: "ground", 1: "roof"}]',
                                   '{"1":"roof","0":"ground"}', "{0: 'ground', 1: 'roof'}", '["ground", "roof"]'])
def test_class_names_are_read_as_json_and_as_python_literals(make_onnx: Callable[..., Path], names: str) -> None:
    card = open_model(str(make_onnx(metadata={"model_type": '"Segmentor"', "names": names}))).card
    assert [label.name for label in card.outputs[0].classes] == ["ground", "roof"]


@pytest.mark.parametrize("names", [{"0": "roof"}, {"0": "background", "1": "roof"}])
def test_a_single_channel_is_one_class_against_background(make_onnx: Callable[..., Path], names: dict) -> None:
    card = open_model(str(make_onnx(classes=1, ending="Sigmoid", metadata=keys(class_names=names)))).card
    assert [(label.value, label.name) for label in card.outputs[0].classes] == [(1, "roof")]


@pytest.mark.parametrize(("metadata", "match"), [
    (keys(class_names={"0": "a", "2": "b"}), "0, 1, 2"), (keys(class_names={"0": "a", "1": "b", "2": "c"}), "3 class"),
    (keys(class_names=7), "class names"), (keys(class_names=[{"0": "a"}, {"0": "b"}]), "class names for 2"),
    (keys(resolution="fine"), "no number"), (keys(resolution=0), "resolution"), (keys(tiles_overlap=150), "share"),
    (keys(standardization_mean=[1, 2], standardization_std=[1, 2]), "2 means"),
    (keys(standardization_mean=[0, 0, 0], standardization_std=[1, 0, 1]), "deviation"),
    ({"model_type": '"Poet"'}, "known are Segmentor"), ({"model_type": '"Detector"', "det_type": '"Other"'}, "YOLO_v6"),
    (keys(class_names="[" * 50_000), "class names"), (keys(class_names="9" * 200_000), "200002 characters"),
])
def test_keys_that_do_not_fit_are_refused_in_one_sentence(make_onnx: Callable[..., Path], metadata: dict[str, str],
                                                          match: str) -> None:
    with pytest.raises(InputError, match=match) as error:
        open_model(str(make_onnx(metadata=metadata)))
    assert "\n" not in str(error.value)


def test_a_detector_keeps_its_format_and_thresholds(make_onnx: Callable[..., Path]) -> None:
    card = open_model(str(make_onnx(ending="", metadata={
        "model_type": '"Detector"', "det_type": '"YOLO_Ultralytics"', "det_conf": "0.6", "det_iou_thresh": "0.4",
        "class_names": '{"0": "tank"}'}))).card
    assert (card.task, card.detector, card.confidence, card.iou) == ("detection", "YOLO_Ultralytics", 0.6, 0.4)
    assert card.outputs[0].classes[0].name == "tank"


EXPECTED: dict[str, tuple[str, str, list[list[str]]]] = {
    "one_output_sigmoid_bsx1x512x512": ("deepness", "segmentation", [["Coffee"]]),
    "one_output_sigmoid_bsx512x512": ("deepness", "segmentation", [["Coffee"]]),
    "two_outputs_sigmoid_bsx1x512x512": ("deepness", "segmentation", [["Coffee"], ["Juice"]]),
    "two_outputs_softmax_bsx2x512x512": ("deepness", "segmentation", [["Coffee", "Tea"], ["Juice", "Beer"]]),
    "one_output_softmax_bsx2x512x512": ("file", "segmentation", [["class 0", "class 1"]]),
    "two_outputs_sigmoid_bsx512x512": ("file", "segmentation", [["class 1"], ["class 1"]]),
    "one_output_sigmoid_red_detector": ("file", "segmentation", [["class 1"]]),
    "different_output_size_512_to_484": ("file", "segmentation", [["class 0", "class 1"]]),
    "dummy_model": ("file", "regression", [["value 1", "value 2", "value 3"]]),
    "dummy_superresolution_model": ("file", "regression", [["value 1", "value 2", "value 3"]]),
    "dummy_regression_model": ("deepness", "regression", [["value 1"]]),
    "dummy_regression_model_batched": ("deepness", "regression", [["value 1"]]),
    "dummy_recognition_model": ("deepness", "embedding", [[]]),
}


@pytest.mark.data
@pytest.mark.parametrize("name", EXPECTED)
def test_the_plugins_own_test_models_are_understood(data_folder: Path, name: str) -> None:
    card: ModelCard = open_model(str(data_folder / "models" / "deepness_dummies" / f"{name}.onnx")).card
    assert (card.origin, card.task, [[label.name for label in output.classes] for output in card.outputs]) \
        == EXPECTED[name]
    assert ("scaling" in card.unknown) == (card.origin == "file")


@pytest.mark.data
def test_the_zoos_regression_says_resolution_overlap_and_factor(data_folder: Path) -> None:
    card = open_model(str(data_folder / "models" / "deepness_dummies" / "dummy_regression_model_batched.onnx")).card
    assert (card.resolution_m, card.overlap, card.outputs[0].scale) == (pytest.approx(0.055), 0.11, 1.1)
    assert (card.inputs[0].side, card.inputs[0].batch) == (512, None)
