"""Two dask workers against the threads of one run."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from distributed import LocalCluster

from .jobs import job_of
from .measuring import Spread, engine_environment
from .models import Model

WORKERS = 2


@dataclass(frozen=True)
class ClusterCost:
    """Seconds of the run on ``WORKERS`` workers of one thread and of one run with as many threads, in turns."""

    clustered_s: Spread
    threaded_s: Spread

    @property
    def ratio(self) -> Spread:
        """Throughput of the workers ÷ of the threads, turn by turn."""
        return Spread.of(t / c for t, c in zip(self.threaded_s.values, self.clustered_s.values, strict=True))


def compare_cluster(model: Model, raster: Path, warm_up: Path, repeats: int, folder: Path) -> ClusterCost:
    """Run both ways in turns from this process. Ends the benchmark if a single pixel differs."""
    clustered, threaded = [], []
    outputs = folder / "clustered.tif", folder / "threaded.tif"
    with one_thread_each(), LocalCluster(n_workers=WORKERS, threads_per_worker=1, processes=True,
                                         dashboard_address=None) as cluster:
        for _ in range(2):
            timed_job(job_of(model, warm_up, outputs[0], scheduler=cluster.scheduler_address))
        timed_job(job_of(model, warm_up, outputs[1]))
        for _ in range(repeats):
            clustered.append(timed_job(job_of(model, raster, outputs[0], scheduler=cluster.scheduler_address)))
            threaded.append(timed_job(job_of(model, raster, outputs[1])))
    left, right = map(pixels, outputs)
    if left.tobytes() != right.tobytes():
        sys.exit(f"Workers and threads differ in {(left != right).sum()} of {left.size} pixels.")
    return ClusterCost(Spread.of(clustered), Spread.of(threaded))


@contextmanager
def one_thread_each() -> Iterator[None]:
    """What workers inherit: this checkout as the package, and one thread for each."""
    before = dict(os.environ)
    os.environ.update(engine_environment(1))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def timed_job(params: dict[str, Any]) -> float:
    """Seconds of one predict job in this process."""
    from geoloop.core import jobs
    from geoloop.core.feedback import Feedback

    start = time.perf_counter()
    jobs.run("predict", params, Feedback())
    return time.perf_counter() - start


def pixels(path: Path) -> np.ndarray:
    """All bands of a raster."""
    with rasterio.open(path) as raster:
        return raster.read()
