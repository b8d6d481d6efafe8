"""How MLM says that values are scaled, of all its versions, and how it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ..errors import InputError
from .scaling import CONSTANTS, Kind, Scaling, Step

FORMULA_FORMATS = ("gdal-calc", "gdal_calc", "numexpr")


def read_scaling(entry: Mapping[str, Any], channels: int, where: str) -> Scaling:
    """The scaling of one input: ``value_scaling`` (1.4 on), or ``norm_type`` with ``statistics`` (before).

    A function of code is refused with an :class:`InputError` where it is the only thing that tells the scaling.
    """
    given = entry.get("value_scaling")
    if given is not None:
        return _scaling(given, channels, where)
    if entry.get("norm_type") is not None or entry.get("norm_clip") is not None:
        return _old(entry, channels, where)
    function = entry.get("pre_processing_function")
    steps = [step for step in (function if isinstance(function, list) else [function]) if step]
    return Scaling(tuple(Step("processing", expression=(_expression(step, where),)) for step in steps))


def _scaling(given: Any, channels: int, where: str) -> Scaling:
    parts = given if isinstance(given, list) else [given]
    if len(parts) not in (1, channels) or not all(isinstance(part, dict) for part in parts):
        raise InputError(f"The card {where} has {len(parts)} scalings for {channels} channels; give one, or one each.")
    steps = [_step(part, where) for part in parts]
    kinds = {step.kind if step else None for step in steps}
    if kinds == {None}:
        return Scaling()
    if len(kinds) == 1:
        return Scaling((_joined([step for step in steps if step]),))
    formulas = tuple(Scaling((step,) if step else ()).formula(0) for step in steps)
    return Scaling((Step("processing", expression=formulas),))


def _joined(steps: list[Step]) -> Step:
    """One step with the constants of all channels."""
    kind = steps[0].kind
    constants = {name: tuple(step.of_channel(0)[name] for step in steps) for name in CONSTANTS[kind]}
    return Step(kind, **constants)  # type: ignore[arg-type]


def _step(part: dict[str, Any], where: str) -> Step | None:
    kind = part.get("type")
    if kind is None:
        return None
    if kind not in CONSTANTS:
        raise InputError(f"The card {where} scales by {str(kind)[:40]!r}; known are {', '.join(CONSTANTS)}.")
    if kind == "processing":
        return Step("processing", expression=(_expression(part, where),))
    return _of_numbers(cast(Kind, kind), part, where)


def _of_numbers(kind: Kind, part: Mapping[str, Any], where: str) -> Step:
    constants = {}
    for name in CONSTANTS[kind]:
        value = part.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) > 1e30:
            raise InputError(f"The card {where} scales by {kind!r} without a number for {name!r}.")
        constants[name] = (float(value),)
    return Step(kind, **constants)  # type: ignore[arg-type]


def _expression(part: Any, where: str) -> str:
    """The formula of a processing expression; one in any other format is code."""
    form, text = (part.get("format"), part.get("expression")) if isinstance(part, dict) else (None, None)
    if form not in FORMULA_FORMATS or not isinstance(text, str):
        raise InputError(f"The card {where} scales by code ({str(form)[:20]}: {str(text)[:60]!r}), which GeoLoop never "
                         "runs; write the scaling as value_scaling.")
    return text


def _old(entry: Mapping[str, Any], channels: int, where: str) -> Scaling:
    """``norm_type`` and ``statistics``, one entry a channel or one for all, before MLM 1.4."""
    kind = entry.get("norm_type")
    statistics = entry.get("statistics")
    if kind not in ("z-score", "min-max") or entry.get("norm_clip") is not None:
        raise InputError(f"The card {where} scales by norm_type {str(kind)[:20]!r}"
                         f"{' with norm_clip' if entry.get('norm_clip') is not None else ''}; of old versions GeoLoop "
                         "reads z-score and min-max, so write value_scaling.")
    if not isinstance(statistics, list) or not statistics:
        raise InputError(f"The card {where} has the norm_type {kind!r} without statistics; write value_scaling.")
    parts = [{**part, "type": kind} if isinstance(part, dict) else part for part in statistics]
    if entry.get("norm_by_channel") is False and len(parts) != 1:
        raise InputError(f"The card {where} scales all channels alike, but has {len(parts)} statistics; give one.")
    return _scaling(parts, channels, where)


def write_scaling(scaling: Scaling, channels: int) -> list[dict[str, Any]] | None:
    """``value_scaling``: MLM knows one operation a channel, so several steps become one formula."""
    if not scaling.steps:
        return None
    if len(scaling.steps) > 1 or scaling.steps[0].kind == "processing":
        formulas = [scaling.formula(index) for index in range(channels if scaling.channels else 1)]
        return [{"type": "processing", "format": "gdal-calc", "expression": text} for text in formulas]
    step = scaling.steps[0]
    return [{"type": step.kind, **step.of_channel(index)} for index in range(step.channels or 1)]
