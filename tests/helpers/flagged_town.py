"""A small town of discrepancies, and a reviewer of them: for ledgers as small or as large as a test wants them."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import shapely

from geoloop.core.ledger import Discrepancy, Ledger, ReliabilityRow, SourceRow
from geoloop.core.ledger import queue as table
from geoloop.core.review import LayerFeatures, make_queue

WEST, SOUTH, SIDE = 500_000.0, 5_600_000.0, 400.0
HOSTILE = 'Häuser <b>&"\'$x_1$ \x07 Ümläute'
KINDS = ("missing", "obsolete", "shifted", "wrong_class")
EDITS = {"missing": "add", "obsolete": "delete", "shifted": "move", "wrong_class": "retag"}


def square(x: float, y: float, side: float = 10.0) -> bytes:
    return bytes(shapely.to_wkb(shapely.box(x, y, x + side, y + side)))


def discrepancies(number: int, count: int, random: np.random.Generator, layer: str = HOSTILE) -> list[Discrepancy]:
    """``count`` discrepancies of a round, at random places; areas, and every tenth a line or a point."""
    found = []
    for at in range(count):
        x, y = WEST + random.random() * (SIDE - 10), SOUTH + random.random() * (SIDE - 10)
        shape = square(x, y)
        if at % 10 == 8:
            shape = bytes(shapely.to_wkb(shapely.LineString([(x, y), (x + 30, y + 8), (x + 40, y)])))
        elif at % 10 == 9:
            shape = struct.pack("<BIdd", 1, 1, x, y)
        kind = KINDS[at % 4]
        found.append(Discrepancy(
            uid=f"r{number}d{at}", source="map", target_layer=layer, kind=kind, edit=EDITS[kind],
            probability=round(float(random.uniform(0.05, 0.99)), 3), proposal=shape,
            before=None if kind == "missing" else shape, target_key=None if kind == "missing" else f"h{number}.{at}",
            signature=None if kind == "missing" else f"s{number}.{at}", area_m2=100.0, class_now="building",
            evidence={"sentence": "Seen."}, licence_flags="ODbL 1.0" if at == 0 else ""))
    return found


def sources(folder: Path, imagery: Path | None = None, layer: str = HOSTILE) -> list[SourceRow]:
    found = [SourceRow("map", layer, f"{folder}/houses.gpkg|layername=houses", key="id", crs="EPSG:32633",
                       settings={"licence": "ODbL 1.0", "may_edit": True, "date": "2025-05-01"})]
    if imagery is not None:
        found.insert(0, SourceRow("imagery", "ortho", str(imagery), settings={"licence": "CC BY 4.0"}))
    return found


def reliability(accuracies: dict[str, dict[str, float]], kinds: dict[str, str]) -> list[ReliabilityRow]:
    return [ReliabilityRow(kinds[layer], layer, name, {name: value, "other": 1 - value}, 120.0, value, value - 0.03,
                           value + 0.03)
            for layer, its in accuracies.items() for name, value in its.items()]


def review(ledger: Ledger, seed: int, size: int = 40) -> None:
    """Make a queue, a third of it at random, and decide it: what is called likely is mostly real."""
    flags = table.flags(ledger)
    keys = [f.key for f in flags if f.key is not None] + [f"quiet {at}" for at in range(100)]
    features = [LayerFeatures(HOSTILE, tuple(keys), ((WEST, SOUTH, WEST + 9, SOUTH + 9),) * len(keys))]
    make_queue(ledger, features, size=size, audit_share=0.34, seed=seed)
    random = np.random.default_rng(seed)
    probability = {f.uid: f.probability for f in flags}
    for item in table.rows(ledger):
        real = random.random() < probability.get(item.uid or "", 0.05)
        table.decide(ledger, [item.rank], "accept" if real else "reject", reviewer="Zoë <script>", seconds=8.0)
