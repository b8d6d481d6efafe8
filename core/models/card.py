"""What must be known of a model to use it: its channels, scaling, outputs, classes, resolution, origin."""

from __future__ import annotations

import json
import re
import types
import typing
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from typing import Any, Literal, NoReturn, TypeVar

from ..errors import InputError
from .scaling import Scaling
from .tuned_card import TunedCard

Task = Literal["segmentation", "regression", "detection", "embedding"]
Layout = Literal["NCHW", "NHWC"]
OutputLayout = Literal["NCHW", "NHWC", "NHW", "NC", "boxes"]
Activation = Literal["none", "softmax", "sigmoid"]
Origin = Literal["deepness", "stac-mlm", "geoloop", "file"]
Unknown = Literal["task", "scaling", "classes"]
Gaps = Literal["zero", "missing"]

T = TypeVar("T")


@dataclass(frozen=True)
class Channel:
    """One input channel: its name (empty: not known) and centre wavelength in micrometres."""

    name: str = ""
    wavelength_um: float | None = None


@dataclass(frozen=True)
class ClassLabel:
    """One class: its value in a class raster, its name, its colour ``#rrggbb`` (empty: none)."""

    value: int
    name: str
    color: str = ""

    def __post_init__(self) -> None:
        if self.color and not re.fullmatch(r"#[0-9a-fA-F]{6}", self.color):
            raise InputError(f"The colour {self.color!r} of the class {self.name!r} is not written as #rrggbb.")


@dataclass(frozen=True)
class ModelInput:
    """One input. ``side`` is the fixed height and width in pixels (None: any), ``multiple`` what they must be a
    multiple of, ``batch`` the fixed number of tiles (None: any). ``stored_as`` is the data type that the scaling
    expects to find in the imagery (``uint8``: values 0 to 255; empty: any). ``gaps``: what the model is given where a
    band has no measurement: 0 in all bands once they are scaled, or, ``missing``, NaN in that band alone.
    """

    name: str
    channels: tuple[Channel, ...]
    scaling: Scaling = field(default_factory=Scaling)
    layout: Layout = "NCHW"
    side: int | None = None
    multiple: int = 1
    batch: int | None = None
    stored_as: str = ""
    gaps: Gaps = "zero"

    def __post_init__(self) -> None:
        if not self.channels:
            raise InputError(f"The model's input {self.name!r} has no channels.")
        if self.scaling.channels not in (None, len(self.channels)):
            raise InputError(f"The model's input {self.name!r} has {len(self.channels)} channels, but its scaling "
                             f"has constants for {self.scaling.channels}.")
        for what, number in (("side", self.side), ("batch", self.batch), ("multiple", self.multiple)):
            if number is not None and number < 1:
                raise InputError(f"The model's input {self.name!r} has the {what} {number}; it must be at least 1.")


@dataclass(frozen=True)
class ModelOutput:
    """One output. ``activation`` is what has still to be applied to what the model returns. ``classes`` are one a
    channel, in their order; a single class is one against background, whose value is 0. A regression's are the names
    of its values. ``scale`` multiplies the values. ``layout``: NHW has one channel and no axis for it, NC one
    vector a tile.
    """

    name: str
    activation: Activation = "none"
    classes: tuple[ClassLabel, ...] = ()
    layout: OutputLayout = "NCHW"
    scale: float = 1.0

    def __post_init__(self) -> None:
        values = [label.value for label in self.classes]
        if len(set(values)) < len(values):
            raise InputError(f"The model's output {self.name!r} has two classes of the same value.")


@dataclass(frozen=True)
class JudgedBy:
    """Which member of a cross-fitted ensemble judges which place: the one that learnt nothing from its labels.

    ``bounds`` (xmin, ymin, xmax, ymax, in ``crs``, WKT) are cut into equal blocks, rows from the north; ``member``
    holds the number of the member for each.
    """

    crs: str
    bounds: tuple[float, ...]
    member: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        even = len({len(row) for row in self.member}) == 1 and all(self.member)
        if len(self.bounds) != 4 or not even or not all(0 <= one < 64 for row in self.member for one in row):
            raise InputError("The card of the model does not say which of its members judges which place.")


