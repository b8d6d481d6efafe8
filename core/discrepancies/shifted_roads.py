"""Shifted lines: a road of the map that runs beside the one that the ground shows, by more than its neighbours do.

Every line is tried at all shifts within reach: how probable its class is along it there, what other lines explain left
out. Lines say nothing of a shift along themselves, so of places that are as good the nearest is taken; where their
neighbours lie is told by all of them together, whatever their directions. What a line beside its road looks like is
learnt from the layer's own lines, moved sideways.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

from ..alignment.surfaces import translated
from ..feedback import Feedback
from ..fusion.evidence import Evidence
from ..fusion.ground import Ground, dominant
from ..ledger import Discrepancy
from ..sources.statements import Statements
from .finding import dated, on_feature
from .mixture import share_of_known
from .odds import from_odds, log_odds
from .pooling import Pooled, blocks, box_of, covering
from .sentences import Said, says, told
from .shifted import towards

REACH_M, STEP_M, SMOOTH_M = 10.0, 0.5, 1.5
PLACES_MAX = 200
"""A line is looked at in at most so many places."""
LEAST_M, LEAST_PX = 2.0, 2.0
"""Closer than this to its neighbours' place a line is not called shifted."""
PENALTY, PENALTY_M = 0.05, 6.0
"""A place this far from the neighbours' must show the line with ``PENALTY`` / 2 more probability to be preferred."""
NEIGHBOURS, COMMON_GAIN = 30, 0.03
"""So many lines tell where their neighbourhood lies; it lies off only if they fit so much better there."""
CLEAR = 0.2
"""A move is proposed where the line fits better by so much probability; elsewhere a person must say where to."""
MOVED_M = (4.0, 9.0)
PRIOR_SHARE, EXAMPLES_MAX = 0.05, 2000


def find(ground: Ground, layer: Statements, evidence: Evidence, pooled: Pooled, number: int, seed: int, least: float,
         feedback: Feedback) -> list[Discrepancy]:
    """Return the lines of a map layer that may be shifted, with a probability of at least ``least``; none where the
    imagery looks aslant.
    """
    label = np.asarray(dominant(layer.mix))
    lines = layer.lines
    if layer.background is None or layer.features.settings.off_nadir or not lines.any():
        return []
    quiet, grid = int(layer.background.argmax()), ground.grid
    shapes = grid.to_pixels(layer.features.geometries)
    found: list[Discrepancy] = []
    for c in np.unique(label[lines & (label >= 0) & (label != quiet)]):
        rows = np.flatnonzero(lines & (label == c) & pooled.seen())
        if not len(rows):
            continue
        offsets, tried = surfaces(evidence, shapes[rows], rows, layer.support, int(c), feedback)
        shared = _shared(shapes[rows], tried, offsets)
        looks, shift = _looks(tried, offsets, shared, grid.pixel_m)
        rng = np.random.default_rng([seed, 11])
        some = rng.permutation(len(rows))[:EXAMPLES_MAX]
        _, beside = surfaces(evidence, translated(shapes[rows[some]], _sideways(shapes[rows[some]], grid.pixel_m, rng)),
                             rows[some], layer.support, int(c), feedback)
        known, _ = _looks(beside, offsets, shared[some], grid.pixel_m)
        far = np.hypot(*(shift - shared).T) * grid.pixel_m
        asked = np.flatnonzero(~np.isnan(looks[:, 0]))
        chance = np.zeros(len(rows))
        chance[asked] = share_of_known(known[~np.isnan(known[:, 0])], looks[asked], prior_share=PRIOR_SHARE,
                                       plain=_plain(looks[asked]))
        chance[far < max(LEAST_M, LEAST_PX * grid.pixel_m)] = 0.0
        found += _told(ground, layer, rows, chance, shift, looks, pooled, number, least)
    return found


def rather(gone: Sequence[Discrepancy], beside: Sequence[Discrepancy]) -> list[Discrepancy]:
    """Return obsolete lines of which those that may run ``beside`` their place are the less probable for it."""
    chance = {d.cause: d.probability for d in beside}
    return [replace(d, probability=round(d.probability * (1 - chance.get(d.cause, 0.0)), 4)) for d in gone]


