"""Errors put into a map with its classes, and who finds them: the network's heads for features, or its rival's pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from scipy import ndimage
from shapely import affinity

from fusion_parts.areas import Area
from fusion_parts.cases import CLEAN, MAP, Case, make_case
from fusion_parts.figures import average_precision
from fusion_parts.fits import HALO, VARIANTS, Budget, fit, predict
from geoloop.core.feedback import Feedback
from geoloop.core.inference.fusion_tiles import ask
from geoloop.core.models.fusion_net import FusionNet
from geoloop.core.sources.burn import burn
from geoloop.core.training.fusion_lesson import Shares

WRONG, OBSOLETE, SHIFTED = 0.08, 0.10, 0.12
SHIFT_M = (2.0, 8.0)
SEARCH_M = 8.0
KINDS = ("wrong_class", "obsolete", "shift")


@dataclass(frozen=True)
class Faulty:
    """An area whose map has errors: ``kind`` (n,) is 0 for a right feature, else 1 + the place in ``KINDS``; ``whole``
    is the area without them.
    """

    area: Area
    kind: np.ndarray
    whole: Area


def with_errors(area: Area, seed: int) -> Faulty:
    """Give features another class, put shapes where nothing stands, move features; each feature has one error at most.
    """
    rng = np.random.default_rng([seed, 31])
    known = np.flatnonzero(area.label >= 0)
    order = rng.permutation(known)
    shapes, label, kind = area.shapes.copy(), area.label.copy(), np.zeros(len(area.shapes), int)
    wrong, moved = np.split(order, [round(WRONG * len(known))])
    moved = moved[:round(SHIFTED * len(known))]
    classes = np.unique(area.label[known])
    for row in wrong:
        label[row] = rng.choice(classes[classes != label[row]])
    kind[wrong], kind[moved] = 1, 3
    for row in moved:
        far, angle = rng.uniform(*SHIFT_M) / area.pixel_m, rng.uniform(0, 2 * np.pi)
        shapes[row] = affinity.translate(shapes[row], far * np.cos(angle), far * np.sin(angle))
    made, of = _fakes(area, known, round(OBSOLETE * len(known)), rng)
    whole = area
    tags = [*({**area.tags[i], "class": area.classes[c]} if c >= 0 else dict(area.tags[i])
              for i, c in enumerate(label)),
            *({**area.tags[i], "class": area.classes[label[i]]} for i in of)]
    shapes = np.concatenate([shapes, made])
    label = np.concatenate([label, label[of]])
    kind = np.concatenate([kind, np.full(len(made), 2)])
    painted = burn(shapes, np.arange(len(shapes)), area.truth.shape)
    # The map as it is, errors and all, is also what there is to learn from.
    silent = 0 if "no roof" in area.classes else -1
    said = np.where(painted >= 0, np.append(label, 0)[painted], silent)
    told = np.where(area.valid, said, -1).astype(np.int8)
    return Faulty(replace(area, shapes=shapes, tags=tags, label=label, truth=told), kind, whole)


def _fakes(area: Area, known: np.ndarray, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    height, width = area.truth.shape
    tree = shapely.STRtree(area.shapes)
    made: list[shapely.Geometry] = []
    of: list[int] = []
    for _ in range(40 * count):
        if len(made) == count:
            break
        row = int(rng.choice(known))
        turned = affinity.rotate(area.shapes[row], rng.uniform(0, 360), origin="centroid")
        near = area.shapes[int(rng.choice(known))].centroid
        reach = 40 / area.pixel_m
        x, y = near.x + rng.uniform(-reach, reach), near.y + rng.uniform(-reach, reach)
        if not (0 < x < width and 0 < y < height):
            continue
        placed = affinity.translate(turned, x - turned.centroid.x, y - turned.centroid.y)
        if not len(tree.query(placed, predicate="intersects")):
            made.append(placed)
            of.append(row)
    return np.array(made, dtype=object), np.array(of, int)


def heads(faulty: Faulty, seed: int, budget: Budget) -> dict[str, np.ndarray]:
    """Scores (n,) by kind from the network's heads and from pixels, which of the features are judged, and their kinds.

    Both have learnt from the faulty map, from the other blocks; a feature's own words and pixels are never seen by what
    judges it.
    """
    ours = VARIANTS["ours"]
    case = make_case(faulty.area, CLEAN, ours.sources, seed)
    judged = _judged(case)
    network = fit(case, ours, budget, seed, Shares(features=1.0, exists=0.5, shift=0.5))
    assert isinstance(network, FusionNet)
    asked = ask(network, case.excerpt, _device(budget), Feedback(), side=budget.look, halo=HALO, seed=seed)
    # Features keep their order: a clean setting drops none.
    order = np.arange(len(case.excerpt.tokens))
    label = np.maximum(case.excerpt.label, 0)
    own = asked.feature[order, label]
    found = {"ours_wrong_class": 1 - own, "ours_obsolete": 1 - asked.exists,
             "ours_shift": np.hypot(*asked.shift.T) * asked.exists}
    imagery = VARIANTS["imagery"]
    alone = make_case(faulty.area, CLEAN, ("imagery", "map"), seed)
    probability = predict(fit(alone, imagery, budget, seed), alone.excerpt, budget)
    pixels = _from_pixels(probability, case, label)
    return {**found, **{f"pixels_{kind}": pixels[kind] for kind in KINDS}, "judged": judged, "kind": faulty.kind}


def score_heads(cells: list[dict[str, np.ndarray]], kinds: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """Average precision of each kind against right features, ours and the pixels', the mean over seeds; a kind of which
    no error is judged is left out.
    """
    table: dict[str, dict[str, float]] = {}
    for kind in kinds:
        number = KINDS.index(kind) + 1
        rows: dict[str, float] = {}
        if not any((cell["kind"][cell["judged"]] == number).any() for cell in cells):
            continue
        for who in ("ours", "pixels"):
            each = [average_precision(cell[f"{who}_{kind}"][mask], cell["kind"][mask] == number)
                    for cell in cells for mask in [cell["judged"]]]
            rows[who] = round(float(np.nanmean(each)), 3)
        rows["prevalence"] = round(float(np.mean([(c["kind"][c["judged"]] == number).mean() for c in cells])), 3)
        table[kind] = rows
    return table


def _judged(case: Case) -> np.ndarray:
    xy = case.excerpt.tokens.outlines.centres.astype(int)
    height, width = case.block.shape
    inside = ((xy >= 0) & (xy < (width, height))).all(axis=1)
    xy = np.clip(xy, 0, (width - 1, height - 1))
    known = (case.excerpt.tokens.source == MAP) & (case.excerpt.label >= 0)
    return inside & known & (case.block[xy[:, 1], xy[:, 0]] >= 0)


def _from_pixels(probability: np.ndarray, case: Case, label: np.ndarray) -> dict[str, np.ndarray]:
    """What evidence of the imagery says of features: pooled over each, and over each moved aside."""
    painted = case.excerpt.painted
    n = len(label)
    background = case.area.classes[0] == "no roof"
    there = 1 - probability[0] if background else probability.max(axis=0)
    index = np.arange(n)
    pooled = np.stack([ndimage.mean(np.log(np.maximum(p, 1e-4)), painted, index) for p in probability], axis=1)
    pooled = np.nan_to_num(pooled, nan=np.log(1 / len(probability)))
    score = np.exp(pooled - pooled.max(axis=1, keepdims=True))
    if background:
        score[:, 0] = 0
    score /= np.maximum(score.sum(axis=1, keepdims=True), 1e-9)
    stands = np.nan_to_num(ndimage.mean(there, painted, index), nan=0.5)
    step = max(1, round(1.0 / case.area.pixel_m))
    reach = int(SEARCH_M / case.area.pixel_m)
    best, at = stands.copy(), np.zeros(n)
    for dy in range(-reach, reach + 1, step):
        for dx in range(-reach, reach + 1, step):
            if dx * dx + dy * dy <= reach * reach:
                moved = np.nan_to_num(ndimage.mean(np.roll(there, (-dy, -dx), (0, 1)), painted, index))
                better = moved > best + 0.02
                best = np.where(better, moved, best)
                at = np.where(better, np.hypot(dx, dy), at)
    return {"wrong_class": 1 - score[index, label], "obsolete": 1 - stands, "shift": (best - stands) * (at > 0)}


def _device(budget: Budget) -> object:
    import torch

    return torch.device(budget.device)
