"""What an alignment leaves behind: the moved copy of a layer, the shifts as lines, the field as control points."""

from __future__ import annotations

import json
import sqlite3
import warnings
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray

from ..errors import InputError
from ..jobs.inputs import FID_FIELD
from ..ledger.geopackage import add_style, connect
from ..sources.crs import Operation, operation_between, read_crs
from ..sources.grid import Grid
from ..sources.rows import ahead_of_utc, is_time, read_rows, read_zones
from ..sources.vectors import Features
from .align import Alignment
from .surfaces import translated
from .turns import turned

INTEGERS, BYTES = ("OFTInteger", "OFTInteger64"), "OFTBinary"


def write_moved(features: Features, alignment: Alignment, path: Path, table: str, *, allow_ballpark: bool = False
                ) -> bool:
    """Add a table to a GeoPackage: every feature of the layer as it is stored, those that have a shift moved by it, and
    those that have a turn turned. Return whether all of them is there: pyogrio reads no measures (M).

    The layer's own attributes (lists as JSON, times with their zones), CRS, geometry types and third coordinates stay;
    features that are locked, or that the grid does not touch, are copied as they are.
    """
    given = features.input
    layer = given.layer or pyogrio.list_layers(given.path)[0][0]
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        meta, fids, wkb, columns = read_rows(given, layer, return_fids=True, datetime_as_string=False)
    operation = _operation(features, alignment, allow_ballpark)
    steps = _in_layer(features, alignment, operation)
    row_of = {int(fid): row for row, fid in enumerate(features.fids)}
    rows = np.array([row_of.get(int(fid), -1) for fid in fids])
    moves = np.flatnonzero((rows >= 0) & moving(features, alignment)[rows])
    result = wkb.copy()
    if len(moves):
        geometries = shapely.from_wkb(wkb[moves], on_invalid="fix")
        for at in np.flatnonzero(alignment.turn[rows[moves]]):
            geometries[at] = _turned(geometries[at], alignment.turn[rows[moves[at]]], alignment.grid, operation)
        result[moves] = shapely.to_wkb(translated(geometries, steps[rows[moves]]), output_dimension=3)
    held = [one for one in zip(map(str, meta["fields"]), meta["ogr_types"], columns, strict=True)
            if not (given.source and one[0] == FID_FIELD)]
    zones = read_zones(given, layer, [name for name, kind, values in held if is_time(kind, values)])
    held = [(name, kind, values + ahead_of_utc(zones[name]) if name in zones else values)
            for name, kind, values in held]
    plain = [(name, *_column(values, kind)) for name, kind, values in held if kind != BYTES]
    names, data, masks = zip(*plain, strict=True) if plain else ((), (), ())
    _write(path, table, result, meta["geometry_type"], given.crs or meta["crs"], names, data, masks, zones)
    for name, kind, values in held:
        if kind == BYTES:
            _add_bytes(path, table, name, values, names)
    return not any("Measured (M)" in str(one.message) for one in said)


def moving(features: Features, alignment: Alignment) -> NDArray[np.bool_]:
    """Which features (n,) a moved copy has elsewhere: verified ones are evidence of where the map is right."""
    return alignment.moved & ~features.locked


def tables_of(names: Sequence[str]) -> list[str]:
    """Return a table's name for each layer of these names; a GeoPackage tells none apart by case alone."""
    found: list[str] = []
    for name in names:
        found.append(_free(name, found))
    return found


def write_shifts(layers: Sequence[tuple[Features, Alignment]], path: Path) -> None:
    """Write one line for each feature that has a shift, locked or not, from its middle to where it belongs, in the
    grid's CRS.
    """
    rows = [(features, alignment, np.flatnonzero(alignment.moved)) for features, alignment in layers]
    grid = layers[0][1].grid
    lines: list[NDArray[np.object_]] = []
    columns: dict[str, list[NDArray]] = {name: [] for name in SHIFT_FIELDS}
    for features, alignment, moved in rows:
        start = shapely.get_coordinates(shapely.centroid(features.geometries[moved])).reshape(-1, 2)
        lines.append(shapely.linestrings(np.stack([start, start + alignment.shift[moved] * alignment.scale], axis=1)))
        metres, field = alignment.metres(alignment.shift[moved]), alignment.metres(alignment.field[moved])
        for name, values in zip(SHIFT_FIELDS, (
                np.full(len(moved), features.name, object), features.keys[moved].astype(object), *metres.T,
                np.hypot(*metres.T), alignment.confidence[moved], *field.T, alignment.alone[moved],
                alignment.turn[moved]), strict=True):
            columns[name].append(np.asarray(values))
    data = tuple(np.concatenate(columns[name]) for name in SHIFT_FIELDS)
    _write(path, "shifts", shapely.to_wkb(np.concatenate(lines)), "LineString", grid.crs, list(SHIFT_FIELDS), data,
           tuple(None for _ in data))
    with closing(connect(path)) as connection:
        add_style(connection, "shifts", "geom", "arrows", SHIFTS_STYLE.read_text(encoding="utf-8"))


SHIFTS_STYLE = Path(__file__).with_name("styles") / "shifts.qml"
SHIFT_FIELDS = ("layer", "key", "dx_m", "dy_m", "length_m", "confidence", "field_dx_m", "field_dy_m", "alone",
                "turn_deg")


