"""Lines found in pieces: which pieces continue each other, and the line that they make together.

A long road is broken where others cross it. Two of its pieces face each other across the gap: both ends point along it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

BEND = np.cos(np.radians(30.0))
"""A line goes on where it bends by no more than this, from its end into the gap and from the gap into the next line."""
TOUCHING = 3.0
"""In a gap no longer than this the direction cannot be told."""

Chain = list[tuple[int, bool]]
"""Lines by number, in the order in which they follow each other; whether each runs the other way."""


def chains(lines: Sequence[shapely.LineString], reach: float, back: float) -> list[Chain]:
    """Return chains of ``lines`` (n,) that continue each other across gaps of up to ``reach``; every line is in one
    chain, most are alone. An end points as the last ``back`` of its line does, and goes on in one line: of several
    ways the straightest.
    """
    at, out = _ends(lines, back)
    follows: dict[int, int] = {}
    group = np.arange(len(lines))
    for one, other in _ways(at, out, reach):
        a, b = group[one // 2], group[other // 2]
        if one in follows or other in follows or a == b:  # a line that closed into a ring would have no end
            continue
        follows |= {one: other, other: one}
        group[group == b] = a
    found: list[Chain] = []
    done: set[int] = set()
    for first in range(2 * len(lines)):
        if first in follows or first // 2 in done:
            continue
        end: int | None = first
        chain: Chain = []
        while end is not None:
            chain.append((end // 2, end % 2 == 1))
            end = follows.get(end ^ 1)
        done |= {number for number, _ in chain}
        found.append(chain)
    return found


def strung(lines: Sequence[shapely.LineString], chain: Chain) -> shapely.LineString:
    """Return the one line that a chain of ``lines`` makes, straight across the gaps."""
    parts = [shapely.get_coordinates(lines[number])[::-1 if turned else 1] for number, turned in chain]
    return shapely.LineString(np.concatenate(parts))


def _ends(lines: Sequence[shapely.LineString], back: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The ends (2n, 2), first and last of each line, and the unit directions (2n, 2) in which they point."""
    every = np.array(lines, dtype=object)
    length = shapely.length(every)
    inner = np.minimum(back, length)
    at, before = (np.stack([shapely.get_coordinates(shapely.line_interpolate_point(every, where)) for where in both],
                           axis=1).reshape(-1, 2)
                  for both in ((np.zeros(len(every)), length), (inner, length - inner)))
    return at, _unit(at - before)


def _ways(at: NDArray[np.float64], out: NDArray[np.float64], reach: float) -> list[tuple[int, int]]:
    """Pairs of ends that may be joined, the straightest first."""
    points = shapely.points(at)
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=reach)
    one, other = (ends[(one < other) & (one // 2 != other // 2)] for ends in (one, other))
    gap = at[other] - at[one]
    ahead, behind = (np.einsum("ij,ij->i", out[ends], sign * _unit(gap)) for ends, sign in ((one, 1), (other, -1)))
    straight = -np.einsum("ij,ij->i", out[one], out[other])
    near = np.hypot(*gap.T) <= TOUCHING
    worst = np.minimum(straight, np.where(near, 1.0, np.minimum(ahead, behind)))
    order = np.argsort(-worst, kind="stable")
    return [(int(one[k]), int(other[k])) for k in order if worst[k] >= BEND]


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(vectors / np.maximum(np.hypot(*vectors.T), 1e-9)[:, None])
