"""What must be known of an encoder to use it: its bands and their scaling, its scales, its licence and origin."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..card import Channel

Four = tuple[int, int, int, int]


@dataclass(frozen=True)
class BandSpec:
    """One band that an encoder learnt from.

    A *measured* value (reflectance as a share from 0 to 1, decibels, kelvins, metres, degrees) times ``scale`` plus
    ``offset``, kept between ``least`` and ``most``, is what the network was fed before standardising; ``mean`` and
    ``std`` are of that. ``wavelength_um`` is None for what is no light: radar, heights. ``ratio`` names two of the
    encoder's bands, a and b, of which this one is (a - b) / (a + b), so that imagery need not bring it. An ``optional``
    band is one that the encoder does without; optional bands of one ``group`` come together or not at all.
    """

    name: str
    wavelength_um: float | None = None
    mean: float = 0.0
    std: float = 1.0
    scale: float = 1.0
    offset: float = 0.0
    ratio: tuple[str, str] | None = None
    least: float = -math.inf
    most: float = math.inf
    optional: bool = False
    group: str = ""

    @property
    def channel(self) -> Channel:
        """The band as a model's input channel, by which imagery is searched."""
        return Channel(self.name, self.wavelength_um)

    @property
    def words(self) -> str:
        """The band in words."""
        return self.name if self.wavelength_um is None else f"{self.name} ({self.wavelength_um:g} µm)"


@dataclass(frozen=True)
class EncoderCard:
    """An encoder described.

    ``name`` is what a user calls it, ``title`` what its authors do. No ``bands``: it takes any, as they come.
    ``widths`` and ``strides`` (pixels; a half where the patch is odd) are of the four maps, finest first; ``pooled`` is
    the width of the vector. Height and width of an image must be multiples of ``multiple``; ``side`` is that of
    pretraining (0: none). ``dates`` is the largest number of dates (None: any; 1: dates are encoded one by one and
    averaged). ``needs_time`` and ``needs_location`` say what must be given; ``takes_time`` and ``takes_location``
    what is used. ``pixel_m`` is the ground size of a pixel in pretraining (None: many).
    """

    name: str
    title: str
    bands: tuple[BandSpec, ...]
    widths: Four
    strides: tuple[float, float, float, float]
    pooled: int
    multiple: int
    licence: str = "none needed: it is trained from nothing"
    publication: str = ""
    weights_from: str = ""
    side: int = 0
    dates: int | None = 1
    takes_time: bool = False
    takes_location: bool = False
    needs_time: bool = False
    needs_location: bool = False
    pixel_m: float | None = None
