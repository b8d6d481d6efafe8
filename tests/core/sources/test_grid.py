"""The grid: metric, upright, and the same pixels whatever the extent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from rasterio.windows import Window

from geoloop.core.errors import InputError
from geoloop.core.jobs.inputs import ExtentInput, RasterInput
from geoloop.core.sources.grid import Grid

UTM = "EPSG:32633"
WKT = rasterio.crs.CRS.from_string(UTM).to_wkt()
UPRIGHT = Affine(10.0, 0.0, 500_000.0, 0.0, -10.0, 5_800_000.0)
GRID = Grid(WKT, UPRIGHT, 100, 80, 1.0)


@pytest.fixture(scope="module")
def raster(tmp_path_factory) -> RasterInput:
    path = tmp_path_factory.mktemp("grid") / "hundred by eighty.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=100, height=80, count=1, dtype="uint8", crs=UTM, transform=UPRIGHT
    ) as dataset:
        dataset.write(np.ones((1, 80, 100), np.uint8))
    return RasterInput(str(path), name="scene")


def inside(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False)


extents = st.tuples(inside(500_000, 501_000), inside(500_000, 501_000), inside(5_799_200, 5_800_000),
                    inside(5_799_200, 5_800_000)).filter(lambda e: abs(e[0] - e[1]) > 1e-3 and abs(e[2] - e[3]) > 1e-3)


def extent_of(e: tuple[float, float, float, float]) -> ExtentInput:
    return ExtentInput(min(e[:2]), min(e[2:]), max(e[:2]), max(e[2:]))


@given(extents, st.sampled_from([10.0, 20.0, 30.0, 70.0]))
def test_an_extent_crops_whole_pixels_of_the_grid_without_it(raster, e, resolution):
    whole = Grid.from_imagery([raster], resolution)
    part = Grid.from_imagery([raster], resolution, extent_of(e))
    col, row = ~whole.transform @ (part.transform.c, part.transform.f)
    assert (col, row) == (round(col), round(row))
    window = Window(round(col), round(row), part.width, part.height)
    again = whole.crop(window)
    assert again.transform == part.transform
    assert again.shape == part.shape
    assert part.polygon.buffer(1e-3).contains(shapely.box(*vars(extent_of(e)).values()).intersection(whole.polygon))


@given(extents)
def test_an_extent_snapped_twice_stays(raster, e):
    once = Grid.from_imagery([raster], extent=extent_of(e))
    assert Grid.from_imagery([raster], extent=ExtentInput(*once.bounds)) == once


@given(st.integers(0, 99), st.integers(0, 79), st.integers(1, 50), st.integers(1, 50))
def test_bounds_of_a_window_give_the_window_back(col, row, width, height):
    window = Window(col, row, min(width, 100 - col), min(height, 80 - row))
    assert GRID.window_of(GRID.crop(window).bounds) == window


@given(extents, st.integers(0, 9))
def test_a_padded_window_stays_in_the_grid(e, pad):
    window = GRID.window_of(tuple(vars(extent_of(e)).values()), pad)
    assert window.col_off >= 0
    assert window.row_off >= 0
    assert window.col_off + window.width <= 100
    assert window.row_off + window.height <= 80


def test_bounds_outside_the_grid_have_no_window():
    assert GRID.window_of((0, 0, 10, 10)) is None
    assert GRID.window_of((501_000, 5_799_200, 501_010, 5_799_300)) is None
    assert GRID.window_of((np.nan, 0, 1, 1)) is None


@given(inside(499_000, 502_000), inside(5_799_000, 5_801_000))
def test_pixels_and_world_are_inverse(x, y):
    point = np.array([shapely.Point(x, y)])
    assert shapely.equals_exact(GRID.to_world(GRID.to_pixels(point)), point, 1e-6).all()


def test_pixels_count_columns_right_and_rows_down():
    corner, next_row = GRID.to_pixels(np.array([shapely.Point(500_000, 5_800_000), shapely.Point(500_010, 5_799_990)]))
    assert (corner.x, corner.y, next_row.x, next_row.y) == (0, 0, 1, 1)


@pytest.mark.parametrize(("wanted", "pixel"), [(None, 10), (1, 10), (12, 10), (19, 20), (34, 30)])
def test_the_resolution_is_a_whole_multiple_and_never_finer_than_the_raster(raster, wanted, pixel):
    assert Grid.from_imagery([raster], wanted).transform.a == pixel


def test_of_rasters_with_equal_pixels_the_first_gives_the_grid(raster, make_raster):
    west = make_raster(np.ones((80, 100), np.uint8), Affine(10, 0, 400_000, 0, -10, 5_800_000), name="west.tif")
    for first, second in ((raster, west), (west, raster)):
        assert Grid.from_imagery([first, second]) == Grid.from_imagery([first])
        assert Grid.common([first, second]) == Grid.common([first])


def test_a_coarse_grid_covers_the_last_part_of_the_raster(raster):
    grid = Grid.from_imagery([raster], 30)
    assert grid.shape == (27, 34)


def test_the_finest_raster_gives_the_pixels(raster, make_raster):
    coarse = make_raster(np.ones((10, 10), np.uint8), Affine(60, 0, 500_000, 0, -60, 5_800_000))
    assert Grid.from_imagery([coarse, raster]).transform == UPRIGHT


@pytest.mark.parametrize("transform", [
    UPRIGHT @ Affine.rotation(30), Affine(10, 0, 500_000, 0, 10, 5_799_200), Affine(10, 0, 500_000, 0, -20, 5_800_000),
    Affine(-10, 0, 501_000, 0, -10, 5_800_000),
])
def test_odd_rasters_give_upright_square_pixels_over_their_footprint(make_raster, transform):
    grid = Grid.from_imagery([make_raster(np.ones((80, 100), np.uint8), transform)])
    corners = [transform @ corner for corner in ((0, 0), (100, 0), (100, 80), (0, 80))]
    assert grid.polygon.buffer(1e-6).contains(shapely.Polygon(corners))
    assert grid.transform.a == pytest.approx(-grid.transform.e)
    assert grid.transform.a == pytest.approx(abs(transform.determinant) ** 0.5)


def test_one_pixel_is_a_grid(make_raster):
    assert Grid.from_imagery([make_raster(np.ones((1, 1), np.uint8))]).shape == (1, 1)


@pytest.mark.parametrize(("crs", "metres"), [("EPSG:32633", 0.9996), ("EPSG:2272", 0.3048)])
def test_metres_per_unit_is_measured_on_the_ground(make_raster, crs, metres):
    at = {"EPSG:32633": UPRIGHT, "EPSG:2272": Affine(1, 0, 2_700_000, 0, -1, 240_000)}[crs]
    grid = Grid.from_imagery([make_raster(np.ones((9, 9), np.uint8), at, crs)])
    assert grid.metres_per_unit == pytest.approx(1 / 0.9996 if crs == UTM else metres, rel=2e-4)


def test_web_mercator_shrinks_with_latitude(make_raster):
    for lat, y in ((0, 0), (60, 8_399_737.9)):
        raster = make_raster(np.ones((2, 2), np.uint8), Affine(1, 0, 1000, 0, -1, y), "EPSG:3857")
        # On the ellipsoid the mean of both directions lies a little off the cosine.
        assert Grid.from_imagery([raster]).metres_per_unit == pytest.approx(np.cos(np.radians(lat)), rel=0.006)


def test_a_grid_from_an_extent_has_the_ground_resolution_and_whole_multiples():
    grid = Grid.from_extent("EPSG:3857", ExtentInput(100, 8_399_000, 300, 8_399_400), 2.0)
    assert grid.pixel_m == pytest.approx(2.0, rel=1e-4)
    assert grid.transform.c / grid.transform.a == pytest.approx(round(grid.transform.c / grid.transform.a))


def test_degrees_are_refused_with_the_zone_to_choose(make_raster):
    raster = make_raster(np.ones((9, 9), np.uint8), Affine(0.001, 0, 13.5, 0, -0.001, -52.0), "EPSG:4326")
    with pytest.raises(InputError, match=r"scene ä.*gdal:warpreproject.*EPSG:32733"):
        Grid.from_imagery([raster])
    with pytest.raises(InputError, match="EPSG:32633"):
        Grid.from_extent("EPSG:4326", ExtentInput(13, 52, 14, 53), 10)


def test_what_cannot_be_a_grid_is_named(make_raster, raster, tmp_path: Path):
    with pytest.raises(InputError, match=r"scene ä.*no coordinate reference system"):
        Grid.from_imagery([make_raster(np.ones((9, 9), np.uint8), crs=None)])
    with pytest.raises(InputError, match=r"nowhere\.tif"):
        Grid.from_imagery([RasterInput(str(tmp_path / "nowhere.tif"))])
    (tmp_path / "text.tif").write_text("no raster")
    with pytest.raises(InputError, match="cannot be opened"):
        Grid.from_imagery([RasterInput(str(tmp_path / "text.tif"))])
    with pytest.raises(InputError, match="does not touch"):
        Grid.from_imagery([raster], extent=ExtentInput(0, 0, 10, 10))
    for empty in (ExtentInput(1, 1, 1, 2), ExtentInput(3, 1, 1, 2), ExtentInput(np.nan, 0, 1, 1)):
        with pytest.raises(InputError, match="is empty"):
            Grid.from_imagery([raster], extent=empty)
    with pytest.raises(InputError, match="at least one"):
        Grid.from_imagery([])


@pytest.mark.parametrize(("wanted", "pixel"), [
    (None, 10), (10, 10), (5, 5), (20, 20), (25, 25), (4, 4), (20.05, 20), (3.34, 10 / 3), (1000, 1000),
])
def test_a_common_grid_has_the_resolution_asked_for(make_raster, wanted, pixel):
    equator = make_raster(np.ones((80, 100), np.uint8), Affine(10, 0, 500_000, 0, -10, 800))
    grid = Grid.common([equator], resolution_m=wanted)
    assert grid.pixel_m == pytest.approx(wanted or 10, rel=0.011)
    assert grid.transform.a == pytest.approx(pixel, rel=1e-3)
    assert (grid.transform.c, grid.transform.f) == (500_000, 800)
    assert grid.width * grid.transform.a >= 1000 - 1e-6
    assert (grid.width - 1) * grid.transform.a < 1000


def test_a_common_grid_is_that_of_its_base_even_if_another_raster_is_finer(raster, make_raster):
    coarse = make_raster(np.ones((10, 10), np.uint8), Affine(60, 0, 500_000, 0, -60, 5_800_000))
    assert Grid.common([raster, coarse]).transform == UPRIGHT
    assert Grid.common([raster], coarse).transform.a == 60


def test_a_common_grid_takes_the_finest_raster_that_is_metric(raster, make_raster):
    degrees = make_raster(np.ones((9, 9), np.uint8), Affine(1e-6, 0, 15.0, 0, -1e-6, 52.3), "EPSG:4326")
    assert Grid.common([degrees, raster]).transform == UPRIGHT
    for inputs, base in (([degrees], None), ([raster], degrees)):
        with pytest.raises(InputError, match=r"scene ä.*gdal:warpreproject.*EPSG:32633"):
            Grid.common(inputs, base)


@given(extents)
def test_a_common_grid_covers_its_extent_with_whole_pixels_of_the_raster(raster, e):
    x0, x1, y0, y1 = e
    wide = extent_of((x0 - 300, x1 + 300, y0 - 300, y1 + 300))
    grid = Grid.common([raster], extent=wide)
    col, row = ~UPRIGHT @ (grid.transform.c, grid.transform.f)
    assert (col, row) == pytest.approx((round(col), round(row)), abs=1e-6)
    assert grid.polygon.buffer(1e-3).contains(shapely.box(*vars(wide).values()))
    assert grid.width * 10 < wide.xmax - wide.xmin + 20 + 1e-6


def test_a_common_grid_of_nothing_or_no_resolution_is_refused(raster):
    with pytest.raises(InputError, match="at least one"):
        Grid.common([])
    for resolution in (0.0, -1.0, np.nan, np.inf):
        with pytest.raises(InputError, match="positive number of metres"):
            Grid.common([raster], resolution_m=resolution)
    with pytest.raises(InputError, match="is empty"):
        Grid.common([raster], extent=ExtentInput(3, 1, 1, 2))


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_raster_without_a_place_is_refused(tmp_path: Path):
    with rasterio.open(tmp_path / "photo.tif", "w", driver="GTiff", width=2, height=2, count=1, dtype="uint8") as d:
        d.write(np.ones((1, 2, 2), np.uint8))
    with pytest.raises(InputError, match="georeference it first"):
        Grid.from_imagery([RasterInput(str(tmp_path / "photo.tif"))])


def test_the_project_s_crs_overrides_the_file_s(make_raster):
    raster = make_raster(np.ones((9, 9), np.uint8), crs=None)
    grid = Grid.from_imagery([RasterInput(raster.path, crs="EPSG:25833")])
    assert "ETRS89" in grid.crs


@pytest.mark.data
def test_banepa_in_web_mercator_is_measured_on_the_ground(data_folder: Path):
    raster = RasterInput(str(data_folder / "banepa_buildings/derived/train_mosaic_3857.tif"))
    grid = Grid.from_imagery([raster], 0.4)
    assert grid.metres_per_unit == pytest.approx(0.886, abs=0.003)
    assert grid.pixel_m == pytest.approx(0.396, abs=0.002)


@pytest.mark.data
def test_beaufort_in_degrees_is_refused(data_folder: Path):
    paths = sorted((data_folder / "beaufort_wetland/original/data/sentinel-2").glob("*.tiff"))
    with pytest.raises(InputError, match="EPSG:32618"):
        Grid.from_imagery([RasterInput(str(path)) for path in paths])


def test_pixels_larger_than_the_imagery_are_refused(make_raster):
    raster = make_raster(np.ones((1, 20, 30), np.uint8), Affine(10, 0, 500_000, 0, -10, 5_800_000), name="Bild ä.tif")
    assert Grid.from_imagery([raster], 300.0).shape == (1, 1)
    with pytest.raises(InputError, match="Pixels of 1e\\+07 m are larger than the whole imagery “Bild ä”; choose"):
        Grid.from_imagery([raster], 1e7)
