"""Reading the STAC machine-learning-model extension (MLM), version 1.0 to 1.5, to a model's card."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..errors import InputError
from ..sources.bands import COMMON
from .card import Activation, Channel, ClassLabel, ModelCard, ModelInput, ModelOutput, Task, Unknown
from .mlm_scaling import read_scaling
from .onnx_file import OnnxFile, OnnxValue
from .shapes import card_of_shapes, numbered, output_of_shape

MLM_KEY = "stac_mlm"
"""The entry of an ONNX file's metadata that holds the whole item as JSON."""
OWN = "geoloop"
"""The hyperparameter that holds what MLM has no word for."""
ACTIVATIONS: tuple[Activation, ...] = ("softmax", "sigmoid")
_TASKS: dict[str, Task] = {
    "semantic-segmentation": "segmentation", "segmentation": "segmentation", "classification": "segmentation",
    "regression": "regression", "object-detection": "detection", "detection": "detection",
    "similarity-search": "embedding",
}
_CHANNEL_AXES = ("bands", "band", "channel", "channels", "variables")


def is_mlm(data: Any) -> bool:
    """Whether a JSON object is a STAC item with MLM properties, or these properties alone."""
    return isinstance(data, Mapping) and "mlm:input" in _properties(data)


def card_from_mlm(item: Any, file: OnnxFile, where: str) -> ModelCard:
    """The card of an ONNX file that a STAC item describes; ``where`` names the item in messages.

    Inputs and outputs are matched by name, else by order; what the item says must fit the file's shapes. An output of
    a segmentation that comes from no softmax or sigmoid, and whose item names none, is taken for scores: softmax is
    applied, to a single channel sigmoid. Processing functions are never run: :class:`InputError` where scaling is
    given by one only, as for tasks that GeoLoop does not run and for items that do not fit the file.
    """
    if not is_mlm(item):
        raise InputError(f"The card {where} is no STAC item with mlm:input; write one after the MLM extension.")
    properties = _properties(item)
    own = properties.get("mlm:hyperparameters")
    own = _object(own.get(OWN, {}), where) if isinstance(own, dict) else {}
    described, results = (_with_own(properties, own, key, where) for key in ("input", "output"))
    pairs = _matched(file.inputs, described, "inputs", where, all_of_file=True)
    ends = _matched(file.outputs, results, "outputs", where, all_of_file=False)
    tasks = _list(properties.get("mlm:tasks"), where) + [t for r in results for t in _list(r.get("tasks"), where)]
    task = _task(tasks, results, where)
    shaped = replace(
        file, inputs=tuple(_with_shape(value, entry.get("input"), where) for value, entry in pairs),
        outputs=tuple(value if task == "detection" else _with_shape(value, entry.get("result"), where)
                      for value, entry in ends),
        endings=tuple(file.endings[file.outputs.index(value)] for value, _ in ends))
    plain = shaped if task != "detection" else replace(
        shaped, outputs=(replace(shaped.outputs[0], shape=(None, 1)),), endings=("",))
    bands = _band_table(item, where)
    inputs = tuple(_input(shape, entry, bands, where)
                   for shape, (_, entry) in zip(card_of_shapes(plain).inputs, pairs, strict=True))
    outputs = tuple(_output(output_of_shape(value, ending, task, inputs[0], shaped), ending, entry, task, where)
                    for value, ending, (_, entry) in zip(shaped.outputs, shaped.endings, ends, strict=True))
    unnamed = task in ("segmentation", "detection") and not all(_classes(entry, where) for _, entry in ends)
    unknown: tuple[Unknown, ...] = ("classes",) if unnamed else ()
    smallest = _optional_number(own, "smallest_px", where)
    return ModelCard(
        name=str(properties.get("mlm:name") or file.path.stem),
        architecture=str(properties.get("mlm:architecture", "")), task=task, inputs=inputs, outputs=outputs,
        resolution_m=_resolution(item, inputs, bands, where), overlap=_optional_number(own, "overlap", where),
        threshold=_optional_number(own, "threshold", where), detector=str(own.get("detector", "")),
        smallest_px=None if smallest is None else round(smallest),
        confidence=_optional_number(own, "confidence", where), iou=_optional_number(own, "iou", where),
        origin="stac-mlm", unknown=unknown)


def _properties(item: Mapping[str, Any]) -> Mapping[str, Any]:
    inner = item.get("properties")
    return inner if isinstance(inner, Mapping) else item


def _object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"The card {where} has {str(value)[:40]!r} where an object belongs.")
    return value


