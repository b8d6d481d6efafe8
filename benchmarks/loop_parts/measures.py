"""What is measured of a round: errors left in each layer, the imagery's map beside the truth, fixes a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window
from scipy import ndimage

from geoloop.core.feedback import Feedback
from geoloop.core.fusion.evidence import open_evidence
from geoloop.core.fusion.ground import Ground
from geoloop.core.fusion.weigh import weigh
from geoloop.core.jobs.inputs import VectorInput
from geoloop.core.jobs.record import reviewed
from geoloop.core.ledger import Ledger
from geoloop.core.ledger import queue as table
from geoloop.core.ledger.geopackage import from_blob
from geoloop.core.ledger.queue import PageItem
from geoloop.core.review.open_flags import standing
from geoloop.core.review.oracle import Oracle, TrueLayer

from .plots import Plot

UNKNOWN = 255
FEWEST_PIXELS, FEWEST_POINTS = 500, 5
BUFFER_M, BUFFER_PX = 10.0, 3
"""Ground around reviewed places that is not measured: twice what a fit leaves out around a fold."""
Blocks = dict[str, Any]


@dataclass(frozen=True)
class Frame:
    """Square blocks of ``side`` grid pixels."""

    side: int
    columns: int

    @classmethod
    def of(cls, ground: Ground, block_m: float) -> Frame:
        side = max(round(block_m / ground.grid.pixel_m), 1)
        return cls(side, ground.grid.width // side + 1)

    def at(self, xy: NDArray[np.float64]) -> NDArray[np.int64]:
        """The block of points (n, 2) in pixels."""
        column, row = np.floor(np.asarray(xy).reshape(-1, 2) / self.side).astype(np.int64).T
        return np.asarray(row * self.columns + column)

    def pixels(self, shape: tuple[int, int]) -> NDArray[np.int64]:
        """The block of every pixel."""
        rows, columns = (np.arange(n) // self.side for n in shape)
        return np.asarray(rows[:, None] * self.columns + columns[None])


def true_layers(ground: Ground, plot: Plot) -> dict[str, TrueLayer]:
    """Each judged layer beside what is true of it, as the simulated reviewer has it."""
    from geoloop.core.jobs.loop import true_layers as of

    return of(ground, [VectorInput(**one) for one in plot.oracle])


def errors_left(ground: Ground, frame: Frame, layers: dict[str, TrueLayer]) -> dict[str, Blocks]:
    """By layer: errors and true features by block."""
    found = {}
    for name, one in layers.items():
        shapes = [*one.compared.now[one.compared.error > 0], *one.compared.true[one.compared.missing]]
        found[name] = {"errors": _counted(ground, frame, np.array(shapes or [None], dtype=object)[:len(shapes)]),
                       "features": _counted(ground, frame, one.compared.true)}
    return found


def _counted(ground: Ground, frame: Frame, shapes: NDArray[np.object_]) -> dict[str, int]:
    if not len(shapes):
        return {}
    middles = shapely.get_coordinates(shapely.centroid(ground.grid.to_pixels(shapes)))
    return {str(block): count for block, count in Counter(frame.at(middles).tolist()).items()}


def seen_classes(probability: Path) -> NDArray[np.uint8]:
    """The class that the imagery alone shows at every pixel; ``UNKNOWN`` where nothing is seen."""
    with rasterio.open(probability) as raster:
        bands = [n for n, text in enumerate(raster.descriptions, 1) if text.startswith("imagery: ")]
        chances = raster.read(bands)
    seen = ~np.isnan(chances[0])
    return np.where(seen, np.nan_to_num(chances).argmax(axis=0), UNKNOWN).astype(np.uint8)


def true_classes(ground: Ground, layer: int = 0) -> NDArray[np.uint8]:
    """The class of every pixel by a ground whose map is true; ``UNKNOWN`` where it says nothing."""
    said = ground.maps[layer].read(Window(0, 0, ground.grid.width, ground.grid.height)).mix
    return np.where(said.sum(axis=0) > 0.5, said.argmax(axis=0), UNKNOWN).astype(np.uint8)


def agreement(seen: NDArray[np.uint8], truth: NDArray[np.uint8], left_out: NDArray[np.bool_], frame: Frame,
              background: bool) -> Blocks:
    """By block: right pixels and all; with a background the intersection and the union of what is none."""
    known = (seen != UNKNOWN) & (truth != UNKNOWN) & ~left_out
    if background:
        ours, theirs = (seen != 0) & known, (truth != 0) & known
        good, every = ours & theirs & (seen == truth), ours | theirs
    else:
        good, every = known & (seen == truth), known
    block = frame.pixels(seen.shape)
    counts = [np.bincount(block.ravel(), mask.ravel()) for mask in (good, every)]
    return {str(b): [int(g), int(n)] for b, (g, n) in enumerate(zip(*counts, strict=True)) if n}


def reviewed_ground(ledger: Ledger, ground: Ground, layers: dict[str, TrueLayer]) -> NDArray[np.bool_]:
    """Pixels at or near any place that was decided."""
    rows = ledger.read("SELECT d.geom, b.geom AS before_geom FROM decisions e JOIN discrepancies d ON d.uid = e.uid"
                       " LEFT JOIN before b ON b.uid = d.uid")
    shapes = [shapely.from_wkb(wkb) for row in rows for blob in row if (wkb := from_blob(blob)) is not None]
    for row in ledger.read("SELECT layer, key FROM decisions WHERE uid IS NULL"):
        one = layers.get(row["layer"])
        at = [] if one is None else np.flatnonzero(one.layer.keys == row["key"])
        shapes += [one.layer.geometries[k] for k in at] if one is not None else []
    mask = np.zeros(ground.grid.shape, bool)
    if shapes:
        from rasterio.features import rasterize

        pixels = ground.grid.to_pixels(np.array(shapes, dtype=object))
        mask = rasterize([(s, 1) for s in pixels], out_shape=mask.shape, all_touched=True, dtype="uint8").astype(bool)
    reach = max(BUFFER_PX, round(BUFFER_M / ground.grid.pixel_m))
    return np.asarray(ndimage.distance_transform_edt(~mask) <= reach) if mask.any() else mask


def reliability_errors(work: Any, probability: Path, truth: NDArray[np.uint8], layers: dict[str, TrueLayer],
                       ledger: str) -> dict[str, float]:
    """By source: how far its accuracy, class by class, is estimated off (root of the mean square), from all decisions
    and the newest map of the imagery. The accuracy of a class: the share of its ground, of a field layer of its points,
    that the source calls so; classes of less than ``FEWEST_PIXELS`` pixels or ``FEWEST_POINTS`` points are left out.
    """
    ground = work.ground
    with open_evidence(probability, ground) as evidence:
        found = weigh(ground, evidence, 0, Feedback(), reviewed(ledger, ground))
    seen = seen_classes(probability)
    result = {"imagery": _off(found.imagery.matrix, *_crossed(seen, truth), FEWEST_PIXELS)}
    for layer, confusion in zip(ground.layers, found.sources, strict=True):
        one = layers[layer.name]
        if layer.features.kind == "field":
            pair = one.compared.twin >= 0
            said, true = one.label[pair], one.true_label[one.compared.twin[pair]]
            result[layer.name] = _off(confusion.matrix, said, true, FEWEST_POINTS)
        else:
            whole = layer.read(Window(0, 0, ground.grid.width, ground.grid.height)).mix
            said = np.where(whole.sum(axis=0) > 0.5, whole.argmax(axis=0), UNKNOWN).astype(np.uint8)
            result[layer.name] = _off(confusion.matrix, *_crossed(said, truth), FEWEST_PIXELS)
    return result


def _crossed(said: NDArray[np.uint8], truth: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    known = (said != UNKNOWN) & (truth != UNKNOWN)
    return said[known], truth[known]


def _off(matrix: NDArray[np.float64], said: NDArray[Any], true: NDArray[Any], fewest: int) -> float:
    classes = [c for c in range(len(matrix)) if (true == c).sum() >= fewest]
    wrong = [matrix[c, c] - (said[true == c] == c).mean() for c in classes]
    return float(np.sqrt(np.mean(np.square(wrong)))) if classes else float("nan")


def candidates(ledger: Ledger) -> list[PageItem]:
    """All that could be reviewed now, the most probable first."""
    flags, decisions = table.flags(ledger), table.decisions(ledger)
    due = standing(flags, decisions).due
    rows = {row["uid"]: row for row in ledger.read(
        "SELECT d.*, b.geom AS before_geom FROM discrepancies d LEFT JOIN before b ON b.uid = d.uid")}
    ordered = sorted((f for f, d in zip(flags, due, strict=True) if d), key=lambda f: (-f.probability, f.fid))
    return [_item(rows[f.uid]) for f in ordered]


def _item(row: Any) -> PageItem:
    import json

    return PageItem(
        rank=0, page=0, layer=row["target_layer"], key=row["target_key"], uid=row["uid"], box=None, kind=row["kind"],
        edit=row["edit"], class_now=row["class_now"], class_proposed=row["class_proposed"],
        probability=row["probability"], proposal=from_blob(row["geom"]), before=from_blob(row["before_geom"]),
        before_values=json.loads(row["before_json"] or "{}"), after_values=json.loads(row["after_json"] or "{}"),
        evidence=json.loads(row["evidence_json"] or "{}"))


def fixes(items: Sequence[PageItem], layers: dict[str, TrueLayer]) -> list[int]:
    """Which items, in this order, a reviewer who is always right would mend a layer by; a lesson for the imagery mends
    none, nor does an audited feature of which nothing is flagged.
    """
    oracle = Oracle(fresh(layers), 0.0, 0)
    said = [oracle.says(item) for item in items]
    return [int(word == "accept" and item.uid is not None and item.edit != "label_patch")
            for item, word in zip(items, said, strict=True)]


def fresh(layers: dict[str, TrueLayer]) -> dict[str, TrueLayer]:
    """The same layers, of which nothing missing was found yet."""
    from dataclasses import replace

    return {name: replace(one, found=set()) for name, one in layers.items()}
