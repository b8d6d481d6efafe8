"""Obsolete: an object whose class the ground does not show where its neighbours say that it should lie."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..fusion.ground import Ground
from ..ledger import Discrepancy
from ..sources.statements import Statements
from .finding import dated, on_feature
from .objects import Objects
from .pooling import Pooled
from .sentences import Said, says, told, voices

LEAST_TOLD_M = 0.5
"""A smaller shift of the neighbours is not worth a word."""


def find(ground: Ground, layer: Statements, objects: Objects, others: tuple[Statements, ...], pooled: Pooled,
         number: int, least: float) -> list[Discrepancy]:
    """Return the objects of a map layer that may be obsolete, with a probability of at least ``least``. ``pooled``
    holds what ``others`` say at the layer's features.
    """
    chance = hear_others(objects.of("obsolete"), pooled, objects.label)
    looks, metres = objects.looks, objects.alignment.metres(np.nan_to_num(objects.alignment.field))
    found = []
    for row in np.flatnonzero(objects.judged & (chance >= least) & ~layer.features.evidence_only):
        name = ground.legend.names[objects.label[row]]
        moved = float(np.hypot(*metres[row]))
        spoken = voices((other.name, ground.legend.names[int(said[row].argmax())])
                        for other, said in zip(others, pooled.said, strict=True) if said[row].sum() > 0)
        inside, visible = float(looks.inside[row]), float(looks.visible[row])
        found.append(on_feature(
            ground, layer, int(row), kind="obsolete", edit="delete", probability=chance[row],
            surprise=-np.log(max(inside, 1e-4)), number=number, class_now=name, evidence={
                **told(_sentence(moved, name=name, here=f"{inside:.0%}", visible=f"{visible:.0%}",
                                 best=f"{looks.inside_best[row]:.0%}"), *spoken),
                "probability_inside": round(inside, 3),
                "probability_best_nearby": round(float(looks.inside_best[row]), 3),
                "contrast": round(float(looks.of("contrast")[row]), 3), "neighbours_shift_m": round(moved, 2),
                "visible": round(visible, 3), "learnt": objects.learnt, **objects.told(int(row)),
                **dated(layer, int(row))}))
    return found


def _sentence(moved_m: float, **gaps: str) -> Said:
    if moved_m < LEAST_TOLD_M:
        return says("The outline has no {name} under it: {here} {name} probability, {visible} of it visible; the best "
                    "place within a few metres has {best}.", **gaps)
    return says("The outline has no {name} under it: {here} {name} probability after the {moved} m shift of its "
                "neighbours, {visible} of it visible; the best place within a few metres has {best}.",
                moved=f"{moved_m:.1f}", **gaps)


def hear_others(p: NDArray[np.float64], pooled: Pooled, label: NDArray[np.intp]) -> NDArray[np.float64]:
    """Let the other layers speak: each one that says something multiplies the odds, at 9 to 1 for a clear word."""
    odds = p / np.maximum(1 - p, 1e-6)
    each = np.arange(len(p))
    for said in pooled.said:
        spoken = said.sum(axis=1) > 0
        against = np.where(spoken, 0.1 + 0.8 * (1 - said[each, np.maximum(label, 0)]), 0.5)
        odds = odds * against / (1 - against)
    return np.asarray(odds / (1 + odds))
