"""One thing is called wrong once: rivals share a cause and never claim more than one error together."""

import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from geoloop.core.discrepancies.causes import LARGEST_SUM, linked
from geoloop.core.ledger import Discrepancy


def said(kind: str, probability: float, cause: str, place, edit: str = "flag", **evidence: float) -> Discrepancy:
    return Discrepancy(uid=f"{kind} {cause}", source="map", target_layer="houses", kind=kind, edit=edit,
                       probability=probability, proposal=shapely.to_wkb(place), cause=cause,
                       target_key=None if kind == "missing" else cause, evidence=evidence)


def test_what_is_missing_where_a_shifted_house_belongs_is_one_finding() -> None:
    found = linked([said("missing", 0.8, "m", box(0, 0, 10, 10)),
                    said("shifted", 0.9, "h", box(1, 0, 11, 10), "move"),
                    said("obsolete", 0.05, "h", box(9, 9, 19, 19))])
    by_kind = {d.kind: d for d in found}
    assert by_kind["missing"].cause == "h"
    assert by_kind["missing"].probability < 0.3
    assert by_kind["shifted"].probability == 0.9
    assert by_kind["shifted"].probability + by_kind["obsolete"].probability <= LARGEST_SUM


def test_a_house_that_may_belong_elsewhere_does_not_explain_what_is_missing_here() -> None:
    def beside(place: float) -> Discrepancy:
        return linked([said("missing", 0.8, "m", box(0, 0, 10, 10)),
                       said("shifted", 0.95, "h", box(1, 0, 11, 10), "move", place_probability=place)])[0]

    sure, either, hardly = (beside(place) for place in (0.9, 0.5, 0.1))
    assert 0.3 < sure.probability < either.probability < hardly.probability < 0.8
    assert (sure.cause, either.cause, hardly.cause) == ("h", "m", "m")


def test_the_strip_that_a_shifted_house_leaves_uncovered_is_no_second_finding() -> None:
    found = linked([said("missing", 0.9, "m", box(0, 0, 2, 10)), said("shifted", 0.97, "h", box(0, 0, 10, 10), "move"),
                    said("missing", 0.9, "n", box(-4, 0, 1, 10))])
    assert [d.cause for d in found] == ["h", "h", "n"]
    assert found[0].probability < 0.3
    assert found[2].probability == 0.9


def test_a_road_is_as_wide_where_the_system_counts_in_feet() -> None:
    def beside(metres_per_unit: float) -> Discrepancy:
        road, beside_it = (shapely.LineString([(0, y / metres_per_unit), (90 / metres_per_unit, y / metres_per_unit)])
                           for y in (0, 2))
        return linked([said("missing", 0.8, "m", road), said("shifted", 0.9, "h", beside_it, "move")],
                      metres_per_unit)[0]

    assert beside(1.0).cause == beside(0.3048).cause == "h"


def test_what_is_missing_elsewhere_stands_for_itself() -> None:
    found = linked([said("missing", 0.8, "m", box(50, 50, 60, 60)),
                    said("shifted", 0.9, "h", box(1, 0, 11, 10), "move")])
    assert {(d.kind, d.cause, d.probability) for d in found} == {("missing", "m", 0.8), ("shifted", "h", 0.9)}


def test_a_twin_is_not_obsolete_as_well() -> None:
    found = {d.kind: d.probability for d in linked([
        said("duplicate", 0.995, "h", box(0, 0, 9, 9), "merge"),
        said("obsolete", 0.6, "h", box(0, 0, 9, 9), "delete")])}
    assert found["duplicate"] == 0.995
    assert found["obsolete"] < 0.01


@given(st.lists(st.tuples(st.sampled_from(["obsolete", "shifted", "reshaped", "wrong_class"]), st.floats(0.01, 0.97)),
                min_size=1, max_size=4, unique_by=lambda pair: pair[0]))
def test_rivals_never_sum_to_more_than_one(claims) -> None:
    found = linked([said(kind, p, "h", box(0, 0, 9, 9)) for kind, p in claims])
    assert sum(d.probability for d in found) <= 1
    order = [kind for kind, _ in sorted(claims, key=lambda pair: -pair[1])]
    assert max(found, key=lambda d: d.probability).probability == next(
        d.probability for d in found if d.kind == order[0])
