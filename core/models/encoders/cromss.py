"""CromSS (Liu et al. 2024, arXiv 2405.01217): U-Nets for radar and optical imagery, taught by maps with errors in them.

Each of the two sensors has a ResNet-50; they share what rebuilds the image (middle fusion), or have one each (late
fusion). Names of layers are those of segmentation-models-pytorch, so that the files fit.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ...sources.scenes import SENTINEL_2
from ..compact import BatchNorm
from .card import BandSpec, EncoderCard
from .checkpoint import Rule
from .encoder import Encoder, Features, OneDateEncoder, Scene
from .published import Published
from .resnet import COUNTS, RESNET_50, ResNetShape, ResNetTrunk

WIDTHS = (256, 128, 64, 32, 16)
RADAR = 2
"""Bands of radar; those of the optical sensor follow."""

# Means and deviations over SSL4EO-S12, of decibels and of top-of-atmosphere reflectance × 10⁴, from
# github.com/zhu-xlab/CromSS, dataset/ssl4eo_dataset_lmdb.py. The archive was kept in 8 bits, within two deviations.
_RADAR = (("VV", -12.54847273, 5.25697717), ("VH", -20.19237134, 5.91150917))
_OPTICAL_MEAN = (1605.57504906, 1390.78157673, 1314.8729939, 1363.52445545, 1549.44374991, 2091.74883118, 2371.7172463,
                 2299.90463006, 2560.29504086, 830.06605044, 22.10351321, 2177.07172323, 1524.06546312)
_OPTICAL_STD = (786.78685367, 850.34818441, 875.06484736, 1138.84957046, 1122.17775652, 1161.59187054, 1274.39184232,
                1248.42891965, 1345.52684884, 577.31607053, 51.15431158, 1336.09932639, 1136.53823676)
_NINE = (1, 2, 3, 4, 5, 6, 7, 11, 12)


class Rebuild(nn.Module):
    """One step of the expanding path: twice as fine, beside what the contracting path saw there."""

    def __init__(self, inside: int, width: int) -> None:
        super().__init__()
        self.conv1 = nn.Sequential(nn.Conv2d(inside, width, 3, padding=1, bias=False), BatchNorm(width), nn.ReLU())
        self.conv2 = nn.Sequential(nn.Conv2d(width, width, 3, padding=1, bias=False), BatchNorm(width), nn.ReLU())

    def forward(self, x: Tensor, beside: Tensor | None) -> Tensor:
        x = F.interpolate(x, scale_factor=2.0)
        y: Tensor = self.conv2(self.conv1(x if beside is None else torch.cat([x, beside], dim=1)))
        return y


class Decoder(nn.Module):
    """The expanding path: the maps of a ResNet's stem and stages to maps at 16, 8, 4, 2 and 1 pixels a cell."""

    def __init__(self, stem: int, stages: tuple[int, ...], widths: tuple[int, ...] = WIDTHS) -> None:
        super().__init__()
        beside = [*stages[-2::-1], stem, 0]
        self.blocks = nn.ModuleList([Rebuild(inside + extra, width) for (inside, width), extra
                                     in zip(pairwise((stages[-1], *widths)), beside, strict=True)])

    def forward(self, levels: list[Tensor]) -> list[Tensor]:
        x, maps = levels[-1], []
        for number, step in enumerate(self.blocks):
            x = step(x, levels[-2 - number] if number < len(levels) - 1 else None)
            maps.append(x)
        return maps


