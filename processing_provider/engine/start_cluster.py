"""The script that makes a machine part of a Dask cluster that knows GeoLoop: ``scheduler`` or ``worker``, then what
Dask's own command takes.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

# Before anything else and in every process: those that Dask spawns import this file to find ``geoloop``.
runpy.run_path(str(Path(__file__).with_name("register_package.py")))

if __name__ == "__main__":
    role = sys.argv.pop(1) if len(sys.argv) > 1 else ""
    if role not in ("scheduler", "worker"):
        sys.exit("Say scheduler or worker first.")
    runpy.run_module(f"distributed.cli.dask_{role}", run_name="__main__")
