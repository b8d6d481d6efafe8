"""Where a feature lies on what the imagery alone says: features of maps are often a few metres off.

A feature is laid upon the classes that the imagery shows, where it is drawn and at places around. How well it lies at
each is what of its own class is inside, what of other classes is around it, and how little of the place another feature
covers; where it belongs is the mean of all places, weighed by that. Where nothing tells one place from another, that is
where it is drawn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .fusion_batch import Batch
from .looks import Looks

RINGS_PX = (1.5, 3.0, 5.0, 8.0, 12.0, 16.0)
WAYS = (8, 8, 12, 12, 12, 12)
"""How far off and in how many directions a feature is tried: a blunder further off is not found by laying it upon."""
LEAST = 0.01
"""Probabilities are cut off here: one pixel that is sure of something else does not decide."""
AT_A_TIME = 2**19
"""So many looks are taken at a time."""
TOLD = 7
"""What is told of how a feature lies: what speaks for it inside and around and how much of it is free, where it is
drawn and where it belongs, and how far these are apart.
"""


@dataclass(frozen=True)
class Alignment:
    """``offset_px`` (N, 2) columns and rows from where features are drawn to where they belong, and what is ``told``
    (N, ``TOLD``) of how well they lie.
    """

    offset_px: Tensor
    told: Tensor


class Align(nn.Module):
    """Lays features upon what the imagery says. What it learns is how far to trust that, and how far maps are off."""

    places: Tensor
    ring: Tensor

    def __init__(self) -> None:
        super().__init__()
        places, ring = [(0.0, 0.0)], [0]
        for number, (far, ways) in enumerate(zip(RINGS_PX, WAYS, strict=True), start=1):
            for way in range(ways):
                angle = 2 * math.pi * (way + 0.5 * (number % 2)) / ways
                places.append((far * math.cos(angle), far * math.sin(angle)))
                ring.append(number)
        self.register_buffer("places", torch.tensor(places), persistent=False)
        self.register_buffer("ring", torch.tensor(ring), persistent=False)
        self.trust = nn.Parameter(torch.tensor([4.0, 4.0, 4.0]))
        self.prior = nn.Parameter(torch.tensor([3.0] + [0.0] * len(RINGS_PX)))

    def forward(self, seen: Tensor, own: Tensor, looks: Looks, painted: Tensor) -> Alignment:
        """``seen`` (B, classes, S, S) scores of the imagery alone, ``own`` (N, classes) what classes features may be
        of, as probabilities; ``painted`` (B, S, S) as of a :class:`Batch`.
        """
        like = seen.detach().float().softmax(dim=1), own.detach().float()
        fit = self._lying(*like, looks, painted).to(self.trust.dtype)
        weight = (fit @ self.trust + self.prior[self.ring]).softmax(dim=1)
        offset = weight @ self.places.to(weight.dtype)
        there = (weight[..., None] * fit).sum(dim=1)
        far = torch.log1p(offset.norm(dim=1, keepdim=True).detach())
        return Alignment(offset, torch.cat([fit[:, 0], there.detach(), far], dim=1))

    @torch.no_grad()
    def _lying(self, seen: Tensor, own: Tensor, looks: Looks, painted: Tensor) -> Tensor:
        """How features lie at each place (N, places, 3): the mean logarithms of their own classes inside and of all
        others around, and minus the share of it that other features cover.
        """
        count, each = looks.inside.shape
        itself = torch.arange(count, device=own.device)[:, None, None]
        found = []
        # As many places at a time as keep the memory within bounds, however many features there are.
        for places in self.places.to(looks.xy.dtype).split(max(1, AT_A_TIME // max(1, count * each))):
            there = looks.tried(places)
            like = (there.at(seen) * own[:, None]).sum(dim=-1).unflatten(1, (-1, each))
            above = there.on(painted).unflatten(1, (-1, each))
            free = ((above < 0) | (above == itself)).to(like.dtype) - 1
            inside, around = looks.inside[:, None].to(like.dtype), looks.around[:, None].to(like.dtype)
            found.append(torch.stack([
                _mean(like.clamp(min=LEAST).log(), inside), _mean((1 - like).clamp(min=LEAST).log(), around),
                _mean(free, inside)], dim=-1))
        return torch.cat(found, dim=1)


def _mean(values: Tensor, weight: Tensor) -> Tensor:
    mean: Tensor = (values * weight).sum(dim=-1) / weight.sum(dim=-1).clamp(min=1)
    return mean


@torch.no_grad()
def painted_at(batch: Batch, offset_px: Tensor) -> Tensor:
    """The feature that covers each pixel (B, S, S) once each is moved by ``offset_px`` (N, 2); −1 where none does."""
    tile, row, column = torch.nonzero(batch.painted >= 0, as_tuple=True)
    number = batch.painted[tile, row, column]
    by = offset_px.round().long()
    row, column = row + by[number, 1], column + by[number, 0]
    side = batch.painted.shape[-1]
    inside = (row >= 0) & (row < side) & (column >= 0) & (column < side)
    place = ((tile * side + row) * side + column)[inside]
    # Where two meet the later one lies on top, whatever the order in which they are written.
    flat = torch.full((batch.painted.numel(),), -1, dtype=torch.long, device=batch.painted.device)
    return flat.scatter_reduce(0, place, number[inside], "amax").view_as(batch.painted)
