"""A fine-tuned encoder as one network: channels as they are stored in, scores of every pixel out."""

from __future__ import annotations

from hashlib import sha256
from typing import Literal

import torch
from torch import Tensor, nn

from ...errors import InputError
from ...sources.bands import Band
from ..encoders.encoder import Encoder
from ..encoders.mapping import BandPolicy
from ..encoders.opening import open_encoder
from ..tuned_card import Method, TunedBand, TunedCard
from . import earth_adapter, lora
from .dates import arranged, time_of
from .decoder import Decoder, pixels_for, width_for
from .earth_adapter import FrequencyAdapter
from .seen import Seen

LORA_SHARE, ADAPTER_SHARE, DECODER_SHARE, PIXELS_SHARE = 0.025, 0.025, 0.015, 0.002
"""Shares of an encoder's weights that additions, decoder and path for pixels hold: together below a twentieth."""
PIXELS_MOST = 0.012
"""The share that a path for very many bands may hold; beside additions there is no room for so much."""
EXTREME = 5.0
"""No pixel counts as further from the mean of its band than so many standard deviations."""
Says = Literal["classes", "value"]


class TunedNetwork(nn.Module):
    """Takes channels (B, channels, H, W) as the imagery stores them, NaN in gaps.

    Says either scores of ``outputs`` classes, before the softmax, or, of a value, the value and its standard deviation
    (B, 2, H, W). ``views`` are the axes to mirror for a mean over views.
    """

    views: tuple[list[int], ...] = ([], [3])
    index: Tensor
    mean: Tensor
    std: Tensor
    time: Tensor | None
    location: Tensor | None

    def __init__(self, encoder: Encoder, card: TunedCard, outputs: int, says: Says = "classes") -> None:
        """``encoder`` as its public file left it: the additions of ``card`` are put into it here."""
        super().__init__()
        self.card, self.says, self.widths = card, says, (card.width,)
        self.bands = 1 + max(step for band in card.bands for step in band.steps)
        self.classes = 2 if says == "value" else outputs
        trunk = encoder.get_submodule("trunk")
        if card.method == "lora":
            lora.insert(trunk, card.rank, card.alpha)
        if card.method == "adapter":
            earth_adapter.insert(trunk, card.inside)
        self.encoder = encoder
        self.refine = nn.ModuleList([FrequencyAdapter(width, card.inside) for width in encoder.card.widths]
                                    if card.method == "adapter" else [])
        self.decoder = Decoder(encoder.card.widths, card.width, self.classes,
                               channels=(len(card.bands) + 1) * len(card.dates), pixels=card.pixels)
        self.register_buffer("index", torch.tensor([band.steps for band in card.bands]), persistent=False)
        for name in ("mean", "std"):
            known = torch.tensor([getattr(band, name) for band in card.bands])
            self.register_buffer(name, known[:, None, None, None], persistent=False)
        self.register_buffer("time", time_of(card.dates), persistent=False)
        where = torch.tensor([card.location], dtype=torch.float32) if card.location else None
        self.register_buffer("location", where, persistent=False)
        self.freeze()

    def freeze(self, *, whole_encoder: bool = False) -> None:
        """Let only learn what the method lets learn, or of the encoder nothing at all, its additions among it."""
        for name, parameter in self.encoder.named_parameters():
            added = "lora_" in name or ".expert." in name or name == "stand_in"
            fixed = name.rpartition(".")[2] in ("pos_embed",) or "month_embed" in name
            learns = added or (self.card.method == "full" and not fixed)
            parameter.requires_grad_(learns and not whole_encoder)

    def train(self, mode: bool = True) -> TunedNetwork:
        """As of any network; a frozen encoder's statistics of normalisation stay what they are."""
        super().train(mode)
        if self.card.method != "full" or self.frozen:
            self.encoder.train(False)
        return self

    def prepare(self, x: Tensor) -> Tensor:
        """The channels as they are: scaling is the encoder's."""
        return x

    @property
    def frozen(self) -> bool:
        """Whether the encoder stays what it is while the rest learns."""
        return not any(one.requires_grad for one in self.encoder.parameters())

    def look(self, x: Tensor) -> Seen:
        """What the encoder makes of channels; with it, what the pixels show by themselves."""
        images = arranged(x, self.index)
        batch, dates = images.shape[0], images.shape[2]
        time = None if self.time is None else self.time.expand(batch, dates, 2)
        where = None if self.location is None else self.location.expand(batch, 2)
        features = self.encoder(images, time=time, location=where)
        maps = (*features.maps, self._alone(images)) if self.card.pixels else features.maps
        return Seen(maps, (int(x.shape[-2]), int(x.shape[-1])))

    def _alone(self, images: Tensor) -> Tensor:
        """What pixels of images (B, C, T, H, W) show by themselves (B, C · T + T, H, W): standardised bands, 0 in gaps,
        and of each date whether anything is seen.
        """
        seen = torch.isfinite(images)
        values = torch.where(seen, (images - self.mean) / self.std, 0.0).clamp(-EXTREME, EXTREME)
        return torch.cat([values.flatten(1, 2), seen.any(dim=1).to(values.dtype)], dim=1)

    def scores(self, x: Tensor | Seen) -> Tensor:
        """What is learnt on: class scores, or standardised value and logarithm of its variance, (B, outputs, H, W); of
        channels, or of what the encoder made of them.
        """
        seen = x if isinstance(x, Seen) else self.look(x)
        maps = seen.maps
        if len(self.refine):
            refined = [adapter(one) for adapter, one in zip(self.refine, maps, strict=False)]
            maps = (*refined, *maps[len(refined):])
        said: Tensor = self.decoder(maps, seen.size)
        return said

    def forward(self, x: Tensor | Seen) -> Tensor:
        scores, told = self.scores(x), self.decoder
        if self.says == "classes":
            return scores / told.temperature
        value = scores[:, :1] * told.spread + told.centre
        doubt = (0.5 * scores[:, 1:].clamp(-10, 10)).exp() * told.spread * told.doubt
        return torch.cat([value, doubt], dim=1)

    @property
    def trained_share(self) -> float:
        """The share of all weights that learn."""
        every = sum(parameter.numel() for parameter in self.parameters())
        return sum(one.numel() for one in self.parameters() if one.requires_grad) / every


