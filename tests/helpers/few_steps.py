"""Stands in for the engine's Python where a test needs a fit but not a good one: the same engine, with fewer steps.

A program that starts it is written by :func:`few_steps_python`.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

STEPS, TUNING_STEPS = 40, 3


def few_steps_python(folder: Path, python: Path) -> Path:
    """Write a program into ``folder`` that runs scripts of the engine as ``python`` does, but fits in a few steps."""
    program = folder / "python"
    program.write_text(f'#!/bin/sh\nexec "{python}" "{Path(__file__).resolve()}" "$@"\n')
    program.chmod(0o755)
    return program


if __name__ == "__main__":
    script = Path(sys.argv[1])
    runpy.run_path(str(script.with_name("register_package.py")))
    from geoloop.core.training import crossfit, tuning

    for recipe in (crossfit.COARSE, crossfit.FINE):
        recipe.steps["quick"] = STEPS
    tuning.STEPS["quick"] = TUNING_STEPS
    sys.argv = sys.argv[1:]
    runpy.run_path(str(script), run_name="__main__")
