"""Values that the rest speaks against are found; names, identifiers and what nobody can know are left alone."""

import numpy as np
import pytest
from heard import Heard

from geoloop.core.discrepancies.pooling import pool
from geoloop.core.discrepancies.wrong_value import find, judged_columns, typing_slips
from geoloop.core.feedback import Feedback

from .conftest import town

COUNT = 108


@pytest.fixture
def valued(make_layer, ground_of, evidence_of):
    def make(columns, **more):
        real = town()
        layer = make_layer(real, {"nr": list(range(COUNT)), "building": ["yes"] * COUNT, **columns}, key="nr", **more)
        ground = ground_of([layer])
        evidence = evidence_of(ground, real, [1] * COUNT)
        pooled = pool(evidence, ground.maps[0].support, (), Feedback())
        return ground, find(ground, ground.maps[0], pooled, 1, 0.05, 0, Feedback())
    return make


def test_a_number_far_off_what_the_others_tell_is_flagged(valued) -> None:
    floors = np.array([1 + i % 5 for i in range(COUNT)])
    height = floors * 3.0 + np.random.default_rng(0).normal(0, 0.2, COUNT)
    height[17], height[60] = 90.0, 0.4
    _, found = valued({"floors": floors.tolist(), "height": height.tolist()})
    sure = {d.target_key: d for d in found if d.evidence["attribute"] == "height" and d.probability >= 0.5}
    assert set(sure) == {"17", "60"}
    assert sure["17"].before_values["height"] == pytest.approx(90)
    assert "usual deviations" in sure["17"].evidence["sentence"]
    assert (sure["17"].edit, sure["17"].after_values) == ("set_value", {"height": pytest.approx(9)})


def test_a_category_that_goes_with_another_attribute_is_set_right(valued) -> None:
    material = ["wood" if i % 2 else "stone" for i in range(COUNT)]
    roof = ["shingle" if m == "wood" else "slate" for m in material]
    roof[31] = "slate"
    _, found = valued({"material": material, "roof": roof})
    sure = [d for d in found if d.probability >= 0.4 and d.evidence["attribute"] == "roof"]
    assert [(d.target_key, d.edit, d.after_values) for d in sure] == [("31", "set_value", {"roof": "shingle"})]


def test_a_slip_of_the_pen_is_seen(valued) -> None:
    material = ["concrete" if i % 3 else "brick" for i in range(COUNT)]
    material[4] = "concerte"
    _, found = valued({"material": material})
    slip = next(d for d in found if d.target_key == "4")
    assert slip.after_values == {"material": "concrete"}
    assert slip.probability > 0.8


def test_a_common_slip_is_one_beside_a_much_commoner_word() -> None:
    texts = np.array(["concrete"] * 300 + ["concerte"] * 20 + ["Wood"] * 60 + ["wooden"] * 40, dtype=object)
    found = typing_slips(np.arange(len(texts)), texts, "material")
    assert {slip.proposed for slip in found.values()} == {"concrete"}
    assert set(found) == set(range(300, 320))


def test_numbers_in_a_value_are_never_a_slip() -> None:
    texts = np.array(["type 12"] * 20 + ["type 13"], dtype=object)
    assert typing_slips(np.arange(21), texts, "type") == {}


def test_names_identifiers_and_dates_are_not_judged(make_layer, ground_of) -> None:
    layer = make_layer(town(), {
        "nr": list(range(COUNT)), "building": ["yes"] * COUNT, "name": [f"House of {i}" for i in range(COUNT)],
        "ref": list(range(1000, 1000 + COUNT)), "seen": ["2020-01-02", "2021-03-04"] * (COUNT // 2),
        "levels": [1 + i % 3 for i in range(COUNT)], "few": [1.5] + [None] * (COUNT - 1)}, key="nr")
    ground = ground_of([layer])
    assert judged_columns(ground, ground.maps[0]) == ["levels"]


def test_columns_that_repeat_the_imagerys_bands_are_not_judged(make_layer, ground_of, evidence_of) -> None:
    some, real, heard = [0.1 + 0.5 * (i % 7) for i in range(COUNT)], town(), Heard()
    layer = make_layer(real, {"building": ["yes"] * COUNT, "Band_01": some, "NDVI": some, "b9": some,
                                "b1": ["yes", "no"] * (COUNT // 2), "height": some})
    ground = ground_of([layer])
    assert [band.name for band in ground.imagery.bands] == ["band 1"]
    assert judged_columns(ground, ground.maps[0]) == ["b9", "b1", "height"]
    pooled = pool(evidence_of(ground, real, [1] * COUNT), ground.maps[0].support, (), Feedback())
    find(ground, ground.maps[0], pooled, 1, 0.05, 0, heard)
    assert any("Band_01, NDVI are called as the imagery's bands are and not judged" in line for line in heard.lines)


def test_noise_that_nothing_explains_brings_no_flags(valued) -> None:
    rng = np.random.default_rng(1)
    _, found = valued({"height": rng.normal(8, 1, COUNT).tolist(), "colour": rng.choice(["a1", "b2"], COUNT).tolist()})
    assert not [d for d in found if d.probability >= 0.5]


def test_a_number_with_a_digit_too_many_is_written_as_it_was(valued) -> None:
    """In text, as QGIS reads the tags of OpenStreetMap, and in a column of whole numbers with gaps."""
    storeys = [1 + (i // 3) % 9 for i in range(COUNT)]
    wrong = {20: 70, 45: 70, 83: 10}
    said = [wrong.get(i, n) for i, n in enumerate(storeys)]
    known = [n + 0.1 for n in storeys]
    _, found = valued({"storeys": [str(n) for n in said], "seen": known})
    sure = {int(d.target_key): d for d in found if d.evidence["attribute"] == "storeys" and d.probability >= 0.5}
    assert set(sure) == set(wrong)
    assert {key: d.after_values for key, d in sure.items()} == {
        key: {"storeys": str(n // 10)} for key, n in wrong.items()}
    assert "would fit" in sure[20].evidence["sentence"]


def test_a_speed_of_another_scale_is_a_slip(valued) -> None:
    """Steps of a scale are categories, but a step that nobody else has may be one with a digit too many."""
    speed = [30 if i % 2 else 50 for i in range(COUNT)]
    kind = ["street" if s == 30 else "road" for s in speed]
    speed[9], speed[50] = 300, 30
    _, found = valued({"maxspeed": speed, "sort": kind})
    sure = {int(d.target_key): d.after_values for d in found
            if d.evidence["attribute"] == "maxspeed" and d.probability >= 0.5}
    assert sure == {9: {"maxspeed": 30}, 50: {"maxspeed": 50}}
