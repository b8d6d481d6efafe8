"""What the axes of an ONNX model's tensors are: which run over the ground, followed from node to node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from onnx import numpy_helper

from .card import Layout

WHOLE_AXIS_SINCE = 13
"""Before this version of ONNX's operators a softmax ran over its axis and all after it together."""
OVER_AXIS = ("Softmax", "LogSoftmax", "Concat", "Split")
"""Operators that put the places of one axis together."""

BROADCAST = ("Add", "And", "Concat", "Div", "Equal", "Greater", "Less", "Max", "Mean", "Min", "Mul", "Or", "Pow",
             "PRelu", "Sub", "Sum", "Where")
"""Operators that lay their inputs over each other, place by place."""

Ground = tuple[bool, ...] | None
"""Of each axis of a tensor, whether it runs over the ground; None: not known."""


def layout_of(shape: Sequence[int | None]) -> Layout:
    """The layout of an input with four axes. Channels stand where the number is fixed; if it is on either axis, where
    height and width do not agree.
    """
    _, second, third, fourth = shape
    if second is None or fourth is None:
        return "NHWC" if second is None and fourth is not None else "NCHW"
    return "NHWC" if second == third != fourth else "NCHW"


def version_of(model: Any) -> int:
    """The version of ONNX's own operators that a model uses; 0 if it does not say."""
    return max((one.version for one in model.opset_import if one.domain in ("", "ai.onnx")), default=0)


def ground_of_input(value: Any) -> Ground:
    """The axes of an input image."""
    shape = [dim.dim_value or None for dim in value.type.tensor_type.shape.dim]
    if len(shape) != 4:
        return None
    return (False, False, True, True) if layout_of(shape) == "NCHW" else (False, True, True, False)


def ground_after(node: Any, inputs: Sequence[Ground], constants: Mapping[str, Any]) -> Ground:
    """The axes of what a node makes of inputs, where it keeps their places apart."""
    known = [one for one in inputs if one is not None]
    if not known or len(known) != len(inputs):
        return None
    rank = max(map(len, known))
    padded = [(False,) * (rank - len(one)) + one for one in known]
    ground = tuple(any(axes) for axes in zip(*padded, strict=True))
    attributes = {a.name: a for a in node.attribute}
    if node.op_type == "Transpose":
        order = list(attributes["perm"].ints) if "perm" in attributes else range(rank)[::-1]
        return tuple(ground[axis] for axis in order)
    if node.op_type not in ("Squeeze", "Unsqueeze"):
        return ground
    axes = _axes(node, attributes, constants)
    if axes is None:
        return None
    if node.op_type == "Squeeze":
        gone = {axis % rank for axis in axes}
        return tuple(one for axis, one in enumerate(ground) if axis not in gone)
    added, left = {axis % (rank + len(axes)) for axis in axes}, iter(ground)
    return tuple(False if axis in added else next(left) for axis in range(rank + len(axes)))


def mixes_places(node: Any, ground: Ground, version: int) -> bool:
    """Whether an operator over one axis puts places of the ground together, as far as is known of its axes."""
    if node.op_type not in OVER_AXIS:
        return False
    if ground is None:
        return True
    softmax = node.op_type in ("Softmax", "LogSoftmax")
    usual = 0 if not softmax else -1 if version >= WHOLE_AXIS_SINCE else 1
    axis = next((a.i for a in node.attribute if a.name == "axis"), usual) % len(ground)
    return any(ground[axis:]) if softmax and version < WHOLE_AXIS_SINCE else ground[axis]


def knows_place(node: Any, ground: Ground, constants: Mapping[str, Any]) -> bool:
    """Whether a constant with a value of its own for each place of a tile goes into what a node makes."""
    if ground is None or node.op_type not in BROADCAST:
        return False
    shapes = [tuple(constants[name].dims) for name in node.input if name in constants]
    return any(size > 1 and over for shape in shapes if len(shape) <= len(ground)
               for size, over in zip(shape[::-1], ground[::-1], strict=False))


def _axes(node: Any, attributes: Mapping[str, Any], constants: Mapping[str, Any]) -> list[int] | None:
    """The axes that a node takes away or adds; None where the file does not tell."""
    if "axes" in attributes:
        return list(attributes["axes"].ints)
    if len(node.input) > 1 and node.input[1] in constants:
        return [int(axis) for axis in numpy_helper.to_array(constants[node.input[1]]).ravel()]
    return None
