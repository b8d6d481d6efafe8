"""Does the loop learn? Simulated reviewers over three rounds, errors of every source by round, the map of the imagery.

    python benchmarks/loop.py [--data FOLDER] [--plots banepa brandenburg] [--seeds 1 2 3] [--jobs 2] [--device auto]
                              [--effort quick] [--out FOLDER] [--full] [--quick]

Layers that count as true are corrupted once a seed: (a) the map, (b) the field layer, (c) both. A round is the job
``loop`` with its simulated reviewer, who looks at as many items as a third of the errors, at least 100; what he accepts
is written into a copy of the layers, and the next round goes on from ledger and model. Reviewers err in 0, 5 and 15 %
of their decisions: 0 for every seed in cases (a) and (b), the others in case (a) of Brandenburg for the first seed, for
which alone case (c) and shuffled labels are run, too; ``--full`` does every one everywhere.

error rate: errors of a layer (told by geometry and class from the true one) for each true feature, before review and
after each round. Imagery: the map that the imagery alone gives, share of right pixels (Banepa: intersection over union
of buildings), outside everything that was reviewed in any round and 10 m around. Control: the same fits from the same
first round, without decisions. Shuffled: Brandenburg with outlines that changed places, so that imagery says nothing
of classes: nothing may improve but by looking at every item. Fixes: items of the queue, its random audit included, by
which something was mended; beside them all candidates of the first round in random order, and by probability.
Symmetry: the same wrong classes at the same places, in the map or in a field layer with a point in every polygon: the
share found.

Ranges: 5th and 95th percentile over 500 draws of blocks of ground, drawn within each seed. Cells are kept in ``--out``
and not done again until code changes: a run that was broken off goes on. ``--jobs`` of them run at a time, one thread
each. ``--quick``: a tiny synthetic plot, one seed, two rounds of fifty decisions; it shows that it runs, no more.
Last line: one JSON object; figures by round as [value, low, high], the worst source where one figure stands for all;
null where no cell has so many items, as at 300 with ``--quick``: the tiny plot has some two hundred candidates.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "examples"))

import numpy as np
from demo import table
from discrepancy_parts.leakage import refuse_leaks
from loop_parts import cells, figures
from loop_parts.cells import SHUFFLED, Cell, Settings
from loop_parts.figures import Figure, Result

ERRORS = (0.0, 0.05, 0.15)
QUICK = (20, 50, 2)
"""Steps of a fit, decisions a round, rounds."""
WITH_FIELD = ("brandenburg", "tiny")
AIM_300, AIM_INJECTED, AIM_FIXES, AIM_RELIABILITY = 0.75, 0.5, 2.0, 0.03


def wanted(args: argparse.Namespace) -> list[Cell]:
    """Every cell of the run, those that others wait for first and the longest of them before all."""
    if args.quick:
        cell = Cell("tiny", "a", args.seeds[0], "review")
        return [cell.before, cell, replace(cell, kind="control")]
    found: list[Cell] = []
    for plot in args.plots:
        for seed in args.seeds:
            whole = args.full or (plot in WITH_FIELD and seed == args.seeds[0])
            found += [Cell(plot, "a", seed, "review", error) for error in (ERRORS if whole else ERRORS[:1])]
            found.append(Cell(plot, "a", seed, "control"))
            if plot not in WITH_FIELD:
                continue
            found += [Cell(plot, "a", seed, "mirror"), Cell(plot, "b", seed, "mirror"), Cell(plot, "b", seed, "review")]
            found += [Cell(plot, case, seed, "review") for case in ("c", SHUFFLED) if whole]
            found += [Cell(plot, case, seed, "review", error) for case in "bc" for error in ERRORS[1:] if args.full]
    firsts = list(dict.fromkeys(cell.before for cell in found if cell.before is not None))
    return firsts + found


def done(args: argparse.Namespace, settings: Settings) -> list[Result]:
    """Run what is not kept, ``--jobs`` at a time; every result."""
    waiting, results = wanted(args), []
    kept = {cell: cells.result_of(cell, settings) for cell in waiting}
    results += [one for one in kept.values() if one is not None]
    ready = {cell for cell, one in kept.items() if one is not None}
    waiting = [cell for cell in waiting if cell not in ready]
    running: dict[Future, Cell] = {}
    if args.jobs == 1:
        return results + [told(cell, cells.run(cell, settings)) for cell in waiting]
    with ProcessPoolExecutor(args.jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        while waiting or running:
            for cell in [c for c in waiting if c.before is None or c.before in ready]:
                waiting.remove(cell)
                running[pool.submit(cells.run, cell, settings)] = cell
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                cell = running.pop(future)
                ready.add(cell)
                results.append(told(cell, future.result()))
    return results


def told(cell: Cell, result: Result) -> Result:
    """Say what a cell took."""
    print(f"{cell.name}: {result['seconds']:.0f} s, {result['cpu_seconds']:.0f} s of processor", flush=True)
    return result


def grouped(results: Sequence[Result], kind: str) -> dict[tuple[str, str, float], list[Result]]:
    """Results of a kind by plot, case and reviewer's error, a seed after the other."""
    found = defaultdict(list)
    for one in sorted(results, key=lambda r: r["seed"]):
        if one["kind"] == kind:
            found[one["plot"], one["case"], one["error"]].append(one)
    return dict(sorted(found.items()))