@dataclass(frozen=True)
class ModelCard:
    """All that is known of a model.

    ``resolution_m`` is the ground size of a pixel that it was made for, ``overlap`` (0..1) the share of a tile that
    neighbours repeat, ``threshold`` the probability from which on a class counts, ``smallest_px`` the smallest patch
    worth keeping; ``detector``, ``confidence`` and ``iou`` say how boxes are read. ``unknown`` lists what the file does
    not say although its use may need it. Of GeoLoop's own networks: ``members`` of the ensemble, ``widths`` of the
    layers, ``seed``, the layers it was ``trained_on``, the ``versions`` that made it and, if it was cross-fitted, by
    which member each place is ``judged_by``; ``tuned`` describes an encoder that was fine-tuned, ``scores`` are what
    was found out about it, ``run`` is the card of the run that made it.
    """

    name: str
    architecture: str
    task: Task
    inputs: tuple[ModelInput, ...]
    outputs: tuple[ModelOutput, ...]
    resolution_m: float | None = None
    overlap: float | None = None
    threshold: float | None = None
    smallest_px: int | None = None
    detector: str = ""
    confidence: float | None = None
    iou: float | None = None
    origin: Origin = "file"
    unknown: tuple[Unknown, ...] = ()
    members: int = 1
    widths: tuple[int, ...] = ()
    seed: int = 0
    trained_on: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)
    judged_by: JudgedBy | None = None
    tuned: TunedCard | None = None
    scores: dict[str, str] = field(default_factory=dict)
    run: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.inputs or not self.outputs:
            raise InputError(f"The model {self.name!r} has no {'outputs' if self.inputs else 'inputs'}.")
        if self.resolution_m is not None and not 0 < self.resolution_m < 1e6:
            raise InputError(f"The model {self.name!r} has a resolution of {self.resolution_m} m.")
        for what, share in (("overlap", self.overlap), ("threshold", self.threshold), ("confidence", self.confidence),
                            ("IoU", self.iou)):
            if share is not None and not 0 <= share <= 1:
                raise InputError(f"The model {self.name!r} has {what} {share}; it must be a share from 0 to 1.")

    def to_json(self) -> str:
        """The card as JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> ModelCard:
        """Read a card. Raises :class:`InputError` for anything that is not exactly one."""
        return _built(cls, parse_json(text, "the card"), "the card")


def parse_json(text: str | bytes, what: str) -> Any:
    """Parse JSON of an unknown source: too deep, not finite or broken gives an :class:`InputError`."""
    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is no number")

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise InputError(f"The JSON of {what} cannot be read ({why}).") from error


def _built(kind: type[T], data: Any, where: str) -> T:
    if not isinstance(data, dict):
        raise InputError(f"In {where} an object was expected, not {type(data).__name__}.")
    hints = typing.get_type_hints(kind)
    unknown = sorted(set(data) - set(hints))
    if unknown:
        raise InputError(f"In {where} there is an unknown entry {unknown[0]!r}.")
    values = {f.name: _value(hints[f.name], data[f.name], f"{where}, {f.name}")
              for f in fields(kind) if f.name in data}  # type: ignore[arg-type]
    try:
        return kind(**values)
    except TypeError as error:
        raise InputError(f"In {where} a needed entry is missing.") from error


def _value(hint: Any, value: Any, where: str) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return None if value is None else _value(arguments[0], value, where)
    if is_dataclass(hint):
        return _built(typing.cast(type, hint), value, where)
    if origin is tuple and isinstance(value, list):
        return tuple(_value(arguments[0], item, where) for item in value)
    if origin is dict and isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
        return value
    if origin is Literal and isinstance(value, str) and value in arguments:
        return value
    if hint is float and isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number(value, where)
    if hint in (str, int) and type(value) is hint:
        return value
    raise InputError(f"In {where} there is an entry of the wrong kind: {str(value)[:40]!r}.")


def _number(value: float, where: str) -> float:
    try:
        return float(value)
    except OverflowError as error:
        raise InputError(f"In {where} there is a number that is too large.") from error
