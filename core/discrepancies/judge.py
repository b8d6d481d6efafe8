"""Every element of every source, judged by all the others."""

from __future__ import annotations

from collections.abc import Iterable

import shapely

from ..feedback import Feedback
from ..fusion.crowd import Reliabilities
from ..fusion.evidence import Evidence
from ..fusion.ground import Ground
from ..ledger import Discrepancy
from . import field_conflict, missing, obsolete, wrong_class
from .finding import signed
from .pooling import pool

SAME_PLACE_IOU = 0.5


def judge(ground: Ground, evidence: Evidence, reliabilities: Reliabilities, *, number: int, seed: int,
          min_probability: float, rejected: Iterable[tuple[str, str | None, bytes | None]],
          feedback: Feedback) -> list[Discrepancy]:
    """Return the discrepancies of a round, the surest first.

    ``number`` is the round's; ``rejected`` (kind, signature, proposal) are those that a reviewer has rejected before:
    they do not come back. Features of layers that say ``may_edit: false`` and locked features are evidence alone.
    """
    found: list[Discrepancy] = []
    layers = [layer for layer in ground.layers if layer.features.settings.may_edit]
    for at, layer in enumerate(layers):
        part = feedback.span(at / len(layers), (at + 1) / len(layers))
        others = tuple(other for other in ground.layers if other is not layer)
        pooled = pool(evidence, layer.support, others, part.span(0.0, 0.4))
        blind = int((~pooled.seen()).sum())
        if blind:
            feedback.info(f"“{layer.name}”: {blind} of {len(layer.support)} features are not judged: the imagery does "
                          "not show them.")
        here: list[Discrepancy] = []
        if layer.features.kind == "field":
            here += field_conflict.find(ground, layer, others, pooled, reliabilities, number, min_probability)
        else:
            here += wrong_class.find(ground, layer, others, pooled, number, min_probability)
            here += obsolete.find(ground, layer, evidence, pooled, number, seed, min_probability, part.span(0.4, 0.6))
            here += missing.find(ground, layer, evidence, number, seed, min_probability, part.span(0.6, 1.0))
        found += signed(here, ground, layer)
        part.progress(1.0)
    memory = Rejections(rejected)
    return sorted((d for d in found if not memory.holds(d)), key=lambda d: (-d.probability, d.uid))


class Rejections:
    """What reviewers rejected: features by kind and signature, places without a feature by kind and overlap."""

    def __init__(self, rejected: Iterable[tuple[str, str | None, bytes | None]]) -> None:
        self._signed: set[tuple[str, str]] = set()
        self._places: dict[str, list[shapely.Geometry]] = {}
        for kind, signature, proposal in rejected:
            if signature is not None:
                self._signed.add((kind, signature))
            elif proposal is not None:
                self._places.setdefault(kind, []).append(shapely.from_wkb(proposal))
        self._trees = {kind: shapely.STRtree(places) for kind, places in self._places.items()}

    def holds(self, d: Discrepancy) -> bool:
        """Whether a discrepancy has been rejected before."""
        if d.signature is not None:
            return (d.kind, d.signature) in self._signed
        if d.kind not in self._trees or d.proposal is None:
            return False
        shape = shapely.from_wkb(d.proposal)
        near = self._trees[d.kind].geometries[self._trees[d.kind].query(shape, predicate="intersects")]
        shared = shapely.area(shapely.intersection(near, shape))
        return bool((shared >= SAME_PLACE_IOU * (shapely.area(near) + shape.area - shared)).any())
