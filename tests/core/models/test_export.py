"""Export: the ONNX file says what the network says, and carries all that is needed to use it."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import rasterio
import torch
from rasterio.windows import Window

from geoloop.core.errors import EngineError, InputError
from geoloop.core.models import export
from geoloop.core.models.card import Channel, ModelCard
from geoloop.core.models.ensemble import Ensemble
from geoloop.core.models.export import TOLERANCE, deepness_metadata, export_onnx
from geoloop.core.models.files import open_model

NETWORKS = [("compact_unet", (8, 16, 32)), ("context_net", (24, 24))]


@pytest.mark.parametrize(("architecture", "widths"), NETWORKS)
def test_an_exported_ensemble_is_the_mean_of_its_members(tmp_path: Path, own_file: Callable[..., Path],
                                                         architecture: str, widths: tuple[int, ...]) -> None:
    model = open_model(str(own_file(architecture=architecture, widths=widths, members=3)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        difference = export_onnx(model, tmp_path / "out ä.onnx")
    assert difference <= TOLERANCE
    session = onnxruntime.InferenceSession((tmp_path / "out ä.onnx").read_bytes(), providers=["CPUExecutionProvider"])
    x = torch.randn(2, 3, 48, 80)
    with torch.inference_mode():
        expected = model.network()(x).numpy()
    given = session.run(None, {"bands": x.numpy()})[0]
    np.testing.assert_allclose(given, expected, atol=TOLERANCE)
    np.testing.assert_allclose(given.sum(axis=1), 1, atol=1e-4)


def test_an_exported_network_has_the_operators_that_runtimes_are_made_for(tmp_path: Path, own_file: Callable[..., Path]
                                                                          ) -> None:
    export_onnx(open_model(str(own_file(architecture="compact_unet", widths=(8, 16, 32)))), tmp_path / "out.onnx")
    operators = {node.op_type for node in onnx.load(tmp_path / "out.onnx").graph.node}
    assert {"Conv", "Concat", "Resize"} <= operators
    assert "ConvTranspose" not in operators


def test_an_exported_model_carries_its_card_and_deepness_keys(tmp_path: Path, own_file: Callable[..., Path]) -> None:
    model = open_model(str(own_file(threshold=0.4, overlap=0.3)))
    export_onnx(model, tmp_path / "out.onnx")
    card = open_model(str(tmp_path / "out.onnx")).card
    assert (card.origin, card.task, card.resolution_m, card.threshold) == ("stac-mlm", "segmentation", 0.3, 0.4)
    assert (card.inputs[0].multiple, card.inputs[0].stored_as, card.outputs[0].activation) == (2, "uint8", "none")
    assert card.inputs[0].channels == model.card.inputs[0].channels
    assert card.outputs[0].classes == model.card.outputs[0].classes
    metadata = {entry.key: json.loads(entry.value) for entry in onnx.load(tmp_path / "out.onnx").metadata_props}
    assert (metadata["model_type"], metadata["resolution"], metadata["tiles_overlap"]) == ("Segmentor", 30.0, 30)
    assert metadata["class_names"] == [{"0": "Straße", "1": "roof"}]
    stored = np.array([0, 128, 255], np.float32)[:, None, None]
    theirs = (stored.ravel() / 255 - metadata["standardization_mean"]) / metadata["standardization_std"]
    np.testing.assert_allclose(model.card.inputs[0].scaling(stored).ravel(), theirs, rtol=1e-5)


def test_deepness_keys_are_left_out_where_its_convention_would_lie(own_card: Callable[..., ModelCard]) -> None:
    card = own_card()
    one = card.inputs[0]
    near_infrared = replace(one, channels=(Channel("nir"), *one.channels[1:]))
    wide = replace(one, stored_as="")
    narrow = replace(one.scaling.steps[1], minimum=(-1.0,))
    clipped = replace(one, scaling=replace(one.scaling, steps=(one.scaling.steps[0], narrow)))
    for other in (near_infrared, wide, clipped):
        assert not deepness_metadata(replace(card, inputs=(other,)))
    scores = replace(card.outputs[0], activation="softmax")
    assert not deepness_metadata(replace(card, outputs=(scores,)))


def test_a_model_that_differs_is_not_written(tmp_path: Path, own_file: Callable[..., Path],
                                             monkeypatch: pytest.MonkeyPatch) -> None:
    model = open_model(str(own_file()))
    (tmp_path / "out").mkdir()
    original = export._converted

    def wrong(network: Ensemble, card: ModelCard) -> onnx.ModelProto:
        proto = original(network, card)
        weights = next(t for t in proto.graph.initializer if t.name.endswith("head.weight"))
        weights.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(weights) * 3, weights.name))
        return proto

    monkeypatch.setattr(export, "_converted", wrong)
    with pytest.raises(EngineError, match="not written"):
        export_onnx(model, tmp_path / "out" / "out.onnx")
    assert not list((tmp_path / "out").iterdir())


def test_exporting_onnx_again_rewrites_only_the_metadata(tmp_path: Path, make_onnx: Callable[..., Path]) -> None:
    metadata = {"model_type": '"Segmentor"', "class_names": '{"0": "a", "1": "b"}', "made_by": "someone"}
    path = make_onnx(metadata=metadata)
    export_onnx(open_model(str(path)), tmp_path / "again.onnx")
    before, after = onnx.load(path), onnx.load(tmp_path / "again.onnx")
    assert before.graph == after.graph
    kept = {entry.key: entry.value for entry in after.metadata_props}
    assert kept["made_by"] == "someone"
    assert json.loads(kept["stac_mlm"])["properties"]["mlm:input"][0]["bands"] == ["red", "green", "blue"]


def test_a_card_leaves_no_deepness_key_that_says_something_else(tmp_path: Path, make_onnx: Callable[..., Path]
                                                                ) -> None:
    stale = {"model_type": '"Detector"', "class_names": '{"0": "car"}', "det_conf": "0.7", "tile_size": "64",
             "standardization_mean": "[0.5, 0.5, 0.5]", "standardization_std": "[0.2, 0.2, 0.2]", "made_by": "someone"}
    path = make_onnx(metadata=stale)
    card = tmp_path / "card.json"
    card.write_text(json.dumps({"model_type": "Segmentor", "class_names": {"0": "a", "1": "b"}}))
    export_onnx(open_model(str(path), str(card)), tmp_path / "said.onnx")
    kept = {entry.key: entry.value for entry in onnx.load(tmp_path / "said.onnx").metadata_props}
    assert set(kept) == {"made_by", "stac_mlm", "model_type", "class_names", "standardization_mean",
                         "standardization_std", "reg_output_scaling"}
    assert json.loads(kept["class_names"]) == [{"0": "a", "1": "b"}]
    assert json.loads(kept["standardization_mean"]) == [0, 0, 0]
    item = tmp_path / "item.json"
    said = json.loads(kept["stac_mlm"])
    said["properties"]["mlm:input"][0]["value_scaling"] = [{"type": "min-max", "minimum": 0, "maximum": 1}]
    item.write_text(json.dumps(said))
    export_onnx(open_model(str(path), str(item)), tmp_path / "unlike.onnx")
    left = {entry.key for entry in onnx.load(tmp_path / "unlike.onnx").metadata_props}
    assert left == {"made_by", "stac_mlm"}, "what the convention cannot say is left out"


def test_a_detector_exported_again_keeps_the_keys_that_it_is_run_by(tmp_path: Path, make_onnx: Callable[..., Path]
                                                                    ) -> None:
    keys = {"model_type": '"Detector"', "class_names": '{"0": "car"}', "det_type": '"YOLO_v9"', "det_conf": "0.7"}
    path = make_onnx(metadata=keys)
    for name in ("once.onnx", "twice.onnx"):
        export_onnx(open_model(str(path)), path := tmp_path / name)
    kept = {entry.key: entry.value for entry in onnx.load(path).metadata_props}
    assert kept.items() >= keys.items()


def test_metadata_that_nobody_knows_is_not_made_up(tmp_path: Path, make_onnx: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match="does not say how its input is scaled"):
        export_onnx(open_model(str(make_onnx())), tmp_path / "out.onnx")
    with pytest.raises(InputError, match=r"must end in \.onnx"):
        export_onnx(open_model(str(make_onnx())), tmp_path / "out.pt")


@pytest.mark.data
def test_dynamic_world_with_its_card_inside_needs_no_other(tmp_path: Path, data_folder: Path) -> None:
    model = open_model(str(data_folder / "models" / "dynamicworld" / "dynamicworld.onnx"), "dynamicworld")
    export_onnx(model, tmp_path / "dw.onnx")
    assert open_model(str(tmp_path / "dw.onnx")).card == model.card


@pytest.mark.data
@pytest.mark.parametrize(("architecture", "widths"), NETWORKS)
def test_on_tiles_of_drone_imagery_the_export_agrees_with_torch(
        tmp_path: Path, data_folder: Path, own_file: Callable[..., Path], architecture: str, widths: tuple[int, ...],
        ) -> None:
    with rasterio.open(data_folder / "banepa_buildings" / "derived" / "train_mosaic_3857.tif") as raster:
        tiles = [raster.read((1, 2, 3), window=Window(left, 512, 256, 192)).astype(np.float32)
                 for left in (0, 512, 1024)]
    model = open_model(str(own_file(architecture=architecture, widths=widths)))
    assert 0 < export_onnx(model, tmp_path / "out.onnx", tiles) <= TOLERANCE
