"""The fusion network: imagery and the features of maps and surveys attend to each other.

Imagery of any bands goes down a convolutional pyramid and up again, to what it says of every pixel by itself. On the
coarser levels patches and features talk in rounds: each feature looks at the imagery on, inside and around its outline
and at its neighbours, each patch at the features near it. Features are then laid upon what the imagery says and find
where they belong; painted there and where they are drawn, they and the imagery say together what class every pixel is
of, and what can be said of every feature: its class, whether it is there, and how far it is off.
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
from ..tokens.outlines import MEASURES
from ..tokens.relations import KINDS
from .alignment import TOLD, Align, Alignment, painted_at
from .any_band import AnyBand
from .compact import block, expanded
from .feature_encoder import FeatureEncoder, relative_points
from .fusion_batch import Batch
from .looks import SEEN, Looks
from .neighbours import Linked, Messages, Mixer, Padded, quiet

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
    """What the network says. ``scores`` (B, classes, S, S) before the softmax, ``eye`` (B, classes, S, S) those of the
    imagery alone; ``values`` (B, hidden, S/4, S/4) from
    which a band's values are read. Of features: ``feature`` (N, classes) before the softmax, ``exists`` (N,) before the
    logistic function, ``shift`` (N, 2) metres from where it is asked about to where it stands, ``tags`` (N,
    ``TAG_CLASSES``), ``measures`` (N, ``MEASURED``). ``region`` (B, dim) and ``map`` (B, dim) are the imagery and the
    features of a tile before they have met; ``alone`` (N, dim) and ``under`` (N, dim) a feature and the imagery in it.
    """

    scores: Tensor
    eye: Tensor
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
        self.look = nn.ModuleList([Padded(dim, heads, SEEN) for _ in shape.levels])
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


class FusionNet(nn.Module):
    """See the module. ``shape`` says how large."""

    def __init__(self, shape: FusionShape) -> None:
        super().__init__()
        self.shape = shape
        widths, dim, classes = shape.widths, shape.dim, shape.classes
        self.stem, self.shown = AnyBand(widths[0]), nn.Conv2d(1, widths[0], 3, padding=1)
        self.hidden = nn.Parameter(torch.zeros(widths[0]))
        self.encode = FeatureEncoder(dim, shape.words)
        self.down = nn.ModuleList([block(a, b) for a, b in zip((widths[0], *widths[:-1]), widths, strict=True)])
        self.to_patches = nn.ModuleList([nn.Conv2d(widths[level], dim, 1) for level in shape.levels])
        self.rounds = nn.ModuleList([Round(shape) for _ in range(shape.rounds)])
        self.up = nn.ModuleList([block(a + b, a) for a, b in pairwise(widths)])
        self.eye = nn.Conv2d(widths[0], classes, 1)
        self.values = nn.Conv2d(widths[min(2, len(widths) - 1)] + dim, self.stem.hidden, 1)
        self.last = nn.LayerNorm(dim)
        self.kind, self.say = nn.Linear(dim, classes), nn.Linear(dim, 1 + MEASURED + TAG_CLASSES)
        self.align, self.off = Align(), quiet(nn.Linear(dim, 2))
        self.stands = nn.Sequential(nn.Linear(TOLD + classes, 32), nn.GELU(), nn.Linear(32, 1))
        self.ground = nn.Conv2d(4, widths[0], 3, padding=1)
        self.from_patches = nn.ModuleList([quiet(nn.Conv2d(dim, widths[0], 1)) for _ in shape.levels])
        self.paint = nn.ModuleList([quiet(nn.Linear(dim, widths[0])) for _ in range(2)])
        self.silence = nn.Parameter(torch.zeros(2, widths[0]))
        self.fuse = block(2 * widths[0], widths[0])
        self.head, self.gate = nn.Conv2d(widths[0], classes, 1), nn.Conv2d(widths[0], 2, 1)
        self.region, self.map = nn.Linear(dim, dim), nn.Linear(dim, dim)
        self.under = nn.Sequential(nn.Linear(dim, dim), nn.GELU(), nn.Linear(dim, dim))

    def forward(self, batch: Batch) -> Said:
        """Say what can be said of tiles and their features; tiles without features and features without imagery too."""
        if batch.x.shape[-1] % self.shape.multiple or tuple(batch.links) != self.shape.strides:
            raise ValueError(f"Tiles have sides that are a multiple of {self.shape.multiple}, and links at the strides "
                             f"{self.shape.strides}.")
        alone = self.encode(batch)
        seen = (batch.valid & ~batch.veiled)[:, None].to(batch.x.dtype)
        bands = (batch.x * seen).contiguous(memory_format=torch.channels_last)
        x = self.stem(bands, batch.band, batch.name) + self.shown(seen) + (1 - seen) * self.hidden[:, None, None]
        levels: list[Tensor] = []
        for depth, step in enumerate(self.down):
            x = step(F.max_pool2d(x, 2) if depth else x)
            levels.append(x)
        patches = [to(levels[level]) for level, to in zip(self.shape.levels, self.to_patches, strict=True)]
        looks, related = Looks.of(batch), related_values(batch)
        under = self.under(looks.within(patches[0]))
        region, map_ = self.region(patches[-1].mean(dim=(2, 3))), self._map(alone, batch)
        features = alone
        for turn in self.rounds:
            features, patches = turn(features, patches, looks, related, batch)
        values = x
        for depth in reversed(range(len(self.up))):
            x = expanded(self.up[depth], levels[depth], x)
            values = x if depth == 2 else values
        values = self.values(torch.cat([values, F.interpolate(patches[0], values.shape[-2:])], dim=1))
        eye = self.eye(x)
        features = self.last(features)
        class_ = self.kind(features)
        exists, measures, tags = self.say(features).split([1, MEASURED, TAG_CLASSES], dim=1)
        lies = self.align(eye, class_.softmax(dim=1), looks, batch.painted)
        at = looks.moved(lies.offset_px.detach())
        # A feature's class is also what the pixels agree on where it belongs, hidden or not.
        class_ = class_ + at.within(eye)
        drawn = looks.within(eye.detach().log_softmax(dim=1))
        exists = exists + self.stands(torch.cat([lies.told.to(drawn.dtype), drawn], dim=1))
        scores = eye + self._together(x, patches, features, class_, seen, batch, lies)
        shift = self.off(features) + lies.offset_px * batch.pixel_m
        return Said(scores, eye, values, class_, exists[:, 0], shift, tags, measures, region, map_, alone, under)

    def _together(self, x: Tensor, patches: list[Tensor], features: Tensor, class_: Tensor, seen: Tensor, batch: Batch,
                  lies: Alignment) -> Tensor:
        """What imagery and features say together of pixels, beyond what the imagery says (B, classes, S, S)."""
        size = torch.log1p(batch.measures[:, MEASURES.index("area_px")] * batch.pixel_m**2)[:, None] / 8
        covered = (batch.painted >= 0)[:, None].to(x.dtype)
        known = self.ground(torch.cat([seen, covered, batch.distance[:, None], painted(size, 0.0, batch.painted)], 1))
        for patch, back in zip(patches, self.from_patches, strict=True):
            known = known + F.interpolate(back(patch), x.shape[-2:])
        places = batch.painted, painted_at(batch, lies.offset_px)
        for paint, silence, place in zip(self.paint, self.silence, places, strict=True):
            known = known + painted(paint(features), silence, place)
        together = self.fuse(torch.cat([x, known], dim=1))
        # A feature speaks for the ground that it covers, as far as what is seen there lets it.
        gates = self.gate(together).sigmoid().split(1, dim=1)
        spoken = sum(gate * painted(class_, 0.0, place) for gate, place in zip(gates, places, strict=True))
        scores: Tensor = self.head(together) + spoken
        return scores

    def band_values(self, said: Said, batch: Batch) -> Tensor:
        """What the bands' values are (B, bands, S/4, S/4), as the network says."""
        described = self.stem.of(batch.band, batch.name)
        values: Tensor = torch.einsum("bchw,kc->bkhw", said.values, described) / described.shape[1] ** 0.5
        return values

    def _map(self, alone: Tensor, batch: Batch) -> Tensor:
        """The mean of a tile's visible features (B, dim)."""
        tiles, shown = len(batch.x), batch.visible[:, None].to(alone.dtype)
        total = torch.zeros(tiles, alone.shape[1], dtype=alone.dtype, device=alone.device)
        count = torch.zeros(tiles, 1, dtype=alone.dtype, device=alone.device)
        total, count = total.index_add(0, batch.tile, alone * shown), count.index_add(0, batch.tile, shown)
        mean: Tensor = self.map(total / count.clamp(min=1))
        return mean


def painted(vectors: Tensor, silence: Tensor | float, place: Tensor) -> Tensor:
    """Vectors (N, c) on the ground that their features cover, ``silence`` (c,) where none does: (B, c, S, S).

    ``place`` (B, S, S) is the feature that covers a pixel, −1 for none.
    """
    bare = torch.as_tensor(silence, dtype=vectors.dtype, device=vectors.device).expand(1, vectors.shape[1])
    table = torch.cat([bare, vectors])
    found: Tensor = table[place + 1].permute(0, 3, 1, 2)
    return found


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
