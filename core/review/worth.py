"""What mending an error is worth, and how long looking at it takes: stated constants, and what the ledger says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

GAIN: Mapping[str, float] = {
    "missing": 1.0, "obsolete": 1.0, "wrong_class": 1.0,  # the map says something untrue of the ground: the unit
    "shifted": 0.8, "reshaped": 0.7,  # the feature is right, its outline is not
    "wrong_value": 0.6, "duplicate": 0.6, "invalid": 0.5,  # one attribute; found by rule, mended by tools as well
    "field_conflict": 1.2,  # settles what a field visit and two layers say
    "common_shift": 5.0,  # one decision mends a neighbourhood
    "outdated": 0.2,  # no error yet
    "label_patch": 0.5,  # helps the next fit, mends no layer
}
"""What a mended error of a kind is worth, in mended missing or obsolete features."""

SECONDS: Mapping[str, float] = {
    "missing": 8.0, "obsolete": 8.0, "duplicate": 8.0, "invalid": 8.0, "label_patch": 8.0,  # one look
    "shifted": 10.0, "wrong_class": 12.0, "outdated": 10.0,  # compare two states
    "reshaped": 15.0, "wrong_value": 15.0, "field_conflict": 20.0, "common_shift": 30.0,  # read, or look around
}
"""What is assumed of the seconds that a decision takes, until the ledger has its own; not measured."""

OTHER_GAIN, OTHER_SECONDS = 1.0, 12.0
USUAL_AREA_M2 = 100.0
"""The area of a usual house: where size neither adds nor takes away."""
AREA_POWER, AREA_BOUNDS = 0.25, (0.5, 4.0)
"""A 16 times larger feature is worth twice as much, within bounds: large ones matter more, but not by their area."""
SECONDS_WEIGHT = 5.0
"""The assumed seconds count like this many decisions."""
LONGEST_TIMES = 10.0
"""Longer than this many times the assumed seconds, a reviewer has gone for coffee."""
LEAST_SECONDS = 1.0


@dataclass(frozen=True)
class Worth:
    """``kinds`` and ``classes`` overrule or weight the gain by kind and by class name."""

    kinds: Mapping[str, float] = field(default_factory=dict)
    classes: Mapping[str, float] = field(default_factory=dict)

    def gain(self, kinds: Sequence[str], classes: Sequence[str], area_m2: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the gain (n,) of mending discrepancies of these kinds, classes and areas (NaN: without one)."""
        size = np.clip((np.where(area_m2 > 0, area_m2, USUAL_AREA_M2) / USUAL_AREA_M2) ** AREA_POWER, *AREA_BOUNDS)
        by_kind = {**GAIN, **self.kinds}
        weight = np.array([by_kind.get(k, OTHER_GAIN) * self.classes.get(c, 1.0)
                           for k, c in zip(kinds, classes, strict=True)], np.float64)
        return np.asarray(weight * size)


def expected_seconds(recorded: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return the seconds that a decision is expected to take, by kind, from recorded (kind, seconds).

    A mean without its lowest and highest tenth, shrunken to what is assumed; pauses are cut to
    :data:`LONGEST_TIMES` the assumed seconds before.
    """
    by_kind: dict[str, list[float]] = {}
    for kind, seconds in recorded:
        by_kind.setdefault(kind, []).append(seconds)
    expected = dict(SECONDS)
    for kind, values in by_kind.items():
        assumed = SECONDS.get(kind, OTHER_SECONDS)
        ordered = np.sort(np.clip(values, LEAST_SECONDS, LONGEST_TIMES * assumed))
        cut = len(ordered) // 10
        middle = ordered[cut:len(ordered) - cut]
        expected[kind] = float((middle.sum() + SECONDS_WEIGHT * assumed) / (len(middle) + SECONDS_WEIGHT))
    return expected
