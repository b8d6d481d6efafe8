"""Errors put into a layer are found, and what is right is left alone."""

import json
from contextlib import ExitStack
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from affine import Affine
from shapely import affinity, box

from geoloop.core.discrepancies.judge import Remembered
from geoloop.core.feedback import Feedback
from geoloop.core.fusion.weigh import rows, weigh
from geoloop.core.ledger import Discrepancy
from geoloop.core.ledger.schema import EDITS, KINDS
from geoloop.translations import extract

from .conftest import houses, judged, judged_town, town

few_errors = pytest.mark.usefixtures("few_errors")
LACKING = range(40, 44)
FAKES = [affinity.translate(town()[i], 10, -9) for i in (3, 17, 50, 70)]


@pytest.fixture(scope="module")
def flawed(tmp_path_factory):
    """The town on a map that lacks four houses and has four too many."""
    shapes = [house for i, house in enumerate(town()) if i not in LACKING] + FAKES
    with ExitStack() as stack:
        yield judged_town(stack, tmp_path_factory.mktemp("flawed town"), shapes)


def test_a_house_that_the_map_lacks_is_missing(flawed) -> None:
    sure = [d for d in flawed.found if d.kind == "missing" and d.probability >= 0.5]
    assert len(sure) == 4
    for d in sure:
        outline = shapely.from_wkb(d.proposal)
        assert max(outline.intersection(r).area / outline.union(r).area for r in town()[40:44]) > 0.75
        assert (d.edit, d.class_proposed, d.target_key, d.signature) == ("add", "building", None, None)
        assert d.after_values == {"building": "yes"}


@few_errors
def test_a_house_that_the_ground_does_not_show_is_obsolete(make_layer, ground_of, evidence_of) -> None:
    real = town()
    ground = ground_of([houses(make_layer, real + FAKES)])
    found = [d for d in judged(ground, evidence_of(ground, real, [1] * len(real))) if d.kind == "obsolete"]
    surest = found[:4]
    assert {d.target_key for d in surest} == {str(len(real) + i) for i in range(4)}
    assert sum(d.probability for d in surest) > 2.5
    assert all(d.edit == "delete" and d.signature and d.before for d in found)
    assert all(d.probability < 0.3 for d in found[4:])


def test_every_record_is_whole(flawed) -> None:
    assert flawed.found
    assert len({d.uid for d in flawed.found}) == len(flawed.found)
    for d in flawed.found:
        assert d.kind in KINDS
        assert d.edit in EDITS
        assert 0 < d.probability < 1
        assert d.evidence["sentence"].endswith(".")
        assert " ".join(text.format(**gaps) for text, gaps in d.evidence["sentences"]) == d.evidence["sentence"]
        assert {text for text, _ in d.evidence["sentences"]} <= set(extract.texts()), "not translated"
        assert json.dumps(d.evidence)
        assert d.area_m2 > 0
    reliabilities = rows(flawed.ground, weigh(flawed.ground, flawed.evidence, 0, Feedback()))
    assert {r.source for r in reliabilities} == {"imagery", "map"}


def hamlet(make_layer, **more):
    """A map that lacks one of nine houses and has one too many, its last."""
    real = town()[:9]
    return houses(make_layer, [*real[:-1], affinity.translate(real[0], 60, -90)], **more)


def decided(d: Discrepancy, layer: str = "") -> tuple[str, str | None, bytes | None, str]:
    """What a ledger keeps of a discrepancy that was decided upon, of another layer if one is named."""
    return d.kind, d.signature, d.proposal, layer or d.target_layer


def test_what_was_rejected_does_not_come_back(make_layer, ground_of, evidence_of) -> None:
    ground = ground_of([hamlet(make_layer)])
    evidence = evidence_of(ground, town()[:9], [1] * 9)
    first = judged(ground, evidence)
    rejected = [decided(d) for d in first if d.probability >= 0.5]
    assert {kind for kind, *_ in rejected} == {"missing", "obsolete"}
    assert not [d for d in judged(ground, evidence, rejected) if d.probability >= 0.5]
    assert not Remembered([]).hold(first[0])


def test_what_is_decided_of_one_layer_is_still_missing_in_another(make_layer, ground_of, evidence_of) -> None:
    real = town()[:9]
    cadastre = make_layer(real[:-1], {"nr": list(range(8)), "building": ["yes"] * 8}, name="cadastre.gpkg", key="nr")
    ground = ground_of([hamlet(make_layer), cadastre])
    evidence = evidence_of(ground, real, [1] * 9)

    def lacking(**decided) -> list[Discrepancy]:
        return [d for d in judged(ground, evidence, **decided) if d.kind == "missing" and d.probability >= 0.5]

    first = lacking()
    assert {d.target_layer for d in first} == {"houses", "cadastre"}
    of_houses = [decided(d) for d in first if d.target_layer == "houses"]
    assert {d.target_layer for d in lacking(awaiting=of_houses)} == {"cadastre"}
    assert {d.target_layer for d in lacking(rejected=of_houses)} == {"cadastre"}


