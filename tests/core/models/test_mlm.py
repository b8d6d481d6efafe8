"""STAC MLM: read beside a model and within it, of all versions; written so that it reads the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from geoloop.core.errors import InputError
from geoloop.core.models.card import Channel, ClassLabel, ModelCard
from geoloop.core.models.files import open_model
from geoloop.core.models.mlm_write import write_mlm

AXES = ["batch", "bands", "height", "width"]
LAYERS: list[dict[str, Any]] = [{"type": "z-score", "mean": 10, "stddev": 2}]


def item(**of_input: Any) -> dict[str, Any]:
    """An item as others write them: STAC 1.0 with the extensions' bands, bands by name."""
    return {
        "type": "Feature", "stac_version": "1.0.0", "id": "x",
        "properties": {
            "mlm:name": "Fields", "mlm:architecture": "U-Net", "mlm:tasks": ["semantic-segmentation"],
            "mlm:input": [{"name": "x", "bands": ["B04", "B03", {"name": "B08"}],
                           "input": {"shape": [-1, 3, 256, 256], "dim_order": AXES, "data_type": "float32"},
                           "value_scaling": LAYERS, **of_input}],
            "mlm:output": [{"name": "y", "tasks": ["semantic-segmentation"],
                            "result": {"shape": [-1, 2, 256, 256], "dim_order": ["batch", "class", "height", "width"],
                                       "data_type": "float32"},
                            "classification:classes": [{"value": 0, "name": "other"},
                                                       {"value": 5, "name": "field", "color_hint": "00FF00"}]}]},
        "assets": {"model": {"href": "x.onnx", "roles": ["mlm:model"],
                             "eo:bands": [{"name": "B08", "common_name": "nir", "center_wavelength": 0.835}],
                             "raster:bands": [{"name": "B04", "spatial_resolution": 10}, {"name": "B03"}]}}}


def read(make_onnx: Callable[..., Path], data: dict[str, Any], suffix: str = ".json", **onnx: Any) -> ModelCard:
    path = make_onnx(**onnx)
    path.with_name(path.stem + suffix).write_text(json.dumps(data), encoding="utf-8")
    return open_model(str(path)).card


@pytest.mark.parametrize("suffix", [".json", ".stac.json", ".mlm.json"])
def test_an_item_beside_the_model_is_read(make_onnx: Callable[..., Path], suffix: str) -> None:
    card = read(make_onnx, item(), suffix)
    assert (card.name, card.architecture, card.task, card.origin) == ("Fields", "U-Net", "segmentation", "stac-mlm")
    assert card.inputs[0].channels == (Channel("B04"), Channel("B03"), Channel("B08", 0.835))
    assert (card.inputs[0].side, card.resolution_m) == (256, 10.0)
    assert card.outputs[0].classes == (ClassLabel(0, "other"), ClassLabel(5, "field", "#00ff00"))
    assert card.inputs[0].scaling(np.full((3, 1, 1), 14, np.float32)).ravel().tolist() == [2, 2, 2]


def test_an_item_within_the_model_is_read_and_one_beside_it_counts_first(make_onnx: Callable[..., Path]) -> None:
    metadata = {"stac_mlm": json.dumps(item())}
    assert open_model(str(make_onnx(metadata=metadata))).card.name == "Fields"
    other = item()
    other["properties"]["mlm:name"] = "Corrected"
    assert read(make_onnx, other, metadata=metadata).name == "Corrected"


def test_each_channel_may_have_a_scaling_of_its_own(make_onnx: Callable[..., Path]) -> None:
    card = read(make_onnx, item(value_scaling=[
        {"type": "min-max", "minimum": 0, "maximum": 10}, {"type": None},
        {"type": "processing", "format": "gdal-calc", "expression": "log(A + 1)"}]))
    result = card.inputs[0].scaling(np.full((3, 1, 1), 5, np.float32)).ravel()
    np.testing.assert_allclose(result, [0.5, 5, np.log(6)], rtol=1e-6)


