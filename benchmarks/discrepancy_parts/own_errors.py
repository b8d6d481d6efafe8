"""Put errors into layers that the evaluation's script has none for: roads as lines, wrong values, invalid outlines.

Each function returns the copy with errors, its features in random order under the key ``gl_key`` that tells nothing,
and the truth: one line an error, in the columns of the evaluation's truth with ``field``, ``value_true`` and
``value_now`` added. Layers must be in a metric CRS.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from map_errors import KEY
from shapely import affinity
from shapely.geometry import LineString, Polygon

ROAD_SHARE = 0.12
ROAD_SHIFT_M = (5.0, 10.0)
ROAD_HALF_M = 3.0
"""Half the strip by which lines are compared: a road's roadway."""
ROAD_CROSSING = 0.25
"""How much of a road that is not there may lie on roads that are: it may cross them, not follow them."""
SHORTEST_M = 12.0
TRIES = 500
VALUE_SHARE, INVALID_SHARE = 0.08, 0.05
SLIP = 10
"""A digit too many: the number that half the wrong numbers are multiplied by."""


def strip(line: shapely.Geometry) -> shapely.Geometry:
    """What a line covers."""
    return line.buffer(ROAD_HALF_M, cap_style="flat")


def put_road_errors_in(roads: gpd.GeoDataFrame, frame: shapely.Polygon,
                       seed: int) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Leave out some roads, move some sideways, add some where no road runs (the shape of another, turned).

    The truth's geometries are strips of the roadway's width: lines have no overlap.
    """
    rng = np.random.default_rng([seed, 5])
    clipped = roads.clip(frame).explode(ignore_index=True)
    clipped = clipped[(clipped.geom_type == "LineString") & (clipped.length >= SHORTEST_M)].reset_index(drop=True)
    lines = list(clipped.geometry)
    number = max(1, round(ROAD_SHARE * len(lines)))
    order = rng.permutation(len(lines))
    gone, moved = set(order[:number]), set(order[number:2 * number])
    rows = clipped.drop(columns="geometry").to_dict("records")
    kept: list[tuple[dict[str, Any], shapely.Geometry, dict[str, Any] | None]] = []
    truth: list[dict[str, Any]] = [_entry("missing", strip(lines[i])) for i in sorted(gone)]
    for i, line in enumerate(lines):
        if i in moved:
            dx, dy = _sideways(line, rng)
            kept.append((rows[i], affinity.translate(line, dx, dy), _entry("shifted", strip(line), dx_m=dx, dy_m=dy)))
        elif i not in gone:
            kept.append((rows[i], line, None))
    for line, donor in _roads_that_are_not(lines, frame, number, rng):
        kept.append((rows[donor], line, _entry("obsolete", strip(line))))
    return _shuffled(kept, truth, clipped, rng)


def put_value_errors_in(layer: gpd.GeoDataFrame, numeric: str, categorical: str,
                        seed: int) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Give some features a wrong number (a slip of a digit, or another that occurs), some another category and some an
    outline that crosses itself or a hole beyond its shell. No feature gets two errors.
    """
    rng = np.random.default_rng([seed, 6])
    order = rng.permutation(len(layer))
    values = {name: [None if pd.isna(v) else v for v in layer[name]] for name in (numeric, categorical)}
    geometries: list[shapely.Geometry] = list(layer.geometry)
    entries: dict[int, dict[str, Any]] = {}
    for name in (numeric, categorical):
        known = [i for i in order if values[name][i] is not None and i not in entries]
        occurring = sorted({values[name][i] for i in known})
        for at, i in enumerate(known[: round(VALUE_SHARE * len(known))]):
            now, mode = _other(values[name][i], occurring, name == numeric and at % 2 == 0, rng)
            entries[i] = _entry("wrong_value", geometries[i], mode=mode, field=name, value_true=values[name][i],
                                value_now=now)
            values[name][i] = now
    simple = [i for i in order if i not in entries and geometries[i].geom_type == "Polygon"]
    for at, i in enumerate(simple[: round(INVALID_SHARE * len(layer))]):
        mode = ("crossing", "hole_outside")[at % 2]
        broken = _crossing(geometries[i]) if mode == "crossing" else _hole_outside(geometries[i])
        if not broken.is_valid:
            entries[i] = _entry("invalid", geometries[i], mode=mode)
            geometries[i] = broken
    rows = layer.drop(columns="geometry").assign(**values).to_dict("records")
    return _shuffled([(row, geometry, entries.get(i)) for i, (row, geometry) in
                      enumerate(zip(rows, geometries, strict=True))], [], layer, rng)


