"""Adapters of several communities as one: the weighted mean of what each adds to the encoder, and of their decoders.

The mean is of the products B·A, not of A and of B, whose mean means nothing; the best product of the same rank stands
for it (Eckart and Young 1936).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ...errors import InputError
from .peft_files import Adapter


@dataclass(frozen=True)
class Merged:
    """The thin layers by name, the decoder's state, and the least share of a layer's mean that its rank could hold."""

    layers: dict[str, tuple[Tensor, Tensor]]
    decoder: dict[str, Tensor]
    kept: float


def merge(adapters: Sequence[Adapter], weights: Sequence[float]) -> Merged:
    """Join adapters; ``weights`` are brought to a sum of 1. Raises :class:`InputError` for adapters that do not belong
    together.
    """
    refuse_strangers(adapters)
    if len(weights) != len(adapters) or min(weights) < 0 or not sum(weights) > 0:
        raise InputError(f"{len(adapters)} adapters are given and the weights {', '.join(f'{w:g}' for w in weights)}; "
                         "give one a piece, none below 0.")
    share = [weight / sum(weights) for weight in weights]
    tuned = adapters[0].card.tuned
    assert tuned is not None
    layers, kept = {}, 1.0
    for layer in adapters[0].layers:
        pairs = [adapter.pair(layer) for adapter in adapters]
        a, b, own = _product(pairs, share, tuned.rank)
        layers[layer] = a, b
        kept = min(kept, own)
    decoder = {name: torch.stack([w * one.decoder[name].float() for one, w in zip(adapters, share, strict=True)]).sum(0)
               for name in adapters[0].decoder}
    return Merged(layers, decoder, kept)


def refuse_strangers(adapters: Sequence[Adapter]) -> None:
    """Raise :class:`InputError` unless all adapters add to the same layers of the same encoder, for the same bands and
    classes.
    """
    if len(adapters) < 2:
        raise InputError("At least two adapters are needed to be merged.")
    first = adapters[0]
    for other in adapters[1:]:
        a, b = first.card.tuned, other.card.tuned
        assert a is not None
        assert b is not None
        for what, one, two in (
            ("encoder", (a.encoder, a.base), (b.encoder, b.base)), ("rank", (a.rank, a.alpha), (b.rank, b.alpha)),
            ("bands", [band.name for band in a.bands], [band.name for band in b.bands]),
            ("number of dates", len(a.dates), len(b.dates)), ("layers", first.layers, other.layers),
            ("classes", [c.name for c in first.card.outputs[0].classes],
             [c.name for c in other.card.outputs[0].classes]),
            ("decoder", {k: v.shape for k, v in first.decoder.items()}, {k: v.shape for k, v in other.decoder.items()}),
        ):
            if one != two:
                raise InputError(f"The adapters {first.path} and {other.path} do not belong together: their {what} "
                                 "differ; fine-tune the same encoder with the same legend, bands and settings.")


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
