"""Numbers with their intervals as other jobs write them down: a number, [value, low, high], or an object."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Estimate:
    """A value; ``low`` and ``high`` are None where no interval is known."""

    value: float
    low: float | None = None
    high: float | None = None


def estimate(given: Any) -> Estimate | None:
    """Read an estimate; None where there is none."""
    if isinstance(given, dict):
        given = [given.get(name) for name in ("estimate", "low", "high")]
    numbers = given if isinstance(given, (list, tuple)) else [given]
    if len(numbers) not in (1, 3) or not all(_is_number(one) for one in numbers):
        return None
    return Estimate(*map(float, numbers))


def estimates(given: Any) -> dict[str, Estimate]:
    """Read estimates by name, leaving out what is none."""
    if not isinstance(given, dict):
        return {}
    return {str(name): one for name, value in given.items() if (one := estimate(value)) is not None}


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
