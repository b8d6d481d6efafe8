"""How far a network looks: from the graph of an ONNX model, without running it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from onnx import numpy_helper

from .axes import Ground, ground_after, ground_of_input, knows_place, mixes_places, version_of

_PER_PIXEL = {
    "Abs", "Add", "And", "BatchNormalization", "Cast", "Ceil", "Celu", "Clip", "Concat", "Div", "Dropout", "Elu",
    "Equal", "Erf", "Exp", "Floor", "Gelu", "Greater", "HardSigmoid", "HardSwish", "Identity", "LeakyRelu", "Less",
    "Log", "LogSoftmax", "Max", "Mean", "Min", "Mish", "Mul", "Neg", "Not", "Or", "Pad", "Pow", "PRelu",
    "Reciprocal", "Relu", "Round", "Selu", "Sigmoid", "Softmax", "Softplus", "Softsign", "Split", "Sqrt", "Squeeze",
    "Sub", "Sum", "Tanh", "ThresholdedRelu", "Transpose", "Unsqueeze", "Where",
}
_RESIZES = ("Resize", "Upsample")
_SHAPES = {"Constant", "ConstantOfShape", "Range", "Shape", "Size"}


@dataclass(frozen=True)
class Reach:
    """``pixels``: how far beyond a place its surroundings can change the output there (None: without bound, or not
    known); ``stride``: pooling makes output depend on where a tile begins, unless tiles begin at multiples of this.
    """

    pixels: int | None
    stride: int = 1


@dataclass(frozen=True)
class _Seen:
    """Of one tensor: input pixels to one of its own along a side, how far it reaches (None: without bound), and which
    of its axes run over the ground.
    """

    jump: Fraction
    reach: Fraction | None
    ground: Ground = None


def reach_of(model: Any) -> Reach:
    """Return how far the outputs of an ONNX model look, the greatest over all; an upper bound.

    The receptive field's usual recursion (Araujo et al. 2019, Distill, doi 10.23915/distill.00021), over convolutions,
    pooling and resizing; whatever mixes places otherwise (attention, normalisation over the tile or along a side of
    it), or has constants of its own for each place of a tile, has no bound.
    """
    graph = model.graph
    constants = {tensor.name: tensor for tensor in graph.initializer}
    version = version_of(model)
    seen = {value.name: _Seen(Fraction(1), Fraction(0), ground_of_input(value)) for value in graph.input
            if value.name not in constants}
    fixed = set(constants)
    stride = Fraction(1)
    for node in graph.node:
        inputs = [seen[name] for name in node.input if name in seen]
        if node.op_type == "Constant":
            constants.update((node.output[0], held) for a in node.attribute if (held := _held(a)) is not None)
        if node.op_type in _SHAPES or (not inputs and all(n in fixed or not n for n in node.input)):
            fixed.update(node.output)
            continue
        result = _after(node, inputs, constants, version)
        stride = max(stride, result.jump)
        seen.update(dict.fromkeys(node.output, result))
    ends = [seen[output.name].reach if output.name in seen else None for output in graph.output]
    known = [end for end in ends if end is not None]
    return Reach(math.ceil(max(known)) if len(known) == len(ends) else None, math.ceil(stride))


def _held(attribute: Any) -> Any:
    """What a constant holds, as a tensor: newer exporters write plain numbers; None for text and sparse tensors."""
    if attribute.name == "value":
        return attribute.t
    if attribute.name in ("value_float", "value_floats"):
        return numpy_helper.from_array(np.array([*attribute.floats] or [attribute.f], np.float32))
    if attribute.name in ("value_int", "value_ints"):
        return numpy_helper.from_array(np.array([*attribute.ints] or [attribute.i], np.int64))
    return None


def _after(node: Any, inputs: list[_Seen], constants: Mapping[str, Any], version: int) -> _Seen:
    """What a node's outputs see."""
    if not inputs:
        return _Seen(Fraction(1), None)
    jump = min(one.jump for one in inputs)
    reaches = [one.reach for one in inputs]
    if None in reaches:
        return _Seen(jump, None)
    reach = max(r for r in reaches if r is not None)
    attributes = {a.name: a for a in node.attribute}
    ground = ground_after(node, [one.ground for one in inputs], constants)
    if node.op_type in _PER_PIXEL:
        apart = not mixes_places(node, ground, version) and not knows_place(node, ground, constants)
        return _Seen(jump, reach if apart else None, ground)
    if ground is not None and any(ground[:2]) and node.op_type not in _RESIZES:
        # what follows takes the first two axes for batch and channels
        return _Seen(jump, None)
    return replace(_over_places(node, attributes, constants, jump, reach), ground=ground)


def _over_places(node: Any, attributes: Mapping[str, Any], constants: Mapping[str, Any], jump: Fraction,
                 reach: Fraction) -> _Seen:
    """What is seen by an operator that puts neighbouring places together."""
    if node.op_type in ("Conv", "ConvTranspose", "MaxPool", "AveragePool", "LpPool"):
        return _window(node, attributes, constants, jump, reach)
    if node.op_type in _RESIZES:
        factor = _factor(node, attributes, constants)
        return _Seen(jump, None) if factor is None else _Seen(jump / factor, reach + jump)
    if node.op_type in ("DepthToSpace", "SpaceToDepth"):
        block = Fraction(attributes["blocksize"].i)
        return (_Seen(jump / block, reach + jump) if node.op_type == "DepthToSpace"
                else _Seen(jump * block, reach + jump * (block - 1)))
    return _Seen(jump, None)


def _window(node: Any, attributes: Mapping[str, Any], constants: Mapping[str, Any], jump: Fraction,
            reach: Fraction) -> _Seen:
    """A kernel that moves over the pixels."""
    kernel = list(attributes["kernel_shape"].ints) if "kernel_shape" in attributes else []
    if not kernel and len(node.input) > 1 and node.input[1] in constants:
        kernel = list(constants[node.input[1]].dims)[2:]
    if not kernel:
        return _Seen(jump, None)
    stride = max(attributes["strides"].ints) if "strides" in attributes else 1
    dilation = max(attributes["dilations"].ints) if "dilations" in attributes else 1
    span = (max(kernel) - 1) * dilation
    if node.op_type == "ConvTranspose":
        return _Seen(jump / stride, reach + span * jump / stride)
    pads = list(attributes["pads"].ints) if "pads" in attributes else [span // 2]
    before = max(pads[:max(len(pads) // 2, 1)])
    return _Seen(jump * stride, reach + max(before, span - before) * jump)


def _factor(node: Any, attributes: Mapping[str, Any], constants: Mapping[str, Any]) -> Fraction | None:
    """By how much a resize makes pixels finer; None where that is computed as it runs."""
    if "scales" in attributes:
        return Fraction(attributes["scales"].floats[-1]).limit_denominator(64)
    name = node.input[2 if node.op_type == "Resize" and len(node.input) > 2 else 1] if len(node.input) > 1 else ""
    if name not in constants:
        return None
    scales = numpy_helper.to_array(constants[name])
    return Fraction(float(scales[-1])).limit_denominator(64) if scales.size else None
