"""Every kind of discrepancy on layers with known errors: what is found, how sure, how well mended, at which harm.

    python benchmarks/discrepancies.py [--data FOLDER] [--areas banepa …] [--seeds 1 2 3] [--effort quick]
                                       [--jobs N] [--out FOLDER] [--probabilities-cache FOLDER] [--pictures FOLDER]
                                       [--quick]

Each area's layer is corrupted once a seed; GeoLoop's job ``loop`` fits a network on the corrupted layer itself and
judges it. Banepa and Brandenburg by the evaluation's own scripts, whose baselines stand beside; roads, wrong values,
invalid outlines and field observations by errors of the project's own. Tables with and without the audit of Banepa:
what a person saw to be wrong in OpenStreetMap itself counts neither for nor against.

precision, recall, F1: of flags at 0.5 or above; AP: over all candidates; ECE: over flags at 0.2 or above, by chance:
what it would be on average for so few flags if each probability were exactly right; P@n: precision of as many flags as
there are errors; quality: of flags that found an error, the median IoU of the proposed outline with the true one
(missing, reshaped), or the share of right classes or values; harm: edits at 0.5 or above where nothing was changed;
offsets in metres from the true place, as drawn and once every flag at 0.5 or above is accepted, of shifted features and
of those that nobody moved (the evaluation's script bends whole layers by up to 1.5 m). Means over the seeds; ranges:
5th and 95th percentile over 200 draws of blocks of ground, the same ones for every seed.

Zero injection: flags at 0.5 or above on the layer before the errors, judged by the network of the first seed; with
``--pictures`` the 20 surest of the kinds that imagery shows are drawn for each area, to be looked at.

A cell (area, seed) that is done is kept in the folder ``--out`` and not done again until code changes. Probabilities
are kept in ``--probabilities-cache``, by layer, effort and the code that fits; with them a cell takes about a minute
(job ``flag``). They know of no other code: after changes elsewhere that bear on the fit, use another folder. It refuses
areas that a shipped network was trained on. ``--jobs``: so many cells at a time, the cores shared among them; figures
do not depend on it, seconds do. ``--quick``: tiny synthetic areas with probabilities made from the truth, one seed,
two at a time, under a minute; it shows that everything runs, its figures mean nothing.
Last line: one JSON object, by area (``…, audited``) and kind.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "examples"))

import numpy as np
import pyogrio
from demo import table
from discrepancy_parts.baselines import AUDITED, BASELINES, ZERO_FLAGS
from discrepancy_parts.cases import QUICK, REAL, SYNTHETIC, Case, Maker
from discrepancy_parts.figures import ALL, Figure, figures
from discrepancy_parts.leakage import refuse_leaks
from discrepancy_parts.matching import SURE, Matched, match
from discrepancy_parts.pictures import draw_sheet
from discrepancy_parts.rounds import JUDGED_BY, Round, code_version, run_clean, run_round

DEFAULT = (*REAL, "countryside", "town_levels", "town_materials", "town_roads")
COLUMNS = {"injected": "n", "precision": "P", "recall": "R", "f1": "F1", "ap": "AP", "ece": "ECE",
           "ece_by_chance": "by chance", "precision_at_injected": "P@n", "quality": "quality", "harm": "harm"}
COUNTS = ("injected", "harm")
SHIFTS = ("shift_before_m", "shift_after_m", "shift_worsened_share", "still_before_m", "still_after_m",
          "still_moved_share")
RANGED = ("f1", "ap", "precision_at_injected", *SHIFTS)
REPORTED = ("ap", "f1", "precision_at_injected", "ece", "ece_by_chance", "precision", "recall", "quality", "harm",
            *SHIFTS)
Cells = dict[str, list[dict[str, Any]]]


def cells_of(areas: Sequence[str], args: argparse.Namespace, out: Path) -> Cells:
    """Every cell of every area, from the folder ``out`` or made now, ``args.jobs`` at a time."""
    cells: Cells = {}
    with ThreadPoolExecutor(args.jobs) as several:
        waiting = [(area, several.submit(cell_of, area, seed, args, out)) for area in areas for seed in args.seeds]
        try:
            for area, cell in waiting:
                cells.setdefault(area, []).append(cell.result())
        except BaseException:
            several.shutdown(wait=False, cancel_futures=True)
            raise
    return cells


def cell_of(area: str, seed: int, args: argparse.Namespace, out: Path) -> dict[str, Any]:
    """One cell, as it was kept or made now."""
    version = code_version(JUDGED_BY)
    kept = out / "cells" / f"{area}-{seed}-{args.effort}.json"
    cell = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    clean, pictures = seed == args.seeds[0], seed == args.seeds[0] and args.pictures
    if cell.get("version") != version or (clean and cell["zero"] is None) or pictures:
        cell = {"version": version, **make_cell(area, seed, clean, args, out)}
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.with_suffix(".draft").write_text(json.dumps(cell), encoding="utf-8")
        kept.with_suffix(".draft").replace(kept)
    print(f"{area}, seed {seed}: {cell['how']} probabilities, {cell['seconds']:.0f} s, {cell['peak_mb']:.0f} MB",
          flush=True)
    return cell


def make_cell(area: str, seed: int, clean: bool, args: argparse.Namespace, out: Path) -> dict[str, Any]:
    """Corrupt the area's layer, run the round, match its flags; with ``clean`` judge the layer without errors too."""
    folder = out / area / f"seed{seed}"
    folder.mkdir(parents=True, exist_ok=True)
    case = maker_of(area)(args.data, folder / "layers", seed)
    done = run_round(case, args.effort, args.fit_seed, args.probabilities_cache or out / "probabilities", folder,
                     args.threads)
    zero = zero_flags(case, done, folder, args) if clean and case.clean else None
    return {"area": area, "seed": seed, "how": done.how, "seconds": round(done.seconds, 1),
            "peak_mb": round(done.peak_mb), "kinds": case.kinds, "block_m": case.block_m,
            "audit": bool(case.area.audit), "zero": zero, **match(case, done.ledger, folder).to_json()}


