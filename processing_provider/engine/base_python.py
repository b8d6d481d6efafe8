"""The Python that an engine's environment is made from. Standard library only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from ...core.errors import EngineError
from .environment import engine_environment

OLDEST = (3, 11)
_ASK = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
_ASK_TIMEOUT_S = 60


@dataclass(frozen=True)
class BasePython:
    """An interpreter that can make environments, and its version, such as ``3.11``."""

    path: Path
    version: str


def find_base_python(named: Path | None = None) -> BasePython:
    """Return ``named``, or the first Python of this machine that will do.

    ``sys.executable`` is never asked: inside QGIS it may be QGIS itself, and starting it would open windows. Raises
    :class:`EngineError` saying what to install if no Python will do.
    """
    refusals = []
    for path in [named] if named is not None else _candidates():
        version = _version(path)
        if version is None:
            refusals.append(f"{path} lacks the modules venv and ensurepip or cannot be run")
        elif tuple(map(int, version.split("."))) < OLDEST:
            refusals.append(f"{path} is Python {version}")
        else:
            return BasePython(path, version)
    oldest = ".".join(map(str, OLDEST))
    raise EngineError(
        f"No Python {oldest} or newer that can make environments was found "
        f"({'; '.join(refusals) or 'there is none at all'}); install one (on Debian and Ubuntu: apt install "
        f"python3-venv) and run again."
    )


def _candidates() -> list[Path]:
    prefixes = [Path(prefix) for prefix in dict.fromkeys((sys.base_prefix, sys.prefix))]
    if sys.platform == "win32":
        found = [prefix / name for prefix in prefixes for name in ("python.exe", "python3.exe")]
    elif sys.platform == "darwin":
        found = [prefix / "bin" / "python3" for prefix in prefixes]
    else:
        found = [Path("/usr/bin/python3")]
    on_path = shutil.which("python3")
    return [path for path in found if path.is_file()] + ([Path(on_path)] if on_path else [])


def _version(python: Path) -> str | None:
    quiet = {"creationflags": subprocess.CREATE_NO_WINDOW} if sys.platform == "win32" else {}
    try:
        answer = subprocess.run(
            [os.fspath(python), "-I", "-c", _ASK], capture_output=True, text=True, timeout=_ASK_TIMEOUT_S,
            env=engine_environment(), check=True, **quiet,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()
