"""Fine-tuning: labels needed, noise borne, what pretraining is worth, whether sureness is right, and what a step costs.

python benchmarks/finetune.py [--data FOLDER] [--out FOLDER] [--areas brandenburg potsdam flanders] [--steps 60]
[--seeds 0 1 2] [--labels 10 30 100 300 0] [--side 6000] [--ways WAY ...] [--minutes 0] [--only costs|fits]
[--device cpu] [--quick]

Three areas (benchmarks/finetune_parts/grounds.py): parcels of land use under Sentinel-2 (of which a square of --side
metres, 0: all), cover of pixels under EnMAP's bands, crops of pixels under Sentinel-1 and -2 of three dates. The ground
is cut into blocks as geoloop:finetune cuts it; a fifth is judged, a fifth says when to stop, and of the parcels or
points of the rest so many are learnt from as a row says (0: all). A seed deals blocks, labels and weights anew. Figures
are the mean F1 of the classes over seeds and its range.

forest: a random forest on the bands of single pixels. nothing: a U-Net from nothing; any_band: our any-band transformer
from nothing, only where --ways names it. probe, lora, adapter: Galileo nano with its published weights, the decoder
alone, LoRA, Earth-Adapter. …_random: the same network with random weights, so that the difference is what pretraining
is worth; presto likewise. noise: that share of the learnt parcels says another class; …_selected has their labels
weighed by two views of the imagery. probe and networks from nothing take four times --steps; so does the decoder of
lora and adapter before the rest joins it, for half of --steps, which costs as much as --steps without it. probe_anew:
as probe, but the encoder looks at each crop anew at every step.

step_ratio: seconds of a step in core/training/course.py over the same step written by hand in plain torch; step_mb: the
memory that learning takes beside the imagery, each METHOD in a process of its own. --only costs prints nothing else,
--only fits leaves it out.

Cells that are done are kept in --out and not done again; --minutes begins no cell after so many, and what is done is
shown; --ways does only cells of these. --quick: a corner, a few steps, under a minute: it shows that everything runs,
and its figures mean nothing. Last line: one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / ".dev"))

import numpy as np
import torch
from finetune_parts.area import Area, read_area
from finetune_parts.fits import WAYS, fit
from finetune_parts.steps import BATCH, PARCELS, step_memory, step_ratio

ROOT = Path(__file__).resolve().parent.parent
CURVE = ("forest", "nothing", "probe", "lora", "adapter")
GAIN = (("galileo_nano probe", "probe", "probe_random"), ("galileo_nano lora", "lora", "lora_random"),
        ("presto probe", "presto", "presto_random"))
RULES = "the decoder first, with a path for pixels; stopped by F1"
"""How networks learn: cells of other rules are others."""
QUICK_M = 4500.0
"""The side of the corner that --quick looks at."""
NOISE = (0.2, 0.4)
GAIN_AT = 100
NOISY = ("probe", "probe_selected", "lora", "lora_selected")
METHODS = ("probe", "lora", "adapter", "full")
AREAS = ("brandenburg", "potsdam", "flanders")
MAIN = AREAS[0]
"""Where noise and the gain of pretraining are asked."""


@dataclass(frozen=True)
class Cell:
    """One fit."""

    area: str
    way: str
    labels: int
    noise: float
    seed: int

    def path(self, options: argparse.Namespace) -> Path:
        """Where its result is kept; other settings are another cell."""
        told = [asdict(self), asdict(WAYS[self.way]), options.steps, options.side, RULES]
        key = sha256(json.dumps(told).encode()).hexdigest()[:10]
        name = f"{self.area}-{self.way}-{self.labels}-{self.noise:g}-{self.seed}-{key}.json"
        return Path(options.out) / "cells" / name


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
        result = {"labels_curve": {area: curve(area, known, options) for area in options.areas},
                  "noise_curve": noise(known), "pretrained_gain": gain(known, options), **calibration(known),
                  "trained_share": share}
    ratios = {} if options.only == "fits" else costs(data, out, options)
    print(json.dumps(result | {"step_ratio": {way: round(one["ratio"], 3) for way, one in ratios.items()},
                               "step_mb": {way: round(one["peak_mb"], 1) for way, one in ratios.items()}}))


def costs(data: Path, out: Path, options: argparse.Namespace) -> dict[str, dict[str, float]]:
    """What a step of each METHOD costs, ours and by hand."""
    area, steps = read_area(MAIN, data, out, 0, features=PARCELS, side_m=options.side), 2 if options.quick else 12
    device = torch.device(options.device)
    found = {}
    for way in METHODS[1:2] if options.quick else METHODS:
        one = step_ratio(WAYS[way], area, data, steps, device)
        one["peak_mb"] = step_memory(way, data, out, MAIN, options.side, device)
        kept = f", {one['kept_s']:.3f} s once the encoder's part is kept" if "kept_s" in one else ""
        print(f"a step of {way}: {one['ours_s']:.3f} s{kept}, by hand {one['theirs_s']:.3f} s, ratio "
              f"{one['ratio']:.3f}; {BATCH / one['ours_s']:.0f} samples a second, {one['peak_mb']:.0f} MB; "
              f"{100 * one['share']:.1f} % of the weights learn", flush=True)
        found[way] = one
    return found


def parsed() -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", help="folder of real layers; default: GEOLOOP_DATA")
    parser.add_argument("--out", default=str(ROOT / "demo-output" / "finetune"), help="where cells are kept")
    parser.add_argument("--areas", nargs="+", choices=AREAS, default=list(AREAS))
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--labels", type=int, nargs="+", default=[10, 30, 100, 300, 0])
    parser.add_argument("--side", type=float, default=6000.0)
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=[])
    parser.add_argument("--only", choices=("", "costs", "fits"), default="")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    if options.quick:
        options.seeds, options.labels, options.steps, options.side, options.areas = [0], [30], 1, QUICK_M, [MAIN]
    return options


def wanted(options: argparse.Namespace) -> list[Cell]:
    """The cells, those that matter most for what they cost first."""
    if options.quick:
        some = [Cell(MAIN, way, options.labels[0], 0.0, 0) for way in
                ("forest", "probe", "probe_random", "lora", "adapter")]
        return [*some, Cell(MAIN, "probe_selected", 0, NOISE[0], 0)]
    others = [area for area in options.areas if area != MAIN]
    main = [area for area in options.areas if area == MAIN]

    def crossed(areas: list[str], ways: Sequence[str], counts: Sequence[int], shares: Sequence[float] = (0.0,)
                ) -> list[Cell]:
        return [Cell(area, way, count, share, seed) for area in areas for count in counts for share in shares
                for seed in options.seeds for way in ways]

    rest = sorted(options.labels, key=lambda count: (count not in (0, 10), count))
    cells = [*crossed(options.areas, ("forest",), options.labels), *crossed(main, ("probe",), options.labels),
             *crossed(main, ("probe_random",), (GAIN_AT,)), *crossed(main, NOISY[:2], (0,), (0.0, *NOISE)),
             *crossed(main, ("lora", "lora_random", "adapter"), (GAIN_AT,)),
             *crossed(main, ("nothing",), options.labels), *crossed(others, ("probe", "nothing"), options.labels),
             *crossed(options.areas, ("lora", "adapter"), rest), *crossed(main, NOISY[2:], (0,), (0.0, *NOISE)),
             *crossed(main, ("presto", "presto_random"), (GAIN_AT,))]
    if "any_band" in options.ways:  # each band is a sequence of its own: hours
        cells += crossed([area for area in others if area == "potsdam"], ("any_band",), options.labels)
    return [cell for cell in dict.fromkeys(cells) if not options.ways or cell.way in options.ways]


def do(cells: list[Cell], data: Path, out: Path, options: argparse.Namespace) -> None:
    """Do what is not done yet."""
    until = time.monotonic() + 60 * options.minutes if options.minutes else float("inf")
    areas: dict[tuple[str, int, float, int], Area] = {}
    for cell in cells:
        path = cell.path(options)
        if path.exists() or time.monotonic() > until:
            continue
        key = cell.area, cell.labels, cell.noise, cell.seed
        if key not in areas:
            areas = {key: read_area(cell.area, data, out, cell.seed, features=cell.labels, noise=cell.noise,
                                    side_m=options.side if cell.area == MAIN else 0)}
        found = fit(WAYS[cell.way], areas[key], data, cell.seed, options.steps, torch.device(options.device))
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(found))
        draft.rename(path)
        print(f"{path.stem}: F1 {found['f1']:.3f}, {found['cpu_s']:.0f} s of a processor", flush=True)


def curve(area: str, known: dict[Cell, dict[str, Any]], options: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """Accuracy against the number of labelled parcels or points."""
    ways = [way for way in (*CURVE, "any_band") if any((cell.area, cell.way) == (area, way) for cell in known)]
    print(f"\n| {area}, labels | " + " | ".join(ways) + " |\n|---" + "|---" * len(ways) + "|")
    table: dict[str, dict[str, Any]] = {}
    for labels in options.labels:
        name = str(labels or "all")
        table[name] = {way: _spread([found["f1"] for cell, found in known.items()
                                     if (cell.area, cell.way, cell.labels, cell.noise) == (area, way, labels, 0.0)])
                       for way in ways}
        print(f"| {name} | " + " | ".join(_text(one) for one in table[name].values()) + " |")
    return table


def noise(known: dict[Cell, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Accuracy on clean labels after learning from wrong ones."""
    table: dict[str, dict[str, Any]] = {}
    print("\n| wrong labels | probe | with selection | lora | with selection |\n|---|---|---|---|---|")
    for share in (0.0, *NOISE):
        row = {way: _spread([found["f1"] for cell, found in known.items()
                             if (cell.area, cell.way, cell.labels, cell.noise) == (MAIN, way, 0, share)])
               for way in NOISY}
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
                   if (cell.area, cell.way, cell.noise) == (MAIN, way, 0) and cell.labels in (GAIN_AT, *quick)}
                  for way in (one, other)]
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
