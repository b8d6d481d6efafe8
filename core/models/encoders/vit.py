"""Plain vision transformers (Dosovitskiy et al. 2021, arXiv 2010.11929), with timm's names of layers, so that their
files fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .card import EncoderCard
from .encoder import Features, OneDateEncoder, Scene, weighed
from .positions import grid_sines
from .transformer import TransformerShape, blocks, by_patch, mostly, pyramid, run, unseen_dropped


@dataclass(frozen=True)
class ViTShape:
    """``patch`` pixels; ``grid`` patches on a side in pretraining; ``depths``: after how many blocks maps are taken
    (None: evenly).
    """

    transformer: TransformerShape
    patch: int = 16
    grid: int = 14
    depths: tuple[int, int, int, int] | None = None


class ViTTrunk(nn.Module):
    """Patches, their places (learnt, or sines at first), and blocks; the first token is of the whole image."""

    def __init__(self, bands: int, shape: ViTShape) -> None:
        super().__init__()
        width = shape.transformer.width
        self.patch_embed = nn.ModuleDict({"proj": nn.Conv2d(bands, width, shape.patch, shape.patch)})
        self.cls_token = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        self.pos_embed = nn.Parameter(F.pad(grid_sines(shape.grid, shape.grid, width), (0, 0, 1, 0))[None])
        self.blocks = blocks(shape.transformer)
        self.norm = nn.LayerNorm(width, eps=shape.transformer.eps)

    def places(self, rows: int, columns: int) -> Tensor:
        """Where patches lie (1, 1 + rows × columns, width): those of pretraining, resized as timm does."""
        side = round((self.pos_embed.shape[1] - 1) ** 0.5)
        if (rows, columns) == (side, side):
            return self.pos_embed
        first, grid = self.pos_embed[:, :1], self.pos_embed[:, 1:].unflatten(1, (side, side)).permute(0, 3, 1, 2)
        grid = F.interpolate(grid, (rows, columns), mode="bicubic", antialias=True)
        return torch.cat([first, grid.flatten(2).transpose(1, 2)], dim=1)


class ViTEncoder(OneDateEncoder):
    """A vision transformer of ``bands`` bands. Patches under clouds are left out; the vector is the mean over patches.
    """

    def __init__(self, card: EncoderCard, bands: int, shape: ViTShape) -> None:
        super().__init__(card)
        self.shape = shape
        self.trunk = ViTTrunk(bands, shape)

    def encode_one(self, scene: Scene) -> Features:
        trunk, patch = self.trunk, self.shape.patch
        x = trunk.patch_embed["proj"](scene.values[:, :, 0])
        rows, columns = x.shape[-2:]
        at = trunk.places(rows, columns)
        x = x.flatten(2).transpose(1, 2) + at[:, 1:]
        seen = mostly(scene.valid[:, scene.present].any(dim=1), patch).flatten(1)
        x, mask, kept = unseen_dropped(x, seen)
        whole = (trunk.cls_token + at[:, :1]).expand(len(x), -1, -1)
        mask = None if mask is None else F.pad(mask, (1, 0), value=True)
        *levels, last = run(trunk.blocks, torch.cat([whole, x], dim=1), mask, self.shape.depths)
        levels.append(trunk.norm(last))
        here = seen[:, kept].to(x.dtype)
        maps = [by_patch(level[:, 1:], here, kept, rows * columns).unflatten(2, (rows, columns)) for level in levels]
        return Features(pyramid(maps), weighed(levels[-1][:, 1:], here[..., None]))
