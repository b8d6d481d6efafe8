"""What a feature looked like, in 40 characters: the one function that both Pythons use.

A flag keeps the signature of the feature it judged; before an edit is applied the feature is asked again. Geometry
counts by shape (snapped, start vertex, ring direction and part order do not matter), attributes by value.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import struct
from collections.abc import Mapping
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .wkb import POLYGON, Part, parts

SHORT = 64
"""Vertices of a ring up to which plain Python is faster than NumPy."""
SNAP_METRES = 1e-3
SNAP_DEGREES = 1e-8

# Logical columns of dBase files are text in older versions of GDAL and true or false in newer ones.
_LOGICAL = {"T": "1", "F": "0"}


def signature(wkb: bytes | None, attributes: Mapping[str, Any], *, geographic: bool = False) -> str:
    """Return the signature of a feature.

    ``wkb`` is its geometry in the layer's own CRS (None: no geometry), ``attributes`` the watched attributes by name.
    Coordinates are snapped to a millimetre, or to 1e-8 degrees where the CRS is ``geographic``.
    """
    digest = hashlib.sha1(usedforsecurity=False)
    snap = SNAP_DEGREES if geographic else SNAP_METRES
    for shape in sorted(_part_bytes(part, snap) for part in (parts(wkb) if wkb else [])):
        digest.update(shape)
    for name in sorted(attributes):
        digest.update(f"\x1f{name}\x1e{attribute_text(attributes[name])}".encode())
    return digest.hexdigest()


def attribute_text(value: Any) -> str:
    """Return a value's text, the same whether pyogrio, PyQGIS or JSON read it; empty text and null are one."""
    if type(value) is str:
        return _text(value)
    if type(value) is int:
        return str(value)
    if type(value) is float and value == value:
        return _number_text(value)
    if value is None or _is_not_equal_to_itself(value):
        return ""
    if isinstance(value, (bool, np.bool_)):
        return str(int(value))
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        return _number_text(float(value))
    if isinstance(value, np.datetime64):
        return attribute_text(value.astype("datetime64[ms]").item())
    if isinstance(value, datetime.datetime):
        return _time_text(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    if isinstance(value, np.ndarray):
        return attribute_text(value.tolist())
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(attribute_text(item) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{k}:{attribute_text(value[k])}" for k in sorted(value)) + "}"
    return _text(str(value))


def value_text(value: Any) -> str:
    """Return a value's text as a person reads it, letter by letter: where :func:`attribute_text` asks whether two
    readers mean one value, a class or a tag called “T” or “F” is no yes or no, and JSON stays as it is written.
    """
    return value if isinstance(value, str) else attribute_text(value)


def key_text(value: Any) -> str:
    """Return the text by which a feature is known: as :func:`attribute_text`, but a key is no yes or no, and “T” and
    “1” are two.
    """
    return value if isinstance(value, str) and value in _LOGICAL else attribute_text(value)


def _number_text(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.12g}"


def _text(text: str) -> str:
    if text[:1] in ("[", "{"):  # one reader hands out JSON as text, another as lists and maps
        try:
            return attribute_text(json.loads(text))
        except ValueError:
            return text
    return _LOGICAL.get(text, text)


def _is_not_equal_to_itself(value: Any) -> bool:
    """Whether a scalar is one of the missing values NaN and NaT, which readers also hand out as times."""
    return isinstance(value, (float, np.floating, np.datetime64, datetime.datetime)) and bool(value != value)


def _time_text(value: datetime.datetime) -> str:
    """Return a time in UTC, to the millisecond; a midnight is a date, since some readers know no other dates."""
    if value.tzinfo is not None:  # one reader keeps the offset, another turns to UTC
        value = value.astimezone(datetime.UTC).replace(tzinfo=None)
    value = value.replace(microsecond=value.microsecond // 1000 * 1000)
    return (value.date() if value.time() == datetime.time() else value).isoformat()


def _part_bytes(part: Part, snap: float) -> bytes:
    rings = [np.rint(ring / snap) for ring in part.rings]
    if part.type == POLYGON:
        outer, *holes = [_normal_short_ring(ring) if len(ring) <= SHORT and _is_tame(ring)
                         else _normal_ring(_without_gaps(ring)) for ring in rings]
        ordered = [outer, *sorted(holes)]
    else:
        ordered = [_integer_bytes(_without_gaps(ring)) for ring in rings]
    return bytes([part.type]) + b"".join(len(ring).to_bytes(4, "little") + ring for ring in ordered)


def _is_tame(ring: NDArray[np.float64]) -> bool:
    """Whether all values are numbers that eight bytes hold."""
    return bool((np.abs(ring) < 2.0**62).all())


def _without_gaps(ring: NDArray[np.float64]) -> NDArray[np.float64]:
    # heights that are missing are no numbers, and equal nothing
    return np.nan_to_num(ring, nan=0.0, posinf=0.0, neginf=0.0)


def _normal_ring(ring: NDArray[np.float64]) -> bytes:
    """Open the ring, drop repeated vertices, turn it counter-clockwise, start at its smallest vertex."""
    open_ring = ring[:-1] if len(ring) > 1 and (ring[0] == ring[-1]).all() else ring
    keep = (open_ring != np.roll(open_ring, 1, axis=0)).any(axis=1)
    if keep.any():
        open_ring = open_ring[keep]
    x, y = (open_ring[:, :2] - open_ring[0, :2]).T
    doubled_area = float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
    if doubled_area == 0:  # neither way round is counter-clockwise
        return min(_from_smallest(open_ring), _from_smallest(open_ring[::-1]))
    return _from_smallest(open_ring if doubled_area > 0 else open_ring[::-1])


def _normal_short_ring(ring: NDArray[np.float64]) -> bytes:
    """As :func:`_normal_ring`, without NumPy's cost a call, which is most of the time where vertices are few."""
    rows: list[tuple[float, ...]] = [tuple(row) for row in ring.tolist()]
    if len(rows) > 1 and rows[0] == rows[-1]:
        rows.pop()
    rows = [row for row, before in zip(rows, [rows[-1], *rows[:-1]], strict=True) if row != before] or rows
    x0, y0 = rows[0][:2]
    doubled_area = 0.0
    for one, other in zip(rows, [*rows[1:], rows[0]], strict=True):
        doubled_area += (one[0] - x0) * (other[1] - y0) - (other[0] - x0) * (one[1] - y0)
    ways = [rows[::-1]] if doubled_area < 0 else [rows] if doubled_area > 0 else [rows, rows[::-1]]
    smallest, form = min(rows), f"<{len(rows) * len(rows[0])}q"
    return bytes([len(rows[0])]) + min(
        struct.pack(form, *map(int, chain.from_iterable((*way[start:], *way[:start]))))
        for way in ways for start, row in enumerate(way) if row == smallest)


def _from_smallest(open_ring: NDArray[np.float64]) -> bytes:
    smallest = np.flatnonzero((open_ring == open_ring[np.lexsort(open_ring.T[::-1])[0]]).all(axis=1))
    return min(_integer_bytes(np.roll(open_ring, -start, axis=0)) for start in smallest)


def _integer_bytes(values: NDArray[np.float64]) -> bytes:
    whole = values.astype("<i8")
    return bytes([whole.shape[1]]) + whole.tobytes()
