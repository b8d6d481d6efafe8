"""The shapes of an ONNX model's outputs for a tile, from its graph, without running it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import onnx

from .card import ModelInput

MOST_VALUES = 1024
"""A constant with more values than this is no size, axis or scale that shapes could depend on: it is not looked at."""


def output_shapes(model: Any, inputs: Sequence[ModelInput], side: int) -> list[tuple[int, ...]] | None:
    """Return the shapes of a checked model's outputs for one tile of ``side`` pixels, whatever its fixed batch; None if
    the graph alone does not tell. ``inputs`` are those of its card, by name.
    """
    graph = model.graph
    bare = onnx.ModelProto(ir_version=model.ir_version, opset_import=model.opset_import, functions=model.functions)
    bare.graph.name = graph.name or "graph"
    bare.graph.node.extend(graph.node)
    kinds = {value.name: value.type.tensor_type.elem_type for value in graph.input}
    for one in inputs:
        size = (one.batch or 1, len(one.channels), side, side)
        shape = size if one.layout == "NCHW" else (size[0], side, side, size[1])
        bare.graph.input.append(onnx.helper.make_tensor_value_info(one.name, kinds[one.name], shape))
    for tensor in graph.initializer:
        if math.prod(tensor.dims) > MOST_VALUES:
            bare.graph.input.append(onnx.helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims))
        else:
            bare.graph.initializer.append(tensor)
    for output in graph.output:  # what the file says of their shapes is a claim
        bare.graph.output.add(name=output.name).type.tensor_type.elem_type = output.type.tensor_type.elem_type
    try:
        inferred = onnx.shape_inference.infer_shapes(bare, data_prop=True)
    except Exception:  # of several kinds, for graphs that only running them tells about
        return None
    shapes = [tuple(dim.dim_value for dim in output.type.tensor_type.shape.dim) for output in inferred.graph.output]
    if not all(shape and all(shape) for shape in shapes):
        return None
    return [(1, *shape[1:]) for shape in shapes]