def test_what_was_rejected_of_a_layer_that_has_another_name_now_does_not_come_back() -> None:
    lacking = Discrepancy(uid="m", source="map", target_layer="houses", kind="missing", edit="add", probability=0.8,
                          proposal=shapely.to_wkb(shapely.box(0, 0, 10, 10)))
    standing = replace(lacking, kind="obsolete", signature="s")
    for d in (lacking, standing):
        assert Remembered([decided(d, "homes")], given={"houses", "roads"}).hold(d)
        assert Remembered([decided(d, "houses")], given={"houses", "roads"}).hold(d)
        assert not Remembered([decided(d, "roads")], given={"houses", "roads"}).hold(d)


@few_errors
def test_what_a_layer_of_points_lacks_is_a_point(make_layer, ground_of, evidence_of) -> None:
    real = town()
    ground = ground_of([houses(make_layer, [house.centroid for i, house in enumerate(real) if i not in LACKING])])
    evidence = evidence_of(ground, real, [1] * len(real))
    found = [d for d in judged(ground, evidence) if d.kind == "missing" and d.probability >= 0.5]
    places = [shapely.from_wkb(d.proposal) for d in found]
    assert [place.geom_type for place in places] == ["Point"] * 4
    assert all(min(place.distance(real[i].centroid) for i in LACKING) < 1.5 for place in places)
    near = [("missing", None, shapely.to_wkb(affinity.translate(place, 0.5, 0.5)), "houses") for place in places]
    assert not [d for d in judged(ground, evidence, near) if d.kind == "missing" and d.probability >= 0.5]


def test_a_road_that_meets_one_that_was_rejected_is_another() -> None:
    def missing(*xy) -> Discrepancy:
        return Discrepancy(uid="m", source="map", target_layer="roads", kind="missing", edit="add", probability=0.8,
                           proposal=shapely.to_wkb(shapely.LineString(xy)))

    memory = Remembered([decided(missing((0, 0), (100, 0)))])
    assert memory.hold(missing((0, 0.8), (100, 0.8)))
    assert not memory.hold(missing((50, -40), (50, 40)))
    assert not memory.hold(missing((100, 0), (200, 0)))


def test_locked_features_are_evidence_only(make_layer, ground_of, evidence_of) -> None:
    ground = ground_of([hamlet(make_layer, settings={"lock": "nr = 8"})])
    found = judged(ground, evidence_of(ground, town()[:9], [1] * 9))
    assert "missing" in {d.kind for d in found if d.probability >= 0.5}
    assert "8" not in {d.target_key for d in found}


def test_features_without_a_key_are_evidence_only(make_layer, ground_of, evidence_of) -> None:
    """So they are there after a push of missing ones: not missing any more, and nothing is said of them."""
    real, fake = town()[:9], affinity.translate(town()[0], 60, -90)
    numbers = pd.array([*range(8), None, None], "Int64")
    layer = make_layer([*real, fake], {"nr": numbers, "building": ["yes"] * 10}, name="houses.gpkg", key="nr")
    ground = ground_of([layer])
    found = judged(ground, evidence_of(ground, real, [1] * 9))
    assert not [d for d in found if d.probability >= 0.5]
    assert not [d for d in found if (d.target_key or "0") not in map(str, range(8))]


def test_what_is_missing_takes_no_name_from_a_neighbour(make_layer, ground_of, evidence_of) -> None:
    shapes = [*town()[:8], affinity.translate(town()[0], 60, -90)]
    layer = make_layer(shapes, {"building": ["yes"] * 9, "other_tags": [
        f'"building"=>"yes","name"=>"Haus {n}","building:levels"=>"{n + 1}"' for n in range(9)]}, name="houses.gpkg")
    ground = ground_of([layer])
    lacking = [d for d in judged(ground, evidence_of(ground, town()[:9], [1] * 9)) if d.kind == "missing"]
    assert {tuple(d.after_values.items()) for d in lacking} == {
        (("building", "yes"), ("other_tags", '"building"=>"yes"'))}


