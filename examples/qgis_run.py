"""Running algorithms in a real QGIS: ``qgis_process`` as a script, a server or a cron job would call it.

The environment names what is not in the usual place: QGIS_PROCESS the command, QGIS_PYTHON the interpreter that has
QGIS's own modules. QGIS_PLUGINPATH and GEOLOOP_ENGINE_PYTHON are handed on.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

QGIS_PROCESS = os.environ.get("QGIS_PROCESS", "qgis_process")
QGIS_PYTHON = os.environ.get("QGIS_PYTHON", "/usr/bin/python3")
# In text mode progress is printed as "0...10...20".
PROGRESS = re.compile(rb"\d+\.\.\.")


class QgisError(RuntimeError):
    """A run in QGIS failed; the text is what it said."""


def qgis_environment() -> dict[str, str]:
    """This process's environment without what would make QGIS's Python take this one's packages for its own."""
    kept = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")}
    own = os.path.dirname(sys.executable)
    kept["PATH"] = os.pathsep.join(p for p in kept.get("PATH", "").split(os.pathsep) if p != own)
    kept.setdefault("QT_QPA_PLATFORM", "offscreen")
    return kept


def run_algorithm(algorithm: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Run an algorithm such as ``geoloop:loop`` and return its results; QgisError says what went wrong."""
    command = [QGIS_PROCESS, "--json", "run", algorithm, "-"]
    done = subprocess.run(command, input=json.dumps({"inputs": dict(inputs)}), capture_output=True, text=True,
                          env=qgis_environment(), check=False)
    if done.returncode or not done.stdout.strip():
        raise QgisError(f"{algorithm} failed ({done.returncode}):\n{done.stderr.strip()}")
    return json.loads(done.stdout)["results"]


def time_algorithm(algorithm: str, **inputs: str) -> tuple[float, float]:
    """Seconds from the start of ``qgis_process`` to its first progress, and to its end."""
    command = [QGIS_PROCESS, "run", algorithm, "--", *(f"{k}={v}" for k, v in inputs.items())]
    start = time.monotonic()
    first, said = None, b""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=qgis_environment()) as process:
        while chunk := os.read(process.stdout.fileno(), 4096):
            said += chunk
            if first is None and PROGRESS.search(said):
                first = time.monotonic() - start
    if process.returncode or first is None:
        raise QgisError(f"{algorithm} failed ({process.returncode}):\n{said.decode(errors='replace')}")
    return first, time.monotonic() - start


def run_script(script: str, *arguments: str) -> str:
    """What a script prints that needs QGIS's own Python; QgisError if it fails."""
    done = subprocess.run([QGIS_PYTHON, script, *arguments], capture_output=True, text=True, env=qgis_environment(),
                          check=False)
    if done.returncode:
        raise QgisError(f"{script} failed ({done.returncode}):\n{done.stderr.strip()}")
    return done.stdout
