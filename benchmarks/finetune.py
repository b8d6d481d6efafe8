"""Fine-tuning: labels needed, noise borne, what pretraining is worth, whether sureness is right, and what a step costs.

python benchmarks/finetune.py [--data FOLDER] [--out FOLDER] [--steps 100] [--seeds 0 1 2] [--labels 30 100 0]
[--side 6000] [--minutes 0] [--only costs] [--quick]

Land use near Brandenburg (benchmarks/finetune_parts/area.py): eight classes of OpenStreetMap's parcels, Sentinel-2's
thirteen bands of one winter day, a square of --side metres (0: all). The ground is cut into blocks as geoloop:finetune
cuts it; a fifth is judged, a fifth says when to stop, and of the parcels of the rest so many are learnt from as a row
says (0: all). A seed deals blocks, parcels and weights anew. Figures are the mean F1 of the classes over seeds and its
range.

forest: a random forest on the bands of single pixels. nothing: a ResNet-18 from nothing. probe, lora, adapter: Galileo
nano with its published weights, the decoder alone, LoRA, Earth-Adapter. …_random: the same network with random weights,
so that the difference is what pretraining is worth; presto likewise. noise: that share of the learnt parcels says
another class; lora_selected has their labels weighed by two views of the imagery.

step_ratio: processor time of a step in core/training/course.py over the same step written by hand in plain torch;
--only costs prints nothing else.

Cells that are done are kept in --out and not done again; --minutes begins no cell after so many, and what is done is
shown. --quick: a corner, a few steps, under a minute: it shows that everything runs, its figures mean nothing. Last
line: one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / ".dev"))

import numpy as np
from finetune_parts.area import QUICK_M, Area, read_area
from finetune_parts.fits import WAYS, fit, step_ratio

ROOT = Path(__file__).resolve().parent.parent
CURVE = ("forest", "nothing", "probe", "lora", "adapter")
GAIN = (("galileo_nano probe", "probe", "probe_random"), ("galileo_nano lora", "lora", "lora_random"),
        ("presto probe", "presto", "presto_random"))
NOISE = (0.2, 0.4)
GAIN_AT = 100


@dataclass(frozen=True)
class Cell:
    """One fit."""

    way: str
    labels: int
    noise: float
    seed: int

    def path(self, options: argparse.Namespace) -> Path:
        """Where its result is kept; other settings are another cell."""
        told = [asdict(self), asdict(WAYS[self.way]), options.steps, options.side]
        key = sha256(json.dumps(told).encode()).hexdigest()[:10]
        return Path(options.out) / "cells" / f"{self.way}-{self.labels}-{self.noise:g}-{self.seed}-{key}.json"


def main() -> None:
    """Run what is asked for and print it."""
    options = parsed()
    data = Path(options.data or os.environ.get("GEOLOOP_DATA") or ROOT.parent / "shared" / "data")
    out = Path(options.out)
    (out / "cells").mkdir(parents=True, exist_ok=True)
    cells = [] if options.only == "costs" else wanted(options)
    do(cells, data, out, options)
    known = {cell: json.loads(path.read_text()) for cell in cells
             if (path := cell.path(options)).exists()}
    if len(known) < len(cells):
        print(f"{len(cells) - len(known)} of {len(cells)} fits were not done; what is there is shown")
    result: dict[str, Any] = {}
    if cells:
        share = {cell.way: round(found["share"], 4) for cell, found in known.items() if WAYS[cell.way].encoder}
        result = {"labels_curve": curve(known, options), "noise_curve": noise(known),
                  "pretrained_gain": gain(known, options), **calibration(known), "trained_share": share}
    area = read_area(data, out, 0, features=30, side_m=options.side)
    steps = 3 if options.quick else 12
    ratios = {way: step_ratio(WAYS[way], area, data, steps) for way in ("probe", "lora", "adapter")}
    for way, found in ratios.items():
        print(f"a step of {way}: {found['ours_s']:.3f} s of a processor, by hand {found['theirs_s']:.3f} s, "
              f"ratio {found['ratio']:.3f}; {100 * found['share']:.1f} % of the weights learn")
    print(json.dumps(result | {"step_ratio": {way: round(one["ratio"], 3) for way, one in ratios.items()}}))


def parsed() -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", help="folder of real layers; default: GEOLOOP_DATA")
    parser.add_argument("--out", default=str(ROOT / "demo-output" / "finetune"), help="where cells are kept")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--labels", type=int, nargs="+", default=[10, 30, 100, 300, 0])
    parser.add_argument("--side", type=float, default=6000.0)
    parser.add_argument("--only", choices=("", "costs"), default="")
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    if options.quick:
        options.seeds, options.labels, options.steps, options.side = [0], [30], 2, QUICK_M
    return options


def wanted(options: argparse.Namespace) -> list[Cell]:
    """The cells, those that matter most first."""
    if options.quick:
        return [Cell(way, options.labels[0], 0.0, 0) for way in ("forest", "probe", "probe_random", "lora", "adapter")]
    worth = [Cell(way, GAIN_AT, 0.0, seed) for pair in GAIN for seed in options.seeds for way in pair[1:]]
    slow = [cell for cell in worth if WAYS[cell.way].encoder == "presto"]  # each pixel is a sequence of its own
    cells = [cell for cell in worth if cell not in slow]
    cells += [Cell(way, labels, 0.0, seed) for labels in options.labels for seed in options.seeds for way in CURVE]
    cells += [Cell(way, 0, share, seed) for seed in options.seeds for share in NOISE
              for way in ("lora", "lora_selected")]
    cells += slow
    return list(dict.fromkeys(cells))


def do(cells: list[Cell], data: Path, out: Path, options: argparse.Namespace) -> None:
    """Do what is not done yet."""
    until = time.monotonic() + 60 * options.minutes if options.minutes else float("inf")
    areas: dict[tuple[int, float, int], Area] = {}
    for cell in cells:
        path = cell.path(options)
        if path.exists() or time.monotonic() > until:
            continue
        key = cell.labels, cell.noise, cell.seed
        if key not in areas:
            areas = {key: read_area(data, out, cell.seed, features=cell.labels, noise=cell.noise, side_m=options.side)}
        found = fit(WAYS[cell.way], areas[key], data, cell.seed, options.steps)
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(found))
        draft.rename(path)
        print(f"{path.stem}: F1 {found['f1']:.3f}, {found['cpu_s']:.0f} s of a processor", flush=True)


def curve(known: dict[Cell, dict[str, Any]], options: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """Accuracy against the number of labelled parcels."""
    print("\n| parcels | " + " | ".join(CURVE) + " |\n|---" * 1 + "|---" * len(CURVE) + "|")
    table: dict[str, dict[str, Any]] = {}
    for labels in options.labels:
        name = str(labels or "all")
        table[name] = {way: _spread([found["f1"] for cell, found in known.items() if (cell.way, cell.labels, cell.noise)
                                     == (way, labels, 0.0)]) for way in CURVE}
        print(f"| {name} | " + " | ".join(_text(one) for one in table[name].values()) + " |")
    return table


def noise(known: dict[Cell, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Accuracy on clean labels after learning from wrong ones."""
    table: dict[str, dict[str, Any]] = {}
    print("\n| wrong labels | lora | with selection |\n|---|---|---|")
    for share in (0.0, *NOISE):
        row = {way: _spread([found["f1"] for cell, found in known.items()
                             if (cell.way, cell.labels, cell.noise) == (way, 0, share)])
               for way in ("lora", "lora_selected")}
        table[f"{share:g}"] = row
        print(f"| {100 * share:.0f} % | " + " | ".join(_text(one) for one in row.values()) + " |")
    return table


