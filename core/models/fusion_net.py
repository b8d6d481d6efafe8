"""The fusion network: imagery and the features of maps and surveys attend to each other.

Imagery of any bands goes down a convolutional pyramid. On its coarser levels patches and features talk in rounds: each
feature looks at the imagery on, inside and around its outline and at its neighbours, each patch at the features near
it. Then features are painted onto the ground that they cover, and the pyramid goes up again, to a class for every pixel
and to what can be said of every feature: its class, whether it is there, and how far it is off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..tokens.links import VALUES
from ..tokens.relations import KINDS
from .any_band import AnyBand
from .compact import block
from .feature_encoder import FeatureEncoder, relative_points
from .fusion_batch import Batch
from .neighbours import Linked, Messages, Mixer, Padded, quiet

PLACES = ("on", "inside", "deep", "deeper", "outside", "beyond", "middle")
"""Where a feature looks: on its outline, ``STEP_PX`` to either side of it, three times as far out, a third and two
thirds of the way to its middle, and there.
"""
INSIDE = slice(1, 4)
STEP_PX = 2.5
LOOKS = 8
"""Points of an outline from which a feature looks."""
_SEEN = len(PLACES) + 4
_RELATED = len(KINDS) + 5
TAG_CLASSES = 1024
MEASURED = 3
"""What is guessed of a hidden outline: the logarithms of area and length in metres, and its convexity."""


@dataclass(frozen=True)
class FusionShape:
    """How large a fusion network is. ``widths`` of the pyramid's levels, each of half the resolution of the one before;
    patches are the cells of the ``levels``; ``dim`` and ``heads`` of the attention, ``rounds`` of it; ``words`` is the
    width of the table of words.
    """

    classes: int
    widths: tuple[int, ...] = (16, 32, 64, 96)
    levels: tuple[int, ...] = (2, 3)
    dim: int = 64
    heads: int = 4
    rounds: int = 2
    words: int = 32

    @property
    def strides(self) -> tuple[int, ...]:
        """The sides of patches in pixels, by level."""
        return tuple(2**level for level in self.levels)

    @property
    def multiple(self) -> int:
        """What the side of a tile must be a multiple of."""
        return int(2 ** (len(self.widths) - 1))

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> FusionShape:
        """From plain data."""
        found: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in data.items()}
        return cls(**found)


def small(classes: int) -> FusionShape:
    """Fits in minutes on two cores."""
    return FusionShape(classes)


def large(classes: int) -> FusionShape:
    """For a graphics card."""
    return FusionShape(classes, widths=(48, 96, 192, 320, 384), levels=(2, 3, 4), dim=256, heads=8, rounds=4, words=64)


@dataclass(frozen=True)
class Said:
    """What the network says. ``scores`` (B, classes, S, S) before the softmax; ``values`` (B, hidden, S/4, S/4) from
    which a band's values are read. Of features: ``feature`` (N, classes) before the softmax, ``exists`` (N,) before the
    logistic function, ``shift`` (N, 2) metres from where it is asked about to where it stands, ``tags`` (N,
    ``TAG_CLASSES``), ``measures`` (N, ``MEASURED``). ``region`` (B, dim) and ``map`` (B, dim) are the imagery and the
    features of a tile before they have met; ``alone`` (N, dim) and ``under`` (N, dim) a feature and the imagery in it.
    """

    scores: Tensor
    values: Tensor
    feature: Tensor
    exists: Tensor
    shift: Tensor
    tags: Tensor
    measures: Tensor
    region: Tensor
    map: Tensor
    alone: Tensor
    under: Tensor


class Round(nn.Module):
    """Features hear the imagery and each other; patches hear the features; each thinks for itself."""

    def __init__(self, shape: FusionShape) -> None:
        super().__init__()
        dim, heads = shape.dim, shape.heads
        self.look = nn.ModuleList([Padded(dim, heads, _SEEN) for _ in shape.levels])
        self.meet = Linked(dim, heads, _RELATED)
        self.hear = nn.ModuleList([Padded(dim, heads, len(VALUES)) for _ in shape.levels])
        self.mix_features = Mixer(dim)
        self.mix_patches = nn.ModuleList([Mixer(dim) for _ in shape.levels])

    def forward(self, features: Tensor, patches: list[Tensor], looks: Looks, related: Tensor,
                batch: Batch) -> tuple[Tensor, list[Tensor]]:
        """``features`` (N, dim), ``patches`` one (B, dim, h, w) a level; returns both as they are after the round."""
        for level, look in zip(patches, self.look, strict=True):
            key, value = said_by(look, level.flatten(2).transpose(1, 2))
            maps = torch.cat([key, value], dim=-1).transpose(1, 2).unflatten(2, level.shape[-2:])
            key, value = looks.at(maps).chunk(2, dim=-1)
            features = features + look(features, key, value, looks.known, looks.present)
        features = features + self.meet(features, batch.target, batch.source, related)
        features = features + self.mix_features(features)
        heard = []
        for level, hear, mix, stride in zip(patches, self.hear, self.mix_patches, batch.links, strict=True):
            flat = level.flatten(2).transpose(1, 2).flatten(0, 1)
            link, known = batch.links[stride].flatten(0, 1), batch.link_values[stride].flatten(0, 1)
            if len(features):
                key, value = said_by(hear, features)
                at = link.clamp(min=0)
                flat = flat + hear(flat, key[at], value[at], known, link >= 0)
            flat = flat + mix(flat)
            heard.append(flat.unflatten(0, (len(level), -1)).transpose(1, 2).unflatten(2, level.shape[-2:]))
        return features, heard


@dataclass(frozen=True)
class Looks:
    """Where features look at the imagery: ``xy`` (N, K, 2) in the pixels of their ``tile`` (N,) of ``side`` pixels,
    whether that is ``present`` (N, K) in the tile, and what is ``known`` (N, K, r) of each place.
    """

    xy: Tensor
    tile: Tensor
    side: int
    present: Tensor
    known: Tensor

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
        place = torch.eye(len(PLACES), device=on.device).repeat_interleave(
            torch.tensor([LOOKS] * (len(PLACES) - 1) + [1], device=on.device), dim=0)
        way = torch.cat([out.repeat(1, len(PLACES) - 1, 1), torch.zeros_like(middle)], dim=1)
        offset = (xy - middle) / (size[:, None, None] + STEP_PX)
        known = torch.cat([place.expand(len(xy), -1, -1), way, offset], dim=-1)
        side = batch.x.shape[-1]
        return cls(xy, batch.tile, side, ((xy > 0) & (xy < side)).all(-1), known)

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


class FusionNet(nn.Module):
    """See the module. ``shape`` says how large."""

    def __init__(self, shape: FusionShape) -> None:
        super().__init__()
        self.shape = shape
        widths, dim = shape.widths, shape.dim
        self.stem = AnyBand(widths[0])
        self.ground = nn.Conv2d(3, widths[0], 3, padding=1)
        self.hidden = nn.Parameter(torch.zeros(widths[0]))
        self.encode = FeatureEncoder(dim, shape.words)
        self.paint = nn.Linear(dim, widths[0])
        self.silence = nn.Parameter(torch.zeros(2, widths[0]))
        self.down = nn.ModuleList([block(a, b) for a, b in zip((widths[0], *widths[:-1]), widths, strict=True)])
        self.to_patches = nn.ModuleList([nn.Conv2d(widths[level], dim, 1) for level in shape.levels])
        self.rounds = nn.ModuleList([Round(shape) for _ in range(shape.rounds)])
        self.from_patches = nn.ModuleList([quiet(nn.Conv2d(dim, widths[level], 1)) for level in shape.levels])
        self.up = nn.ModuleList([block(a + b, a) for a, b in pairwise(widths)])
        self.paint_late = nn.Linear(dim, widths[0])
        self.head = nn.Sequential(nn.Conv2d(2 * widths[0], widths[0], 1), nn.ReLU(),
                                  nn.Conv2d(widths[0], shape.classes, 1))
        self.gate = nn.Conv2d(2 * widths[0], 1, 1)
        self.values = nn.Conv2d(widths[min(2, len(widths) - 1)], self.stem.hidden, 1)
        self.last = nn.LayerNorm(dim)
        self.say = nn.Linear(dim, shape.classes + 3 + MEASURED + TAG_CLASSES)
        self.region, self.map = nn.Linear(dim, dim), nn.Linear(dim, dim)
        self.under = nn.Sequential(nn.Linear(dim, dim), nn.GELU(), nn.Linear(dim, dim))

    def forward(self, batch: Batch) -> Said:
        """Say what can be said of tiles and their features; tiles without features and features without imagery too."""
        if batch.x.shape[-1] % self.shape.multiple or tuple(batch.links) != self.shape.strides:
            raise ValueError(f"Tiles have sides that are a multiple of {self.shape.multiple}, and links at the strides "
                             f"{self.shape.strides}.")
        alone = self.encode(batch)
        seen = (batch.valid & ~batch.veiled)[:, None].to(batch.x.dtype)
        covered = (batch.painted >= 0)[:, None].to(batch.x.dtype)
        bands = (batch.x * seen).contiguous(memory_format=torch.channels_last)
        x = self.stem(bands, batch.band, batch.name)
        x = x + self.ground(torch.cat([seen, covered, batch.distance[:, None]], dim=1))
        x = x + (1 - seen) * self.hidden[:, None, None] + self._painted(self.paint(alone), self.silence[:1], batch)
        levels: list[Tensor] = []
        for depth, step in enumerate(self.down):
            x = step(F.max_pool2d(x, 2) if depth else x)
            levels.append(x)
        patches = [to(levels[level]) for level, to in zip(self.shape.levels, self.to_patches, strict=True)]
        looks = Looks.of(batch)
        under = self.under(self._within(patches[0], looks))
        region, map_ = self.region(patches[-1].mean(dim=(2, 3))), self._map(alone, batch)
        related = related_values(batch)
        features = alone
        for turn in self.rounds:
            features, patches = turn(features, patches, looks, related, batch)
        for level, patch, back in zip(self.shape.levels, patches, self.from_patches, strict=True):
            levels[level] = levels[level] + back(patch)
        x = levels[-1]
        values = x
        for depth in reversed(range(len(self.up))):
            x = self.up[depth](torch.cat([levels[depth], F.interpolate(x, scale_factor=2.0)], dim=1))
            if depth == 2:
                values = x
        features = self.last(features)
        said = self.say(features).split([self.shape.classes, 1, 2, MEASURED, TAG_CLASSES], dim=1)
        seen_with = torch.cat([x, self._painted(self.paint_late(features), self.silence[1:], batch)], dim=1)
        scores = self.head(seen_with)
        # A feature's class is also what the pixels in it agree on, told from the finest level.
        class_ = said[0] + self._within(scores, looks)
        # A feature speaks for the ground that it covers, as far as what is seen there lets it.
        spoken = self._painted(class_, torch.zeros_like(class_[:1]), batch) if len(features) else 0.0
        scores = scores + self.gate(seen_with).sigmoid() * spoken
        return Said(scores, self.values(values), class_, said[1][:, 0], said[2], said[4], said[3], region, map_, alone,
                    under)

    def band_values(self, said: Said, batch: Batch) -> Tensor:
        """What the bands' values are (B, bands, S/4, S/4), as the network says."""
        described = self.stem.of(batch.band, batch.name)
        values: Tensor = torch.einsum("bchw,kc->bkhw", said.values, described) / described.shape[1] ** 0.5
        return values

    @staticmethod
    def _painted(vectors: Tensor, silence: Tensor, batch: Batch) -> Tensor:
        """Vectors (N, c) on the ground that their features cover, ``silence`` (1, c) where none does: (B, c, S, S)."""
        table = torch.cat([silence.to(vectors.dtype), vectors])
        painted: Tensor = table[batch.painted + 1].permute(0, 3, 1, 2)
        return painted

    def _map(self, alone: Tensor, batch: Batch) -> Tensor:
        """The mean of a tile's visible features (B, dim)."""
        tiles, shown = len(batch.x), batch.visible[:, None].to(alone.dtype)
        total = torch.zeros(tiles, alone.shape[1], dtype=alone.dtype, device=alone.device)
        count = torch.zeros(tiles, 1, dtype=alone.dtype, device=alone.device)
        total, count = total.index_add(0, batch.tile, alone * shown), count.index_add(0, batch.tile, shown)
        mean: Tensor = self.map(total / count.clamp(min=1))
        return mean

    @staticmethod
    def _within(maps: Tensor, looks: Looks) -> Tensor:
        """The mean of maps (B, c, h, w) inside each feature (N, c), as far as it is in the tile."""
        within = slice(INSIDE.start * LOOKS, INSIDE.stop * LOOKS)
        inside, present = looks.at(maps)[:, within], looks.present[:, within, None].to(maps.dtype)
        mean: Tensor = (inside * present).sum(dim=1) / present.sum(dim=1).clamp(min=1)
        return mean


def said_by(module: nn.Module, source: Tensor) -> tuple[Tensor, Tensor]:
    """Keys and values of sources, by a module of a list, whose type the list forgets."""
    if not isinstance(module, Messages):
        raise TypeError(f"{type(module).__name__} says nothing.")
    return module.said(source)


def related_values(batch: Batch) -> Tensor:
    """What is known of each relation (e, r): its kind, the distance, the way, and which of the two is larger."""
    middle = batch.xy.mean(dim=1)
    way = middle[batch.source] - middle[batch.target]
    far = way.norm(dim=-1, keepdim=True)
    size = (relative_points(batch)[1] * batch.pixel_m + 0.5).log()
    return torch.cat([
        F.one_hot(batch.relation, len(KINDS)).to(way.dtype), torch.log1p(batch.apart[:, None] * batch.pixel_m),
        torch.log1p(far * batch.pixel_m), way / far.clamp(min=1e-3),
        (size[batch.source] - size[batch.target])[:, None]], dim=1)
