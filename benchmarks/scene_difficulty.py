"""How hard the synthetic countryside is: average precision of a random forest at finding the wrong classes.

    python benchmarks/scene_difficulty.py [--seeds 1 2 3] [--quick]

Two forests look for the classes that were swapped, one thread each: one on every parcel's mean and spread of each band,
cross-fitted over spatial blocks and taught by the layer with the errors in it; and the evaluation's own land-use
baseline (pixels, indices and neighbourhoods). A parcel is suspected by its best other class against its own. The scene
is to be neither trivial (at most 0.70) nor hopeless. Last line: one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "examples"))

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
from countryside import make_countryside
from map_errors import KEY, run_script
from rasterio.features import rasterize
from scene import COUNTRYSIDE_PX, write_countryside
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import average_precision_score

HARDEST, EASIEST = 0.30, 0.70


def parcel_features(imagery: Path, layer: gpd.GeoDataFrame) -> np.ndarray:
    """Mean and standard deviation of each band in each parcel: (parcels, 2 × bands); NaN where none is seen."""
    with rasterio.open(imagery) as raster:
        bands = raster.read().astype(np.float64) / 1e4
        seen = raster.dataset_mask() > 0
        shapes = ((g, i + 1) for i, g in enumerate(layer.geometry))
        which = rasterize(shapes, raster.shape, transform=raster.transform, dtype="int32")
    which = np.where(seen, which, 0).ravel()
    count = np.maximum(np.bincount(which, minlength=len(layer) + 1)[1:], np.finfo(float).tiny)
    columns = []
    for band in bands.reshape(len(bands), -1):
        mean, square = (np.bincount(which, v, len(layer) + 1)[1:] / count for v in (band, band**2))
        columns += [mean, np.sqrt(np.maximum(square - mean**2, 0))]
    features = np.column_stack(columns)
    features[count < 1] = np.nan
    return features


def suspicion(features: np.ndarray, classes: np.ndarray, block: np.ndarray, seed: int, trees: int) -> np.ndarray:
    """Best other class against the own one, in 0..1, from forests that never saw a parcel's block."""
    names, label = np.unique(classes, return_inverse=True)
    fold = np.random.default_rng(seed).permutation(np.arange(block.max() + 1) % 4)[block]
    seen = ~np.isnan(features).any(axis=1)
    suspected = np.zeros(len(label))
    for f in range(4):
        train, judged = seen & (fold != f), np.flatnonzero(seen & (fold == f))
        forest = RandomForestClassifier(trees, min_samples_leaf=2, class_weight="balanced", n_jobs=1, random_state=seed)
        forest.fit(features[train], label[train])
        p = np.zeros((len(judged), len(names)))
        p[:, forest.classes_] = forest.predict_proba(features[judged])
        own = p[np.arange(len(judged)), label[judged]].copy()
        p[np.arange(len(judged)), label[judged]] = -1
        suspected[judged] = p.max(axis=1) / (p.max(axis=1) + own)
    return suspected


def forest_ap(folder: Path, seed: int, trees: int) -> float:
    """Average precision of the parcel forest at the injected wrong classes."""
    layer = gpd.read_file(folder / "landuse.gpkg")
    wrong = layer[KEY].isin(pd.read_csv(folder / "truth.csv").gl_key)
    middles = layer.geometry.centroid
    x0, y0, x1, y1 = layer.total_bounds
    columns = np.minimum(((middles.x - x0) / (x1 - x0) * 8).astype(int), 7)
    rows = np.minimum(((middles.y - y0) / (y1 - y0) * 8).astype(int), 7)
    block = (rows * 8 + columns).to_numpy()
    features = parcel_features(folder / "imagery.tif", layer)
    suspected = suspicion(features, layer["landuse"].to_numpy(), block, seed, trees)
    return float(average_precision_score(wrong, suspected))


def baseline_ap(folder: Path, seed: int, trees: int) -> float:
    """Average precision of the evaluation's land-use baseline, rule "own against best other"."""
    paths = []
    with rasterio.open(folder / "imagery.tif") as raster:
        profile = {**raster.profile, "count": 1}
        for i, name in enumerate(raster.descriptions, start=1):
            paths.append(folder / f"{name}.tif")
            with rasterio.open(paths[-1], "w", **profile) as band:
                band.write(raster.read(i), 1)
    layer, flags = folder / "landuse.gpkg", folder / "flags"
    run_script("baseline_classes.py", "--bands", *paths, "--layer", layer, "--class-field", "landuse", "--out", flags,
               "--seed", seed, "--trees", trees, "--threads", 1)
    said = run_script("score.py", "--truth", folder / "truth.csv", "--layer", layer, "--flags", flags / "argmax.gpkg")
    return json.loads(said.splitlines()[-1])["kinds"]["wrong_class"]["ap"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--quick", action="store_true", help="one seed and the parcel forest only")
    args = parser.parse_args()
    seeds = args.seeds[:1] if args.quick else args.seeds
    parcels, pixels = {}, {}
    for seed in seeds:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            write_countryside(folder, make_countryside(seed, COUNTRYSIDE_PX), seed)
            parcels[seed] = forest_ap(folder, seed, trees=150)
            line = f"seed {seed}: average precision by parcels {parcels[seed]:.3f}"
            if not args.quick:
                pixels[seed] = baseline_ap(folder, seed, trees=100)
                line += f", the evaluation's baseline {pixels[seed]:.3f}"
            print(line, flush=True)
    mean = float(np.mean(list(parcels.values())))
    fit = mean >= HARDEST and max([*parcels.values(), *pixels.values()]) <= EASIEST
    print(json.dumps({"parcel_forest_ap": parcels, "baseline_ap": pixels, "mean_ap": round(mean, 4), "fit": fit}))
    sys.exit(0 if fit else 1)


if __name__ == "__main__":
    main()
