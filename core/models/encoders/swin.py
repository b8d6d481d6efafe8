"""Swin transformer, second version (Liu et al. 2022, arXiv 2111.09883), as SatVision-TOA has it (Spradlin et al. 2024,
arXiv 2411.17000): attention within windows that shift from block to block, normalised after and not before.

Names of layers are those of the published file (github.com/nasa-nccs-hpda/pytorch-caney, models/encoders/swinv2.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .card import BandSpec, EncoderCard
from .checkpoint import Rule
from .encoder import Encoder, Features, OneDateEncoder, Scene
from .published import Published
from .transformer import Perceptron

BIAS_HIDDEN, SHARPEST = 512, math.log(100.0)
HIDDEN_FROM = -100.0
"""What is added where a window, after its shift, holds pieces that do not belong together."""


@dataclass(frozen=True)
class SwinShape:
    """Width of the first stage, blocks and heads of each, ``window`` in tokens, pixels a token, and after how many
    blocks of a stage there is one more normalisation (0: never).
    """

    width: int
    depths: tuple[int, int, int, int]
    heads: tuple[int, int, int, int]
    window: int
    patch: int = 4
    extra_norm: int = 0

    @property
    def widths(self) -> tuple[int, int, int, int]:
        """Width of each stage."""
        return self.width, 2 * self.width, 4 * self.width, 8 * self.width


class WindowAttention(nn.Module):
    """Cosine attention among the tokens of a window, with a bias that a small network makes of their distance."""

    relative_coords_table: Tensor
    relative_position_index: Tensor

    def __init__(self, width: int, window: int, heads: int) -> None:
        super().__init__()
        self.heads, self.window = heads, window
        self.logit_scale = nn.Parameter(torch.full((heads, 1, 1), math.log(10.0)))
        self.cpb_mlp = nn.Sequential(nn.Linear(2, BIAS_HIDDEN), nn.ReLU(), nn.Linear(BIAS_HIDDEN, heads, bias=False))
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.q_bias, self.v_bias = nn.Parameter(torch.zeros(width)), nn.Parameter(torch.zeros(width))
        self.proj = nn.Linear(width, width)
        away = torch.arange(-(window - 1), window, dtype=torch.float32) * (8 / max(1, window - 1))
        table = torch.stack(torch.meshgrid(away, away, indexing="ij"), dim=-1)[None]
        self.register_buffer("relative_coords_table", table.sign() * (table.abs() + 1).log2() / 3, persistent=False)
        y, x = (one.flatten() for one in torch.meshgrid(torch.arange(window), torch.arange(window), indexing="ij"))
        row, column = y[:, None] - y + window - 1, x[:, None] - x + window - 1
        self.register_buffer("relative_position_index", row * (2 * window - 1) + column, persistent=False)

    def forward(self, x: Tensor, apart: Tensor | None) -> Tensor:
        """Windows (B × windows, N, width); ``apart`` (windows, N, N) is added to the attention."""
        bias = torch.cat([self.q_bias, torch.zeros_like(self.v_bias), self.v_bias])
        q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2)
                   for part in F.linear(x, self.qkv.weight, bias).chunk(3, dim=-1))
        like = F.normalize(q, dim=-1) @ F.normalize(k, dim=-1).transpose(-2, -1)
        like = like * self.logit_scale.clamp(max=SHARPEST).exp()
        table = self.cpb_mlp(self.relative_coords_table).flatten(0, 2)
        like = like + 16 * table[self.relative_position_index].permute(2, 0, 1).sigmoid()
        if apart is not None:
            like = (like.unflatten(0, (-1, len(apart))) + apart[:, None]).flatten(0, 1)
        mixed: Tensor = self.proj((like.softmax(dim=-1) @ v).transpose(1, 2).flatten(2))
        return mixed


class SwinBlock(nn.Module):
    """One block; every second one looks through windows shifted by half, unless one window sees all."""

    def __init__(self, width: int, heads: int, window: int, shifted: bool, extra_norm: bool) -> None:
        super().__init__()
        self.window, self.shifted = window, shifted
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.norm3 = nn.LayerNorm(width) if extra_norm else nn.Identity()
        self.attn = WindowAttention(width, window, heads)
        self.mlp = Perceptron(width, 4 * width)

    def forward(self, x: Tensor) -> Tensor:
        """Tokens (B, H, W, width)."""
        _, height, width, _ = x.shape
        shift = self.window // 2 if self.shifted and min(height, width) > self.window else 0
        y = torch.roll(x, (-shift, -shift), (1, 2)) if shift else x
        apart = _apart(height, width, self.window, shift, x.device) if shift else None
        y = _unwindowed(self.attn(_windowed(y, self.window), apart), self.window, height, width)
        y = torch.roll(y, (shift, shift), (1, 2)) if shift else y
        x = x + self.norm1(y)
        after: Tensor = self.norm3(x + self.norm2(self.mlp(x)))
        return after


def _windowed(x: Tensor, side: int) -> Tensor:
    """(B, H, W, C) to windows (B × windows, side², C)."""
    _, height, width, channels = x.shape
    grid = x.reshape(-1, height // side, side, width // side, side, channels)
    return grid.transpose(2, 3).reshape(-1, side * side, channels)


def _unwindowed(x: Tensor, side: int, height: int, width: int) -> Tensor:
    """Windows back to (B, H, W, C)."""
    grid = x.view(-1, height // side, width // side, side, side, x.shape[-1])
    return grid.transpose(2, 3).reshape(-1, height, width, x.shape[-1])


def _apart(height: int, width: int, side: int, shift: int, device: torch.device) -> Tensor:
    """What is added between tokens of a shifted window (windows, side², side²): 0, or much less where the image's edge
    runs between them.
    """
    def pieces(length: int) -> Tensor:
        at = torch.arange(length, device=device)
        return (at >= length - side).long() + (at >= length - shift).long()

    piece = pieces(height)[:, None] * 3 + pieces(width)
    windows = _windowed(piece[None, :, :, None], side)[..., 0]
    return (windows[:, :, None] != windows[:, None, :]).float() * HIDDEN_FROM


class Merge(nn.Module):
    """Four neighbouring tokens to one of twice the width."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.reduction = nn.Linear(4 * width, 2 * width, bias=False)
        self.norm = nn.LayerNorm(2 * width)

    def forward(self, x: Tensor) -> Tensor:
        four = [x[:, 0::2, 0::2], x[:, 1::2, 0::2], x[:, 0::2, 1::2], x[:, 1::2, 1::2]]
        y: Tensor = self.norm(self.reduction(torch.cat(four, dim=-1)))
        return y


