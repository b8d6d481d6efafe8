"""LoRA (Hu et al. 2021, arXiv 2106.09685): a layer stays as it is, and a product of two thin ones is added to it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn

MOST = 16
"""The largest rank that is chosen without being asked for."""


class Lora(nn.Module):
    """A linear layer or a convolution, frozen, with an addition of low rank, which begins as nothing."""

    def __init__(self, base: nn.Linear | nn.Conv2d, rank: int, alpha: float) -> None:
        super().__init__()
        self.base, self.scaling = base, alpha / rank
        self.lora_A: nn.Linear | nn.Conv2d
        self.lora_B: nn.Linear | nn.Conv2d
        if isinstance(base, nn.Linear):
            self.lora_A = nn.Linear(base.in_features, rank, bias=False)
            self.lora_B = nn.Linear(rank, base.out_features, bias=False)
        else:
            self.lora_A = nn.Conv2d(base.in_channels, rank, base.kernel_size, base.stride,  # type: ignore[arg-type]
                                    base.padding, base.dilation, bias=False)  # type: ignore[arg-type]
            self.lora_B = nn.Conv2d(rank, base.out_channels, 1, bias=False)
        nn.init.kaiming_uniform_(self.lora_A.weight, a=math.sqrt(5))
        nn.init.zeros_(self.lora_B.weight)

    def forward(self, x: Tensor) -> Tensor:
        added: Tensor = self.lora_B(self.lora_A(x))
        kept: Tensor = self.base(x)
        return kept + self.scaling * added


def places(trunk: nn.Module) -> Iterator[tuple[str, nn.Linear | nn.Conv2d]]:
    """The layers of a trunk that are added to, with their names: all that repeat, none that make the first tokens."""
    for name, module in trunk.named_modules():
        repeats = any(part.isdigit() for part in name.split(".")) and "embed" not in name
        if repeats and (isinstance(module, nn.Linear) or (isinstance(module, nn.Conv2d) and module.groups == 1)):
            yield name, module


def insert(trunk: nn.Module, rank: int, alpha: float) -> None:
    """Put LoRA into a trunk."""
    for name, module in list(places(trunk)):
        parent, _, own = name.rpartition(".")
        setattr(trunk.get_submodule(parent), own, Lora(module, rank, alpha))


def rank_for(trunk: nn.Module, share: float) -> int:
    """The rank at which the additions hold about a ``share`` of a trunk's weights: 1 to ``MOST``."""
    unit = sum(_unit(module) for _, module in places(trunk))
    weights = sum(parameter.numel() for parameter in trunk.parameters())
    return max(1, min(MOST, int(share * weights / max(unit, 1))))


def loras(network: nn.Module) -> dict[str, Lora]:
    """The additions of a network by the name of their layer."""
    return {name: module for name, module in network.named_modules() if isinstance(module, Lora)}


@torch.no_grad()
def difference(lora: Lora) -> Tensor:
    """What is added to the layer's weight, as a matrix (out, in), the kernel's places flattened into ``in``."""
    product: Tensor = lora.lora_B.weight.flatten(1) @ lora.lora_A.weight.flatten(1)
    return lora.scaling * product


def _unit(module: nn.Linear | nn.Conv2d) -> int:
    """Weights of an addition of rank 1."""
    return int(module.weight.shape[0] + module.weight[0].numel())
