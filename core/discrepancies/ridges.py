"""Centre lines of what is long and narrow in the imagery: crests of a class's probability."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

SMOOTH_PX = 2.0
ROUND = ndimage.generate_binary_structure(2, 2)


def crest(p: NDArray[np.floating], least: float) -> NDArray[np.bool_]:
    """Return the pixels (height, width), in lines one wide, where ``p`` is at least ``least`` and higher than to either
    side.
    """
    smooth = ndimage.gaussian_filter(np.nan_to_num(p).astype(np.float64), SMOOTH_PX)
    highest = _highest(smooth) & (smooth >= least)
    return thin(ndimage.binary_dilation(highest) & (smooth >= least))


def lines_of(crest: NDArray[np.bool_], length: float) -> list[shapely.LineString]:
    """Return the lines, in pixels (x right, y down) and at least ``length`` pixels long, that a crest (height, width)
    makes: of what hangs together the longest way through it, then the longest through what is left, and so on.
    """
    found: list[shapely.LineString] = []
    left = crest.copy()
    while True:
        labels, _ = ndimage.label(left, structure=ROUND)
        before = len(found)
        for number, where in enumerate(ndimage.find_objects(labels), start=1):
            rows, columns = np.nonzero(labels[where] == number)
            long_enough = len(rows) >= max(length / 2, 2)
            path = _longest(rows, columns) if long_enough else np.zeros(0, np.intp)
            rows, columns = rows + where[0].start, columns + where[1].start
            line = shapely.LineString(np.stack([columns[path], rows[path]], axis=1) + 0.5 if len(path) > 1 else None)
            if line.length < length or line.is_empty:
                left[rows, columns] = False
                continue
            left[rows[path], columns[path]] = False
            found.append(line.simplify(1.0))
        if len(found) == before:
            return found


def _highest(smooth: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where a surface is highest across the direction in which it bends down most (its Hessian's)."""
    dy, dx = np.gradient(smooth)
    dyy, dyx = np.gradient(dy)
    _, dxx = np.gradient(dx)
    angle = 0.5 * np.arctan2(2 * dyx, dxx - dyy)
    cos, sin = np.cos(angle), np.sin(angle)
    one = dxx * cos**2 + 2 * dyx * cos * sin + dyy * sin**2
    other = dxx * sin**2 - 2 * dyx * cos * sin + dyy * cos**2
    first = one < other
    nx, ny = np.where(first, cos, -sin), np.where(first, sin, cos)
    bend, slope = np.minimum(one, other), dx * nx + dy * ny
    return np.asarray((bend < -1e-4) & (np.abs(slope) <= 0.6 * np.abs(bend)))


def thin(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Thin a mask to lines one pixel wide that hang together as it does (Zhang and Suen 1984)."""
    image = np.pad(mask, 1)
    while True:
        before = int(image.sum())
        for odd in (True, False):
            n = [np.roll(image, shift, (0, 1)) for shift in
                 ((1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1))]
            around = sum(a.astype(np.int8) for a in n)
            turns = sum((~n[k] & n[(k + 1) % 8]).astype(np.int8) for k in range(8))
            if odd:
                ends = ~(n[0] & n[2] & n[4]) & ~(n[2] & n[4] & n[6])
            else:
                ends = ~(n[0] & n[2] & n[6]) & ~(n[0] & n[4] & n[6])
            image &= ~(image & (around >= 2) & (around <= 6) & (turns == 1) & ends)
        if int(image.sum()) == before:
            return np.asarray(image[1:-1, 1:-1])


def _longest(rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.intp]:
    """The longest of the shortest paths through pixels that touch: from the end farthest from any to that farthest."""
    number = {(int(r), int(c)): k for k, (r, c) in enumerate(zip(rows, columns, strict=True))}
    pairs = [(k, number[r + a, c + b], float(np.hypot(a, b))) for (r, c), k in number.items()
             for a, b in ((0, 1), (1, -1), (1, 0), (1, 1)) if (r + a, c + b) in number]
    if not pairs:
        return np.zeros(1, np.intp)
    i, j, length = (np.array(column) for column in zip(*pairs, strict=True))
    graph = coo_array((length, (i, j)), shape=(len(rows), len(rows))).tocsr()
    far = dijkstra(graph, directed=False, indices=0)
    start = int(np.where(np.isfinite(far), far, -1).argmax())
    far, back = dijkstra(graph, directed=False, indices=start, return_predecessors=True)
    at = int(np.where(np.isfinite(far), far, -1).argmax())
    path = [at]
    while back[path[-1]] >= 0:
        path.append(int(back[path[-1]]))
    return np.array(path, np.intp)
