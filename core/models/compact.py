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

    of_pixels = False
    """Whether a pixel's scores depend on what is prepared of this pixel alone."""
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
            x = expanded(self.up[depth], skips[depth], x)
        scores: Tensor = self.head(x)
        return scores


def expanded(step: nn.Module, skip: Tensor, x: Tensor) -> Tensor:
    """A step up, a :func:`block`, that sees ``skip`` and beside it ``x`` at twice its size."""
    assert isinstance(step, nn.Sequential)
    assert isinstance(step[0], nn.Conv2d)
    result: Tensor = step[1:](beside_doubled(step[0].weight, skip, x))
    return result


def beside_doubled(weight: Tensor, skip: Tensor, x: Tensor) -> Tensor:
    """Convolve ``skip`` (B, a, 2H, 2W) and, beside it, ``x`` (B, b, H, W) drawn at twice its size by ``weight`` (out,
    a + b, 3, 3), (B, out, 2H, 2W).

    ``x`` is never drawn larger: of its pixels each meets four of the result's by sums of the same weights, which is a
    transposed convolution of 4 × 4 with less than half of the multiplications. A step of a fit takes four fifths of
    the time. ONNX files have it as it is commonly written, for which runtimes are made.
    """
    if torch.onnx.is_in_onnx_export():
        return F.conv2d(torch.cat([skip, F.interpolate(x, scale_factor=2.0)], dim=1), weight, padding=1)
    own, doubled = weight.split([skip.shape[1], x.shape[1]], dim=1)
    turned = doubled.flip(2, 3)
    sums = torch.stack([F.pad(turned, (left, 1 - left, top, 1 - top)) for left in (0, 1) for top in (0, 1)]).sum(dim=0)
    return F.conv2d(skip, own, padding=1) + F.conv_transpose2d(x, sums.transpose(0, 1), stride=2, padding=1)
