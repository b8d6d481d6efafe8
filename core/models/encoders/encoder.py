"""What every encoder does: imagery as it is stored in, features at four scales out."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from ...errors import InputError
from ...sources.bands import Band
from .card import EncoderCard
from .checkpoint import KeyReport
from .mapping import BandMapping


@dataclass(frozen=True)
class Features:
    """``maps``: four tensors (B, width, H / stride, W / stride), finest first; ``pooled``: (B, width)."""

    maps: tuple[Tensor, Tensor, Tensor, Tensor]
    pooled: Tensor


@dataclass(frozen=True)
class Scene:
    """What an encoder computes with: its own bands, standardised.

    ``values`` (B, C, T, H, W), 0 where not ``valid`` (same shape); ``time`` (B, T, 2): year and day of the year (1 to
    366); ``location`` (B, 2): latitude and longitude in degrees. ``present`` (C,): which bands the imagery has.
    """

    values: Tensor
    valid: Tensor
    present: Tensor
    time: Tensor | None = None
    location: Tensor | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.values.shape[-2], self.values.shape[-1]

    def shares(self, size: tuple[int, int]) -> Tensor:
        """How much of each cell of a grid of ``size`` is seen at each date, in any band: (B, T, *size)."""
        seen = self.valid[:, self.present].any(dim=1).float()
        return nn.functional.adaptive_avg_pool2d(seen, size)


class Encoder(nn.Module):
    """The base of all encoders. A subclass computes :meth:`encode`; bands, scaling and gaps are seen to here.

    Its own layers, which a public file fills, are its ``trunk``. ``pixel_m`` is the ground size of the imagery's
    pixels, for encoders that ask for it. ``report`` tells what became of every key of the file of weights (None: no
    file, random weights), ``assumed`` what was assumed of the imagery's units.
    """

    bounds: Tensor
    gain: Tensor
    shift: Tensor
    index: Tensor
    present: Tensor

    def __init__(self, card: EncoderCard) -> None:
        super().__init__()
        self.card = card
        self.mapping: BandMapping | None = None
        self.report: KeyReport | None = None
        self.assumed: tuple[str, ...] = ()
        self.pixel_m = card.pixel_m or 10.0
        self.stand_in: nn.Parameter | None = None

    @abstractmethod
    def encode(self, scene: Scene) -> Features:
        """Features of standardised imagery."""

    def connect(self, mapping: BandMapping, source: Sequence[Band],
                statistics: Sequence[tuple[float, float]] | None = None) -> None:
        """Tell which bands come in and how stored values become what the encoder knows.

        ``statistics`` are mean and standard deviation of each band's stored values, used by encoders without bands of
        their own, which standardise by them.
        """
        gains, shifts = [], []
        for spec, index in zip(mapping.bands, mapping.source, strict=True):
            scale, offset = (source[index].scale, source[index].offset) if index is not None else (1.0, 0.0)
            gains.append(scale * spec.scale / spec.std)
            shifts.append((offset * spec.scale + spec.offset - spec.mean) / spec.std)
        if not self.card.bands:
            stored = statistics or [(0.0, 1.0)] * len(source)
            gains, shifts = [1 / std for _, std in stored], [-mean / std for mean, std in stored]
        self.mapping = mapping
        bounds = [((spec.least - spec.mean) / spec.std, (spec.most - spec.mean) / spec.std) for spec in mapping.bands]
        self.register_buffer("bounds", torch.tensor(bounds).T[:, :, None, None, None], persistent=False)
        self.register_buffer("gain", torch.tensor(gains)[:, None, None, None], persistent=False)
        self.register_buffer("shift", torch.tensor(shifts)[:, None, None, None], persistent=False)
        self.register_buffer("index", torch.tensor([index or 0 for index in mapping.source]), persistent=False)
        lacking, stood_in = mapping.lacking, mapping.stood_in
        present = torch.tensor([number not in lacking for number in range(len(mapping.source))])
        self.register_buffer("present", present, persistent=False)
        learnt = bool(stood_in) and mapping.missing == "learnt"
        self.stand_in = nn.Parameter(torch.zeros(len(stood_in))) if learnt else None

    def forward(self, images: Tensor, *, valid: Tensor | None = None, time: Tensor | None = None,
                location: Tensor | None = None) -> Features:
        """Features of ``images`` (B, bands, H, W), or (B, bands, T, H, W) of several dates, with the bands of the
        imagery that the encoder was opened for and values as they are stored.

        ``valid``, of the same shape or with 1 in place of bands or dates, is False in gaps (clouds, no data); what is
        not finite is a gap in any case. ``time`` (B, T, 2): year and day of the year. ``location`` (B, 2): latitude and
        longitude in degrees. Raises ValueError for a wrong shape, :class:`InputError` where the encoder needs a date or
        a location and is given none.
        """
        return self.encode(self.scene(images, valid, time, location))

    def scene(self, images: Tensor, valid: Tensor | None = None, time: Tensor | None = None,
              location: Tensor | None = None) -> Scene:
        """Imagery as this encoder computes with it; see :meth:`forward`."""
        images = images[:, :, None] if images.ndim == 4 else images
        self._check(images, time, location)
        seen = torch.isfinite(images)
        if valid is not None:
            seen = seen & (valid[:, :, None] if valid.ndim == 4 else valid)
        filled = torch.where(seen, images, 0.0)
        values, known = self._ratios(filled[:, self.index] * self.gain + self.shift, seen[:, self.index])
        values = values.clamp(self.bounds[0], self.bounds[1])
        known = known & self.present[:, None, None, None]
        values = torch.where(known, values, 0.0)
        if self.stand_in is not None and self.mapping is not None:
            learnt = torch.zeros(len(self.present), device=values.device).index_put(
                (torch.tensor(self.mapping.stood_in, device=values.device),), self.stand_in)
            values = values + learnt[:, None, None, None].to(values.dtype)
        return Scene(values, known, self.present, time, location)

    def _check(self, images: Tensor, time: Tensor | None, location: Tensor | None) -> None:
        if self.mapping is None:
            raise ValueError("The encoder has not been connected to the imagery's bands.")
        bands, dates = len(self.mapping.names), images.shape[2] if images.ndim == 5 else 0
        if images.ndim != 5 or images.shape[1] != bands:
            raise ValueError(f"Images are (B, {bands}, H, W) or (B, {bands}, T, H, W), not {tuple(images.shape)}.")
        if images.shape[-2] % self.card.multiple or images.shape[-1] % self.card.multiple:
            raise ValueError(f"Images for {self.card.name} have sides that are multiples of {self.card.multiple}, not "
                             f"{images.shape[-2]} × {images.shape[-1]}.")
        if self.card.dates not in (None, 1) and dates > (self.card.dates or 0):
            raise InputError(f"The encoder {self.card.name} takes {self.card.dates} dates at most, and the imagery has "
                             f"{dates}; choose among them.")
        for what, given, needed, shape in (
            ("the dates of the imagery", time, self.card.needs_time, (len(images), dates, 2)),
            ("the location of the imagery", location, self.card.needs_location, (len(images), 2)),
        ):
            if given is None and needed:
                raise InputError(f"The encoder {self.card.name} needs {what}; give it, or choose another encoder.")
            if given is not None and tuple(given.shape) != shape:
                raise ValueError(f"For {what}, {shape} is expected, not {tuple(given.shape)}.")

    def _ratios(self, values: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
        """Bands that are computed from two others, from their measured values."""
        if self.mapping is None or not any(self.mapping.computed):
            return values, known
        order = {spec.name: number for number, spec in enumerate(self.mapping.bands)}
        columns, seen = list(values.unbind(1)), list(known.unbind(1))
        for number, (spec, made) in enumerate(zip(self.mapping.bands, self.mapping.computed, strict=True)):
            if made and spec.ratio:
                one, other = (order[name] for name in spec.ratio)
                a, b = (self._measured(columns[at], at) for at in (one, other))
                total = a + b
                safe = torch.where(total.abs() > 1e-6, total, 1.0)
                ratio = torch.where(total.abs() > 1e-6, (a - b) / safe, 0.0)
                fed = (ratio * spec.scale + spec.offset).clamp(spec.least, spec.most)
                columns[number] = (fed - spec.mean) / spec.std
                seen[number] = seen[one] & seen[other]
        return torch.stack(columns, dim=1), torch.stack(seen, dim=1)

    def _measured(self, standardised: Tensor, number: int) -> Tensor:
        assert self.mapping is not None
        spec = self.mapping.bands[number]
        return (standardised * spec.std + spec.mean - spec.offset) / spec.scale


class OneDateEncoder(Encoder):
    """An encoder of single images: several dates are encoded one by one, and each place is the mean over its dates,
    weighed by how much of it is seen on each.
    """

    @abstractmethod
    def encode_one(self, scene: Scene) -> Features:
        """Features of one date."""

    def encode(self, scene: Scene) -> Features:
        dates = scene.values.shape[2]
        if dates == 1:
            return self.encode_one(scene)
        one = [self.encode_one(replace(scene, values=scene.values[:, :, t:t + 1], valid=scene.valid[:, :, t:t + 1],
                                       time=None if scene.time is None else scene.time[:, t:t + 1]))
               for t in range(dates)]
        maps = []
        for level in range(4):
            stacked = torch.stack([features.maps[level] for features in one], dim=1)
            maps.append(weighed(stacked, scene.shares((stacked.shape[-2], stacked.shape[-1]))[:, :, None]))
        pooled = torch.stack([features.pooled for features in one], dim=1)
        return Features((maps[0], maps[1], maps[2], maps[3]), weighed(pooled, scene.shares((1, 1))[..., 0]))


def weighed(values: Tensor, weights: Tensor) -> Tensor:
    """The mean of ``values`` over axis 1 with ``weights``; where all weights are 0, the plain mean."""
    total = weights.sum(dim=1, keepdim=True)
    weights = torch.where(total > 0, weights / total.clamp(min=1e-6), 1.0 / values.shape[1])
    return (values * weights.to(values.dtype)).sum(dim=1)
