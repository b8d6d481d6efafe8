"""Label patch: a place where the imagery-derived map is wrong, proven by two other sources that agree.

What comes of it is no edit of a layer but a lesson: the patch and the class that the next fit shall learn there.
"""

from __future__ import annotations

import numpy as np
import shapely

from ..fusion.crowd import Reliabilities
from ..fusion.ground import Ground, dominant
from ..fusion.regions import Regions
from ..ledger import Discrepancy
from ..sources.statements import Statements
from .finding import dated, on_ground
from .pooling import Pooled
from .sentences import says, told

LEAST_SAID, MOST_SEEN = 0.8, 0.25
"""Another source must say the class of so much of the place, the imagery give it no more than that."""
SURE = 0.8
SAME_PLACE = 0.3


def find(ground: Ground, layer: Statements, others: tuple[Statements, ...], pooled: Pooled,
         reliabilities: Reliabilities, number: int) -> list[Discrepancy]:
    """Return places of ``layer``'s features where it and another source agree against the imagery, few and sure.
    ``pooled`` is the evidence there, with what ``others`` say; ``reliabilities`` has one matrix for each of the
    ground's layers.
    """
    label = np.asarray(dominant(layer.mix))
    rows = np.flatnonzero(pooled.seen() & (label >= 0))
    if not len(rows) or not others:
        return []
    own = label[rows]
    each = np.arange(len(rows))
    heard = {other.name: said[rows] for other, said in zip(others, pooled.said, strict=True)}
    agree = np.zeros(len(rows), np.intp)
    against = np.zeros(len(rows), bool)
    for said in heard.values():
        spoken = said.sum(axis=1) > 0
        agree += spoken & (said[each, own] >= LEAST_SAID)
        against |= spoken & (said[each, own] < 0.5)
    seen = pooled.inside[rows]
    statements = [layer.mix[rows] if other is layer else heard[other.name] for other in ground.layers]
    region = Regions.over(ground.grid).of(layer.centres[rows])
    truth = reliabilities.posterior(None, statements, region)[each, own]
    found = []
    for at in np.flatnonzero((agree > 0) & ~against & (seen[each, own] <= MOST_SEEN) & (truth >= SURE)):
        row, name = int(rows[at]), ground.legend.names[own[at]]
        shown = ground.legend.names[int(seen[at].argmax())]
        place = ground.grid.to_world(np.array([layer.support[row]], dtype=object))[0]
        voices = [f"“{layer.name}”"] + [f"“{n}”" for n, said in heard.items() if said[at, own[at]] >= LEAST_SAID]
        chance = float(truth[at]) * (1 - float(seen[at, own[at]]))
        found.append(on_ground(
            ground, "imagery", ground.imagery.bands[0].layer or "imagery", place, kind="wrong_class",
            edit="label_patch", probability=chance, number=number,
            surprise=-np.log(max(float(seen[at, own[at]]), 1e-4)), class_now=shown, class_proposed=name, evidence={
                **told(says("{layers} say {name} here; the imagery is read as {shown}, with {share} for {name}.",
                            layers=", ".join(voices), name=name, shown=shown, share=f"{seen[at, own[at]]:.0%}")),
                "imagery": {n: round(float(v), 3) for n, v in zip(ground.legend.names, seen[at], strict=True)},
                "said_by": [v.strip("“”") for v in voices], **dated(layer, row)}))
    return found


def once(patches: list[Discrepancy]) -> list[Discrepancy]:
    """Keep the surest of patches that lie on one another: two layers tell the same lesson."""
    ordered = sorted(patches, key=lambda d: (-d.probability, d.uid))
    shapes = np.array([shapely.from_wkb(d.proposal) for d in ordered], dtype=object)
    tree, area, gone = shapely.STRtree(shapes), shapely.area(shapes), np.zeros(len(shapes), bool)
    for k, shape in enumerate(shapes):
        if not gone[k]:
            near = tree.query(shape, predicate="intersects")
            near = near[near > k]
            shared = shapely.area(shapely.intersection(shapes[near], shape))
            gone[near[shared > SAME_PLACE * np.minimum(area[near], area[k])]] = True
    return [d for d, out in zip(ordered, gone, strict=True) if not out]
