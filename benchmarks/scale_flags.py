"""What it costs to align and to flag many features: seconds and memory by their number.

    python benchmarks/scale_flags.py [--sizes 10000 30000 100000] [--quick] [--profile FOLDER] [--folder FOLDER]

So many buildings with errors (some missing, drawn where nothing stands, moved) on 20,000 × 20,000 pixels of 0.4 m, and
probabilities made from the truth, blurred and with noise: no network is fitted. The jobs ``align`` and ``flag`` run
unchanged, each in a process of its own that shares the work among the cores that it may use (``taskset -c 0`` gives it
one). Each size is printed as it ends; ``--sizes 30000`` runs one alone. ``--profile`` writes cProfile's figures there
and prints where the time goes (profiled runs are slower: their seconds do not count). About 1 GB of disk in the folder
for temporary files, which is empty again at the end. Last line: one JSON object: ``seconds``, ``cpu_seconds`` (of
processor: these hardly hang on what runs beside) and ``peak_mb`` by job and number of features, ``stages`` the seconds
of ``flag`` by stage.
"""

from __future__ import annotations

import argparse
import json
import pstats
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import rasterio
import shapely
from affine import Affine
from discrepancy_parts.engine import Run, run_job
from discrepancy_parts.made_evidence import write_evidence
from numpy.typing import NDArray
from shapely import affinity

SIDE_PX, PIXEL_M = 20_000, 0.4
QUICK_PX, QUICK_SIZES = 3_000, (1_000,)
SIZES = (10_000, 30_000, 100_000)
CRS, CORNER = "EPSG:32633", (400_000.0, 5_800_000.0)
SPACING_M = 22.0
"""From one building to the next in a village: with fewer buildings there are fewer villages."""
VILLAGE = 10
MISSING, OBSOLETE, SHIFTED = 0.05, 0.05, 0.05
SHIFT_M = (3.0, 8.0)
SHOWN = 14


@dataclass(frozen=True)
class Country:
    """What stands on the ground, and the layer that says it with errors; both in world coordinates."""

    true: NDArray[np.object_]
    mapped: NDArray[np.object_]


