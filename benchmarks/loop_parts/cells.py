"""The cells of the benchmark: each runs in a process of its own, keeps its result, and is not done again."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from discrepancy_parts.rounds import code_version

from geoloop.core import jobs
from geoloop.core.feedback import Feedback
from geoloop.core.jobs import loop
from geoloop.core.jobs.layers import open_workplace
from geoloop.core.jobs.parameters import from_json
from geoloop.core.ledger import Ledger
from geoloop.core.ledger import queue as table
from geoloop.core.ledger.geopackage import from_blob
from geoloop.core.ledger.records import JournalLine
from geoloop.core.ledger.reviewers import Reviewers
from geoloop.core.training import crossfit

from . import measures
from .edits import push
from .measures import Frame
from .plots import FIELD, MAP, PLOTS, Layers, Plot, mirrored, shuffled

ROUNDS = 3
LEAST_DECISIONS = 100
"""A round at least, and as many as a third of the errors put in."""
CHECKED = (100, 300)
SHUFFLED = "shuffled"
MEASURED_BY = ("core", "benchmarks/evaluation", "benchmarks/loop_parts", "examples")


@dataclass(frozen=True)
class Cell:
    """``kind``: ``first`` (the round before any decision), ``review`` (three rounds with a reviewer who errs in a share
    ``error``), ``control`` (the same fits without decisions), ``mirror`` (case ``a`` or ``b``: the same errors in the
    map or in the field layer). ``case`` ``shuffled``: as ``a``, on labels that have nothing to do with the ground.
    """

    plot: str
    case: str
    seed: int
    kind: str
    error: float = 0.0

    @property
    def name(self) -> str:
        """What its result is kept by."""
        error = f"-{self.error:g}" if self.kind == "review" else ""
        return f"{self.plot}-{self.case}-{self.seed}-{self.kind}{error}"

    @property
    def before(self) -> Cell | None:
        """The cell whose ledger it goes on with."""
        return Cell(self.plot, self.case, self.seed, "first") if self.kind in ("review", "control") else None


@dataclass(frozen=True)
class Settings:
    """What all cells share: where the real areas lie, the folder of results, how hard fits try, on which device.
    ``steps`` of a fit (0: as the effort says), decisions a round at ``least``, ``rounds`` of review.
    """

    data: str
    out: str
    effort: str
    device: str
    steps: int = 0
    least: int = LEAST_DECISIONS
    rounds: int = ROUNDS

    def folder(self, cell: Cell) -> Path:
        """Where a cell keeps its files."""
        return Path(self.out) / "work" / cell.name


def result_of(cell: Cell, settings: Settings) -> dict[str, Any] | None:
    """A cell's result if it was kept by this very code."""
    at = Path(settings.out) / "cells" / f"{cell.name}.json"
    kept = json.loads(at.read_text(encoding="utf-8")) if at.exists() else {}
    same = kept.get("version") == code_version(MEASURED_BY) and kept.get("settings") == _kept_settings(settings)
    return kept if same else None


def run(cell: Cell, settings: Settings) -> dict[str, Any]:
    """Do a cell and keep its result."""
    began, cpu = time.monotonic(), time.process_time()
    folder = settings.folder(cell)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if settings.steps:
        for recipe in (crossfit.COARSE, crossfit.FINE):
            recipe.steps[settings.effort] = settings.steps
    kinds = {"first": _first, "review": _review, "control": _control, "mirror": _mirror}
    result = {**asdict(cell), **kinds[cell.kind](cell, settings, folder), "settings": _kept_settings(settings),
              "version": code_version(MEASURED_BY), "seconds": round(time.monotonic() - began, 1),
              "cpu_seconds": round(time.process_time() - cpu, 1)}
    at = Path(settings.out) / "cells" / f"{cell.name}.json"
    at.parent.mkdir(parents=True, exist_ok=True)
    at.with_suffix(".draft").write_text(json.dumps(result), encoding="utf-8")
    at.with_suffix(".draft").replace(at)
    return result


def _kept_settings(settings: Settings) -> dict[str, Any]:
    """What a result depends on besides its cell and the code."""
    return {name: getattr(settings, name) for name in ("effort", "steps", "least", "rounds")}


def plot_of(cell: Cell, settings: Settings) -> Plot:
    """The cell's plot, its layers made anew: the same seed makes the same."""
    folder = settings.folder(cell) / "layers"
    made = PLOTS[cell.plot](Path(settings.data) if settings.data else None, folder, cell.seed)
    return shuffled(made, folder / SHUFFLED, cell.seed) if cell.case == SHUFFLED else made


def layers_of(cell: Cell, plot: Plot) -> dict[str, Path]:
    """The layers that the cell starts with."""
    return plot.layers("a" if cell.case == SHUFFLED else cell.case)


def _params(plot: Plot, layers: Layers, settings: Settings, folder: Path, ledger: Path) -> dict[str, Any]:
    return {**plot.params(layers), "effort": settings.effort, "device": settings.device, "ledger": str(ledger),
            "output": str(folder / "fused.tif"), "probability": str(folder / "probability.tif")}