def _entry(kind: str, true: shapely.Geometry, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "gl_key": None, "gl_key_alt": None, "mode": None, "dx_m": 0.0, "dy_m": 0.0,
            "field_dx_m": 0.0, "field_dy_m": 0.0, "units_per_m": 1.0, "class_true": None, "class_now": None,
            "iou_now_true": None, "field": None, "value_true": None, "value_now": None,
            "wkt_true": shapely.to_wkt(true, 3), **more}


def _shuffled(kept: list[tuple[dict[str, Any], shapely.Geometry, dict[str, Any] | None]], truth: list[dict[str, Any]],
              like: gpd.GeoDataFrame, rng: np.random.Generator) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """The features in random order with their new key, and the whole truth."""
    rows, geometries = [], []
    for key, at in enumerate(rng.permutation(len(kept)), start=1):
        row, geometry, entry = kept[at]
        rows.append({KEY: key, **row})
        geometries.append(geometry)
        if entry is not None:
            truth.append({**entry, "gl_key": key})
    columns = [KEY, *(c for c in like.columns if c != "geometry")]
    return gpd.GeoDataFrame(rows, columns=columns, geometry=geometries, crs=like.crs), pd.DataFrame(truth)


def _sideways(line: LineString, rng: np.random.Generator) -> tuple[float, float]:
    """A shift across the line's direction: along it nobody could see one."""
    ends = np.asarray(line.coords)[[0, -1]]
    along = ends[1] - ends[0]
    if not np.hypot(*along):
        along = np.array([1.0, 0.0])
    across = np.array([-along[1], along[0]]) / np.hypot(*along)
    dx, dy = across * rng.uniform(*ROAD_SHIFT_M) * rng.choice([-1, 1])
    return float(dx), float(dy)


def _roads_that_are_not(lines: list[LineString], frame: shapely.Polygon, number: int,
                        rng: np.random.Generator) -> Iterable[tuple[LineString, int]]:
    """Lines where no road runs, each with the index of the road that gave its shape."""
    taken = [strip(line) for line in lines]
    left, low, right, high = frame.bounds
    placed = 0
    for _ in range(TRIES * number):
        if placed == number:
            return
        donor = int(rng.integers(len(lines)))
        middle = rng.uniform((left, low), (right, high))
        line = affinity.rotate(lines[donor], rng.uniform(0, 360), origin="centroid")
        line = affinity.translate(line, *(middle - np.array(line.centroid.coords[0])))
        own = strip(line)
        if frame.contains(line) and own.intersection(shapely.union_all(taken)).area <= ROAD_CROSSING * own.area:
            taken.append(own)
            placed += 1
            yield line, donor


def _other(true: Any, occurring: list[Any], slip: bool, rng: np.random.Generator) -> tuple[Any, str]:
    if slip:
        return true * SLIP, "slip"
    return occurring[int(rng.choice([i for i, v in enumerate(occurring) if v != true]))], "other"


def _crossing(polygon: Polygon) -> Polygon:
    """The outline with two neighbouring corners in the wrong order: it crosses itself."""
    ring = list(polygon.exterior.coords)[:-1]
    ring[0], ring[1] = ring[1], ring[0]
    return Polygon(ring, polygon.interiors)


def _hole_outside(polygon: Polygon) -> Polygon:
    """A hole as large as a quarter of the outline, half of it beyond the outline."""
    left, low, right, high = polygon.bounds
    hole = shapely.box(right - (right - left) / 4, low, right + (right - left) / 4, high)
    return Polygon(polygon.exterior, [*polygon.interiors, hole.exterior])
