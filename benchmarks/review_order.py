"""Is the order of review worth it? Fixes per reviewed item against a random order and against the raw probability.

    ./dev.sh benchmark review_order [--seeds 3] [--quick]

A simulated ledger of 4,000 discrepancies, 35 % of them real, of four kinds in two layers over four regions. The
probability shown orders each kind well; what it means differs from kind to kind and from region to region, as it does
where a layer is systematically wrong: in one scene so much that the raw probability does as well as it did in the first
experiment (.71 at 300), in another half as much, in a third not at all. The queue is made
anew after every 50 decisions, its random audit included; the reviewer is always right. Last line: one JSON object.
"""

from __future__ import annotations

import argparse
import json
import struct
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / ".dev"))

import numpy as np
from numpy.typing import NDArray

from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round, SourceRow
from geoloop.core.ledger import queue as table
from geoloop.core.review import LayerFeatures, Worth, error_rates, make_queue

KINDS = ("missing", "obsolete", "wrong_class", "shifted")
LAYERS = ("buildings", "landuse")
KIND_BIAS, REGION_BIAS = (1.8, -2.2, 0.8, -1.0), (1.0, -1.4, 0.6, -0.2)
"""How far, in log odds, the truth lies from the probability shown where it is far off."""
SCENES = {"far off": (1.0, 1.3), "off": (0.5, 1.0), "right": (0.0, 1.0)}
"""By name: the share of that bias, and the spread of the evidence in log odds."""
ORDERS = ("random", "raw probability", "queue", "queue, one item a page", "queue, its audit left out")
PREVALENCE, FLAGS, UNFLAGGED = 0.35, 4000, 6000
AT, BATCH = (100, 300, 800), 50
SIDE_M, PAGE_M, ALONE_M = 4000.0, 150.0, 1e-6
LOOK_S, PAN_S = 8.0, 3.0
"""Seconds that an item takes, and how many of them go by on the way to the next place; assumed."""
EQUAL = Worth(kinds=dict.fromkeys(KINDS, 1.0))


@dataclass(frozen=True)
class Scene:
    """The truth (n,), the probability shown (n,), kinds, layers and places (n, 2) of a simulated ledger."""

    real: NDArray[np.bool_]
    shown: NDArray[np.float64]
    kind: NDArray[np.int64]
    layer: NDArray[np.int64]
    place: NDArray[np.float64]


@dataclass(frozen=True)
class Reviewed:
    """Of each item in order (n,): whether it was a fix, whether the audit drew it; per layer the errors of its rate, by
    the audit and by taking the reviewed items for the layer.
    """

    fixes: NDArray[np.bool_]
    audited: NDArray[np.bool_]
    items_a_page: float
    rate_errors: list[list[float]]


def simulate(seed: int, bias: float, signal: float, count: int = FLAGS) -> Scene:
    """Draw a scene; its places lie in clusters, as settlements do."""
    random = np.random.default_rng(seed)
    kind, layer = random.integers(0, len(KINDS), count), random.integers(0, len(LAYERS), count)
    centres = random.uniform(0, SIDE_M, (count // 20, 2))
    place = np.clip(centres[random.integers(0, len(centres), count)] + random.normal(0, 60, (count, 2)), 0, SIDE_M - 1)
    region = (place[:, 0] > SIDE_M / 2) + 2 * (place[:, 1] > SIDE_M / 2)
    evidence = random.normal(0, signal, count)
    truth = evidence + bias * (np.array(KIND_BIAS)[kind] + np.array(REGION_BIAS)[region])
    low, high = -10.0, 10.0
    while high - low > 1e-6:  # the level at which the prevalence comes out
        level = (low + high) / 2
        low, high = (level, high) if _odds(truth + level).mean() < PREVALENCE else (low, level)
    return Scene(random.random(count) < _odds(truth + low), np.clip(_odds(evidence + low), 0.05, 0.99), kind, layer,
                 place)


def _odds(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-x)))


