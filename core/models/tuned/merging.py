"""Adapters of several communities as one: the weighted mean of what each adds to the encoder, and of their decoders.

Of LoRA the mean is of the products B·A, not of A and of B, whose mean means nothing; the best product of the same rank
stands for it (Eckart and Young 1936). Decoders and Earth-Adapter's experts are not linear in their weights: the mean of
these is a model near both only while they have not gone far from a common beginning (Wortsman et al. 2022, arXiv
2203.05482), so it is taken of those that began alike and of no others; what it is worth, hold-outs say.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ...errors import InputError
from ...sources.bands import Band
from ..encoders.opening import known
from ..encoders.units import measured_units
from ..tuned_card import TunedCard
from .peft_files import Adapter, Learnt

ENTRANCE, ENTRANCE_BIAS = "pixels.0.weight", "pixels.0.bias"
"""The first layer of a decoder's path for single pixels."""


@dataclass(frozen=True)
class Merged:
    """What comes of it, and the least share of a layer's mean that its rank could hold (1 where there is no rank)."""

    learnt: Learnt
    kept: float


def merge(adapters: Sequence[Adapter], weights: Sequence[float]) -> Merged:
    """Join adapters; ``weights`` are brought to a sum of 1. Raises :class:`InputError` for adapters that do not belong
    together.
    """
    refuse_strangers(adapters)
    if len(weights) != len(adapters) or min(weights) < 0 or not 0 < sum(weights) < math.inf:
        raise InputError(f"{len(adapters)} adapters are given and the weights {', '.join(f'{w:g}' for w in weights)}; "
                         "give one a piece, none below 0.")
    share = [weight / sum(weights) for weight in weights]
    tuned = adapters[0].card.tuned
    assert tuned is not None
    every = [adapter.learnt for adapter in adapters]
    pairs, kept = {}, 1.0
    for layer in every[0].pairs:
        a, b, own = _product([one.pairs[layer] for one in every], share, tuned.rank)
        pairs[layer] = a, b
        kept = min(kept, own)
    return Merged(Learnt(pairs, _mean([one.others for one in every], share),
                         _mean([one.decoder for one in every], share)), kept)


def on_one_scale(adapters: Sequence[Adapter]) -> list[Adapter]:
    """The adapters, all with the scale of the first one's bands: each community standardises them by values of its own,
    and the first layer of the path for single pixels knows no other.
    """
    first = adapters[0].card.tuned
    assert first is not None
    return [_on_scale(adapter, first) for adapter in adapters]


def _on_scale(adapter: Adapter, wanted: TunedCard) -> Adapter:
    own, learnt = adapter.card.tuned, adapter.learnt
    assert own is not None
    if not own.pixels:
        return adapter
    dates = len(own.dates)
    told = torch.tensor([(a.mean, a.std, b.mean, b.std) for a, b in zip(own.bands, wanted.bands, strict=True)
                         for _ in range(dates)], dtype=torch.float64)
    mean, std, other_mean, other_std = told.T
    weight, bias = (learnt.decoder[name].double() for name in (ENTRANCE, ENTRANCE_BIAS))
    of_bands, of_dates = weight.flatten(1).split([len(told), dates], dim=1)
    moved = {ENTRANCE: torch.cat([of_bands * (other_std / std), of_dates], dim=1).view_as(weight).float(),
             ENTRANCE_BIAS: (bias + of_bands @ ((other_mean - mean) / std)).float()}
    return replace(adapter, learnt=replace(learnt, decoder=learnt.decoder | moved))


def refuse_strangers(adapters: Sequence[Adapter]) -> None:
    """Raise :class:`InputError` unless all adapters add to the same layers of the same encoder, for the same bands and
    classes, and, where their weights themselves are averaged, began alike.
    """
    if len(adapters) < 2:
        raise InputError("At least two adapters are needed to be merged.")
    values = [one.path for one in adapters if one.card.task == "regression"]
    if values:
        raise InputError(f"The adapter {values[0]} says values, each on a scale of its own; only adapters that say "
                         "classes can be merged.")
    first = adapters[0]
    for other in adapters[1:]:
        a, b = first.card.tuned, other.card.tuned
        assert a is not None
        assert b is not None
        for what, one, two in (
            ("method", a.method, b.method), ("encoder", (a.encoder, a.base), (b.encoder, b.base)),
            ("rank", (a.rank, a.alpha, a.inside), (b.rank, b.alpha, b.inside)),
            ("bands", [band.name for band in a.bands], [band.name for band in b.bands]),
            ("bands' scale and offset", _units(a), _units(b)),
            ("number of dates", len(a.dates), len(b.dates)),
            ("layers", _shapes(first.learnt.others) | dict.fromkeys(first.learnt.pairs, ()),
             _shapes(other.learnt.others) | dict.fromkeys(other.learnt.pairs, ())),
            ("classes", [c.name for c in first.card.outputs[0].classes],
             [c.name for c in other.card.outputs[0].classes]),
            ("decoder", _shapes(first.learnt.decoder), _shapes(other.learnt.decoder)),
        ):
            if one != two:
                raise InputError(f"The adapters {first.path} and {other.path} do not belong together: their {what} "
                                 "differ; fine-tune the same encoder with the same legend, bands and settings.")
        if a.method != "lora" and first.card.seed != other.card.seed:
            raise InputError(f"The adapters {first.path} and {other.path} began with the seeds {first.card.seed} and "
                             f"{other.card.seed}; with METHOD {a.method} only those that began alike have a mean, so "
                             "fine-tune with the same SEED everywhere.")


def _units(tuned: TunedCard) -> list[tuple[str, str]]:
    """Scale and offset of each band to what was measured, as far as they are known: the merged network takes bands as
    the first community stores them.
    """
    bands: tuple[Band, ...] = tuple(Band(band.name, band.wavelength_um, "", scale=band.scale, offset=band.offset)
                                    for band in tuned.bands)
    if known(tuned.encoder).card.bands:
        bands = measured_units(bands, [(band.mean, band.std) for band in tuned.bands]).bands
    return [(f"{band.scale:.6g}", f"{band.offset:.6g}") for band in bands]


def _shapes(tensors: dict[str, Tensor]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(one.shape) for name, one in tensors.items()}


def _mean(parts: Sequence[dict[str, Tensor]], share: Sequence[float]) -> dict[str, Tensor]:
    return {name: torch.stack([w * one[name].float() for one, w in zip(parts, share, strict=True)]).sum(0)
            for name in parts[0]}


def _product(pairs: Sequence[tuple[Tensor, Tensor]], share: Sequence[float], rank: int) -> tuple[Tensor, Tensor, float]:
    """The best pair of a rank for the weighted sum of products, and the share of the sum's square that it holds."""
    a = torch.cat([one.flatten(1) for one, _ in pairs]).double()
    b = torch.cat([w * one.flatten(1) for (_, one), w in zip(pairs, share, strict=True)], dim=1).double()
    (left, upper), (right, lower) = torch.linalg.qr(b), torch.linalg.qr(a.T)
    u, s, v = torch.linalg.svd(upper @ lower.T)
    root = s[:rank].sqrt()
    new_b, new_a = left @ u[:, :rank] * root, (root[:, None] * v[:rank]) @ right.T
    total = float((s**2).sum())
    held = float((s[:rank] ** 2).sum()) / total if total else 1.0
    return (new_a.float().reshape(rank, *pairs[0][0].shape[1:]),
            new_b.float().reshape(pairs[0][1].shape[0], rank, *pairs[0][1].shape[2:]), held)
