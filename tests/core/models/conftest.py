"""Models on disk: GeoLoop's own, and ONNX files whose every part a test can bend."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper

from geoloop.core.models.card import Channel, ClassLabel, ModelCard, ModelInput, ModelOutput
from geoloop.core.models.compact import CompactUNet
from geoloop.core.models.context import ContextNet
from geoloop.core.models.ensemble import multiple_of
from geoloop.core.models.files import save_network
from geoloop.core.models.scaling import Scaling, Step

RGB = (Channel("red", 0.665), Channel("green", 0.56), Channel("blue", 0.49))


@pytest.fixture
def own_card() -> Callable[..., ModelCard]:
    """The card of a small network of GeoLoop's own."""
    def make(architecture: str = "compact_unet", widths: tuple[int, ...] = (8, 16), members: int = 2,
             **more: Any) -> ModelCard:
        scaling = Scaling((Step("z-score", mean=(100.0, 90.0, 80.0), stddev=(40.0, 40.0, 50.0)),
                           Step("clip", minimum=(-8.0,), maximum=(8.0,))))
        one = ModelInput("bands", RGB, scaling, multiple=multiple_of(architecture, widths), stored_as="uint8")
        out = ModelOutput("classes", classes=(ClassLabel(0, "Straße"), ClassLabel(1, "roof", "#cc0000")))
        return ModelCard(**{**dict(name="roofs", architecture=architecture, task="segmentation", inputs=(one,),
                                   outputs=(out,), resolution_m=0.3, origin="geoloop", members=members, widths=widths,
                                   seed=5, trained_on=("buildings",), versions={"torch": torch.__version__}), **more})

    return make


@pytest.fixture
def own_networks() -> Callable[[ModelCard], list[CompactUNet | ContextNet]]:
    """Untrained members of a card, each with weights of its own."""
    def make(card: ModelCard) -> list[CompactUNet | ContextNet]:
        kind = CompactUNet if card.architecture == "compact_unet" else ContextNet
        torch.manual_seed(3)
        return [kind(len(card.inputs[0].channels), len(card.outputs[0].classes), widths=card.widths).eval()
                for _ in range(card.members)]

    return make


@pytest.fixture
def own_file(tmp_path: Path, own_card: Any, own_networks: Any) -> Callable[..., Path]:
    """A .safetensors file of GeoLoop's own."""
    def make(name: str = "my roofs.safetensors", **more: Any) -> Path:
        card = own_card(**more)
        save_network(tmp_path / name, own_networks(card), card)
        return tmp_path / name

    return make


@pytest.fixture
def make_onnx(tmp_path: Path) -> Callable[..., Path]:
    """Write an ONNX file of one convolution; shapes, metadata and the finished message can be bent."""
    def make(name: str = "model ä.onnx", shape: tuple[int | str, ...] = ("n", 3, "h", "w"), classes: int = 2,
             ending: str = "Softmax", metadata: dict[str, str] | None = None,
             bend: Callable[[onnx.ModelProto], None] | None = None) -> Path:
        bands = shape[1] if isinstance(shape[1], int) else 3
        weights = np.random.default_rng(0).normal(size=(classes, bands, 3, 3)).astype(np.float32)
        nodes = [helper.make_node("Conv", ["x", "weights"], ["scores"], pads=[1] * 4)]
        attributes = {"axis": 1} if ending == "Softmax" else {}
        nodes.append(helper.make_node(ending or "Identity", ["scores"], ["y"], **attributes))
        graph = helper.make_graph(
            nodes, "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, [shape[0], classes, *shape[2:]])],
            [numpy_helper.from_array(weights, "weights")])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        helper.set_model_props(model, metadata or {})
        if bend is not None:
            bend(model)
        path = tmp_path / name
        path.write_bytes(model.SerializeToString())
        return path

    return make
