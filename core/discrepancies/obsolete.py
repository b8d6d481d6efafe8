"""Obsolete: a feature whose class the ground does not show.

Only where the silence of a map says something (the legend has a background). What a feature of the class looks like
when nothing stands there is learnt from the layer's own shapes, turned and put where the map is silent, near other
features.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import affinity

from ..feedback import Feedback
from ..fusion.evidence import Evidence
from ..fusion.ground import Ground, dominant
from ..ledger import Discrepancy
from ..sources.statements import Statements
from .finding import log_odds, on_feature
from .mixture import share_of_known
from .pooling import Pooled, pool

PRIOR_SHARE = 0.06
NEAR_M = 40.0
SHAPES_MAX = 4000
TRIES = 60


def find(ground: Ground, layer: Statements, evidence: Evidence, pooled: Pooled, number: int, seed: int,
         least: float, feedback: Feedback) -> list[Discrepancy]:
    """Return the features of a map layer that may be obsolete, with a probability of at least ``least``. ``pooled``
    is the evidence at the layer's features.
    """
    if layer.background is None:
        return []
    quiet = int(layer.background.argmax())
    label = dominant(layer.mix)
    judged = pooled.seen() & (label >= 0) & (label != quiet)
    found: list[Discrepancy] = []
    for c in np.unique(label[judged]):
        rows = np.flatnonzero(judged & (label == c))
        fakes = silent_shapes(ground, layer, rows, seed)
        nothing = pool(evidence, fakes, (), feedback)
        nothing_x = _looks(nothing, int(c))[nothing.seen()]
        x = _looks(pooled, int(c))[rows]
        p = share_of_known(nothing_x, x, prior_share=PRIOR_SHARE, plain=1 - pooled.best[rows, c])
        p = _hear_others(p, pooled, rows, int(c))
        for row, chance in zip(rows, p, strict=True):
            if layer.features.locked[row] or chance < least:
                continue
            inside, visible = pooled.inside[row, c], pooled.visible[row]
            name = ground.legend.names[c]
            found.append(on_feature(
                ground, layer, int(row), kind="obsolete", edit="delete", probability=chance,
                surprise=-np.log(max(inside, 1e-4)), number=number, class_now=name,
                class_proposed=None, evidence={
                    "sentence": f"The imagery shows {name} on {inside:.0%} of the outline, {visible:.0%} of which is "
                                f"visible; {pooled.best[row, c]:.0%} at the best place within a few metres.",
                    "probability_inside": round(float(inside), 3),
                    "probability_around": round(float(pooled.ring[row, c]), 3),
                    "probability_best_nearby": round(float(pooled.best[row, c]), 3),
                    "visible": round(float(visible), 3)}))
    return found


def silent_shapes(ground: Ground, layer: Statements, rows: NDArray[np.intp], seed: int) -> NDArray[np.object_]:
    """Shapes of the given features, turned at random and put where the layer is silent, within ``NEAR_M`` of a random
    feature, in pixels. Shapes that fit nowhere are left out.
    """
    rng = np.random.default_rng([seed, 1])
    grid = ground.grid
    reach = NEAR_M / grid.pixel_m
    tree = shapely.STRtree(shapely.buffer(layer.support, 1.0 / grid.pixel_m))
    wanted = rng.permutation(rows)[:SHAPES_MAX]
    turned = np.array([affinity.rotate(layer.support[r], rng.uniform(0, 360), origin="centroid") for r in wanted])
    middle = shapely.get_coordinates(shapely.centroid(turned)).reshape(-1, 2)
    extent = shapely.box(0, 0, grid.width, grid.height)
    placed: list[shapely.Geometry] = []
    waiting = np.arange(len(turned))
    for _ in range(TRIES):
        if not len(waiting):
            break
        anchor = layer.centres[rng.choice(rows, len(waiting))]
        shift = anchor + rng.uniform(-reach, reach, anchor.shape) - middle[waiting]
        moved = np.array([affinity.translate(turned[i], *s) for i, s in zip(waiting, shift, strict=True)])
        busy = np.zeros(len(moved), bool)
        busy[tree.query(moved, predicate="intersects")[0]] = True
        free = ~busy & shapely.contains_properly(extent, moved)
        placed += list(moved[free])
        waiting = waiting[~free]
    return np.array(placed, dtype=object)


def _looks(pooled: Pooled, c: int) -> NDArray[np.float64]:
    """What the evidence is judged by: log odds inside, at the best place nearby, and around."""
    return np.stack([log_odds(pooled.inside[:, c]), log_odds(pooled.best[:, c]), log_odds(pooled.ring[:, c])], axis=1)


def _hear_others(p: NDArray[np.float64], pooled: Pooled, rows: NDArray[np.intp], c: int) -> NDArray[np.float64]:
    """Let the other layers speak: each one that says something here multiplies the odds, at 9 to 1 for a clear word."""
    odds = p / np.maximum(1 - p, 1e-6)
    for said in pooled.said:
        spoken = said[rows].sum(axis=1) > 0
        against = np.where(spoken, 0.1 + 0.8 * (1 - said[rows, c]), 0.5)
        odds = odds * against / (1 - against)
    return odds / (1 + odds)