def _first(cell: Cell, settings: Settings, folder: Path) -> dict[str, Any]:
    plot = plot_of(cell, settings)
    jobs.run("loop", _params(plot, layers_of(cell, plot), settings, folder, folder / "loop.gpkg"), Feedback())
    seen = measures.seen_classes(folder / "probability.tif")
    with _clean(plot, settings, folder) as work:
        np.savez_compressed(folder / "seen.npz", seen=seen, truth=measures.true_classes(work.ground))
    return {}


def _clean(plot: Plot, settings: Settings, folder: Path) -> Any:
    """The ground with layers that are true."""
    return open_workplace(from_json(loop.Params, _params(plot, plot.true, settings, folder, folder / "none.gpkg")), "")


def _continued(cell: Cell, settings: Settings, folder: Path) -> Path:
    """A copy of the first round's ledger and model; of its imagery's map, too."""
    assert cell.before is not None
    first = settings.folder(cell.before)
    shutil.copy(first / "loop.gpkg", folder / "loop.gpkg")
    shutil.copytree(first / "loop_models", folder / "loop_models")
    shutil.copy(first / "seen.npz", folder / "seen1.npz")
    return folder / "loop.gpkg"


def _control(cell: Cell, settings: Settings, folder: Path) -> dict[str, Any]:
    """The same rounds of learning, and nobody reviews: so nothing is judged, which takes long and teaches nothing."""
    plot, ledger = plot_of(cell, settings), _continued(cell, settings, folder)
    params, learning = _params(plot, layers_of(cell, plot), settings, folder, ledger), []
    for layer in (*params["map"], *params["field"]):
        layer["settings"] = {**layer["settings"], "may_edit": False}
    for number in range(2, settings.rounds + 1):
        jobs.run("loop", params, Feedback())
        np.savez_compressed(folder / f"seen{number}.npz", seen=measures.seen_classes(folder / "probability.tif"))
        learning.append(_metrics(ledger, "learning"))
    return {"learning": learning}


