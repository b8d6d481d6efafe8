"""Statistics of bands: of what is valid, however little that is."""

from __future__ import annotations

import numpy as np
import pytest

from geoloop.core.errors import InputError
from geoloop.core.sources.grid import Grid
from geoloop.core.sources.imagery import Imagery


def test_statistics_are_those_of_the_valid_pixels(make_raster):
    data = np.add.outer(np.arange(300) * 3.0, np.arange(300) * 2.0).astype(np.float32)
    data[:, :100] = -1
    raster = make_raster(data, nodata=-1)
    with Imagery.open([raster], Grid.from_imagery([raster])) as imagery:
        found = imagery.statistics(windows=100, size=50)
    assert found.valid_share == pytest.approx(2 / 3)
    assert found.mean[0] == pytest.approx(data[data >= 0].mean())
    assert found.std[0] == pytest.approx(data[data >= 0].std())


def test_statistics_find_the_little_that_is_valid(make_raster):
    data = np.full((600, 600), -1, np.float32)
    data[590:, 3] = 5
    raster = make_raster(data, nodata=-1)
    with Imagery.open([raster], Grid.from_imagery([raster])) as imagery:
        assert imagery.statistics(windows=2, size=16).mean[0] == 5


def test_imagery_without_any_valid_pixel_is_refused(make_raster):
    raster = make_raster(np.zeros((30, 30), np.uint8), nodata=0)
    with (
        Imagery.open([raster], Grid.from_imagery([raster])) as imagery,
        pytest.raises(InputError, match="“scene ä” has no valid pixel inside the extent"),
    ):
        imagery.statistics()


def test_dates_whose_clouds_leave_no_pixel_clear_on_all_have_statistics_of_their_own(make_raster):
    early, late = np.full((1, 20, 20), 500, "uint16"), np.full((1, 20, 20), 900, "uint16")
    early[:, :, 10:] = late[:, :, :10] = 0
    late[:, 0, 10:] = 700
    rasters = [make_raster(values, name=f"{name}.tif", nodata=0) for name, values in (("a", early), ("b", late))]
    with Imagery.open(rasters, Grid.from_imagery(rasters)) as imagery:
        found = imagery.statistics(gaps=True)
        assert found.mean.tolist() == [500, 890]
        assert found.std.tolist() == pytest.approx([0, 43.589], abs=1e-3)
        with pytest.raises(InputError, match="No pixel inside the extent is valid in all of"):
            imagery.statistics()
    rasters[1] = make_raster(np.zeros((1, 20, 20), "uint16"), name="c.tif", nodata=0)
    with (Imagery.open(rasters, Grid.from_imagery(rasters)) as imagery,
          pytest.raises(InputError, match="has no valid pixel inside the extent")):
        imagery.statistics(gaps=True)
