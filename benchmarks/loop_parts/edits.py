"""Accepted edits, written into copies of the layers: what ``geoloop:push`` does in QGIS, here without it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from field_survey import CLASS_FIELD, KEY_FIELD
from map_errors import KEY
from scene import write_layer

from .plots import FIELD, MAP, Layers

SAME = 0.5
Row = Mapping[str, Any]


def push(accepted: Sequence[Row], layers: Layers, true: Layers, folder: Path) -> dict[str, Path]:
    """Write the layers with the edits of ``accepted`` (rows of discrepancies, geometries as shapely) made, in order. A
    visit finds out what is true.
    """
    folder.mkdir(parents=True, exist_ok=True)
    result = {}
    for name, path in layers.items():
        mine = [row for row in accepted if row["target_layer"] == name]
        table = gpd.read_file(path)
        key = KEY if name == MAP else KEY_FIELD
        seen = pd.Series(dtype=object)
        if name == FIELD:
            seen = gpd.read_file(true[FIELD]).set_index(KEY_FIELD)[CLASS_FIELD]
        free = int(table[key].max()) + 1 if name == MAP else 0
        for at, row in enumerate(mine):
            table = edited(table, key, row, seen, free + at)
        result[name] = folder / path.name
        write_layer(result[name], table)
    return result


def edited(table: gpd.GeoDataFrame, key: str, row: Row, seen: pd.Series, free: int) -> gpd.GeoDataFrame:
    """The layer after one edit; one whose feature is gone changes nothing. ``free`` is a key that none ever had."""
    after = {name: value for name, value in json.loads(row["after_json"] or "{}").items() if name in table}
    if row["edit"] == "add":
        values = {**dict.fromkeys(table.columns), **after, key: free,
                  table.geometry.name: row["geometry"]}
        added = gpd.GeoDataFrame([values], geometry=table.geometry.name, crs=table.crs)
        return pd.concat([table, added[table.columns]], ignore_index=True)
    at = table.index[table[key].astype(str) == str(row["target_key"])]
    if not len(at):
        return table
    if row["edit"] == "delete":
        return table.drop(at).reset_index(drop=True)
    if row["edit"] == "merge":
        return _merged(table, key, int(at[0]))
    if row["edit"] in ("move", "reshape"):
        table.loc[at, table.geometry.name] = gpd.GeoSeries([row["geometry"]], index=at, crs=table.crs)
    if row["edit"] == "revisit" and row["target_key"] in seen.index:
        table.loc[at, CLASS_FIELD] = seen[row["target_key"]]
    for name, value in after.items():
        table.loc[at, name] = value
    return table


def _merged(table: gpd.GeoDataFrame, key: str, row: int) -> gpd.GeoDataFrame:
    """Of a feature and those that lie on it the lowest key stays."""
    shape = shapely.make_valid(table.geometry.iloc[row])
    shapes = shapely.make_valid(table.geometry.to_numpy())
    shared = shapely.area(shapely.intersection(shapes, shape))
    twins = table[shared >= SAME * (shapely.area(shapes) + shape.area - shared)]
    return table.drop(twins.index[twins[key] != twins[key].min()]).reset_index(drop=True)
