"""ONNX files, looked at before any runtime loads them: is it one, can it be run, does it stay within its folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Literal

import onnx
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

from ..errors import InputError, first_line
from .reach import Reach, reach_of

MAX_BYTES = 2 * 2**30 - 1
"""Protocol buffers hold no more; larger models keep their weights in external files."""
CHECKED_BYTES = 64 * 2**20
DOMAINS = ("", "ai.onnx", "ai.onnx.ml", "com.microsoft")
"""Operators that onnxruntime itself knows."""
INPUT_DTYPES = ("float32", "float16", "float64", "uint8")
OUTPUT_DTYPES = ("float32", "float16", "float64")
_PASSED_THROUGH = ("Transpose", "Reshape", "Squeeze", "Unsqueeze", "Identity", "Cast", "Slice", "Resize", "Flatten")

Ending = Literal["", "softmax", "sigmoid"]


@dataclass(frozen=True)
class OnnxValue:
    """An input or output: name, NumPy's name of its data type, shape with None for whatever may vary."""

    name: str
    dtype: str
    shape: tuple[int | None, ...]


@dataclass(frozen=True)
class OnnxFile:
    """What an ONNX file says of itself. ``endings`` is the activation that each output comes from, empty: none;
    ``reach`` how far it looks around a place; ``external`` are other files, beside it, that hold weights of it.
    """

    path: Path
    inputs: tuple[OnnxValue, ...]
    outputs: tuple[OnnxValue, ...]
    endings: tuple[Ending, ...]
    reach: Reach
    metadata: dict[str, str]
    external: tuple[Path, ...] = ()


def read_onnx(path: Path) -> OnnxFile:
    """Check an ONNX file and read its inputs, outputs and metadata; no weight in another file is read.

    Raises :class:`InputError` for a file that is none, is damaged, needs operators or versions that are not there, or
    whose external data lies outside its own folder.
    """
    model = load_checked(path)
    weights = {tensor.name for tensor in model.graph.initializer}
    inputs = tuple(_value(value, path, "input", INPUT_DTYPES) for value in model.graph.input
                   if value.name not in weights)
    outputs = tuple(_value(value, path, "output", OUTPUT_DTYPES) for value in model.graph.output)
    if not inputs or not outputs:
        raise InputError(f"The model {path} has no {'outputs' if inputs else 'inputs'}; export it again.")
    endings = tuple(_ending(model.graph, output.name) for output in outputs)
    external = dict.fromkeys(entry.value for tensor in _tensors(model) for entry in tensor.external_data
                             if entry.key == "location")
    return OnnxFile(path, inputs, outputs, endings, reach_of(model), {p.key: p.value for p in model.metadata_props},
                    tuple(path.parent / location for location in external))


def load_checked(path: Path) -> Any:
    """The ONNX model as a message, its external data not loaded, checked as :func:`read_onnx` says."""
    if path.stat().st_size > MAX_BYTES:
        raise InputError(f"The model {path} is larger than 2 GB; export it with external data.")
    content = path.read_bytes()
    try:
        model = onnx.load_model_from_string(content)
    except (DecodeError, ValueError, RecursionError) as error:
        raise InputError(f"The model {path} is no ONNX file or is damaged; copy or export it again.") from error
    if not model.ir_version or not model.graph.node:
        raise InputError(f"The model {path} holds no ONNX network; copy or export it again.")
    _check_versions(model, path)
    _check_operators(model, path)
    external = [tensor for tensor in _tensors(model) if tensor.external_data or tensor.data_location]
    for tensor in external:
        _check_external(tensor, path)
    if not external and len(content) <= CHECKED_BYTES:
        try:
            onnx.checker.check_model(content)
        except (onnx.checker.ValidationError, ValueError) as error:
            raise InputError(f"The model {path} is not valid ONNX ({first_line(error)}); export it again.") from error
    return model


def _check_versions(model: Any, path: Path) -> None:
    if model.ir_version > onnx.IR_VERSION:
        raise InputError(f"The model {path} is of ONNX IR version {model.ir_version}, this engine knows up to "
                         f"{int(onnx.IR_VERSION)}; export it for an older version.")
    for opset in model.opset_import:
        newest = onnx.defs.onnx_opset_version()
        if opset.domain in ("", "ai.onnx") and opset.version > newest:
            raise InputError(f"The model {path} needs ONNX operators of version {opset.version}, this engine knows up "
                             f"to {newest}; export it for an older version.")


