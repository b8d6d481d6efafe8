"""About how long judging and aligning will take here, said before they start.

Rates are seconds of one processor core of an Intel Xeon at 2.8 GHz, as ``./dev.sh benchmark discrepancies`` and
``scale_flags`` print them by stage; a small piece of the same kind of work says how fast this machine is now, other
programs on it included. Expect a factor of two.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from ..crew import cores
from ..fusion.ground import Ground
from ..sources.statements import Statements

OBJECT, AREA, VISIT, ALIGNED = 0.012, 0.035, 0.002, 0.0045
"""For each object (a legend's background says what is beside it), area, visit; and each object to be aligned alone."""
LEARNT, ENOUGH = 90.0, 1500
"""To learn what errors and hidden objects look like, in a layer of so many objects and more."""
MEGAPIXEL = 0.45
"""To look for what is missing in a million pixels."""
TRIAL_SECONDS = 0.022
"""Of the trial on that core when nothing else ran."""


def seconds_to_judge(ground: Ground) -> float:
    """About how long it takes to judge all features of a run."""
    total = 0.0
    for layer in ground.layers:
        number = len(layer.features)
        if layer.features.kind == "field":
            total += VISIT * number
        elif layer.background is None:
            total += AREA * number
        else:
            total += OBJECT * number + LEARNT * min(1.0, number / ENOUGH)
            total += MEGAPIXEL * ground.grid.width * ground.grid.height / 1e6
    return total * slowness() / cores()


def seconds_to_align(layers: Sequence[Statements]) -> float:
    """About how long it takes to align layers and do nothing else."""
    return sum(ALIGNED * len(layer.features) for layer in layers) * slowness() / cores()


def slowness() -> float:
    """How many times longer than on the core of the rates a piece of work takes here and now."""
    tile = np.random.default_rng(0).normal(size=(16, 256, 256)).astype(np.float32)
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        np.exp(-np.abs(np.fft.irfft2(np.fft.rfft2(tile)))).sum()
        taken.append(time.perf_counter() - began)
    return float(np.median(taken)) / TRIAL_SECONDS
