"""The script that makes a machine a worker of a Dask cluster: takes what ``dask worker`` takes, and knows GeoLoop."""

from __future__ import annotations

import runpy
from pathlib import Path

# Before anything else and in every process: those that Dask spawns import this file to find ``geoloop``.
runpy.run_path(str(Path(__file__).with_name("register_package.py")))

if __name__ == "__main__":
    runpy.run_module("distributed.cli.dask_worker", run_name="__main__")
