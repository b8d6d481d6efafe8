"""Cameras drawn by chance over drawn towns: what a fit of the starting network sees, made where it learns.

Each crop has a pixel size, a turn, colours of single roofs and plots, air, lens, sensor and codec of its own, so that a
town is never seen twice alike. Everything is in torch: a GPU makes thousands of crops a second.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F
from varied_towns import Scene

FINE = 2
"""Crops are drawn this many times finer than they are looked at: edges and narrow gaps then fill parts of pixels."""
PIXEL_M = (0.25, 0.8)
GAP_PX, GAP_WEIGHT = 5, 2.0
"""Where two buildings lie this near each other, in fine pixels, a pixel counts that much more: these are rare."""
REACH = 8
"""How far from an outline distance is told, in pixels."""
DEVIATIONS = 8.0


class Camera:
    """Draws batches of crops of ``side`` pixels from scenes of one size. Deterministic for a seed and a device."""

    def __init__(self, scenes: Sequence[Scene], side: int, batch: int, seed: int, device: torch.device,
                 pixel_m: tuple[float, float] = PIXEL_M) -> None:
        self.side, self.count, self.device, self.pixel_m = side, batch, device, pixel_m
        self.colour = torch.from_numpy(np.stack([scene.colour for scene in scenes])).to(device)
        self.ids = torch.from_numpy(np.stack([np.stack([scene.feature + 1, scene.patch]) for scene in scenes]))
        self.ids = self.ids.to(device=device, dtype=torch.int16)
        self.scene_pixel_m = torch.tensor([scene.pixel_m for scene in scenes], device=device)
        flat = self.colour.flatten(2)
        self.mean = torch.stack([one.float().mean(-1) / 255 for one in flat])
        self.deviation = torch.stack([one.float().std(-1) / 255 for one in flat])
        self.most = int(self.ids.max()) + 1
        self.rng = torch.Generator(device).manual_seed(seed)

    def batch(self) -> tuple[Tensor, Tensor, Tensor]:
        """Draw a batch: bands (B, 3, side, side) in deviations from their scene's mean, the share of building (B, 2,
        side, side) as ``other`` and ``building``, and the weight (B, side, side) of each pixel.
        """
        which = torch.randint(len(self.colour), (self.count,), generator=self.rng, device=self.device)
        place = self._places(which)
        colour = F.grid_sample(self.colour[which].float() / 255, place, "bilinear", "reflection", align_corners=False)
        ids = F.grid_sample(self.ids[which].float(), place, "nearest", "reflection", align_corners=False)
        inside = (place.abs().amax(dim=-1) <= 1).float()
        plain = F.avg_pool2d(colour, FINE)
        seen = self._codec(self._lens(F.avg_pool2d(self._air(self._repaint(colour, ids)), FINE)))
        building, near = apart(ids[:, 0])
        share, gap, counted = (F.avg_pool2d(part[:, None], FINE)[:, 0] for part in (building, near, inside))
        weight = (counted == 1).float() * (1 + GAP_WEIGHT * gap)
        return self._normalised(seen, plain, which), torch.stack([1 - share, share], dim=1), weight

    def _uniform(self, low: float, high: float, *shape: int) -> Tensor:
        return low + (high - low) * torch.rand(shape or (self.count,), generator=self.rng, device=self.device)

    def _normal(self, *shape: int) -> Tensor:
        return torch.randn(shape, generator=self.rng, device=self.device)

    def _places(self, which: Tensor) -> Tensor:
        """Where in their scene (−1 to 1) the fine pixels of crops lie: (B, fine side, fine side, 2)."""
        size = self.colour.shape[-1]
        pixel_m = torch.exp(self._uniform(math.log(self.pixel_m[0]), math.log(self.pixel_m[1])))
        span = self.side * pixel_m / (size * self.scene_pixel_m[which])
        span = span.clamp(max=1.2)
        turn, stretch = self._uniform(0, 2 * math.pi), torch.exp(self._uniform(-0.08, 0.08))
        mirror = torch.where(self._uniform(0, 1) < 0.5, -1.0, 1.0)
        c, s = torch.cos(turn) * span, torch.sin(turn) * span
        room = (1.05 - span).clamp(min=0.0)
        theta = torch.zeros(self.count, 2, 3, device=self.device)
        theta[:, 0, 0], theta[:, 0, 1] = c * mirror * stretch, -s / stretch
        theta[:, 1, 0], theta[:, 1, 1] = s * mirror * stretch, c / stretch
        theta[:, :, 2] = self._uniform(-1, 1, self.count, 2) * room[:, None]
        fine = self.side * FINE
        return F.affine_grid(theta, [self.count, 3, fine, fine], align_corners=False)

    def _noise(self, cells: int, channels: int = 1) -> Tensor:
        """A smooth random field of variance about 1, (B, channels, fine side, fine side)."""
        fine = self.side * FINE
        coarse = self._normal(self.count, channels, cells, cells)
        return F.interpolate(coarse, size=(fine, fine), mode="bicubic", align_corners=False) * 1.3

    def _repaint(self, colour: Tensor, ids: Tensor) -> Tensor:
        """Other colours for single roofs and plots of ground: dark, rusty, bright, stained."""
        roof, plot = ids[:, 0].long(), ids[:, 1].long()
        count, most = self.count, self.most
        bold = self._uniform(0, 1, count, 1, 1) ** 2
        tone = 0.45 * bold * self._normal(count, most, 1) + 0.16 * bold * self._normal(count, most, 3)
        odd = self._uniform(0, 1, count, most, 1)
        dark = (odd < 0.12 * bold) * self._uniform(-1.0, -0.4, count, most, 1)
        rust = (odd > 1 - 0.15 * bold).float() * torch.tensor([0.25, -0.12, -0.35], device=self.device)
        roofs = tone + dark + rust
        roofs[:, 0] = 0
        plots = 0.6 * (0.25 * self._normal(count, most, 1) + 0.10 * self._normal(count, most, 3)) * bold
        stained = self._uniform(0, 0.35, count, most, 1) * bold
        stained[:, 0] = 0.12 * bold[:, 0]
        on_roof = (roof > 0)[:, None]
        gain = torch.where(on_roof, _of(roofs, roof), _of(plots, plot))
        stains = _of(stained, roof) * self._noise(24) + 0.6 * _of(stained, roof) * self._noise(70)
        rusty = torch.tensor([0.5, 1.0, 1.4], device=self.device).view(1, 3, 1, 1)
        return colour * torch.exp((gain + stains * rusty).clamp(-2, 1.2))

    def _air(self, colour: Tensor) -> Tensor:
        """Uneven light, contrast, colour cast, haze."""
        one = (self.count, 1, 1, 1)
        cast = torch.exp(0.09 * self._normal(self.count, 3, 1, 1) + self._uniform(-0.35, 0.35, *one))
        light = 1 + self._uniform(0, 0.08, *one) * self._noise(3)
        curved = colour.clamp(1e-3, 1.5) ** torch.exp(self._uniform(-0.4, 0.4, *one))
        hazy = self._uniform(0, 0.25, *one) * (self._uniform(0, 1, *one) < 0.4)
        grey = curved.mean(dim=1, keepdim=True)
        vivid = grey + (curved - grey) * self._uniform(0.4, 1.3, *one)
        return (vivid * cast * light * (1 - hazy) + hazy).clamp(0, 1.2)

    def _lens(self, seen: Tensor) -> Tensor:
        """Blur, in some pictures sharpened again, and noise, half of it alike in all bands."""
        sigma = self._uniform(0.05, 1.3) * (self._uniform(0, 1) < 0.8) + 0.05
        at = torch.arange(-3, 4, device=self.device)
        bell = torch.exp(-0.5 * (at / sigma[:, None]) ** 2)
        bell = (bell / bell.sum(dim=1, keepdim=True)).repeat_interleave(3, dim=0)
        flat = F.pad(seen.reshape(1, -1, self.side, self.side), (3, 3, 3, 3), mode="reflect")
        flat = F.conv2d(flat, bell[:, None, :, None], groups=len(bell))
        blurred = F.conv2d(flat, bell[:, None, None, :], groups=len(bell)).reshape(seen.shape)
        sharp = self._uniform(0, 0.8, self.count, 1, 1, 1) * (self._uniform(0, 1, self.count, 1, 1, 1) < 0.3)
        sharpened = blurred + sharp * (blurred - F.avg_pool2d(blurred, 3, 1, 1))
        grain = self._uniform(0.0, 0.035, self.count, 1, 1, 1)
        return sharpened + grain * (self._normal(*seen.shape) + 0.7 * self._normal(self.count, 1, self.side, self.side))

    def _codec(self, seen: Tensor) -> Tensor:
        """What a lossy codec leaves: cosine terms of blocks of 8 × 8 pixels, coarser the finer they are."""
        step = self._uniform(0.015, 0.11, self.count, 1, 1, 1, 1, 1) * 1.0
        used = (self._uniform(0, 1, self.count, 1, 1, 1) < 0.6).float()
        cosine = _cosine(self.device)
        blocks = seen.unflatten(3, (-1, 8)).unflatten(2, (-1, 8)).permute(0, 1, 2, 4, 3, 5)
        order = torch.arange(8, device=self.device)
        steps = step * (1 + 0.5 * (order[:, None] + order[None]))
        grey = blocks.mean(dim=1, keepdim=True)
        luma, chroma = (cosine @ part @ cosine.T for part in (grey, blocks - grey))
        luma, chroma = torch.round(luma / steps) * steps, torch.round(chroma / (1.5 * steps)) * 1.5 * steps
        kept = cosine.T @ (luma + chroma) @ cosine
        kept = kept.permute(0, 1, 2, 4, 3, 5).flatten(4, 5).flatten(2, 3)
        return seen + used * (kept - seen)

    def _normalised(self, seen: Tensor, plain: Tensor, which: Tensor) -> Tensor:
        """Bands in deviations from the mean of their scene as this camera would see it whole, told from what it made
        of the crop; and in another light.
        """
        made, was = (torch.stack([x.mean((2, 3)), x.std((2, 3))]) for x in (seen, plain))
        contrast = (made[1] / was[1].clamp(min=0.01)).clamp(0.2, 5.0)
        mean = made[0] + (self.mean[which] - was[0]) * contrast
        deviation = (self.deviation[which] * contrast).clamp(min=0.01)
        x = (seen - mean[..., None, None]) / deviation[..., None, None]
        x = x * torch.exp(self._uniform(-0.25, 0.25, self.count, 1, 1, 1))
        x = x + 0.2 * self._normal(self.count, 1, 1, 1) + 0.12 * self._normal(self.count, 3, 1, 1)
        return x.clamp(-DEVIATIONS, DEVIATIONS)


def apart(ids: Tensor) -> tuple[Tensor, Tensor]:
    """Buildings without their common walls, and where two buildings are near each other: both (B, rows, columns) of 0
    and 1. ``ids`` (B, rows, columns) are 0 where no building stands.
    """
    here = ids[:, None] > 0
    value = ids[:, None].float()
    low = torch.where(here, value, torch.full_like(value, 1e6))

    def others(side: int) -> Tensor:
        highest = F.max_pool2d(value, side, 1, side // 2)
        lowest = -F.max_pool2d(-low, side, 1, side // 2)
        return (highest > 0) & (lowest < highest)

    wall = here & others(3)
    return (here & ~wall).float()[:, 0], others(GAP_PX).float()[:, 0]


def distance(building: Tensor) -> Tensor:
    """Signed distance from outlines, positive within buildings, as a share of ``REACH`` pixels: (B, rows, columns) for
    shares of building of that shape.
    """
    result = torch.zeros_like(building)
    for sign in (1.0, -1.0):
        left = ((building > 0.5) if sign > 0 else (building <= 0.5)).float()[:, None]
        for _ in range(REACH):
            result = result + sign * left[:, 0] / REACH
            left = -F.max_pool2d(-left, 3, 1, 1)
    return result


def _of(table: Tensor, ids: Tensor) -> Tensor:
    """Rows of a table (B, most, channels) at ids (B, rows, columns): (B, channels, rows, columns)."""
    count, rows, columns = ids.shape
    picked = table.gather(1, ids.reshape(count, -1, 1).expand(-1, -1, table.shape[-1]))
    return picked.reshape(count, rows, columns, -1).permute(0, 3, 1, 2)


def _cosine(device: torch.device) -> Tensor:
    """The orthonormal cosine transform of 8 values (8, 8)."""
    at = torch.arange(8, device=device, dtype=torch.float32)
    table = torch.cos(math.pi * (2 * at[None] + 1) * at[:, None] / 16) * 0.5
    table[0] = table[0] / math.sqrt(2)
    return table
