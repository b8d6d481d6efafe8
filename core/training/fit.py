"""The one fit: from labelled chips to a network."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from ..errors import InputError
from ..feedback import Feedback
from ..models.compact import BatchNorm
from ..models.precision import mixed

if TYPE_CHECKING:
    from .chips import Chip
    from .selection import Selection

Network = TypeVar("Network", bound=nn.Module)
SETTLE = 16
"""Batches from which the statistics of batch normalisation are estimated after a fit."""


@dataclass(frozen=True)
class FitSettings:
    """How to fit. ``crop`` is the side of a training crop in pixels (1: single pixels), ``average`` the decay of the
    weights' running mean (Polyak averaging), ``smoothing`` the share of a label's certainty given to all classes
    alike. ``gain`` and ``offset`` bound the random change of light: a factor for all bands, an addition for each, in
    deviations.
    """

    steps: int
    batch: int = 8
    crop: int = 128
    learning_rate: float = 3e-3
    weight_decay: float = 1e-4
    average: float = 0.97
    smoothing: float = 0.03
    gain: float = 0.15
    offset: float = 0.2
    seed: int = 0


class Places:
    """The pixels of chips that a fold may learn from, and how likely each is to be drawn."""

    def __init__(self, chips: Sequence[Chip], fold: int, power: float) -> None:
        """``power`` of a pixel's weight says how often it is drawn."""
        self._places: list[NDArray[np.int64]] = []
        self._shares: list[NDArray[np.float64]] = []
        for chip in chips:
            weight = chip.weight**power * chip.usable[fold] * (chip.mix.sum(axis=0) > 0.5)
            places = np.flatnonzero(weight)
            self._places.append(places)
            self._shares.append(np.cumsum(weight.ravel()[places], dtype=np.float64))
        totals = np.array([share[-1] if len(share) else 0.0 for share in self._shares])
        if not totals.any():
            raise InputError("A fold has no labelled pixel to learn from; give a larger EXTENT or more labels.")
        self._chip_share = totals / totals.sum()

    def draw(self, count: int, rng: np.random.Generator) -> Iterator[tuple[int, NDArray[np.int64]]]:
        """Draw ``count`` pixels; yield the number of each chip that has some, and its pixels (flat indices)."""
        for number, n in enumerate(rng.multinomial(count, self._chip_share)):
            if n:
                shares = self._shares[number]
                at = np.searchsorted(shares, rng.random(n) * shares[-1])
                yield number, self._places[number][np.minimum(at, len(shares) - 1)]


def check_folds(chips: Sequence[Chip], folds: int) -> None:
    """Raise :class:`InputError` if a fold's network has no pixel to learn from, before the first one is fitted."""
    for fold in range(folds):
        Places(chips, fold, power=1.0)


Batch = tuple[Tensor, Tensor, Tensor, Tensor]
"""Bands (B, bands, H, W), mixes (B, classes, H, W), the loss's weights (B, H, W), and where a reviewer is sure."""


class Pixels:
    """Single pixels, each drawn as often as its weight says: for networks that look at one pixel at a time."""

    def __init__(self, chips: Sequence[Chip], fold: int, settings: FitSettings) -> None:
        self._chips, self._settings = chips, settings
        self._rng = np.random.default_rng([settings.seed, fold])
        self._places = Places(chips, fold, power=1.0)

    def batch(self) -> Batch:
        """Draw a batch of images of one pixel."""
        x, mix, sure = [], [], []
        for number, places in self._places.draw(self._settings.batch, self._rng):
            chip = self._chips[number]
            x.append(chip.x.reshape(len(chip.x), -1).T[places])
            mix.append(chip.mix.reshape(len(chip.mix), -1).T[places])
            sure.append(chip.sure.ravel()[places])
        bands, mixes = (np.concatenate(part).astype(np.float32)[:, :, None, None] for part in (x, mix))
        return (torch.from_numpy(bands), torch.from_numpy(mixes), torch.ones(len(bands), 1, 1),
                torch.from_numpy(np.concatenate(sure)[:, None, None]))


