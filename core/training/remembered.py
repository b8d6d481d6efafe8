"""What a frozen encoder makes of crops, kept: its part of a step, by far the longest, is done once a crop and not once
a step.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from ..models.tuned.network import TunedNetwork
from ..models.tuned.seen import Seen, joined
from .chips import MEMORY_MB
from .selection import Selection
from .tuning_chips import TuningBatch, TuningDraw

LEAST, MOST = 64, 512
"""So many crops are kept: as many of ``MOST`` as ``MEMORY_MB`` holds."""


class RememberedDraw:
    """Batches of what a frozen encoder makes of crops.

    The first are those of the plain draw, in its order; once the memory is full, batches are drawn from it. So each
    crop is learnt from again and again as it was first turned and lit. The batch of a step depends on its number alone.
    """

    def __init__(self, draw: TuningDraw, network: TunedNetwork, selection: Selection | None, *, batch: int, seed: int,
                 mixed: bool) -> None:
        """``mixed``: the encoder computes in bfloat16 where that is safe."""
        self._draw, self._network, self._selection = draw, network, selection
        self._batch, self._seed, self._mixed = batch, seed, mixed
        self._kept: dict[int, TuningBatch] = {}
        self._room = 0

    def batch(self, step: int) -> TuningBatch:
        """The batch of a step."""
        if not self._room:
            first = self._remembered(0).x
            assert isinstance(first, Seen)
            fits = MEMORY_MB * 2**20 * self._batch // first.bytes
            self._room = -(-max(LEAST, min(MOST, fits)) // self._batch)
        if step < self._room:
            return self._remembered(step)
        rng = np.random.default_rng([self._seed, 23, step])
        picked = rng.choice(self._room * self._batch, self._batch, replace=False)
        return _joined([self._remembered(one // self._batch)[one % self._batch:][:1] for one in map(int, picked)])

    @torch.no_grad()
    def _remembered(self, number: int) -> TuningBatch:
        if number not in self._kept:
            batch = self._draw.batch(number)
            device = next(self._network.parameters()).device
            assert isinstance(batch.x, Tensor)
            x = batch.x.to(device)
            seen = self._look(x)
            if self._selection is not None:
                seen = replace(seen, views=tuple(self._look(self._selection.through(x, view)) for view in (0, 1)))
            self._kept[number] = replace(batch, x=seen)
        return self._kept[number]

    def _look(self, x: Tensor) -> Seen:
        try:
            with torch.autocast(x.device.type, torch.bfloat16, enabled=self._mixed):
                return self._network.look(x)
        except torch.OutOfMemoryError:
            if len(x) == 1:
                raise
        return joined([self._look(part) for part in x.chunk(2)])


def _joined(parts: list[TuningBatch]) -> TuningBatch:
    seen = joined([part.x for part in parts if isinstance(part.x, Seen)])
    target, weight, sure = (torch.cat([getattr(part, name) for part in parts]) for name in ("target", "weight", "sure"))
    return TuningBatch(seen, target, weight, sure)
