"""The synthetic scene: a town at 0.3 m and its countryside at 10 m, with layers that are true and copies with errors.

    python examples/scene.py OUT --seed 7

Everything is drawn from the seed: nothing comes from elsewhere, so the scene may go wherever the project goes. Writes
OUT/town and OUT/countryside, each with ``imagery.tif``, its map layer (``buildings.gpkg``, ``landuse.gpkg``) with
errors put in by the evaluation's script, the layer without them (``…_true.gpkg``), ``truth.csv`` naming the errors, and
``roads.gpkg``; the countryside also has ``field.gpkg``, ``field_true.gpkg`` and ``field_truth.csv``.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
from affine import Affine
from countryside import Countryside, make_countryside
from field_errors import put_field_errors_in
from field_survey import CLASS_FIELD, KEY_FIELD
from map_errors import put_map_errors_in
from town import Town, make_town

NODATA = 0
TOWN_PX, COUNTRYSIDE_PX = 1360, 660


def write_imagery(path: Path, imagery: np.ndarray, bands: Sequence[str], transform: Affine, crs: str) -> None:
    """An image (bands, rows, columns) as a tiled, compressed GeoTIFF whose bands are named and whose nodata is 0."""
    profile = {
        "driver": "GTiff", "count": len(bands), "height": imagery.shape[1], "width": imagery.shape[2],
        "dtype": imagery.dtype, "crs": crs, "transform": transform, "nodata": NODATA, "tiled": True,
        "blockxsize": 256, "blockysize": 256, "compress": "deflate", "predictor": 2,
    }
    with rasterio.open(path, "w", **profile) as raster:
        raster.write(imagery)
        raster.descriptions = tuple(bands)


def write_layer(path: Path, layer: gpd.GeoDataFrame) -> None:
    """A layer as a GeoPackage of its own, replacing what was there."""
    path.unlink(missing_ok=True)
    layer.to_file(path, driver="GPKG", layer=path.stem)


def write_town(folder: Path, town: Town, seed: int) -> None:
    """The town's imagery and layers, and a copy of its buildings with errors drawn from ``seed``."""
    folder.mkdir(parents=True, exist_ok=True)
    write_imagery(folder / "imagery.tif", town.imagery, town.bands, town.transform, town.crs)
    write_layer(folder / "buildings_true.gpkg", town.buildings)
    write_layer(folder / "roads.gpkg", town.roads)
    write_layer(folder / "landuse.gpkg", town.landuse)
    put_map_errors_in("buildings", folder / "buildings_true.gpkg", folder / "imagery.tif", folder / "buildings.gpkg",
                      folder / "truth.csv", seed=seed)


def write_countryside(folder: Path, countryside: Countryside, seed: int) -> None:
    """The countryside's imagery and layers, and copies of land use and field points with errors from ``seed``."""
    folder.mkdir(parents=True, exist_ok=True)
    write_imagery(folder / "imagery.tif", countryside.imagery, countryside.bands, countryside.transform,
                  countryside.crs)
    write_layer(folder / "landuse_true.gpkg", countryside.landuse)
    write_layer(folder / "roads.gpkg", countryside.roads)
    write_layer(folder / "field_true.gpkg", countryside.field)
    put_map_errors_in("landuse", folder / "landuse_true.gpkg", folder / "imagery.tif", folder / "landuse.gpkg",
                      folder / "truth.csv", seed=seed, class_field="landuse")
    put_field_errors_in(folder / "field_true.gpkg", folder / "field.gpkg", folder / "field_truth.csv",
                        class_field=CLASS_FIELD, key=KEY_FIELD, seed=seed)


def write(
    folder: Path, seed: int = 7, injection_seed: int | None = None, town_px: int = TOWN_PX,
    countryside_px: int = COUNTRYSIDE_PX,
) -> None:
    """The whole scene under ``folder``; the errors have a seed of their own if one is given."""
    errors = seed if injection_seed is None else injection_seed
    write_town(folder / "town", make_town(seed, town_px), errors)
    write_countryside(folder / "countryside", make_countryside(seed, countryside_px), errors)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=7, help="of the scene")
    parser.add_argument("--injection-seed", type=int, help="of the errors, if not the scene's")
    args = parser.parse_args()
    start = time.monotonic()
    write(args.out, args.seed, args.injection_seed)
    print(f"{args.out}: town and countryside in {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
