"""Pushing: how fast it is, and whether anything is ever lost.

    ./dev.sh benchmark push [--quick] [--edits N] [--kills N] [--only speed kills faults dock] [--seed S]

Accepted edits of all kinds go into a GeoPackage and are taken back; a process that pushes is killed at drawn moments,
half of them inside QGIS's commit; second editors, rules of the database, a full disk and a read-only file; the review
dock's keys. Each part runs in QGIS's own Python (QGIS_PYTHON names another than the system's), most in a process of
its own. Last line: one JSON object.

push_20k_s       seconds from the call with the planned edits to the closed journal, for 20,000 edits; null in a quick
                 run. push_cpu_s: the processor time of that. dock_next_ms: as dock_clock.py measures it.
kills            processes that were killed. lost: edits or features that journal or layer had lost after any kill or
                 fault. half_applied: decisions of which the layer held a part. undo_identical: whether undo of all
                 pushes gave every feature its signature back, after every kill and fault.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "examples"))

from demo import table
from qgis_run import run_script

PARTS = Path(__file__).resolve().parent / "push_parts"
EDITS, KILLS, SHAPEFILE_KILLS, KILLED_EDITS, FAULTY_EDITS = 20_000, 50, 10, 400, 500
QUICK_EDITS, QUICK_KILLS, QUICK_FAULTY_EDITS, QUICK_ITEMS = 500, 2, 60, 2_000


def part(name: str, *arguments: object) -> Any:
    """What a part prints on its last line."""
    return json.loads(run_script(str(PARTS / f"{name}.py"), *map(str, arguments)).strip().splitlines()[-1])


def speed(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Push and undo, timed."""
    found = part("push_clock", folder, 3 * options.edits // 2, options.edits, options.seed)
    print(table(("edits", "pushed", "push, s", "… processor, s", "undo, s", "undo identical"), [
        (found["edits"], found["committed"], found["push_s"], found["push_cpu_s"], found["undo_s"],
         found["undo_identical"])]))
    return {"push_20k_s": round(found["push_s"], 2) if found["edits"] == EDITS else None,
            "push_cpu_s": round(found["push_cpu_s"], 2), "undo_s": round(found["undo_s"], 2),
            "lost": found["edits"] - found["committed"], "half_applied": 0, "undo_identical": found["undo_identical"]}


def kills(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Kill pushes into a GeoPackage, and a few into a shapefile."""
    counts = {"gpkg": options.kills, "shp": 0 if options.quick else SHAPEFILE_KILLS}
    found = [part("kills", folder / ending, count, 2 * KILLED_EDITS, KILLED_EDITS, options.seed, ending)
             for ending, count in counts.items() if count]
    places = ("before the commit", "inside the commit", "after the commit")
    print(table(("format", "kills", *places, "… between two renames", "cut in part", "lost", "half applied",
                 "undo identical"), [
        (one["format"], one["kills"], *(one.get(place, 0) for place in places), one["between_renames"],
         one["commits_cut_in_part"], one["lost"], one["half_applied"], one["undo_identical"]) for one in found]))
    if any(one.get("inside the commit", 0) < one["kills"] // 2 for one in found):
        raise SystemExit("Fewer than half of the kills hit inside the commit.")
    return {"kills": sum(one["kills"] for one in found), "lost": sum(one["lost"] for one in found),
            "half_applied": sum(one["half_applied"] for one in found),
            "undo_identical": all(one["undo_identical"] for one in found)}


def faults(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Second editors, rules, a full disk, a read-only file."""
    found = part("faults", folder, QUICK_FAULTY_EDITS if options.quick else FAULTY_EDITS, options.seed)
    print(table(("fault", "pushed", "stale", "still due", "lost", "half applied", "undo identical"), [
        [one[key] for key in ("name", "pushed", "stale", "due", "lost", "half_applied", "undo_identical")]
        for one in found]))
    return {"lost": sum(one["lost"] for one in found),
            "half_applied": sum(one["half_applied"] for one in found),
            "undo_identical": all(one["undo_identical"] for one in found)}


def dock(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """From a key press to the next item."""
    found = part("dock_clock", "--folder", folder, *(["--items", QUICK_ITEMS] if options.quick else []))
    print(", ".join(f"{key}: {value}" for key, value in found.items()))
    return {"dock_next_ms": found["dock_next_ms"]["median"]}


MEASURES: dict[str, Callable[[Path, argparse.Namespace], dict[str, Any]]] = {
    "speed": speed, "kills": kills, "faults": faults, "dock": dock}


def main() -> None:
    """Run the parts that are asked for and print what they found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="under a minute: fewer edits, kills and items")
    parser.add_argument("--edits", type=int, help=f"edits to time (default {EDITS})")
    parser.add_argument("--kills", type=int, help=f"processes to kill (default {KILLS}; a quarter more in a shapefile)")
    parser.add_argument("--only", nargs="+", choices=MEASURES, default=list(MEASURES))
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.edits = options.edits or (QUICK_EDITS if options.quick else EDITS)
    options.kills = options.kills or (QUICK_KILLS if options.quick else KILLS)
    figures: dict[str, Any] = {"push_20k_s": None, "push_cpu_s": None, "undo_s": None, "dock_next_ms": None}
    sums: dict[str, Any] = {"kills": 0, "lost": 0, "half_applied": 0, "undo_identical": True}
    with tempfile.TemporaryDirectory(prefix="geoloop-push-") as folder:
        for name in options.only:
            print(f"\n{name}", flush=True)
            place = Path(folder, name)
            place.parent.mkdir(exist_ok=True)
            if name in ("speed", "dock"):
                place.mkdir()
            for key, value in MEASURES[name](place, options).items():
                if key == "undo_identical":
                    sums[key] = sums[key] and value
                elif key in sums:
                    sums[key] += value
                else:
                    figures[key] = value
    print(json.dumps({**figures, **sums}))


if __name__ == "__main__":
    main()
