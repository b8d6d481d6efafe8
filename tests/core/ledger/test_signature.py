"""One shape, one signature, however it was stored and whoever reads it."""

from __future__ import annotations

import datetime
import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geoloop.core.ledger import attribute_text, signature
from geoloop.core.ledger.signature import _normal_ring, _normal_short_ring

ROOT = Path(__file__).resolve().parents[3]
SYSTEM_PYTHON = Path("/usr/bin/python3")
shapely = pytest.importorskip("shapely")


def can_import(module):
    return SYSTEM_PYTHON.exists() and subprocess.run(
        [str(SYSTEM_PYTHON), "-c", f"import {module}"], capture_output=True, check=False).returncode == 0


@st.composite
def stars(draw):
    """A simple polygon around a centre, perhaps with a hole."""
    x, y = draw(st.floats(-1e6, 1e6)), draw(st.floats(-5e6, 5e6))
    radii = draw(st.lists(st.floats(5, 100), min_size=3, max_size=9))
    angles = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    outer = [(x + r * np.cos(a), y + r * np.sin(a)) for r, a in zip(radii, angles, strict=True)]
    hole = [(x + 0.5 * np.cos(a), y + 0.5 * np.sin(a)) for a in (0, 2, 4)]
    return shapely.Polygon(outer, [hole] if draw(st.booleans()) else [])


def turned(polygon, start, reverse):
    """The same polygon with other start vertices and, if ``reverse``, the other way round."""
    def ring(vertices):
        vertices = list(vertices)[:-1]
        vertices = vertices[start % len(vertices):] + vertices[:start % len(vertices)]
        return vertices[::-1] if reverse else vertices

    return shapely.Polygon(ring(polygon.exterior.coords), [ring(hole.coords) for hole in polygon.interiors[::-1]])


@given(stars(), st.integers(0, 9), st.booleans())
def test_start_and_direction_of_rings_do_not_matter(polygon, start, reverse):
    assert signature(turned(polygon, start, reverse).wkb, {}) == signature(polygon.wkb, {})


@given(st.lists(stars(), min_size=1, max_size=4), st.randoms())
def test_the_order_of_parts_and_single_or_multi_do_not_matter(polygons, random):
    shuffled = random.sample(polygons, len(polygons))
    assert signature(shapely.MultiPolygon(polygons).wkb, {}) == signature(shapely.MultiPolygon(shuffled).wkb, {})
    assert signature(polygons[0].wkb, {}) == signature(shapely.MultiPolygon(polygons[:1]).wkb, {})


CORNER = st.tuples(*[st.one_of(st.integers(-3, 3), st.floats(-1e9, 1e9))] * 3)


@given(st.lists(CORNER, min_size=1, max_size=12), st.booleans(), st.sampled_from([2, 3]))
def test_a_ring_has_one_signature_whichever_way_it_is_computed(corners, closed, dimensions):
    """Touching and collinear rings and repeated vertices too."""
    ring = np.round(np.array([*corners, corners[0]] if closed else corners, float)[:, :dimensions])
    assert _normal_short_ring(ring) == _normal_ring(ring)


def test_heights_that_are_missing_do_not_matter():
    flat, lacking = (shapely.Polygon([(0, 0, z), (9, 0, z), (9, 9, z)]) for z in (0.0, float("nan")))
    assert signature(lacking.wkb, {}) == signature(flat.wkb, {})


@given(stars(), st.floats(0.002, 10), st.integers(0, 9))
def test_a_vertex_that_moved_by_two_millimetres_is_another_shape(polygon, distance, at):
    vertices = list(polygon.exterior.coords)[:-1]
    at %= len(vertices)
    vertices[at] = (vertices[at][0] + distance, vertices[at][1])
    moved = shapely.Polygon(vertices, [hole.coords for hole in polygon.interiors])
    assert signature(moved.wkb, {}) != signature(polygon.wkb, {})


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=1, max_size=6), st.booleans())
def test_a_ring_without_area_has_one_signature_both_ways(vertices, on_a_line):
    ring = [(x, 0 if on_a_line else y) for x, y in vertices]
    assume(len(set(ring)) > 1)
    assert signature(closed_polygon(ring), {}) == signature(closed_polygon(ring[::-1]), {})


def closed_polygon(ring):
    import struct

    ring = [*ring, ring[0]]
    return struct.pack("<BIII", 1, 3, 1, len(ring)) + b"".join(struct.pack("<dd", *vertex) for vertex in ring)


def test_a_repeated_vertex_does_not_matter():
    plain = shapely.Polygon([(0, 0), (4, 0), (4, 4)])
    assert signature(shapely.Polygon([(0, 0), (4, 0), (4, 0), (4, 4)]).wkb, {}) == signature(plain.wkb, {})


