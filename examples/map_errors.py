"""Put known errors into a map layer, by the evaluation's own script."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Literal

EVALUATION = Path(__file__).resolve().parent.parent / "benchmarks" / "evaluation"
KEY = "gl_key"  # the field by which the script's truth names features


def put_map_errors_in(
    mode: Literal["buildings", "landuse"],
    layer: Path,
    raster: Path,
    out: Path,
    truth: Path,
    *,
    seed: int,
    class_field: str = "",
) -> dict[str, int]:
    """Copy a trusted layer to ``out`` with errors and log them in ``truth``; returns how many of each kind."""
    said = run_script("inject.py", mode, layer, raster, out, truth, "--seed", seed,
                      *(["--class-field", class_field] if class_field else []))
    return json.loads(said.splitlines()[-1])["injected"]


def run_script(name: str, *arguments: object) -> str:
    """What a script of the evaluation prints; raises RuntimeError with its error text if it fails."""
    command = [sys.executable, str(EVALUATION / name), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name} failed: {done.stderr.strip()}")
    return done.stdout
