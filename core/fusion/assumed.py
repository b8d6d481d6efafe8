"""What is assumed of a source before it is known, and how it gives way to what reviewers find."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ASSUMED = 10.0
"""What is assumed of a source keeps half its weight at this many reviews of places where it speaks: of a class, of
places of that class.
"""


def expected_accuracy(accuracy: NDArray[np.floating], strength: NDArray[np.floating] | float) -> Array:
    """A Dirichlet prior (classes, classes): class c is said right with ``accuracy[c]``, worth ``strength[c]`` places;
    all other classes are said alike.
    """
    classes = len(accuracy)
    off = (1 - np.asarray(accuracy, np.float64)) / max(classes - 1, 1)
    prior = np.tile(off[:, None], (1, classes))
    np.fill_diagonal(prior, accuracy)
    scaled: Array = prior * np.broadcast_to(strength, classes)[:, None]
    return scaled


@dataclass(frozen=True)
class Assumed:
    """What is assumed of a source: ``prior`` (classes, classes), in places, of which each class keeps a ``share``."""

    prior: Array
    share: Array

    def held(self, counts: Array) -> Array:
        """What is still assumed where ``counts`` (classes, classes) were found: never more than its share of all."""
        most = counts.sum(axis=1) * self.share / np.maximum(1 - self.share, 1e-9)
        return np.asarray(self.prior * np.minimum(self.share, most / self.prior.sum(axis=1))[:, None])


def pooled(prior: Array, counts: Array, reviews: Array, quiet: int) -> Assumed:
    """What is assumed of a source after ``reviews`` (classes,) of places of each class, ``counts`` (classes, classes)
    being what it is believed to say by now: partial pooling (Gelman and Hill 2007, chapter 12).

    Reviews of any class tell how right the source is, and move what is assumed of all classes there. Only reviews of a
    class itself let it go: a rare class, of which few are looked at, would else be what belief makes of it, and belief
    follows the class. The ``quiet`` class stands alone: what is found of things tells nothing of bare ground.
    """
    own = np.arange(len(prior)) == quiet
    accuracy = np.where(own, _accuracy(counts, own), _accuracy(counts, ~own))
    stays = ASSUMED / (ASSUMED + np.where(own, reviews[own].sum(), reviews[~own].sum()))[:, None]
    held = stays * rows(prior) + (1 - stays) * expected_accuracy(accuracy, 1.0)
    return Assumed(held * prior.sum(axis=1, keepdims=True), ASSUMED / (ASSUMED + reviews))


def _accuracy(counts: Array, of: NDArray[np.bool_]) -> float:
    """How much of the places of some classes a source says right."""
    return float(np.diag(counts)[of].sum() / max(counts[of].sum(), 1e-9))


def rows(counts: Array) -> Array:
    """Counts (classes, classes) as shares of their rows."""
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))
