"""Metadata beside a raster, in the file that GDAL and QGIS read with it: the raster itself stays as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from .whole import write_text


def write_beside(raster: str, tags: Mapping[str, Any]) -> None:
    """Write metadata of a raster, JSON where it is no text; what stood there before is replaced."""
    lines = "\n".join(f'    <MDI key="{escape(key)}">{escape(_text(value))}</MDI>' for key, value in tags.items())
    write_text(f"{raster}.aux.xml", f"<PAMDataset>\n  <Metadata>\n{lines}\n  </Metadata>\n</PAMDataset>\n")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
