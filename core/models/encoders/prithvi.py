"""Prithvi-EO (Jakubik et al. 2023, arXiv 2310.18660; Szwarcman et al. 2024, arXiv 2412.02732): a masked autoencoder.

It sees several dates, knows when and where an image was taken, and can say what a cloud hides.
Names of layers are those of the published files of version 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .card import EncoderCard
from .encoder import Features, Scene, weighed
from .filling import Filler
from .positions import frequencies, sines
from .transformer import TransformerShape, blocks, by_patch, mostly, pyramid, run, unseen_dropped


@dataclass(frozen=True)
class PrithviShape:
    """Encoder and decoder; ``patch`` pixels; ``grid`` patches on a side in pretraining; ``told``: time and location are
    taken in.
    """

    encoder: TransformerShape
    decoder: TransformerShape
    patch: int = 16
    grid: int = 14
    told: bool = False
    bands: int = 6


class Told(nn.Module):
    """Two numbers, such as year and day, as sines and cosines of half the width each, times a learnt ``scale``."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.full((1,), 0.1))
        self.each = width // 2

    def forward(self, pair: Tensor) -> Tensor:
        """Numbers (..., 2) to vectors (..., width)."""
        frequency = frequencies(self.each).float().to(pair.device)
        parts = [sines(one.flatten().float(), frequency) for one in pair.unbind(-1)]
        told: Tensor = self.scale * torch.cat(parts, dim=-1).unflatten(0, pair.shape[:-1])
        return told


