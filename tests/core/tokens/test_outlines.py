"""An outline keeps what a shape is: size, length, direction, holes, parts."""

import numpy as np
import pytest
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, affinity, box

from geoloop.core.tokens.outlines import MEASURES, POINTS, outlines_of


def measures(shape: shapely.Geometry) -> dict[str, float]:
    return dict(zip(MEASURES, outlines_of(np.array([shape], dtype=object)).measures[0].tolist(), strict=True))


def test_points_lie_evenly_on_all_rings_of_all_parts() -> None:
    ring = Polygon(box(0, 0, 40, 40).exterior.coords, [box(10, 10, 30, 30).exterior.coords])
    shape = MultiPolygon([ring, box(100, 0, 140, 40)])
    found = outlines_of(np.array([shape], dtype=object))
    far = shapely.distance(shapely.points(found.xy[0]), shape.boundary)
    assert far.max() < 1e-4
    length = shape.boundary.length
    assert found.hole[0].mean() == pytest.approx(80 / length, abs=1 / POINTS)
    assert (found.xy[0, :, 0] > 90).mean() == pytest.approx(160 / length, abs=1 / POINTS)
    assert np.allclose(np.linalg.norm(found.tangent[0], axis=-1), 1, atol=1e-5)


def test_what_is_measured_tells_shapes_apart() -> None:
    solid, hollow = box(0, 0, 40, 40), Polygon(box(0, 0, 40, 40).exterior.coords, [box(10, 10, 30, 30).exterior.coords])
    assert measures(solid)["hole_share"] == 0
    assert measures(hollow)["hole_share"] == pytest.approx(0.25)
    assert measures(hollow)["holes"] == 1
    assert measures(MultiPolygon([solid, box(50, 0, 60, 10)]))["parts"] == 2
    assert measures(LineString([(0, 0), (30, 40)]))["length_px"] == pytest.approx(50)
    assert [measures(s)["dimension"] for s in (Point(3, 4), LineString([(0, 0), (1, 1)]), solid)] == [0, 1, 2]


def test_a_ring_says_the_same_wherever_it_begins_and_whichever_way_it_runs() -> None:
    corners = [(0, 0), (30, 0), (30, 10), (12, 10), (12, 25), (0, 25)]
    shapes = [Polygon(corners[i:] + corners[:i]) for i in range(6)] + [Polygon(corners[::-1])]
    found = outlines_of(np.array(shapes, dtype=object))
    assert np.allclose(found.xy, found.xy[0], atol=1e-4)


def test_a_moved_shape_has_moved_points_and_the_same_measures() -> None:
    shape = Polygon([(0, 0), (30, 0), (30, 10), (12, 10), (12, 25), (0, 25)])
    a, b = (outlines_of(np.array([s], dtype=object)) for s in (shape, affinity.translate(shape, 200, -30)))
    assert np.allclose(b.xy - a.xy, (200, -30), atol=1e-3)
    assert np.allclose(a.measures, b.measures, rtol=1e-5)


def test_points_lines_and_third_coordinates_are_welcome() -> None:
    shapes = [Point(1, 2, 9), shapely.MultiPoint([(0, 0), (10, 0)]), LineString([(0, 0, 5), (8, 0, 5)])]
    found = outlines_of(np.array(shapes, dtype=object))
    assert np.allclose(found.xy[0], (1, 2))
    assert not found.tangent[0].any()
    assert set(map(tuple, found.xy[1].tolist())) == {(0.0, 0.0), (10.0, 0.0)}
    assert np.allclose(found.tangent[2], (1, 0))
    assert np.isfinite(found.xy).all()


def test_two_runs_give_the_same_points_to_the_last_digit() -> None:
    shapes = np.array([Point(x, x).buffer(5) for x in range(20)], dtype=object)
    assert np.array_equal(outlines_of(shapes).xy, outlines_of(shapes).xy)


def test_what_has_no_geometry_is_refused() -> None:
    with pytest.raises(ValueError, match="without geometry"):
        outlines_of(np.array([Polygon()], dtype=object))
