"""The loop end to end in real QGIS: layers with known errors in, flags and a mended copy out.

    python examples/demo.py [DATA_FOLDER] --out FOLDER

Without a folder of data: the synthetic scene of ``scene.py``. With one: its ``banepa_buildings`` and
``brandenburg_landuse``, with errors put in by the same scripts. For each area it runs ``geoloop:loop``, accepts the
sure flags, pushes them into a copy of the map layer, writes the report, and tells what of the errors put in was found,
at which precision and in which time. Any step that fails ends the demo with its error.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import scene
from demo_areas import Area, real_areas, synthetic_areas
from demo_figures import KindFigures, all_figures, pushed_changes, raised_by_kind, read_flags, round_costs
from demo_picture import draw
from qgis_run import QgisError, run_algorithm

ACCEPTED_FROM = (0.8, 0.5)  # flags this probable are accepted; the second where the first finds none


@dataclass(frozen=True)
class AreaResult:
    """What became of one area."""

    area: Area
    ledger: Path
    figures: dict[str, KindFigures]
    accepted: int
    accepted_from: float
    pushed: dict[str, int]
    wall_s: dict[str, float]
    stage_s: dict[str, float]
    peak_mb: float
    picture: Path
    report: Path


def run_area(area: Area, out: Path, seed: int = 0) -> AreaResult:
    """Loop, decide, push and draw one area; results go to the folder ``out``. QgisError if a step fails."""
    out.mkdir(parents=True, exist_ok=True)
    ledger, fused, probability = out / "ledger.gpkg", out / "fused.tif", out / "probability.tif"
    copy, picture = out / f"{area.map.stem}_mended.gpkg", out.parent / f"demo_{area.name}.png"
    for path in (ledger, copy):
        path.unlink(missing_ok=True)
    wall: dict[str, float] = {}
    clock = time.monotonic()

    def lap(step: str) -> None:
        nonlocal clock
        wall[step] = time.monotonic() - clock
        clock = time.monotonic()

    run_algorithm("geoloop:loop", {
        **area.layers(), "EFFORT": "quick", "SEED": seed, "LEDGER": str(ledger), "OUTPUT": str(fused),
        "PROBABILITY": str(probability),
    })
    lap("loop")
    threshold = sure_enough(ledger)
    run_algorithm("geoloop:decide", {
        "LEDGER": str(ledger), "EXPRESSION": f"\"probability\" >= {threshold} and \"source\" = 'map'",
        "DECISION": "accept", "REASON": "the demo accepts what is sure", "REVIEWER": "demo",
    })
    lap("decide")
    run_algorithm("geoloop:push", {"LEDGER": str(ledger), "TARGET": str(area.map), "APPLY": "copy",
                                   "OUTPUT": str(copy)})
    pushed = pushed_changes(area.map, copy)
    if not any(pushed.values()):
        raise QgisError(f"{area.name}: the push left the copy as it was, {copy}")
    lap("push")
    report = out.parent / f"report_{area.name}.html"
    run_algorithm("geoloop:report", {"LEDGER": str(ledger), "TITLE": f"The demo's {area.name}",
                                     "ATTRIBUTION": area.attribution or area.note, "OUTPUT": str(report)})
    lap("report")
    figures = all_figures(area, ledger)
    draw(area, probability, ledger, picture)
    lap("figures and picture")
    accepted = len(read_flags(ledger, "probability >= ? AND source = 'map'", [threshold]))
    stages, peak_mb = round_costs(ledger)
    return AreaResult(area, ledger, figures, accepted, threshold, pushed, wall, stages, peak_mb, picture, report)


def sure_enough(ledger: Path) -> float:
    """The probability from which the demo accepts: the highest of its thresholds that any flag of the map reaches."""
    surest = read_flags(ledger, "source = 'map'")["probability"].max()
    for threshold in ACCEPTED_FROM:
        if surest >= threshold:
            return threshold
    raise QgisError(f"No flag in {ledger} reaches {ACCEPTED_FROM[-1]} (the surest: {surest}): nothing to push.")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows under a head as text, the first column to the left, the others to the right."""
    lines = [list(map(str, head)), *([cell(value) for value in row] for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    return "\n".join("  ".join(v.ljust(w) if i == 0 else v.rjust(w) for i, (v, w) in
                               enumerate(zip(line, widths, strict=True))).rstrip() for line in lines)


def cell(value: object) -> str:
    """A value as the tables show it: two decimals, a dash for none."""
    if value is None:
        return "–"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def describe(result: AreaResult) -> str:
    """The area's tables: sources, flags, what was found, times."""
    area = result.area
    sources = [("imagery", ", ".join(p.name for p in area.imagery[:3]) + (" …" if len(area.imagery) > 3 else "")),
               ("map", area.map.name), *([("field", area.field.name)] if area.field else [])]
    raised = sorted(raised_by_kind(result.ledger).items())
    parts = [
        f"== {area.name} ({area.note}) ==",
        "\n".join(f"{kind:<8} {name}" for kind, name in sources),
        table(("flags at 0.5 or above", "kind", "number"), [(s, k, n) for (s, k), n in raised]),
        table(("errors put in", "number", "flagged", "found", "precision", "recall", "AP"),
              [(k, f.injected, f.raised, f.found, f.precision, f.recall, f.ap) for k, f in result.figures.items()]),
        f"accepted at {result.accepted_from} or above: {result.accepted}; pushed into the copy: "
        + ", ".join(f"{n} {what}" for what, n in result.pushed.items()),
        table(("time", "s"), [*((step, s) for step, s in result.wall_s.items()),
                              *((f"  engine: {stage}", float(s)) for stage, s in result.stage_s.items())]),
        f"engine's peak memory {result.peak_mb:.0f} MB; picture {result.picture}; report {result.report}",
    ]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", help="folder with real layers; none: the synthetic scene")
    parser.add_argument("--out", type=Path, required=True, help="folder for the results")
    parser.add_argument("--seed", type=int, default=7, help="of the synthetic scene")
    parser.add_argument("--injection-seed", type=int, default=1, help="of the errors put in")
    parser.add_argument("--town-px", type=int, default=scene.TOWN_PX, help="size of the synthetic town, pixels")
    parser.add_argument("--countryside-px", type=int, default=scene.COUNTRYSIDE_PX, help="and of its countryside")
    args = parser.parse_args()
    out = args.out.resolve()
    start = time.monotonic()
    try:
        if args.data:
            areas = real_areas(args.data.resolve(), out / "layers", args.injection_seed)
        else:
            areas = synthetic_areas(out / "layers", args.seed, args.injection_seed, args.town_px, args.countryside_px)
        print(f"layers made and errors put in: {time.monotonic() - start:.0f} s\n", flush=True)
        for area in areas:
            print(describe(run_area(area, out / area.name)), flush=True)
            print(f"{area.name}: done {time.monotonic() - start:.0f} s after the start\n", flush=True)
    except (QgisError, FileNotFoundError, RuntimeError) as error:
        sys.exit(str(error))
    print(f"The demo took {time.monotonic() - start:.0f} s; its results lie in {out}.")


if __name__ == "__main__":
    main()
