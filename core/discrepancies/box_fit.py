"""The box that the evidence fills best: what a person would draw where a blob of pixels is all there is to see."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from shapely import affinity

TURNS = 6
SIDE_MAX = 120


def fit_box(values: NDArray[np.floating], start: shapely.Polygon, reach: float) -> tuple[shapely.Polygon, float] | None:
    """Return the upright box, in the frame of the smallest turned rectangle around ``start``, that holds the greatest
    sum of ``values`` (height, width; positive inside an object, negative outside), and that sum; ``start`` in pixels of
    ``values``. Each side moves by at most ``reach`` pixels outward, and never past the middle. None if nothing fits.
    """
    frame = start.minimum_rotated_rectangle
    if not isinstance(frame, shapely.Polygon) or frame.area <= 0:
        return None
    corner = np.asarray(frame.exterior.coords)
    along = corner[1] - corner[0]
    angle = float(np.arctan2(along[1], along[0]))
    middle = np.asarray(frame.centroid.coords[0])
    flat = affinity.rotate(frame, -angle, origin=tuple(middle), use_radians=True)
    x0, y0, x1, y1 = flat.bounds
    left, top = x0 - reach, y0 - reach
    width, height = int(np.ceil(x1 + reach - left)), int(np.ceil(y1 + reach - top))
    if min(x1 - x0, y1 - y0) < 2 or max(width, height) > SIDE_MAX + 2 * reach:
        return None
    v, u = np.mgrid[0:height, 0:width] + 0.5
    dx, dy = u + left - middle[0], v + top - middle[1]
    cos, sin = np.cos(angle), np.sin(angle)
    column, row = middle[0] + cos * dx - sin * dy, middle[1] + sin * dx + cos * dy
    turned = ndimage.map_coordinates(values, [row - 0.5, column - 0.5], order=1, mode="constant", cval=-1.0)
    total = np.pad(turned, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    box = [round(x0 - left), round(y0 - top), round(x1 - left), round(y1 - top)]
    for _ in range(TURNS):
        before = list(box)
        box[0], box[2] = _span(total[box[3]] - total[box[1]])
        box[1], box[3] = _span(total[:, box[2]] - total[:, box[0]])
        if box == before:
            break
    if box[2] - box[0] < 2 or box[3] - box[1] < 2:
        return None
    best = float(total[box[3], box[2]] - total[box[1], box[2]] - total[box[3], box[0]] + total[box[1], box[0]])
    found = shapely.box(box[0] + left, box[1] + top, box[2] + left, box[3] + top)
    return affinity.rotate(found, angle, origin=tuple(middle), use_radians=True), best


def _span(running: NDArray[np.floating]) -> tuple[int, int]:
    """The span of a running sum over which it grows most: where it is lowest before, and highest after."""
    gain = running[None, :] - running[:, None]
    gain[np.tril_indices(len(running))] = -np.inf
    start, stop = np.unravel_index(int(gain.argmax()), gain.shape)
    return int(start), int(stop)
