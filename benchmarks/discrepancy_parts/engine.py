"""Jobs of GeoLoop in a fresh process, measured."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference_parts.measuring import engine_environment, run_for_json

JOB = Path(__file__).with_name("measured_job.py")


@dataclass(frozen=True)
class Run:
    """What a job returned and cost: seconds in all, of processor and by stage, peak memory in MB of 2**20 bytes, what
    it said.
    """

    result: dict[str, Any]
    seconds: float
    cpu_seconds: float
    stages: dict[str, float]
    peak_mb: float
    said: list[str]


def run_job(name: str, params: Mapping[str, Any], threads: int = 1, profile: str = "") -> Run:
    """Run the job; ends the program with what the job said if it fails. ``profile``: a file for cProfile's figures."""
    with tempfile.TemporaryDirectory() as folder:
        request = {"name": name, "params": dict(params), "profile": profile}
        return Run(**run_for_json([sys.executable, str(JOB)], request, Path(folder), engine_environment(threads)))