def write(scene: Scene, folder: Path) -> tuple[Ledger, list[LayerFeatures]]:
    """Write the scene as a ledger; return it, and all features of its layers, flagged or not."""
    ledger = Ledger.create(folder / "loop.gpkg", Crs("a plane", "", 0, 'LOCAL_CS["a plane",UNIT["metre",1]]'))
    flags = [Discrepancy(
        uid=f"d{at}", source="map", target_layer=LAYERS[scene.layer[at]], kind=KINDS[scene.kind[at]], edit="flag",
        probability=float(scene.shown[at]), proposal=struct.pack("<BIdd", 1, 1, *scene.place[at]),
        target_key=f"f{at}", signature=f"s{at}") for at in range(len(scene.real))]
    ledger.add_round(Round("flag", 0, {}), [SourceRow("map", name, f"{name}.gpkg") for name in LAYERS], (), flags)
    frames = []
    for number, name in enumerate(LAYERS):
        own = np.flatnonzero(scene.layer == number).tolist()
        keys = [f"f{at}" for at in own] + [f"u{at}" for at in range(UNFLAGGED // len(LAYERS))]
        frames.append(LayerFeatures(name, tuple(keys), ((0.0, 0.0, 1.0, 1.0),) * len(keys)))
    return ledger, frames


def review(scene: Scene, seed: int, page_m: float, decisions: int = max(AT)) -> Reviewed:
    """Review by the queue, right every time."""
    fixes: list[bool] = []
    audited: list[bool] = []
    pages = 0
    with tempfile.TemporaryDirectory() as folder:
        ledger, frames = write(scene, Path(folder))
        with ledger:
            while len(fixes) < decisions:
                make_queue(ledger, frames, size=BATCH, audit_share=0.1, seed=seed, worth=EQUAL, page_m=page_m)
                pages += table.pages(ledger)
                items = table.rows(ledger)
                real = [item.uid is not None and bool(scene.real[int(item.uid[1:])]) for item in items]
                for word, its in (("accept", True), ("reject", False)):
                    table.decide(ledger, [i.rank for i, r in zip(items, real, strict=True) if r is its], word)
                fixes += real
                audited += [item.drawn_as == "audit" for item in items]
            rates = {r.layer: r.rate for r in error_rates(ledger) if r.thing == "feature" and not r.kind}
    errors = []
    for number, name in enumerate(LAYERS):
        own = scene.layer == number
        true = float(scene.real[own].sum() / (own.sum() + UNFLAGGED / len(LAYERS)))
        errors.append([rates[name] - true, float(np.mean(fixes)) - true])
    return Reviewed(np.array(fixes), np.array(audited), len(fixes) / pages, errors)


def measure(bias: float, signal: float, seeds: int) -> dict[str, list[list[float]]]:
    """The share of fixes at each of :data:`AT`, by order of review, and rates' errors, one row a seed."""
    rows: dict[str, list[list[float]]] = {}
    for seed in range(seeds):
        scene = simulate(seed, bias, signal)
        paged, alone = review(scene, seed, PAGE_M), review(scene, seed, ALONE_M)
        orders = {
            "random": np.random.default_rng(seed).permutation(scene.real),
            "raw probability": scene.real[np.argsort(-scene.shown, kind="stable")],
            "queue": paged.fixes, "queue, one item a page": alone.fixes,
            "queue, its audit left out": paged.fixes[~paged.audited]}
        for name, found in orders.items():
            rows.setdefault(name, []).append([float(np.mean(found[:at])) for at in AT])
        for name, one in (("pages", paged), ("alone", alone)):
            seconds = LOOK_S - PAN_S * (1 - 1 / one.items_a_page)
            rows.setdefault(name, []).append([one.items_a_page, 60 * float(np.mean(one.fixes[:300])) / seconds])
        rows.setdefault("rates", []).extend(paged.rate_errors)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args()
    seeds, scenes = (1, list(SCENES)[:1]) if args.quick else (args.seeds, list(SCENES))
    began = time.perf_counter()
    result: dict[str, object] = {}
    for name in scenes:
        rows = measure(*SCENES[name], seeds)
        print(f"\n{f'probabilities {name}':<28}" + "".join(f"{f'at {at}':>9}" for at in AT))
        orders = {order: np.mean(rows[order], axis=0).round(3).tolist() for order in ORDERS}
        for order, shares in orders.items():
            print(f"{order:<28}" + "".join(f"{share:>9.2f}" for share in shares))
        a_page, a_minute = np.mean(rows["pages"], axis=0)
        _, one_by_one = np.mean(rows["alone"], axis=0)
        audit, naive = np.sqrt(np.mean(np.square(rows["rates"]), axis=0))
        print(f"items a page {a_page:.1f}: {a_minute:.1f} fixes a minute at 300 instead of {one_by_one:.1f}; error of "
              f"a layer's rate (RMSE): audit {audit:.3f}, reviewed items taken for the layer {naive:.3f}")
        result[name] = {"fixes_per_item": orders, "items_a_page": round(float(a_page), 2),
                        "fixes_a_minute": [round(float(a_minute), 2), round(float(one_by_one), 2)],
                        "rate_rmse": round(float(audit), 4), "naive_rmse": round(float(naive), 4)}
    print(json.dumps({"benchmark": "review_order", "at": AT, "seeds": seeds, "scenes": result,
                      "seconds": round(time.perf_counter() - began, 1)}))


if __name__ == "__main__":
    main()