class Crops:
    """Random crops of chips around labelled pixels, turned, mirrored, and in another light.

    A pixel's weight is spent half on how often it is drawn and half on how much it counts in the loss, so that small
    features are seen often without being all that is seen.
    """

    def __init__(self, chips: Sequence[Chip], fold: int, settings: FitSettings) -> None:
        self._chips, self._fold, self._settings = chips, fold, settings
        self._rng = np.random.default_rng([settings.seed, fold])
        self._places = Places(chips, fold, power=0.5)

    def batch(self) -> Batch:
        """Draw a batch of crops."""
        drawn = [self._crop(self._chips[number], int(place))
                 for number, places in self._places.draw(self._settings.batch, self._rng) for place in places]
        x, mix, weight, sure = (torch.from_numpy(np.stack(part)) for part in zip(*drawn, strict=True))
        return x, mix, weight, sure

    def _crop(self, chip: Chip, place: int
              ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
        rng, side = self._rng, self._settings.crop
        usable = chip.usable[self._fold]
        row, column = divmod(place, usable.shape[1])
        row, column = (int(np.clip(at - rng.integers(side), 0, end - side))
                       for at, end in zip((row, column), usable.shape, strict=True))
        cut = np.s_[row:row + side, column:column + side]
        x = chip.x[(slice(None), *cut)].astype(np.float32)
        mix = chip.mix[(slice(None), *cut)].astype(np.float32)
        weight = np.sqrt(chip.weight[cut]) * usable[cut]
        turns, mirror = int(rng.integers(4)), bool(rng.random() < 0.5)
        x, mix, weight = (np.rot90(a, turns, (-2, -1)) for a in (x, mix, weight))
        sure = np.rot90(chip.sure[cut], turns, (-2, -1))
        if mirror:
            x, mix, weight, sure = x[..., ::-1], mix[..., ::-1], weight[..., ::-1], sure[..., ::-1]
        gain, offset = self._settings.gain, self._settings.offset
        lit = x * (1 + rng.uniform(-gain, gain)) + rng.uniform(-offset, offset, (x.shape[0], 1, 1))
        return (np.ascontiguousarray(lit, dtype=np.float32), np.ascontiguousarray(mix),
                np.ascontiguousarray(weight, dtype=np.float32), np.ascontiguousarray(sure))


def fit(network: Network, chips: Sequence[Chip], fold: int, settings: FitSettings, device: torch.device,
        feedback: Feedback, selection: Selection | None = None) -> Network:
    """Fit a network to the pixels that ``fold`` may learn from; return the running mean of its weights.

    Mixed precision where the device has it; the loss is the cross-entropy to the class mix, unlabelled pixels
    count nothing, and with a ``selection`` the others as far as two views bear their labels out. That is for networks
    that know the classes already.
    """
    draw = Pixels(chips, fold, settings) if settings.crop == 1 else Crops(chips, fold, settings)
    network = network.to(device, memory_format=torch.channels_last).train()  # type: ignore[call-overload]
    average = copy.deepcopy(network).eval()
    optimizer = torch.optim.AdamW(network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.learning_rate, total_steps=settings.steps, pct_start=0.15)
    views = np.random.default_rng([settings.seed, fold, 1])
    smoothed = 0.0
    for step in range(settings.steps):
        feedback.check()
        x, mix, weight, sure = (part.to(device) for part in draw.batch())
        x = x.contiguous(memory_format=torch.channels_last)
        with mixed(device):
            if selection is not None:
                weight = weight * selection.weights(average, x, mix, sure, step / settings.steps)
                x = selection.mixed(x, views.random(len(x)).tolist())
            scores = network(x)
        loss = mixed_cross_entropy(scores.float(), mix, weight, settings.smoothing)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        _follow(average, network, min(settings.average, (step + 1) / (step + 10)))
        smoothed = loss.item() if step == 0 else 0.95 * smoothed + 0.05 * loss.item()
        feedback.progress((step + 1) / settings.steps, f"step {step + 1} of {settings.steps}, loss {smoothed:.3f}")
    settle(average, draw, device)
    return average


@torch.no_grad()
def settle(network: nn.Module, draw: Pixels | Crops, device: torch.device) -> None:
    """Estimate the statistics of batch normalisation anew, as the mean over ``SETTLE`` batches: those gathered while
    the weights changed are not those of the weights' mean (Izmailov et al. 2018, arXiv 1803.05407).
    """
    norms = [module for module in network.modules() if isinstance(module, BatchNorm)]
    if not norms:
        return
    network.train()
    for number in range(1, SETTLE + 1):
        for norm in norms:
            norm.momentum = 1 / number
        with mixed(device):
            network(draw.batch()[0].to(device).contiguous(memory_format=torch.channels_last))
    network.eval()


def mixed_cross_entropy(scores: Tensor, mix: Tensor, weight: Tensor, smoothing: float) -> Tensor:
    """Weighted mean cross-entropy of scores (B, K, H, W) to class mixes of the same shape; ``weight`` (B, H, W). Pixels
    whose mix does not sum to 1 count nothing.
    """
    counted = weight * (mix.sum(dim=1) > 0.5)
    softened = mix * (1 - smoothing) + smoothing / mix.shape[1]
    loss = -(softened * F.log_softmax(scores, dim=1)).sum(dim=1)
    return (loss * counted).sum() / counted.sum().clamp(min=1e-6)


@torch.no_grad()
def _follow(average: nn.Module, network: nn.Module, decay: float) -> None:
    for kept, current in zip(average.parameters(), network.parameters(), strict=True):
        kept.lerp_(current, 1 - decay)
