"""From decisions in a ledger to reliabilities: what a decision says of the ground, and what it does not."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from rasterio.features import rasterize
from rasterio.windows import Window

from geoloop.core.feedback import Feedback
from geoloop.core.fusion.evidence import open_evidence
from geoloop.core.fusion.fused import posterior
from geoloop.core.fusion.ground import Ground
from geoloop.core.fusion.regions import Regions
from geoloop.core.fusion.rulings import Rulings
from geoloop.core.fusion.weigh import ACCURACY, believed_wrong, rows, weigh
from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round
from geoloop.core.ledger.amendments import Amendment, record
from geoloop.core.ledger.history import WrongShare
from geoloop.core.ledger.verdicts import Verdict
from geoloop.core.sources.grid import Grid
from geoloop.core.training.selection import UNTOLD

from ..discrepancies.conftest import town

HOUSES = town()


@pytest.fixture
def houses(make_layer: Callable[..., Any], ground_of: Callable[..., Ground]) -> Ground:
    """108 houses on a map; the ground's classes are other and building."""
    return ground_of([make_layer(HOUSES, {"nr": list(range(len(HOUSES))), "building": ["yes"] * len(HOUSES)},
                                 name="houses.gpkg", key="nr")])


@pytest.fixture
def ledger_of(tmp_path: Path) -> Callable[..., Ledger]:
    """A ledger in the ground's CRS with these discrepancies."""
    def make(ground: Ground, found: list[Discrepancy]) -> Ledger:
        ledger = Ledger.create(tmp_path / "loop.gpkg", Crs("UTM", "EPSG", 32633, ground.grid.crs))
        ledger.add_round(Round("flag", 0, {}), (), (), found)
        return ledger

    return make


def flag(number: int, kind: str = "obsolete", edit: str = "delete", **more: Any) -> Discrepancy:
    wkb = shapely.to_wkb(HOUSES[number])
    values: dict[str, Any] = {"proposal": wkb, "before": wkb, "target_key": str(number), "class_now": "building",
                              "class_proposed": None}
    return Discrepancy(uid=f"d{number}", source="map", target_layer="houses", kind=kind, edit=edit, probability=0.5,
                       **(values | more))


def classes_at(ground: Ground, rulings: Rulings) -> list[set[str]]:
    """The classes that each decision leaves possible, part by part."""
    return [{name for name, open_ in zip(ground.legend.names, part.possible, strict=True) if open_}
            for part in rulings.parts()]


def test_a_decision_says_what_stands_where(houses: Ground, ledger_of: Callable[..., Ledger]) -> None:
    moved = shapely.to_wkb(shapely.affinity.translate(HOUSES[3], 2.0, 0.0))
    gap = {"before": None, "target_key": None, "class_now": None, "class_proposed": "building"}
    found = [flag(0), flag(1), flag(2, "missing", "add", **gap), flag(3, "shifted", "move", proposal=moved),
             flag(4, "wrong_value", "set_value"), flag(5, "duplicate", "merge"), flag(6), flag(7), flag(8)]
    with ledger_of(houses, found) as ledger:
        for uid, word in (("d0", "accept"), ("d1", "reject"), ("d2", "accept"), ("d3", "accept"), ("d4", "reject"),
                          ("d5", "accept"), ("d6", "unsure")):
            ledger.decide([uid], word, drawn_as="queue")
        ledger.decide(["d7"], "accept", drawn_as="bulk")
        rulings = Rulings.of(ledger, houses)
    assert classes_at(houses, rulings) == [{"other"}, {"building"}, {"building"}, {"building"}, {"other"}]
    assert [r.layer for r in rulings.all] == ["houses"] * 4
    assert np.isnan([r.chance for r in rulings.all]).all()
    left = rulings.all[3].parts[1].shape
    assert left.area * houses.grid.pixel_area_m2 == pytest.approx(2.0 * 6.0, rel=0.01)


