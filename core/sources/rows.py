"""The rows of a layer's file as pyogrio hands them out, texts as QGIS shows them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyogrio
from numpy.typing import NDArray

from ..jobs.inputs import VectorInput

Rows = tuple[dict[str, Any], Any, Any, list[Any]]
"""What is known of the table, feature ids (None unless asked for), geometries as WKB, one array a column."""
EXACT_UP_TO = 2.0**53
"""Whole numbers up to this one are told apart as decimals."""


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
    meta, fids, wkb, columns = pyogrio.raw.read(input.path, layer=layer, where=input.where or None, **how)
    kinds = zip(meta["fields"], meta["ogr_types"], columns, strict=True)
    return meta, fids, wkb, [
        _exact(input, layer, str(name), how) if kind == "OFTInteger64" and _is_rounded(values) else values
        for name, kind, values in kinds]


def _is_rounded(values: NDArray[Any]) -> bool:
    """Whether whole numbers with gaps among them, which come as decimals, are too large for these."""
    return values.dtype.kind == "f" and bool((np.abs(values) >= EXACT_UP_TO).any())


def _exact(input: VectorInput, layer: str | int | None, name: str, how: dict[str, Any]) -> NDArray[np.object_]:
    """A column of whole numbers digit by digit, None in its gaps."""
    how = how | {"columns": [name], "read_geometry": False, "return_fids": True}
    known = f'"{name}" IS NOT NULL'
    _, every, _, _ = pyogrio.raw.read(input.path, layer=layer, where=input.where or None, **(how | {"columns": []}))
    _, fids, _, (values,) = pyogrio.raw.read(
        input.path, layer=layer, where=f"({input.where}) AND {known}" if input.where else known, **how)
    number = dict(zip(fids.tolist(), values.tolist(), strict=True))
    return np.array([number.get(fid) for fid in every.tolist()], dtype=object)