def label(key: tuple[str, str, float], results: Sequence[Result]) -> str:
    """How a group is called in the tables."""
    plot, case, error = key
    return f"{plot} ({case}), {error:.0%} wrong, {len(results)} seeds"


def error_rows(groups: dict[Any, list[Result]]) -> tuple[list[tuple], dict[str, dict[str, list]]]:
    """Error rates of every layer by round, as rows and for the last line."""
    rows, found = [], {"map": {}, "field": {}}
    for key, some in groups.items():
        for layer in some[0]["layers"]:
            by_round = [figures.error_rate(some, layer, n) for n in range(len(some[0]["errors"]))]
            rows.append((label(key, some), layer, *map(str, by_round), aims(some) if layer == "map" else ""))
            found[layer][f"{key[0]} {key[1]} {key[2]:g}"] = [one.json for one in by_round]
    return rows, found


def aims(results: Sequence[Result]) -> str:
    """Errors left after 300 decisions and after as many as errors were put in, as a share of those at first."""
    shares = []
    for at in ("300", None):
        left = [one["errors_at"][at or str(one["injected"])] / one["injected"] for one in results
                if (at or str(one["injected"])) in one["errors_at"]]
        shares.append(f"{np.mean(left):.2f}" if left else "–")
    return " / ".join(shares)


def imagery_rows(groups: dict[Any, list[Result]], settings: Settings
                 ) -> tuple[list[tuple], dict[str, list], dict[str, Figure]]:
    """The imagery's accuracy by round, its gain and what it gained over the control."""
    rows, found, gains = [], {}, {}
    for key, some in groups.items():
        maps = [figures.imagery_of(one, settings) for one in some]
        by_round = [figures.accuracy([m.reviewed[n] for m in maps]) for n in range(settings.rounds)]
        last, first = [m.reviewed[-1] for m in maps], [m.reviewed[0] for m in maps]
        gains["|".join(map(str, key))] = gained = figures.better(last, first)
        control = [m.control[-1] for m in maps]
        with_control = all(len(m.control) == settings.rounds for m in maps)
        rows.append((label(key, some), *map(str, by_round), str(gained),
                     str(figures.accuracy(control)) if with_control else None,
                     str(figures.better(last, control)) if with_control else None,
                     f"{sum(bool((h or {}).get('replaced')) for h in held(some))} of {len(held(some))}"))
        found[f"{key[0]} {key[1]} {key[2]:g}"] = [one.json for one in by_round]
    return rows, found, gains


def held(results: Sequence[Result]) -> list[dict[str, Any] | None]:
    """What the hold-outs said."""
    return [learning["holdout"] for one in results for learning in one["learning"]]


def fix_rows(groups: dict[Any, list[Result]]) -> list[tuple]:
    """Fixes for each reviewed item at 100 and 300, by the queue, by probability, at random."""
    return [(label(key, some), *(figures.fixes_at(some, n) for n in (100, 300)),
             *(figures.fixes_at(some, n, "raw") for n in (100, 300)),
             float(np.mean([one["random"] for one in some])), int(np.mean([one["candidates"] for one in some])))
            for key, some in groups.items()]


def symmetry_rows(groups: dict[Any, list[Result]]) -> list[tuple]:
    """The share of errors found where they are in the map, and in the field layer."""
    return [(f"{plot}, errors in the {'map' if case == 'a' else 'field layer'}", sum(one["errors"] for one in some),
             str(figures.share(some, "in_top")), str(figures.share(some, "sure")))
            for (plot, case, _), some in groups.items()]


def worst_reliability(results: Sequence[Result]) -> tuple[list[tuple], float]:
    """Error of the reliabilities by source after all decisions, mean over seeds; the worst."""
    rows, worst = [], 0.0
    for key, some in grouped(results, "review").items():
        names = list(some[0]["reliability"])
        means = [float(np.nanmean([one["reliability"][name] for one in some])) for name in names]
        rows.append((label(key, some), ", ".join(f"{name} {v:.3f}" for name, v in zip(names, means, strict=True))))
        if key[1] != SHUFFLED:
            worst = max(worst, *means)
    return rows, worst