@pytest.mark.parametrize(("old", "expected"), [
    ({"norm_type": "z-score", "norm_by_channel": True,
      "statistics": [{"mean": 1, "stddev": 2}, {"mean": 2, "stddev": 4}, {"mean": 3, "stddev": 1}]}, [4.5, 2, 7]),
    ({"norm_type": "min-max", "norm_by_channel": False, "statistics": [{"minimum": 0, "maximum": 20}]}, [0.5] * 3),
])
def test_statistics_of_older_versions_scale_alike(make_onnx: Callable[..., Path], old: dict[str, Any],
                                                  expected: list[float]) -> None:
    card = read(make_onnx, item(value_scaling=None, **old))
    np.testing.assert_allclose(card.inputs[0].scaling(np.full((3, 1, 1), 10, np.float32)).ravel(), expected)


CODE = {"format": "python", "expression": "my_package.my_module:prepare"}


@pytest.mark.parametrize(("of_input", "match"), [
    ({"value_scaling": None, "pre_processing_function": CODE}, "never runs"),
    ({"value_scaling": [{"type": "processing", **CODE}]}, "never runs"),
    ({"value_scaling": [{"type": "processing", "format": "gdal-calc", "expression": "exec(A)"}]}, "'exec'|holds"),
    ({"value_scaling": LAYERS * 2}, "2 scalings for 3"), ({"value_scaling": [{"type": "l2"}]}, "'l2'"),
    ({"value_scaling": [{"type": "z-score", "mean": 1}]}, "stddev"), ({"value_scaling": "all"}, "scalings"),
    ({"value_scaling": None, "norm_type": "l1"}, "'l1'"),
    ({"value_scaling": None, "norm_type": "z-score"}, "statistics"),
    ({"bands": ["B04", "B03"]}, "names 2 bands"), ({"bands": "B04"}, "list belongs"),
    ({"bands": [{"name": "NDVI", "format": "x", "expression": "B8-B4"}, "B03", "B02"]}, "by an expression"),
    ({"input": {"shape": [-1, 4, 256, 256], "dim_order": AXES}}, "the model's is"),
    ({"input": {"shape": [-1, 2, 3, 9, 9], "dim_order": AXES}}, "5 axes"),
    ({"input": {"shape": [-1, 3, 9, 9], "dim_order": ["batch", "height", "width", "bands"]}}, "axis 3"),
])
def test_an_input_that_cannot_be_prepared_is_refused(make_onnx: Callable[..., Path], of_input: dict[str, Any],
                                                     match: str) -> None:
    with pytest.raises(InputError, match=match) as error:
        read(make_onnx, item(**of_input))
    assert "\n" not in str(error.value)


def test_scores_get_a_softmax_unless_the_file_or_the_item_says_otherwise(make_onnx: Callable[..., Path]) -> None:
    assert read(make_onnx, item()).outputs[0].activation == "none"
    assert read(make_onnx, item(), ending="").outputs[0].activation == "softmax"
    said = item()
    output = said["properties"]["mlm:output"][0]
    output["post_processing_function"] = {"format": "python", "expression": "torch.sigmoid"}
    assert read(make_onnx, said, ending="").outputs[0].activation == "sigmoid"
    output["post_processing_function"] = CODE
    with pytest.raises(InputError, match="never runs"):
        read(make_onnx, said, ending="")


@pytest.mark.parametrize("task", ["image-captioning", "generative", "panoptic-segmentation", 7])
def test_tasks_that_are_not_run_are_refused_by_name(make_onnx: Callable[..., Path], task: object) -> None:
    data = item()
    data["properties"]["mlm:tasks"] = data["properties"]["mlm:output"][0]["tasks"] = [task]
    with pytest.raises(InputError, match=str(task)):
        read(make_onnx, data)


def test_an_item_for_another_model_is_refused(make_onnx: Callable[..., Path]) -> None:
    data = item()
    data["properties"]["mlm:output"][0]["classification:classes"].append({"value": 9, "name": "third"})
    with pytest.raises(InputError, match="3 classes"):
        read(make_onnx, data)
    data["properties"]["mlm:input"].append(data["properties"]["mlm:input"][0])
    with pytest.raises(InputError, match="describes 2 inputs, the model has 1"):
        read(make_onnx, data)


