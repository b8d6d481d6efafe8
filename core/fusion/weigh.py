"""How far each source of a run can be trusted, from a sample of places."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from ..feedback import Feedback
from ..ledger import ReliabilityRow
from ..sources.statements import Statements
from .crowd import Confusion, Reliabilities, estimate, expected_accuracy
from .evidence import Evidence
from .ground import Ground

PLACES = 20_000
BLOCK = 512
INDEPENDENT_M2 = 400.0
"""Ground behind one independent place: pixels closer than some 20 m tend to err together."""
FEWEST_PLACES = 300.0
PRIOR_WEIGHT = 1.0
"""What is assumed of a layer weighs as much as what is seen of it: two voices alone cannot tell the network's habits
from the layer's errors.
"""
ACCURACY = {"map": 0.92, "field": 0.95}
SILENCE_ACCURACY = 0.985
"""Where a map is silent there is seldom something: what is missing is little beside all the ground that is bare."""


def weigh(ground: Ground, evidence: Evidence, seed: int, feedback: Feedback) -> Reliabilities:
    """Estimate the reliability of imagery, maps and fields from up to ``PLACES`` random pixels.

    Places where a map or a field layer speaks are drawn as often as those where all are silent, and weighted back;
    field points, being few, are all taken.
    """
    rng = np.random.default_rng(seed)
    grid = ground.grid
    q: list[NDArray] = []
    said: list[list[NDArray]] = [[] for _ in ground.layers]
    weights: list[NDArray] = []
    corners = [(r, c) for r in range(0, grid.height, BLOCK) for c in range(0, grid.width, BLOCK)]
    taken = rng.permutation(len(corners))[:400]
    each = max(64, PLACES // max(len(taken), 1))
    for done, k in enumerate(taken):
        feedback.check()
        row, column = corners[k]
        window = Window(column, row, min(BLOCK, grid.width - column), min(BLOCK, grid.height - row))
        seen = evidence.read(window)
        spoken = [layer.read(window) for layer in ground.layers]
        visible = ~np.isnan(seen[0])
        rows, columns = np.nonzero(visible)
        if not len(rows):
            continue
        drawn = rng.choice(len(rows), min(each, len(rows)), replace=False)
        weight = np.full(len(drawn), len(rows) / len(drawn))
        field = np.zeros(visible.shape, bool)
        for layer, s in zip(ground.layers, spoken, strict=True):
            if layer.features.kind == "field":
                field |= s.feature >= 0
        extra = np.flatnonzero(field[rows, columns])
        extra = np.setdiff1d(extra, drawn)
        drawn = np.concatenate([drawn, extra]).astype(int)
        weight = np.concatenate([weight, np.ones(len(extra))])
        at = rows[drawn], columns[drawn]
        q.append(np.nan_to_num(seen[:, at[0], at[1]].T))
        for s, kept in zip(spoken, said, strict=True):
            kept.append(s.mix[:, at[0], at[1]].T)
        weights.append(weight)
        feedback.progress((done + 1) / len(taken))
    weight = np.concatenate(weights) * min(1.0, grid.pixel_area_m2 / INDEPENDENT_M2)
    statements = [np.concatenate(s) for s in said]
    priors = [prior_of(layer, s, weight) for layer, s in zip(ground.layers, statements, strict=True)]
    return estimate(np.concatenate(q), statements, priors, weight)


def prior_of(layer: Statements, said: NDArray, weight: NDArray) -> NDArray:
    """What is assumed of a layer's confusion matrix (classes, classes), in places, given what it says (n, classes) at
    places that count ``weight`` (n,).
    """
    places = (weight[:, None] * said).sum(axis=0)
    accuracy = np.full(said.shape[1], ACCURACY[layer.features.kind])
    if layer.background is not None:
        accuracy[int(layer.background.argmax())] = SILENCE_ACCURACY
    strength = np.maximum(FEWEST_PLACES, PRIOR_WEIGHT * places)
    return np.asarray(expected_accuracy(accuracy, strength))


def rows(ground: Ground, reliabilities: Reliabilities) -> list[ReliabilityRow]:
    """The reliabilities as the ledger keeps them: the imagery as one source, then each layer."""
    named = [("imagery", "imagery", reliabilities.imagery)] + [
        (layer.features.kind, layer.name, confusion)
        for layer, confusion in zip(ground.layers, reliabilities.sources, strict=True)]
    return [row for kind, name, confusion in named for row in _rows(kind, name, confusion, ground.legend.names)]


def _rows(kind: str, layer: str, confusion: Confusion, names: tuple[str, ...]) -> list[ReliabilityRow]:
    low, high = confusion.interval()
    return [
        ReliabilityRow(kind, layer, name, {other: round(float(p), 4) for other, p in zip(names, row, strict=True)},
                       float(confusion.counts[i].sum()), float(row[i]), float(low[i]), float(high[i]))
        for i, (name, row) in enumerate(zip(names, confusion.matrix, strict=True))]
