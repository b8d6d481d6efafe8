"""Makes the folder of the plugin importable as ``geoloop``, whatever the folder is called.

Run by scripts of this folder through :mod:`runpy`. The folder itself stays off ``sys.path``, where its ``core`` or
``ui`` would hide modules of the same name.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

if "geoloop" not in sys.modules:
    _root = Path(__file__).resolve().parents[2]
    _spec = importlib.util.spec_from_file_location(
        "geoloop", _root / "__init__.py", submodule_search_locations=[str(_root)]
    )
    if _spec is None or _spec.loader is None:
        raise ImportError(f"There is no Python package in {_root}.")
    sys.modules["geoloop"] = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(sys.modules["geoloop"])
