"""From JSON to the parameters of a job: strict, so that a misspelt name is an error and not a default."""

from __future__ import annotations

import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, TypeVar

from ..errors import InputError

T = TypeVar("T")


def from_json(kind: type[T], data: dict[str, Any], where: str = "") -> T:
    """Build the dataclass ``kind`` from a JSON object.

    Raises :class:`InputError` naming the parameter that is missing, unknown or of the wrong type.
    """
    if not is_dataclass(kind):
        raise TypeError(f"{kind} is no dataclass")
    hints = typing.get_type_hints(kind)
    known = {f.name: f for f in fields(kind)}
    unknown = sorted(set(data) - set(known))
    if unknown:
        raise InputError(f"Unknown parameter {where}{unknown[0]}; known are {', '.join(sorted(known))}.")
    missing = [
        name for name, f in known.items()
        if f.default is MISSING and f.default_factory is MISSING and name not in data
    ]
    if missing:
        raise InputError(f"The parameter {where}{missing[0]} is missing.")
    return kind(**{name: _value(hints[name], value, f"{where}{name}") for name, value in data.items()})


def _value(hint: Any, value: Any, where: str) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        if value is None and type(None) in arguments:
            return None
        hint = next(a for a in arguments if a is not type(None))
        return _value(hint, value, where)
    if is_dataclass(hint) and isinstance(value, dict):
        return from_json(typing.cast(type, hint), value, f"{where}.")
    if origin is tuple and isinstance(value, (list, tuple)):
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple(_value(arguments[0], v, f"{where}[{i}]") for i, v in enumerate(value))
        if len(arguments) == len(value):
            return tuple(_value(a, v, f"{where}[{i}]") for i, (a, v) in enumerate(zip(arguments, value, strict=True)))
    elif origin is dict and isinstance(value, dict):
        return {str(k): _value(arguments[1], v, f"{where}.{k}") for k, v in value.items()}
    elif origin is typing.Literal and value in arguments:
        return value
    elif hint is float and isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    elif hint in (str, bool, int) and type(value) is hint:
        return value
    wanted = f"one of {', '.join(map(repr, arguments))}" if origin is typing.Literal else str(hint)
    raise InputError(f"The parameter {where} must be {wanted}, not {value!r}.")
