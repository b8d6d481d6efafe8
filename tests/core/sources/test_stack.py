"""A stack: every number as the reader gives it, and a nodata that no measurement has."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.windows import Window

from geoloop.core.errors import Cancelled, InputError
from geoloop.core.feedback import Feedback
from geoloop.core.sources.grid import Grid
from geoloop.core.sources.imagery import Imagery
from geoloop.core.sources.stack import blocks, estimate, number_of_windows, settle, storage_of, windows

UPRIGHT = Affine(10.0, 0.0, 500_000.0, 0.0, -10.0, 5_800_000.0)
EAST = Affine(10.0, 0.0, 500_020.0, 0.0, -10.0, 5_800_000.0)


def stored(inputs, grid=None):
    """Return how imagery is stored, and the whole stack (C, H, W)."""
    with Imagery.open(inputs, grid or Grid.common(inputs)) as imagery:
        storage = settle(imagery, storage_of(imagery), Feedback())
        whole = np.zeros((len(imagery.bands), *imagery.grid.shape), storage.dtype)
        for block in blocks(imagery, storage):
            at = block.window
            whole[
                block.band:block.band + len(block.values), at.row_off:at.row_off + at.height,
                at.col_off:at.col_off + at.width,
            ] = block.values
    return storage, whole


@pytest.mark.parametrize("dtype", ["uint8", "int8", "uint16", "int16", "uint32", "int32", "int64"])
def test_integers_that_are_not_resampled_keep_every_bit(make_raster, dtype):
    info = np.iinfo(dtype)
    data = np.random.default_rng(0).integers(info.min, info.max, (2, 5, 6), dtype, endpoint=True)
    storage, whole = stored([make_raster(data)])
    assert (storage.dtype, storage.nodata) == (dtype, None)
    assert (whole == data).all()


def test_the_nodata_that_all_bands_declare_stays(make_raster):
    one = make_raster(np.array([[1, 0], [0, 4]], np.uint16), name="a.tif", nodata=0)
    two = make_raster(np.array([[0, 2], [3, 4]], np.uint16), name="b.tif", nodata=0)
    storage, whole = stored([one, two])
    assert storage.nodata == 0
    assert whole[0].tolist() == [[1, 0], [0, 4]]


def test_a_nodata_that_another_band_measures_gives_way_to_one_that_none_does(make_raster):
    holed = make_raster(np.array([[1, 0], [0, 65535]], np.uint16), name="a.tif", nodata=0)
    full = make_raster(np.array([[0, 2], [3, 4]], np.uint16), name="b.tif", nodata=65535)
    full_without = make_raster(np.array([[0, 2], [3, 4]], np.uint16), name="c.tif")
    storage, whole = stored([holed, full, full_without])
    assert storage.dtype == "uint32"
    assert whole[0].tolist() == [[1, storage.nodata], [storage.nodata, 65535]]
    assert whole[2].tolist() == [[0, 2], [3, 4]]


def test_a_raster_that_does_not_cover_the_grid_gets_nodata_outside(make_raster):
    left = make_raster(np.array([[255, 1, 2, 0]], np.uint8), name="a.tif")
    right = make_raster(np.array([[255, 1, 2, 0]], np.uint8), EAST, name="b.tif")
    storage, whole = stored([left, right])
    assert storage.dtype == "uint8"
    assert storage.nodata not in (0, 1, 2, 255)
    assert whole[1].tolist() == [[storage.nodata, storage.nodata, 255, 1]]


def test_a_type_whose_every_value_is_used_becomes_a_wider_one(make_raster):
    for dtype, wider in (("uint8", "uint16"), ("int8", "int16")):
        every = np.arange(np.iinfo(dtype).min, np.iinfo(dtype).max + 1).astype(dtype).reshape(16, 16)
        full = make_raster(every, name="a.tif")
        right = make_raster(every, EAST, name="b.tif")
        storage, whole = stored([full, right])
        assert storage.dtype == wider
        assert (whole[0] == every).all()
        assert storage.nodata not in every
        assert (whole[1, :, :2] == storage.nodata).all()


def test_sixty_four_bits_without_a_free_value_are_refused_with_a_mend(make_raster):
    ends = np.array([[-9999, 2**53, -(2**53), 7]], np.int64)
    with pytest.raises(InputError, match=r"“a”.*every value.*gdal:translate"):
        stored([make_raster(ends, name="a.tif"), make_raster(ends, EAST, name="b.tif")])


def test_mixed_types_and_whatever_is_resampled_become_float32_with_nan(make_raster):
    fine = make_raster(np.full((4, 4), 7, np.uint16), name="a.tif")
    heights = np.full((4, 4), 250.5, np.float64)
    heights[1, 1] = np.nan
    storage, whole = stored([fine, make_raster(heights, name="b.tif")])
    assert storage.dtype == "float32"
    assert storage.loses_digits == ("b",)
    assert np.isnan(storage.nodata)
    assert np.argwhere(np.isnan(whole)).tolist() == [[1, 1, 1]]
    coarse = make_raster(np.full((2, 2), 9, np.uint16), UPRIGHT @ Affine.scale(2), name="c.tif")
    assert stored([fine, coarse])[0].dtype == "float32"


def test_blocks_cover_the_grid_once_in_rows_and_are_bounded(make_raster):
    raster = make_raster(np.ones((40, 3, 3), np.uint8))
    grid = Grid(rasterio.crs.CRS.from_epsg(32633).to_wkt(), UPRIGHT, 3_001, 700, 1.0)
    with Imagery.open([raster], grid) as imagery:
        found = list(windows(imagery))
        assert len(found) == number_of_windows(imagery)
        seen = np.zeros(grid.shape, int)
        for window in found:
            seen[window.row_off:window.row_off + window.height, window.col_off:window.col_off + window.width] += 1
            assert window.width * window.height * 40 <= 1 << 23
    assert (seen == 1).all()
    assert [w.row_off for w in found] == sorted(w.row_off for w in found)


def test_the_estimate_is_near_what_compression_makes(make_raster):
    smooth = (np.add.outer(np.arange(600), np.arange(700)) * 3).astype(np.uint16)
    noise = np.random.default_rng(0).integers(0, 65535, (600, 700)).astype(np.uint16)
    sizes = []
    for data in (smooth, noise):
        raster = make_raster(data)
        with Imagery.open([raster], Grid.common([raster])) as imagery:
            sizes.append(estimate(imagery, storage_of(imagery)).size)
    assert sizes[0] < data.nbytes / 20
    assert data.nbytes < sizes[1] < 1.5 * data.nbytes


def test_a_cancel_stops_the_search_for_nodata(make_raster):
    class Stopped(Feedback):
        def cancelled(self) -> bool:
            return True

    full = make_raster(np.ones((9, 9), np.uint8))
    with Imagery.open([full], Grid.common([full])) as imagery:
        settle(imagery, storage_of(imagery), Stopped())
    right = make_raster(np.ones((9, 9), np.uint8), EAST, name="b.tif")
    with Imagery.open([full, right], Grid.common([full])) as imagery:
        with pytest.raises(Cancelled):
            settle(imagery, storage_of(imagery), Stopped())
        assert imagery.read(Window(0, 0, 1, 1))[0].shape == (2, 1, 1)
