"""The points, lines and polygons that OpenStreetMap data becomes: a GeoPackage, written whole or not at all."""

from __future__ import annotations

import glob
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Literal

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataSourceError

from ..errors import InputError
from ..whole import check_folder, put_in_place
from .mending import mended
from .tags import hstore_text

Table = Literal["points", "lines", "polygons"]
GEOMETRY_TYPES: Mapping[Table, str] = {"points": "Point", "lines": "MultiLineString", "polygons": "MultiPolygon"}
TAG_FIELDS = (
    "name", "highway", "building", "landuse", "natural", "waterway", "railway", "amenity", "leisure", "place",
    "boundary", "man_made",
)
"""The tags that get a column of their own; ``other_tags`` holds all of them again, as hstore text."""
FIELDS = ("osm_id", "osm_type", "version", "timestamp", *TAG_FIELDS, "other_tags")
BATCH = 10_000
EXTENT_CRS = "EPSG:4326"


class OsmTables:
    """Collects objects, cuts them at the extent and writes them. Use as a context manager.

    The file appears under its name when the block ends well and :meth:`finish` was called; else nothing is left.
    ``counts`` are the rows written by table. ``extent`` is xmin, ymin, xmax, ymax in degrees.
    """

    def __init__(self, output: str, extent: tuple[float, float, float, float] | None) -> None:
        path = Path(output)
        if path.suffix.lower() != ".gpkg":
            raise InputError(f"The output {output} must be a GeoPackage; give it a name that ends in .gpkg.")
        check_folder(path)
        if extent is not None and not (extent[0] < extent[2] and extent[1] < extent[3] and np.isfinite(extent).all()):
            raise InputError(f"The extent {extent} is empty; it must be west, south, east, north in degrees.")
        self._path, self._partial = path, path.with_name(f"{path.stem}.{os.getpid()}.partial.gpkg")
        self._extent = None if extent is None else shapely.box(*extent)
        self._rows: dict[Table, list[tuple[str | bytes, list[object]]]] = {table: [] for table in GEOMETRY_TYPES}
        self._written: set[Table] = set()
        self.counts: dict[Table, int] = dict.fromkeys(GEOMETRY_TYPES, 0)

    def __enter__(self) -> OsmTables:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for leftover in self._path.parent.glob(f"{glob.escape(self._partial.name)}*"):
            leftover.unlink()

    def add(
        self, table: Table, wkb: str | bytes, osm_type: str, osm_id: str, tags: Mapping[str, str],
        version: int | None = None, timestamp: str | None = None,
    ) -> None:
        """Add one object: its well-known binary (hexadecimal or not) in degrees, and all its tags."""
        named = [tags.get(key) for key in TAG_FIELDS]
        self._rows[table].append((wkb, [osm_id, osm_type, version, timestamp, *named, hstore_text(tags)]))
        if len(self._rows[table]) >= BATCH:
            self._flush(table)

    def flush(self) -> None:
        """Write what was added so far; ``counts`` are then complete."""
        for table in GEOMETRY_TYPES:
            self._flush(table)

    def finish(self) -> None:
        """Write what is left and give the file its name, replacing one of the same name."""
        self.flush()
        for table in GEOMETRY_TYPES:
            if table not in self._written:
                self._write(table, np.empty(0, object), [])
        try:
            put_in_place(self._partial, self._path)
        except OSError as error:
            raise InputError(
                f"The output {self._path} cannot be replaced ({error.strerror}); close it elsewhere."
            ) from error

    def _flush(self, table: Table) -> None:
        rows, self._rows[table] = self._rows[table], []
        if not rows:
            return
        geometries = shapely.from_wkb(np.array([wkb for wkb, _ in rows], dtype=object))
        kept, geometries = self._cut(geometries)
        if len(kept):
            self._write(table, geometries, [rows[row][1] for row in kept])
            self.counts[table] += len(kept)

    def _cut(self, geometries: NDArray[np.object_]) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
        """Return which rows lie in the extent, and their part of it."""
        if self._extent is None:
            return np.arange(len(geometries)), geometries
        rows = np.flatnonzero(shapely.intersects(geometries, self._extent))
        inside = geometries[rows]
        crossing = ~shapely.within(inside, self._extent) & (shapely.get_dimensions(inside) > 0)
        dimensions = shapely.get_dimensions(inside)
        inside[crossing] = mended(shapely.intersection(mended(inside[crossing]), self._extent))
        # What only touches the edge is left as a point or a line there.
        real = (shapely.get_dimensions(inside) == dimensions) & ~shapely.is_empty(inside)
        return rows[real], inside[real]

    def _write(self, table: Table, geometries: NDArray[np.object_], rows: list[list[object]]) -> None:
        columns = [np.array([row[i] for row in rows], dtype=object) for i in range(len(FIELDS))]
        version = FIELDS.index("version")
        unknown = np.array([value is None for value in columns[version]], np.bool_)
        columns[version] = np.where(unknown, 0, columns[version]).astype(np.int32)
        masks = [unknown if i == version else None for i in range(len(FIELDS))]
        try:
            pyogrio.raw.write(
                self._partial, shapely.to_wkb(geometries), columns, list(FIELDS), field_mask=masks, layer=table,
                driver="GPKG", geometry_type=GEOMETRY_TYPES[table], crs=EXTENT_CRS, promote_to_multi=table != "points",
                append=table in self._written,
                # The newest version of the format makes older QGIS warn.
                dataset_options=None if self._partial.exists() else {"VERSION": "1.3"},
            )
        except DataSourceError as error:
            raise InputError(f"The output {self._path} cannot be written ({error}); choose another folder.") from error
        self._written.add(table)
