"""``predict`` with detectors: from the imagery through the model to one polygon an object."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import onnx_models
import pytest
from onnx import helper

from geoloop.core.errors import InputError
from geoloop.core.feedback import Feedback
from geoloop.core.jobs.inputs import ExtentInput
from geoloop.core.jobs.predict import Params, run

SIDE, CELL = 64, 8
EXTRA = {  # what a format adds after the class's score, or before it, a value a box
    "YOLO_Ultralytics": (), "YOLO_Ultralytics_obb": ("boxes", "score", "half"), "YOLO_v9": (),
    "YOLO_v5_or_v7_default": ("boxes", "score", "half"), "YOLO_v6": ("boxes", "half", "score"),
    "YOLO_Ultralytics_segmentation": ("boxes", "score", "half"),
}


def detector(path: Path, form: str, **metadata) -> Path:
    """A detector with one box for each cell of 8 × 8 pixels, whose score is the cell's mean of the first band."""
    y, x = (np.mgrid[:SIDE:CELL, :SIDE:CELL].reshape(2, 1, -1) + CELL / 2).astype(np.float32)
    count, side = x.size, np.full_like(x, CELL)
    constants = {"w": np.array([1, 0, 0], np.float32).reshape(1, 3, 1, 1), "shape": np.array([1, 1, count]),
                 "boxes": np.concatenate([x, y, side, side])[None], "half": np.full((1, 1, count), 0.5, np.float32),
                 "dim": np.full(1, 0.75, np.float32)}
    parts = EXTRA[form] or ("boxes", "score")
    nodes = [helper.make_node("Conv", ["x", "w"], ["first"]),
             helper.make_node("AveragePool", ["first"], ["mean"], kernel_shape=[CELL] * 2, strides=[CELL] * 2),
             helper.make_node("Reshape", ["mean", "shape"], ["score"])]
    values = 4 + len(parts) - 1
    if form.startswith(("YOLO_v5", "YOLO_v6")):
        nodes += [helper.make_node("Concat", parts, ["rows"], axis=1),
                  helper.make_node("Transpose", ["rows"], ["y"], perm=[0, 2, 1])]
        outputs = [onnx_models.value("y", [1, count, values])]
    else:
        nodes.append(helper.make_node("Concat", parts, ["y"], axis=1))
        outputs = [onnx_models.value("y", [1, values, count])]
    if form.endswith("segmentation"):
        nodes += [helper.make_node("AveragePool", ["first"], ["small"], kernel_shape=[2, 2], strides=[2, 2]),
                  helper.make_node("Sub", ["small", "dim"], ["masks"])]
        outputs.append(onnx_models.value("masks", [1, 1, SIDE // 2, SIDE // 2]))
    return onnx_models.save(path, nodes, [onnx_models.value("x", [1, 3, SIDE, SIDE])], outputs, constants, {
        "model_type": "Detector", "det_type": form, "det_conf": 0.9, "det_iou_thresh": 0.5,
        "class_names": {0: "square"}, "tiles_overlap": 25, **metadata})


@pytest.fixture
def scene(make_raster):
    """An image of 200 × 232 pixels with bright cells, and their rows and columns."""
    rng = np.random.default_rng(3)
    cells = sorted({(int(row) * 16, int(column) * 16) for row, column in
                    zip(rng.integers(0, 12, 60), rng.integers(0, 14, 60), strict=True)})
    image = rng.integers(1, 120, (3, 200, 232), dtype=np.uint8)
    for row, column in cells:
        image[0, row:row + CELL, column:column + CELL] = 255
    return make_raster(image, photometric="RGB"), cells


def places(path: Path) -> list[tuple[int, int]]:
    """Rows and columns of the cells that hold the objects' middles, in the fixture's grid of 10 m."""
    middle = geopandas.read_file(path).centroid
    row, column = (5_800_000 - middle.y) / 10, (middle.x - 500_000) / 10
    return sorted(zip(*((along // CELL * CELL).astype(int) for along in (row, column)), strict=True))


@pytest.mark.parametrize("form", [form for form in EXTRA if not form.endswith("obb")])
@pytest.mark.parametrize("overlap", [None, 0.4])
def test_a_detector_of_any_format_finds_every_object_once(tmp_path, scene, form, overlap):
    image, cells = scene
    path = tmp_path / "o.gpkg"
    model = detector(tmp_path / "m.onnx", form)
    run(Params(imagery=(image,), model=str(model), overlap=overlap, detections=str(path)), Feedback())
    assert places(path) == cells
    table = geopandas.read_file(path)
    assert set(table["class"]) == {"square"}
    assert (table.area <= 6400 + 1e-6).all()
    assert (table.area > 4500).all()  # a mask's outline leaves the corners out


def test_turned_boxes_are_written_turned(tmp_path, scene):
    image, cells = scene
    path = tmp_path / "o.gpkg"
    model = detector(tmp_path / "m.onnx", "YOLO_Ultralytics_obb")
    run(Params(imagery=(image,), model=str(model), detections=str(path)), Feedback())
    table = geopandas.read_file(path)
    assert len(table) == len(cells)
    np.testing.assert_allclose(table["angle"], np.degrees(0.5), rtol=1e-5)
    np.testing.assert_allclose(table.area, 6400)
    tilted = table.geometry.iloc[0].exterior.coords
    assert (tilted[1][0] - tilted[0][0], tilted[1][1] - tilted[0][1]) == pytest.approx(
        (80 * np.cos(0.5), -80 * np.sin(0.5)), rel=1e-4)  # the top side falls to the right: clockwise


def test_an_extent_has_the_objects_whose_middle_it_holds(tmp_path, scene):
    image, cells = scene
    path = tmp_path / "o.gpkg"
    extent = ExtentInput(500_000 + 330, 5_800_000 - 1300, 500_000 + 1610, 5_800_000 - 210)
    run(Params(imagery=(image,), model=str(detector(tmp_path / "m.onnx", "YOLO_v9")), extent=extent,
               detections=str(path)), Feedback())
    inside = [(row, column) for row, column in cells if 33 <= column + 4 < 161 and 21 <= row + 4 < 130]
    assert places(path) == inside


def test_another_format_than_the_models_is_refused_with_its_shape(tmp_path, scene):
    image, _ = scene
    model = detector(tmp_path / "m.onnx", "YOLO_v6", det_type="YOLO_v9")
    with pytest.raises(InputError, match=r"returns \(1, 64, 6\) and the card lists 1 classes"):
        run(Params(imagery=(image,), model=str(model), detections=str(tmp_path / "o.gpkg")), Feedback())
    assert not (tmp_path / "o.gpkg").exists()
