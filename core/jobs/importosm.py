"""OpenStreetMap data to points, lines and polygons with all their tags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..feedback import Feedback


@dataclass(frozen=True)
class Params:
    """``input`` is an .osm, .osm.pbf, .osm.gz or .osm.bz2 file, or a vector file with OSM tags as columns (QuickOSM).

    ``extent`` is xmin, ymin, xmax, ymax in degrees (EPSG:4326); features that reach out of it are cut. ``output`` is
    a GeoPackage with the tables ``points``, ``lines`` and ``polygons``.
    """

    input: str
    output: str
    extent: tuple[float, float, float, float] | None = None
