"""A tile whose grid north is 5° off true north: features go through its CRS and affine, not through its lon/lat box."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import numpy as np
import pytest
import rasterio
import shapely

from geoloop.core.jobs.inputs import RasterInput, VectorInput
from geoloop.core.sources.burn import burn
from geoloop.core.sources.grid import Grid
from geoloop.core.sources.imagery import Imagery
from geoloop.core.sources.vectors import read_features

pytestmark = pytest.mark.data
TILE = "a472140250_FI_21"


@pytest.fixture(scope="module")
def tile(data_folder: Path):
    folder = data_folder / "geolink_examples"
    raster = RasterInput(str(folder / f"geotiff/{TILE}.tif"), name="tile")
    vectors = {
        kind: VectorInput(str(folder / f"osm2graph_example/{TILE}/{TILE}_{kind}.geojson"), name=kind)
        for kind in ("polygon", "line")
    }
    west, south, east, north = json.loads((folder / "tiles.json").read_text())[TILE]["bbox_wsen_wgs84"]
    return raster, Grid.from_imagery([raster]), vectors, (west, south, east, north)


def by_the_box(path: str, grid: Grid, box: tuple[float, float, float, float]) -> np.ndarray:
    """What a tool does that stretches the lon/lat box over the image: pixel coordinates."""
    west, south, east, north = box
    scale = np.array([grid.width / (east - west), -grid.height / (north - south)])
    return shapely.transform(
        geopandas.read_file(path).geometry.to_numpy(), lambda xy: (xy - np.array([west, north])) * scale
    )


def test_features_land_where_the_raster_s_own_crs_says(tile):
    _, grid, vectors, _ = tile
    features = read_features(vectors["polygon"], grid, "map")
    known = geopandas.read_file(vectors["polygon"].path).to_crs(3067)
    col, row = ~grid.transform @ tuple(np.asarray(known.geometry[0].exterior.coords[0]))
    first = shapely.get_coordinates(grid.to_pixels(features.geometries[:1]))
    assert np.hypot(first[:, 0] - col, first[:, 1] - row).min() < 0.01


def test_the_box_would_miss_by_many_pixels(tile):
    _, grid, vectors, box = tile
    ours = shapely.get_coordinates(grid.to_pixels(read_features(vectors["polygon"], grid, "map").geometries))
    naive = shapely.get_coordinates(by_the_box(vectors["polygon"].path, grid, box))
    miss = np.hypot(*(ours - naive).T)
    # Half of the tile's height (141 px) turned by 5.3° is 13 px; the envelope hides some of it in its margins.
    assert miss.max() > 8
    assert np.median(miss) > 4


def test_the_pier_stands_out_of_the_water_where_the_line_says(tile):
    raster, grid, vectors, box = tile
    with Imagery.open([raster], grid) as imagery:
        values, valid = imagery.read(rasterio.windows.Window(0, 0, grid.width, grid.height))
    light = np.where(valid, values.mean(axis=0), np.nan)

    def contrast(lines: np.ndarray) -> float:
        on = burn(shapely.buffer(lines, 2), np.zeros(len(lines)), grid.shape) == 0
        near = burn(shapely.buffer(lines, 12), np.zeros(len(lines)), grid.shape) == 0
        return float(np.nanmean(light[on]) - np.nanmean(light[near & ~on]))

    features = read_features(vectors["line"], grid, "map")
    labels = features.value("man_made")
    piers = labels == "pier"
    assert piers.any()
    ours = contrast(grid.to_pixels(features.geometries[piers]))
    naive = contrast(by_the_box(vectors["line"].path, grid, box)[piers])
    assert ours > naive + 5
