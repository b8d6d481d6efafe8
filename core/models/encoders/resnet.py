"""ResNets (He et al. 2016, arXiv 1512.03385): the plain baseline, and the layout of many published weights.

Names of layers are torchvision's and timm's, so that their files fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..compact import BatchNorm
from .card import EncoderCard
from .checkpoint import Rule
from .encoder import Features, OneDateEncoder, Scene

COUNTS = Rule(r".*\.num_batches_tracked", None, "counts of batches, which nothing uses")
RULES = (COUNTS, Rule(r"(module\.)?fc\..*", None, "the classifier of pretraining"))


@dataclass(frozen=True)
class ResNetShape:
    """``blocks`` of each of the four stages; ``expansion`` is 4 with bottlenecks (from ResNet-50 on), else 1."""

    blocks: tuple[int, int, int, int]
    expansion: int
    base: int = 64

    @property
    def widths(self) -> tuple[int, int, int, int]:
        """Channels after each stage."""
        return (self.base * self.expansion, 2 * self.base * self.expansion, 4 * self.base * self.expansion,
                8 * self.base * self.expansion)


RESNET_18 = ResNetShape((2, 2, 2, 2), 1)
RESNET_50 = ResNetShape((3, 4, 6, 3), 4)


class Residual(nn.Module):
    """Two 3 × 3 convolutions, or a bottleneck of 1 × 1, 3 × 3 and 1 × 1, beside a shortcut."""

    def __init__(self, inside: int, width: int, stride: int, expansion: int) -> None:
        super().__init__()
        out = width * expansion
        bottleneck = expansion > 1
        self.conv1 = nn.Conv2d(inside, width, 1 if bottleneck else 3, 1 if bottleneck else stride,
                               0 if bottleneck else 1, bias=False)
        self.bn1 = BatchNorm(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride if bottleneck else 1, 1, bias=False)
        self.bn2 = BatchNorm(width)
        self.conv3 = nn.Conv2d(width, out, 1, bias=False) if bottleneck else None
        self.bn3 = BatchNorm(out) if bottleneck else None
        self.downsample = (nn.Sequential(nn.Conv2d(inside, out, 1, stride, bias=False), BatchNorm(out))
                           if stride > 1 or inside != out else None)

    def forward(self, x: Tensor) -> Tensor:
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.conv3 is not None and self.bn3 is not None:
            y = self.bn3(self.conv3(F.relu(y)))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNetTrunk(nn.Module):
    """A ResNet without classifier: images (B, bands, H, W) to the maps of its stem (stride 2) and four stages."""

    def __init__(self, bands: int, shape: ResNetShape) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(bands, shape.base, 7, 2, 3, bias=False)
        self.bn1 = BatchNorm(shape.base)
        inside = shape.base
        for stage, count in enumerate(shape.blocks):
            width = shape.base * 2**stage
            blocks = []
            for number in range(count):
                blocks.append(Residual(inside, width, 2 if stage and not number else 1, shape.expansion))
                inside = width * shape.expansion
            self.add_module(f"layer{stage + 1}", nn.Sequential(*blocks))
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor) -> list[Tensor]:
        stem = F.relu(self.bn1(self.conv1(x)))
        levels = [stem]
        x = F.max_pool2d(stem, 3, 2, 1)
        for stage in range(1, 5):
            x = self.get_submodule(f"layer{stage}")(x)
            levels.append(x)
        return levels


class ResNetEncoder(OneDateEncoder):
    """A ResNet of ``bands`` bands; the vector is the mean of the coarsest map."""

    def __init__(self, card: EncoderCard, bands: int, shape: ResNetShape) -> None:
        super().__init__(card)
        self.trunk = ResNetTrunk(bands, shape)

    def encode_one(self, scene: Scene) -> Features:
        _, *levels = self.trunk(scene.values[:, :, 0])
        first, second, third, fourth = levels
        return Features((first, second, third, fourth), torch.mean(fourth, dim=(2, 3)))
