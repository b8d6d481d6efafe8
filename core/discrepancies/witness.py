"""A fusion network as a witness: what it says of features that it does not see, beside the imagery's probabilities.

It is asked about each feature of a layer while that feature is hidden: whether such a thing stands there, how far off
it is, how little its words were expected. What that is worth here is learnt as all looks are: the same questions are
put about errors put into the layer (see :mod:`injection`), and only what tells these apart counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..feedback import Feedback
from ..fusion.ground import Ground
from ..fusion.surprise import surprise_of
from ..models.fusion_net import FusionNet
from ..sources.imagery import BandStatistics
from ..sources.statements import Statements
from ..tokens.tokens import Tokens, tokens_from, tokens_of
from ..training.fusion_excerpts import Region
from .injection import Injected
from .odds import from_odds, log_odds

WORDS, FEWEST_OF_A_WORD = 16, 5
"""The commonest words of a layer, each of at least so many features, are asked for; rarer ones were hardly learnt."""


@dataclass(frozen=True)
class Heard:
    """What is said of n features, NaN of those not asked about: ``odds`` (n,) the logarithm of the odds that such a
    feature stands there; ``shift_px`` (n, 2) columns and rows to where it should lie; ``tags`` (n,) the surprise at its
    words, nats each; ``words`` (n, k) the logarithms of the probabilities of the layer's commonest words.
    """

    odds: NDArray[np.float64]
    shift_px: NDArray[np.float64]
    tags: NDArray[np.float64]
    words: NDArray[np.float64]

    def beside(self, found_px: NDArray[np.float64], pixel_m: float) -> NDArray[np.float64]:
        """What features are judged by (n, 4): the odds, how far the network would move each, how far from the place
        that was ``found_px`` (n, 2) without it, both in metres, and the surprise at its words.
        """
        far, apart = (np.hypot(*v.T) * pixel_m for v in (self.shift_px, self.shift_px - found_px))
        return np.asarray(np.nan_to_num(np.stack([self.odds, far, apart, self.tags], axis=1)))

    def told(self, row: int, pixel_m: float) -> dict[str, Any]:
        """What the evidence of a finding says of it."""
        odds, (x, y) = self.odds[row], self.shift_px[row] * pixel_m
        if np.isnan(odds):
            return {}
        return {"network": {"exists": round(float(from_odds(odds)), 3),
                            "shift_m": [round(float(x), 1), round(float(-y), 1)],
                            "tag_surprise": round(float(self.tags[row]), 2)}}


@dataclass(frozen=True)
class Witness:
    """A ``network`` that is asked about the layers of a ground; ``tokens`` are all their features, layer by layer."""

    network: FusionNet
    ground: Ground
    statistics: BandStatistics
    tokens: Tokens
    device: torch.device
    seed: int

    @classmethod
    def of(cls, network: FusionNet, ground: Ground, device: torch.device, seed: int) -> Witness:
        """Let a network hear all layers of a ground."""
        tokens = tokens_of([layer.features for layer in ground.layers], ground.grid)
        return cls(network, ground, ground.imagery.statistics(seed), tokens, device, seed)

    def own(self, layer: Statements, feedback: Feedback) -> Heard:
        """Ask about every feature of a layer."""
        every = np.arange(len(layer.support))
        return self._ask(layer, every, layer.support, every, np.ones(len(every), bool), feedback)

    def with_errors(self, layer: Statements, taught: NDArray[np.intp], made: Injected, feedback: Feedback) -> Heard:
        """Ask about the errors that were put into the features ``taught`` of a layer: row by row of ``made``."""
        return self._ask(layer, taught, made.shapes, taught[made.origin], made.kind > 0, feedback)

    def _ask(self, layer: Statements, gone: NDArray[np.intp], shapes: NDArray[np.object_], origin: NDArray[np.intp],
             about: NDArray[np.bool_], feedback: Feedback) -> Heard:
        """Ask about the ``shapes`` (n,) that take the place of the features ``gone`` of a layer; each has the words of
        its ``origin`` (n,).
        """
        known, first = self.tokens, self._first(layer)
        stay = np.setdiff1d(np.arange(len(known)), first + gone)
        rows = np.concatenate([stay, first + origin])
        tokens = tokens_from(np.concatenate([known.shapes[stay], shapes]), known.words.select(rows), known.pixel_m,
                             source=known.source[rows], layer=known.layer[rows], year=known.year[rows],
                             accuracy_m=known.accuracy_m[rows])
        region = Region(self.ground.imagery, self.ground.grid, tokens, self.statistics)
        chosen = np.concatenate([np.zeros(len(stay), bool), about])
        found = surprise_of(self.network, region, self.device, self.seed, feedback, chosen, self._words(layer))
        own = np.arange(len(stay), len(rows))
        shift = np.stack([found.dx_m[own], -found.dy_m[own]], axis=1) / known.pixel_m
        return Heard(np.asarray(log_odds(found.exists[own].astype(np.float64))), shift.astype(np.float64),
                     found.tags[own].astype(np.float64), found.words[own].astype(np.float64))

    def _first(self, layer: Statements) -> int:
        before = self.ground.layers[:self.ground.layers.index(layer)]
        return sum(len(other.support) for other in before)

    def _words(self, layer: Statements) -> list[int]:
        words, first = self.tokens.words, self._first(layer)
        mine = (words.feature >= first) & (words.feature < first + len(layer.support))
        place, count = np.unique(words.whole[words.tag[mine]], return_counts=True)
        common = np.argsort(-count, kind="stable")[:WORDS]
        return [int(place[i]) for i in common if count[i] >= FEWEST_OF_A_WORD]