def surfaces(evidence: Evidence, lines: NDArray[np.object_], rows: NDArray[np.intp], supports: NDArray[np.object_],
             c: int, feedback: Feedback) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return shifts (m, 2) in pixels, columns then rows, none of them first, and the mean probability of class ``c``
    along ``lines`` (n,), pixels, at each of them (n, m); NaN for lines less than half of which are seen. What other
    features than a line's own (``rows`` (n,) of ``supports``, pixels) cover counts as not of the class.
    """
    pixel = evidence.grid.pixel_m
    reach, step = int(np.ceil(REACH_M / pixel)), max(1, round(STEP_M / pixel))
    one = np.arange(-(reach // step), reach // step + 1) * step
    right, down = (v.ravel() for v in np.meshgrid(one, one))
    near = np.argsort(np.hypot(right, down), kind="stable")
    near = near[np.hypot(right, down)[near] <= reach]
    right, down = right[near], down[near]
    result = np.full((len(lines), len(right)), np.nan)
    tree, margin = shapely.STRtree(supports), reach + 2
    for window, here in blocks(lines, evidence.grid, margin):
        feedback.check()
        p = evidence.read(window)[c]
        near = np.sort(tree.query(box_of(window)))
        ids = covering(supports[near], near, window)
        smooth = ndimage.gaussian_filter(np.nan_to_num(p), SMOOTH_M / pixel)
        for row in here:
            at = np.floor(_places(lines[row]) - [window.col_off, window.row_off]).astype(int)
            inner = ((at >= margin) & (at < [p.shape[1] - margin, p.shape[0] - margin])).all(axis=1)
            lit = at[inner][~np.isnan(p[at[inner, 1], at[inner, 0]])]
            if len(lit) < max(2, 0.5 * len(at)):
                continue
            y, x = lit[:, 1, None] + down, lit[:, 0, None] + right
            free = (ids[y, x] < 0) | (ids[y, x] == rows[row])
            result[row] = (smooth[y, x] * free).mean(axis=0)
    return np.stack([right, down], axis=1).astype(np.float64), result


def _places(line: shapely.Geometry) -> NDArray[np.float64]:
    """Places (n, 2) along a line, evenly spaced."""
    whole = line if isinstance(line, shapely.LineString) else shapely.line_merge(line)
    count = int(np.clip(line.length / 2, 4, PLACES_MAX))
    return np.asarray(shapely.get_coordinates(
        shapely.line_interpolate_point(whole, (np.arange(count) + 0.5) / count, normalized=True)))


def _shared(lines: NDArray[np.object_], tried: NDArray[np.float64], offsets: NDArray[np.float64]
            ) -> NDArray[np.float64]:
    """Where the neighbourhood of each line lies (n, 2), in pixels: the shift that suits all of it best, if clearly."""
    middle = shapely.get_coordinates(shapely.centroid(lines)).reshape(-1, 2)
    near = cKDTree(middle).query(middle, k=np.arange(1, min(NEIGHBOURS, len(lines)) + 1))[1]
    length = shapely.length(lines) * ~np.isnan(tried[:, 0])
    result = np.zeros((len(lines), 2))
    for row, group in enumerate(near):
        total = max(float(length[group].sum()), 1e-9)
        mean = (length[group, None] * np.nan_to_num(tried[group])).sum(axis=0) / total
        best = int(mean.argmax())
        if len(group) > 2 and mean[best] - mean[0] >= COMMON_GAIN:
            result[row] = offsets[best]
    return result


def _looks(tried: NDArray[np.float64], offsets: NDArray[np.float64], shared: NDArray[np.float64], pixel: float
           ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What lines look like (n, 4): the gain in probability of the best place over the neighbours', log odds at both,
    metres between; and the best shift (n, 2) in pixels.
    """
    away = np.hypot(*(offsets[None] - shared[:, None]).transpose(2, 0, 1)) * pixel
    score = np.nan_to_num(tried) - PENALTY * away**2 / (2 * PENALTY_M**2)
    each, best, still = np.arange(len(tried)), score.argmax(axis=1), away.argmin(axis=1)
    here, there = tried[each, still], tried[each, best]
    return np.stack([there - here, log_odds(here), log_odds(there), away[each, best]], axis=1), offsets[best]


def _sideways(lines: NDArray[np.object_], pixel: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """A shift across each line (n, 2), in pixels."""
    ends = np.array([_places(line)[[0, -1]] for line in lines]).reshape(-1, 2, 2)
    along = ends[:, 1] - ends[:, 0]
    length = np.maximum(np.hypot(*along.T), 1e-9)
    far = rng.uniform(*MOVED_M, len(lines)) / pixel * rng.choice([-1.0, 1.0], len(lines))
    return np.asarray(np.stack([-along[:, 1], along[:, 0]], axis=1) * (far / length)[:, None])


def _plain(looks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities (n,) by rule, for layers too small to learn from."""
    sure = [from_odds((value - middle) / scale) for value, middle, scale in
            ((looks[:, 0], CLEAR, 0.04), (looks[:, 2], 0.4, 0.3), (looks[:, 3], 2.5, 0.4))]
    return np.asarray(0.9 * np.prod(sure, axis=0))


def _told(ground: Ground, layer: Statements, rows: NDArray[np.intp], chance: NDArray[np.float64],
          shift: NDArray[np.float64], looks: NDArray[np.float64], pooled: Pooled, number: int, least: float
          ) -> list[Discrepancy]:
    grid, found = ground.grid, []
    metres = shift * [grid.transform.a, grid.transform.e] * grid.metres_per_unit
    chosen = np.flatnonzero((chance >= least) & ~layer.features.evidence_only[rows])
    placed = grid.to_world(translated(grid.to_pixels(layer.features.geometries[rows[chosen]]), shift[chosen]))
    for at, k in enumerate(chosen):
        row, name = int(rows[k]), ground.legend.names[int(dominant(layer.mix[[rows[k]]])[0])]
        sure = bool(looks[k, 0] >= CLEAR)
        there, here = (float(from_odds(looks[k, column])) for column in (2, 1))
        found.append(on_feature(
            ground, layer, row, kind="shifted", edit="move" if sure else "flag", probability=chance[k], number=number,
            surprise=-np.log(max(float(here), 1e-4)), class_now=name, class_proposed=name,
            proposal=placed[at] if sure else None,
            offset_m=(float(metres[k, 0]), float(metres[k, 1])) if sure else None, evidence={
                **told(_sentence(sure, name=name, far=f"{np.hypot(*metres[k]):.1f}", towards=towards(metres[k]),
                                 there=f"{there:.0%}", here=f"{here:.0%}")),
                "probability_there": round(float(there), 3), "probability_here": round(float(here), 3),
                "visible": round(float(pooled.visible[row]), 3), **dated(layer, row)}))
    return found


def _sentence(sure: bool, **gaps: str) -> Said:
    if sure:
        return says("The {name} runs {far} m {towards} of its line: {there} {name} probability along it there, {here} "
                    "where its neighbours say that it should run.", **gaps)
    return says("The {name} runs {far} m {towards} of its line, or elsewhere near by: {there} {name} probability along "
                "it there, {here} where its neighbours say that it should run.", **gaps)
