"""Objects beside their place, or of another shape, are told from those that are gone, and moved only for a reason."""

from contextlib import ExitStack

import numpy as np
import pytest
import shapely
from shapely import affinity, box

from geoloop.core.discrepancies.edges import Edges
from geoloop.core.discrepancies.objects import study
from geoloop.core.feedback import Feedback

from .conftest import houses, judged, judged_town, town

few_errors = pytest.mark.usefixtures("few_errors")


SHIFTED = {5: (4.0, 1.5), 20: (-3.0, 3.0), 47: (0.5, -4.5), 70: (-4.5, -0.5)}
CUT = (8, 31, 66)


def drawn_beside() -> list:
    return [affinity.translate(h, *SHIFTED.get(i, (0, 0))) for i, h in enumerate(town())]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """The town on a map with four houses beside their places and half of three."""
    shapes = drawn_beside()
    for i in CUT:
        x0, y0, _, y1 = shapes[i].bounds
        shapes[i] = box(x0, y0, x0 + 3.5, y1)
    with ExitStack() as stack:
        yield judged_town(stack, tmp_path_factory.mktemp("drawn town"), shapes)


def test_a_house_drawn_beside_its_place_is_shifted_and_moved_back(drawn) -> None:
    real = town()
    moves = {d.target_key: d for d in drawn.found
             if d.kind == "shifted" and d.edit == "move" and d.probability >= 0.3}
    assert {str(i) for i in SHIFTED} <= set(moves)
    for i, (dx, dy) in SHIFTED.items():
        d = moves[str(i)]
        assert (d.dx, d.dy) == pytest.approx((-dx, -dy), abs=0.6)
        there = shapely.from_wkb(d.proposal)
        assert there.intersection(real[i]).area / there.union(real[i]).area > 0.8
        assert "m " in d.evidence["sentence"]
    rivals = [d for d in drawn.found if d.cause in {m.cause for m in moves.values()} and d.kind != "shifted"]
    assert all(d.probability < 0.5 for d in rivals)
    assert not [d for d in drawn.found if d.kind == "missing" and d.probability >= 0.5]


def test_half_a_house_is_reshaped_to_what_is_there(drawn) -> None:
    surest = sorted((d for d in drawn.found if d.kind == "reshaped"), key=lambda d: -d.probability)[:3]
    assert {d.target_key for d in surest} == {str(i) for i in CUT}
    for d in surest:
        better = shapely.from_wkb(d.proposal)
        true = town()[int(d.target_key)]
        assert d.edit == "reshape"
        assert better.is_valid
        assert better.intersection(true).area / better.union(true).area > 0.75


@few_errors
def test_a_layer_of_multipolygons_of_one_part_is_judged_as_one_of_polygons(make_layer, ground_of, evidence_of) -> None:
    shapes = drawn_beside()
    for i in CUT:
        x0, y0, _, y1 = shapes[i].bounds
        shapes[i] = box(x0, y0, x0 + 3.5, y1)
    ground = ground_of([houses(make_layer, [shapely.MultiPolygon([shape]) for shape in shapes])])
    found = judged(ground, evidence_of(ground, town(), [1] * len(shapes)))
    assert {str(i) for i in CUT} <= {d.target_key for d in found if d.kind == "reshaped"}
    assert all(d.evidence["learnt"] for d in found if d.kind in ("shifted", "reshaped"))


@few_errors
def test_of_a_house_of_several_parts_it_is_said_that_no_other_outline_is_drawn(make_layer, ground_of, evidence_of
                                                                             ) -> None:
    shapes = drawn_beside()
    for i in CUT:
        x0, y0, _, y1 = shapes[i].bounds
        shapes[i] = shapely.MultiPolygon([box(x0, y0, x0 + 3.5, y1), box(x0 - 2, y0, x0 - 0.5, y0 + 1.5)])
    ground = ground_of([houses(make_layer, [shapely.MultiPolygon([shape]) if isinstance(shape, shapely.Polygon) else
                                            shape for shape in shapes])])
    found = [d for d in judged(ground, evidence_of(ground, town(), [1] * len(shapes))) if d.kind == "reshaped"]
    of_parts = [d for d in found if d.target_key in {str(i) for i in CUT}]
    assert of_parts
    assert {d.edit for d in of_parts} == {"flag"}
    assert all(d.evidence["sentence"].endswith("It has several parts, and no other outline is drawn of such.")
               for d in of_parts)
    assert not any("several parts" in d.evidence["sentence"] for d in found if d not in of_parts)


