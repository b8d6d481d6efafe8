"""``predict`` cancelled, killed, or on a cluster whose worker dies: nothing half-written, and the same bytes."""

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
import onnx
import pytest
from heard import Heard
from predicting import SEGMENTOR, noise, predict

from geoloop.core import jobs
from geoloop.core.errors import Cancelled, InputError
from geoloop.core.feedback import Feedback
from geoloop.core.jobs.inputs import RasterInput

ROOT = Path(__file__).resolve().parents[3]


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
    log = Heard()
    jobs.run("predict", {**params}, log)
    assert output.read_bytes() == whole.read_bytes()
    assert kept >= 4
    assert any("Continuing a run that was stopped" in line for line in log.lines)
    assert not parts.exists()


class Breaks(Feedback):
    """Breaks down when most of the work is done."""

    def progress(self, fraction: float, text: str = "") -> None:
        if fraction > 0.7:
            raise MemoryError


@pytest.mark.parametrize("changed", ["card", "weights"])
def test_what_was_computed_by_a_model_that_has_changed_since_is_not_gone_on_with(
    tmp_path: Path, make_raster, blurring: Path, changed: str
) -> None:
    """Its card may be a file beside it, and so may be its weights."""
    onnx.save(onnx.load(blurring), blurring, save_as_external_data=True, location="weights.bin", size_threshold=0)
    card, weights = blurring.with_suffix(".json"), blurring.with_name("weights.bin")
    card.write_text(json.dumps(SEGMENTOR))
    imagery = make_raster(noise(3, 900, 90), bands=("red", "green", "blue"))
    with pytest.raises(MemoryError):
        predict(tmp_path, imagery, blurring, tile=64, probability=True, feedback=Breaks())
    assert len(list((tmp_path / ".out.parts").glob("0-*.tif"))) > 4
    if changed == "card":
        card.write_text(json.dumps({**SEGMENTOR, "standardization_mean": [0.4] * 3, "standardization_std": [0.1] * 3}))
    else:
        weights.write_bytes((-np.frombuffer(weights.read_bytes(), np.float32)).tobytes())
    fresh = predict(tmp_path, imagery, blurring, tile=64, probability=True, name="fresh.tif")
    assert predict(tmp_path, imagery, blurring, tile=64, probability=True).read_bytes() == fresh.read_bytes()


def test_what_was_computed_of_imagery_that_has_changed_since_is_not_gone_on_with(tmp_path: Path, make_raster,
                                                                                 blurring: Path) -> None:
    """A virtual raster is the same text whatever becomes of what it shows."""
    values = noise(3, 900, 90)
    imagery = make_raster(values, bands=("red", "green", "blue"), name="tile.tif")
    rows = "".join(f"<VRTRasterBand dataType='Byte' band='{band}'><SimpleSource><SourceFilename relativeToVRT='1'>"
                   f"tile.tif</SourceFilename><SourceBand>{band}</SourceBand></SimpleSource></VRTRasterBand>"
                   for band in (1, 2, 3))
    mosaic = Path(imagery.path).with_name("mosaic.vrt")
    mosaic.write_text("<VRTDataset rasterXSize='90' rasterYSize='900'><SRS>EPSG:32633</SRS><GeoTransform>500000, 10, 0,"
                      f" 5800000, 0, -10</GeoTransform>{rows}</VRTDataset>")
    shown = RasterInput(str(mosaic), bands=("red", "green", "blue"))
    with pytest.raises(MemoryError):
        predict(tmp_path, shown, blurring, tile=64, feedback=Breaks())
    assert len(list((tmp_path / ".out.parts").glob("0-*.tif"))) > 4
    make_raster(255 - values, name="tile.tif")
    fresh = predict(tmp_path, shown, blurring, tile=64, name="fresh.tif")
    assert predict(tmp_path, shown, blurring, tile=64).read_bytes() == fresh.read_bytes()


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
