"""``predict``: any raster, any model, the same result however it is cut into tiles."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx_models
import pytest
import rasterio
from affine import Affine
from heard import Heard
from hypothesis import given, settings
from hypothesis import strategies as st
from predicting import REGRESSOR, RNG, SEGMENTOR, mlm, noise, pixels, predict

from geoloop.core.errors import InputError
from geoloop.core.jobs.inputs import ExtentInput, RasterInput
from geoloop.core.jobs.predict import Params, run


@settings(max_examples=12)
@given(height=st.integers(1, 150), width=st.integers(1, 150), tile=st.sampled_from([0, 32, 64, 96]),
       overlap=st.sampled_from([None, 0.0, 0.3]), batch=st.integers(0, 3))
def test_an_identity_model_reproduces_its_raster(
    tmp_path_factory, height: int, width: int, tile: int, overlap: float | None, batch: int
) -> None:
    folder = tmp_path_factory.mktemp("größe")
    values = RNG.normal(size=(1, height, width)).astype(np.float32)
    with rasterio.open(folder / "a b.tif", "w", driver="GTiff", width=width, height=height, count=1, dtype="float32",
                       crs="EPSG:32633", transform=Affine(10, 0, 5e5, 0, -10, 58e5)) as raster:
        raster.write(values)
    model = onnx_models.identity(folder / "m.onnx")
    (folder / "m.json").write_text(json.dumps(mlm("regression", 1)))
    out = predict(folder, RasterInput(str(folder / "a b.tif")), model, tile=tile, overlap=overlap, batch=batch)
    np.testing.assert_allclose(pixels(out), values, atol=1e-6)


def test_a_segmentation_says_what_it_is(tmp_path: Path, make_raster, blurring: Path) -> None:
    imagery = make_raster(noise(3, 70, 90), bands=("red", "green", "blue"))
    log = Heard()
    result = run(Params(imagery=(imagery,), model=str(blurring), device="cpu", output=str(tmp_path / "k.tif"),
                        probability=str(tmp_path / "p.tif")), log)
    assert result == {"OUTPUT": str(tmp_path / "k.tif"), "PROBABILITY": str(tmp_path / "p.tif"), "DETECTIONS": ""}
    with rasterio.open(tmp_path / "k.tif") as codes, rasterio.open(tmp_path / "p.tif") as chances:
        tags = codes.tags()
        assert json.loads(tags["classes"]) == {"0": "field", "1": "wood"}
        assert (tags["made_by"], tags["seed"], tags["task"]) == ("GeoLoop", "0", "segmentation")
        assert tags["model"]
        assert tags["device"]
        assert json.loads(tags["bands"]) == ["red", "green", "blue"]
        assert codes.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == chances.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert chances.descriptions == ("field", "wood")
        np.testing.assert_array_equal(codes.read(1), chances.read().argmax(axis=0))
        np.testing.assert_allclose(chances.read().sum(axis=0), 1, atol=1e-5)
    assert any("Device: CPU" in line for line in log.lines)
    assert any("90 × 70 pixels" in line and "MB beside the model" in line for line in log.lines)


def test_a_run_of_many_batches_says_after_the_first_how_long_it_takes(tmp_path: Path, make_raster, blurring: Path
                                                                      ) -> None:
    imagery = make_raster(noise(3, 250, 250), bands=("red", "green", "blue"))
    for tile, told in ((32, 1), (128, 0)):
        log = Heard()
        predict(tmp_path, imagery, blurring, tile=tile, feedback=log)
        assert [line.startswith("The network will take about") for line in log.lines].count(True) == told


def test_tiles_overlaps_batches_and_extents_change_nothing(tmp_path: Path, make_raster, blurring: Path) -> None:
    imagery = make_raster(noise(3, 300, 260), bands=("red", "green", "blue"))
    whole = pixels(predict(tmp_path, imagery, blurring, probability=True))
    for number, more in enumerate(({"tile": 64, "overlap": 0.3}, {"tile": 128, "batch": 5}, {"tile": 96})):
        other = pixels(predict(tmp_path, imagery, blurring, probability=True, name=f"{number}.tif", **more))
        np.testing.assert_allclose(other, whole, atol=1e-5)
    extent = ExtentInput(500_000 + 333, 5_800_000 - 2_901, 500_000 + 1_777, 5_800_000 - 555)
    part = predict(tmp_path, imagery, blurring, probability=True, name="part.tif", extent=extent)
    np.testing.assert_array_equal(pixels(part), whole[:, 55:291, 33:178])
    with rasterio.open(part) as raster:
        assert raster.bounds == (500_330, 5_797_090, 501_780, 5_799_450)


def test_an_extent_is_part_of_the_same_run_even_for_a_model_that_sees_its_whole_tile(
    tmp_path: Path, make_raster
) -> None:
    model = onnx_models.whole_tile(tmp_path / "m.onnx", **REGRESSOR)
    imagery = make_raster(noise(1, 200, 200), bands=("red",))
    whole = pixels(predict(tmp_path, imagery, model, tile=64, bands=("red",)))
    extent = ExtentInput(500_710, 5_798_900, 501_300, 5_799_500)
    part = pixels(predict(tmp_path, imagery, model, tile=64, bands=("red",), extent=extent, name="part.tif"))
    np.testing.assert_array_equal(part, whole[:, 50:110, 71:130])


def test_nodata_is_never_a_value(tmp_path: Path, make_raster, blurring: Path) -> None:
    values = noise(3, 90, 80)
    values[1, 20:30, 10:50] = 0
    imagery = make_raster(values, bands=("red", "green", "blue"), nodata=0)
    codes = pixels(predict(tmp_path, imagery, blurring))[0]
    chances = pixels(predict(tmp_path, imagery, blurring, probability=True, name="p.tif"))
    hole = np.zeros((90, 80), bool)
    hole[20:30, 10:50] = True
    np.testing.assert_array_equal(codes == 255, hole)
    np.testing.assert_array_equal(np.isnan(chances[0]), hole)


@pytest.mark.parametrize("transform", [
    Affine(10, 0, 500_000, 0, 10, 5_790_000),
    Affine(10, 0, 500_000, 0, -10, 5_800_000) @ Affine.rotation(30),
], ids=["south-up", "rotated"])
def test_a_raster_that_is_not_north_up_is_turned(tmp_path: Path, make_raster, blurring, transform: Affine) -> None:
    values = np.full((3, 60, 60), 9, np.uint8)
    values[:, :, 30:] = 200
    imagery = make_raster(values, transform, bands=("red", "green", "blue"))
    out = predict(tmp_path, imagery, blurring)
    with rasterio.open(out) as raster:
        assert raster.transform.e < 0
        assert raster.transform.b == 0
        for column in (10, 50):
            x, y = transform @ (column + 0.5, 30.5)
            near = predict(tmp_path, make_raster(np.full((3, 9, 9), values[0, 0, column], np.uint8),
                                                 bands=("red", "green", "blue"), name=f"{column}.tif"),
                           blurring, name=f"flat{column}.tif")
            assert next(raster.sample([(x, y)]))[0] == pixels(near)[0, 4, 4]


def test_an_output_of_one_vector_a_tile_is_a_coarse_raster(tmp_path: Path, make_raster) -> None:
    from onnx import helper

    nodes = [helper.make_node("GlobalAveragePool", ["x"], ["m"]), helper.make_node("Flatten", ["m"], ["y"])]
    model = onnx_models.save(tmp_path / "m.onnx", nodes, [onnx_models.value("x", ["n", 3, 32, 32])],
                             [onnx_models.value("y", ["n", 3])], metadata={"model_type": "Recognition"})
    values = noise(3, 70, 64)
    out = predict(tmp_path, make_raster(values, bands=("red", "green", "blue")), model)
    with rasterio.open(out) as raster:
        assert (raster.width, raster.height, raster.count, raster.res) == (2, 3, 3, (320, 320))
        np.testing.assert_allclose(raster.read()[:, 0, 0], values[:, :32, :32].mean(axis=(1, 2)) / 255, rtol=1e-5)


@pytest.mark.parametrize(("metadata", "nothing"), [(SEGMENTOR, 255), (REGRESSOR, np.nan)], ids=["classes", "values"])
def test_a_small_area_of_nothing_but_zeros_is_no_area_without_data(tmp_path: Path, make_raster, metadata: dict,
                                                                   nothing: float) -> None:
    model = onnx_models.identity(tmp_path / "m.onnx", 2 if metadata is SEGMENTOR else 1, **metadata)
    imagery = make_raster(np.zeros((2 if metadata is SEGMENTOR else 1, 70, 90), np.uint8))
    with rasterio.open(predict(tmp_path, imagery, model)) as raster:
        assert raster.nodata == nothing or np.isnan([raster.nodata, nothing]).all()
        assert (raster.read() == 0).all()


def test_a_model_of_another_resolution_gets_resampled_imagery_when_asked(tmp_path: Path, make_raster) -> None:
    model = onnx_models.identity(tmp_path / "m.onnx", 3, **REGRESSOR, resolution=2000)
    imagery = make_raster(noise(3, 40, 40), bands=("red", "green", "blue"))
    with pytest.raises(InputError, match="pixels of 20 m, the imagery has 10 m; set RESAMPLE"):
        predict(tmp_path, imagery, model)
    with rasterio.open(predict(tmp_path, imagery, model, resample=True)) as raster:
        assert (raster.width, raster.res) == (20, (20, 20))


def test_where_a_models_scaling_has_no_value_there_is_nodata(tmp_path: Path, make_raster) -> None:
    item = mlm("regression", 1)
    item["properties"]["mlm:input"][0]["value_scaling"] = [
        {"type": "processing", "format": "gdal-calc", "expression": "log(A)"}]
    model = onnx_models.identity(tmp_path / "m.onnx")
    (tmp_path / "m.json").write_text(json.dumps(item))
    values = np.full((1, 20, 20), 3, np.float32)
    values[0, 4, 5] = -1
    out = pixels(predict(tmp_path, make_raster(values, bands=("b",)), model))
    assert np.isnan(out[0, 4, 5])
    assert np.isnan(out).sum() == 1
    np.testing.assert_allclose(np.nanmax(out), np.log(3), atol=1e-6)


def test_how_a_file_is_laid_out_changes_nothing(tmp_path: Path, make_raster, blurring: Path) -> None:
    """Striped, tiled, compressed, by band or by pixel, and sparse: blocks that were never written are nodata."""
    values = noise(3, 300, 280)
    values[:, 128:256, :128] = 0
    layouts = ({}, {"tiled": True, "blockxsize": 128, "blockysize": 128, "sparse_ok": True}, {"compress": "deflate"},
               {"interleave": "band", "compress": "lzw", "blockysize": 7})
    found = []
    for number, layout in enumerate(layouts):
        imagery = make_raster(values, bands=("red", "green", "blue"), nodata=0, name=f"{number}.tif", **layout)
        found.append(pixels(predict(tmp_path, imagery, blurring, name=f"out{number}.tif", tile=96)))
    assert (found[0] == 255).sum() == 128 * 128
    for other in found[1:]:
        np.testing.assert_array_equal(other, found[0])


def test_a_raster_of_one_pixel_is_enough(tmp_path: Path, make_raster, blurring: Path) -> None:
    out = predict(tmp_path, make_raster(noise(3, 1, 1), bands=("red", "green", "blue")), blurring)
    assert pixels(out).shape == (1, 1, 1)
    assert pixels(out).max() <= 1
