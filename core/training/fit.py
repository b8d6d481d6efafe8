"""The one fit: from labelled chips to a network."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from ..errors import InputError
from ..feedback import Feedback
from .chips import Chip


@dataclass(frozen=True)
class FitSettings:
    """How to fit. ``crop`` is the side of a training crop in pixels, ``average`` the decay of the weights' running mean
    (Polyak averaging), ``smoothing`` the share of a label's certainty given to all classes alike.
    """

    steps: int
    batch: int = 8
    crop: int = 128
    learning_rate: float = 3e-3
    weight_decay: float = 1e-4
    average: float = 0.97
    smoothing: float = 0.03
    seed: int = 0


class Crops:
    """Random crops of chips around labelled pixels, rare classes as often as common ones, turned and mirrored."""

    def __init__(self, chips: Sequence[Chip], fold: int, settings: FitSettings) -> None:
        self._chips, self._fold, self._settings = chips, fold, settings
        self._rng = np.random.default_rng([settings.seed, fold])
        classes = chips[0].mix.shape[0]
        counts = np.zeros((len(chips), classes))
        for i, chip in enumerate(chips):
            counts[i] = (chip.mix * chip.usable[fold]).sum(axis=(1, 2), dtype=np.float64)
        total = counts.sum(axis=0)
        if not total.any():
            raise InputError("A fold has no labelled pixel to learn from; give a larger EXTENT or more labels.")
        frequency = np.sqrt(total)
        self._class_share = frequency / frequency.sum()
        self._chip_share = counts / np.maximum(total, 1e-9)

    def batch(self) -> tuple[Tensor, Tensor]:
        """Return bands (B, bands, crop, crop) and mixes (B, classes, crop, crop), zero where nothing is to be learnt."""
        pairs = [self._crop() for _ in range(self._settings.batch)]
        return tuple(torch.from_numpy(np.stack(part)) for part in zip(*pairs, strict=True))  # type: ignore[return-value]

    def _crop(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        rng, side = self._rng, self._settings.crop
        wanted = int(rng.choice(len(self._class_share), p=self._class_share))
        chip = self._chips[int(rng.choice(len(self._chips), p=self._chip_share[:, wanted]))]
        usable = chip.usable[self._fold]
        places = np.flatnonzero((chip.mix[wanted] > 0.2) & usable)
        if not len(places):
            places = np.flatnonzero(usable)
        row, column = divmod(int(rng.choice(places)), usable.shape[1])
        jitter = rng.integers(-side // 3, side // 3 + 1, 2)
        row, column = (int(np.clip(at + j - side // 2, 0, usable.shape[0] - side))
                       for at, j in zip((row, column), jitter, strict=True))
        cut = np.s_[row:row + side, column:column + side]
        x = chip.x[(slice(None), *cut)].astype(np.float32)
        mix = chip.mix[(slice(None), *cut)].astype(np.float32) * usable[cut]
        turns, mirror = int(rng.integers(4)), bool(rng.random() < 0.5)
        x, mix = (np.rot90(a, turns, (1, 2)) for a in (x, mix))
        if mirror:
            x, mix = x[:, :, ::-1], mix[:, :, ::-1]
        x = x * rng.uniform(0.85, 1.15) + rng.uniform(-0.2, 0.2, (x.shape[0], 1, 1))
        return np.ascontiguousarray(x, dtype=np.float32), np.ascontiguousarray(mix)


def fit(network: nn.Module, chips: Sequence[Chip], fold: int, settings: FitSettings, device: torch.device,
        feedback: Feedback) -> nn.Module:
    """Fit a network to the pixels that ``fold`` may learn from; return the running mean of its weights.

    Mixed precision (bfloat16) on either device; the loss is the cross-entropy to the class mix, unlabelled pixels
    count nothing.
    """
    crops = Crops(chips, fold, settings)
    network = network.to(device, memory_format=torch.channels_last).train()  # type: ignore[call-overload]
    average = copy.deepcopy(network).eval()
    optimizer = torch.optim.AdamW(network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.learning_rate, total_steps=settings.steps, pct_start=0.15)
    smoothed = 0.0
    for step in range(settings.steps):
        feedback.check()
        x, mix = crops.batch()
        x = x.to(device, memory_format=torch.channels_last)
        mix = mix.to(device)
        with torch.autocast(device.type, torch.bfloat16):
            scores = network(x)
        loss = mixed_cross_entropy(scores.float(), mix, settings.smoothing)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        _follow(average, network, min(settings.average, (step + 1) / (step + 10)))
        smoothed = loss.item() if step == 0 else 0.95 * smoothed + 0.05 * loss.item()
        feedback.progress((step + 1) / settings.steps, f"step {step + 1} of {settings.steps}, loss {smoothed:.3f}")
    return average


def mixed_cross_entropy(scores: Tensor, mix: Tensor, smoothing: float) -> Tensor:
    """Mean cross-entropy of scores (B, K, H, W) to class mixes of the same shape over the pixels whose mix sums to 1."""
    known = (mix.sum(dim=1) > 0.5).float()
    softened = mix * (1 - smoothing) + known[:, None] * (smoothing / mix.shape[1])
    loss = -(softened * F.log_softmax(scores, dim=1)).sum(dim=1)
    return loss.sum() / known.sum().clamp(min=1.0)


@torch.no_grad()
def _follow(average: nn.Module, network: nn.Module, decay: float) -> None:
    for kept, current in zip(average.parameters(), network.parameters(), strict=True):
        kept.lerp_(current, 1 - decay)
