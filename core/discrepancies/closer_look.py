"""A closer look at the objects of which an error is likely: where they belong, and which outline they should have.

What an object looks like says whether something is wrong with it. If it is, a better place or a better outline can be
found; where none is convincing, it was hardly that. How convincing they are for real errors is seen at objects that
were moved, or given another shape, on purpose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .belonging import Belonging, certainty
from .calibration import FOLDS, closer
from .injection import KINDS
from .redrawn import Choice, Drawings, Redrawing

Array = NDArray[np.float64]
OBSOLETE, SHIFTED, RESHAPED = (KINDS.index(kind) - 1 for kind in ("obsolete", "shifted", "reshaped"))
"""Where rivals stand in their probabilities."""


class Bent(NamedTuple):
    """An object that was given another shape: its drawings, how much each shares with the true outline, its fold of
    ground, and which object it was made of.
    """

    drawings: Drawings
    shared: Array
    fold: int
    made_of: int


@dataclass(frozen=True)
class Misplaced:
    """Objects that were moved on purpose, or put where nothing stands: what speaks for each of their places, ``x`` (m,
    k, d), how far each is ``off`` the right one, where there is one, and ``away`` from where neighbours say that it
    should lie (m, k), metres, the ``fold`` of ground (m,), the ``kind`` (m,), ``SHIFTED`` or ``OBSOLETE``, and which
    object each was ``made_of`` (m,); see :func:`~.calibration.sound`.
    """

    x: Array
    off: Array
    away: Array
    fold: NDArray[np.intp]
    kind: NDArray[np.intp]
    made_of: NDArray[np.intp]

    @classmethod
    def all_of(cls, some: Sequence[Misplaced]) -> Misplaced:
        """Those of several rounds."""
        return cls(*(np.concatenate([getattr(one, field.name) for one in some]) for field in fields(cls)))

    def some(self, which: NDArray[np.bool_]) -> Misplaced:
        """Those chosen (m,)."""
        return Misplaced(*(getattr(self, field.name)[which] for field in fields(self)))


def places(chance: Array, x: Array, away: Array, fold: NDArray[np.intp], misplaced: Misplaced, seed: int
           ) -> tuple[Array, Array]:
    """Return P(kind) (n, K) of objects after asking where they belong, and how likely each of their places is the
    right one (n, k), NaN where that cannot be learnt.

    A shifted object has a likely place elsewhere, an obsolete one mostly none at all, or one that stands to another
    object. Both are told from right ones, which lie in their place, so that what makes one of them likelier is not
    taken from its rival alone.
    """
    moved = np.flatnonzero(misplaced.kind == SHIFTED)
    shown = [(misplaced.x[row], misplaced.off[row], int(misplaced.fold[row])) for row in moved]
    belonging = Belonging.learnt(shown, FOLDS, seed)
    if belonging is None or not len(x):
        return chance, np.full(x.shape[:2], np.nan)
    likely = belonging.likely(x, fold)
    known = certainty(belonging.likely(misplaced.x, misplaced.fold), misplaced.away)
    after = closer(chance, (OBSOLETE, SHIFTED), certainty(likely, away), fold, known, misplaced.kind, misplaced.fold,
                   seed)
    return after, likely


def outlines(chance: Array, drawings: Sequence[Drawings], fold: NDArray[np.intp], bent: Sequence[Bent], seed: int
             ) -> tuple[Array, list[Choice]]:
    """Return P(kind) (n, K) of objects after drawing them anew, and what outline to propose for each; none where that
    cannot be learnt.
    """
    redrawing = Redrawing.learnt([(one.drawings, one.shared, one.fold) for one in bent], FOLDS, seed)
    if redrawing is None or not len(drawings):
        return chance, []
    choices = redrawing.choose(drawings, fold)
    known_fold = np.array([one.fold for one in bent])
    known = redrawing.choose([one.drawings for one in bent], known_fold)
    kind = np.full(len(bent), RESHAPED)
    return closer(chance, (RESHAPED,), _gain(choices), fold, _gain(known), kind, known_fold, seed), choices


def _gain(choices: Sequence[Choice]) -> Array:
    """What drawings promise (n, 3): how much the outline as drawn and the best one are thought to share with the true
    one, and the difference.
    """
    return np.array([[choice.now, choice.then, choice.then - choice.now] for choice in choices])
