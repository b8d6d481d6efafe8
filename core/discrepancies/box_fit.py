"""The box that the evidence fills best: what a person would draw where a blob of pixels is all there is to see."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from .frame import Frame

TURNS = 6
EDGE_WEIGHT = 1.0
"""A pixel of outline on a sharp edge counts as much as so many pixels of area that are surely inside."""


def fit_box(values: NDArray[np.floating], start: shapely.Polygon, reach: float,
            tensor: NDArray[np.float32] | None = None) -> tuple[shapely.Polygon, float] | None:
    """Return the upright box, in the frame of the smallest turned rectangle around ``start``, that holds the greatest
    sum of ``values`` (height, width; positive inside an object, negative outside) with its sides on the sharpest edges,
    and the sum that it holds; ``start`` in pixels of ``values``. Each side moves by at most ``reach`` pixels outward,
    and never past the middle. ``tensor`` (3, height, width) are the imagery's edges, none by default. None if nothing
    fits.
    """
    frame = Frame.around(start, reach)
    if frame is None:
        return None
    flat = frame.sample(values, -1.0)
    total, upright, level = np.zeros((3, frame.shape[0] + 1, frame.shape[1] + 1))
    total[1:, 1:] = flat.cumsum(axis=0).cumsum(axis=1)
    if tensor is not None:
        columns, rows = frame.edges(tensor)
        upright[1:] = EDGE_WEIGHT * columns.cumsum(axis=0)
        level[:, 1:] = EDGE_WEIGHT * rows.cumsum(axis=1)
    box = list(frame.box)
    for _ in range(TURNS):
        before = list(box)
        box[0], box[2] = _span(total[box[3]] - total[box[1]], upright[box[3]] - upright[box[1]])
        box[1], box[3] = _span(total[:, box[2]] - total[:, box[0]], level[:, box[2]] - level[:, box[0]])
        if box == before:
            break
    if box[2] - box[0] < 2 or box[3] - box[1] < 2:
        return None
    x0, y0, x1, y1 = box
    held = float(total[y1, x1] - total[y0, x1] - total[y1, x0] + total[y0, x0])
    return frame.back(shapely.box(x0, y0, x1, y1)), held


def _span(running: NDArray[np.floating], edge: NDArray[np.floating]) -> tuple[int, int]:
    """The span of a running sum over which it grows most, its two ends on sharp edges."""
    gain = (running + edge)[None, :] - (running - edge)[:, None]
    gain[np.tril_indices(len(running))] = -np.inf
    start, stop = np.unravel_index(int(gain.argmax()), gain.shape)
    return int(start), int(stop)
