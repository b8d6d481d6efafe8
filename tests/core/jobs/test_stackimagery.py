"""Stacking imagery: one GeoTIFF with every band, its name, wavelength, date, scale and nodata; or one sentence."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from heard import Heard
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
    assert all(heard.cost), heard.lines
    assert not heard.warnings
    assert heard.fractions == sorted(heard.fractions)
    assert heard.fractions[-1] == 1


def test_a_stack_read_again_has_the_same_bands(make_raster, stack):
    named = make_raster(noise(2, 3, 3), bands=("red", "VH, dB"))
    found = stack([named, make_raster(noise(3, 3), name="LC08_L2SP_193024_20200101_20200823_02_T1_SR_B6.TIF")])
    again = bands_of(RasterInput(found.name, name="stack"), found)
    assert [(band.name, band.wavelength_um, band.date) for band in again] == [
        ("red", 0.665, ""), ("VH, dB", None, ""), ("B6", 1.609, "2020-01-01"),
    ]


def test_imagery_and_bands_without_a_valid_pixel_are_named(make_raster, stack):
    nothing, half = np.full((2, 4, 4), 7, "uint16"), noise(2, 4, 4)
    half[1] = 0
    empty = np.full((4, 4), np.nan, np.float32)
    heard = Heard()
    stack([make_raster(noise(4, 4), name="ganz.tif"), make_raster(nothing, name="leer ä.tif", nodata=7),
           make_raster(half, name="halb.tif", nodata=0, bands=("red", "nir")), make_raster(empty, name="dem.tif")],
          heard)
    assert [line.split(" has a valid")[0].replace(" of the imagery", "") for line in heard.warnings] == [
        "No band “leer ä”", "None of the bands nir “halb”", "No band “dem”"]


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
@settings(max_examples=40)
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


def test_a_south_up_raster_on_the_same_pixels_keeps_its_type_and_numbers(make_raster, stack):
    data = noise(20, 30)
    data[4, 7] = 0
    flipped = make_raster(data[::-1], Affine(10, 0, 500_000, 0, 10, 5_799_800), name="süd oben.tif", nodata=0)
    found = stack([flipped, make_raster(data, name="north-up.tif", nodata=0)])
    assert (found.dtypes, found.nodata, found.transform) == (("uint16", "uint16"), 0, UPRIGHT)
    assert (found.read() == np.stack([data, data])).all()
    assert np.argwhere(found.read_masks(1) == 0).tolist() == [[4, 7]]
    part = stack([flipped], extent=ExtentInput(500_050, 5_799_830, 500_120, 5_799_960))
    assert part.dtypes[0] == "uint16"
    assert (part.read(1) == data[4:17, 5:12]).all()
    beyond = stack([flipped], extent=ExtentInput(499_950, 5_799_700, 500_300, 5_800_100))
    assert (beyond.read(1)[10:30, 5:] == data).all()
    assert (beyond.read(1)[:10] == 0).all()
    assert stack([flipped], resolution=20.0).read(1)[5, 3] == data[10:12, 6:8].mean()


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
