"""Members of QGIS's enums that are reached without the enum's name, which fails in QGIS 4. Run by QGIS's Python.

    python3 checks/qgis_enums.py FILE...
"""

from __future__ import annotations

import ast
import enum
import sys
from collections.abc import Iterator
from pathlib import Path

import qgis.analysis
import qgis.core
import qgis.gui


def unscoped(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of each such member in a source text."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
            continue
        owner = next((found for module in (qgis.core, qgis.gui, qgis.analysis)
                      if isinstance(found := getattr(module, node.value.id, None), type)), None)
        value = getattr(owner, node.attr, None)
        if owner is None or issubclass(owner, enum.Enum) or not isinstance(value, int) or type(value) in (int, bool):
            continue
        scope = next((name for name, member in vars(owner).items() if member is type(value)), type(value).__name__)
        yield node.lineno, f"{node.value.id}.{node.attr} must be {node.value.id}.{scope}.{node.attr}"


if __name__ == "__main__":
    found = [f"{path}:{line}: {text}" for path in sys.argv[1:]
             for line, text in unscoped(Path(path).read_text(encoding="utf-8"))]
    print("\n".join(found) or "QGIS's enums are named in full.")
    sys.exit(bool(found))
