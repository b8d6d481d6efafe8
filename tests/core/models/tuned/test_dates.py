"""Bands by dates: sensors that pass within days show one moment, what stands still is there on all."""

from __future__ import annotations

import pytest
import torch

from geoloop.core.errors import InputError
from geoloop.core.models.tuned.dates import Dates, arranged
from geoloop.core.sources.bands import Band

CHANNELS = [
    Band("B04", 0.665, "a", "2021-05-01"), Band("B08", 0.842, "a", "2021-05-01T10:00:00Z"),
    Band("VV", None, "r", "2021-05-04"), Band("B04", 0.665, "b", "2021-07-10"), Band("B08", 0.842, "b", "2021-07-10"),
    Band("elevation", None, "d"),
]


def test_radar_of_the_same_days_belongs_to_the_optical_image_and_heights_to_all() -> None:
    laid = Dates.of(CHANNELS)
    assert laid.dates == ("2021-05-01", "2021-07-10")
    assert [band.name for band in laid.bands] == ["B04", "B08", "VV", "elevation"]
    assert laid.index == ((0, 3), (1, 4), (2, -1), (5, 5))
    assert laid.time is not None
    assert laid.time.tolist() == [[[2021.0, 121.0], [2021.0, 191.0]]]


def test_without_dates_there_is_one_step_and_no_time() -> None:
    laid = Dates.of([Band("red", 0.66, "x"), Band("nir", 0.84, "x")])
    assert laid.dates == ("",)
    assert laid.time is None
    assert laid.index == ((0,), (1,))


def test_the_same_band_twice_within_days_makes_two_steps() -> None:
    laid = Dates.of([Band("VV", None, "a", "2021-05-01"), Band("VV", None, "b", "2021-05-03")])
    assert laid.dates == ("2021-05-01", "2021-05-03")
    assert laid.index == ((0, 1),)


def test_channels_come_where_they_belong_and_gaps_are_no_number() -> None:
    x = torch.arange(6.0)[None, :, None, None].expand(2, 6, 3, 3)
    images = arranged(x, torch.tensor(Dates.of(CHANNELS).index))
    assert images.shape == (2, 4, 2, 3, 3)
    assert images[0, 1, 1, 0, 0] == 4
    assert torch.isnan(images[:, 2, 1]).all()
    assert (images[:, 3] == 5).all()


def test_bands_of_one_name_that_nothing_tells_apart_are_all_kept() -> None:
    laid = Dates.of([Band("band 1", None, "height"), Band("band 1", None, "slope"), Band("band 2", None, "slope")])
    assert [band.name for band in laid.bands] == ["band 1", "band 1 (2)", "band 2"]
    assert laid.index == ((0,), (1,), (2,))
    still = Dates.of([Band("band 1", None, "height"), Band("band 1", None, "image", "2021-05-01"),
                      Band("band 1", None, "image", "2021-07-01")])
    assert still.index == ((0, 0), (1, 2))


def test_two_images_of_one_day_are_two_steps() -> None:
    laid = Dates.of([Band("B04", 0.665, "west", "2021-05-01"), Band("B08", 0.842, "west", "2021-05-01"),
                     Band("B04", 0.665, "east", "2021-05-01"), Band("B08", 0.842, "east", "2021-05-01")])
    assert laid.dates == ("2021-05-01", "2021-05-01")
    assert [sorted(row) for row in laid.index] == [[0, 2], [1, 3]]


def test_a_stack_whose_bands_are_called_by_their_days_is_laid_out_as_its_files_are() -> None:
    days = ("2021-05-01", "2021-07-10")
    laid = Dates.of([Band(f"B04 {day}", 0.665, "stack", f"{day}T10:00:00Z") for day in days])
    assert [band.name for band in laid.bands] == ["B04"]
    assert laid.index == ((0, 1),)


def test_a_band_on_two_scales_is_refused() -> None:
    with pytest.raises(InputError, match=r"band B04 of “before” is stored with the scale 0\.0001 and the offset 0, "
                                         r"that of “after” of 2022-07-10 with 0\.0001 and -0\.1"):
        Dates.of([Band("B04", 0.665, "before", "2021-07-10", scale=1e-4),
                  Band("B04", 0.665, "after", "2022-07-10", scale=1e-4, offset=-0.1)])