def _review(cell: Cell, settings: Settings, folder: Path) -> dict[str, Any]:
    """Three rounds: review, push, learn."""
    plot, ledger = plot_of(cell, settings), _continued(cell, settings, folder)
    layers = layers_of(cell, plot)
    errors: list[Any] = []
    fixed: set[str | None] = set()
    pushed: set[str] = set()
    result: dict[str, Any] = {"fixes": [], "decided": [], "learning": [], "errors_at": {}}
    for number in range(1, settings.rounds + 1):
        params = _params(plot, layers, settings, folder, ledger)
        if number > 1:
            jobs.run("loop", params, Feedback())
            np.savez_compressed(folder / f"seen{number}.npz", seen=measures.seen_classes(folder / "probability.tif"))
            result["learning"].append(_metrics(ledger, "learning"))
        job = from_json(loop.Params, {**params, "oracle": plot.oracle, "oracle_error": cell.error, "seed": cell.seed})
        with open_workplace(job, str(ledger)) as work:
            frame = Frame.of(work.ground, plot.block_m)
            true = measures.true_layers(work.ground, plot)
            errors.append(measures.errors_left(work.ground, frame, true))
            if number == 1:
                result |= _orders(ledger, true) | {"injected": _total(errors[0])}
                result["decisions"] = max(settings.least, -(-result["injected"] // settings.rounds))
            items, said = _reviewed(work, job, result["decisions"], number, ledger)
            mended = measures.fixes(items, measures.fresh(true))
            for item, mends, word in zip(items, mended, said, strict=True):
                result["fixes"].append(int(mends and word == "accept" and item.uid not in fixed))
                fixed |= {item.uid} if result["fixes"][-1] else set()
            before = sum(result["decided"])
            result["decided"].append(len(items))
            accepted = {item.uid: before + k for k, item in enumerate(items) if said[k] == "accept"}
            due = [(at, _row(ledger, uid)) for at, uid in _due(ledger, accepted, pushed)]
            for at in {*CHECKED, result["injected"]}:
                if before < at <= before + len(items):
                    some = push([row for when, row in due if when < at], layers, plot.true, folder / "part")
                    result["errors_at"][str(at)] = _errors(plot, some, settings, folder)
            layers = push([row for _, row in due], layers, plot.true, folder / f"round{number}")
            _journal(ledger, layers, [row for _, row in due])
            pushed |= {row["uid"] for _, row in due}
    params = from_json(loop.Params, _params(plot, layers, settings, folder, ledger))
    with open_workplace(params, "") as work:
        true = measures.true_layers(work.ground, plot)
        errors.append(measures.errors_left(work.ground, Frame.of(work.ground, plot.block_m), true))
        mask = measures.reviewed_ground(Ledger.open(ledger), work.ground, true)
        np.savez_compressed(folder / "reviewed.npz", reviewed=mask)
        result["block_side"], result["columns"] = asdict(Frame.of(work.ground, plot.block_m)).values()
        result["background"] = work.ground.legend.background is not None
        result["reliability"] = measures.reliability_errors(
            work, folder / "probability.tif", np.load(folder / "seen1.npz")["truth"], true, str(ledger))
    return {**result, "errors": errors, "layers": list(layers)}


def _reviewed(work: Any, job: loop.Params, count: int, number: int, ledger: Path) -> tuple[list[Any], list[str]]:
    """Let the reviewer decide; the items in order, and what was said of each."""
    from dataclasses import replace

    with Ledger.open(ledger) as opened:
        last = int(opened.read("SELECT max(id) FROM rounds")[0][0])
    loop.simulate(work, replace(job, decisions=count, seed=job.seed + number), last, Feedback())
    with Ledger.open(ledger) as opened:
        items = [item for page in range(1, table.pages(opened) + 1) for item in table.page(opened, page)]
    return items, [item.decision for item in items]


def _due(ledger: Path, accepted: dict[str | None, int], pushed: set[str]) -> list[tuple[int, str]]:
    """What ``geoloop:push`` would write now, as number of the decision and discrepancy, in the order of decisions; what
    was accepted in a round before and waited for a second look, too.
    """
    with Ledger.open(ledger) as opened:
        left_out = Reviewers.of(opened).doubtful() | pushed
        rows = opened.read("SELECT uid, decision, max(id) FROM decisions WHERE uid IS NOT NULL GROUP BY uid"
                           " ORDER BY max(id)")
    return [(accepted.get(row["uid"], 0), row["uid"]) for row in rows
            if row["decision"] == "accept" and row["uid"] not in left_out]


def _journal(ledger: Path, layers: Layers, written: Sequence[dict[str, Any]]) -> None:
    """Tell the ledger what was written, as ``geoloop:push`` does: it is not asked again."""
    lines = [JournalLine(push=str(layers[row["target_layer"]]), uid=row["uid"], target_layer=row["target_layer"],
                         target_source=str(layers[row["target_layer"]]), edit=row["edit"], command=row["kind"],
                         target_key=row["target_key"], state="committed")
             for row in written if row["target_layer"] in layers]
    with Ledger.open(ledger) as opened:
        opened.journal.append(lines)


def _orders(ledger: Path, true: dict[str, Any]) -> dict[str, Any]:
    """What other orders of the first round's candidates would mend: by probability, and at random."""
    with Ledger.open(ledger) as opened:
        mended = measures.fixes(measures.candidates(opened), measures.fresh(true))
    return {"raw": mended[:max(CHECKED)], "random": float(np.mean(mended)) if mended else 0.0,
            "candidates": len(mended)}


def _errors(plot: Plot, layers: Layers, settings: Settings, folder: Path) -> int:
    job = from_json(loop.Params, _params(plot, layers, settings, folder, folder / "none.gpkg"))
    with open_workplace(job, "") as work:
        return sum(one.compared.count for one in measures.true_layers(work.ground, plot).values())


def _total(errors: dict[str, Any]) -> int:
    return sum(sum(one["errors"].values()) for one in errors.values())


def _row(ledger: Path, uid: str) -> dict[str, Any]:
    with Ledger.open(ledger) as opened:
        row = dict(opened.read("SELECT * FROM discrepancies WHERE uid = ?", (uid,))[0])
    wkb = from_blob(row["geom"])
    return {**row, "geometry": None if wkb is None else shapely.from_wkb(wkb)}


def _metrics(ledger: Path, name: str) -> Any:
    with Ledger.open(ledger) as opened:
        return json.loads(opened.read("SELECT metrics_json FROM rounds ORDER BY id DESC LIMIT 1")[0][0]).get(name)


def _mirror(cell: Cell, settings: Settings, folder: Path) -> dict[str, Any]:
    """Errors of the same classes at the same places, in the map (case a) or in the field layer (case b): how many are
    found, of as many flags as there are errors and of flags that are at least even odds.
    """
    plot, map_keys, field_keys = mirrored(plot_of(cell, settings), folder / "mirror", cell.seed)
    name, keys, kind = (MAP, map_keys, "wrong_class") if cell.case == "a" else (FIELD, field_keys, "field_conflict")
    ledger = folder / "loop.gpkg"
    jobs.run("loop", _params(plot, plot.layers(cell.case), settings, folder, ledger), Feedback())
    with Ledger.open(ledger) as opened:
        found = opened.read("SELECT target_key, probability FROM discrepancies WHERE target_layer = ? AND kind = ?"
                            " ORDER BY probability DESC, fid", (name, kind))
    return {"errors": len(keys), "in_top": [int(k in {r[0] for r in found[:len(keys)]}) for k in keys],
            "sure": [int(k in {r[0] for r in found if r[1] >= 0.5}) for k in keys],
            "places": _places(plot, map_keys)}


def _places(plot: Plot, keys: Sequence[str]) -> list[int]:
    """The block of each wrong feature."""
    import geopandas as gpd
    from map_errors import KEY

    layer = gpd.read_file(plot.wrong[MAP])
    middles = {str(k): g.centroid for k, g in zip(layer[KEY], layer.geometry, strict=True)}
    return [int(middles[k].x // plot.block_m) * 100_000 + int(middles[k].y // plot.block_m) for k in keys]
