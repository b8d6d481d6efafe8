"""Old is old only beside something newer, and never an error: a visit is asked for."""

import numpy as np
import pytest

from geoloop.core.discrepancies.outdated import HALF_LIFE_YEARS, find, half_life, unread, years

from .conftest import town


def judged(make_layer, ground_of, dates, wrong=None):
    real = town(5, 4)
    layer = make_layer(real, {"nr": list(range(20)), "building": ["yes"] * 20, "day": dates}, key="nr",
                       settings={"date_field": "day"})
    ground = ground_of([layer])
    return find(ground, ground.maps[0], np.full(20, np.nan) if wrong is None else wrong, 1, 0.05)


def test_features_much_older_than_the_rest_are_to_be_visited(make_layer, ground_of) -> None:
    found = judged(make_layer, ground_of, ["1999-05-01"] * 3 + ["2024-05-01"] * 17)
    assert {d.target_key for d in found} == {"0", "1", "2"}
    assert {d.edit for d in found} == {"revisit"}
    assert all(d.probability > 0.5 and "1999-05-01" in d.evidence["sentence"] for d in found)


def test_a_date_that_lies_ahead_makes_nothing_old(make_layer, ground_of) -> None:
    assert judged(make_layer, ground_of, ["9999-12-31"] + ["2024-05-01"] * 19) == []


def test_without_dates_or_with_one_nothing_is_old(make_layer, ground_of) -> None:
    assert judged(make_layer, ground_of, [None] * 20) == []
    assert judged(make_layer, ground_of, ["1999-05-01"] * 20) == []


def test_a_class_that_changes_fast_is_old_sooner() -> None:
    age = np.full(200, 5.0)
    assert half_life(age, np.full(200, np.nan)) == pytest.approx(HALF_LIFE_YEARS)
    assert half_life(age, np.full(200, 0.6)) < HALF_LIFE_YEARS / 1.5
    assert half_life(age, np.zeros(200)) > HALF_LIFE_YEARS * 1.5


def test_dates_are_read_as_written() -> None:
    assert years(["2020", "2020-07", "2020-07-01T10:00:00Z", "01.07.2020", "soon", None])[:4] == pytest.approx(
        [2020, 2020.5, 2020.5, 2020.5], abs=0.01)
    assert np.isnan(years(["soon", None, "9999-12-31"])).all()
    assert years(["20200701"]) == pytest.approx([2020.5], abs=0.01)
    assert unread(["soon", "2020", None, "", "9999-12-31", "soon"]) == ["9999-12-31", "soon"]


def test_days_of_dots_come_first_with_or_without_a_time() -> None:
    dates = ["30.6.2020 9:15", "1.7.2020", "01.07.2020T10:00", "05.06.2020"]
    assert years(dates) == pytest.approx([2020.495, 2020.498, 2020.498, 2020.427], abs=0.001)
    assert unread(dates) == []


@pytest.mark.parametrize(("dates", "read"), [
    (["03/04/2020", "30/06/2020 8:00", None, "2020"], [2020.254, 2020.495, np.nan, 2020.0]),
    (["03/04/2020", "06/30/2020"], [2020.172, 2020.495]),
])
def test_slashes_are_read_where_a_day_above_twelve_shows_the_order(dates, read) -> None:
    assert years(dates) == pytest.approx(read, abs=0.001, nan_ok=True)
    assert unread(dates) == []


@pytest.mark.parametrize("dates", [["03/04/2020", "05/06/2020"], ["03/04/2020", "30/06/2020", "06/30/2020"]])
def test_slashes_of_either_order_are_told(dates) -> None:
    assert np.isnan(years(dates)).all()
    assert unread(dates) == sorted(dates)


def test_years_with_more_than_a_time_behind_are_told() -> None:
    assert unread(["2020 to 2022", "2020 9:15", "20200701T0915"]) == ["2020 to 2022"]
