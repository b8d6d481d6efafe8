"""How a model wants its bands scaled: steps that are data, after the STAC machine-learning-model extension."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from .formula import Formula

Kind = Literal["min-max", "z-score", "clip", "clip-min", "clip-max", "offset", "scale", "processing"]
CONSTANTS: dict[Kind, tuple[str, ...]] = {
    "min-max": ("minimum", "maximum"), "z-score": ("mean", "stddev"), "clip": ("minimum", "maximum"),
    "clip-min": ("minimum",), "clip-max": ("maximum",), "offset": ("value",), "scale": ("value",),
    "processing": ("expression",),
}
_AS_FORMULA: dict[Kind, str] = {
    "min-max": "(A - {minimum}) / ({maximum} - {minimum})", "z-score": "(A - {mean}) / {stddev}",
    "clip": "clip(A, {minimum}, {maximum})", "clip-min": "maximum(A, {minimum})", "clip-max": "minimum(A, {maximum})",
    "offset": "A - {value}", "scale": "A / {value}",
}

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Step:
    """One step. Each constant that its kind needs is given once for all channels, or once a channel.

    min-max: (x - minimum) / (maximum - minimum). z-score: (x - mean) / stddev. clip, clip-min, clip-max: bounds.
    offset: x - value. scale: x / value. processing: ``expression``, a :class:`~.formula.Formula` of the channel ``A``.
    Raises :class:`InputError` for constants that are missing, too many, not finite or divide by nothing.
    """

    kind: Kind
    minimum: tuple[float, ...] = ()
    maximum: tuple[float, ...] = ()
    mean: tuple[float, ...] = ()
    stddev: tuple[float, ...] = ()
    value: tuple[float, ...] = ()
    expression: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in CONSTANTS:
            raise InputError(f"The scaling {self.kind!r} is not known; known are {', '.join(CONSTANTS)}.")
        for name in ("minimum", "maximum", "mean", "stddev", "value", "expression"):
            given, needed = getattr(self, name), name in CONSTANTS[self.kind]
            if bool(given) != needed:
                raise InputError(f"The scaling {self.kind!r} {'lacks' if needed else 'has no use for'} {name!r}.")
            if needed and name != "expression" and not all(math.isfinite(number) for number in given):
                raise InputError(f"The scaling {self.kind!r} has a {name} that is no finite number.")
        counts = {len(getattr(self, name)) for name in CONSTANTS[self.kind]} - {1}
        if len(counts) > 1:
            raise InputError(f"The scaling {self.kind!r} gives constants for {min(counts)} and for {max(counts)} "
                             "channels.")
        self._check_divisors()
        for text in self.expression:
            _formula(text)

    def _check_divisors(self) -> None:
        if self.kind == "z-score" and not all(number > 0 for number in self.stddev):
            raise InputError("The scaling 'z-score' has a deviation that is not above 0.")
        if self.kind == "scale" and not all(self.value):
            raise InputError("The scaling 'scale' divides by 0.")
        if self.kind in ("min-max", "clip"):
            low, high = np.broadcast_arrays(self.minimum, self.maximum)
            if np.any(low >= high if self.kind == "min-max" else low > high):
                raise InputError(f"The scaling {self.kind!r} has a maximum that is not above its minimum.")

    @property
    def channels(self) -> int | None:
        """For how many channels constants are given; None: the same for any number."""
        count = max(len(getattr(self, name)) for name in CONSTANTS[self.kind])
        return count if count > 1 else None

    def __call__(self, x: Array) -> Array:
        """Scale (…, C, H, W), single precision, to the same shape."""
        if self.kind == "processing":
            return self._processed(x)
        first, *others = (np.asarray(getattr(self, name), np.float32)[:, None, None] for name in CONSTANTS[self.kind])
        result: Array = _ARITHMETIC[self.kind](x, first, *others)
        return result

    def _processed(self, x: Array) -> Array:
        if len(self.expression) == 1:
            return _formula(self.expression[0])(x)
        parts = [_formula(text)(x[..., index, :, :]) for index, text in enumerate(self.expression)]
        return np.stack(parts, axis=-3)

    def of_channel(self, index: int) -> dict[str, float | str]:
        """The constants of one channel, by name."""
        return {name: values[index if len(values) > 1 else 0]
                for name in CONSTANTS[self.kind] for values in (getattr(self, name),)}


@dataclass(frozen=True)
class Scaling:
    """Steps, done one after the other; none: the values as stored."""

    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        counts = {step.channels for step in self.steps} - {None}
        if len(counts) > 1:
            raise InputError(f"The scaling's steps give constants for {' and '.join(map(str, counts))} channels.")

    @property
    def channels(self) -> int | None:
        """For how many channels constants are given; None: the same for any number."""
        return next((step.channels for step in self.steps if step.channels), None)

    def __call__(self, x: Array) -> Array:
        """Scale bands as stored (…, C, H, W) to what the network takes, the same shape, single precision.

        NaN stays NaN, and a formula gives NaN where it has no value (the logarithm of a negative number): whoever
        feeds a network replaces them.
        """
        if self.channels not in (None, x.shape[-3]):
            raise ValueError(f"{x.shape[-3]} channels, but the scaling's constants are for {self.channels}")
        x = x.astype(np.float32, copy=False)
        for step in self.steps:
            x = step(x)
        return x

    def formula(self, index: int) -> str:
        """All steps of one channel as a single formula of ``A``."""
        whole = Formula("A")
        for step in self.steps:
            constants = step.of_channel(index)
            text = (str(constants["expression"]) if step.kind == "processing"
                    else _AS_FORMULA[step.kind].format(**{k: f"({v!r})" for k, v in constants.items()}))
            whole = Formula(text).after(whole)
        return whole.text


@cache
def _formula(text: str) -> Formula:
    return Formula(text)


_ARITHMETIC: dict[Kind, Callable[..., Array]] = {
    "min-max": lambda x, low, high: (x - low) / (high - low),
    "z-score": lambda x, mean, deviation: (x - mean) / deviation, "clip": np.clip,
    "clip-min": np.maximum, "clip-max": np.minimum, "offset": np.subtract, "scale": np.true_divide,
}
