"""How far each source of a run can be trusted, from a sample of places and from what reviewers decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window

from ..feedback import Feedback
from ..ledger import ReliabilityRow
from ..ledger.history import WrongShare
from ..ledger.verdicts import Verdict
from ..sources.burn import burn
from ..sources.statements import Said, Statements
from ..training.lessons import SPEAKING
from ..training.selection import UNTOLD
from .assumed import expected_accuracy
from .crowd import Confusion, Places, Reliabilities, estimate_reviewed
from .evidence import Evidence, Learnt
from .ground import Ground
from .regions import Regions
from .rulings import Part, Rulings

PLACES = 20_000
BLOCK, BLOCKS_MOST = 512, 400
"""Places are drawn in so many blocks; where none of these shows anything, in the first other one that does."""
SURVEYED_MOST = 500
INDEPENDENT_M2 = 400.0
"""Ground behind one independent place: pixels closer than some 20 m tend to err together."""
FEWEST_PLACES = 300.0
PRIOR_WEIGHT = 1.0
"""What is assumed of a layer weighs as much as what is seen of it: two voices alone cannot tell the network's habits
from the layer's errors.
"""
ACCURACY = {"map": 0.92, "field": 0.95}
ECHO, FAINT_ECHO = 0.5, 0.02
"""Share of places where a network repeats a layer whose labels it learnt there, and one whose labels it did not, as
long as no review has told.
"""
SILENCE_ACCURACY = 0.985
"""Where a map is silent there is seldom something: what is missing is little beside all the ground that is bare."""
OUTLINE_ACCURACY, BARE_ACCURACY = 0.8, 0.95
"""The same pixel by pixel, for layers of objects on a background: an outline that lies some metres off covers no more
of the ground that it means, and covers some that it does not.
"""


def weigh(ground: Ground, evidence: Evidence, seed: int, feedback: Feedback,
          rulings: Rulings | None = None) -> Reliabilities:
    """Estimate the reliability of imagery, maps and fields from up to ``PLACES`` random pixels, and from what reviewers
    decided (``rulings``).

    Pixels are drawn evenly within blocks and within what layers say, of rare classes more than their share
    (:func:`_of_each`); those of field layers, being few, apart from the others: up to ``SURVEYED_MOST`` of a block.
    """
    regions = Regions.over(ground.grid)
    looked = rulings or Rulings()
    if looked.all:
        feedback.info(f"{len(looked.all)} decisions tell how far the sources can be trusted.")
    places = _places(ground, evidence, regions, looked.parts(), seed, feedback)
    priors = [prior_of(layer, np.asarray(s), np.asarray(places.weight), of_ground=True)
              for layer, s in zip(ground.layers, places.said, strict=True)]
    return estimate_reviewed(places, priors, looked.reviews(ground, evidence, regions),
                             echoes(ground, evidence.learnt), seed=seed)


def echoes(ground: Ground, learnt: Learnt) -> list[float]:
    """The assumed share of places where the network repeats each layer: one that has learnt a layer's labels where it
    judges is half an echo of it; one that was cross-fitted, or never saw the layer, hardly any.
    """
    return [ECHO if layer.name in learnt.layers and not learnt.cross_fitted else FAINT_ECHO for layer in ground.layers]


def _places(ground: Ground, evidence: Evidence, regions: Regions, parts: Sequence[Part], seed: int,
            feedback: Feedback) -> Places:
    rng = np.random.default_rng(seed)
    grid, classes = ground.grid, len(ground.legend.names)
    quiet = -1 if ground.legend.background is None else ground.legend.index(ground.legend.background)
    q: list[NDArray] = []
    said: list[list[NDArray]] = [[] for _ in ground.layers]
    weights: list[NDArray] = []
    region, possible = [], []
    shapes = np.array([part.shape for part in parts], dtype=object)
    tree = shapely.STRtree(shapes)
    open_to = np.concatenate([np.array([part.possible for part in parts], bool).reshape(-1, classes),
                              np.ones((1, classes), bool)])
    corners = [(r, c) for r in range(0, grid.height, BLOCK) for c in range(0, grid.width, BLOCK)]
    order = rng.permutation(len(corners))
    looked_at = min(len(order), BLOCKS_MOST)
    each = max(64, PLACES // looked_at)
    for done, k in enumerate(order):
        if done >= looked_at and weights:
            break
        feedback.check()
        row, column = corners[k]
        window = Window(column, row, min(BLOCK, grid.width - column), min(BLOCK, grid.height - row))
        seen = evidence.read(window)
        spoken = [layer.read(window) for layer in ground.layers]
        visible = ~np.isnan(seen[0])
        rows, columns = np.nonzero(visible)
        if not len(rows):
            continue
        field = np.zeros(visible.shape, bool)
        for layer, s in zip(ground.layers, spoken, strict=True):
            if layer.features.kind == "field":
                field |= s.feature >= 0
        surveyed = field[rows, columns]
        others, their_weight = _of_each(np.flatnonzero(~surveyed), _labels(spoken, visible.shape)[visible], each, rng)
        few, few_weight = _some(np.flatnonzero(surveyed), max(each, SURVEYED_MOST), rng)
        drawn, weight = np.concatenate([others, few]), np.concatenate([their_weight, few_weight])
        at = rows[drawn], columns[drawn]
        q.append(np.nan_to_num(seen[:, at[0], at[1]].T))
        for s, kept in zip(spoken, said, strict=True):
            kept.append(s.mix[:, at[0], at[1]].T)
        weights.append(weight)
        region.append(regions.of(np.stack([at[1] + column, at[0] + row], axis=1) + 0.5))
        near = np.sort(tree.query(shapely.box(column, row, column + window.width, row + window.height)))
        of_part = burn(shapes[near], near, visible.shape, (row, column))
        possible.append(open_to[of_part[at]])
        feedback.progress(min((done + 1) / looked_at, 1.0))
    weight = np.concatenate(weights) * min(1.0, grid.pixel_area_m2 / INDEPENDENT_M2)
    return Places(np.concatenate(q), tuple(np.concatenate(s) for s in said), weight, np.concatenate(region),
                  np.concatenate(possible), quiet)


def _labels(spoken: Sequence[Said], shape: tuple[int, ...]) -> NDArray[np.intp]:
    """The class of every pixel of a block by the first layer that says one there; −1 where all are silent."""
    label = np.full(shape, -1, np.intp)
    for s in reversed(spoken):
        label = np.where(s.mix.sum(axis=0) > 0.5, s.mix.argmax(axis=0), label)
    return label


def _of_each(of: NDArray[np.intp], label: NDArray[np.intp], most: int, rng: np.random.Generator
             ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Some ``most`` of the places ``of`` (n,), drawn evenly within each ``label``, and how many each stands for. Labels
    get a share by the square root of their number (Bankier 1988): what is rare is estimated nearly as well as the rest.
    """
    _, group, count = np.unique(label[of], return_inverse=True, return_counts=True)
    quota = np.ceil(most * np.sqrt(count) / np.sqrt(count).sum()).astype(int) if len(of) > most else count
    some = [_some(of[group == k], n, rng) for k, n in enumerate(quota.tolist())]
    places, weights = zip(*some, strict=True) if some else ((of,), (np.zeros(0),))
    return np.concatenate(places), np.concatenate(weights)