def test_byte_order_dialect_and_crs_of_the_binary_do_not_matter():
    shape = shapely.from_wkt("MULTIPOLYGON Z (((0 0 1, 4 0 2, 4 4 3, 0 0 1)))")
    variants = [shapely.to_wkb(shape, flavor=flavor, byte_order=order, include_srid=flavor == "extended")
                for flavor in ("iso", "extended") for order in (0, 1)]
    variants.append(shapely.to_wkb(shapely.set_srid(shape, 4326), flavor="extended", include_srid=True))
    assert len({signature(wkb, {}) for wkb in variants}) == 1


def test_degrees_are_snapped_finer_than_metres():
    here, there = shapely.Point(13.4, 52.5).wkb, shapely.Point(13.40001, 52.5).wkb
    assert signature(here, {}, geographic=True) != signature(there, {}, geographic=True)
    assert signature(here, {}) == signature(there, {})


def test_watched_attributes_count_by_name_and_value_in_any_order():
    assert signature(None, {"a": 1, "b": "x"}) == signature(None, {"b": "x", "a": 1})
    assert signature(None, {"a": 1}) != signature(None, {"b": 1})
    assert signature(None, {"a": 1}) != signature(None, {"a": 2})
    assert signature(None, {}) != signature(None, {"a": None})


@pytest.mark.parametrize("alike", [
    [None, "", float("nan"), np.float64("nan"), np.datetime64("NaT")],
    [1, 1.0, True, np.int32(1), np.float32(1), np.bool_(True), "1"],
    [2.5, np.float64(2.5), "2.5"],
    [1e300, np.float64(1e300)],
    [datetime.date(2024, 5, 17), datetime.datetime(2024, 5, 17), np.datetime64("2024-05-17"), "2024-05-17",
     np.datetime64("2024-05-17T00:00:00.000")],
    [datetime.datetime(2024, 5, 17, 10, 30), datetime.datetime(2024, 5, 17, 10, 30, tzinfo=datetime.UTC),
     datetime.datetime(2024, 5, 17, 12, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=2))),
     np.datetime64("2024-05-17T10:30:00")],
    [b"\x00\x01", bytearray(b"\x00\x01"), memoryview(b"\x00\x01")],
    [["a", 1], ("a", 1), np.array(["a", 1], dtype=object), '["a", 1]'],
    [{"b": 1, "a": [None]}, '{"a": [null], "b": 1}'],
])
def test_one_value_has_one_text_whoever_read_it(alike):
    assert len({attribute_text(value) for value in alike}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [(1, 2), (0, None), (False, None), ("a", "A"), (0.1, 0.1000001), ("[a", "a")]
)
def test_different_values_have_different_texts(one, other):
    assert attribute_text(one) != attribute_text(other)


@pytest.mark.parametrize("driver", ["ESRI Shapefile", "GeoJSON", "FlatGeobuf"])
@settings(max_examples=10)
@given(polygons=st.lists(stars(), min_size=1, max_size=3))
def test_formats_keep_the_signature(tmp_path_factory, driver, polygons):
    geopandas, pyogrio = pytest.importorskip("geopandas"), pytest.importorskip("pyogrio")
    folder = tmp_path_factory.mktemp("formats")
    frame = geopandas.GeoDataFrame({"name": ["Häuser", None, "x"][:len(polygons)], "n": [1, 2, 3][:len(polygons)],
                                    "h": [1.5, 2.0, -3.25][:len(polygons)]}, geometry=polygons, crs=32633)
    frame.geometry = shapely.set_precision(frame.geometry.to_numpy(), 1e-6)
    files = {}
    for name, suffix in (
        ("GPKG", "gpkg"),
        (driver, {"ESRI Shapefile": "shp", "GeoJSON": "geojson"}.get(driver, "fgb")),
    ):
        path = folder / f"a.{suffix}"
        options = {"COORDINATE_PRECISION": 9} if name == "GeoJSON" else {}
        pyogrio.write_dataframe(frame, path, driver=name, **options)
        read = pyogrio.read_dataframe(path)
        files[name] = sorted(signature(row.geometry.wkb, {"name": row["name"], "n": row["n"], "h": row["h"]})
                             for _, row in read.iterrows())
    assert files["GPKG"] == files[driver]


@pytest.mark.skipif(not can_import("numpy"), reason="the system's Python has no NumPy")
@settings(max_examples=5)
@given(st.lists(st.tuples(stars(), st.dictionaries(
    st.text(min_size=1, max_size=5), st.none() | st.integers(-2**53, 2**53) | st.floats(allow_nan=False) | st.text()
    | st.booleans() | st.lists(st.integers(0, 3)), max_size=3)), min_size=40, max_size=41))
def test_both_pythons_agree(cases):
    script = ("import sys, json\nsys.path.insert(0, sys.argv[1])\nfrom geoloop.core.ledger import signature\n"
              "print(json.dumps([signature(bytes.fromhex(w), a) for w, a in json.load(sys.stdin)]))")
    given_cases = [(polygon.wkb.hex(), attributes) for polygon, attributes in cases]
    done = subprocess.run([str(SYSTEM_PYTHON), "-c", script, str(ROOT / ".dev")], input=json.dumps(given_cases),
                          capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [signature(bytes.fromhex(wkb), attributes) for wkb, attributes in given_cases]
