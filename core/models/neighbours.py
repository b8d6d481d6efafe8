"""Attention among neighbours: features and their relations, patches and the features near them, features and the
imagery under them. What a pair is to each other is a bias of its weight and a part of its message.

Each looks at a bounded number of others, so the cost grows with the number of features and not with its square. A
further key that says nothing takes the weight that no neighbour deserves: whoever has no neighbours gets nothing, and
whoever has one is not diluted.
"""

from __future__ import annotations

from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Layer = TypeVar("Layer", nn.Linear, nn.Conv2d)
QUIET = 0.2

class Messages(nn.Module):
    """What sources say to a target, given what they are to it: keys' weights (…, heads) and messages (…, dim)."""

    def __init__(self, dim: int, heads: int, known: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm, self.norm_source = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.query, self.key, self.value = nn.Linear(dim, dim), nn.Linear(dim, dim), nn.Linear(dim, dim)
        self.relation = nn.Linear(known, dim)
        self.bias = nn.Sequential(nn.Linear(known, 2 * heads), nn.GELU(), nn.Linear(2 * heads, heads))
        self.out = quiet(nn.Linear(dim, dim, bias=False))

    def queries(self, x: Tensor) -> Tensor:
        """What targets (…, dim) ask."""
        asked: Tensor = self.query(self.norm(x))
        return asked

    def said(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values (…, dim) of sources, before it is known to whom they speak."""
        normed = self.norm_source(source)
        return self.key(normed), self.value(normed)

    def weigh(self, query: Tensor, key: Tensor, known: Tensor) -> Tensor:
        """The logarithms of weights (…, heads), in full precision."""
        size = query.shape[-1] // self.heads
        product = (query * key).unflatten(-1, (self.heads, size)).sum(-1)
        logits: Tensor = (product / size**0.5 + self.bias(known)).float()
        return logits

    def message(self, value: Tensor, known: Tensor) -> Tensor:
        """What is said (…, heads, size): a source's value, seen from the target."""
        heard: Tensor = F.gelu(value + self.relation(known))
        parts: Tensor = heard.unflatten(-1, (self.heads, heard.shape[-1] // self.heads))
        return parts


class Padded(Messages):
    """Each target (n) has the same number of sources (k), some of which are absent."""

    def forward(self, x: Tensor, key: Tensor, value: Tensor, known: Tensor, present: Tensor) -> Tensor:
        """``x`` (n, dim), ``key`` and ``value`` (n, k, dim), ``known`` (n, k, r), ``present`` (n, k): what each hears
        (n, dim).
        """
        logits = self.weigh(self.queries(x)[:, None], key, known).masked_fill(~present[..., None], -torch.inf)
        silent = torch.zeros_like(logits[:, :1])
        weight = torch.cat([silent, logits], dim=1).softmax(dim=1)[:, 1:]
        heard = (weight.to(value.dtype)[..., None] * self.message(value, known)).sum(dim=1)
        out: Tensor = self.out(heard.flatten(-2))
        return out


class Linked(Messages):
    """Any number of sources a target: pairs ``target`` and ``source`` (e,)."""

    def forward(self, x: Tensor, target: Tensor, source: Tensor, known: Tensor) -> Tensor:
        """``x`` (n, dim) are targets and sources, ``known`` (e, r): what each hears (n, dim)."""
        key, value = self.said(x)
        logits = self.weigh(self.queries(x)[target], key[source], known)
        weight = softmax_by(logits, target, len(x))
        message = self.message(value[source], known)
        heard = torch.zeros(len(x), *message.shape[1:], dtype=message.dtype, device=x.device)
        heard = heard.index_add(0, target, weight.to(message.dtype)[..., None] * message)
        out: Tensor = self.out(heard.flatten(-2))
        return out


def softmax_by(logits: Tensor, target: Tensor, count: int) -> Tensor:
    """The softmax of logits (e, heads) over all pairs of one target, and one further key of logit 0."""
    index = target[:, None].expand_as(logits)
    top = torch.zeros(count, logits.shape[1], device=logits.device).scatter_reduce(
        0, index, logits.detach(), "amax", include_self=True)
    raised = (logits - top[target]).exp()
    total = (-top).exp().index_add(0, target, raised)
    return raised / total[target]


class Mixer(nn.Sequential):
    """The part of a round in which each thinks for itself."""

    def __init__(self, dim: int, times: int = 2) -> None:
        super().__init__(nn.LayerNorm(dim), nn.Linear(dim, times * dim), nn.GELU(),
                         quiet(nn.Linear(times * dim, dim)))


def quiet(layer: Layer) -> Layer:
    """Let a layer begin by saying little: what it adds to comes first."""
    with torch.no_grad():
        layer.weight.mul_(QUIET)
    return layer
