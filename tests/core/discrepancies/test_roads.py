"""Roads are judged as lines: those that the ground shows and the map lacks, and those with nothing under them."""

import json

import numpy as np
import pytest
import shapely
from heard import Heard
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.features import rasterize
from scipy import ndimage
from shapely import LineString, affinity
from shapely.ops import substring

from geoloop.core.discrepancies import missing_roads, obsolete_roads
from geoloop.core.discrepancies.continued import chains, strung
from geoloop.core.discrepancies.judge import judge
from geoloop.core.discrepancies.pooling import pool
from geoloop.core.discrepancies.ridges import crest, lines_of, thin
from geoloop.core.feedback import Feedback
from geoloop.core.fusion.weigh import weigh

LEFT, TOP = 500_000.0, 5_800_000.0


def road(x0, y0, x1, y1) -> LineString:
    return LineString([(LEFT + x0, TOP - y0), (LEFT + x1, TOP - y1)])


STREETS = [road(10, 20 + 20 * k, 240, 20 + 20 * k) for k in range(9)]


@pytest.fixture
def legend(tmp_path) -> str:
    path = tmp_path / "roads.json"
    path.write_text(json.dumps({
        "name": "roads", "background": "other", "min_area_m2": 20, "resolution_m": 0.4,
        "classes": [{"code": 0, "name": "other", "color": "#ffffff"}, {"code": 1, "name": "road", "color": "#444444"}],
        "rules": [{"when": {"highway": ["*"]}, "class": "road"}]}))
    return str(path)


@pytest.fixture
def judged(make_layer, ground_of, evidence_of, legend):
    def run(drawn, shown):
        layer = make_layer(drawn, {"nr": list(range(len(drawn))), "highway": ["track"] * len(drawn)}, key="nr")
        ground = ground_of([layer], legend=legend)
        evidence = evidence_of(ground, [line.buffer(3) for line in shown], [1] * len(shown))
        pooled = pool(evidence, ground.maps[0].support, (), Feedback())
        return (missing_roads.find(ground, ground.maps[0], evidence, 1, 0.05, Feedback()),
                obsolete_roads.find(ground, ground.maps[0], evidence, pooled, 1, 0, 0.05, Feedback()))
    return run


def test_a_road_that_the_map_lacks_is_drawn_as_a_line(judged) -> None:
    lacking, gone = judged(STREETS[:4] + STREETS[5:], STREETS)
    sure = [d for d in lacking if d.probability >= 0.5]
    assert len(sure) == 1
    line = shapely.from_wkb(sure[0].proposal)
    assert line.geom_type == "LineString"
    assert line.hausdorff_distance(STREETS[4]) < 8
    assert not [d for d in gone if d.probability >= 0.5]


def test_a_long_missing_road_is_one_finding_whatever_it_crosses_and_however_the_ground_is_read(
        judged, monkeypatch) -> None:
    monkeypatch.setattr(missing_roads, "BLOCK", 300)
    crossing, corner = road(70, 20, 90, 180), LineString([(LEFT + 200, TOP - 90), (LEFT + 200, TOP - 110)])
    lacking, _ = judged(STREETS[::2], [*STREETS[::2], crossing, corner])
    sure = [d for d in lacking if d.probability >= 0.5]
    assert len(sure) == 1
    line = shapely.from_wkb(sure[0].proposal)
    assert line.hausdorff_distance(crossing) < 8
    assert sure[0].evidence["length_m"] == pytest.approx(line.length, abs=0.1)


def test_lines_go_on_in_the_straightest_that_their_ends_face() -> None:
    east, bent = LineString([(0, 0), (40, 0)]), LineString([(60, 6), (90, 24)])
    beyond, aside = LineString([(100, 1), (60, 1)]), LineString([(50, 10), (50, 40)])
    lines = [aside, east, bent, beyond]
    assert chains(lines, 30, 8.0) == [[(0, False)], [(1, False), (3, True)], [(2, False)]]
    assert strung(lines, [(1, False), (3, True)]).equals(LineString([(0, 0), (40, 0), (60, 1), (100, 1)]))
    assert chains(lines, 15, 8.0) == [[(k, False)] for k in range(4)]


