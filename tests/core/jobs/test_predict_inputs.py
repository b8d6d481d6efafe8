"""What ``predict`` takes and what it refuses: bands by name, any type of number, one sentence for what does not fit."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import onnx_models
import pytest
import rasterio
from affine import Affine
from onnx import TensorProto
from predicting import REGRESSOR, mlm, noise, pixels, predict
from rasterio.enums import ColorInterp

from geoloop.core.errors import InputError
from geoloop.core.feedback import Feedback
from geoloop.core.jobs.inputs import ExtentInput
from geoloop.core.jobs.predict import Params, run

HALF = np.zeros((3, 9, 9), np.uint8)
"""Nothing in its left half."""
HALF[:, :, 5:] = 1


def test_only_the_bands_that_the_model_names_are_used_in_its_order(tmp_path: Path, make_raster) -> None:
    model = onnx_models.identity(tmp_path / "m.onnx", 3, **REGRESSOR)
    values = noise(5, 30, 30)
    imagery = make_raster(values, bands=("B02", "B03", "B04", "B08", "B12"))
    out = pixels(predict(tmp_path, imagery, model))
    np.testing.assert_allclose(out, values[[2, 1, 0]] / np.float32(255), atol=1e-6)
    chosen = pixels(predict(tmp_path, imagery, model, name="c.tif", bands=("B12", "B08", "B02")))
    np.testing.assert_allclose(chosen, values[[4, 3, 0]] / np.float32(255), atol=1e-6)


def test_bands_may_come_from_several_rasters_of_different_resolution(tmp_path: Path, make_raster) -> None:
    model = onnx_models.identity(tmp_path / "m.onnx", 3, **REGRESSOR)
    fine, coarse = np.full((2, 40, 40), 50, np.uint8), np.full((1, 20, 20), 200, np.uint8)
    inputs = (make_raster(fine, bands=("blue", "green"), name="a.tif"),
              make_raster(coarse, Affine(20, 0, 500_000, 0, -20, 5_800_000), bands=("red",), name="b.tif"))
    out = pixels(predict(tmp_path, inputs, model))
    np.testing.assert_allclose(out[:, 20, 20], np.array([200, 50, 50]) / 255, atol=1e-6)


def test_a_band_that_the_model_does_not_use_makes_no_holes(tmp_path: Path, make_raster) -> None:
    model = onnx_models.identity(tmp_path / "m.onnx", 3, **REGRESSOR)
    values = noise(4, 30, 30).astype(np.uint8)
    values[3, 5:9] = 0
    imagery = make_raster(values, bands=("blue", "green", "red", "swir1"), nodata=0)
    out = pixels(predict(tmp_path, imagery, model))
    np.testing.assert_allclose(out, values[[2, 1, 0]] / np.float32(255), atol=1e-6)


@pytest.mark.parametrize("kind", ["uint16", "int16", "float64"])
def test_a_model_that_says_how_values_are_scaled_takes_any_type(tmp_path: Path, make_raster, kind: str) -> None:
    item = mlm("regression", 1)
    item["properties"]["mlm:input"][0]["value_scaling"] = [{"type": "scale", "value": 10000.0}]
    model = onnx_models.identity(tmp_path / "m.onnx")
    (tmp_path / "m.json").write_text(json.dumps(item))
    values = np.full((1, 5, 5), 2500, kind)
    out = pixels(predict(tmp_path, make_raster(values, bands=("b",)), model))
    np.testing.assert_allclose(out, 0.25, atol=1e-6)


@pytest.mark.parametrize(("raster", "more", "said"), [
    ({"values": np.ones((2, 9, 9), np.uint8), "bands": ("red", "green")}, {}, "blue"),
    ({"values": np.ones((3, 9, 9), np.uint16)}, {}, "8-bit|0 to 255"),
    ({"values": np.ones((3, 9, 9), np.float64)}, {}, "8-bit|0 to 255"),
    ({"values": np.ones((3, 9, 9), np.complex64)}, {}, "complex"),
    ({"values": np.ones((3, 9, 9), np.uint8), "crs": "EPSG:4326", "transform": Affine(1e-4, 0, 13, 0, -1e-4, 52)}, {},
     "degrees"),
    ({"values": np.ones((3, 9, 9), np.uint8), "crs": None}, {}, "coordinate reference system"),
    ({"values": np.ones((3, 9, 9), np.uint8)}, {"extent": ExtentInput(0, 0, 10, 10)}, "does not touch"),
    ({"values": np.ones((3, 9, 9), np.uint8), "nodata": 1}, {}, "no valid pixel inside the extent"),
    ({"values": HALF, "nodata": 0}, {"extent": ExtentInput(5e5, 5_799_900, 500_040, 5.8e6)}, "no valid pixel inside"),
    ({"values": np.ones((3, 9, 9), np.uint8)}, {"tile": 50, "overlap": 0.7}, "OVERLAP"),
    ({"values": np.ones((3, 9, 9), np.uint8)}, {"batch": -2}, "BATCH"),
    ({"values": np.ones((3, 9, 9), np.uint8)}, {"scheduler": "tcp://127.0.0.1:9"}, "cannot be reached"),
    ({"values": np.ones((3, 9, 9), np.uint8)}, {"output": "/nowhere/at/all.tif"}, "cannot be written"),
    ({"values": np.ones((3, 9, 9), np.uint8)}, {"output": ""}, "name OUTPUT or PROBABILITY"),
    ({"values": np.ones((3, 9, 9), np.uint8)}, {"detections": "/tmp/x.gpkg"}, "leave DETECTIONS empty"),
], ids=lambda v: str(v)[:30] if isinstance(v, str) else "")
def test_what_does_not_fit_is_said_in_one_sentence(
    tmp_path: Path, make_raster, blurring: Path, raster: dict, more: dict, said: str
) -> None:
    imagery = make_raster(**{"bands": ("red", "green", "blue"), **raster})
    params = {"imagery": (imagery,), "model": str(blurring), "device": "cpu", "output": str(tmp_path / "o.tif"), **more}
    with pytest.raises(InputError, match=said) as caught:
        run(Params(**params), Feedback())
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.glob("*.tif"))
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(("kind", "factor"), [
    (TensorProto.FLOAT16, 1 / 255), (TensorProto.DOUBLE, 1 / 255), (TensorProto.UINT8, 1)], ids=str)
def test_inputs_are_given_in_the_type_that_the_model_takes(tmp_path: Path, make_raster, kind: int, factor: float
                                                           ) -> None:
    shape = ["n", 3, "side", "side"]
    model = onnx_models.save(tmp_path / "m.onnx", [onnx.helper.make_node("Cast", ["x"], ["y"], to=TensorProto.FLOAT)],
                             [onnx_models.value("x", shape, kind)], [onnx_models.value("y", shape)],
                             metadata=REGRESSOR)
    values = noise(3, 20, 30)
    out = pixels(predict(tmp_path, make_raster(values, bands=("red", "green", "blue")), model))
    np.testing.assert_allclose(out, values * factor, atol=1e-3)


def test_whole_numbers_that_are_standardised_are_refused(tmp_path: Path, make_raster) -> None:
    shape = ["n", 3, "side", "side"]
    model = onnx_models.save(
        tmp_path / "m.onnx", [onnx.helper.make_node("Cast", ["x"], ["y"], to=TensorProto.FLOAT)],
        [onnx_models.value("x", shape, TensorProto.UINT8)], [onnx_models.value("y", shape)],
        metadata={**REGRESSOR, "standardization_mean": [0.5] * 3, "standardization_std": [0.2] * 3})
    with pytest.raises(InputError, match="takes whole numbers, and its keys standardise them"):
        predict(tmp_path, make_raster(noise(3, 20, 30), bands=("red", "green", "blue")), model)


def test_a_palette_is_refused(tmp_path: Path, make_raster, blurring: Path) -> None:
    imagery = make_raster(np.ones((1, 9, 9), np.uint8), bands=())
    with rasterio.open(imagery.path, "r+") as raster:
        raster.write_colormap(1, {1: (255, 0, 0, 255)})
        assert raster.colorinterp == (ColorInterp.palette,)
    with pytest.raises(InputError, match="colour table"):
        predict(tmp_path, imagery, blurring)


def test_a_detectors_boxes_need_a_layer_of_their_own(tmp_path: Path, make_raster) -> None:
    model = onnx_models.identity(tmp_path / "m.onnx", 3, 64, model_type="Detector", det_type="YOLO_v9")
    with pytest.raises(InputError, match="name DETECTIONS"):
        predict(tmp_path, make_raster(noise(3, 9, 9), bands=("red", "green", "blue")), model)


def test_a_model_that_says_nothing_of_itself_is_refused_with_what_to_write(tmp_path: Path, make_raster) -> None:
    model = onnx_models.identity(tmp_path / "m.onnx", 3)
    with pytest.raises(InputError, match=r"does not say what its values mean; write m\.json beside it"):
        predict(tmp_path, make_raster(noise(3, 9, 9), bands=("red", "green", "blue")), model)
