"""The same ground told in another form gets the same judgement, to the last digit."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas
import pytest
import rasterio
import shapely
from affine import Affine
from rasterio.features import rasterize
from scipy.ndimage import gaussian_filter
from shapely import affinity

from geoloop.core import jobs
from geoloop.core.feedback import Feedback
from geoloop.core.ledger import geopackage

CRS, PIXEL, SIDE = "EPSG:32633", 0.4, 320
CORNER = Affine(PIXEL, 0, 500_000, 0, -PIXEL, 5_800_000)
MOVED, LACKING, MADE_UP = (10, 37), (20, 44), 2
SAME = "Haus ü "
"""What keys of text begin with."""

Told = tuple[str, str, float, str, str]
Change = Callable[[geopandas.GeoDataFrame, Path, dict[str, Any]], dict[str, Any]]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[geopandas.GeoDataFrame, Path, dict[str, Any]]:
    """Sixty-odd houses of which two were moved, two left out and two made up; probabilities made from the true ones."""
    folder, rng = tmp_path_factory.mktemp("town"), np.random.default_rng(5)
    houses = [affinity.rotate(shapely.box(x, y, x + w, y + h, ccw=False), turn) for x, y, w, h, turn in (
        (500_004 + 15 * column, 5_799_876 + 15 * row, *rng.uniform(6, 9, 2), rng.uniform(-20, 20))
        for row in range(8) for column in range(8))]
    seen = [house for number, house in enumerate(houses) if number >= MADE_UP]
    shown = gaussian_filter(rasterize(seen, (SIDE, SIDE), transform=CORNER).astype(float), 1.5)
    odds = 6 * shown - 3 + gaussian_filter(rng.normal(0, 3, shown.shape), 2)
    p = 1 / (1 + np.exp(-odds))
    profile = {"driver": "GTiff", "width": SIDE, "height": SIDE, "crs": CRS, "transform": CORNER}
    with rasterio.open(folder / "p.tif", "w", count=2, dtype="float32", nodata=np.nan, **profile) as raster:
        raster.write(np.stack([1 - p, p]).astype(np.float32))
        raster.descriptions = ("imagery: other", "imagery: building")
    with rasterio.open(folder / "imagery.tif", "w", count=3, dtype="uint8", **profile) as raster:
        raster.write(np.clip(np.stack([120 + 90 * shown, 130 - 20 * shown, 110 + 0 * shown]) + rng.normal(0, 6, (
            3, SIDE, SIDE)), 0, 255).astype(np.uint8))
    drawn = [affinity.translate(house, 4, -3) if number in MOVED else house for number, house in enumerate(houses)]
    kept = [number for number in range(len(houses)) if number not in LACKING]
    layer = geopandas.GeoDataFrame({"nr": kept, "building": "yes"}, geometry=[drawn[k] for k in kept], crs=CRS)
    job = {"imagery": [{"path": str(folder / "imagery.tif"), "name": "imagery"}], "field": [], "legend": "buildings",
           "probabilities": str(folder / "p.tif"), "seed": 3, "device": "cpu"}
    return layer, folder, job | as_map(layer, folder / "plain.gpkg")


@pytest.fixture(scope="module")
def plain(town: tuple[geopandas.GeoDataFrame, Path, dict[str, Any]]) -> list[Told]:
    """What is said of the layer as it is."""
    told = judged(town[2], town[1] / "plain ledger.gpkg")
    assert {("obsolete", "delete"), ("shifted", "move"), ("missing", "add")} <= {(kind, edit) for kind, _, p, edit, _
                                                                                in told if p > 0.5}
    return told


def as_map(layer: geopandas.GeoDataFrame, path: Path) -> dict[str, Any]:
    """Write a map layer; the parameters that name it."""
    layer.to_file(path)
    return {"map": [{"path": str(path), "name": "houses", "key": "nr"}]}


def judged(job: dict[str, Any], ledger: Path) -> list[Told]:
    """Kind, key, probability, edit and proposal, as text, of every finding."""
    jobs.run("flag", job | {"ledger": str(ledger)}, Feedback())
    with closing(sqlite3.connect(ledger)) as db:
        rows = db.execute("SELECT kind, coalesce(target_key, ''), probability, coalesce(edit, ''), geom"
                          " FROM discrepancies").fetchall()
    return sorted((*row[:-1], as_text(row[-1])) for row in rows)


def as_text(blob: bytes | None) -> str:
    """The flat text of a geometry, of one part where it has no more."""
    wkb = geopackage.from_blob(blob)
    if wkb is None:
        return ""
    shape = shapely.force_2d(shapely.from_wkb(wkb))
    return shapely.to_wkt(shapely.get_geometry(shape, 0) if shapely.get_num_geometries(shape) == 1 else shape)


def as_multipolygons_with_heights(layer: geopandas.GeoDataFrame, folder: Path, job: dict[str, Any]) -> dict[str, Any]:
    """Each outline the one part of a multipolygon, with Z, as most formats' layers hold them."""
    return as_map(layer.set_geometry([shapely.force_3d(shapely.MultiPolygon([one]), 7.0) for one in layer.geometry],
                                     crs=CRS), folder / "parts.gpkg")


def with_much_that_is_not_here(layer: geopandas.GeoDataFrame, folder: Path, job: dict[str, Any]) -> dict[str, Any]:
    """Features far outside, one without a geometry, and a column without a value."""
    far = layer.assign(nr=layer["nr"] + 1000, geometry=layer.translate(50_000, 0))
    bare = layer.head(1).assign(nr=5000, geometry=[None])
    every = pandas.concat([layer, far, bare], ignore_index=True).assign(**{"größe 'x'": np.nan})
    return as_map(geopandas.GeoDataFrame(every, crs=CRS), folder / "much.gpkg")


def as_shapefile_with_keys_of_text(layer: geopandas.GeoDataFrame, folder: Path, job: dict[str, Any]) -> dict[str, Any]:
    """In another format, with keys that hold blanks and umlauts."""
    return as_map(layer.assign(nr=[f"{SAME}{key}" for key in layer["nr"]]), folder / "houses.shp")


def over_imagery_from_the_south(layer: geopandas.GeoDataFrame, folder: Path, job: dict[str, Any]) -> dict[str, Any]:
    """The imagery's first row is the southernmost."""
    with rasterio.open(folder / "imagery.tif") as raster:
        bands, profile = raster.read(), raster.profile
    profile["transform"] = CORNER @ Affine.translation(0, SIDE) @ Affine.scale(1, -1)
    with rasterio.open(folder / "south.tif", "w", **profile) as raster:
        raster.write(bands[:, ::-1])
    return {"imagery": [{"path": str(folder / "south.tif"), "name": "imagery"}]}


@pytest.mark.parametrize("change", [as_multipolygons_with_heights, with_much_that_is_not_here,
                                    as_shapefile_with_keys_of_text, over_imagery_from_the_south])
def test_the_same_is_said(change: Change, town: tuple[geopandas.GeoDataFrame, Path, dict[str, Any]],
                          plain: list[Told]) -> None:
    layer, folder, job = town
    told = judged(job | change(layer, folder, job), folder / f"{change.__name__}.gpkg")
    assert len(told) == len(plain)
    for one, other in zip(sorted((kind, key.removeprefix(SAME), *rest) for kind, key, *rest in told), plain,
                          strict=True):
        assert one[:2] == other[:2]
        assert one[2] == pytest.approx(other[2], abs=1e-6)
        assert one[3:] == other[3:]
