"""The first layer of a network that takes any bands: each band's weights are made from its wavelength, date and name.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..tokens.words import BUCKETS
from .fusion_batch import DESCRIBED

WAVES = 8
"""Sines and cosines of the logarithm of the wavelength, each of twice the frequency of the one before."""


class AnyBand(nn.Module):
    """Convolution weights made by a small network from what is known of each band, as DOFA does from its wavelength
    (Xiong et al. 2024, arXiv 2403.15356); a band without one, a height or a radar's, goes by its name.

    The weights of bands are summed, so their number and order do not matter. ``of`` also describes a band for others:
    what a network shall say of a band's values is read off its description.
    """

    def __init__(self, width: int, hidden: int = 64) -> None:
        super().__init__()
        self.width, self.hidden = width, hidden
        self.names = nn.Embedding(BUCKETS, 16)
        self.describe = nn.Sequential(nn.Linear(2 * WAVES + len(DESCRIBED) + 16, hidden), nn.GELU(),
                                      nn.Linear(hidden, hidden), nn.LayerNorm(hidden))
        self.weights = nn.Linear(hidden, width * 9)
        # A description has unit variance; divided by the root of its length, its weights begin with a variance of
        # 2 / 9, and a step of the optimiser moves them about as far as it moves any others.
        nn.init.normal_(self.weights.weight, std=(2 / 9) ** 0.5)
        nn.init.zeros_(self.weights.bias)

    def of(self, band: Tensor, name: Tensor) -> Tensor:
        """Describe bands (bands, ``DESCRIBED``) with names (bands,) as vectors (bands, hidden)."""
        frequency = math.pi / 4 * 2.0 ** torch.arange(WAVES, device=band.device)
        wave = band[:, :1] * frequency * band[:, 1:2]
        known = torch.cat([wave.sin(), wave.cos(), band, self.names(name)], dim=1)
        described: Tensor = self.describe(known)
        return described

    def forward(self, x: Tensor, band: Tensor, name: Tensor) -> Tensor:
        """Bands (B, bands, H, W) to features (B, width, H, W)."""
        made = self.weights(self.of(band, name)) / self.hidden**0.5
        weight = made.view(len(band), self.width, 3, 3).transpose(0, 1)
        return F.conv2d(x, weight.to(x.dtype) / len(band) ** 0.5, padding=1)