def test_the_newest_word_counts_and_an_unflagged_feature_of_the_audit_speaks(
        houses: Ground, ledger_of: Callable[..., Ledger]) -> None:
    with ledger_of(houses, [flag(0)]) as ledger:
        ledger.decide(["d0"], "accept", drawn_as="queue")
        ledger.decide(["d0"], "reject", drawn_as="audit", inclusion_probability=0.2)
        with ledger.writing() as db:
            db.executemany("INSERT INTO decisions (layer, key, decision, at, drawn_as, inclusion_probability)"
                           " VALUES ('houses', ?, ?, 't', 'audit', 0.1)", [("9", "reject"), ("10", "accept")])
        rulings = Rulings.of(ledger, houses)
    assert classes_at(houses, rulings) == [{"building"}, {"building"}, {"other"}]
    assert [r.chance for r in rulings.all] == [0.2, 0.1, 0.1]


def test_only_places_of_the_audit_are_drawn_and_only_on_ground_that_was_looked_at_anyway(
        houses: Ground, ledger_of: Callable[..., Ledger]) -> None:
    moved = shapely.to_wkb(shapely.affinity.translate(HOUSES[3], 2.0, 0.0))
    gap = {"before": None, "target_key": None, "class_now": None, "class_proposed": "building"}
    found = [flag(0), flag(1), flag(2, "missing", "add", **gap), flag(3, "shifted", "move", proposal=moved)]
    with ledger_of(houses, found) as ledger:
        ledger.decide(["d0"], "accept", drawn_as="queue")
        for uid, word in (("d1", "accept"), ("d2", "accept"), ("d3", "accept")):
            ledger.decide([uid], word, drawn_as="audit", inclusion_probability=0.1)
        rulings = Rulings.of(ledger, houses)
    drawn = rulings.drawn(houses.layers)
    assert drawn is not None
    other, building = (houses.legend.index(name) for name in ("other", "building"))
    assert drawn.said.tolist() == [building, other, building, building]
    assert drawn.possible.argmax(axis=1).tolist() == [other, building, building, other]
    assert drawn.stands_for.tolist() == pytest.approx([10.0] * 4)
    assert len(set(drawn.decision.tolist())) == 3
    house = houses.grid.to_pixels(np.array([HOUSES[3]], dtype=object))[0]
    assert shapely.union_all(drawn.shapes[2:]).area == pytest.approx(house.area), "not where it was moved to"
    assert rulings.drawn(()) is None, "of a layer that no network learns from nothing is asked"


def test_a_proposal_counts_as_the_reviewer_changed_it(houses: Ground, ledger_of: Callable[..., Ledger]) -> None:
    right = shapely.affinity.translate(HOUSES[3], 5.0, 0.0)
    proposed = shapely.to_wkb(shapely.affinity.translate(HOUSES[3], 2.0, 0.0))
    with ledger_of(houses, [flag(3, "shifted", "move", proposal=proposed)]) as ledger:
        ledger.decide(["d3"], "accept", drawn_as="queue")
        with ledger.writing() as db:
            record(db, 1, "d3", Amendment("move", shapely.to_wkb(right)))
        building = Rulings.of(ledger, houses).all[0].parts[0].shape
    assert building.equals_exact(houses.grid.to_pixels(np.array([right], dtype=object))[0], 1e-6)


def test_what_was_judged_is_read_as_it_was_not_as_it_has_been_mended(
        make_layer: Callable[..., Any], ground_of: Callable[..., Ground], evidence_of: Callable[..., Any],
        ledger_of: Callable[..., Ledger]) -> None:
    kept = [n for n in range(len(HOUSES)) if n != 0]
    mended = ground_of([make_layer([HOUSES[n] for n in kept], {"nr": kept, "building": ["yes"] * len(kept)},
                                   name="houses.gpkg", key="nr")])
    evidence = evidence_of(mended, HOUSES, [1] * len(HOUSES))
    with ledger_of(mended, [flag(0)]) as ledger:
        ledger.decide(["d0"], "accept", drawn_as="queue")
        reviews = Rulings.of(ledger, mended).reviews(mended, evidence, Regions.over(mended.grid))
    assert len(reviews) == 1
    building = mended.legend.index("building")
    assert (reviews.said[0][:, building] == 1).all()  # it said building, and was wrong
    assert reviews.possible[:, mended.legend.index("other")].all()
    assert reviews.weight.sum() * mended.grid.pixel_area_m2 == pytest.approx(48, rel=0.01)