def _check_operators(model: Any, path: Path) -> None:
    own = {(function.domain, function.name) for function in model.functions}
    for node in _nodes(model):
        if node.domain not in DOMAINS and (node.domain, node.op_type) not in own:
            raise InputError(f"The model {path} needs the custom operator {node.domain}.{node.op_type}; GeoLoop runs "
                             "no code that comes with a model, so export it with ONNX's own operators.")


def _nodes(model: Any) -> Iterator[Any]:
    """All nodes: of the graph, of the graphs within nodes, of functions and of training graphs."""
    waiting = [*model.graph.node]
    for function in model.functions:
        waiting += function.node
        waiting += [node for attribute in function.attribute_proto for graph in (attribute.g, *attribute.graphs)
                    for node in graph.node]
    for training in model.training_info:
        waiting += [*training.initialization.node, *training.algorithm.node]
    while waiting:
        node = waiting.pop()
        yield node
        for attribute in node.attribute:
            for graph in (attribute.g, *attribute.graphs):
                waiting += graph.node


def _tensors(model: Any) -> Iterator[Any]:
    """All tensors that the file holds or refers to, wherever they stand."""
    graphs = [model.graph, *(part for t in model.training_info for part in (t.initialization, t.algorithm))]
    attributes = [a for function in model.functions for a in function.attribute_proto]
    for node in _nodes(model):
        attributes += node.attribute
    for attribute in attributes:
        graphs += [attribute.g, *attribute.graphs]
        yield from (attribute.t, *attribute.tensors)
        yield from _of_sparse((attribute.sparse_tensor, *attribute.sparse_tensors))
    for graph in graphs:
        yield from graph.initializer
        yield from _of_sparse(graph.sparse_initializer)


def _of_sparse(tensors: Iterable[Any]) -> Iterator[Any]:
    for tensor in tensors:
        yield from (tensor.values, tensor.indices)


def _check_external(tensor: Any, path: Path) -> None:
    """External data must be a file within the model's folder, and long enough."""
    entries = {entry.key: entry.value for entry in tensor.external_data}
    location = entries.get("location", "")
    folder = path.parent.resolve()
    strange = (any(part in location for part in ("\\", "\0", "_ORT_MEM_ADDR_")) or PureWindowsPath(location).drive
               or PurePosixPath(location).is_absolute() or ".." in PurePosixPath(location).parts)
    if not location or strange or not (folder / location).resolve().is_relative_to(folder):
        raise InputError(f"The model {path} refers to weights outside its own folder ({location[:80]!r}); export it "
                         "with its weights beside it.")
    weights = folder / location
    if not weights.is_file():
        raise InputError(f"The model {path} keeps weights in {location[:80]!r}, which is not there; copy it into the "
                         "same folder.")
    try:
        offset, length = int(entries.get("offset", "0")), int(entries.get("length", "0"))
    except ValueError as error:
        raise InputError(f"The model {path} refers to its weights wrongly; export it again.") from error
    if offset < 0 or length < 0 or offset + length > weights.stat().st_size:
        raise InputError(f"The model {path} keeps weights in {location[:80]!r}, which is too short; copy it again.")


def _value(value: Any, path: Path, what: str, dtypes: tuple[str, ...]) -> OnnxValue:
    kind = value.type.tensor_type
    if not value.type.HasField("tensor_type") or not kind.HasField("shape"):
        raise InputError(f"The model {path} does not declare the shape of its {what} {value.name!r}; export it again "
                         "with shapes.")
    try:
        dtype = str(onnx.helper.tensor_dtype_to_np_dtype(kind.elem_type).name)
    except (KeyError, ValueError):
        dtype = f"type {kind.elem_type}"
    if dtype not in dtypes:
        raise InputError(f"The model {path} has the {what} {value.name!r} of type {dtype}; GeoLoop runs models whose "
                         f"{what}s are {', '.join(dtypes)}.")
    shape = tuple(dim.dim_value if dim.HasField("dim_value") and dim.dim_value > 0 else None for dim in kind.shape.dim)
    return OnnxValue(value.name, dtype, shape)


def _ending(graph: Any, name: str) -> Ending:
    """The activation that an output comes from, seen through whatever only moves values."""
    makers = {output: node for node in graph.node for output in node.output}
    for _ in range(len(graph.node)):
        node = makers.get(name)
        if node is None:
            return ""
        if node.op_type in ("Softmax", "Sigmoid"):
            return "softmax" if node.op_type == "Softmax" else "sigmoid"
        if node.op_type not in _PASSED_THROUGH:
            return ""
        name = node.input[0]
    return ""
