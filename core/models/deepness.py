"""The metadata that models of the Deepness plugin's zoo carry, and what that plugin takes for granted."""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..errors import InputError
from .card import Channel, ClassLabel, ModelCard, ModelInput, ModelOutput, Task, Unknown
from .onnx_file import OnnxFile
from .scaling import Scaling, Step
from .shapes import card_of_shapes, output_of_shape

MODEL_TYPE = "model_type"
KEYS = (MODEL_TYPE, "class_names", "names", "resolution", "tiles_size", "tile_size", "tiles_overlap",
        "standardization_mean", "standardization_std", "seg_thresh", "seg_small_segment", "reg_output_scaling",
        "det_type", "det_conf", "det_iou_thresh", "det_remove_overlap")
"""All keys of the convention, its older ones too."""
MAX_TEXT = 100_000
RGB = (Channel("red"), Channel("green"), Channel("blue"))
DETECTORS = ("YOLO_v5_or_v7_default", "YOLO_v6", "YOLO_v9", "YOLO_Ultralytics", "YOLO_Ultralytics_segmentation",
             "YOLO_Ultralytics_obb")
_TASKS: dict[str, Task] = {
    "segmentor": "segmentation", "segmentation": "segmentation", "regressor": "regression", "regression": "regression",
    "detector": "detection", "detection": "detection", "recognition": "embedding", "superresolution": "regression",
}


def is_deepness(metadata: Any) -> bool:
    """Whether metadata says what Deepness needs first: the type of the model."""
    return isinstance(metadata, Mapping) and MODEL_TYPE in metadata


def card_from_deepness(metadata: Mapping[str, Any], file: OnnxFile) -> ModelCard:
    """The card of a model with Deepness's keys; values are JSON or Python literals, as text or already read.

    The convention: 8-bit values divided by 255, then standardised; three channels are red, green and blue; a
    segmentation returns probabilities, one channel being one class against background. ``resolution`` is in cm,
    ``tiles_overlap`` in percent; a tile's fixed size counts before ``tiles_size``. Super-resolution is a regression
    whose output has more pixels than its input. Raises :class:`InputError` for values that do not fit.
    """
    keys = _Keys(metadata, file)
    task = _task(keys, file)
    shapes = card_of_shapes(file) if task != "detection" else _detector_shapes(file)
    if len(shapes.inputs) != 1:
        raise InputError(f"The model {file.path} takes {len(shapes.inputs)} inputs; Deepness's convention knows one, "
                         "so describe it as STAC MLM.")
    if all(len(value.shape) == 2 for value in file.outputs) and task == "regression":
        task = "embedding"
    outputs = tuple(output_of_shape(value, ending, task, shapes.inputs[0], file)
                    for value, ending in zip(file.outputs, file.endings, strict=True))
    named, outputs = _classes(keys, task, outputs, file)
    scale = keys.number("reg_output_scaling") if task == "regression" else None
    outputs = tuple(replace(output, scale=1.0 if scale is None else scale) for output in outputs)
    percent, centimetres = keys.number("tiles_overlap"), keys.number("resolution")
    detector = str(keys.get("det_type") or ("YOLO_v5_or_v7_default" if task == "detection" else ""))
    if detector and detector not in DETECTORS:
        raise InputError(f"The model {file.path} names the detector {detector!r}; known are {', '.join(DETECTORS)}.")
    unknown: tuple[Unknown, ...] = () if named else ("classes",)
    smallest = keys.number("seg_small_segment")
    return ModelCard(
        name=file.path.stem, architecture="", task=task, inputs=(_input(keys, shapes.inputs[0], file),),
        outputs=outputs, resolution_m=None if centimetres is None else centimetres / 100,
        overlap=None if percent is None else percent / 100, threshold=keys.number("seg_thresh"),
        smallest_px=None if smallest is None else round(smallest), detector=detector,
        confidence=keys.number("det_conf"), iou=keys.number("det_iou_thresh"), origin="deepness", unknown=unknown)