def test_ground_that_an_accepted_shift_adds_says_nothing_of_ground_where_all_are_silent(
        houses: Ground, evidence_of: Callable[..., Any], ledger_of: Callable[..., Ledger]) -> None:
    moved = [shapely.affinity.translate(HOUSES[n], 5.0, 0.0) for n in range(60)]
    rim = shapely.box(500_012, 5_799_984, 500_024, 5_799_990)  # half of it bare, as all see it
    gap = {"before": None, "target_key": None, "class_now": None, "class_proposed": "building"}
    found = [flag(n, "shifted", "move", proposal=shapely.to_wkb(moved[n])) for n in range(60)]
    evidence = evidence_of(houses, HOUSES, [1] * 108)
    with ledger_of(houses, [*found, flag(60, "missing", "add", proposal=shapely.to_wkb(rim), **gap)]) as ledger:
        ledger.decide([f"d{n}" for n in range(61)], "accept", drawn_as="queue")
        rulings = Rulings.of(ledger, houses)
    reviews = rulings.reviews(houses, evidence, Regions.over(houses.grid))
    other = houses.legend.index("other")
    silent = (reviews.said[0].argmax(axis=1) == other) & (reviews.q.argmax(axis=1) == other)
    assert not silent.any()
    after = weigh(houses, evidence, 0, Feedback(), rulings)
    assert after.sources[0].matrix[other, other] > 0.9


def test_decisions_make_reliabilities_and_the_ledger_keeps_them(
        make_layer: Callable[..., Any], ground_of: Callable[..., Ground], evidence_of: Callable[..., Any],
        ledger_of: Callable[..., Ledger]) -> None:
    """A third of the houses on the map are gone, and the network, which copied the map, shows them all."""
    houses = ground_of([make_layer(HOUSES, {"nr": list(range(108)), "building": ["yes"] * 108}, name="houses.gpkg",
                                   key="nr")])
    evidence = evidence_of(houses, HOUSES, [1] * 108)
    before = weigh(houses, evidence, 0, Feedback())
    building = houses.legend.index("building")
    with ledger_of(houses, []) as ledger:
        with ledger.writing() as db:
            db.executemany("INSERT INTO decisions (layer, key, decision, at, drawn_as, inclusion_probability)"
                           " VALUES ('houses', ?, ?, 't', 'audit', 0.5)",
                           [(str(n), "accept" if n % 3 == 0 else "reject") for n in range(0, 108, 2)])
        rulings = Rulings.of(ledger, houses)
        after = weigh(houses, evidence, 0, Feedback(), rulings)
        number = ledger.add_round(Round("flag", 0, {}), (), rows(houses, after))
    wrong = [r.counts[1 - building, building] / r.counts[:, building].sum()
             for r in (before.sources[0], after.sources[0])]
    assert wrong[0] < 0.1
    assert wrong[1] == pytest.approx(1 / 3, abs=0.08)
    assert after.echo[0] > 0.3
    true = 36 * 48 / (500 * 640 * houses.grid.pixel_area_m2 - 72 * 48)
    assert after.sources[0].matrix[1 - building, building] == pytest.approx(true, rel=0.35)
    with sqlite3.connect(ledger.path) as db:
        kept = db.execute("SELECT layer, class, region, accuracy, low, high FROM reliability WHERE round = ?"
                          " ORDER BY layer, class", (number,)).fetchall()
    assert [k[:3] for k in kept] == [(layer, name, "") for layer in ("houses", "imagery")
                                     for name in sorted(houses.legend.names)]
    assert all(low <= accuracy <= high for *_, accuracy, low, high in kept)


