"""FarSeg (Zheng et al. 2020, CVPR): the scene as a whole says which places of each scale are foreground.

A ResNet-50, a feature pyramid, the relation of every place to the scene, and a decoder. Names of layers are those of
the published file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..compact import BatchNorm
from .card import BandSpec, EncoderCard
from .checkpoint import Rule
from .encoder import Encoder, Features, OneDateEncoder, Scene
from .published import Published
from .resnet import COUNTS, RESNET_50, ResNetShape, ResNetTrunk


@dataclass(frozen=True)
class FarSegShape:
    """The ResNet, the width of the pyramid and of the relations, and that of the decoder."""

    resnet: ResNetShape = RESNET_50
    width: int = 256
    decoder: int = 128


class Pyramid(nn.Module):
    """Each stage at one width, the coarser added to the finer (Lin et al. 2017, arXiv 1612.03144)."""

    def __init__(self, stages: tuple[int, ...], width: int) -> None:
        super().__init__()
        for number, inside in enumerate(stages, 1):
            self.add_module(f"fpn_inner{number}", nn.Conv2d(inside, width, 1))
            self.add_module(f"fpn_layer{number}", nn.Conv2d(width, width, 3, padding=1))

    def forward(self, stages: list[Tensor]) -> list[Tensor]:
        maps: list[Tensor] = []
        above: Tensor | None = None
        for number in range(len(stages), 0, -1):
            here: Tensor = self.get_submodule(f"fpn_inner{number}")(stages[number - 1])
            if above is not None:
                here = here + F.interpolate(above, scale_factor=2.0)
            above = here
            maps.insert(0, self.get_submodule(f"fpn_layer{number}")(here))
        return maps


def _encode(inside: int, width: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inside, width, 1), BatchNorm(width), nn.ReLU())


class Relation(nn.Module):
    """The relation head: of each scale, places that are like the scene are kept, others fade.

    The scene (B, width, 1, 1) and maps (B, width, h, w) of each scale to maps of the same shapes: r · z with
    r = σ(⟨scene, content⟩) at each place.
    """

    def __init__(self, scene: int, width: int, scales: int) -> None:
        super().__init__()
        self.scene_encoder = nn.ModuleList([nn.Sequential(nn.Conv2d(scene, width, 1), nn.ReLU(),
                                                          nn.Conv2d(width, width, 1)) for _ in range(scales)])
        self.content_encoders = nn.ModuleList([_encode(width, width) for _ in range(scales)])
        self.feature_reencoders = nn.ModuleList([_encode(width, width) for _ in range(scales)])

    def forward(self, scene: Tensor, maps: list[Tensor]) -> list[Tensor]:
        related = []
        for whole, content, again, x in zip(self.scene_encoder, self.content_encoders, self.feature_reencoders, maps,
                                            strict=True):
            like = (whole(scene) * content(x)).sum(dim=1, keepdim=True).sigmoid()
            related.append(like * again(x))
        return related


class Gather(nn.Module):
    """The decoder: every scale, as often made twice as fine as it needs, and the mean of all at 4 pixels a cell."""

    def __init__(self, inside: int, width: int, strides: tuple[int, ...] = (4, 8, 16, 32)) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        for stride in strides:
            times = int(math.log2(stride // strides[0]))
            steps = [nn.Sequential(nn.Conv2d(inside if not number else width, width, 3, padding=1, bias=False),
                                   BatchNorm(width), nn.ReLU(),
                                   nn.UpsamplingBilinear2d(scale_factor=2) if times else nn.Identity())
                     for number in range(max(1, times))]
            self.blocks.append(nn.Sequential(*steps))

    def forward(self, maps: list[Tensor]) -> Tensor:
        return torch.stack([block(x) for block, x in zip(self.blocks, maps, strict=True)]).mean(dim=0)


class _Backbone(nn.Module):
    """The published names put the ResNet under ``resnet``."""

    def __init__(self, bands: int, shape: ResNetShape) -> None:
        super().__init__()
        self.resnet = ResNetTrunk(bands, shape)


class FarSegTrunk(nn.Module):
    """The network without its classifier."""

    def __init__(self, bands: int, shape: FarSegShape) -> None:
        super().__init__()
        self.en = _Backbone(bands, shape.resnet)
        self.fpn = Pyramid(shape.resnet.widths, shape.width)
        self.sr = Relation(shape.resnet.widths[-1], shape.width, 4)
        self.decoder = Gather(shape.width, shape.decoder)


class FarSeg(OneDateEncoder):
    """FarSeg as an encoder: the finest map is the decoder's, the others the related ones of 8, 16 and 32 pixels a cell;
    the vector is the scene.
    """

    def __init__(self, card: EncoderCard, bands: int, shape: FarSegShape = FarSegShape()) -> None:
        super().__init__(card)
        self.trunk = FarSegTrunk(bands, shape)

    def encode_one(self, scene: Scene) -> Features:
        _, *stages = self.trunk.en.resnet(scene.values[:, :, 0])
        whole = stages[-1].mean(dim=(2, 3), keepdim=True)
        related = self.trunk.sr(whole, self.trunk.fpn(stages))
        return Features((self.trunk.decoder(related), related[1], related[2], related[3]), whole[:, :, 0, 0])


# Red, green and blue of 8 bits with ImageNet's statistics × 255 (github.com/Z-Zheng/FarSeg, configs/isaid/farseg50.py).
_PHOTO = (BandSpec("red", 0.665, 123.675, 58.395, scale=255.0), BandSpec("green", 0.56, 116.28, 57.12, scale=255.0),
          BandSpec("blue", 0.49, 103.53, 57.375, scale=255.0))


def _build(card: EncoderCard, bands: int) -> Encoder:
    return FarSeg(card, len(card.bands) or bands)


def _card(name: str, title: str, bands: tuple[BandSpec, ...], licence: str, weights_from: str) -> EncoderCard:
    return EncoderCard(name, title, bands, (128, 256, 256, 256), (4.0, 8.0, 16.0, 32.0), 2048, 32, licence,
                       "Zheng et al. 2020, CVPR, Foreground-aware relation network", weights_from,
                       side=896 if bands else 0)


_RULES = (COUNTS, Rule(r"(?:module\.)?(buffer_step|cls_pred_conv\..*)", None, "the classifier of pretraining"),
          Rule(r"(?:module\.)?en\.resnet\.fc\..*", None, "the classifier of pretraining"), Rule(r"module\.(.*)", r"\1"))
_MARK = r"(module\.)?sr\.scene_encoder\.0\.0\.weight"
FARSEG = (
    Published(_card("farseg", "FarSeg, ResNet-50", (), "none needed: it is trained from nothing", ""), _build, _MARK),
    Published(_card("farseg_isaid", "FarSeg, ResNet-50, iSAID", _PHOTO, "Apache-2.0",
                    "github.com/Z-Zheng/FarSeg, release v1.0: farseg50.pth"), _build, _MARK, _RULES, ("model",)),
)
