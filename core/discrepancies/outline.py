"""From a patch of pixels to an outline that a person would draw."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import shapes
from scipy import ndimage
from shapely import affinity
from shapely.geometry import shape

LEAST_OVERLAP = 0.85


def outline(mask: NDArray[np.bool_], top: int, left: int) -> shapely.Polygon:
    """Return the outline of the largest patch of a mask in pixels (x right, y down), ``top`` and ``left`` being the
    mask's place: the smallest turned rectangle, shrunk to the patch's area, where it covers the patch well
    (intersection over union at least ``LEAST_OVERLAP``), else the patch simplified by a pixel and a half, holes of a
    few pixels filled.
    """
    labels, number = ndimage.label(mask)
    if number > 1:
        mask = labels == np.bincount(labels.ravel())[1:].argmax() + 1
    raw = affinity.translate(shape(next(shapes(mask.astype(np.uint8), mask=mask))[0]), left, top)
    raw = shapely.Polygon(raw.exterior, [ring for ring in raw.interiors if shapely.Polygon(ring).area > 16])
    box = raw.minimum_rotated_rectangle
    shrink = float(np.sqrt(raw.area / max(box.area, 1e-9)))
    for candidate in (affinity.scale(box, shrink, shrink), raw.simplify(1.5), raw.simplify(0.7)):
        if isinstance(candidate, shapely.Polygon) and candidate.is_valid and overlap(raw, candidate) >= LEAST_OVERLAP:
            return candidate
    return raw


def overlap(a: shapely.Geometry, b: shapely.Geometry) -> float:
    """Intersection over union of two areas, 0 to 1."""
    shared = a.intersection(b).area
    return float(shared / (a.area + b.area - shared))
