"""The turn of features that are longer than wide, where they clearly fit better turned.

A shift is told from everything under a feature, a turn from its ends alone: of a house as long as wide it cannot be
told, and of others only where the imagery is sharp. So a turn is taken only if it is worth more than turns are seldom,
and several times what turning gains in the layer by chance.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from ..feedback import Feedback
from ..sources.grid import Grid
from .own import Trust
from .peaks import peak, value_at
from .stencils import cut
from .surfaces import Explained, Read, correlate, translated

ANGLES = (-15.0, -10.0, -5.0, 0.0, 5.0, 10.0, 15.0)
"""Degrees, from rightward to downward. What is turned by more is another shape."""
LONG = 1.6
"""So many times as long as wide a feature must be."""
REACH_PX = 3
LEAST_END_PX = 1.0
"""A turn must move the ends of a feature by so much."""
SELDOM, WAYS = 0.1, 2
"""The share of features that is thought to be turned before anything is seen, by one of two ways round: angles beside
each other say the same.
"""
BY_CHANCE = 4.0
"""A gain must be so many times the middle one of the layer."""


def turned(shapes: NDArray[np.object_], degrees: NDArray[np.float64]) -> NDArray[np.object_]:
    """Turn each of n geometries about its middle by an angle of its own (n,), from the first axis to the second."""
    xy, of = shapely.get_coordinates(shapes, return_index=True)
    middle = np.asarray(shapely.get_coordinates(shapely.centroid(shapes)).reshape(-1, 2))[of]
    cos, sin = np.cos(np.radians(degrees))[of], np.sin(np.radians(degrees))[of]
    dx, dy = (xy - middle).T
    there = np.stack([cos * dx - sin * dy, sin * dx + cos * dy], axis=1) + middle
    return np.asarray(shapely.set_coordinates(shapely.force_2d(shapes), there))


def find(shapes: NDArray[np.object_], shift: NDArray[np.float64], sure: NDArray[np.bool_], trust: Trust, read: Read,
         labels: NDArray[np.intp], grid: Grid, ring_px: float, feedback: Feedback
         ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return by how many degrees each of n ``shapes`` (pixels) is to be turned after its ``shift`` (n, 2), 0 where it
    is not, and by what it is to be shifted further then (n, 2). Only those ``sure`` (n,) of their place are asked.
    """
    turn, further = np.zeros(len(shapes)), np.zeros((len(shapes), 2))
    rows = np.flatnonzero(sure)
    length, width = _sides(shapes[rows])
    rows, length = rows[(length >= LONG * width)], length[length >= LONG * width]
    if not len(rows):
        return turn, further
    placed = translated(shapes, shift)
    ways = np.tile(rows, len(ANGLES))
    asked = turned(placed[ways], np.repeat(ANGLES, len(rows)))
    explained = Explained.by(placed, labels, ((np.zeros((len(shapes), 2)), np.ones(len(shapes))),), ways)
    surfaces = correlate(cut(asked, ring_px, grid, REACH_PX), len(asked), read, labels[ways], reach=REACH_PX, grid=grid,
                         explained=explained, feedback=feedback)
    found = surfaces.of(np.arange(len(asked)))
    moves = peak(found)
    contrast = np.nan_to_num(value_at(found, moves)).reshape(len(ANGLES), len(rows))
    gain, best = _best(contrast, np.array(ANGLES))
    usual = float(np.median(gain))
    least = max(np.log(WAYS / SELDOM) / trust.beta, BY_CHANCE * usual)
    ends = length / 2 * np.sin(np.radians(np.abs(best)))
    taken = (gain > least) & (ends >= LEAST_END_PX)
    nearest = np.abs(best[:, None] - np.array(ANGLES)).argmin(axis=1)
    turn[rows[taken]] = best[taken]
    further[rows[taken]] = moves.reshape(len(ANGLES), len(rows), 2)[nearest, np.arange(len(rows))][taken]
    return turn, further


def _sides(shapes: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The longer and the shorter side (n,) of each shape's smallest turned rectangle."""
    corners = np.full((len(shapes), 3, 2), 0.0)
    for at, rectangle in enumerate(shapely.oriented_envelope(shapes)):
        if isinstance(rectangle, shapely.Polygon) and not rectangle.is_empty:
            corners[at] = np.asarray(rectangle.exterior.coords)[:3]
    sides = np.hypot(*np.moveaxis(np.diff(corners, axis=1), -1, 0))
    return sides.max(axis=1), np.maximum(sides.min(axis=1), 1e-9)


def _best(contrast: NDArray[np.float64], angles: NDArray[np.float64]
          ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How much the best angle between those tried gains over none, and that angle, of contrasts (angles, n)."""
    fine = np.arange(angles[0], angles[-1] + 0.5)
    between = CubicSpline(angles, contrast, axis=0)(fine)
    at = between.argmax(axis=0)
    return between[at, np.arange(contrast.shape[1])] - contrast[angles == 0][0], fine[at]
