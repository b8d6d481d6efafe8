"""Obsolete lines: a road of the map along which the ground shows none, judged piece by piece.

A line has support where the imagery shows its class within the line's position accuracy to either side. What a line
without a road under it looks like is learnt from the layer's own lines, turned and put where it is silent.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from ..feedback import Feedback
from ..fusion.evidence import Evidence
from ..fusion.ground import Ground, dominant
from ..ledger import Discrepancy
from ..sources.statements import Statements
from .finding import dated, on_feature
from .injection import silent_shapes
from .mixture import share_of_known
from .obsolete import hear_others
from .odds import log_odds
from .pooling import Pooled, blocks
from .sentences import says, told

ACCURACY_M, STEP_PX, STRETCH_M = 5.0, 2.0, 20.0
PRIOR_SHARE, SHAPES_MAX = 0.05, 2000


def find(ground: Ground, layer: Statements, evidence: Evidence, pooled: Pooled, number: int, seed: int, least: float,
         feedback: Feedback) -> list[Discrepancy]:
    """Return the lines of a map layer that may be obsolete, with a probability of at least ``least``. ``pooled`` holds
    what other layers say along them.
    """
    label = np.asarray(dominant(layer.mix))
    lines = layer.lines
    if layer.background is None or not lines.any():
        return []
    quiet = int(layer.background.argmax())
    shapes, grid = ground.grid.to_pixels(layer.features.geometries), ground.grid
    accuracy = np.nan_to_num(layer.features.accuracy_m, nan=ACCURACY_M)
    chance = np.zeros(len(shapes))
    support = np.full((len(shapes), 3), np.nan)
    for c in np.unique(label[lines & (label >= 0) & (label != quiet)]):
        rows = np.flatnonzero(lines & (label == c) & pooled.seen())
        if not len(rows):
            continue
        reach = max(float(np.median(accuracy[rows])) / grid.pixel_m, 1.0)
        stretch = STRETCH_M / grid.pixel_m
        support[rows] = along(evidence, shapes[rows], int(c), reach, stretch, feedback)
        rng = np.random.default_rng([seed, 7])
        fakes, _ = silent_shapes(shapes, rng.permutation(rows)[:SHAPES_MAX], rows,
                                 shapely.box(0, 0, grid.width, grid.height), grid.pixel_m, rng)
        nothing = along(evidence, fakes, int(c), reach, stretch, feedback)
        known, asked = ~np.isnan(nothing[:, 0]), ~np.isnan(support[rows, 0])
        chance[rows[asked]] = share_of_known(
            log_odds(nothing[known]), log_odds(support[rows[asked]]), prior_share=PRIOR_SHARE,
            plain=1 - support[rows[asked], 0])
    chance = hear_others(chance, pooled, label)
    return [on_feature(
        ground, layer, int(row), kind="obsolete", edit="delete", probability=chance[row], number=number,
        surprise=-np.log(max(float(support[row, 0]), 1e-4)), class_now=ground.legend.names[label[row]], evidence={
            **told(says("Along the line the imagery shows {name} with {here} probability; {share} of its length has "
                        "support, and the weakest {stretch} m have {weakest}.", name=ground.legend.names[label[row]],
                        here=f"{support[row, 0]:.0%}", share=f"{support[row, 2]:.0%}", stretch=f"{STRETCH_M:.0f}",
                        weakest=f"{support[row, 1]:.0%}")),
            "probability_along": round(float(support[row, 0]), 3), "weakest": round(float(support[row, 1]), 3),
            "supported_share": round(float(support[row, 2]), 3), "visible": round(float(pooled.visible[row]), 3),
            **dated(layer, int(row))})
        for row in np.flatnonzero(lines & (chance >= least) & ~layer.features.evidence_only)]


def along(evidence: Evidence, lines: NDArray[np.object_], c: int, reach: float, stretch: float, feedback: Feedback
          ) -> NDArray[np.float64]:
    """Return, for lines in pixels, (n, 3): the mean of the best probability of class ``c`` within ``reach`` pixels of
    each place along the line, that of its weakest piece ``stretch`` pixels long, and the share of the line where it is
    at least a half; NaN where nothing is seen.
    """
    result = np.full((len(lines), 3), np.nan)
    size = 2 * int(np.ceil(reach)) + 1
    for window, rows in blocks(lines, evidence.grid, size):
        feedback.check()
        p = evidence.read(window)[c]
        best = ndimage.maximum_filter(np.where(np.isnan(p), -1.0, p), size=size)
        for row in rows:
            line = lines[row]
            steps = np.arange(0, line.length + STEP_PX / 2, STEP_PX)
            xy = shapely.get_coordinates(shapely.line_interpolate_point(
                line if isinstance(line, shapely.LineString) else shapely.line_merge(line), steps))
            at = np.floor(xy - [window.col_off, window.row_off]).astype(int)
            held = ((at >= 0) & (at < [p.shape[1], p.shape[0]])).all(axis=1)
            values = best[at[held, 1], at[held, 0]]
            values = values[values >= 0]
            if len(values) < max(2, 0.5 * len(steps)):
                continue
            width = max(1, min(round(stretch / STEP_PX), len(values)))
            running = np.convolve(values, np.ones(width) / width, mode="valid")
            result[row] = values.mean(), running.min(), (values >= 0.5).mean()
    return result

