"""Tiles of imagery and features as tensors: every tile of a batch with as many features as it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..sources.bands import Band
from ..tokens.tile import Tile
from ..tokens.tokens import years
from ..tokens.words import place_of

DESCRIBED = ("log_um", "lit", "year", "dated", "sine", "cosine")
"""What is known of a band besides its name."""


@dataclass(frozen=True)
class Batch:
    """Tiles (B) of side S and all their features (N), one tile's after the other's.

    ``x`` (B, bands, S, S), ``valid`` (B, S, S), ``veiled`` (B, S, S) where it is hidden from the network, ``distance``
    (B, S, S); ``painted`` (B, S, S) is a feature of the batch or −1. ``band`` (bands, ``DESCRIBED``) and ``name``
    (bands,) describe the bands. Of features: ``tile`` (N,), outlines ``xy`` and ``tangent`` (N, P, 2) in the tile's
    pixels, ``hole`` (N, P), ``measures`` (N, M), ``kind`` of source (N,), ``year`` and ``accuracy`` (N, 2: value and
    whether known), ``visible``, ``hush``, ``blur``, ``real``, ``moved`` as in :class:`Tile`. Tags (t): ``pieces`` (p,),
    ``starts`` (t,), ``number`` (t, 2), ``whole`` (t,); pairs ``of_feature`` and ``of_tag`` (m,). Relations (e,):
    ``target``, ``source``, ``relation``, ``apart``. ``links`` and ``link_values`` by stride: (B, h·w, L) and (B, h·w,
    L, V). What is to be learnt: ``mix`` (B, classes, S, S), ``weight`` (B, S, S), ``label`` (N,), ``usable`` (N,).
    """

    x: Tensor
    valid: Tensor
    veiled: Tensor
    distance: Tensor
    painted: Tensor
    band: Tensor
    name: Tensor
    tile: Tensor
    xy: Tensor
    tangent: Tensor
    hole: Tensor
    measures: Tensor
    kind: Tensor
    year: Tensor
    accuracy: Tensor
    visible: Tensor
    hush: Tensor
    blur: Tensor
    real: Tensor
    moved: Tensor
    pieces: Tensor
    starts: Tensor
    number: Tensor
    whole: Tensor
    of_feature: Tensor
    of_tag: Tensor
    target: Tensor
    source: Tensor
    relation: Tensor
    apart: Tensor
    links: dict[int, Tensor]
    link_values: dict[int, Tensor]
    mix: Tensor
    weight: Tensor
    label: Tensor
    usable: Tensor
    pixel_m: float

    def to(self, device: torch.device) -> Batch:
        """The same on a device."""
        def there(value: Any) -> Any:
            if isinstance(value, dict):
                return {key: there(one) for key, one in value.items()}
            return value.to(device, non_blocking=True) if isinstance(value, Tensor) else value

        return replace(self, **{field.name: there(getattr(self, field.name)) for field in fields(self)})

    def halved(self) -> tuple[Batch, ...]:
        """The first and the second half of the tiles, each with its features; itself where there is but one tile."""
        middle = len(self.x) // 2
        return (self._part(0, middle), self._part(middle, len(self.x))) if middle else (self,)

    def _part(self, first: int, end: int) -> Batch:
        low, high = (int((self.tile < edge).sum()) for edge in (first, end))
        pair, tagged = ((of >= low) & (of < high) for of in (self.target, self.of_feature))

        def numbered(features: Tensor) -> Tensor:
            return torch.where(features >= 0, features - low, features)

        tiles = {name: getattr(self, name)[first:end] for name in ("x", "valid", "veiled", "distance", "mix", "weight")}
        own = {name: getattr(self, name)[low:high] for name in (
            "xy", "tangent", "hole", "measures", "kind", "year", "accuracy", "visible", "hush", "blur", "real", "moved",
            "label", "usable")}
        return replace(
            self, **tiles, **own, painted=numbered(self.painted[first:end]), tile=self.tile[low:high] - first,
            of_feature=self.of_feature[tagged] - low, of_tag=self.of_tag[tagged], target=self.target[pair] - low,
            source=self.source[pair] - low, relation=self.relation[pair], apart=self.apart[pair],
            links={stride: numbered(link[first:end]) for stride, link in self.links.items()},
            link_values={stride: value[first:end] for stride, value in self.link_values.items()})

    @property
    def features(self) -> int:
        """N."""
        return len(self.tile)


def described_bands(bands: Sequence[Band]) -> tuple[Tensor, Tensor]:
    """What is known of bands (bands, ``DESCRIBED``), and the places (bands,) of their names in the table of words."""
    rows = []
    for band in bands:
        year = years(band.date)
        dated = float(np.isfinite(year))
        turn = 2 * np.pi * (year % 1.0) if dated else 0.0
        rows.append([np.log(band.wavelength_um) if band.wavelength_um else 0.0, float(bool(band.wavelength_um)),
                     (year - 2015) / 10 if dated else 0.0, dated, np.sin(turn) * dated, np.cos(turn) * dated])
    names = [place_of(f"band={band.name.split(' ')[0].lower()}") for band in bands]
    return torch.tensor(rows, dtype=torch.float32), torch.tensor(names)


def collate(tiles: Sequence[Tile]) -> Batch:
    """Put tiles of one size, bands and pixel size together."""
    first = tiles[0].excerpt
    if any(tile.excerpt.bands != first.bands or tile.excerpt.tokens.pixel_m != first.tokens.pixel_m for tile in tiles):
        raise ValueError("Tiles of one batch have the same bands and pixel size.")
    counts = np.array([len(tile.row) for tile in tiles])
    offset = np.concatenate([[0], np.cumsum(counts)])

    def joined(parts: Sequence[np.ndarray], dtype: Any = np.float32) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(np.concatenate(parts), dtype=dtype))

    def of_tokens(read: Any, dtype: Any = np.float32) -> Tensor:
        return joined([read(tile.excerpt)[tile.row] for tile in tiles], dtype)

    def shifted(read: Any) -> list[np.ndarray]:
        return [np.where(a >= 0, a + start, -1) for a, start in zip(map(read, tiles), offset, strict=False)]

    band, name = described_bands(first.bands)
    strides = tuple(tiles[0].links)
    return Batch(
        x=torch.from_numpy(np.stack([t.x for t in tiles])), valid=torch.from_numpy(np.stack([t.valid for t in tiles])),
        veiled=torch.from_numpy(np.stack([t.veiled for t in tiles])),
        distance=torch.from_numpy(np.stack([t.distance for t in tiles])),
        painted=torch.from_numpy(np.stack(shifted(lambda t: t.painted))), band=band, name=name,
        tile=torch.from_numpy(np.repeat(np.arange(len(tiles)), counts)),
        xy=joined([t.xy for t in tiles]), tangent=joined([t.tangent for t in tiles]),
        hole=of_tokens(lambda s: s.tokens.outlines.hole), measures=of_tokens(lambda s: s.tokens.outlines.measures),
        kind=of_tokens(lambda s: s.tokens.source, np.int64),
        year=_told(of_tokens(lambda s: (s.tokens.year - 2015) / 10)),
        accuracy=_told(of_tokens(lambda s: np.log1p(s.tokens.accuracy_m))),
        visible=joined([t.visible for t in tiles], bool), hush=joined([t.hush for t in tiles], bool),
        blur=joined([t.blur for t in tiles], bool), real=joined([t.real for t in tiles]),
        moved=joined([t.moved for t in tiles]), **_tags(tiles, offset),
        target=joined(shifted(lambda t: t.target), np.int64), source=joined(shifted(lambda t: t.source), np.int64),
        relation=joined([t.kind for t in tiles], np.int64), apart=joined([t.apart for t in tiles]),
        links={s: torch.from_numpy(np.stack(shifted(lambda t, s=s: t.links[s].feature))) for s in strides},
        link_values={s: torch.from_numpy(np.stack([t.links[s].values for t in tiles])) for s in strides},
        mix=torch.from_numpy(np.stack([t.mix for t in tiles])),
        weight=torch.from_numpy(np.stack([t.weight for t in tiles])),
        label=of_tokens(lambda s: s.label, np.int64), usable=of_tokens(lambda s: s.usable, bool),
        pixel_m=first.tokens.pixel_m)


def _told(values: Tensor) -> Tensor:
    """Values (N,) as (N, 2): 0 where they are NaN, and whether they are known."""
    known = torch.isfinite(values)
    return torch.stack([torch.where(known, values, torch.zeros(())), known.float()], dim=1)


def _tags(tiles: Sequence[Tile], offset: np.ndarray) -> dict[str, Tensor]:
    """The tags of a batch's features, each different one of a excerpt once; those of hushed features are left out."""
    pieces: list[np.ndarray] = []
    lengths: list[np.ndarray] = []
    numbers: list[np.ndarray] = []
    wholes: list[np.ndarray] = []
    of_feature: list[np.ndarray] = []
    of_tag: list[np.ndarray] = []
    count = 0
    for tile, start in zip(tiles, offset, strict=False):
        words = tile.excerpt.tokens.words
        begin = np.searchsorted(words.feature, tile.row)
        end = np.searchsorted(words.feature, tile.row, side="right")
        feature = np.repeat(np.arange(len(tile.row)), end - begin)
        pair = np.concatenate([np.arange(b, e) for b, e in zip(begin, end, strict=True)] or [begin]).astype(int)
        used, tag = np.unique(words.tag[pair], return_inverse=True)
        pieces += [words.pieces[words.starts[u]:words.starts[u + 1]] for u in used]
        lengths.append(words.starts[used + 1] - words.starts[used])
        numbers.append(words.number[used])
        wholes.append(words.whole[used])
        of_feature.append(feature + start)
        of_tag.append(tag + count)
        count += len(used)
    length = np.concatenate(lengths).astype(np.int64)
    number = torch.from_numpy(np.concatenate(numbers).astype(np.float32))
    return {
        "pieces": torch.from_numpy(np.concatenate([np.zeros(0, np.int64), *pieces])),
        "starts": torch.from_numpy(np.concatenate([[0], np.cumsum(length)[:-1]]).astype(np.int64)[:len(length)]),
        "number": _told(torch.sign(number) * torch.log1p(number.abs())),
        "whole": torch.from_numpy(np.concatenate(wholes).astype(np.int64)),
        "of_feature": torch.from_numpy(np.concatenate(of_feature).astype(np.int64)),
        "of_tag": torch.from_numpy(np.concatenate(of_tag).astype(np.int64))}
