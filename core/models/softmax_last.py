"""The softmax that a network ends in, taken off: ONNX Runtime takes it along any axis but the last some thirty times
slower than torch does, which for a light network is most of its time.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnx

from .axes import WHOLE_AXIS_SINCE, version_of


@dataclass(frozen=True)
class WithoutSoftmax:
    """An ONNX model as a message. ``axes``: of which outputs the softmax is still to be taken, and along which axis."""

    model: Any
    axes: dict[str, int]


def without_softmax(path: str | Path) -> WithoutSoftmax:
    """Read a checked ONNX model and take off the softmax of each output in single precision that ends in one, or in one
    and a change of axes; weights in other files are not read.

    What the model's other outputs are, and names and shapes, stay.
    """
    model = onnx.load(path, load_external_data=False)
    graph = model.graph
    version = version_of(model)
    makers = {name: node for node in graph.node for name in node.output}
    uses = [name for node in graph.node for name in node.input] + [output.name for output in graph.output]
    axes: dict[str, int] = {}
    for output in graph.output:
        rank = len(output.type.tensor_type.shape.dim)
        node, order = makers.get(output.name), list(range(rank))
        if node is not None and node.op_type == "Transpose":
            order = [int(axis) for axis in next((a.ints for a in node.attribute if a.name == "perm"), order[::-1])]
            node = makers.get(node.input[0])
        if node is None or node.op_type != "Softmax" or uses.count(node.output[0]) > 1 or len(order) != rank:
            continue
        axis = next((a.i for a in node.attribute if a.name == "axis"), -1 if version >= WHOLE_AXIS_SINCE else 1) % rank
        slow = order.index(axis) != rank - 1
        alone = version >= WHOLE_AXIS_SINCE or axis == rank - 1
        if slow and alone and output.type.tensor_type.elem_type == onnx.TensorProto.FLOAT:
            node.op_type = "Identity"
            del node.attribute[:]
            axes[output.name] = order.index(axis)
    return WithoutSoftmax(model, axes)
