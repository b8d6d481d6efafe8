"""The fusion network beside each source alone, late fusion and stacked channels: what it gains, and what it costs.

python benchmarks/fusion.py [--data FOLDER] [--out FOLDER] [--jobs N] [--device cpu] [--steps 120] [--size small]
[--seeds 0 1 2] [--areas buildings land_cover] [--full] [--quick] [--only table]

Two areas (benchmarks/fusion_parts/areas.py): roofs in Banepa, whose map has footprints without what it says of roofs;
land use near Brandenburg, whose map has parcels without their use. Four settings: each with the map clean, and with 20
% of its features missing and every other 2 m off in a direction of its own; and 50 % missing. The survey is a twelfth
of the features, seen with 5 % errors and 1 m off; what was surveyed is not judged. Half of the blocks of ground (50 m,
1 km) is learnt from, a buffer of 12 pixels left out, the other half is judged; a seed deals blocks, errors, survey and
weights anew. Every variant has as many steps on the same windows. macro F1 over the classes of pixels, mean over seeds;
intervals of 90 %: 2,000 draws of blocks and seeds, the same blocks for both where two are compared.

imagery, map, field: a U-Net on channels of that source. late: the product of what imagery and map say. stacked: the
U-Net on imagery and painted channels of the map (covered, distance to the outline, size of what covers). ours: the
fusion network on imagery and map; on clean maps, with seed 0, also with the map shuffled or 10 m (200 m) aside, and
with either source left out when asked. feature heads: average precision of errors put into a map with its classes
(wrong class, obsolete, shifted), the heads for features beside pooled pixels of the imagery's U-Net, both learnt from
the faulty map on the other blocks.

costs: GeoLink's public graph building (its clone in GEOLINK_DIR; without its text encoder) and ours (without words) on
the same 1,000 polygons; steps of learning with up to 5,000 features; on a GPU also samples a second.

What was not done is left out of the tables; each figure is of the seeds that have the fits that it needs.
Cells that are done are kept in --out and not done again: --full (nine maps, five seeds) can be broken off and goes on.
--quick: a corner, a few steps, one seed, about 30 s of one processor: it shows that everything runs, its figures mean
nothing.
--prepare only reads the areas into --out/areas, from where a machine without the layers goes on. Last line: one JSON
object.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / ".dev"))

import numpy as np
import torch
from fusion_parts import costs
from fusion_parts.areas import AREAS, Area, open_area, sampled
from fusion_parts.cases import CLEAN, GRID, HALF, POOR, Setting, make_case
from fusion_parts.errors import KINDS, heads, score_heads, with_errors
from fusion_parts.figures import score
from fusion_parts.fits import VARIANTS, Budget, run_cell
from fusion_parts.pupils import confusions

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = (CLEAN, POOR)
IN_EVERY_SETTING = ("map", "stacked", "ours", "ours_map_field", "stacked_all", "ours_all")
WHATEVER_THE_MAP = ("imagery", "field", "ours_imagery_field")
QUICK_SIDE = 128
CONTROLLED = ("ours", "ours_all")
HEAD_KINDS = {"buildings": KINDS, "land_cover": ("wrong_class",)}


@dataclass(frozen=True)
class Cell:
    """One fit. ``setting`` None: the feature heads on a faulty map."""

    area: str
    setting: Setting | None
    variant: str
    seed: int

    @property
    def name(self) -> str:
        """The cell's own name."""
        return f"{self.area}-{self.setting.name if self.setting else 'faulty'}-{self.variant}-{self.seed}"


@dataclass(frozen=True)
class Run:
    """What all cells share."""

    out: Path
    data: Path | None
    budget: Budget
    quick: bool
    threads: int

    def path(self, cell: Cell) -> Path:
        """Where a cell is kept; another budget is another cell."""
        told = json.dumps([asdict(self.budget) | {"device": ""}, self.quick, str(cell.setting)])
        return self.out / "cells" / f"{cell.name}-{sha256(told.encode()).hexdigest()[:8]}.npz"

    def area(self, name: str) -> Area:
        """An area, or a corner of it."""
        area = open_area(name, self.data, self.out / "areas")
        return sampled(area, QUICK_SIDE, QUICK_SIDE) if self.quick else area


