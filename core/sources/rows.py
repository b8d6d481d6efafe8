"""The rows of a layer's file as pyogrio hands them out, texts as QGIS shows them."""

from __future__ import annotations

from typing import Any

import pyogrio

from ..jobs.inputs import VectorInput

Rows = tuple[dict[str, Any], Any, Any, list[Any]]
"""What is known of the table, feature ids (None unless asked for), geometries as WKB, one array a column."""


def read_rows(input: VectorInput, layer: str | int | None, **how: Any) -> Rows:
    """Read a table of the input's file (None: its first). ``how`` goes to ``pyogrio.raw.read``, whose errors come
    through.
    """
    if input.encoding:
        try:
            return _read(input, layer, ENCODING=input.encoding, **how)
        except UnicodeDecodeError:
            pass  # QGIS shows no letters there either: what the file says is the better guess
    return _read(input, layer, **how)


def _read(input: VectorInput, layer: str | int | None, **how: Any) -> Rows:
    rows: Rows = pyogrio.raw.read(input.path, layer=layer, where=input.where or None, **how)
    return rows
