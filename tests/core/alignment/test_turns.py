"""Long features that were drawn turned are turned back; nothing else turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from geoloop.core.alignment.align import Alignment, AlignSettings, align
from geoloop.core.alignment.surfaces import translated
from geoloop.core.alignment.turns import turned
from geoloop.core.feedback import Feedback

from .conftest import Scene

Make = Callable[..., Scene]


def aligned(scene: Scene, **settings: object) -> Alignment:
    return align(scene.features, scene.read, scene.grid, Feedback(),
                 AlignSettings(turns=True, **settings))  # type: ignore[arg-type]


def length_by_width(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    corners = [np.asarray(one.minimum_rotated_rectangle.exterior.coords) for one in shapes]
    sides = [(np.hypot(*(c[1] - c[0])), np.hypot(*(c[2] - c[1]))) for c in corners]
    return np.array([max(a, b) / min(a, b) for a, b in sides])


def iou(one: NDArray[np.object_], other: NDArray[np.object_]) -> NDArray[np.float64]:
    return np.asarray(shapely.area(shapely.intersection(one, other)) / shapely.area(shapely.union(one, other)))


def drawn_turned(town: Scene, degrees: float) -> tuple[Scene, NDArray[np.float64]]:
    """Every second of the long houses, drawn turned; what each must be turned by."""
    long = np.flatnonzero(length_by_width(town.features) > 1.7)[::2]
    needed = np.zeros(len(town.features))
    needed[long] = degrees * np.where(np.arange(len(long)) % 2, 1, -1)
    return replace(town, features=turned(town.features, -needed)), needed


def test_long_houses_that_were_drawn_turned_are_turned_back(scene: Make) -> None:
    town, needed = drawn_turned(scene(1, side=1000, amplitude=6.0), 11.0)
    found = aligned(town)
    asked = needed != 0
    assert asked.sum() > 15
    assert np.median(np.abs(found.turn - needed)[asked]) < 2.5
    assert (np.abs(found.turn - needed)[asked] < 4).mean() > 0.8
    assert (found.turn[~asked] != 0).mean() < 0.03
    true = translated(turned(town.features, needed), town.needed)
    shared = [iou(translated(turned(town.features, turn), found.shift)[asked], true[asked]).mean()
              for turn in (found.turn, np.zeros(len(needed)))]
    assert shared[0] > 0.85
    assert shared[0] > shared[1] + 0.08


def test_houses_that_lie_right_are_not_turned(scene: Make) -> None:
    assert (aligned(scene(2, amplitude=6.0)).turn != 0).mean() < 0.02
    assert (aligned(scene(3, terraces=True, amplitude=6.0)).turn != 0).mean() < 0.02


@pytest.mark.parametrize("strength", [0.0, 0.25])
def test_a_weak_model_turns_nothing(scene: Make, strength: float) -> None:
    found = aligned(scene(4, strength=strength, noise=0.3, grain=4.0))
    assert (found.turn != 0).mean() < 0.02


def test_imagery_that_leans_turns_nothing_and_nobody_turns_unasked(scene: Make) -> None:
    town, _ = drawn_turned(scene(1, amplitude=6.0), 11.0)
    assert not aligned(town, off_nadir=True).turn.any()
    assert not align(town.features, town.read, town.grid, Feedback()).turn.any()