def test_lines_that_would_close_into_a_ring_stay_open() -> None:
    ring = shapely.Point(0, 0).buffer(100, quad_segs=32).exterior
    quarters = [substring(ring, k / 4, (k + 0.9) / 4, normalized=True) for k in range(4)]
    (chain,) = chains(quarters, 30, 5.0)
    assert sorted(number for number, _ in chain) == [0, 1, 2, 3]
    assert not strung(quarters, chain).is_closed


def test_a_road_with_nothing_under_it_is_obsolete(judged) -> None:
    lacking, gone = judged([*STREETS, road(20, 30, 200, 30)], STREETS)
    assert {d.target_key for d in gone if d.probability >= 0.5} == {"9"}
    assert "Along the line" in next(d for d in gone if d.target_key == "9").evidence["sentence"]
    assert not [d for d in lacking if d.probability >= 0.5]


def test_a_road_drawn_beside_its_place_is_not_missing_and_not_obsolete(judged) -> None:
    lacking, gone = judged([STREETS[0], road(10, 43.5, 240, 43.5), *STREETS[2:]], STREETS)
    assert not [d for d in [*lacking, *gone] if d.probability >= 0.5]


@pytest.fixture
def found(make_layer, ground_of, evidence_of, legend):
    def run(drawn, shown, **more):
        layer = make_layer(drawn, {"nr": list(range(len(drawn))), "highway": ["track"] * len(drawn)}, key="nr", **more)
        ground = ground_of([layer], legend=legend)
        evidence = evidence_of(ground, [line.buffer(3) for line in shown], [1] * len(shown))
        return judge(ground, evidence, weigh(ground, evidence, 0, Feedback()), number=1, seed=0, min_probability=0.05,
                     rejected=[], feedback=Feedback())
    return run


LANES = [road(20 + 27 * k, 12, 26 + 27 * k, 188) for k in range(8)] + STREETS[::4]
BESIDE = {1: (6.0, 0.2), 6: (-7.5, 0.0)}


def test_a_road_drawn_beside_its_place_is_moved_there_and_nothing_else_is_said_of_it(found) -> None:
    drawn = [affinity.translate(lane, *BESIDE.get(k, (0, 0))) for k, lane in enumerate(LANES)]
    sure = [d for d in found(drawn, LANES) if d.probability >= 0.5]
    assert {(d.kind, d.edit, d.target_key) for d in sure} == {("shifted", "move", str(k)) for k in BESIDE}
    for d in sure:
        moved, true = shapely.from_wkb(d.proposal), LANES[int(d.target_key)]
        assert moved.geom_type == "LineString"
        assert moved.hausdorff_distance(true) < 1.5
        assert d.dx == pytest.approx(-BESIDE[int(d.target_key)][0], abs=1.2)
        assert "m west of its line" in d.evidence["sentence"] or "m east of its line" in d.evidence["sentence"]


def test_roads_in_their_place_are_not_shifted_nor_is_one_moved_onto_another(found) -> None:
    gone = road(29.5, 15, 35.5, 185)
    sure = [d for d in found([*LANES, gone], LANES) if d.probability >= 0.5]
    assert [(d.kind, d.target_key) for d in sure] == [("obsolete", str(len(LANES)))]


def test_roads_that_lie_off_all_alike_are_not_shifted_one_by_one(found) -> None:
    drawn = [affinity.translate(lane, 4.0, 3.0) for lane in LANES]
    assert not [d for d in found(drawn, LANES) if d.kind == "shifted" and d.probability >= 0.5]


def test_where_imagery_looks_aslant_no_road_is_moved(found) -> None:
    drawn = [affinity.translate(lane, *BESIDE.get(k, (0, 0))) for k, lane in enumerate(LANES)]
    assert not [d for d in found(drawn, LANES, settings={"off_nadir": True}) if d.kind == "shifted"]


