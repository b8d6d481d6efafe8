"""Earth-Adapter (Hu et al. 2025, arXiv 2504.06220): small experts for what changes slowly over the ground, for what
changes fast, and for both, mixed anew at every place.

Written from the paper. It puts experts of frequencies into some blocks of one network of fixed size; here they refine
the four maps that the decoder reads, of any size, and every block gets the plain expert.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CUTOFF = 0.3
"""Frequencies up to this share of the highest are slow."""
SCALE = 0.1
MOST = 64


def low_pass(side: int, cutoff: float = CUTOFF, device: torch.device | None = None) -> Tensor:
    """The matrix (side, side) that keeps of a periodic signal what a centred box in its Fourier transform keeps."""
    kept = int(cutoff * side / 2)
    at = torch.arange(side, device=device, dtype=torch.float32)
    waves = torch.arange(1, kept + 1, device=device, dtype=torch.float32)
    turn = 2 * torch.pi / side * (at[:, None] - at[None])
    matrix: Tensor = (1 + 2 * torch.cos(turn[..., None] * waves).sum(dim=-1)) / side
    return matrix


class Expert(nn.Module):
    """Two thin layers on the last axis, which begin by saying nothing."""

    def __init__(self, width: int, inside: int) -> None:
        super().__init__()
        self.down, self.up = nn.Linear(width, inside), nn.Linear(inside, width)
        nn.init.zeros_(self.up.weight)
        nn.init.zeros_(self.up.bias)

    def forward(self, x: Tensor) -> Tensor:
        said: Tensor = self.up(F.gelu(self.down(x)))
        return said


class FrequencyAdapter(nn.Module):
    """A mixture of three experts on a map (B, width, H, W): of the whole, of its slow and of its fast part."""

    def __init__(self, width: int, inside: int) -> None:
        super().__init__()
        self.experts = nn.ModuleList([Expert(width, inside) for _ in range(3)])
        self.router = nn.Linear(width, 3)

    def forward(self, x: Tensor) -> Tensor:
        height, width = x.shape[-2:]
        rows, columns = (low_pass(int(side), device=x.device).to(x.dtype) for side in (height, width))
        slow = rows @ x @ columns
        parts = [part.permute(0, 2, 3, 1) for part in (x, slow, x - slow)]
        share = self.router(parts[0]).softmax(dim=-1)
        said = torch.stack([expert(part) for expert, part in zip(self.experts, parts, strict=True)], dim=-1)
        mixed = (said * share[..., None, :]).sum(dim=-1)
        refined: Tensor = x + SCALE * mixed.permute(0, 3, 1, 2)
        return refined


class AdaptedBlock(nn.Module):
    """A block of a trunk with a plain expert after it: on tokens, whose last axis is their width, or, after
    convolutions, on a map (B, width, H, W).
    """

    def __init__(self, block: nn.Module, inside: int) -> None:
        super().__init__()
        self.on_map = isinstance(_last(block), nn.Conv2d)
        self.block, self.expert = block, Expert(_width(block), inside)

    def forward(self, x: Tensor, *more: Any, **named: Any) -> Tensor:
        out: Tensor = self.block(x, *more, **named)
        said: Tensor = (self.expert(out.permute(0, 2, 3, 1)).permute(0, 3, 1, 2) if self.on_map
                        else self.expert(out))
        return out + SCALE * said


def blocks_of(trunk: nn.Module) -> list[tuple[str, int]]:
    """The blocks of a trunk with the width of what they return: those of transformers, and the last of each stage of
    ResNets, wherever in the trunk they are. Decoders are left as they are.
    """
    found: list[tuple[str, int]] = []
    for name, module in trunk.named_modules():
        own = name.rpartition(".")[2]
        if "decoder" in name:
            continue
        if own == "blocks" and isinstance(module, nn.ModuleList):
            found += [(f"{name}.{number}", _width(block)) for number, block in enumerate(module)]
        elif own.startswith("layer") and isinstance(module, nn.Sequential):
            found.append((f"{name}.{len(module) - 1}", _width(module[-1])))
    return found


def insert(trunk: nn.Module, inside: int) -> None:
    """Put plain experts after the blocks of a trunk."""
    for name, _ in blocks_of(trunk):
        parent, _, own = name.rpartition(".")
        holder = trunk.get_submodule(parent)
        setattr(holder, own, AdaptedBlock(holder.get_submodule(own), inside))


def inside_for(trunk: nn.Module, widths: tuple[int, ...], share: float) -> int:
    """The width inside experts at which all hold about a ``share`` of a trunk's weights: 2 to ``MOST``."""
    unit = 2 * (sum(width for _, width in blocks_of(trunk)) + 3 * sum(widths))
    weights = sum(parameter.numel() for parameter in trunk.parameters())
    return max(2, min(MOST, int(share * weights / unit)))


def _width(block: nn.Module) -> int:
    """The width of what a block returns: that of its last layer."""
    layer = _last(block)
    return layer.out_features if isinstance(layer, nn.Linear) else layer.out_channels


def _last(block: nn.Module) -> nn.Linear | nn.Conv2d:
    """The last layer of a block; the one of a shortcut is none."""
    return [module for module in block.modules() if isinstance(module, nn.Linear | nn.Conv2d)
            and not (isinstance(module, nn.Conv2d) and module.kernel_size == (1, 1) and module.stride != (1, 1))][-1]
