"""What a fine-tuning begins with: an encoder on the imagery at hand, and a card for what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch

from ..errors import InputError
from ..models.card import Channel, ClassLabel, ModelCard, ModelInput, ModelOutput
from ..models.encoders.encoder import Encoder
from ..models.encoders.mapping import BandPolicy
from ..models.encoders.opening import open_encoder
from ..models.ensemble import TUNED
from ..models.tuned.dates import Dates
from ..models.tuned.network import Says, TunedNetwork, tune
from ..models.tuned_card import Method, TunedBand
from ..sources.band_statistics import BandStatistics
from ..sources.bands import Band
from ..sources.imagery import Imagery
from .course import CHECKPOINT

FROM_NOTHING = "resnet18"
CROPS = (32, 64)
"""Side of a crop in pixels for encoders whose finest map has the image's pixels, and for others."""
SMALLEST_DEVIATION = 1e-6
LEARNS_OTHERWISE = 0.05
"""The share of the weights that learns at most where not all do."""


@dataclass(frozen=True)
class TuningStart:
    """``model`` is what the user named, ``channels`` the imagery's bands under their plain names, ``location``
    latitude and longitude, ``missing`` what stands in for bands that the imagery lacks.
    """

    model: str
    method: Method
    channels: tuple[Band, ...]
    statistics: BandStatistics
    pixel_m: float
    location: tuple[float, float]
    missing: Literal["refuse", "mean", "learnt"]
    outputs: int
    says: Says
    seed: int

    @property
    def dates(self) -> Dates:
        """The channels laid out as the encoder takes them."""
        return Dates.of(self.channels)

    def encoder(self) -> Encoder:
        """The encoder with its public weights. Raises :class:`InputError` if it cannot be tuned so on this imagery."""
        dates = self.dates
        encoder = open_encoder(self.model or FROM_NOTHING, dates.bands, BandPolicy(missing=self.missing),
                               pixel_m=self.pixel_m, seed=self.seed,
                               statistics=[(band.mean, band.std) for band in self.bands()])
        if encoder.report is None and self.method != "full":
            raise InputError(f"The encoder {encoder.card.name} has random weights, and METHOD={self.method} would "
                             f"leave them so; name its file, as {encoder.card.name}:FILE, or choose METHOD=full.")
        if encoder.card.needs_time and dates.time is None:
            raise InputError(f"The encoder {encoder.card.name} needs the date of every band, and the imagery does not "
                             "say them; stack it with geoloop:stackimagery from files that do, or set their metadata "
                             "ACQUISITION_DATE.")
        return encoder

    def room(self, encoder: Encoder) -> int:
        """The bytes of disk that the model and its checkpoint take, about."""
        whole = sum(one.numel() * one.element_size() for one in encoder.state_dict().values())
        return int(whole * (1 + CHECKPOINT * (1.0 if self.method == "full" else LEARNS_OTHERWISE)))

    def bands(self) -> tuple[TunedBand, ...]:
        """The bands by dates, with the statistics of their values."""
        dates = self.dates
        found = []
        for band, steps in zip(dates.bands, dates.index, strict=True):
            own = [step for step in steps if step >= 0]
            found.append(TunedBand(band.name, steps, band.wavelength_um, band.scale, band.offset,
                                   float(self.statistics.mean[own].mean()),
                                   max(float(self.statistics.std[own].mean()), SMALLEST_DEVIATION)))
        return tuple(found)

    def network(self) -> TunedNetwork:
        """A network to be fine-tuned, the same for the same seed."""
        torch.manual_seed(self.seed)
        encoder = self.encoder()
        where = self.location if encoder.card.takes_location else ()
        file = "" if encoder.report is None else encoder.report.file
        return tune(encoder, self.method, self.bands(), self.dates.dates, self.outputs, says=self.says,
                    weights=file.replace("\\", "/").rpartition("/")[2], location=where, missing=self.missing)


def plain_bands(imagery: Imagery) -> tuple[Band, ...]:
    """The imagery's bands under the names that their files give them, alike on all dates."""
    return tuple(band for raster in imagery.rasters for band in raster.bands)


def crop_for(encoder: Encoder, wanted: int) -> int:
    """The side of a crop: as wanted, or what suits the encoder; a multiple of what it takes."""
    multiple = encoder.card.multiple
    if wanted and wanted % multiple:
        raise InputError(f"CROP is {wanted}, and the encoder {encoder.card.name} takes multiples of {multiple} pixels.")
    usual = CROPS[0] if encoder.card.strides[0] <= 1 else CROPS[1]
    return wanted or -(-usual // multiple) * multiple


def tuned_card(network: TunedNetwork, bands: Sequence[Band], classes: Sequence[ClassLabel], *, crop: int,
               resolution_m: float, seed: int, trained_on: Sequence[str], scores: dict[str, str],
               versions: dict[str, str], run: dict[str, str]) -> ModelCard:
    """The card of a fine-tuned network; ``bands`` are the imagery's, under names of their own."""
    values = network.says == "value"
    labels = (ClassLabel(0, "value"), ClassLabel(1, "standard deviation")) if values else tuple(classes)
    one = ModelInput("bands", tuple(Channel(band.name, band.wavelength_um) for band in bands), side=crop,
                     multiple=network.encoder.card.multiple, gaps="missing")
    return ModelCard(
        name=f"{network.encoder.card.title}, fine-tuned", architecture=TUNED,
        task="regression" if values else "segmentation", inputs=(one,),
        outputs=(ModelOutput("values" if values else "classes", classes=labels),), resolution_m=resolution_m,
        origin="geoloop", widths=network.widths, seed=seed, trained_on=tuple(trained_on), versions=versions,
        tuned=network.card, scores=scores, run=run)
