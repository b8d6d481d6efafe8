"""Figures with their spread, and runs in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Spread:
    """Repeated figures of one thing."""

    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        return cls(tuple(values))

    @property
    def median(self) -> float:
        return median(self.values)

    def __str__(self) -> str:
        return f"{min(self.values):.3f} / {self.median:.3f} / {max(self.values):.3f}"


def engine_environment(threads: int) -> dict[str, str]:
    """The environment in which QGIS starts the engine, with so many threads; the package is this checkout."""
    package = {"PYTHONPATH": str(ROOT / ".dev")}
    return os.environ | package | {"OMP_NUM_THREADS": str(threads), "OMP_WAIT_POLICY": "passive"}


def run_for_json(command: Sequence[str], request: Mapping[str, Any], folder: Path, env: Mapping[str, str]) -> Any:
    """Run ``command`` with the path of a file that holds ``request``; the JSON on the last line that it prints."""
    path = folder / "request.json"
    path.write_text(json.dumps(request), encoding="utf-8")
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, env=dict(env), check=False)
    if done.returncode or not done.stdout.strip():
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        sys.exit(f"{command[-1]} failed ({done.returncode}):\n{said}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def available_threads() -> int:
    """Physical cores that this process may use: onnxruntime's own default."""
    return min(psutil.cpu_count(logical=False) or 1, len(os.sched_getaffinity(0)))
