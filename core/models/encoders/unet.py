"""U-Nets as encoders: the plain baseline that begins from nothing."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional as F

from ..compact import block, expanded
from .card import EncoderCard
from .encoder import Encoder, Features, OneDateEncoder, Scene
from .published import Published

WIDTHS = (32, 64, 128, 256)


class UNetTrunk(nn.Module):
    """The contracting path of a U-Net (Ronneberger et al. 2015, arXiv 1505.04597) and, for features that know both, the
    expanding one.
    """

    def __init__(self, bands: int, widths: tuple[int, ...] = WIDTHS) -> None:
        super().__init__()
        self.down = nn.ModuleList([block(a, b) for a, b in zip((bands, *widths[:-1]), widths, strict=True)])
        self.up = nn.ModuleList([block(a + b, a) for a, b in pairwise(widths)])

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        """Images (B, bands, H, W) to maps at 1, 2, 4 and 8 pixels a cell."""
        levels: list[torch.Tensor] = []
        for depth, step in enumerate(self.down):
            x = step(F.max_pool2d(x, 2) if depth else x)
            levels.append(x)
        for depth in reversed(range(len(self.up))):
            x = expanded(self.up[depth], levels[depth], x)
            levels[depth] = x
        return levels


class UNetEncoder(OneDateEncoder):
    """A U-Net of ``bands`` bands; the vector is the mean of its coarsest map."""

    def __init__(self, card: EncoderCard, bands: int) -> None:
        super().__init__(card)
        self.trunk = UNetTrunk(bands)

    def encode_one(self, scene: Scene) -> Features:
        first, second, third, fourth = self.trunk(scene.values[:, :, 0])
        return Features((first, second, third, fourth), fourth.mean(dim=(2, 3)))


def _build(card: EncoderCard, bands: int) -> Encoder:
    return UNetEncoder(card, bands)


UNET = Published(
    EncoderCard("unet", "U-Net", (), WIDTHS, (1.0, 2.0, 4.0, 8.0), WIDTHS[-1], 8,
                publication="Ronneberger et al. 2015, arXiv 1505.04597"), _build, r"down\.0\.0\.weight")
