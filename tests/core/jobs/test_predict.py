"""``predict``: any raster, any model, the same result however it is cut into tiles."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import onnx_models
import pytest
import rasterio
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.enums import ColorInterp

from geoloop.core import jobs
from geoloop.core.errors import Cancelled, InputError
from geoloop.core.feedback import Feedback
from geoloop.core.jobs.inputs import ExtentInput, RasterInput
from geoloop.core.jobs.predict import Params, run

ROOT = Path(__file__).resolve().parents[3]
SEGMENTOR = {"model_type": "Segmentor", "class_names": {"0": "field", "1": "wood"}}
REGRESSOR = {"model_type": "Regressor"}
RNG = np.random.default_rng(7)


class Log(Feedback):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def info(self, text: str) -> None:
        self.lines.append(text)

    def warning(self, text: str) -> None:
        self.lines.append(text)


def predict(folder: Path, imagery: RasterInput | tuple[RasterInput, ...], model: Path, *, probability: bool = False,
            feedback: Feedback | None = None, name: str = "out.tif", **more: object) -> Path:
    inputs = imagery if isinstance(imagery, tuple) else (imagery,)
    more["probability" if probability else "output"] = str(folder / name)
    run(Params(imagery=inputs, model=str(model), device="cpu", **more), feedback or Feedback())
    return folder / name


def pixels(path: Path) -> np.ndarray:
    with rasterio.open(path) as raster:
        return raster.read()


def noise(bands: int, height: int, width: int) -> np.ndarray:
    return RNG.integers(1, 255, (bands, height, width), dtype=np.uint8)


@settings(max_examples=12, deadline=None)
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


def mlm(task: str, bands: int, **more: object) -> dict:
    """A STAC item with what MLM says of a model that takes bands as they are."""
    names = ["red", "green", "blue", "nir"][:bands] if bands > 1 else ["b"]
    return {
        "type": "Feature", "stac_version": "1.0.0", "id": "m", "geometry": None, "assets": {}, "links": [],
        "stac_extensions": ["https://stac-extensions.github.io/mlm/v1.4.0/schema.json"],
        "properties": {
            "datetime": None, "mlm:name": "m", "mlm:architecture": "identity", "mlm:tasks": [task],
            "mlm:input": [{"name": "x", "bands": names if bands > 1 else [], "value_scaling": None, "input": {
                "shape": [-1, bands, -1, -1], "dim_order": ["batch", "channel", "height", "width"],
                "data_type": "float32"}}],
            "mlm:output": [{"name": "y", "tasks": [task], "result": {
                "shape": [-1, bands, -1, -1], "dim_order": ["batch", "channel", "height", "width"],
                "data_type": "float32"}}], **more}}


@pytest.fixture
def blurring(tmp_path: Path) -> Path:
    return onnx_models.blur(tmp_path / "models" / "Wälder.onnx", **SEGMENTOR)


def test_a_segmentation_says_what_it_is(tmp_path: Path, make_raster, blurring: Path) -> None:
    imagery = make_raster(noise(3, 70, 90), bands=("red", "green", "blue"))
    log = Log()
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


def test_a_model_of_another_resolution_gets_resampled_imagery_when_asked(tmp_path: Path, make_raster) -> None:
    model = onnx_models.identity(tmp_path / "m.onnx", 3, **REGRESSOR, resolution=2000)
    imagery = make_raster(noise(3, 40, 40), bands=("red", "green", "blue"))
    with pytest.raises(InputError, match="pixels of 20 m, the imagery has 10 m; set RESAMPLE"):
        predict(tmp_path, imagery, model)
    with rasterio.open(predict(tmp_path, imagery, model, resample=True)) as raster:
        assert (raster.width, raster.res) == (20, (20, 20))


@pytest.mark.parametrize(("raster", "more", "said"), [
    ({"values": np.ones((2, 9, 9), np.uint8), "bands": ("red", "green")}, {}, "blue"),
    ({"values": np.ones((3, 9, 9), np.uint16)}, {}, "8-bit|0 to 255"),
    ({"values": np.ones((3, 9, 9), np.float64)}, {}, "8-bit|0 to 255"),
    ({"values": np.ones((3, 9, 9), np.complex64)}, {}, "complex"),
    ({"values": np.ones((3, 9, 9), np.uint8), "crs": "EPSG:4326", "transform": Affine(1e-4, 0, 13, 0, -1e-4, 52)}, {},
     "degrees"),
    ({"values": np.ones((3, 9, 9), np.uint8), "crs": None}, {}, "coordinate reference system"),
    ({"values": np.ones((3, 9, 9), np.uint8)}, {"extent": ExtentInput(0, 0, 10, 10)}, "does not touch"),
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


def test_a_cancelled_run_leaves_nothing(tmp_path: Path, make_raster, blurring: Path) -> None:
    class AfterAWhile(Feedback):
        checks = 0

        def cancelled(self) -> bool:
            self.checks += 1
            return self.checks > 5

    with pytest.raises(Cancelled):
        predict(tmp_path, make_raster(noise(3, 400, 400), bands=("red", "green", "blue")), blurring, tile=64,
                feedback=AfterAWhile())
    assert not list(tmp_path.glob("*.tif"))
    assert not list(tmp_path.glob(".*"))


def started(folder: Path, params: dict) -> subprocess.Popen[bytes]:
    job = folder / "job.json"
    job.write_text(json.dumps({"name": "predict", "params": params}))
    script = ROOT / "processing_provider" / "engine" / "start_worker.py"
    return subprocess.Popen([sys.executable, str(script), str(job)], stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def test_a_killed_run_is_continued_and_gives_the_same_file(tmp_path: Path, make_raster, blurring: Path) -> None:
    imagery = make_raster(noise(3, 2600, 700), bands=("red", "green", "blue"), tiled=True, blockxsize=256,
                          blockysize=256)
    whole = predict(tmp_path, imagery, blurring, name="whole.tif", tile=96, probability=True)
    output = tmp_path / "out.tif"
    params = {"imagery": [{"path": imagery.path, "name": imagery.name, "bands": imagery.bands}],
              "model": str(blurring), "device": "cpu", "tile": 96, "probability": str(output)}
    parts = tmp_path / ".out.parts"
    with started(tmp_path, params) as process:
        began = time.monotonic()
        while len(list(parts.glob("0-*.tif"))) < 4:
            assert process.poll() is None
            assert time.monotonic() - began < 60
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
    kept = len(list(parts.glob("0-*.tif")))
    assert not output.exists()
    log = Log()
    jobs.run("predict", {**params}, log)
    assert output.read_bytes() == whole.read_bytes()
    assert kept >= 4
    assert any("Continuing a run that was stopped" in line for line in log.lines)
    assert not parts.exists()


def test_a_cluster_gives_the_same_bytes_also_when_a_worker_dies(tmp_path: Path, make_raster, blurring: Path) -> None:
    from distributed import Client, LocalCluster

    imagery = make_raster(noise(3, 900, 500), bands=("red", "green", "blue"))
    alone = predict(tmp_path, imagery, blurring, tile=64, batch=2)
    local = predict(tmp_path, imagery, blurring, tile=64, batch=2, name="local.tif", scheduler="local:2")
    assert local.read_bytes() == alone.read_bytes()

    class Killer(Feedback):
        """Kills a worker once the run is on its way."""

        def __init__(self, client: Client) -> None:
            super().__init__()
            self.client, self.killed = client, 0

        def progress(self, fraction: float, text: str = "") -> None:
            if not self.killed and fraction > 0.1:
                pids = self.client.run(os.getpid)
                self.killed = next(iter(pids.values()))
                os.kill(self.killed, signal.SIGKILL)

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        killer = Killer(client)
        out = predict(tmp_path, imagery, blurring, tile=64, batch=2, name="dask.tif", feedback=killer,
                      scheduler=cluster.scheduler_address)
    assert killer.killed
    assert out.read_bytes() == alone.read_bytes()


def test_a_cluster_without_workers_is_refused(tmp_path: Path, make_raster, blurring: Path) -> None:
    from distributed import LocalCluster

    imagery = make_raster(noise(3, 9, 9), bands=("red", "green", "blue"))
    with LocalCluster(n_workers=0, dashboard_address=None) as cluster:
        with pytest.raises(InputError, match="has no workers"):
            predict(tmp_path, imagery, blurring, scheduler=cluster.scheduler_address)


def test_a_band_that_the_model_does_not_use_makes_no_holes(tmp_path: Path, make_raster) -> None:
    model = onnx_models.identity(tmp_path / "m.onnx", 3, **REGRESSOR)
    values = noise(4, 30, 30).astype(np.uint8)
    values[3, 5:9] = 0
    imagery = make_raster(values, bands=("blue", "green", "red", "swir1"), nodata=0)
    out = pixels(predict(tmp_path, imagery, model))
    np.testing.assert_allclose(out, values[[2, 1, 0]] / np.float32(255), atol=1e-6)


def test_a_model_that_says_nothing_of_itself_is_refused_with_what_to_write(tmp_path: Path, make_raster) -> None:
    model = onnx_models.identity(tmp_path / "m.onnx", 3)
    with pytest.raises(InputError, match=r"does not say what its values mean; write m\.json beside it"):
        predict(tmp_path, make_raster(noise(3, 9, 9), bands=("red", "green", "blue")), model)


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


@pytest.mark.parametrize("kind", ["uint16", "int16", "float64"])
def test_a_model_that_says_how_values_are_scaled_takes_any_type(tmp_path: Path, make_raster, kind: str) -> None:
    item = mlm("regression", 1)
    item["properties"]["mlm:input"][0]["value_scaling"] = [{"type": "scale", "value": 10000.0}]
    model = onnx_models.identity(tmp_path / "m.onnx")
    (tmp_path / "m.json").write_text(json.dumps(item))
    values = np.full((1, 5, 5), 2500, kind)
    out = pixels(predict(tmp_path, make_raster(values, bands=("b",)), model))
    np.testing.assert_allclose(out, 0.25, atol=1e-6)


def test_a_raster_of_one_pixel_is_enough(tmp_path: Path, make_raster, blurring: Path) -> None:
    out = predict(tmp_path, make_raster(noise(3, 1, 1), bands=("red", "green", "blue")), blurring)
    assert pixels(out).shape == (1, 1, 1)
    assert pixels(out).max() <= 1


def test_workers_that_are_started_by_hand_compute_the_same_bytes(tmp_path: Path, make_raster, blurring: Path) -> None:
    """A scheduler and workers by the commands that the page on clusters gives, in a folder that is not GeoLoop's."""
    from distributed import Client

    imagery = make_raster(noise(3, 300, 200), bands=("red", "green", "blue"))
    alone = predict(tmp_path, imagery, blurring, tile=64)
    known = tmp_path / "scheduler.json"
    start = [sys.executable, str(ROOT / "processing_provider" / "engine" / "start_cluster.py")]
    scheduling = [*start, "scheduler", "--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0",
                  "--scheduler-file", str(known)]
    working = [*start, "worker", "--scheduler-file", str(known), "--nthreads", "1", "--no-dashboard"]
    with running(scheduling, tmp_path):
        began = time.monotonic()
        while not known.exists():
            assert time.monotonic() - began < 60
            time.sleep(0.1)
        with running(working, tmp_path), Client(scheduler_file=str(known), timeout=60) as client:
            client.wait_for_workers(1, timeout=60)
            address = json.loads(known.read_text())["address"]
            out = predict(tmp_path, imagery, blurring, tile=64, name="cluster.tif", scheduler=address)
    assert out.read_bytes() == alone.read_bytes()


@contextmanager
def running(command: list[str], folder: Path) -> Iterator[None]:
    """A program that is ended with the block, whatever happens in it."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()
