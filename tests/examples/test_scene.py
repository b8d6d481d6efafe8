"""The synthetic scene: the same from the same seed, complete, and true to what its picture shows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import scene
import shapely
from countryside import CLASSES, make_countryside
from field_errors import swap_classes
from town import make_town
from town_image import Look, cast_shadow

SIZE = {"town_px": 480, "countryside_px": 200}
BANDS = {"town": ("red", "green", "blue"),
         "countryside": ("B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B11", "B12")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small scene from seed 3."""
    folder = tmp_path_factory.mktemp("scene")
    scene.write(folder, seed=3, **SIZE)
    return folder


def read(folder: Path, name: str):
    return pyogrio.read_dataframe(folder / name)


def test_a_seed_gives_the_same_files_again(folder: Path, tmp_path: Path) -> None:
    scene.write(tmp_path, seed=3, **SIZE)
    for path in folder.rglob("*"):
        again = tmp_path / path.relative_to(folder)
        if path.suffix in (".tif", ".csv"):
            assert again.read_bytes() == path.read_bytes(), path.name
        elif path.suffix == ".gpkg":
            assert pyogrio.read_dataframe(again).equals(pyogrio.read_dataframe(path)), path.name


def test_another_seed_gives_another_scene() -> None:
    assert not np.array_equal(make_town(3, 320).imagery, make_town(4, 320).imagery)
    assert len(make_countryside(3, 150).landuse) != len(make_countryside(4, 150).landuse)


@pytest.mark.parametrize("area", ["town", "countryside"])
def test_imagery_says_where_it_lies_and_what_its_bands_mean(folder: Path, area: str) -> None:
    with rasterio.open(folder / area / "imagery.tif") as raster:
        assert raster.descriptions == BANDS[area]
        assert raster.crs.to_epsg() == 32628
        assert raster.nodata == 0
        assert raster.block_shapes[0] == (256, 256)
        assert raster.res == {"town": (0.3, 0.3), "countryside": (10, 10)}[area]


@pytest.mark.parametrize("area", ["town", "countryside"])
def test_every_layer_has_the_imagery_s_crs_and_lies_on_it(folder: Path, area: str) -> None:
    with rasterio.open(folder / area / "imagery.tif") as raster:
        crs, frame = raster.crs, shapely.box(*raster.bounds)
    for path in (folder / area).glob("*.gpkg"):
        layer = pyogrio.read_dataframe(path)
        assert len(layer), path.name
        assert layer.crs == crs, path.name
        assert layer.intersects(frame.buffer(10)).all(), path.name
        assert layer.is_valid.all(), path.name


def test_only_the_countryside_has_a_corner_without_data(folder: Path) -> None:
    with rasterio.open(folder / "town/imagery.tif") as raster:
        assert (raster.dataset_mask() > 0).all()
    with rasterio.open(folder / "countryside/imagery.tif") as raster:
        seen = raster.dataset_mask() > 0
    assert not seen[-1, 0]
    assert 0.9 < seen.mean() < 1


def test_parcels_cover_the_countryside_once(folder: Path) -> None:
    layer = read(folder, "countryside/landuse_true.gpkg")
    assert set(layer["landuse"]) <= set(CLASSES)
    assert layer.area.sum() == pytest.approx(layer.union_all().area, rel=1e-4)
    assert layer.union_all().area == pytest.approx((200 * 10) ** 2, rel=0.01)


def test_buildings_stand_beside_each_other_not_in_each_other(folder: Path) -> None:
    layer = read(folder, "town/buildings_true.gpkg")
    assert layer["osm_id"].is_unique
    assert layer.area.sum() == pytest.approx(layer.union_all().area, rel=1e-3)


def test_every_error_put_into_the_buildings_is_there(folder: Path) -> None:
    truth = pd.read_csv(folder / "town/truth.csv")
    layer, true = read(folder, "town/buildings.gpkg"), read(folder, "town/buildings_true.gpkg")
    assert {"missing", "obsolete", "shifted", "duplicate"} <= set(truth.kind)
    named = truth[truth.kind != "missing"]
    assert named.gl_key.isin(layer.gl_key).all()
    missing = shapely.from_wkt(truth[truth.kind == "missing"].wkt_true.to_numpy())
    assert shapely.STRtree(true.geometry).query(shapely.centroid(missing), predicate="intersects").size
    gone = true[~true.osm_id.isin(layer.osm_id)]
    assert len(gone) == len(missing)


def test_every_error_put_into_the_land_use_is_there_and_no_other(folder: Path) -> None:
    truth = pd.read_csv(folder / "countryside/truth.csv").set_index("gl_key")
    layer = read(folder, "countryside/landuse.gpkg").set_index("osm_id")
    true = read(folder, "countryside/landuse_true.gpkg").set_index("osm_id")
    now = layer["landuse"]
    wrong = now[now != true["landuse"].reindex(now.index)]
    assert set(layer.loc[wrong.index, "gl_key"]) == set(truth.index)
    errors = truth.loc[layer.loc[wrong.index, "gl_key"]]
    assert list(errors.class_now) == list(wrong)
    assert list(errors.class_true) == list(true.loc[wrong.index, "landuse"])


def test_every_error_put_into_the_field_layer_is_there_and_no_other(folder: Path) -> None:
    truth = pd.read_csv(folder / "countryside/field_truth.csv").set_index("key")
    now = read(folder, "countryside/field.gpkg").set_index("name")["class"]
    true = read(folder, "countryside/field_true.gpkg").set_index("name")["class"]
    wrong = now[now != true]
    assert set(wrong.index) == set(truth.index)
    assert set(truth.kind) == {"field_conflict"}
    assert (truth.class_now == wrong.reindex(truth.index)).all()
    assert len(truth) == round(0.08 * len(now))


def test_field_points_stand_where_their_class_is(folder: Path) -> None:
    points = read(folder, "countryside/field_true.gpkg")
    parcels = read(folder, "countryside/landuse_true.gpkg")
    found = points.sjoin(parcels[["landuse", "geometry"]], predicate="within")
    assert (found["class"] == found["landuse"]).mean() > 0.95
    assert points["accuracy_m"].between(1, 10).all()


def test_no_class_is_swapped_where_the_share_is_nothing(folder: Path) -> None:
    points = read(folder, "countryside/field_true.gpkg")
    swapped, truth = swap_classes(points, "class", "name", 0.0, np.random.default_rng(0))
    assert swapped.equals(points)
    assert truth.empty


def test_shadows_fall_away_from_the_sun() -> None:
    height_m = np.zeros((120, 120))
    height_m[55:65, 55:65] = 6.0
    shade = cast_shadow(height_m, Look())
    rows, columns = np.nonzero(shade > 0.5)
    # From the block towards its shadow, as east and north: rows run southwards.
    away = np.array([columns.mean() - 59.5, 59.5 - rows.mean()])
    assert away @ Look().sun < -0.9 * np.hypot(*away)
    assert shade[56:64, 56:64].max() < 0.5