class Stage(nn.Module):
    """The blocks of one stage, and what leads to the next."""

    def __init__(self, width: int, depth: int, heads: int, window: int, extra_norm: int, last: bool) -> None:
        super().__init__()
        self.blocks = nn.ModuleList([
            SwinBlock(width, heads, window, number % 2 == 1, bool(extra_norm) and (number + 1) % extra_norm == 0)
            for number in range(depth)])
        self.downsample = None if last else Merge(width)


class _PatchEmbed(nn.Module):
    def __init__(self, bands: int, width: int, patch: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(bands, width, patch, patch)
        self.norm = nn.LayerNorm(width)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.norm(self.proj(x).permute(0, 2, 3, 1))
        return y


class SwinTrunk(nn.Module):
    """Patches and four stages. ``side`` is the image's in pixels: where a stage is no larger than a window, its window
    is the stage, as it was in pretraining.
    """

    def __init__(self, bands: int, shape: SwinShape, side: int) -> None:
        super().__init__()
        self.patch_embed = _PatchEmbed(bands, shape.width, shape.patch)
        grid = side // shape.patch
        self.layers = nn.ModuleList([
            Stage(width, depth, heads, min(shape.window, grid // 2**number), shape.extra_norm, number == 3)
            for number, (width, depth, heads) in enumerate(zip(shape.widths, shape.depths, shape.heads, strict=True))])
        self.norm = nn.LayerNorm(shape.widths[-1])

    def forward(self, x: Tensor) -> list[Tensor]:
        """Images (B, bands, H, W) to the maps (B, width, h, w) of the four stages, the last normalised."""
        x = self.patch_embed(x)
        maps = []
        for stage in self.layers:
            for layer in stage.blocks:  # type: ignore[union-attr]
                x = layer(x)
            last = stage.downsample is None
            maps.append((self.norm(x) if last else x).permute(0, 3, 1, 2))
            x = x if last else stage.downsample(x)  # type: ignore[operator]
        return maps


class Swin(OneDateEncoder):
    """A Swin transformer as an encoder; the vector is the mean of the coarsest map."""

    def __init__(self, card: EncoderCard, shape: SwinShape) -> None:
        super().__init__(card)
        self.trunk = SwinTrunk(len(card.bands), shape, card.side)

    def encode_one(self, scene: Scene) -> Features:
        first, second, third, fourth = self.trunk(scene.values[:, :, 0])
        return Features((first, second, third, fourth), fourth.mean(dim=(2, 3)))


# MODIS bands 1, 2, 3, 26, 6, 21, 7, 27 to 33 at the top of the atmosphere: reflectance, and brightness temperatures in
# kelvins brought to 0 … 1 between these bounds (pytorch_caney/transforms/modis_toa_scale.py). Which band stands where
# follows from which positions are scaled as temperatures; the file itself does not say.
_REFLECTING = {0: ("1", 0.645), 1: ("2", 0.858), 2: ("3", 0.469), 3: ("26", 1.375), 4: ("6", 1.64), 6: ("7", 2.13)}
_EMITTING = {5: ("21", 3.96, 223.1222, 352.7182), 7: ("27", 6.7, 178.9174, 261.2920),
             8: ("28", 7.3, 204.3739, 282.5529), 9: ("29", 8.55, 204.7677, 319.0373),
             10: ("30", 9.7, 194.8686, 295.0209), 11: ("31", 11.0, 202.1759, 324.0677),
             12: ("32", 12.0, 201.3823, 321.5254), 13: ("33", 13.3, 203.3537, 285.9848)}


def _modis(position: int) -> BandSpec:
    if position in _REFLECTING:
        name, light = _REFLECTING[position]
        return BandSpec(f"MODIS {name}", light)
    name, light, low, high = _EMITTING[position]
    return BandSpec(f"MODIS {name}", light, low, high - low)


GIANT = SwinShape(512, (2, 2, 42, 2), (16, 32, 64, 128), window=8, extra_norm=6)


def _build(card: EncoderCard, _: int) -> Encoder:
    return Swin(card, GIANT)


_RULES = (
    Rule(r".*\.(relative_coords_table|relative_position_index|attn_mask)", None, "tables, which are computed anew"),
    Rule(r"encoder\.mask_token", None, "what stood for hidden patches in pretraining"),
    Rule(r"encoder\.head\..*", None, "the classifier of pretraining"),
    Rule(r"decoder\..*", None, "the decoder of pretraining"), Rule(r"encoder\.(.*)", r"\1"))
SATVISION = Published(
    EncoderCard("satvision_toa_giant", "SatVision-TOA giant", tuple(_modis(position) for position in range(14)),
                GIANT.widths, (4.0, 8.0, 16.0, 32.0), GIANT.widths[-1], 128, "Apache-2.0",
                "Spradlin et al. 2024, arXiv 2411.17000",
                "hf.co/nasa-cisto-data-science-group/satvision-toa-giant-patch8-window8-128: "
                "mp_rank_00_model_states.pt", side=128, pixel_m=1000.0),
    _build, r"(encoder\.)?layers\.0\.blocks\.0\.attn\.logit_scale", _RULES, ("module",))
