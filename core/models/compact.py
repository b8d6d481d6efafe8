"""The compact network that is fitted on the spot when the user names no model."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_FIRST = "down.0.0.weight"
WIDTHS = (16, 32, 64, 128, 160)


class BatchNorm(nn.Module):
    """Batch normalisation (Ioffe and Szegedy 2015) whose statistics are weights like any other: no count of batches.

    While predicting it is one factor and one addition a channel, so that a pixel's result does not depend on what else
    the tile shows.
    """

    running_mean: Tensor
    running_var: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum = 0.1
        """The share of a batch's statistics in the running ones."""

    def forward(self, x: Tensor) -> Tensor:
        return F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, self.training,
                            self.momentum)


def block(inside: int, out: int) -> nn.Sequential:
    """Two convolutions with normalisation."""
    layers: list[nn.Module] = []
    for channels in (inside, out):
        layers += [nn.Conv2d(channels, out, 3, padding=1, bias=False), BatchNorm(out), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers)


class CompactUNet(nn.Module):
    """A small U-Net (Ronneberger et al. 2015, arXiv 1505.04597) with batch normalisation: fits in minutes on two cores.

    Takes normalised bands (B, bands, H, W) and returns class scores (B, classes, H, W) before the softmax; H and W must
    be multiples of 2 to the number of widths less one. ``views`` are the axes to mirror for a mean over views.
    """

    views: tuple[list[int], ...] = ([], [3])

    def __init__(self, bands: int, classes: int, widths: tuple[int, ...] = WIDTHS) -> None:
        super().__init__()
        self.bands, self.classes, self.widths = bands, classes, widths
        self.down = nn.ModuleList([block(a, b) for a, b in zip((bands, *widths[:-1]), widths, strict=True)])
        self.up = nn.ModuleList([block(a + b, a) for a, b in pairwise(widths)])
        self.head = nn.Conv2d(widths[0], classes, 1)

    def adopt(self, other: CompactUNet, played: Tensor, classes: Mapping[int, int]) -> None:
        """Take the weights of a network of the same widths. ``played`` (own bands, other's channels) says how much of
        each of its channels a band plays, ``classes`` which of its classes one of the own is: others stay as they are.
        """
        state, own = other.state_dict(), self.state_dict()
        state[_FIRST] = torch.einsum("ocij,bc->obij", state[_FIRST], played)
        for name in ("head.weight", "head.bias"):
            rows = own[name].clone()
            for here, there in classes.items():
                rows[here] = state[name][there]
            state[name] = rows
        self.load_state_dict(state)

    def prepare(self, x: Tensor) -> Tensor:
        """The bands as they are: the network finds its own surroundings."""
        return x

    def forward(self, x: Tensor) -> Tensor:
        skips: list[Tensor] = []
        for depth, block in enumerate(self.down):
            x = block(F.max_pool2d(x, 2) if depth else x)
            skips.append(x)
        for depth in reversed(range(len(self.up))):
            x = F.interpolate(x, scale_factor=2.0)
            x = self.up[depth](torch.cat([skips[depth], x], dim=1))
        scores: Tensor = self.head(x)
        return scores
