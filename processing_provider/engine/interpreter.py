"""Which Python is the engine's: the setting, the environment variable, or the environment that the plugin made."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsSettings

from ...core.errors import EngineError
from ..translation import tr
from .location import find_engine

SETTING = "geoloop/engine_python"
VARIABLE = "GEOLOOP_ENGINE_PYTHON"


@dataclass(frozen=True)
class Interpreter:
    """The engine's Python, and who named it."""

    python: Path
    named_by: str


def find_interpreter() -> Interpreter:
    """Return the engine's interpreter; nothing is started.

    Raises :class:`EngineError` if there is none, or if the setting or the variable names a file that cannot be run: a
    choice that the user made is never passed over in silence.
    """
    chosen = (
        (tr("the QGIS setting {name}").format(name=SETTING), str(QgsSettings().value(SETTING, "") or "")),
        (tr("the environment variable {name}").format(name=VARIABLE), os.environ.get(VARIABLE, "")),
    )
    for named_by, path in chosen:
        if path.strip():
            python = Path(path.strip()).expanduser()
            if not (python.is_file() and os.access(python, os.X_OK)):
                raise EngineError(tr(
                    "GeoLoop's engine cannot start: {named_by} names {python}, which is no program; "
                    "correct it or remove it."
                ).format(named_by=named_by, python=python))
            return Interpreter(python.absolute(), named_by)
    python_made = find_engine()
    if python_made is None:
        raise EngineError(tr(
            "GeoLoop's engine is not installed: run geoloop:installengine (Processing toolbox, GeoLoop, Install the "
            "engine), or name a Python that has the engine's packages in the environment variable {variable}."
        ).format(variable=VARIABLE))
    return Interpreter(python_made, tr("geoloop:installengine"))