def test_lines_that_mean_areas_and_areas_that_are_roads_are_taken_for_what_they_are(
        make_layer, ground_of, evidence_of, legend) -> None:
    yard = LineString(shapely.box(LEFT + 20, TOP - 60, LEFT + 40, TOP - 40).exterior)
    square = STREETS[6].buffer(4, cap_style="flat")
    drawn = [*STREETS[:6], square, *STREETS[7:], yard]
    layer = make_layer(drawn, {"nr": list(range(len(drawn))), "highway": ["track"] * 9 + ["service"],
                               "area": [None] * 9 + ["yes"]}, key="nr")
    ground = ground_of([layer], legend=legend)
    roads = ground.maps[0]
    assert roads.rings.tolist() == [False] * 9 + [True]
    assert roads.lines.sum() == 8
    assert roads.support[9].area * ground.grid.pixel_area_m2 == pytest.approx(400, rel=0.01)
    evidence = evidence_of(ground, [*(line.buffer(3) for line in STREETS), shapely.Polygon(yard)], [1] * 10)
    said = Heard()
    found = judge(ground, evidence, weigh(ground, evidence, 0, Feedback()), number=1, seed=0, min_probability=0.05,
                  rejected=[], feedback=said)
    assert not [d for d in found if d.probability >= 0.5]
    assert "1 closed lines mean areas" in " ".join(said.lines)


@settings(max_examples=20)
@given(st.floats(0, 180))
def test_a_ridge_runs_along_the_middle_whatever_its_direction(angle: float) -> None:
    middle = shapely.affinity.rotate(LineString([(20, 75), (130, 75)]), angle)
    p = ndimage.gaussian_filter(rasterize([(middle.buffer(6), 0.9)], out_shape=(150, 150), dtype="float32"), 1.5)
    found = lines_of(crest(p, 0.4), 40)
    assert len(found) == 1
    assert found[0].buffer(3).intersection(middle).length > 0.8 * middle.length


def test_every_road_of_a_network_becomes_a_line_not_the_longest_way_alone() -> None:
    middles = [LineString([(10, 40 * k), (190, 40 * k)]) for k in range(1, 5)]
    middles.append(LineString([(100, 10), (100, 190)]))
    shown = rasterize([(m.buffer(5), 0.9) for m in middles], out_shape=(200, 200), dtype="float32")
    found = shapely.union_all(lines_of(crest(ndimage.gaussian_filter(shown, 1.5), 0.4), 30)).buffer(4)
    assert all(found.intersection(m).length > 0.85 * m.length for m in middles)


def test_a_missing_road_that_joins_others_is_found(judged) -> None:
    avenues = [road(10, y, 240, y) for y in (20, 95, 170)]
    links = [road(60, 20, 60, 170), road(150, 20, 150, 170)]
    lacking, _ = judged([*avenues, links[0]], [*avenues, *links])
    parts = [shapely.from_wkb(d.proposal) for d in lacking if d.probability >= 0.4]
    assert shapely.union_all(parts).buffer(6).intersection(links[1]).length > 0.95 * links[1].length
    assert all(part.hausdorff_distance(links[1]) < 80 and part.distance(links[1]) < 4 for part in parts)
    ends = [shapely.Point(part.coords[k]) for part in parts for k in (0, -1)]  # led on to the roads that it joins
    assert all(min(end.distance(a) for a in avenues) < 0.01 for end in ends)


def test_a_thin_line_stays_whole() -> None:
    mask = np.zeros((40, 40), bool)
    mask[10:16, 5:35] = True
    line = thin(mask)
    assert ndimage.label(line, structure=np.ones((3, 3)))[1] == 1
    assert 20 <= line.sum() <= 34


def test_a_road_that_ends_on_a_sliver_is_not_led_on_to_it() -> None:
    line = LineString([(381.8, 144.9), (191.9, 81.6)])
    sliver = shapely.Polygon([(175.68039610373884, 75.90790021216067), (174.319458953447, 75.90790021142399),
                              (174.564015364117, 75.90790021155638)])
    drawn = np.array([sliver], dtype=object)
    assert missing_roads._joined(line, drawn, shapely.STRtree(drawn), 18.0).equals(line)