@pytest.mark.parametrize("origin", ["own", "described"])
def test_what_is_written_reads_the_same(make_onnx: Callable[..., Path], own_card: Callable[..., ModelCard],
                                        origin: str) -> None:
    card = own_card(overlap=0.2, threshold=0.3, smallest_px=4) if origin == "own" else read(make_onnx, item())
    shape = ("n", 3, card.inputs[0].side or "h", card.inputs[0].side or "w")
    path = make_onnx("written.onnx", shape=shape)
    written = replace(card, inputs=(replace(card.inputs[0], name="x"),), outputs=(replace(card.outputs[0], name="y"),))
    path.with_suffix(".json").write_text(json.dumps(write_mlm(written)), encoding="utf-8")
    back = open_model(str(path)).card
    x = np.random.default_rng(0).uniform(0, 255, (3, 4, 4)).astype(np.float32)
    np.testing.assert_allclose(back.inputs[0].scaling(x), written.inputs[0].scaling(x), rtol=1e-5, atol=1e-6)
    same = {"members": written.members, "widths": written.widths, "seed": written.seed, "versions": written.versions,
            "trained_on": written.trained_on, "origin": written.origin}
    scaled = replace(back, inputs=(replace(back.inputs[0], scaling=written.inputs[0].scaling),), **same)  # type: ignore
    assert scaled == written


def test_an_item_that_is_written_has_what_the_schema_asks_for(own_card: Callable[..., ModelCard]) -> None:
    made = write_mlm(own_card(name="Dächer 2"))
    properties = made["properties"]
    assert {"mlm:name", "mlm:architecture", "mlm:tasks", "mlm:input", "mlm:output"} <= set(properties)
    assert properties["mlm:name"] == "D-cher 2"
    assert properties["mlm:input"][0]["bands"] == [band["name"] for band in properties["bands"]]
    assert made["assets"]["model"]["roles"][0] == "mlm:model"
    assert "mlm:artifact_type" in made["assets"]["model"]
    assert [c["name"] for c in properties["mlm:output"][0]["classification:classes"]] == ["Stra_e", "roof"]


def test_several_inputs_are_matched_by_name_whatever_their_order(make_onnx: Callable[..., Path]) -> None:
    def with_height(model: onnx.ModelProto) -> None:
        model.graph.input.add().CopyFrom(helper.make_tensor_value_info("z", TensorProto.FLOAT, ["n", 1, "h", "w"]))

    data = item()
    height = {"name": "z", "bands": ["height"], "input": {"shape": [-1, 1, -1, -1], "dim_order": AXES}}
    data["properties"]["mlm:input"].insert(0, height)
    data["properties"]["mlm:hyperparameters"] = {"geoloop": {"inputs": [{"multiple": 8}, {"multiple": 4}]}}
    card = read(make_onnx, data, bend=with_height)
    assert [(one.name, one.multiple, len(one.channels)) for one in card.inputs] == [("x", 4, 3), ("z", 8, 1)]
    assert card.inputs[1].channels == (Channel("height"),)


# Public values, per band in the model's order, from the repository google/dynamicworld.
DYNAMIC_WORLD = [
    (1.7417268007636313, 2.023298706048351), (1.7261204997060209, 2.038905204308012),
    (1.6798346251414997, 2.179592821212937), (1.7734969472909623, 2.2890068333026603),
    (2.289154079164943, 2.6171674549378166), (2.382939712192371, 2.773418590375327),
    (2.3828939530384052, 2.7578332604178284), (2.1952484264967844, 2.789092484314204),
    (1.554812948247501, 2.4140534947492487)]


@pytest.mark.data
def test_dynamic_worlds_card_scales_as_its_authors_do(data_folder: Path) -> None:
    model = open_model(str(data_folder / "models" / "dynamicworld" / "dynamicworld.onnx"), "dynamicworld")
    card = model.card
    one = card.inputs[0]
    assert (card.task, card.resolution_m, one.layout, one.multiple, one.batch) == ("segmentation", 10.0, "NHWC", 2, 1)
    assert (card.outputs[0].activation, len(card.outputs[0].classes)) == ("softmax", 9)
    stored = np.random.default_rng(0).uniform(0, 12_000, (9, 8, 8)).astype(np.float32)
    low, high = (np.array(part)[:, None, None] for part in zip(*DYNAMIC_WORLD, strict=True))
    grown = np.exp((np.log(stored.astype(float) * 0.005 + 1) - low) / high * 5 - 1)
    np.testing.assert_allclose(one.scaling(stored), grown / (grown + 1), atol=1e-6)
    model.require("task", "scaling", "classes")