def _some(of: NDArray[np.intp], most: int, rng: np.random.Generator) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Up to ``most`` of the places ``of`` (n,), drawn evenly, and how many each stands for."""
    chosen = of[rng.choice(len(of), min(most, len(of)), replace=False)]
    return chosen, np.full(len(chosen), len(of) / max(len(chosen), 1))


def prior_of(layer: Statements, said: NDArray, weight: NDArray, *, of_ground: bool = False) -> NDArray:
    """What is assumed of a layer's confusion matrix (classes, classes), in places, given what it says (n, classes) at
    places that count ``weight`` (n,). ``of_ground``: places are pixels, not features; then outlines err too.
    """
    places = (weight[:, None] * said).sum(axis=0)
    outlined = of_ground and layer.background is not None
    accuracy = np.full(said.shape[1], OUTLINE_ACCURACY if outlined else ACCURACY[layer.features.kind])
    if layer.background is not None:
        accuracy[int(layer.background.argmax())] = BARE_ACCURACY if outlined else SILENCE_ACCURACY
    strength = np.maximum(FEWEST_PLACES, PRIOR_WEIGHT * places)
    return np.asarray(expected_accuracy(accuracy, strength))


def believed_wrong(layers: Sequence[Statements], estimated: Mapping[str, WrongShare], verdicts: Sequence[Verdict]
                   ) -> float:
    """The share of labels that are believed to be wrong among those of ``layers`` that nobody has looked at since their
    reliability was estimated: as ``estimated`` of a layer by its name, else as is assumed of any layer of its kind,
    less what ``verdicts`` have found since. Layers count by their ground, none for more than is reckoned with where
    nothing is known.
    """
    ground = np.array([shapely.area(layer.support).sum() for layer in layers])
    return float(np.average([_wrong(layer, estimated, verdicts) for layer in layers],
                            weights=np.maximum(ground, 1.0)))


def _wrong(layer: Statements, estimated: Mapping[str, WrongShare], verdicts: Sequence[Verdict]) -> float:
    first = estimated.get(layer.name, WrongShare(1 - ACCURACY[layer.features.kind], 0))
    since = {one.key: one.decision == "accept" and not one.undone for one in verdicts
             if one.layer == layer.name and one.key is not None and one.id > first.knows
             and (one.uid is None or one.kind in SPEAKING) and one.decision in ("accept", "reject")}
    features = len(layer.support)
    left = max(first.share * features - sum(since.values()), 0.0)
    return min(left / max(features - len(since), 1), UNTOLD)


def figures(ground: Ground, reliabilities: Reliabilities) -> dict[str, Any]:
    """What a round notes of how its reliabilities came about: decisions behind them, and how far the network is taken
    to repeat each layer.
    """
    return {"reviews": int(max((c.reviews for c in (reliabilities.imagery, *reliabilities.sources)), default=0)),
            "echo": {layer.name: round(float(share), 3)
                     for layer, share in zip(ground.layers, reliabilities.echo, strict=True)}}


def rows(ground: Ground, reliabilities: Reliabilities) -> list[ReliabilityRow]:
    """The reliabilities as the ledger keeps them: the imagery as one source, then each layer; of each the whole, then
    its regions.
    """
    regions, names = Regions.over(ground.grid), ground.legend.names
    named = [("imagery", "imagery", reliabilities.imagery)] + [
        (layer.features.kind, layer.name, confusion)
        for layer, confusion in zip(ground.layers, reliabilities.sources, strict=True)]
    return [row for kind, name, whole in named
            for region, confusion in [("", whole), *((regions.name(n), one) for n, one in whole.regions.items())]
            for row in _rows(kind, name, region, confusion, names)]


def _rows(kind: str, layer: str, region: str, confusion: Confusion, names: tuple[str, ...]) -> list[ReliabilityRow]:
    return [
        ReliabilityRow(kind, layer, name, {other: round(float(p), 4) for other, p in zip(names, row, strict=True)},
                       float(confusion.counts[i].sum()), float(row[i]), float(confusion.low[i]),
                       float(confusion.high[i]), region)
        for i, (name, row) in enumerate(zip(names, confusion.matrix, strict=True))]
