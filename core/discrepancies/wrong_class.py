"""Wrong class: a feature that looks, and is said by others, to be of another class than its own.

The class that each feature shows is the leave-one-out posterior: imagery pooled over the feature and what other layers
say there. How far imagery and layer can be trusted class by class is estimated from the features themselves, so that a
class that looks like another is not held against the features that carry it. Where features are told as wholes, by what
was learnt from their own labels, that knows already which classes look alike, and what is left to find out is how many
labels are wrong (:mod:`mislabelled`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..fusion.crowd import Reliabilities, estimate
from ..fusion.ground import Ground, dominant
from ..fusion.weigh import ACCURACY, prior_of
from ..ledger import Discrepancy
from ..sources.statements import Statements
from .finding import on_feature
from .mislabelled import doubt
from .pooling import Pooled
from .sentences import says, told, voices


def find(ground: Ground, layer: Statements, others: tuple[Statements, ...], pooled: Pooled,
         number: int, least: float) -> list[Discrepancy]:
    """Return the features of a map layer that may carry the wrong class, with a probability of at least ``least``.
    ``pooled`` is the evidence at its features, with what ``others`` say there.
    """
    names = ground.legend.names
    quiet = -1 if layer.background is None else int(layer.background.argmax())
    label = dominant(layer.mix)
    rows = np.flatnonzero(pooled.seen() & (label >= 0) & (label != quiet))
    open_classes = [c for c in range(len(names)) if c != quiet]
    if len(open_classes) < 2 or not len(rows):
        return []
    heard_here = [s[rows] for s in pooled.said]
    said: list[NDArray] = [layer.mix[rows], *heard_here]
    each = np.ones(len(rows))
    priors = [prior_of(other, heard, each) for other, heard in zip((layer, *others), said, strict=True)]
    found = estimate(pooled.inside[rows], said, priors, each)
    if pooled.told and len(np.unique(label[rows])) >= 2:
        alone, wrong = _told(pooled.inside[rows], label[rows], found, heard_here, quiet)
    else:
        alone = _standing(found.posterior(pooled.inside[rows], [None, *heard_here]), quiet)
        wrong = 1 - _standing(found.posterior(pooled.inside[rows], said), quiet)[np.arange(len(rows)), label[rows]]
    retagging = ground.legend.retagging(layer.features)
    result = []
    for at, row in enumerate(rows):
        own = int(label[row])
        rival = np.where(np.arange(len(names)) == own, -1.0, alone[at])
        best = int(rival.argmax())
        if layer.features.evidence_only[row] or wrong[at] < least:
            continue
        heard = voices((other.name, names[int(s[row].argmax())])
                       for other, s in zip(others, pooled.said, strict=True) if s[row].sum() > 0)
        alone_is = says("Without its own label, {best} is {chance} probable here and {own} {own_chance}.",
                        best=names[best], chance=f"{alone[at, best]:.0%}", own=names[own],
                        own_chance=f"{alone[at, own]:.0%}")
        result.append(on_feature(
            ground, layer, int(row), kind="wrong_class", edit="retag", probability=float(wrong[at]),
            surprise=-np.log(max(alone[at, own], 1e-4)), number=number, class_now=names[own],
            class_proposed=names[best], after=retagging.changes(int(row), names[best]), evidence={
                **told(alone_is, *heard),
                "without_map": {n: round(float(v), 3) for n, v in zip(names, alone[at], strict=True)},
                "imagery": {n: round(float(v), 3) for n, v in zip(names, pooled.inside[row], strict=True)},
                "visible": round(float(pooled.visible[row]), 3)}))
    return result


def _told(inside: NDArray[np.float64], label: NDArray[np.intp], found: Reliabilities, heard: list[NDArray], quiet: int
          ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the posterior (n, classes) without the features' own ``label`` (n,), and how probable it is that this is
    wrong (n,), where ``inside`` (n, classes) was learnt from labels elsewhere; ``heard`` is what other layers say.
    """
    told = _standing(inside, quiet)
    doubted = doubt(told, label, 1 - ACCURACY["map"])
    score = doubted.voice(told)
    for confusion, said in zip(found.sources[1:], heard, strict=True):
        score = score + confusion.log_likelihood(said)
    score = score - score.max(axis=1, keepdims=True)
    alone = _standing(np.exp(score), quiet)
    return alone, doubted.chance(alone[np.arange(len(label)), label])


def _standing(p: NDArray[np.float64], quiet: int) -> NDArray[np.float64]:
    """Probabilities (n, classes) given that something stands there: that nothing does is another kind of error. Where
    nothing can stand, every class is as likely.
    """
    stands = np.arange(p.shape[1]) != quiet
    shares = np.where(stands, p, 0.0)
    total = shares.sum(axis=1, keepdims=True)
    return np.asarray(np.where(total > 0, shares / np.where(total > 0, total, 1.0), stands / stands.sum()))