def main() -> None:
    """Run what is asked for and print it."""
    options = parsed()
    data = options.data or os.environ.get("GEOLOOP_DATA") or ROOT.parent / "shared" / "data"
    budget = Budget(steps=options.steps, device=options.device, size=options.size,
                    precision="mixed" if options.device.startswith("cuda") else "full")
    if options.quick:
        budget = replace(budget, steps=2, batch=1, side=64, look=QUICK_SIDE + 32)
    threads = 1 if options.quick else max(1, (os.cpu_count() or 1) // options.jobs)
    run = Run(Path(options.out), Path(data) if Path(data).is_dir() else None, budget, options.quick, threads)
    (run.out / "cells").mkdir(parents=True, exist_ok=True)
    for name in options.areas:
        open_area(name, run.data, run.out / "areas")
    if options.prepare:
        return
    began = time.monotonic()
    cells = list(wanted(options))
    if options.only in ("", "table"):
        do(cells, run, options.jobs, options.minutes)
    result: dict[str, Any] = {}
    if options.only in ("", "table"):
        result |= tables(cells, run, options.seeds)
    if options.only in ("", "costs"):
        result |= cost_tables(options)
    print(f"{(time.monotonic() - began) / 60:.1f} minutes")
    print(json.dumps(result))


def parsed() -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", help="folder of real layers; default: GEOLOOP_DATA")
    parser.add_argument("--out", default=str(ROOT / "demo-output" / "fusion"), help="where cells are kept")
    parser.add_argument("--jobs", type=int, default=2, help="fits at a time")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--steps", type=int, default=120)
    parser.add_argument("--size", choices=("small", "large"), default="small")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--areas", nargs="+", choices=list(AREAS), default=list(AREAS))
    parser.add_argument("--only", choices=("", "table", "costs"), default="")
    parser.add_argument("--minutes", type=float, help="begin no fit after so many, what is done is shown; 0: no limit; "
                                                      "by default 40, with --full no limit")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--prepare", action="store_true")
    options = parser.parse_args()
    if options.minutes is None:
        options.minutes = 0 if options.full else 40
    if options.full:
        options.seeds = list(range(5))
    if options.quick:
        options.seeds, options.areas, options.jobs = [0], ["buildings"], 1
    return options


def wanted(options: argparse.Namespace) -> Iterator[Cell]:
    """The cells, those that matter most first."""
    settings = (*SETTINGS, *(s for s in GRID if s not in (CLEAN, POOR) and options.full))

    def of(variants: Iterable[str], *settings: Setting | None) -> Iterator[Cell]:
        for seed, area, setting in product(options.seeds, options.areas, settings):
            for variant in variants:
                yield Cell(area, setting, variant, seed)

    yield from of(("stacked", "ours"), *SETTINGS)
    yield from of(("imagery",), CLEAN)
    yield from of(("ours", "stacked"), HALF)
    yield from of(("heads",), None)
    yield from of(("map",), *SETTINGS)
    if options.quick:
        yield from of(("ours_all",), POOR)
        return
    yield from of(WHATEVER_THE_MAP[1:], CLEAN)
    yield from of(IN_EVERY_SETTING[3:], *SETTINGS)
    yield from of([v for v in IN_EVERY_SETTING if v not in ("stacked", "ours")], *settings[2:])
    yield from of(("stacked", "ours"), *(s for s in settings[2:] if s != HALF))


def do(cells: list[Cell], run: Run, jobs: int, minutes: float) -> None:
    """Do what is not done yet, several at a time."""
    left = [cell for cell in cells if not run.path(cell).exists()]
    until = time.time() + 60 * minutes if minutes else float("inf")
    print(f"{len(cells)} cells, {len(cells) - len(left)} of them done before", flush=True)
    if jobs == 1:
        for cell in left:
            do_one(cell, run, until)
        return
    with ProcessPoolExecutor(min(jobs, max(len(left), 1)), mp_context=get_context("spawn")) as pool:
        for done in [pool.submit(do_one, cell, run, until) for cell in left]:
            done.result()


def do_one(cell: Cell, run: Run, until: float) -> None:
    """Do a cell and keep it, whole or not at all; none is begun after ``until``."""
    if time.time() > until:
        return
    torch.set_num_threads(run.threads)
    began = time.monotonic()
    area = run.area(cell.area)
    if cell.setting is None:
        found = heads(with_errors(area, cell.seed), cell.seed, run.budget)
    else:
        controls = cell.variant in CONTROLLED and cell.setting == CLEAN and cell.seed == 0 and not run.quick
        found = run_cell(area, cell.setting, VARIANTS[cell.variant], cell.seed, run.budget, controls)
    path = run.path(cell)
    draft = path.with_suffix(f".{os.getpid()}.draft.npz")
    np.savez_compressed(draft, **found)
    draft.rename(path)
    print(f"{cell.name}: {time.monotonic() - began:.0f} s", flush=True)


def tables(cells: list[Cell], run: Run, seeds: list[int]) -> dict[str, Any]:
    """The tables of accuracy, printed, and as data."""
    known = {cell: dict(np.load(run.path(cell))) for cell in cells if run.path(cell).exists()}
    if len(known) < len(cells):
        print(f"{len(cells) - len(known)} of {len(cells)} fits were not done: every figure is of the seeds that it has")
    areas = list(dict.fromkeys(cell.area for cell in cells))
    settings = [s for s in dict.fromkeys(cell.setting for cell in cells) if s is not None]
    table: dict[str, dict[str, dict[str, float]]] = {}
    gains: dict[str, dict[str, float]] = {}
    half: list[tuple[list[np.ndarray], list[np.ndarray]]] = []
    half_by_area: dict[str, dict[str, float]] = {}
    for area in areas:
        for setting in settings:
            counts = counted(area, setting, known, run, seeds)
            label = f"{area}, {setting.name}"
            table[label] = {name: score(list(each.values())) | {"seeds": len(each)} for name, each in counts.items()}
            if setting in SETTINGS and (pair := paired(counts, "ours", "stacked")):
                gains[label] = score(*pair) | {"seeds": len(pair[0])}
            if setting == HALF and (pair := paired(counts, "ours", "imagery")):
                half.append(pair)
                half_by_area[area] = score(*pair) | {"seeds": len(pair[0])}
            show(label, table[label])
    print("\nours beyond stacked channels")
    for label, figure in gains.items():
        print(f"  {label:36s} {text(figure)}")
    together = score([a for ours, _ in half for a in ours], [b for _, alone in half for b in alone]) if half else None
    print("\nours with half of the map missing, beyond imagery alone")
    for area, figure in {**half_by_area, **({"both": together} if together else {})}.items():
        print(f"  {area:36s} {text(figure)}")
    judged = {area: [known[cell] for seed in seeds if (cell := Cell(area, None, "heads", seed)) in known]
              for area in areas}
    aps = {area: score_heads(done, HEAD_KINDS[area]) for area, done in judged.items() if done}
    print("\naverage precision of errors in the map: feature heads, pooled pixels, prevalence")
    for area, kinds in aps.items():
        for kind, row in kinds.items():
            print(f"  {area:12s} {kind:12s} {row['ours']:.3f}  {row['pixels']:.3f}  {row['prevalence']:.3f}")
    return {"table": table, "gain_over_stacked": gains, "missing50_vs_imagery": together,
            "missing50_by_area": half_by_area, "feature_heads_ap": aps}


Counts = dict[str, dict[int, np.ndarray]]


def paired(counts: Counts, one: str, other: str) -> tuple[list[np.ndarray], list[np.ndarray]] | None:
    """The counts of two variants for the seeds that have both; None if there is none."""
    shared = sorted(set(counts.get(one, {})) & set(counts.get(other, {})))
    return ([counts[one][seed] for seed in shared], [counts[other][seed] for seed in shared]) if shared else None


def counted(area: str, setting: Setting, known: dict[Cell, dict[str, np.ndarray]], run: Run,
            seeds: list[int]) -> Counts:
    """Counts by variant (and condition) and seed, of the fits that were done."""
    found: Counts = {}
    for variant in VARIANTS:
        given = CLEAN if variant in WHATEVER_THE_MAP else setting
        for seed in seeds:
            for condition, counts in known.get(Cell(area, given, variant, seed), {}).items():
                if condition != "probability":
                    name = variant if condition == "counts" else f"{variant}, {condition.replace('_', ' ')}"
                    found.setdefault(name, {})[seed] = counts
    for seed in set(found.get("map", {})) & set(found.get("imagery", {})):
        case = make_case(run.area(area), setting, ("imagery",), seed)
        agreed = (known[Cell(area, CLEAN, "imagery", seed)]["probability"].astype(np.float32)
                  * known[Cell(area, setting, "map", seed)]["probability"].astype(np.float32))
        found.setdefault("late", {})[seed] = confusions(agreed, case.truth, case.block)
    return found


def show(label: str, rows: dict[str, dict[str, float]]) -> None:
    """Print one setting."""
    print(f"\n{label}: macro F1")
    for name, figure in rows.items():
        print(f"  {name:36s} {text(figure)}")


def text(figure: dict[str, float]) -> str:
    """A figure with its interval, and of how many seeds it is."""
    of = f", {figure['seeds']} seed{'s' if figure['seeds'] > 1 else ''}" if "seeds" in figure else ""
    return f"{figure['mean']:.3f} ({figure['low']:.3f} to {figure['high']:.3f}{of})"


def cost_tables(options: argparse.Namespace) -> dict[str, Any]:
    """The costs, printed, and as data."""
    torch.set_num_threads(1)
    shapes = costs.town(100 if options.quick else costs.FEATURES, costs.SIDE)
    own = costs.ours(shapes)
    print(f"\n{len(shapes)} features on {costs.SIDE} × {costs.SIDE} pixels, ms of one processor: outlines and "
          f"relations {own['graph_ms']:.0f}, all that a tile needs {own['tile_ms']:.0f}, "
          f"forward {own['forward_ms']:.0f}")
    folder = os.environ.get("GEOLINK_DIR")
    theirs = costs.geolink(shapes, Path(folder)) if folder else None
    ratio = theirs["graph_ms"] / own["graph_ms"] if theirs else None
    print(f"GeoLink's public graph building: {theirs['graph_ms']:.0f} ms, {ratio:.1f} times ours" if theirs
          else "GEOLINK_DIR names no clone: GeoLink's graph building was not timed")
    counts = (50,) if options.quick else (0, 500, 1000, 2000, 5000)
    steps = costs.step_costs(counts, options.device)
    print("features, seconds a step, peak MB: " + "; ".join(
        f"{row['features']}: {row['step_s']:.2f}, {row['peak_mb']:.0f}" for row in steps))
    result: dict[str, Any] = {"tokens_speed_ratio": None if ratio is None else round(ratio, 1), "tile_cost": own,
                              "geolink_cost": theirs, "step_cost": steps}
    if options.device.startswith("cuda"):
        result["gpu"] = costs.on_gpu()
        print(f"on {torch.cuda.get_device_name()}, large network: {result['gpu']}")
    return result


if __name__ == "__main__":
    main()