@few_errors
def test_a_house_beside_the_imagery_and_larger_than_all_others_is_passed_over(make_layer, ground_of, evidence_of
                                                                              ) -> None:
    real = town()[:9]
    hall = box(499_900, 5_799_000, 500_001, 5_799_980)
    ground = ground_of([houses(make_layer, [*real, hall])])
    found = judged(ground, evidence_of(ground, real, [1] * 9))
    assert "9" not in {d.target_key for d in found}


@few_errors
@pytest.mark.parametrize("least", [0.05, 0.0])
def test_where_imagery_leans_nothing_is_moved_or_reshaped(make_layer, ground_of, evidence_of, least) -> None:
    real = town()
    ground = ground_of([houses(make_layer, drawn_beside(), settings={"off_nadir": True})])
    found = judged(ground, evidence_of(ground, real, [1] * len(real)), least=least)
    assert found
    assert not {d.kind for d in found} & {"shifted", "reshaped", "common_shift"}
    assert all(d.probability > 0 for d in found)


@few_errors
def test_a_layer_that_lies_off_as_a_whole_is_one_finding(make_layer, ground_of, evidence_of) -> None:
    real = town()
    ground = ground_of([houses(make_layer, [affinity.translate(h, 2.4, -1.6) for h in real])])
    found = judged(ground, evidence_of(ground, real, [1] * len(real)))
    common = [d for d in found if d.kind == "common_shift"]
    assert common
    assert all(d.evidence["verdict"] == "undecided" and d.source == "map" and d.class_proposed is None for d in common)
    assert (common[0].dx, common[0].dy) == pytest.approx((-2.4, 1.6), abs=0.4)
    assert not [d for d in found if d.kind in ("shifted", "obsolete", "missing") and d.probability >= 0.5]


@few_errors
def test_a_second_map_that_fits_the_imagery_lays_the_shift_to_the_first(make_layer, ground_of, evidence_of) -> None:
    real = town()
    off = houses(make_layer, [affinity.translate(h, 2.4, -1.6) for h in real])
    fits = make_layer(real, {"nr": list(range(len(real))), "building": ["yes"] * len(real)}, name="cadastre.gpkg",
                      key="nr", settings={"may_edit": False})
    ground = ground_of([off, fits])
    found = judged(ground, evidence_of(ground, real, [1] * len(real)))
    common = [d for d in found if d.kind == "common_shift"]
    assert {(d.evidence["verdict"], d.source, d.target_layer) for d in common} == {("map", "map", "houses")}


@few_errors
@pytest.mark.parametrize(("leans", "verdict"), [(False, "imagery"), (True, "undecided")])
def test_a_map_that_imagery_looks_at_aslant_does_not_prove_the_imagery_off(make_layer, ground_of, evidence_of, leans,
                                                                           verdict) -> None:
    real = town()
    off = [affinity.translate(h, 2.4, -1.6) for h in real]
    second = make_layer(off, {"nr": list(range(len(real))), "building": ["yes"] * len(real)}, name="cadastre.gpkg",
                        key="nr", settings={"may_edit": False, "off_nadir": leans})
    ground = ground_of([houses(make_layer, off), second])
    common = [d for d in judged(ground, evidence_of(ground, real, [1] * len(real))) if d.kind == "common_shift"]
    assert {d.evidence["verdict"] for d in common} == {verdict}


def test_without_a_background_there_are_no_objects(make_layer, ground_of, evidence_of) -> None:
    real = town()
    layer = make_layer(real, {"nr": list(range(len(real))), "use": ["a", "b"] * (len(real) // 2)}, key="nr",
                       settings={"class_field": "use"})
    ground = ground_of([layer], legend="")
    evidence = evidence_of(ground, real, [0, 1] * (len(real) // 2))
    assert study(ground, ground.maps[0], evidence, Edges.of(ground.imagery), 0, Feedback()) is None


def test_a_handful_of_houses_is_judged_by_plain_rules(make_layer, ground_of, evidence_of) -> None:
    real = town()[:9]
    gone = affinity.translate(real[0], 60, -90)
    ground = ground_of([houses(make_layer, [*real, gone])])
    found = judged(ground, evidence_of(ground, real, [1] * len(real)))
    assert {d.target_key for d in found if d.probability >= 0.5} == {"9"}
    assert next(d for d in found if d.target_key == "9").evidence["learnt"] is False
    assert np.isfinite([d.probability for d in found]).all()
