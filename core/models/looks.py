"""Where features look at the imagery: on their outline, to both sides of it, inside and beyond."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn import functional as F

from ..tokens.outlines import MEASURES
from .feature_encoder import relative_points
from .fusion_batch import Batch

PLACES = ("on", "inside", "deep", "deeper", "outside", "beyond", "middle")
"""Where a feature looks: on its outline, ``STEP_PX`` to either side of it, three times as far out, a third and two
thirds of the way to its middle, and there.
"""
AREA, LINE = ("inside", "deep", "deeper"), ("on", "middle")
"""What lies in a feature, if it covers an area and if it does not."""
AROUND = ("outside", "beyond")
STEP_PX = 2.5
LOOKS = 8
"""Points of an outline from which a feature looks."""
SEEN = len(PLACES) + 4


@dataclass(frozen=True)
class Looks:
    """Where features look: ``xy`` (N, K, 2) in the pixels of their ``tile`` (N,) of ``side`` pixels, whether that is
    ``present`` (N, K) in the tile, what is ``known`` (N, K, ``SEEN``) of each place, and whether it is ``inside``
    (N, K) of its feature or ``around`` (N, K) it.
    """

    xy: Tensor
    tile: Tensor
    side: int
    present: Tensor
    known: Tensor
    inside: Tensor
    around: Tensor

    @classmethod
    def of(cls, batch: Batch) -> Looks:
        """The places where a batch's features look."""
        points, size = relative_points(batch)
        every = batch.xy.shape[1] // LOOKS
        on, tangent, about = batch.xy[:, ::every], batch.tangent[:, ::every], points[:, ::every]
        out = torch.stack([tangent[..., 1], -tangent[..., 0]], dim=-1)
        out = out * torch.where((out * about).sum(-1, keepdim=True) < 0, -1.0, 1.0)
        # A point, or a line seen end on, has no outside: it looks away from its middle, or all around.
        angle = torch.arange(LOOKS, device=on.device) * (2 * torch.pi / LOOKS)
        around = torch.stack([angle.cos(), angle.sin()], dim=-1).expand_as(out)
        out = torch.where(tangent.abs().sum(-1, keepdim=True) > 0, out, around)
        middle = batch.xy.mean(dim=1, keepdim=True)
        xy = torch.cat([on, on - STEP_PX * out, on + (middle - on) / 3, on + (middle - on) * 2 / 3, on + STEP_PX * out,
                        on + 3 * STEP_PX * out, middle], dim=1)
        number = torch.arange(len(PLACES), device=on.device).repeat_interleave(
            torch.tensor([LOOKS] * (len(PLACES) - 1) + [1], device=on.device))
        place = F.one_hot(number, len(PLACES)).to(on.dtype)
        way = torch.cat([out.repeat(1, len(PLACES) - 1, 1), torch.zeros_like(middle)], dim=1)
        offset = (xy - middle) / (size[:, None, None] + STEP_PX)
        known = torch.cat([place.expand(len(xy), -1, -1), way, offset], dim=-1)
        side = batch.x.shape[-1]
        present = ((xy > 0) & (xy < side)).all(-1)
        areal = batch.measures[:, MEASURES.index("dimension")] == 2
        area, line, ring = (sum(number == PLACES.index(name) for name in names) > 0 for names in (AREA, LINE, AROUND))
        inside = torch.where(areal[:, None], area, line) & present
        return cls(xy, batch.tile, side, present, known, inside, ring & present)

    def moved(self, by: Tensor) -> Looks:
        """The same looks ``by`` (N, 2) pixels further."""
        return replace(self, xy=self.xy + by[:, None])

    def tried(self, places: Tensor) -> Looks:
        """The looks of every feature moved by each of ``places`` (P, 2) in turn: N and P · K of them."""
        return replace(self, xy=(self.xy[:, None] + places[:, None]).flatten(1, 2))

    def at(self, maps: Tensor) -> Tensor:
        """Read maps (B, channels, h, w) between their cells: (N, K, channels)."""
        tiles, channels, height, width = maps.shape
        tall = maps.permute(1, 0, 2, 3).reshape(1, channels, tiles * height, width)
        # In full precision always: in 16 bits a place would be off by a pixel.
        cell = self.xy.float() * (height / self.side)
        # Tiles lie one above the other: places are kept within their own tile's cells.
        x = cell[..., 0].clamp(0.5, width - 0.5)
        y = cell[..., 1].clamp(0.5, height - 0.5) + (self.tile * height)[:, None]
        where = torch.stack([x / width, y / (tiles * height)], dim=-1) * 2 - 1
        read = F.grid_sample(tall.float(), where[None], align_corners=False)
        return read[0].permute(1, 2, 0).to(maps.dtype)

    def on(self, maps: Tensor) -> Tensor:
        """The pixels of maps (B, S, S) that are looked at: (N, K)."""
        column, row = self.xy.floor().long().clamp(0, self.side - 1).unbind(dim=-1)
        return maps[self.tile[:, None], row, column]

    def within(self, maps: Tensor) -> Tensor:
        """The mean of maps (B, c, h, w) inside each feature (N, c), as far as it is in the tile."""
        inside = self.inside[..., None].to(maps.dtype)
        mean: Tensor = (self.at(maps) * inside).sum(dim=1) / inside.sum(dim=1).clamp(min=1)
        return mean
