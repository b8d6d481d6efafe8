"""The ledger's geometries as things that can be drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from matplotlib.path import Path
from numpy.typing import NDArray

from ..errors import InputError
from ..ledger.wkb import LINESTRING, POLYGON, parts


@dataclass(frozen=True)
class Outline:
    """Areas and lines of one discrepancy, None for mere points; at ``middle`` its sign stands: in the middle of an
    area's box, on a line.
    """

    path: Path | None
    middle: tuple[float, float]


def outlines(shapes: Iterable[tuple[int, bytes]]) -> dict[int, Outline]:
    """Return what can be drawn, by the number that each geometry comes with; empty and unreadable ones are left out."""
    found = {}
    for number, wkb in shapes:
        try:
            pieces = parts(wkb)
        except InputError:  # curves
            continue
        rings = [ring[:, :2] for part in pieces for ring in part.rings]
        vertices = np.concatenate(rings) if rings else np.zeros((0, 2))
        if not len(vertices) or not np.isfinite(vertices).all():
            continue
        drawn = [ring[:, :2] for part in pieces if part.type in (POLYGON, LINESTRING) for ring in part.rings]
        middle = (vertices.min(axis=0) + vertices.max(axis=0)) / 2
        if all(part.type != POLYGON for part in pieces):
            middle = vertices[((vertices - middle) ** 2).sum(axis=1).argmin()]
        found[number] = Outline(_path(drawn) if drawn else None, (float(middle[0]), float(middle[1])))
    return found


def _path(rings: list[NDArray[np.float64]]) -> Path:
    codes = [np.r_[Path.MOVETO, np.full(len(ring) - 1, Path.LINETO)] for ring in rings]
    return Path(np.concatenate(rings), np.concatenate(codes))