def _list(value: Any, where: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise InputError(f"The card {where} has {str(value)[:40]!r} where a list belongs.")
    return value


def _number(value: Any, what: str, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) > 1e30:
        raise InputError(f"The card {where} has {what} = {str(value)[:40]!r}, which is no number.")
    return float(value)


def _optional_number(table: Mapping[str, Any], key: str, where: str) -> float | None:
    value = table.get(key)
    return None if value is None else _number(value, key, where)


def _with_own(properties: Mapping[str, Any], own: Mapping[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    """The item's inputs or outputs, each with what our hyperparameter adds to it."""
    entries = [_object(entry, where) for entry in _list(properties.get(f"mlm:{key}"), where)]
    parts = [_object(part, where) for part in _list(own.get(f"{key}s"), where)] or [{}] * len(entries)
    if len(parts) != len(entries):
        raise InputError(f"The card {where} has {len(parts)} {OWN} {key}s for {len(entries)}.")
    return [{**entry, OWN: part} for entry, part in zip(entries, parts, strict=True)]


def _matched(values: Sequence[OnnxValue], entries: list[dict[str, Any]], what: str, where: str, *, all_of_file: bool,
             ) -> list[tuple[OnnxValue, dict[str, Any]]]:
    """Pairs of the file's and the item's, by name where all names are known, else by order."""
    by_name = {value.name: value for value in values}
    names = [entry.get("name") for entry in entries]
    known = bool(names) and len(set(map(str, names))) == len(names) and all(name in by_name for name in names)
    if known and (len(names) == len(values) or not all_of_file):
        order = [value for value in values if value.name in names]
        return [(value, entries[names.index(value.name)]) for value in order]
    if len(values) != len(entries):
        raise InputError(f"The card {where} describes {len(entries)} {what}, the model has {len(values)}: "
                         f"{', '.join(by_name)}.")
    return list(zip(values, entries, strict=True))


def _with_shape(value: OnnxValue, structure: Any, where: str) -> OnnxValue:
    """The file's shape with what the item fixes beyond it, its channels moved where the item says they are."""
    if not isinstance(structure, dict) or not isinstance(structure.get("shape"), list):
        return value
    shape = [_dimension(size, where) for size in structure["shape"]]
    if len(shape) != len(value.shape):
        raise InputError(f"The card {where} gives {value.name!r} {len(shape)} axes, the model has {len(value.shape)}.")
    for ours, theirs in zip(value.shape, shape, strict=True):
        if ours and theirs and ours != theirs:
            raise InputError(f"The card {where} gives {value.name!r} the shape {shape}, but the model's is "
                             f"{list(value.shape)}.")
    return replace(value, shape=tuple(ours or theirs for ours, theirs in zip(value.shape, shape, strict=True)))


def _dimension(size: Any, where: str) -> int | None:
    number = int(_number(size, "shape", where))
    return number if number > 0 else None


def _task(tasks: list[Any], results: list[dict[str, Any]], where: str) -> Task:
    axes = [axis for result in results for axis in _dim_order(result.get("result"))]
    if "embedding" in axes:
        return "embedding"
    found = [_TASKS[task] for task in tasks if isinstance(task, str) and task in _TASKS]
    if not found:
        raise InputError(f"The card {where} is for {', '.join(map(str, tasks)) or 'no task'}; GeoLoop runs semantic "
                         "segmentation, regression, object detection and embeddings.")
    return found[0]


def _dim_order(structure: Any) -> list[str]:
    order = structure.get("dim_order") if isinstance(structure, dict) else None
    return [str(axis) for axis in order] if isinstance(order, list) else []


def _band_table(item: Mapping[str, Any], where: str) -> dict[str, dict[str, Any]]:
    """Band descriptions by name: of the item's assets and of its properties, STAC 1.1's and the extensions'."""
    assets = item.get("assets")
    places = [*(assets.values() if isinstance(assets, dict) else ()), _properties(item), item]
    table: dict[str, dict[str, Any]] = {}
    for place in places:
        for key in ("raster:bands", "eo:bands", "bands"):
            for band in _list(place.get(key), where) if isinstance(place, Mapping) else ():
                name = band.get("name") or band.get("common_name") if isinstance(band, dict) else None
                if name is not None:
                    table[str(name)] = {**table.get(str(name), {}), **band}
    return table


def _entry_of(band: Mapping[str, Any], key: str) -> Any:
    return band.get(key, band.get(f"eo:{key}"))


def _channel(band: Any, table: Mapping[str, Mapping[str, Any]], where: str) -> Channel:
    """A channel by its own name, which tells more than the common one: B05 to B07 are all ``rededge``."""
    if isinstance(band, dict) and band.get("expression") is not None:
        raise InputError(f"The card {where} computes the band {band.get('name')!r} by an expression; give a model that "
                         "takes bands as they are.")
    name = str(band.get("name", "") if isinstance(band, dict) else band)
    entry = table.get(name, {})
    common, wavelength = _entry_of(entry, "common_name"), _entry_of(entry, "center_wavelength")
    return Channel(name, COMMON.get(str(common)) if wavelength is None
                   else _number(wavelength, "center_wavelength", where))


def _input(shaped: ModelInput, entry: dict[str, Any], table: dict[str, dict[str, Any]], where: str) -> ModelInput:
    own = entry[OWN]
    bands, count = _list(entry.get("bands"), where), len(shaped.channels)
    if bands and len(bands) != count:
        raise InputError(f"The card {where} names {len(bands)} bands for the input {shaped.name!r}, the model takes "
                         f"{count} channels.")
    layout = shaped.layout
    axes = _dim_order(entry.get("input"))
    at = next((index for index, axis in enumerate(axes) if axis in _CHANNEL_AXES), None)
    if at is not None and at != (1 if layout == "NCHW" else 3):
        raise InputError(f"The card {where} puts the channels of {shaped.name!r} on axis {at}, which does not fit the "
                         "model's shape; mend its dim_order.")
    channels = tuple(_channel(band, table, where) for band in bands) or shaped.channels
    multiple = _optional_number(own, "multiple", where)
    return replace(shaped, channels=channels, scaling=read_scaling(entry, count, where),
                   multiple=1 if multiple is None else round(multiple),
                   stored_as=str(own.get("stored_as", shaped.stored_as)),
                   gaps="missing" if own.get("gaps") == "missing" else "zero")


def _output(shaped: ModelOutput, ending: str, entry: dict[str, Any], task: Task, where: str) -> ModelOutput:
    scale = _optional_number(entry[OWN], "scale", where)
    labels = _classes(entry, where)
    activation = _activation(entry, where)
    if task == "segmentation":
        channels = len(shaped.classes)
        if labels and channels == 1:
            labels = (replace(labels[-1], value=labels[-1].value or 1),)
        if labels and len(labels) != channels:
            raise InputError(f"The card {where} has {len(labels)} classes for the output {shaped.name!r}, the model "
                             f"returns {channels} channels.")
        labels = labels or numbered(channels)
        if activation is None:
            activation = "none" if ending else "sigmoid" if channels == 1 else "softmax"
    elif task == "regression":
        labels = labels if len(labels) == len(shaped.classes) else shaped.classes
    return replace(shaped, classes=labels, activation=activation or "none",
                   scale=1.0 if scale is None else scale)


def _activation(entry: dict[str, Any], where: str) -> Activation | None:
    """What the item says has still to be applied; None: nothing is said."""
    said = entry[OWN].get("activation")
    if said in ("none", *ACTIVATIONS):
        return said  # type: ignore[no-any-return]
    function = entry.get("post_processing_function")
    steps = [step for step in (function if isinstance(function, list) else [function]) if step]
    if not steps:
        return None
    names = [re.split(r"[.:]", str(step.get("expression")))[-1].lower() for step in steps if isinstance(step, dict)]
    for known in ACTIVATIONS:
        if names == [known]:
            return known
    raise InputError(f"The card {where} has a post_processing_function, which is code; GeoLoop never runs it and knows "
                     f"only softmax and sigmoid, so say in mlm:hyperparameters, {OWN}, outputs, which activation is "
                     "still to be applied.")


def _classes(entry: dict[str, Any], where: str) -> tuple[ClassLabel, ...]:
    """The classes of an output, in the order of its channels."""
    given = next((entry[key] for key in ("classification:classes", "classification_classes", "classes")
                  if entry.get(key)), None)
    labels = []
    for index, label in enumerate(_list(given, where)):
        if isinstance(label, dict):
            value = label.get("value", index)
            if type(value) is not int:
                raise InputError(f"The card {where} has the class value {str(value)[:40]!r}, which is no whole number.")
            labels.append(ClassLabel(value, str(label.get("title") or label.get("name") or f"class {value}"),
                                     _color(label.get("color_hint"))))
        else:
            labels.append(ClassLabel(index, str(label)))
    return tuple(labels)


def _color(hint: Any) -> str:
    """A colour as #rrggbb, from six hexadecimal digits or three numbers; a hint that is neither is none."""
    if isinstance(hint, str) and re.fullmatch(r"#?[0-9a-fA-F]{6}", hint):
        return "#" + hint.removeprefix("#").lower()
    if isinstance(hint, list) and len(hint) == 3 and all(type(part) is int and 0 <= part <= 255 for part in hint):
        return "#{:02x}{:02x}{:02x}".format(*hint)
    return ""


def _resolution(item: Mapping[str, Any], inputs: tuple[ModelInput, ...], table: dict[str, dict[str, Any]], where: str,
                ) -> float | None:
    """The item's ``gsd`` in metres; else the finest of its bands."""
    properties = _properties(item)
    whole = _optional_number(properties, "gsd", where)
    if whole is not None:
        return whole
    used = [table[channel.name] for one in inputs for channel in one.channels if channel.name in table]
    sizes = [_number(band[key], key, where) for band in used
             for key in ("gsd", "raster:spatial_resolution", "spatial_resolution") if band.get(key) is not None]
    return min(sizes, default=None)
