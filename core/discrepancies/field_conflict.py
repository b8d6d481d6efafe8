"""Field conflict: an observation that imagery and maps together contradict.

A point is judged over the disc of its position accuracy, so that a point beside a border is not held against anyone.
What comes of it is a visit, not an edit: the field layer is asked again.
"""

from __future__ import annotations

import numpy as np

from ..fusion.crowd import Reliabilities
from ..fusion.ground import Ground, dominant
from ..fusion.regions import Regions
from ..ledger import Discrepancy
from ..sources.statements import Statements
from .finding import on_feature
from .pooling import Pooled
from .sentences import says, told, voices


def find(ground: Ground, layer: Statements, others: tuple[Statements, ...], pooled: Pooled,
         reliabilities: Reliabilities, number: int, least: float) -> list[Discrepancy]:
    """Return the observations of a field layer that may be wrong, with a probability of at least ``least``.
    ``pooled`` is the evidence over their discs, with what ``others`` say there; ``reliabilities`` holds one matrix
    for each of the ground's layers.
    """
    names = ground.legend.names
    label = dominant(layer.mix)
    rows = np.flatnonzero(pooled.seen() & (label >= 0))
    if not len(rows):
        return []
    by_name = {other.name: said[rows] for other, said in zip(others, pooled.said, strict=True)}
    said = [by_name.get(other.name) if other is not layer else None for other in ground.layers]
    region = Regions.over(ground.grid).of(layer.centres[rows])
    alone = reliabilities.posterior(pooled.inside[rows], said, region)
    own = next(c for c, other in zip(reliabilities.sources, ground.layers, strict=True) if other is layer)
    full = alone * np.exp(own.log_likelihood(layer.mix[rows], region))
    full /= full.sum(axis=1, keepdims=True)
    result = []
    for at, row in enumerate(rows):
        c = int(label[row])
        if layer.features.evidence_only[row] or 1 - full[at, c] < least:
            continue
        best = int(np.where(np.arange(len(names)) == c, -1.0, alone[at]).argmax())
        heard = voices((name, names[int(s[at].argmax())]) for name, s in by_name.items() if s[at].sum() > 0)
        shown = names[int(pooled.inside[row].argmax())]
        accuracy = layer.features.accuracy_m[row]
        seen = (says("The visit saw {name}; imagery shows {shown} within {far} m.", name=names[c], shown=shown,
                     far=f"{accuracy:.0f}") if np.isfinite(accuracy) else
                says("The visit saw {name}; imagery shows {shown}.", name=names[c], shown=shown))
        result.append(on_feature(
            ground, layer, int(row), kind="field_conflict", edit="revisit", probability=1 - full[at, c],
            surprise=-np.log(max(alone[at, c], 1e-4)), number=number, class_now=names[c],
            class_proposed=names[best], evidence={
                **told(seen, *heard),
                "without_field": {n: round(float(v), 3) for n, v in zip(names, alone[at], strict=True)},
                "date": layer.features.dates[row]}))
    return result
