"""Well-known binary in all its dialects."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from geoloop.core.errors import InputError
from geoloop.core.ledger.wkb import POINT, POLYGON, envelope, parts

Z, M, SRID = 0x80000000, 0x40000000, 0x20000000
RING = [(0.0, 0.0), (4.0, 0.0), (4.0, 3.0), (0.0, 0.0)]


def polygon(order: str, code: int, vertices, srid: int | None = None) -> bytes:
    head = struct.pack(f"{order}BI", 1 if order == "<" else 0, code)
    if srid is not None:
        head += struct.pack(f"{order}I", srid)
    return head + struct.pack(f"{order}II", 1, len(vertices)) + b"".join(
        struct.pack(f"{order}{len(v)}d", *v) for v in vertices)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("code", "extra", "kept"), [
    (3, 0, 2), (1003, 1, 3), (2003, 1, 2), (3003, 2, 3), (3 | Z, 1, 3), (3 | M, 1, 2), (3 | Z | M, 2, 3)])
def test_both_dialects_and_byte_orders_with_heights_but_without_measures(order, code, extra, kept):
    vertices = [(*v, *([8.0, 9.0][:extra])) for v in RING]
    (part,) = parts(polygon(order, code, vertices))
    assert part.type == POLYGON
    np.testing.assert_array_equal(part.rings[0], np.array(vertices)[:, :kept])
    assert part.rings[0].dtype == np.float64


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_reference_id_of_the_extended_dialect_is_skipped(order):
    (part,) = parts(polygon(order, 3 | SRID, RING, srid=4326))
    assert part.rings[0].shape == (4, 2)


def test_parts_of_parts_are_flattened():
    one = polygon("<", 3, RING)
    multi = struct.pack("<BII", 1, 6, 2) + one + polygon(">", 3, RING)
    collection = struct.pack(">BII", 0, 7, 2) + multi + struct.pack("<BIdd", 1, 1, 1.0, 2.0)
    assert [part.type for part in parts(collection)] == [POLYGON, POLYGON, POINT]


def test_empty_geometries_have_no_parts():
    nan = float("nan")
    for wkb in (struct.pack("<BIdd", 1, 1, nan, nan), struct.pack("<BII", 1, 3, 0), struct.pack("<BII", 1, 2, 0),
                struct.pack("<BII", 1, 6, 0), struct.pack("<BIII", 1, 3, 1, 0)):
        assert parts(wkb) == []
        assert envelope(wkb) is None


@pytest.mark.parametrize("wkb", [b"", b"\x01", struct.pack("<BII", 1, 3, 1), polygon("<", 3, RING)[:-3],
                                 struct.pack("<BII", 1, 3, 2**31)])
def test_garbage_is_refused(wkb):
    with pytest.raises(InputError, match="not readable"):
        parts(wkb)


def test_curves_are_refused():
    with pytest.raises(InputError, match="curves"):
        parts(struct.pack("<BII", 1, 10, 0))


def test_the_envelope_is_that_of_the_outer_rings():
    assert envelope(polygon("<", 3, RING)) == (0, 0, 4, 3)