def verdict_on_shuffled(results: Sequence[Result], gains: dict[str, Figure]) -> str:
    """Whether the control that must fail failed."""
    said = []
    for key, some in grouped(results, "review").items():
        if key[1] != SHUFFLED:
            continue
        gained = gains["|".join(map(str, key))]
        times = figures.fixes_at(some, 100) / max(float(np.mean([one["random"] for one in some])), 1e-9)
        better = gained.low > 0
        said.append(f"{key[0]}, shuffled labels: the imagery's map {'IMPROVED' if better else 'did not improve'} "
                    f"({gained}), the queue mends {times:.1f} times what random order does: "
                    f"{'something is wrong with this benchmark' if better else 'as it must be'}.")
    return "\n".join(said)


def summary(results: Sequence[Result], errors: dict[str, dict[str, list]], imagery: dict[str, list], worst: float
            ) -> dict[str, Any]:
    """The last line: the reviewer who is always right, case (a), means over the plots."""
    sound = [one for one in results if one["kind"] == "review" and one["case"] == "a" and not one["error"]]
    by_plot = {plot: [one for one in sound if one["plot"] == plot] for plot in {one["plot"] for one in sound}}

    def mean(of: Any) -> float | None:
        values = [v for some in by_plot.values() if not np.isnan(v := of(some))]
        return round(float(np.mean(values)), 4) if values else None

    chance = mean(lambda some: float(np.mean([one["random"] for one in some])))
    return {
        "map_error_by_round": errors["map"], "imagery_accuracy_by_round": imagery,
        "field_error_by_round": errors["field"], "reliability_rmse": round(worst, 4),
        "fixes_per_review_100": mean(lambda some: figures.fixes_at(some, 100)),
        "fixes_per_review_300": mean(lambda some: figures.fixes_at(some, 300)),
        "random": {"fixes_per_review_100": chance, "fixes_per_review_300": chance},
        "raw": {f"fixes_per_review_{n}": mean(lambda some, n=n: figures.fixes_at(some, n, "raw")) for n in (100, 300)}}


def report(results: Sequence[Result], settings: Settings) -> dict[str, Any]:
    """Print every table; return the last line."""
    groups = grouped(results, "review")
    rounds = [f"round {n + 1}" for n in range(settings.rounds)]
    rows, errors = error_rows(groups)
    print("\n" + table(("errors for each true feature", "layer", "at first", *rounds,
                        "left after 300 / as many as put in"), rows))
    rows, imagery, gains = imagery_rows(groups, settings)
    print("\n" + table(("imagery's map, outside reviewed ground", *rounds, "gain",
                        "control", "gain over control", "new model better"), rows))
    print("\n" + table(("fixes for each reviewed item", "at 100", "at 300", "raw: at 100", "at 300", "random",
                        "candidates"), fix_rows(groups)))
    mirrors = grouped(results, "mirror")
    if mirrors:
        print("\n" + table(("symmetry", "errors", "found in as many flags", "found at even odds"),
                           symmetry_rows(mirrors)))
    rows, worst = worst_reliability(results)
    print("\n" + table(("error of the reliabilities (RMSE over classes)", "by source"), rows))
    print("\n" + verdict_on_shuffled(results, gains))
    return summary(results, errors, imagery, worst)


def parsed() -> argparse.Namespace:
    """The command line, with what it leaves open filled in."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=os.environ.get("GEOLOOP_DATA", ""), help="folder with the real areas")
    parser.add_argument("--plots", nargs="+", choices=("banepa", "brandenburg", "tiny"))
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], help="of the errors put in")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="cells at a time")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--effort", choices=("quick", "normal", "long"), default="quick")
    parser.add_argument("--out", type=Path, help="folder to keep cells in")
    parser.add_argument("--full", action="store_true", help="every reviewer in every case")
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args()
    args.plots = args.plots or (["tiny"] if args.quick else ["banepa", "brandenburg"])
    if args.quick:
        args.seeds, args.jobs = args.seeds[:1], 1
    if not args.data and set(args.plots) - {"tiny"}:
        parser.error("--data or GEOLOOP_DATA must name the folder of the real areas")
    return args


def main() -> None:
    args = parsed()
    refuse_leaks(args.plots)
    os.environ |= {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="loop-") as temporary:
        settings = Settings(str(Path(args.data).resolve()) if args.data else "",
                            str((args.out or Path(temporary)).resolve()), args.effort, args.device,
                            *(QUICK if args.quick else ()))
        last = report(done(args, settings), settings)
        print(f"\n{time.monotonic() - began:.0f} s.")
        print(json.dumps(last))


if __name__ == "__main__":
    main()
