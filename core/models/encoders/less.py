"""A transformer for any bands, in the manner of LESS ViT (Si et al. 2025, arXiv 2503.12843): our own, after the paper.

A token is one patch of one band. What a band is goes in as its wavelength, where a patch lies as metres. Attention over
all tokens at once would cost the square of patches times bands; here places attend to places and bands to bands, each
on short summaries of the other, and a token gets the product of both (a Kronecker product, a low-rank attention).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ...errors import InputError
from ...sources.bands import Band
from .card import EncoderCard
from .encoder import Encoder, Features, OneDateEncoder, Scene
from .mapping import BandMapping
from .positions import frequencies, sines
from .published import Published
from .transformer import Perceptron, looks, mostly, pyramid

WAVE_UNIT_UM, GROUND_M = 1e-3, 10.0
"""Wavelengths go in as nanometres, distances as steps of 10 m."""

RADAR_UM = {"VV": 55_000.0, "VH": 57_000.0, "HH": 59_000.0, "HV": 61_000.0}
"""Radar of C band has waves of 5.5 cm; polarisations are set apart, as they have no wavelengths of their own."""


@dataclass(frozen=True)
class LessShape:
    """``width`` of a token is ``places`` × ``bands``: what attention over places gives, and that over bands. ``heads``
    of each; ``rank`` products are added.
    """

    places: int = 48
    bands: int = 4
    depth: int = 8
    heads: int = 4
    rank: int = 2
    patch: int = 8

    @property
    def width(self) -> int:
        """Width of a token."""
        return self.places * self.bands


class Summary(nn.Module):
    """Tokens (B, N, M, width) to (B, N, out): for each of N, a mean over the M, weighed by what they say."""

    def __init__(self, width: int, out: int) -> None:
        super().__init__()
        self.weigh, self.say = nn.Linear(width, 1), nn.Linear(width, out)

    def forward(self, x: Tensor, seen: Tensor) -> Tensor:
        weights = self.weigh(x).masked_fill(~seen[..., None], torch.finfo(x.dtype).min).softmax(dim=2)
        y: Tensor = (weights * self.say(x)).sum(dim=2)
        return y


class Mix(nn.Module):
    """Attention among summaries (B, N, width)."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = math.gcd(heads, width)
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x: Tensor, seen: Tensor) -> Tensor:
        q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in self.qkv(x).chunk(3, dim=-1))
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=seen[:, None, None, :])
        y: Tensor = self.proj(mixed.transpose(1, 2).flatten(2))
        return y


class LowRank(nn.Module):
    """One of the products: attention over places times attention over bands."""

    def __init__(self, shape: LessShape) -> None:
        super().__init__()
        self.of_places, self.of_bands = Summary(shape.width, shape.places), Summary(shape.width, shape.bands)
        self.over_places, self.over_bands = Mix(shape.places, shape.heads), Mix(shape.bands, shape.heads)

    def forward(self, x: Tensor, seen: Tensor) -> Tensor:
        """Tokens (B, places, bands, width) and which are seen (B, places, bands)."""
        here, band = _some(seen.any(dim=2)), _some(seen.any(dim=1))
        places = self.over_places(self.of_places(x, seen), here)
        bands = self.over_bands(self.of_bands(x.transpose(1, 2), seen.transpose(1, 2)), band)
        return torch.einsum("bnp,bcq->bncpq", places, bands).flatten(3)


def _some(seen: Tensor) -> Tensor:
    """Who is attended to (B, N): those that are seen, or all where none is."""
    return seen | ~seen.any(dim=1, keepdim=True)


class LessBlock(nn.Module):
    """Low-rank attention and a perceptron, each after a normalisation and beside a shortcut."""

    def __init__(self, shape: LessShape) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(shape.width), nn.LayerNorm(shape.width)
        self.products = nn.ModuleList([LowRank(shape) for _ in range(shape.rank)])
        self.proj = nn.Linear(shape.width, shape.width)
        self.mlp = Perceptron(shape.width, 4 * shape.width)

    def forward(self, x: Tensor, seen: Tensor) -> Tensor:
        y = self.norm1(x)
        x = x + self.proj(torch.stack([product(y, seen) for product in self.products]).sum(dim=0))
        after: Tensor = x + self.mlp(self.norm2(x))
        return after