def gain(known: dict[Cell, dict[str, Any]], options: argparse.Namespace) -> dict[str, Any]:
    """What published weights bring over random ones, seed by seed."""
    quick = options.labels if options.quick else ()
    result: dict[str, Any] = {}
    print("\n| network | published weights | random weights | gain |\n|---|---|---|---|")
    for name, one, other in GAIN:
        by_way = [{cell.seed: found["f1"] for cell, found in known.items()
                   if cell.way == way and cell.noise == 0 and cell.labels in (GAIN_AT, *quick)} for way in (one, other)]
        seeds = sorted(set(by_way[0]) & set(by_way[1]))
        differences = [by_way[0][seed] - by_way[1][seed] for seed in seeds]
        result[name] = _spread(differences)
        print(f"| {name} | {_text(_spread(list(by_way[0].values())))} | {_text(_spread(list(by_way[1].values())))} | "
              f"{_text(result[name])} |")
    return result


def calibration(known: dict[Cell, dict[str, Any]]) -> dict[str, Any]:
    """Calibration errors before and after the temperature, of all fits of networks on true labels."""
    some = [found for cell, found in known.items() if WAYS[cell.way].encoder and not cell.noise]
    if not some:
        return {"ece_before": None, "ece_after": None}
    before, after = (float(np.mean([found[name] for found in some])) for name in ("ece_before", "ece_after"))
    blocks = np.nanmean([found["ece_by_block"] for found in some], axis=0)
    print(f"\nCalibration error over {len(some)} fits: {before:.3f} before, {after:.3f} after the temperature; mean "
          f"over blocks {blocks[0]:.3f} and {blocks[1]:.3f}")
    return {"ece_before": round(before, 4), "ece_after": round(after, 4)}


def _spread(values: list[float]) -> dict[str, float] | None:
    if not values:
        return None
    return {"mean": round(float(np.mean(values)), 4), "low": round(min(values), 4), "high": round(max(values), 4),
            "seeds": len(values)}


def _text(one: dict[str, float] | None) -> str:
    return "–" if one is None else f"{one['mean']:.3f} ({one['low']:.3f}–{one['high']:.3f})"


if __name__ == "__main__":
    main()