def test_a_network_that_learnt_the_map_where_it_judges_is_known_by_its_raster(
        houses: Ground, evidence_of: Callable[..., Any], tmp_path: Path) -> None:
    evidence = evidence_of(houses, HOUSES, [1] * 108)
    assert evidence.learnt.cross_fitted
    path = tmp_path / "predicted.tif"
    with rasterio.open(evidence.raster.name) as source:
        profile, values = source.profile, source.read()
    with rasterio.open(path, "w", **profile) as raster:
        raster.write(values)
        raster.descriptions = houses.legend.names
        raster.update_tags(trained_on='["houses"]')
    with open_evidence(path, houses) as predicted:
        assert predicted.learnt.layers == {"houses"}
        assert not predicted.learnt.cross_fitted
        assert weigh(houses, predicted, 0, Feedback()).echo.tolist() == [0.5]


def test_regions_lie_on_the_reference_system_whatever_the_extent() -> None:
    crs = rasterio.crs.CRS.from_epsg(32633).to_wkt()
    whole = Regions.over(Grid(crs, Affine(10, 0, 500_300, 0, -10, 5_800_900), 300, 250, 1.0))
    part = Regions.over(Grid(crs, Affine(10, 0, 501_100, 0, -10, 5_800_400), 100, 100, 1.0))
    names = {whole.name(n) for n in range(whole.count)}
    assert "501000,5799000,502000,5800000" in names
    assert {part.name(n) for n in range(part.count)} <= names
    point = np.array([[20.5, 60.5]])  # 501305, 5799795
    assert part.name(int(part.of(point)[0])) == "501000,5799000,502000,5800000"
    np.testing.assert_array_equal(part.at(Window(20, 60, 1, 1)), part.of(point)[:, None])
    wide = Regions.over(Grid(crs, Affine(100, 0, 0, 0, -100, 9e6), 3000, 2000, 1.0))
    assert wide.count <= 16


def test_outlines_that_lie_off_do_not_outvote_imagery_that_shows_the_houses(
        make_layer: Callable[..., Any], ground_of: Callable[..., Ground], evidence_of: Callable[..., Any]) -> None:
    rng = np.random.default_rng(0)
    drawn = [shapely.affinity.translate(house, *rng.normal(0, 1.8, 2)) for house in HOUSES]
    houses = ground_of([make_layer(drawn, {"nr": list(range(108)), "building": ["yes"] * 108}, name="houses.gpkg",
                                   key="nr")])
    evidence = evidence_of(houses, HOUSES, [1] * 108, sure=0.95)
    window = Window(0, 0, houses.grid.width, houses.grid.height)
    building = houses.legend.index("building")
    true, said = (rasterize([(s, 1) for s in houses.grid.to_pixels(np.array(shapes, dtype=object))],
                            out_shape=houses.grid.shape) == 1 for shapes in (HOUSES, drawn))
    fused = posterior(houses, evidence, weigh(houses, evidence, 0, Feedback()), window).argmax(axis=-1) == building

    def overlap(found: np.ndarray) -> float:
        return float((found & true).sum() / (found | true).sum())

    assert overlap(said) < 0.65
    assert overlap(fused) > overlap(said) + 0.1


def test_labels_are_believed_to_be_wrong_as_estimated_less_what_was_found_since(houses: Ground) -> None:
    def said(number: int, decision: str, kind: str = "obsolete") -> Verdict:
        return Verdict(id=number, uid=f"d{number}", source="map", layer="houses", key=str(number), decision=decision,
                       drawn_as="queue", kind=kind)

    layers, count = houses.layers, len(HOUSES)
    assert believed_wrong(layers, {}, ()) == pytest.approx(1 - ACCURACY["map"])
    estimated = {"houses": WrongShare(10 / count, 1)}
    assert believed_wrong(layers, estimated, [said(1, "accept")]) == pytest.approx(10 / count), "known by then"
    since = [said(2, "accept"), said(3, "accept"), said(4, "reject"), said(5, "unsure"),
             said(6, "accept", "wrong_value")]
    assert believed_wrong(layers, estimated, since) == pytest.approx(8 / (count - 3))
    assert believed_wrong(layers, {"houses": WrongShare(0.01, 0)}, since) == 0.0
    assert believed_wrong(layers, {"houses": WrongShare(0.9, 9)}, since) == UNTOLD