class LessTrunk(nn.Module):
    """One layer for the patches of every band, tokens of whole places, whole bands and the whole, and blocks."""

    def __init__(self, shape: LessShape) -> None:
        super().__init__()
        self.shape, width = shape, shape.width
        self.embed = nn.Sequential(nn.Conv2d(1, 2 * width, shape.patch, shape.patch), nn.ReLU(),
                                   nn.Conv2d(2 * width, width, 1))
        self.whole = nn.Parameter(torch.randn(3, width) * 0.02)
        self.blocks = nn.ModuleList([LessBlock(shape) for _ in range(shape.depth)])
        self.norm = nn.LayerNorm(width)

    def forward(self, values: Tensor, seen: Tensor, waves_um: Tensor, pixel_m: float) -> list[Tensor]:
        """Bands (B, C, H, W), which patches of which band are seen (B, C, rows, columns) and the wavelengths (C,), to
        tokens (B, 1 + places, 1 + C, width) after each of four depths, the last normalised; the first place is the
        whole image, the first band all bands.
        """
        batch, bands, height, width = values.shape
        rows, columns = height // self.shape.patch, width // self.shape.patch
        x = self.embed(values.reshape(batch * bands, 1, height, width)).flatten(2)
        x = x.transpose(1, 2).unflatten(0, (batch, bands)).transpose(1, 2)
        place, band = self._places(rows, columns, pixel_m).to(x), self._bands(waves_um).to(x)
        x = x + place[:, None] + band
        by_place = (self.whole[0] + place)[:, None].expand(batch, -1, -1, -1)
        by_band = (self.whole[1] + band).expand(batch, 1, -1, -1)
        first = torch.cat([self.whole[2].expand(batch, 1, 1, -1), by_band], dim=2)
        x = torch.cat([first, torch.cat([by_place, x], dim=2)], dim=1)
        seen = seen.flatten(2).transpose(1, 2)
        seen = torch.cat([seen.any(dim=2, keepdim=True), seen], dim=2)
        seen = torch.cat([seen.any(dim=1, keepdim=True), seen], dim=1)
        wanted, levels = looks(len(self.blocks)), []
        for number, layer in enumerate(self.blocks, 1):
            x = layer(x, seen)
            levels += [x] * wanted.count(number)
        return [*levels[:-1], self.norm(levels[-1])]

    def _places(self, rows: int, columns: int, pixel_m: float) -> Tensor:
        """Where patches lie (rows × columns, width), by metres on the ground."""
        step = pixel_m * self.shape.patch / GROUND_M
        y, x = torch.meshgrid(torch.arange(rows) * step, torch.arange(columns) * step, indexing="ij")
        frequency = frequencies(self.shape.width // 2).float()
        return torch.cat([sines(x.flatten(), frequency), sines(y.flatten(), frequency)], dim=-1)

    def _bands(self, waves_um: Tensor) -> Tensor:
        """What bands are (C, width), by wavelength."""
        return sines(waves_um.cpu() / WAVE_UNIT_UM, frequencies(self.shape.width).float())


class Less(OneDateEncoder):
    """The any-band transformer as an encoder: the maps are the tokens of whole places, the vector that of the whole."""

    def __init__(self, card: EncoderCard, shape: LessShape) -> None:
        super().__init__(card)
        self.trunk = LessTrunk(shape)

    def connect(self, mapping: BandMapping, source: Sequence[Band],
                statistics: Sequence[tuple[float, float]] | None = None) -> None:
        """See :meth:`Encoder.connect`. Raises :class:`InputError` for a band without a wavelength."""
        super().connect(mapping, source, statistics)
        self._waves()

    def encode_one(self, scene: Scene) -> Features:
        patch = self.trunk.shape.patch
        seen = mostly(scene.valid[:, :, 0], patch)
        levels = self.trunk(scene.values[:, :, 0], seen, self._waves().to(scene.values), self.pixel_m)
        size = seen.shape[-2:]
        maps = [level[:, 1:, 0].transpose(1, 2).unflatten(2, size) for level in levels]
        return Features(pyramid(maps), levels[-1][:, 0, 0])

    def _waves(self) -> Tensor:
        """The wavelengths of the imagery's bands (C,). Raises :class:`InputError` for a band without one."""
        assert self.mapping is not None
        found = []
        for spec in self.mapping.bands:
            wave = spec.wavelength_um or RADAR_UM.get(spec.name.upper()[-2:])
            if wave is None:
                raise InputError(f"The encoder {self.card.name} knows bands by their wavelengths, and the imagery's "
                                 f"band {spec.name} has none; leave it out, or give its wavelength.")
            found.append(wave)
        return torch.tensor(found)


SMALL, BASE = LessShape(), LessShape(192, 4, 12, 12, 1, 16)


def _entry(name: str, title: str, shape: LessShape) -> Published:
    def build(card: EncoderCard, _: int) -> Encoder:
        return Less(card, shape)

    half = shape.patch / 2
    card = EncoderCard(name, title, (), (shape.width,) * 4, (half / 2, half, float(shape.patch), 2.0 * shape.patch),
                       shape.width, 2 * shape.patch, publication="in the manner of Si et al. 2025, arXiv 2503.12843")
    return Published(card, build, r"blocks\.0\.products\.0\.of_places\.weigh\.weight")


LESS = (_entry("any_band_small", "any-band transformer, small", SMALL),
        _entry("any_band_base", "any-band transformer, base", BASE))