def tune(encoder: Encoder, method: Method, bands: tuple[TunedBand, ...], dates: tuple[str, ...], outputs: int, *,
         says: Says = "classes", weights: str = "", location: tuple[float, ...] = (), rank: int = 0,
         missing: Literal["refuse", "mean", "learnt"] = "refuse") -> TunedNetwork:
    """A network to be fine-tuned by a method, its additions and decoder as large as suits the encoder.

    ``rank`` 0: chosen. Raises :class:`InputError` for an encoder that has no layers to add to.
    """
    trunk = encoder.get_submodule("trunk")
    base, widths = fingerprint(encoder), encoder.card.widths
    size = sum(parameter.numel() for parameter in encoder.parameters())
    rank = (rank or lora.rank_for(trunk, LORA_SHARE)) if method == "lora" else 0
    inside = 0
    if method == "lora" and not any(True for _ in lora.places(trunk)):
        raise InputError(f"The encoder {encoder.card.name} has no layers that LoRA could be added to.")
    if method == "adapter":
        inside = earth_adapter.inside_for(trunk, widths, ADAPTER_SHARE)
    card = TunedCard(encoder.card.name, base, bands, dates, method, width_for(widths, size, DECODER_SHARE), weights,
                     location, missing, encoder.pixel_m, rank, 2.0 * rank, inside,
                     pixels_for((len(bands) + 1) * len(dates), size, PIXELS_SHARE,
                                PIXELS_SHARE if method in ("lora", "adapter") else PIXELS_MOST))
    return TunedNetwork(encoder, card, outputs, says)


def built(card: TunedCard, outputs: int, says: Says) -> TunedNetwork:
    """The network that a card describes, with random weights. Raises :class:`InputError` for an unknown encoder."""
    return TunedNetwork(opened(card), card, outputs, says)


def opened(card: TunedCard, weights: str = "") -> Encoder:
    """The encoder of a card, as it was before it was tuned; ``weights``: its public file (empty: random weights)."""
    source = [Band(band.name, band.wavelength_um, "", scale=band.scale, offset=band.offset) for band in card.bands]
    return open_encoder(card.encoder, source, BandPolicy(missing=card.missing), weights=weights, pixel_m=card.pixel_m,
                        statistics=[(band.mean, band.std) for band in card.bands])


def fingerprint(encoder: Encoder) -> str:
    """A text that is the same only for encoders of the same weights."""
    state = encoder.get_submodule("trunk").state_dict()
    digest = sha256()
    for name in sorted(state):
        digest.update(name.encode())
        digest.update(state[name].detach().cpu().contiguous().float().numpy().tobytes())
    return digest.hexdigest()[:32]