def write_control_points(alignments: Sequence[Alignment], path: Path) -> None:
    """Write the field as ground control points of QGIS's georeferencer: where the map has a place (source) and where
    the imagery shows it (map), both in the grid's CRS, one for each knot of the field.
    """
    grid = alignments[0].grid
    origin, scale = np.array([grid.transform.c, grid.transform.f]), alignments[0].scale
    text = [f"#CRS: {pyproj.CRS.from_wkt(grid.crs).to_wkt('WKT2_2019', pretty=False)}",
            "mapX,mapY,sourceX,sourceY,enable,dX,dY,residual"]
    for alignment in alignments:
        knots = alignment.knots
        source = knots.xy * scale + origin
        target = source + knots.shift * scale
        text += [f"{x:.6f},{y:.6f},{u:.6f},{v:.6f},1,0,0,0" for (x, y), (u, v) in zip(target, source, strict=True)]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")


def _operation(features: Features, alignment: Alignment, allow_ballpark: bool) -> Operation:
    """From a layer's own CRS to the grid's."""
    grid, given = alignment.grid, features.input
    source = given.crs or pyogrio.read_info(given.path, layer=given.layer or 0)["crs"] or ""
    return operation_between(read_crs(source, features.name), read_crs(grid.crs, "grid"), features.name,
                             pipeline=given.operation, area=grid.bounds, allow_ballpark=allow_ballpark)


def _in_layer(features: Features, alignment: Alignment, operation: Operation) -> NDArray[np.float64]:
    """What features move by in their own layer's coordinates (n, 2)."""
    step = alignment.shift * alignment.scale
    if operation.transformer is None:
        return np.asarray(step)
    middle = shapely.get_coordinates(shapely.centroid(features.geometries)).reshape(-1, 2)
    before, after = (np.column_stack(operation.transformer.transform(xy[:, 0], xy[:, 1], direction="INVERSE"))
                     for xy in (middle, middle + step))
    return np.asarray(after - before)


def _turned(shape: shapely.Geometry, degrees: float, grid: Grid, operation: Operation) -> shapely.Geometry:
    """Turn a geometry, in its layer's coordinates, about its middle by an angle that is meant in the grid's pixels."""
    xyz = shapely.get_coordinates(shape, include_z=shape.has_z)
    xy = xyz[:, :2]
    if operation.transformer is not None:
        xy = np.column_stack(operation.transformer.transform(xy[:, 0], xy[:, 1]))
    flat = grid.to_pixels(np.array([shapely.set_coordinates(shapely.force_2d(shape), xy)], dtype=object))
    turned_xy = shapely.get_coordinates(grid.to_world(turned(flat, np.array([degrees])))[0])
    if operation.transformer is not None:
        turned_xy = np.column_stack(operation.transformer.transform(turned_xy[:, 0], turned_xy[:, 1],
                                                                    direction="INVERSE"))
    xyz[:, :2] = turned_xy
    return shapely.set_coordinates(shape, xyz)


def _column(values: NDArray[Any], kind: str) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """A column as it goes back into a file: whole numbers with gaps come as decimals, very large ones as objects, and
    must not stay so; a GeoPackage knows lists as JSON.
    """
    if kind.endswith("List"):
        texts = np.full(len(values), None, dtype=object)
        texts[:] = [None if value is None else json.dumps(np.asarray(value).tolist(), ensure_ascii=False)
                    for value in values]
        return texts, None
    if kind in INTEGERS and values.dtype.kind in "fO":
        gaps = np.array([value is None or value != value for value in values], np.bool_)
        return np.where(gaps, 0, values).astype(np.int64 if kind == "OFTInteger64" else np.int32), gaps
    return values, None


def _write(path: Path, table: str, wkb: NDArray[np.object_], geometry_type: str, crs: str, names: Sequence[str],
           data: Sequence[NDArray[Any]], masks: Sequence[NDArray[np.bool_] | None],
           zones: dict[str, NDArray[np.int32]] | None = None) -> None:
    try:
        pyogrio.raw.write(str(path), wkb, list(data), list(names), field_mask=list(masks), layer=table, driver="GPKG",
                          geometry_type=geometry_type, crs=crs, append=path.exists(), gdal_tz_offsets=zones,
                          layer_options={"FID": _free("fid", names), "GEOMETRY_NAME": _free("geom", names)})
    except (ValueError, RuntimeError, OSError) as error:
        raise InputError(f"The output {path} cannot be written ({error}); choose a folder you may write to.") from error


def _add_bytes(path: Path, table: str, name: str, values: NDArray[np.object_], names: Sequence[str]) -> None:
    """Add a column of bytes, such as photos, to a table just written; pyogrio writes none."""
    quoted, column, fid = (f'"{one.replace(chr(34), chr(34) * 2)}"' for one in (table, name, _free("fid", names)))
    try:
        with closing(connect(path)) as connection:
            connection.execute("BEGIN")
            connection.execute(f"ALTER TABLE {quoted} ADD COLUMN {column} BLOB")
            connection.executemany(f"UPDATE {quoted} SET {column} = ? WHERE {fid} = ?",  # nosec B608 - quoted names
                                   [(value, number) for number, value in enumerate(values, 1) if value is not None])
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise InputError(f"The output {path} cannot be written ({error}); choose a folder you may write to.") from error


def _free(name: str, taken: Sequence[str]) -> str:
    lower = {one.lower() for one in taken}
    while name.lower() in lower:
        name += "_"
    return name