class _Keys:
    def __init__(self, metadata: Mapping[str, Any], file: OnnxFile) -> None:
        self._metadata, self._file = metadata, file

    def get(self, *names: str) -> Any:
        """The first of these keys that is there, read; None: none is."""
        for name in names:
            if name in self._metadata:
                return self._read(name, self._metadata[name])
        return None

    def number(self, *names: str) -> float | None:
        value = self.get(*names)
        return None if value is None else self._finite(names[0], value)

    def numbers(self, name: str) -> tuple[float, ...]:
        value = self.get(name)
        items = value if isinstance(value, (list, tuple)) else [] if value is None else [value]
        return tuple(self._finite(name, item) for item in items)

    def _finite(self, name: str, value: Any) -> float:
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not math.isfinite(number):
            raise InputError(f"The model {self._file.path} has {name} = {str(value)[:40]!r}, which is no number.")
        return number

    def _read(self, name: str, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if len(value) > MAX_TEXT:
            raise InputError(f"The model {self._file.path} has a value of {len(value)} characters for {name}.")
        for read in (json.loads, ast.literal_eval):
            try:
                return read(value)
            except (ValueError, SyntaxError, RecursionError, MemoryError):
                continue
        return value


def _task(keys: _Keys, file: OnnxFile) -> Task:
    written = str(keys.get(MODEL_TYPE)).strip()
    if written.lower() not in _TASKS:
        raise InputError(f"The model {file.path} is of the type {written[:40]!r}; known are Segmentor, Regressor, "
                         "Detector, Recognition and Superresolution.")
    return _TASKS[written.lower()]


def _detector_shapes(file: OnnxFile) -> ModelCard:
    """Inputs as the shapes say; a detector's outputs are boxes, whatever their shape."""
    images = replace(file, outputs=(replace(file.outputs[0], shape=(None, 1)),), endings=("",))
    return card_of_shapes(images)


def _input(keys: _Keys, shaped: ModelInput, file: OnnxFile) -> ModelInput:
    count = len(shaped.channels)
    mean, deviation = keys.numbers("standardization_mean"), keys.numbers("standardization_std")
    whole = shaped.stored_as == "uint8"
    if whole and (mean or deviation):
        raise InputError(f"The model {file.path} takes whole numbers, and its keys standardise them to fractions; "
                         "export it with an input of 32-bit numbers.")
    steps = [] if whole else [Step("scale", value=(255.0,))]
    if mean and deviation:
        if not {len(mean), len(deviation)} <= {1, count}:
            raise InputError(f"The model {file.path} has {len(mean)} means and {len(deviation)} deviations for its "
                             f"{count} channels.")
        steps.append(Step("z-score", mean=mean, stddev=deviation))
    side = keys.number("tiles_size", "tile_size")
    return replace(shaped, channels=RGB if count == 3 else shaped.channels, scaling=Scaling(tuple(steps)),
                   side=shaped.side or (None if side is None else round(side)), stored_as="uint8")


def _classes(keys: _Keys, task: Task, outputs: tuple[ModelOutput, ...], file: OnnxFile,
             ) -> tuple[bool, tuple[ModelOutput, ...]]:
    """The outputs with their class names; whether any were given."""
    given = keys.get("class_names", "names")
    if given is None or task == "embedding":
        return task != "segmentation" and task != "detection", outputs
    several = isinstance(given, list) and not all(isinstance(name, str) for name in given)
    tables = [_table(table, file) for table in (given if several else [given])]
    if task == "detection":
        return True, (replace(outputs[0], classes=tables[0]), *outputs[1:])
    if task == "regression":
        fits = len(tables) == len(outputs) and all(
            len(table) == len(output.classes) for table, output in zip(tables, outputs, strict=True))
        # Files of the zoo carry names that belong to another model; a regression's values do without.
        return True, tuple(replace(output, classes=table) for output, table in zip(outputs, tables, strict=True)) \
            if fits else outputs
    if len(tables) != len(outputs):
        raise InputError(f"The model {file.path} has {len(outputs)} outputs but class names for {len(tables)}.")
    return True, tuple(replace(output, classes=_one_a_channel(table, output, file))
                       for output, table in zip(outputs, tables, strict=True))


def _one_a_channel(table: tuple[ClassLabel, ...], output: ModelOutput, file: OnnxFile) -> tuple[ClassLabel, ...]:
    channels = len(output.classes)
    if channels == 1 and len(table) in (1, 2):
        return (ClassLabel(1, table[-1].name),)
    if len(table) != channels:
        raise InputError(f"The model {file.path} has {channels} channels in its output {output.name!r}, but "
                         f"{len(table)} class names.")
    return table


def _table(table: Any, file: OnnxFile) -> tuple[ClassLabel, ...]:
    try:
        pairs = sorted((int(key), str(name)) for key, name in
                       (table.items() if isinstance(table, dict) else enumerate(table)))
    except (TypeError, ValueError) as error:
        raise InputError(f"The model {file.path} has class names that are no table of number and name.") from error
    if [number for number, _ in pairs] != list(range(len(pairs))):
        raise InputError(f"The model {file.path} has class names whose numbers are not 0, 1, 2 and so on.")
    return tuple(ClassLabel(number, name) for number, name in pairs)


