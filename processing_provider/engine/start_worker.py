"""The script that the engine's Python runs: listens for jobs, or runs the one job named on the command line."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

# Before anything else and in every process: a process spawned by a job imports this file to find ``geoloop``.
runpy.run_path(str(Path(__file__).with_name("register_package.py")))

if __name__ == "__main__":
    from geoloop.core.worker import main

    sys.exit(main(sys.argv[1:]))
