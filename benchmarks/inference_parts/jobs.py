"""The predict job as the benchmarks ask for it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from .measuring import engine_environment, run_for_json
from .models import Model

JOB = Path(__file__).with_name("measured_job.py")


def job_of(model: Model, raster: Path, output: Path, **more: Any) -> dict[str, Any]:
    """The parameters that run ``model`` over ``raster`` on the CPU and write the classes to ``output``."""
    paths = {"imagery": [{"path": str(raster)}], "model": str(model.path), "output": str(output)}
    return {**paths, "device": "cpu", **more}


def measure_job(params: dict[str, Any], warm_up: Path, threads: int, folder: Path, *, repeats: int = 1,
                replay: bool = False) -> dict[str, Any]:
    """Run the job in a fresh process (see measured_job.py), once over the raster ``warm_up`` before it counts."""
    warm = {**params, "imagery": [{"path": str(warm_up)}], "output": str(folder / "warm-up.tif")}
    request = {"params": params, "warm_up": warm, "repeats": repeats, "replay": replay}
    return run_for_json([sys.executable, str(JOB)], request, folder, engine_environment(threads))
