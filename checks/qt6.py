"""What would fail under Qt 6, where QGIS 4 lives: read from the source, for no QGIS 4 can be run here.

    python checks/qt6.py STUBS

mypy reads the plugin's side as if ``qgis.PyQt`` were PyQt6, whose own type stubs lie in the folder STUBS: an enum
without its scope, a method that is gone, a number where an enum is wanted. Its ending is mypy's.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = ("QtCore", "QtGui", "QtNetwork", "QtPrintSupport", "QtSql", "QtSvg", "QtTest", "QtWidgets", "QtXml", "sip")
ANYTHING = "from typing import Any\ndef __getattr__(name: str) -> Any: ...\n"
MOVED = {"QtWidgets": "from PyQt6.QtGui import QAction as QAction, QActionGroup as QActionGroup\n"
                      "from PyQt6.QtGui import QShortcut as QShortcut\n"}
"""What qgis.PyQt offers in the old module as well as in the new one."""

CONFIG = """
[mypy]
python_version = 3.11
check_untyped_defs = True
ignore_missing_imports = True
follow_imports = silent
# Whether something may be None is another question than whether Qt has it.
strict_optional = False
disable_error_code = assignment, has-type, misc, no-redef, union-attr
[mypy-geoloop.core.*]
follow_imports = skip
# It starts processes, on Windows with constants that only Windows has, and shows nothing.
[mypy-geoloop.processing_provider.engine.*]
ignore_errors = True
[mypy-numpy.*]
follow_imports = skip
[mypy-PyQt6.*]
ignore_errors = True
"""


def write_stubs(folder: Path) -> None:
    """Write the stubs of a ``qgis`` whose PyQt is PyQt6 and of whose other parts nothing is known."""
    at = folder / "qgis" / "PyQt"
    at.mkdir(parents=True)
    for name in ("__init__", "core", "gui", "utils", "analysis"):
        (folder / "qgis" / f"{name}.pyi").write_text(ANYTHING)
    (at / "__init__.pyi").write_text("")
    for module in MODULES:
        (at / f"{module}.pyi").write_text(f"from PyQt6.{module} import *\n{MOVED.get(module, '')}")


def check(package_parent: Path, stubs: Path, *names: str) -> subprocess.CompletedProcess[str]:
    """Let mypy read packages and modules that lie in ``package_parent``."""
    with tempfile.TemporaryDirectory() as folder:
        write_stubs(Path(folder, "qgis-stubs"))
        config = Path(folder, "mypy.ini")
        config.write_text(CONFIG)
        path = os.pathsep.join(map(str, (Path(folder, "qgis-stubs"), stubs, package_parent)))
        return subprocess.run(
            [sys.executable, "-m", "mypy", f"--config-file={config}", f"--cache-dir={ROOT}/.mypy_cache/qt6",
             *(part for name in names for part in ("-p", name))],
            cwd=ROOT, env={**os.environ, "MYPYPATH": path}, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    done = check(ROOT / ".dev", Path(sys.argv[1]), "geoloop.plugin", "geoloop.processing_provider", "geoloop.ui")
    print(done.stdout + done.stderr, end="")
    sys.exit(done.returncode)
