"""Rasters of any size: what a megapixel costs and what memory the run takes, through the engine's own door."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .jobs import job_of
from .measuring import Spread, engine_environment
from .models import Model
from .rasters import write_raster

TINY_PX = 256
SHORT_S = 20.0


class WarmEngine:
    """``python -m geoloop.core.worker``, as QGIS keeps it, with what the kernel knows of its memory."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process, self._jobs = process, 0

    def run(self, params: dict[str, Any]) -> float:
        """Run the predict job; seconds from the request to its result."""
        from geoloop.core.messages import Failure, Job, Result, decode, encode

        self._jobs += 1
        start = time.perf_counter()
        self._process.stdin.write(encode(Job(self._jobs, "predict", params)))
        self._process.stdin.flush()
        for line in self._process.stdout:
            message = decode(line)
            if isinstance(message, Result):
                return time.perf_counter() - start
            if isinstance(message, Failure):
                sys.exit(f"predict failed: {message.text}\n{message.detail}")
        sys.exit("The engine ended without a result.")

    def peak_mb(self) -> float:
        """The most memory that the process has held so far, in MB of 2**20 bytes (VmHWM)."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


@contextmanager
def warm_engine(threads: int) -> Iterator[WarmEngine]:
    """An engine of its own; it ends with the block."""
    with subprocess.Popen([sys.executable, "-m", "geoloop.core.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, env=engine_environment(threads)) as process:
        try:
            yield WarmEngine(process)
        finally:
            process.stdin.close()


@dataclass(frozen=True)
class SizeCost:
    """A square raster of ``side`` pixels: seconds a megapixel; peak memory of the engine in MB, in all and beyond what
    the same engine held after a tiny raster (its imports, the model); size of the raster's file in MB.
    """

    side: int
    s_per_mpx: Spread
    peak_mb: float
    beyond_mb: float
    file_mb: float


def measure_size(model: Model, side: int, seed: int, threads: int, folder: Path, repeats: int) -> SizeCost:
    """Run over a raster of ``side`` × ``side`` in a fresh engine warmed by a tiny one. Long runs are not repeated."""
    tiny = write_raster(folder / "tiny.tif", TINY_PX, model.bands, seed)
    raster = write_raster(folder / "large.tif", side, model.bands, seed)
    output = folder / "classes.tif"
    with warm_engine(threads) as engine:
        engine.run(job_of(model, tiny, output))
        before = engine.peak_mb()
        seconds = [engine.run(job_of(model, raster, output))]
        while len(seconds) < repeats and seconds[0] < SHORT_S:
            seconds.append(engine.run(job_of(model, raster, output)))
        peak = engine.peak_mb()
    file_mb = raster.stat().st_size / 2**20
    for path in (raster, output):
        path.unlink()
    return SizeCost(side, Spread.of(s / (side * side / 1e6) for s in seconds), peak, peak - before, file_mb)
