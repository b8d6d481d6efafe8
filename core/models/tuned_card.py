"""What must be known of a fine-tuned encoder to build it again: part of its model card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..errors import InputError

Method = Literal["probe", "lora", "adapter", "full"]
MOST_RANK, MOST_WIDTH, MOST_DATES = 256, 1024, 366


@dataclass(frozen=True)
class TunedBand:
    """A band of the imagery: name and wavelength as in :class:`~geoloop.core.sources.bands.Band`, ``scale`` and
    ``offset`` to what was measured, ``mean`` and ``std`` of what is stored; ``steps`` are the model's channels that
    hold it, one a date, -1 where there is none.
    """

    name: str
    steps: tuple[int, ...]
    wavelength_um: float | None = None
    scale: float = 1.0
    offset: float = 0.0
    mean: float = 0.0
    std: float = 1.0


@dataclass(frozen=True)
class TunedCard:
    """``encoder`` is a name of the registry, ``weights`` the name of the public file that it began with (empty: none),
    ``base`` a fingerprint of the weights that it began with. ``dates`` (ISO 8601) are those of the bands' steps, empty
    where unknown; ``location`` latitude and longitude in degrees of the ground that was learnt from, or nothing.

    ``missing`` says what stands in for bands that the imagery lacks. ``rank`` and ``alpha`` are LoRA's, ``inside`` the
    width within adapters (0: none), ``width`` the decoder's, ``pixels`` that of its path for single pixels (0: none).
    """

    encoder: str
    base: str
    bands: tuple[TunedBand, ...]
    dates: tuple[str, ...]
    method: Method
    width: int
    weights: str = ""
    location: tuple[float, ...] = ()
    missing: Literal["refuse", "mean", "learnt"] = "refuse"
    pixel_m: float = 10.0
    rank: int = 0
    alpha: float = 0.0
    inside: int = 0
    pixels: int = 0

    def __post_init__(self) -> None:
        sane = (1 <= self.width <= MOST_WIDTH and 0 <= self.rank <= MOST_RANK and 0 <= self.inside <= MOST_WIDTH
                and 0 <= self.pixels <= MOST_WIDTH
                and 1 <= len(self.dates) <= MOST_DATES and self.bands and len(self.location) in (0, 2)
                and all(len(band.steps) == len(self.dates) and band.std > 0 for band in self.bands)
                and (self.rank > 0) == (self.method == "lora") and (self.inside > 0) == (self.method == "adapter"))
        if not sane:
            raise InputError(f"The card of the model does not describe a fine-tuned {self.encoder!r}.")
