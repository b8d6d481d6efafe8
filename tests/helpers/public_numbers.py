"""Weights and images that look like noise and are the same wherever they are made: no generator, one formula."""

from __future__ import annotations

from collections.abc import Mapping

import torch


def noise(shape: tuple[int, ...], seed: int) -> torch.Tensor:
    """Numbers from -0.5 to 0.5: the fractions of a large multiple of a sine."""
    count = 1
    for side in shape:
        count *= side
    turn = torch.arange(count, dtype=torch.float64) * 12.9898 + seed * 78.233
    return ((turn.sin() * 43758.5453) % 1.0 - 0.5).view(shape).float()


def state(layout: Mapping[str, tuple[int, ...]]) -> dict[str, torch.Tensor]:
    """Weights for keys and shapes: small where they are summed over many, near 1 where they multiply one channel."""
    made = {}
    for seed, (key, shape) in enumerate(sorted(layout.items())):
        values = noise(shape, seed)
        inside = 1
        for side in shape[1:]:
            inside *= side
        if key.endswith("num_batches_tracked"):
            made[key] = torch.tensor(7)
        elif key.endswith("running_var") or (len(shape) == 1 and key.endswith("weight")):
            made[key] = 1.0 + values
        else:
            made[key] = values * (3.0 / inside) ** 0.5 if len(shape) > 1 else values * 0.2
    return made