def places(dates: int, rows: int, columns: int, grid: int, width: int) -> Tensor:
    """Where tokens lie (1, 1 + dates × rows × columns, width), the first for the token of the whole: sines of x, y and
    date in shares of 6, 6 and 4, on the grid of pretraining, which is stretched to rows and columns.
    """
    side = width // 16 * 6
    frequency, slower = frequencies(side), frequencies(width // 16 * 4)
    at = torch.arange(grid, dtype=torch.float64)
    x, y = sines(at, frequency), sines(at, frequency)
    when = sines(torch.arange(dates, dtype=torch.float64), slower)
    cube = torch.cat([x.expand(dates, grid, -1, -1), y[:, None].expand(dates, -1, grid, -1),
                      when[:, None, None].expand(-1, grid, grid, -1)], dim=-1).float()
    if (rows, columns) != (grid, grid):
        cube = F.interpolate(cube.permute(0, 3, 1, 2), (rows, columns), mode="bicubic",
                             align_corners=True).permute(0, 2, 3, 1)
    return torch.cat([torch.zeros(1, width), cube.flatten(0, 2)])[None]


class PrithviEncoderTrunk(nn.Module):
    """The transformer of the encoder."""

    def __init__(self, shape: PrithviShape) -> None:
        super().__init__()
        width = shape.encoder.width
        self.patch_embed = nn.ModuleDict({"proj": nn.Conv3d(shape.bands, width, (1, shape.patch, shape.patch),
                                                            (1, shape.patch, shape.patch))})
        self.cls_token = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        self.blocks = blocks(shape.encoder)
        self.norm = nn.LayerNorm(width, eps=shape.encoder.eps)
        self.temporal_embed_enc = Told(width) if shape.told else None
        self.location_embed_enc = Told(width) if shape.told else None


class PrithviDecoderTrunk(nn.Module):
    """The transformer that says what patches look like that the encoder was not shown."""

    def __init__(self, shape: PrithviShape) -> None:
        super().__init__()
        width = shape.decoder.width
        self.decoder_embed = nn.Linear(shape.encoder.width, width)
        self.mask_token = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        self.decoder_blocks = blocks(shape.decoder)
        self.decoder_norm = nn.LayerNorm(width, eps=shape.decoder.eps)
        self.decoder_pred = nn.Linear(width, shape.patch**2 * shape.bands)
        self.temporal_embed_dec = Told(width) if shape.told else None
        self.location_embed_dec = Told(width) if shape.told else None


class PrithviTrunk(nn.Module):
    """Encoder and, for filling gaps, decoder."""

    def __init__(self, shape: PrithviShape, decodes: bool) -> None:
        super().__init__()
        self.encoder = PrithviEncoderTrunk(shape)
        self.decoder = PrithviDecoderTrunk(shape) if decodes else None


class Prithvi(Filler):
    """Prithvi as an encoder: patches under clouds are left out as patches were in pretraining; the maps are means over
    the dates on which a patch is seen, the vector the mean over all patches.
    """

    def __init__(self, card: EncoderCard, shape: PrithviShape, *, decodes: bool = False) -> None:
        super().__init__(card)
        self.shape, self.patch = shape, shape.patch
        self.trunk = PrithviTrunk(shape, decodes)

    def encode(self, scene: Scene) -> Features:
        """See :meth:`Encoder.encode`. A patch counts where at least half of its pixels are seen."""
        seen = mostly(scene.valid[:, scene.present].any(dim=1), self.shape.patch).flatten(1)
        levels, kept = self._seen_tokens(scene, seen)
        rows, columns = (side // self.shape.patch for side in scene.size)
        here, patch = seen[:, kept].float(), kept % (rows * columns)
        maps = [by_patch(level[:, 1:], here.to(level.dtype), patch, rows * columns).unflatten(2, (rows, columns))
                for level in levels]
        return Features(pyramid(maps), weighed(levels[-1][:, 1:], here[..., None]))

    def reconstruct(self, scene: Scene, seen: Tensor) -> Tensor:
        """See :meth:`Filler.reconstruct`. Raises ValueError for a network that was opened without its decoder."""
        decoder, patch = self.trunk.decoder, self.shape.patch
        if decoder is None:
            raise ValueError(f"{self.card.name} was opened without its decoder.")
        levels, kept = self._seen_tokens(scene, seen)
        told = decoder.decoder_embed(levels[-1])
        batch, dates, (height, width) = len(told), scene.values.shape[2], scene.size
        rows, columns = height // patch, width // patch
        # Where an image of the batch does not see a token that another does, it is a gap for it all the same.
        known = torch.where(seen[:, kept, None], told[:, 1:], decoder.mask_token.to(told.dtype))
        x = decoder.mask_token.to(told.dtype).expand(batch, seen.shape[1], -1).index_copy(1, kept, known)
        at = places(dates, rows, columns, self.shape.grid, self.shape.decoder.width).to(x)
        x = x + at[:, 1:] + self._told(scene, decoder.temporal_embed_dec, decoder.location_embed_dec, rows * columns)
        x = torch.cat([told[:, :1] + at[:, :1], x], dim=1)
        for layer in decoder.decoder_blocks:
            x = layer(x)
        said = decoder.decoder_pred(decoder.decoder_norm(x))[:, 1:]
        cells: Tensor = said.view(batch, dates, rows, columns, patch, patch, self.shape.bands)
        return cells.permute(0, 6, 1, 2, 4, 3, 5).reshape(batch, self.shape.bands, dates, height, width)

    def _seen_tokens(self, scene: Scene, seen: Tensor) -> tuple[list[Tensor], Tensor]:
        """Tokens at four depths (B, 1 + N, width), that of the whole first, the last of them normalised, and which
        patches they are (N,).
        """
        encoder = self.trunk.encoder
        x = encoder.patch_embed["proj"](scene.values)
        dates, rows, columns = x.shape[2:]
        x = x.flatten(2).transpose(1, 2)
        at = places(dates, rows, columns, self.shape.grid, self.shape.encoder.width).to(x)
        x = x + at[:, 1:] + self._told(scene, encoder.temporal_embed_enc, encoder.location_embed_enc, rows * columns)
        x, mask, kept = unseen_dropped(x, seen)
        whole = (encoder.cls_token + at[:, :1]).expand(len(x), -1, -1)
        if mask is not None:
            mask = F.pad(mask, (1, 0), value=True)
        *levels, last = run(encoder.blocks, torch.cat([whole, x], dim=1), mask)
        return [*levels, encoder.norm(last)], kept

    def _told(self, scene: Scene, when: nn.Module | None, where: nn.Module | None, patches: int) -> Tensor:
        """What tokens are told of date and place (B or 1, T × patches or 1, width or 1)."""
        told = torch.zeros(1, 1, 1, device=scene.values.device)
        if when is not None and scene.time is not None:
            told = told + when(scene.time).repeat_interleave(patches, dim=1)
        if where is not None and scene.location is not None:
            told = told + where(scene.location)[:, None]
        return told.to(scene.values.dtype)
