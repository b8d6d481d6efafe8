"""Tiny ONNX models whose every output is known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17


def value(name: str, shape: Sequence[int | str], kind: int = TensorProto.FLOAT) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


def save(path: Path, nodes: list[onnx.NodeProto], inputs: list[onnx.ValueInfoProto],
         outputs: list[onnx.ValueInfoProto], constants: dict[str, np.ndarray] | None = None,
         metadata: dict[str, Any] | None = None) -> Path:
    """Write a model; metadata values are JSON, as Deepness writes them."""
    tensors = [numpy_helper.from_array(array, name) for name, array in (constants or {}).items()]
    model = helper.make_model(helper.make_graph(nodes, "g", inputs, outputs, tensors),
                              opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    helper.set_model_props(model, {key: json.dumps(text) for key, text in (metadata or {}).items()})
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, path)
    return path


def identity(path: Path, bands: int = 1, side: int | str = "side", **metadata: Any) -> Path:
    """Gives back what it is given."""
    shape = ["n", bands, side, side]
    return save(path, [helper.make_node("Identity", ["x"], ["y"])], [value("x", shape)], [value("y", shape)],
                metadata=metadata)


def blur(path: Path, bands: int = 3, classes: int = 2, side: int | str = "side", radius: int = 2,
         **metadata: Any) -> Path:
    """A convolution and a softmax: looks ``radius`` pixels far."""
    k = 2 * radius + 1
    weights = np.random.default_rng(0).normal(size=(classes, bands, k, k)).astype(np.float32) / (bands * k)
    nodes = [helper.make_node("Conv", ["x", "w"], ["s"], pads=[radius] * 4),
             helper.make_node("Softmax", ["s"], ["y"], axis=1)]
    return save(path, nodes, [value("x", ["n", bands, side, side])], [value("y", ["n", classes, side, side])],
                {"w": weights}, metadata)


def whole_tile(path: Path, **metadata: Any) -> Path:
    """The mean of a tile beside each pixel's value: what tiles there are shows in the output."""
    nodes = [helper.make_node("GlobalAveragePool", ["x"], ["m"]), helper.make_node("Sub", ["x", "m"], ["y"])]
    return save(path, nodes, [value("x", ["n", 1, "h", "w"])], [value("y", ["n", 1, "h", "w"])], metadata=metadata)
