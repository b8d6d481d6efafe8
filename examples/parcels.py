"""Cutting ground into parcels, as streets cut a town into blocks and hedges a plain into fields."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.ops import split

TargetArea = Callable[[Point], float]


def long_axis(polygon: Polygon) -> tuple[float, float, float]:
    """Direction of a polygon's long side (radians from the x axis) with its length and width, in CRS units."""
    corners = shapely.get_coordinates(polygon.minimum_rotated_rectangle)
    sides = corners[1:3] - corners[:2]
    lengths = np.hypot(*sides.T)
    longest = sides[int(lengths.argmax())]
    return float(np.arctan2(longest[1], longest[0])), float(lengths.max()), float(lengths.min())


def cut(polygon: Polygon, rng: np.random.Generator, bend: float, turn_rad: float) -> tuple[list[Polygon], LineString]:
    """Cut a polygon across its long side, near the middle.

    ``bend`` is the largest sag of the cut as a share of its length, ``turn_rad`` its largest angle off the
    perpendicular. Returns the pieces and the cut.
    """
    direction, length, width = long_axis(polygon)
    along = np.array([np.cos(direction), np.sin(direction)])
    turn = direction + np.pi / 2 + rng.uniform(-turn_rad, turn_rad)
    across = np.array([np.cos(turn), np.sin(turn)])
    middle = shapely.get_coordinates(polygon.minimum_rotated_rectangle.centroid)[0]
    start = middle + along * length * rng.uniform(-0.14, 0.14)
    reach = np.linspace(-1.2, 1.2, 13)
    sag = rng.uniform(-bend, bend) * width * (1 - reach**2)
    line = LineString(start + np.outer(reach * (width + 1e-3), across) + np.outer(sag, along))
    pieces = [p for p in split(polygon, line).geoms if p.geom_type == "Polygon" and p.area > 0]
    return pieces, line.intersection(polygon)


def subdivide(
    polygon: Polygon, target_area: TargetArea, rng: np.random.Generator, bend: float = 0.0, turn_rad: float = 0.08
) -> tuple[list[Polygon], list[LineString]]:
    """Cut again and again until each piece is smaller than the target area of its place.

    The size at which a piece is left alone varies by a factor of about two. Returns the pieces and the cuts, the
    first cuts first.
    """
    pieces, cuts = [], []
    waiting = [polygon]
    while waiting:
        piece = waiting.pop(0)
        if piece.area <= target_area(piece.centroid) * rng.lognormal(0.25, 0.35):
            pieces.append(piece)
            continue
        parts, line = cut(piece, rng, bend, turn_rad)
        if len(parts) < 2:
            pieces.append(piece)
            continue
        waiting.extend(parts)
        cuts.append(line)
    return pieces, cuts


def largest(geometry: shapely.Geometry) -> Polygon:
    """The largest polygon of a geometry; an empty polygon if it has none."""
    parts = [p for p in shapely.get_parts(geometry) if p.geom_type == "Polygon"]
    return max(parts, key=lambda p: p.area, default=Polygon())
