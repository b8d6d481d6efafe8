"""The compact network for coarse imagery, where a pixel's spectrum says more than its shape."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SCALES = (3, 7, 15)
TEXTURE = 7


class ContextNet(nn.Module):
    """A perceptron on each pixel's bands, their local means at ``SCALES`` pixels and their local spread.

    :meth:`prepare` turns normalised bands (B, bands, H, W) into these; the network takes them and returns class scores
    (B, classes, H, W) before the softmax, for any H and W. So a fit looks at single pixels whose surroundings have been
    summed up once. At 10 m, with some hundred labelled fields, it learns more in the same time than a U-Net.
    """

    of_pixels = True
    """Whether a pixel's scores depend on what is prepared of this pixel alone."""
    views: tuple[list[int], ...] = ([],)

    def __init__(self, bands: int, classes: int, widths: tuple[int, ...] = (96, 96), dropout: float = 0.2) -> None:
        super().__init__()
        self.bands, self.classes, self.widths = bands, classes, widths
        layers: list[nn.Module] = []
        inside = bands * (2 + len(SCALES))
        for width in widths:
            layers += [nn.Conv2d(inside, width, 1), nn.ReLU(inplace=True), nn.Dropout(dropout)]
            inside = width
        self.perceptron = nn.Sequential(*layers, nn.Conv2d(inside, classes, 1))

    def prepare(self, x: Tensor) -> Tensor:
        """Normalised bands (B, bands, H, W) with their surroundings, (B, 5 · bands, H, W)."""
        return context(x)

    def forward(self, x: Tensor) -> Tensor:
        scores: Tensor = self.perceptron(x)
        return scores


def context(x: Tensor) -> Tensor:
    """Bands (B, bands, H, W) with their local means and the logarithm of their local spread, (B, 5 · bands, H, W)."""
    x = x.float()
    means = [_mean(x, scale) for scale in SCALES]
    centre = _mean(x, TEXTURE)
    spread = (_mean(x * x, TEXTURE) - centre * centre).clamp(min=1e-4).log() * 0.15
    return torch.cat([x, *means, spread], dim=1)


def _mean(x: Tensor, side: int) -> Tensor:
    down = F.avg_pool2d(x, (side, 1), stride=1, padding=(side // 2, 0), count_include_pad=False)
    return F.avg_pool2d(down, (1, side), stride=1, padding=(0, side // 2), count_include_pad=False)