def maker_of(area: str) -> Maker:
    """What makes an area."""
    return {**REAL, **SYNTHETIC, **QUICK}[area]


def zero_flags(case: Case, done: Round, folder: Path, args: argparse.Namespace) -> dict[str, int]:
    """Sure flags on the layer without errors, by kind, without what the imagery is told; drawn where asked for."""
    ledger = run_clean(case, args.effort, args.fit_seed, done.probabilities, folder, args.threads)
    if args.pictures:
        print(f"pictures: {draw_sheet(case, ledger, args.pictures)}", flush=True)
    sure = f"probability >= {SURE} AND source <> 'imagery'"
    flags = pyogrio.read_dataframe(ledger, layer="discrepancies", where=sure, read_geometry=False)
    return {str(kind): int(n) for kind, n in sorted(flags["kind"].value_counts().items())}


def all_figures(cells: Cells) -> Iterator[tuple[str, str, dict[str, Figure]]]:
    """Area, kind and figures; where there is an audit once without and once with it."""
    for area, runs in cells.items():
        matched = [Matched.from_json(cell) for cell in runs]
        kinds = [*runs[0]["kinds"], *([ALL] if len(runs[0]["kinds"]) > 1 else [])]
        for audited in (False, True)[: 2 if runs[0]["audit"] else 1]:
            for kind in kinds:
                yield area + AUDITED * audited, kind, figures(matched, kind, audited)


def shown(name: str, figure: Figure) -> str:
    """A figure, with its range where that matters; a dash where there is none."""
    if np.isnan(figure.value):
        return "–"
    if name in COUNTS:
        return f"{figure.value:.0f}"
    return f"{figure.value:.2f}" + (f" {figure.low:.2f}–{figure.high:.2f}" if name in RANGED else "")


def main_table(found: Iterable[tuple[str, str, dict[str, Figure]]]) -> str:
    """Every area and kind, the baselines beside."""
    rows = []
    for area, kind, of in found:
        base = BASELINES.get(area, {}).get(kind, {})
        cells = [shown(name, of[name]) for name in COLUMNS]
        rows.append((f"{area}: {kind}", *cells, *(base.get(name) for name in ("f1", "ap", "ece",
                                                                                  "precision_at_injected", "quality"))))
    return table(("area: kind", *COLUMNS.values(), "base F1", "AP", "ECE", "P@n", "quality"), rows)