class CromSSTrunk(nn.Module):
    """Both sensors' encoders and one decoder, or one each."""

    def __init__(self, optical: int, shape: ResNetShape, late: bool) -> None:
        super().__init__()
        self.encoder1, self.encoder2 = ResNetTrunk(RADAR, shape), ResNetTrunk(optical, shape)
        self.decoder1 = Decoder(shape.base, shape.widths)
        self.decoder2 = Decoder(shape.base, shape.widths) if late else None

    def radar(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """The coarsest map of the radar's encoder, and its decoder's maps."""
        levels = self.encoder1(x)
        return levels[-1], self.decoder1(levels)

    def optical(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """The same of the optical sensor."""
        levels = self.encoder2(x)
        return levels[-1], (self.decoder1 if self.decoder2 is None else self.decoder2)(levels)


class CromSS(OneDateEncoder):
    """CromSS as an encoder: the maps are the decoder's, the vector is the mean of the encoder's coarsest map; of both
    sensors the mean.
    """

    def __init__(self, card: EncoderCard, *, late: bool, shape: ResNetShape = RESNET_50) -> None:
        super().__init__(card)
        self.trunk = CromSSTrunk(len(card.bands) - RADAR, shape, late)

    def encode_one(self, scene: Scene) -> Features:
        values, parts = scene.values[:, :, 0], []
        if bool(scene.present[:RADAR].any()):
            parts.append((self.trunk.radar(values[:, :RADAR]), scene.valid[:, :RADAR]))
        if bool(scene.present[RADAR:].any()):
            parts.append((self.trunk.optical(values[:, RADAR:]), scene.valid[:, RADAR:]))
        # A sensor that saw nothing of an image, as light does under clouds, does not speak for it.
        seen = torch.stack([valid.flatten(1).any(dim=1) for _, valid in parts]).float()
        share = torch.where(seen.sum(dim=0) > 0, seen, 1.0)
        share = (share / share.sum(dim=0))[..., None, None, None].to(values.dtype)

        def mean(tensors: list[Tensor]) -> Tensor:
            return (torch.stack(tensors) * share).sum(dim=0)

        maps = [mean([part[1][level] for part, _ in parts]) for level in range(4)]
        top = mean([part[0] for part, _ in parts])
        return Features((maps[3], maps[2], maps[1], maps[0]), top.mean(dim=(2, 3)))


def _bands(numbers: tuple[int, ...]) -> tuple[BandSpec, ...]:
    radar = tuple(BandSpec(name, None, mean - 2 * std, 4 * std, least=mean - 2 * std, most=mean + 2 * std, group="S1",
                           optional=True) for name, mean, std in _RADAR)
    light = list(SENTINEL_2.items())
    optical = []
    for number in numbers:
        (name, wave), mean, std = light[number], _OPTICAL_MEAN[number] / 1e4, _OPTICAL_STD[number] / 1e4
        optical.append(BandSpec(name, wave, least=mean - 2 * std, most=mean + 2 * std))
    return (*radar, *optical)


def _entry(numbers: tuple[int, ...], late: bool) -> Published:
    how = "late" if late else "mid"
    card = EncoderCard(
        f"cromss_{len(numbers)}b_{how}", f"CromSS, {len(numbers)} optical bands, {how} fusion", _bands(numbers),
        (WIDTHS[3], WIDTHS[2], WIDTHS[1], WIDTHS[0]), (2.0, 4.0, 8.0, 16.0), RESNET_50.widths[-1], 32, "MIT",
        "Liu et al. 2024, arXiv 2405.01217",
        f"hf.co/datasets/vikki23/NoLDO-S12: weights-cromss-{len(numbers)}B-{how}Fusion-epoch=199.ckpt", side=256,
        pixel_m=10.0)
    head = "the classes of pretraining, Dynamic World's"
    rules: tuple[Rule, ...]
    if late:
        rules = (COUNTS, Rule(r"net\.model[12]\.segmentation_head\..*", None, head),
                 Rule(r"net\.model([12])\.(encoder|decoder)\.(.*)", r"\2\1.\3"))
    else:
        rules = (COUNTS, Rule(r"net\.segmentation_head\..*", None, head), Rule(r"net\.encoder1\.(.*)", r"encoder1.\1"),
                 Rule(r"net\.encoder\.(.*)", r"encoder2.\1"), Rule(r"net\.decoder\.(.*)", r"decoder1.\1"))

    def build(card: EncoderCard, _: int) -> Encoder:
        return CromSS(card, late=late)

    return Published(card, build, r"net\.(model1\.encoder|encoder1)\.conv1\.weight", rules, ("state_dict",))


CROMSS = tuple(_entry(numbers, late) for numbers in (tuple(range(13)), _NINE) for late in (False, True))
