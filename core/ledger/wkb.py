"""Well-known binary to vertices, with NumPy alone: both Pythons must read a geometry alike, whatever their GEOS.

Reads the ISO and the extended (PostGIS) dialect, either byte order, and every type without curves. Heights are kept;
measures (M) are not: one of the two Pythons never gets to see them.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError

POINT, LINESTRING, POLYGON, MULTIPOINT, MULTILINESTRING, MULTIPOLYGON, COLLECTION = range(1, 8)
_SINGLE = {MULTIPOINT: POINT, MULTILINESTRING: LINESTRING, MULTIPOLYGON: POLYGON}


@dataclass(frozen=True)
class Part:
    """A point, line or polygon: ``rings`` are arrays (vertices, dimensions); points and lines have one."""

    type: int
    rings: tuple[NDArray[np.float64], ...]


def parts(wkb: bytes) -> list[Part]:
    """Return the single parts of a geometry, empty ones left out. Raises :class:`InputError` for curves and garbage."""
    try:
        found, _ = _read(memoryview(wkb), 0)
    except (struct.error, IndexError, ValueError) as error:
        raise InputError("A geometry is not readable well-known binary.") from error
    return found


def dimension(wkb: bytes) -> int:
    """Return 0 for points, 1 for lines, 2 for areas and for collections, which may hold some; the head says it."""
    (code,) = struct.unpack_from("<I" if wkb[0] == 1 else ">I", wkb, 1)
    return {POINT: 0, MULTIPOINT: 0, LINESTRING: 1, MULTILINESTRING: 1}.get((code & 0x0FFFFFFF) % 1000, 2)


def envelope(wkb: bytes) -> tuple[float, float, float, float] | None:
    """Return xmin, ymin, xmax, ymax, or None for an empty geometry."""
    rings = [ring for part in parts(wkb) for ring in part.rings[:1]]
    if not rings:
        return None
    xy = np.concatenate([ring[:, :2] for ring in rings])
    (xmin, ymin), (xmax, ymax) = xy.min(axis=0), xy.max(axis=0)
    return float(xmin), float(ymin), float(xmax), float(ymax)


def _read(data: memoryview, at: int) -> tuple[list[Part], int]:
    order = "<" if data[at] == 1 else ">"
    (code,) = struct.unpack_from(f"{order}I", data, at + 1)
    at += 5
    if code & 0x20000000:  # the extended dialect's spatial reference id
        at += 4
    z, m = bool(code & 0x80000000), bool(code & 0x40000000)
    plain = code & 0x0FFFFFFF
    kind = plain % 1000
    z, m = z or plain // 1000 in (1, 3), m or plain // 1000 in (2, 3)
    dimensions = 2 + z, 2 + z + m
    if kind == POINT:
        xy, at = _vertices(data, at, 1, dimensions, order)
        return ([] if np.isnan(xy[0, :2]).any() else [Part(POINT, (xy,))]), at
    (count,) = struct.unpack_from(f"{order}I", data, at)
    at += 4
    if kind == LINESTRING:
        xy, at = _vertices(data, at, count, dimensions, order)
        return ([Part(LINESTRING, (xy,))] if count else []), at
    if kind == POLYGON:
        rings = []
        for _ in range(count):
            (n,) = struct.unpack_from(f"{order}I", data, at)
            ring, at = _vertices(data, at + 4, n, dimensions, order)
            if n:
                rings.append(ring)
        return ([Part(POLYGON, tuple(rings))] if rings else []), at
    if kind in _SINGLE or kind == COLLECTION:
        found: list[Part] = []
        for _ in range(count):
            inner, at = _read(data, at)
            found += inner
        return found, at
    raise InputError("A geometry has curves or an unknown type; convert it to straight segments first.")


def _vertices(
    data: memoryview, at: int, count: int, dimensions: tuple[int, int], order: str
) -> tuple[NDArray[np.float64], int]:
    """Read ``count`` vertices; of their dimensions (how many to keep, how many there are) measures fall away."""
    kept, stored = dimensions
    size = 8 * count * stored
    if at + size > len(data):
        raise ValueError("truncated")
    flat = np.frombuffer(data[at:at + size], dtype=f"{order}f8")
    return flat.reshape(count, stored)[:, :kept].astype(np.float64), at + size