def shift_table(found: Iterable[tuple[str, str, dict[str, Figure]]]) -> str:
    """Metres off, before and after, of shifted features and of all that nobody moved; reshaped outlines before."""
    rows = [(area, *(shown(name, of[name]) for name in SHIFTS),
             *(BASELINES.get(area, {}).get(kind, {}).get(name) for name in SHIFTS[1:3]))
            for area, kind, of in found if kind == "shifted"]
    head = ("offsets, m", "shifted", "after", "worsened share", "not shifted", "after", "moved share",
            "base: after", "worsened")
    return table(head, rows)


def zero_table(cells: Cells) -> str:
    """Sure flags where no error was put in."""
    rows = [(runs[0]["area"], kind, number, ZERO_FLAGS.get(area, {}).get(kind))
            for area, runs in cells.items() for kind, number in (runs[0]["zero"] or {}).items()]
    return table(("zero injection, flags at 0.5 or above", "kind", "number", "baseline"), rows)


def summary(found: Iterable[tuple[str, str, dict[str, Figure]]], cells: Cells) -> dict[str, Any]:
    """The last line."""
    areas: dict[str, dict[str, Mapping[str, float | None]]] = {}
    for area, kind, of in found:
        areas.setdefault(area, {})[kind] = {name: number(of[name].value) for name in REPORTED
                                            if not np.isnan(of[name].value) or name in ("ap", "f1")}
    return {"seeds": [cell["seed"] for cell in next(iter(cells.values()))], "areas": areas,
            "zero_flags": {area: runs[0]["zero"] for area, runs in cells.items() if runs[0]["zero"] is not None}}


def number(value: float) -> float | None:
    """Rounded; null where there is none."""
    return None if np.isnan(value) else round(value, 4)


def parsed() -> argparse.Namespace:
    """The command line, with what it leaves open filled in."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("GEOLOOP_DATA"), help="folder with the real areas")
    parser.add_argument("--areas", nargs="+", choices=(*REAL, *SYNTHETIC, *QUICK))
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], help="of the errors put in")
    parser.add_argument("--fit-seed", type=int, default=0)
    parser.add_argument("--effort", choices=("quick", "normal", "long"), default="quick")
    parser.add_argument("--out", type=Path, help="folder to keep cells, layers and ledgers in")
    parser.add_argument("--probabilities-cache", type=Path, help="folder of fitted probabilities; usually in --out")
    parser.add_argument("--pictures", type=Path, help="folder for pictures of the surest flags of zero injection")
    parser.add_argument("--jobs", type=int, help="cells at a time, by default one; two with --quick")
    parser.add_argument("--threads", type=int, help="of each cell; by default the cores shared among the cells")
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args()
    args.jobs = args.jobs or (2 if args.quick else 1)
    args.threads = args.threads or max(len(os.sched_getaffinity(0)) // args.jobs, 1)
    if args.quick:
        args.seeds = args.seeds[:1]
    args.areas = args.areas or (tuple(QUICK) if args.quick else DEFAULT)
    args.data = Path(args.data).resolve() if args.data else None
    if args.data is None and set(args.areas) & set(REAL):
        parser.error(f"--data or GEOLOOP_DATA must name the folder of {', '.join(a for a in args.areas if a in REAL)}")
    return args


def main() -> None:
    args = parsed()
    refuse_leaks(args.areas)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="discrepancies-") as temporary:
        cells = cells_of(args.areas, args, (args.out or Path(temporary)).resolve())
    found = list(all_figures(cells))
    sides = ", ".join(f"{area} {runs[0]['block_m']:g} m" for area, runs in cells.items())
    print("\n\n".join(("", main_table(found), shift_table(found), zero_table(cells),
                         f"Blocks of the intervals: {sides}. {time.monotonic() - start:.0f} s.")))
    print(json.dumps(summary(found, cells)))


if __name__ == "__main__":
    main()