def places(number: int, side_px: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """So many middles (n, 2) of building plots, in metres from the upper left corner: villages of ten by ten."""
    across = int(side_px * PIXEL_M // (SPACING_M * VILLAGE))
    villages = rng.permutation(across**2)[: -(-number // VILLAGE**2)]
    if len(villages) * VILLAGE**2 < number:
        raise SystemExit(f"{number} buildings do not fit on {side_px} × {side_px} pixels; at most "
                         f"{(across * VILLAGE)**2} do.")
    corner = np.column_stack([villages % across, villages // across]) * SPACING_M * VILLAGE
    lattice = np.stack(np.meshgrid(range(VILLAGE), range(VILLAGE)), axis=-1).reshape(-1, 2) * SPACING_M + SPACING_M / 2
    return (corner[:, None] + lattice).reshape(-1, 2)[:number]


def make_country(number: int, side_px: int, seed: int) -> Country:
    """Houses of 7 to 13 by 6 to 10 metres at any angle, and a layer of them with errors."""
    rng = np.random.default_rng([seed, number])
    middle = places(number, side_px, rng)
    half = np.column_stack([rng.uniform(3.5, 6.5, number), rng.uniform(3.0, 5.0, number)])
    world = middle * [1, -1] + CORNER
    houses = np.array([affinity.rotate(shapely.box(*(at - h), *(at + h)), angle)
                       for at, h, angle in zip(world, half, rng.uniform(0, 180, number), strict=True)], dtype=object)
    fate = rng.random(number)
    built, drawn = fate >= OBSOLETE, (fate < OBSOLETE) | (fate >= OBSOLETE + MISSING)
    shifted = drawn & (fate >= 1 - SHIFTED)
    angle, far = rng.uniform(0, 2 * np.pi, number), rng.uniform(*SHIFT_M, number) * shifted
    offset = np.column_stack([far * np.cos(angle), far * np.sin(angle)])
    moved = np.array([affinity.translate(h, *o) for h, o in zip(houses, offset, strict=True)], dtype=object)
    return Country(houses[built], moved[drawn])


def write_imagery(path: Path, side_px: int) -> None:
    """Blank imagery that takes no room: it gives the grid, the probabilities say what it shows."""
    with rasterio.open(path, "w", driver="GTiff", width=side_px, height=side_px, count=1, dtype="uint8", crs=CRS,
                       transform=grid_of(), tiled=True, sparse_ok=True, compress="deflate"):
        pass


def grid_of() -> Affine:
    """Where the pixels lie."""
    return Affine(PIXEL_M, 0, CORNER[0], 0, -PIXEL_M, CORNER[1])


def prepare(number: int, side_px: int, seed: int, folder: Path) -> dict[str, Any]:
    """Write imagery, layer and probabilities; return the parameters that both jobs share."""
    country = make_country(number, side_px, seed)
    imagery, layer, evidence = (folder / name for name in ("imagery.tif", "buildings.gpkg", "probabilities.tif"))
    write_imagery(imagery, side_px)
    features = gpd.GeoDataFrame({"key": range(1, len(country.mapped) + 1), "building": "yes"},
                                geometry=country.mapped, crs=CRS)
    pyogrio.write_dataframe(features, layer)
    write_evidence(evidence, country.true, np.ones(len(country.true), int), grid_of(), CRS, (side_px, side_px),
                   ("other", "building"), seed)
    return {"imagery": [{"path": str(imagery)}], "map": [{"path": str(layer), "name": "buildings", "key": "key"}],
            "legend": "buildings", "probabilities": str(evidence), "device": "cpu", "seed": seed}


def measure(number: int, side_px: int, seed: int, profiles: Path | None) -> Iterator[tuple[str, Run]]:
    """Run each job over ``number`` buildings."""
    with tempfile.TemporaryDirectory(prefix="scale-") as temporary:
        folder = Path(temporary)
        start = time.monotonic()
        params = prepare(number, side_px, seed, folder)
        print(f"{number} buildings: layer and probabilities made in {time.monotonic() - start:.0f} s", flush=True)
        for job, output in (("align", {"output": str(folder / "moved.gpkg")}),
                            ("flag", {"ledger": str(folder / "ledger.gpkg")})):
            profile = str(profiles / f"{job}-{number}.prof") if profiles else ""
            yield job, run_job(job, {**params, **output}, profile=profile)
            if profile:
                print(where_time_goes(profile), flush=True)


def where_time_goes(profile: str) -> str:
    """The functions that a profiled run spent the most time in, others that they called left out."""
    figures = pstats.Stats(profile)
    costs = sorted(((own, calls, where) for where, (_, calls, own, *_) in figures.stats.items()), reverse=True)
    lines = [f"  {own:8.1f} s {calls:>9} calls  {short(where)}" for own, calls, where in costs[:SHOWN]]
    return "\n".join(lines)


def short(where: tuple[str, int, str]) -> str:
    """File, line and function, without the folders above the package."""
    file, line, function = where
    return f"{'/'.join(Path(file).parts[-3:])}:{line} {function}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of buildings")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--profile", type=Path, help="folder for profiles")
    parser.add_argument("--folder", type=Path, help="where temporary files may lie")
    parser.add_argument("--quick", action="store_true", help="a thousand buildings on 3,000 × 3,000 pixels")
    args = parser.parse_args()
    if args.folder:
        tempfile.tempdir = str(args.folder.resolve())
    if args.profile:
        args.profile.mkdir(parents=True, exist_ok=True)
    side, sizes = (QUICK_PX, QUICK_SIZES) if args.quick else (SIDE_PX, args.sizes)
    seconds: dict[str, dict[str, float]] = {}
    processor: dict[str, dict[str, float]] = {}
    peak: dict[str, dict[str, float]] = {}
    stages: dict[str, dict[str, float]] = {}
    for number in sizes:
        for job, run in measure(number, side, args.seed, args.profile):
            by_stage = ", ".join(f"{stage} {s:.0f} s" for stage, s in run.stages.items())
            print(f"{job:<6} {number:>7} features: {run.seconds:8.1f} s ({by_stage}), {run.cpu_seconds:.1f} s of "
                  f"processor, {run.peak_mb:6.0f} MB; " + "; ".join(run.said), flush=True)
            seconds.setdefault(job, {})[str(number)] = round(run.seconds, 1)
            processor.setdefault(job, {})[str(number)] = round(run.cpu_seconds, 1)
            peak.setdefault(job, {})[str(number)] = round(run.peak_mb)
            if job == "flag":
                stages[str(number)] = {stage: round(s, 1) for stage, s in run.stages.items()}
    print(json.dumps({"side_px": side, "seconds": seconds, "cpu_seconds": processor, "peak_mb": peak,
                      "stages": stages}))


if __name__ == "__main__":
    main()
