"""What mending an error is worth, and how long looking at it takes: stated constants, and what the ledger says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

GAIN: Mapping[str, float] = {
    "missing": 1.0, "obsolete": 1.0, "wrong_class": 1.0,  # the map says something untrue of the ground: the unit
    "duplicate": 1.0,  # and so does one that stands there twice
    "shifted": 0.8, "reshaped": 0.7,  # the feature is right, its outline is not
    "wrong_value": 0.6, "invalid": 0.5,  # one attribute; found by rule, mended by tools as well
    "field_conflict": 1.2,  # settles what a field visit and two layers say
    "common_shift": 5.0,  # one decision mends a neighbourhood
    "outdated": 0.2,  # no error yet
    "label_patch": 0.25,  # one lesson among thousands of labels: helps the next fit, mends no layer
}
"""What a mended error of a kind is worth, in mended missing or obsolete features."""

ASSUMED_SECONDS = 10.0
"""What is assumed of the seconds that any decision takes, until the ledger has its own: guesses by kind would order the
queue before anybody has looked.
"""
OTHER_GAIN = 1.0
AREA_POWER, AREA_BOUNDS = 0.1, (0.7, 1.5)
"""A feature 16 times larger than is usual in its layer is worth a third more, within bounds: of two that are about as
probable the larger comes first; size alone hardly puts a doubtful one before a sure one. A point is worth as much as a
usual polygon.
"""
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

    def gain(self, kinds: Sequence[str], classes: Sequence[str], size: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the gain (n,) of mending discrepancies of these kinds, classes and sizes (see :func:`relative_size`).
        """
        size = np.clip(size ** AREA_POWER, *AREA_BOUNDS)
        by_kind = {**GAIN, **self.kinds}
        weight = np.array([by_kind.get(k, OTHER_GAIN) * self.classes.get(c, 1.0)
                           for k, c in zip(kinds, classes, strict=True)], np.float64)
        return np.asarray(weight * size)


def relative_size(area_m2: NDArray[np.float64], layers: Sequence[str]) -> NDArray[np.float64]:
    """Return areas (n,) beside what is usual in each one's layer, its median; 1 for what has none (NaN)."""
    size = np.ones(len(area_m2))
    names = np.array(layers, dtype=object)
    for name in set(layers):
        own = (names == name) & (area_m2 > 0)
        if own.any():
            size[own] = area_m2[own] / np.median(area_m2[own])
    return size


def expected_seconds(recorded: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return the seconds that a decision is expected to take, by kind, from recorded (kind, seconds).

    A mean without its lowest and highest tenth, shrunken to :data:`ASSUMED_SECONDS`; pauses are cut to
    :data:`LONGEST_TIMES` as much before. Kinds without records are left out.
    """
    by_kind: dict[str, list[float]] = {}
    for kind, seconds in recorded:
        by_kind.setdefault(kind, []).append(seconds)
    expected = {}
    for kind, values in by_kind.items():
        ordered = np.sort(np.clip(values, LEAST_SECONDS, LONGEST_TIMES * ASSUMED_SECONDS))
        cut = len(ordered) // 10
        middle = ordered[cut:len(ordered) - cut]
        expected[kind] = float((middle.sum() + SECONDS_WEIGHT * ASSUMED_SECONDS) / (len(middle) + SECONDS_WEIGHT))
    return expected
