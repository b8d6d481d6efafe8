"""Writing a model's card as a STAC item of the machine-learning-model extension (MLM 1.5)."""

from __future__ import annotations

import re
from typing import Any

from .card import Channel, ClassLabel, ModelCard, ModelInput, ModelOutput, OutputLayout, Task
from .mlm import OWN
from .mlm_scaling import write_scaling

EXTENSIONS = ("https://stac-extensions.github.io/mlm/v1.5.2/schema.json",
              "https://stac-extensions.github.io/eo/v2.0.0/schema.json")
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_.\-\s]+[a-zA-Z0-9]")
_TASKS: dict[Task, str] = {"segmentation": "semantic-segmentation", "regression": "regression",
                           "detection": "object-detection", "embedding": "similarity-search"}
_FUNCTIONS = {"softmax": "torch.nn.functional.softmax", "sigmoid": "torch.nn.functional.sigmoid"}


def write_mlm(card: ModelCard, href: str = "./model.onnx") -> dict[str, Any]:
    """The STAC item of a model whose file is at ``href``.

    What MLM has no word for (activation, multiples, thresholds) stands in ``mlm:hyperparameters`` under ``geoloop``.
    A model has no place on the ground, so the item's geometry is null.
    """
    tasks = [_TASKS[card.task]]
    properties: dict[str, Any] = {
        "title": card.name, "datetime": None, "start_datetime": "1900-01-01T00:00:00Z",
        "end_datetime": "9999-12-31T23:59:59Z", "mlm:name": _name(card.name),
        "mlm:architecture": card.architecture or "unknown", "mlm:tasks": tasks, "mlm:framework": "ONNX",
        "mlm:input": [_input(one) for one in card.inputs],
        "mlm:output": [_output(one, card, tasks) for one in card.outputs],
        "mlm:hyperparameters": {OWN: _own(card)},
    }
    if card.resolution_m is not None:
        properties["gsd"] = card.resolution_m
    bands = [_band(channel, number) for one in card.inputs if _named(one)
             for number, channel in enumerate(one.channels)]
    if bands:
        properties["bands"] = list({band["name"]: band for band in bands}.values())
    asset = {"href": href, "type": "application/octet-stream; framework=onnx", "title": card.name,
             "roles": ["mlm:model", "mlm:weights", "mlm:compiled"], "mlm:artifact_type": "onnx"}
    return {"type": "Feature", "stac_version": "1.1.0", "stac_extensions": list(EXTENSIONS),
            "id": re.sub(r"[^0-9A-Za-z._-]+", "-", card.name).strip("-") or "model", "geometry": None,
            "properties": properties, "links": [], "assets": {"model": asset}}


def _name(text: str) -> str:
    """A name that MLM allows: letters, figures, blanks, dots and dashes, starting with a letter."""
    plain = re.sub(r"[^a-zA-Z0-9_.\-\s]+", "-", text).strip("-_. ")
    return plain if _NAME.fullmatch(plain) else f"model {plain}" if plain else "model"


def _named(one: ModelInput) -> bool:
    return any(channel.name or channel.wavelength_um for channel in one.channels)


def _band_name(channel: Channel, number: int) -> str:
    return channel.name or f"channel {number + 1}"


def _band(channel: Channel, number: int) -> dict[str, Any]:
    light = {} if channel.wavelength_um is None else {"eo:center_wavelength": channel.wavelength_um}
    return {"name": _band_name(channel, number), **light}


def _input(one: ModelInput) -> dict[str, Any]:
    names = [_band_name(channel, number) for number, channel in enumerate(one.channels)] if _named(one) else []
    shape, axes = _laid_out(one.layout, one.batch, len(one.channels), one.side, "bands" if names else "channel")
    scaling = write_scaling(one.scaling, len(one.channels))
    return {"name": one.name, "bands": names,
            "input": {"shape": shape, "dim_order": axes, "data_type": "float32"}, "value_scaling": scaling,
            "resize_type": None}


def _output(one: ModelOutput, card: ModelCard, tasks: list[str]) -> dict[str, Any]:
    first = card.inputs[0]
    channels = len(one.classes) or None
    what = "embedding" if card.task == "embedding" else "class" if card.task == "segmentation" else "channel"
    shape, axes = _laid_out(one.layout, first.batch, channels, None, what)
    entry: dict[str, Any] = {"name": one.name, "tasks": tasks,
                             "result": {"shape": shape, "dim_order": axes, "data_type": "float32"}}
    if one.classes and "classes" not in card.unknown:
        entry["classification:classes"] = [_class(label) for label in one.classes]
    if one.activation != "none":
        entry["post_processing_function"] = {"format": "python", "expression": _FUNCTIONS[one.activation]}
    return entry


def _laid_out(layout: OutputLayout, batch: int | None, channels: int | None, side: int | None, what: str,
              ) -> tuple[list[int], list[str]]:
    sizes = {"batch": batch, what: channels, "height": side, "width": side, "box": None, "value": None}
    orders: dict[OutputLayout, list[str]] = {
        "NCHW": ["batch", what, "height", "width"], "NHWC": ["batch", "height", "width", what],
        "NHW": ["batch", "height", "width"], "NC": ["batch", what], "boxes": ["batch", "box", "value"]}
    return [sizes[axis] or -1 for axis in orders[layout]], orders[layout]


def _class(label: ClassLabel) -> dict[str, Any]:
    machine = re.sub(r"[^0-9A-Za-z_-]+", "_", label.name).strip("_") or f"class_{label.value}"
    color = {"color_hint": label.color[1:].upper()} if label.color else {}
    return {"value": label.value, "name": machine, "title": label.name, "description": label.name, **color}


def _own(card: ModelCard) -> dict[str, Any]:
    own: dict[str, Any] = {
        "inputs": [{"multiple": one.multiple, "stored_as": one.stored_as, "gaps": one.gaps} for one in card.inputs],
        "outputs": [{"activation": one.activation, "scale": one.scale} for one in card.outputs]}
    for key in ("overlap", "threshold", "smallest_px", "detector", "confidence", "iou", "trained_on", "versions"):
        value = getattr(card, key)
        if value not in (None, "", (), {}):
            own[key] = list(value) if isinstance(value, tuple) else value
    if card.origin == "geoloop":
        own |= {"members": card.members, "seed": card.seed, "widths": list(card.widths)}
    return own