def test_a_layer_that_may_not_be_edited_is_evidence_only(make_layer, ground_of, evidence_of) -> None:
    ground = ground_of([houses(make_layer, [*town(), *FAKES], settings={"may_edit": False})])
    assert judged(ground, evidence_of(ground, town(), [1] * len(town()))) == []


@few_errors
def test_nothing_wrong_nothing_flagged(make_layer, ground_of, evidence_of) -> None:
    real = town()
    ground = ground_of([houses(make_layer, real)])
    assert not [d for d in judged(ground, evidence_of(ground, real, [1] * len(real))) if d.probability >= 0.5]


@few_errors
def test_no_evidence_is_not_evidence_of_absence(make_layer, ground_of, evidence_of) -> None:
    real = town()
    ground = ground_of([houses(make_layer, real)])
    cloud = np.zeros(ground.grid.shape, bool)
    cloud[:, :320] = True
    shown = [0 if r.bounds[0] < 500_128 else 1 for r in real]
    found = judged(ground, evidence_of(ground, real, shown, unseen=cloud))
    assert not [d for d in found if shapely.from_wkb(d.proposal).bounds[2] < 500_120]


FIELDS = [box(500_000 + 200 * c, 5_799_800 - 200 * r, 500_190 + 200 * c, 5_799_990 - 200 * r)
          for r in range(12) for c in range(12)]
COUNTRY = Affine(10, 0, 500_000, 0, -10, 5_800_000)
CROPS = ["meadow", "forest", "water"]


def land(make_layer, said: list[str]):
    return make_layer(FIELDS, {"nr": list(range(len(FIELDS))), "use": said}, name="land.gpkg", key="nr",
                      settings={"class_field": "use"})


def test_a_wrong_class_is_found_and_the_right_one_proposed(make_layer, ground_of, evidence_of) -> None:
    truth = [CROPS[i % 3] for i in range(len(FIELDS))]
    said = list(truth)
    said[10], said[50] = "water", "forest"
    ground = ground_of([land(make_layer, said)], legend="", shape=(245, 245), at=COUNTRY)
    shown = [ground.legend.index(t) for t in truth]
    found = judged(ground, evidence_of(ground, FIELDS, shown, sure=0.8))
    sure = {d.target_key: d for d in found if d.probability >= 0.5}
    assert set(sure) == {"10", "50"}
    assert (sure["10"].class_now, sure["10"].class_proposed) == ("water", truth[10])
    assert sure["10"].after_values == {"use": truth[10]}
    assert sure["10"].before_values == {"use": "water"}
    assert sure["10"].edit == "retag"


@few_errors
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_where_the_imagery_is_sure_that_nothing_stands_classes_stay_probabilities(make_layer, ground_of, evidence_of,
                                                                                 tmp_path) -> None:
    names = ["other", *CROPS]
    legend = tmp_path / "legend.json"
    legend.write_text(json.dumps({
        "background": "other", "classes": [{"code": code, "name": name} for code, name in enumerate(names)],
        "rules": [{"when": {"use": [name]}, "class": name} for name in CROPS]}))
    truth = [CROPS[i % 3] for i in range(len(FIELDS))]
    ground = ground_of([land(make_layer, truth)], legend=str(legend), shape=(245, 245), at=COUNTRY)
    shown = [0 if i == 7 else names.index(name) for i, name in enumerate(truth)]
    found = judged(ground, evidence_of(ground, FIELDS, shown, sure=1 - 1e-12))
    assert [d.target_key for d in found if d.probability >= 0.5] == ["7"]
    assert np.isfinite([*found[0].evidence.get("without_map", {"": 0.0}).values()]).all()


def test_a_visit_that_imagery_and_map_contradict_is_to_be_made_again(make_layer, ground_of, evidence_of) -> None:
    truth = [CROPS[i % 3] for i in range(len(FIELDS))]
    seen = list(truth)
    seen[7] = "water" if truth[7] != "water" else "forest"
    points = make_layer([f.centroid for f in FIELDS], {"nr": list(range(len(FIELDS))), "saw": seen},
                        name="visits.gpkg", key="nr", settings={"class_field": "saw", "accuracy_m": 8.0})
    ground = ground_of([land(make_layer, truth)], [points], legend="", shape=(245, 245), at=COUNTRY)
    shown = [ground.legend.index(t) for t in truth]
    found = judged(ground, evidence_of(ground, FIELDS, shown, sure=0.8))
    sure = [d for d in found if d.kind == "field_conflict" and d.probability >= 0.5]
    assert [(d.source, d.target_key, d.edit, d.class_proposed) for d in sure] == [("field", "7", "revisit", truth[7])]
    assert not [d for d in found if d.kind == "wrong_class" and d.probability >= 0.5]
