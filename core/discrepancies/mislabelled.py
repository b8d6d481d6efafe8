"""From what a feature looks like to how probable it is that its label is wrong.

Probabilities that were learnt from a layer's own labels, in other blocks of ground, foretell labels: where some of
these are wrong they are too timid, and where few features taught them they are too bold. So they are brought to the
temperature at which the labels are likeliest, if each is wrong by a certain chance and then any other one alike (Guo et
al. 2017; Patrini et al. 2017, forward correction). How many are wrong follows from the layer itself: give each feature
every label that it does not have, and see which share of the labels that it has can look as odd as these (see
:mod:`mixture`). The two depend on each other and are found in turn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .mixture import largest_share
from .odds import from_odds, log_odds

TEMPERATURES = np.geomspace(0.25, 2.5, 47)
TURNS = 3
ASSUMED_PLACES = 60.0
"""Features that the assumed share of wrong labels is worth."""
FLOOR = 1e-3
"""What learners never saw may be nevertheless."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Doubt:
    """What labels of ``classes`` sorts are worth beside what features look like: these speak at a ``temperature``, and
    ``wrong`` is the share of labels that are.
    """

    temperature: float
    wrong: float
    classes: int

    def voice(self, told: Array) -> Array:
        """The logarithm (n, k), to a constant, of what is ``told`` of the classes (n, k), at the temperature."""
        return np.asarray(np.log(told + FLOOR) / self.temperature)

    def chance(self, own: Array) -> Array:
        """How probable it is that labels are wrong whose classes have the probabilities ``own`` (n,) without them."""
        held = np.log(self.wrong / (1 - self.wrong) / (self.classes - 1))
        return from_odds(held + log_odds(1 - own))


def doubt(told: Array, label: NDArray[np.intp], assumed: float) -> Doubt:
    """Find out how far to trust labels (n,), given what is ``told`` of the k classes (n, k) by learners that did not
    see them. ``assumed`` is the share of wrong ones where nothing else is known. There must be two classes at least.
    """
    present = np.unique(label)
    wrong, temperature = assumed, 1.0
    for _ in range(TURNS):
        temperature = _temperature(told, label, wrong, len(present))
        odd = log_odds(1 - _softmax(Doubt(temperature, wrong, len(present)).voice(told)))[:, present]
        own = label[:, None] == present
        bound = largest_share(odd[~own], odd[own])
        wrong = (bound * len(label) + assumed * ASSUMED_PLACES) / (len(label) + ASSUMED_PLACES)
    return Doubt(temperature, wrong, len(present))


def _temperature(told: Array, label: NDArray[np.intp], wrong: float, classes: int) -> float:
    """The temperature at which labels are likeliest that are wrong by a chance of ``wrong``, then any other alike."""
    likelihood = []
    for one in TEMPERATURES:
        own = _softmax(np.log(told + FLOOR) / one)[np.arange(len(label)), label]
        likelihood.append(np.log((1 - wrong) * own + wrong * (1 - own) / (classes - 1)).sum())
    return float(TEMPERATURES[int(np.argmax(likelihood))])


def _softmax(score: Array) -> Array:
    p = np.exp(score - score.max(axis=1, keepdims=True))
    return np.asarray(p / p.sum(axis=1, keepdims=True))
