"""Valid geometries from invalid ones."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray


def mended(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return valid geometries: rings repaired, and of what falls apart only the parts of the highest dimension."""
    result = geometries.copy()
    invalid = ~shapely.is_valid(result)
    dimension = shapely.get_dimensions(result)
    result[invalid] = shapely.make_valid(result[invalid])
    mixed = shapely.get_type_id(result) == shapely.GeometryType.GEOMETRYCOLLECTION
    for row in np.flatnonzero(mixed):
        result[row] = _highest(result[row], int(dimension[row]))
    return result


def _highest(geometry: shapely.Geometry, dimension: int) -> shapely.Geometry:
    pieces = _pieces(geometry)
    dimensions = shapely.get_dimensions(pieces)
    parts = pieces[dimensions == min(dimension, int(dimensions.max(initial=-1)))]
    if not len(parts):
        return shapely.GeometryCollection()
    if shapely.get_dimensions(parts[0]) == 0:
        return shapely.multipoints(parts)
    return shapely.union_all(parts)


def _pieces(geometry: shapely.Geometry) -> NDArray[np.object_]:
    pieces = shapely.get_parts([geometry])
    while (shapely.get_type_id(pieces) >= shapely.GeometryType.MULTIPOINT).any():
        pieces = shapely.get_parts(pieces)
    found: NDArray[np.object_] = pieces[~shapely.is_empty(pieces)]
    return found
