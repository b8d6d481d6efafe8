"""Which bands of the imagery are an encoder's, by name and light, and what stands in for those that are lacking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ...errors import InputError
from ...sources.bands import Band
from ..match import TOLERANCE, recognised
from .card import BandSpec, EncoderCard

Missing = Literal["refuse", "mean", "learnt"]
_STANDS_IN = {"mean": "its mean in pretraining stands in", "learnt": "a value that is learnt stands in"}


@dataclass(frozen=True)
class BandPolicy:
    """What happens to bands. ``tolerance`` is the share by which wavelengths may differ; the nearest band within it is
    taken. ``missing``: a band that the imagery lacks is refused, filled by its mean in pretraining (an encoder that can
    leave it out does so), or by a value that fine-tuning learns, beginning at that mean.
    """

    tolerance: float = TOLERANCE
    missing: Missing = "refuse"


@dataclass(frozen=True)
class BandMapping:
    """For each band of an encoder the number of the imagery's band (from 0), or None; ``computed`` are those that the
    encoder makes of two others.
    """

    encoder: str
    bands: tuple[BandSpec, ...]
    source: tuple[int | None, ...]
    computed: tuple[bool, ...]
    names: tuple[str, ...]
    missing: Missing

    @property
    def lacking(self) -> tuple[int, ...]:
        """Numbers of the encoder's bands that nothing of the imagery gives."""
        return tuple(i for i, (index, made) in enumerate(zip(self.source, self.computed, strict=True))
                     if index is None and not made)

    @property
    def stood_in(self) -> tuple[int, ...]:
        """Numbers of the lacking bands for which something has to stand in."""
        return tuple(number for number in self.lacking if not self.bands[number].optional)

    @property
    def unused(self) -> tuple[str, ...]:
        """Names of the imagery's bands that the encoder does not take."""
        return tuple(name for index, name in enumerate(self.names) if index not in self.source)

    def lines(self) -> tuple[str, ...]:
        """The mapping in words, one line a band of the encoder, and one for the bands that go unused."""
        told = []
        for spec, index, made in zip(self.bands, self.source, self.computed, strict=True):
            if index is not None:
                told.append(f"{spec.words} is the imagery's {self.names[index]}")
            elif made and spec.ratio:
                told.append(f"{spec.words} is computed from {spec.ratio[0]} and {spec.ratio[1]}")
            elif spec.optional:
                told.append(f"{spec.words} is lacking: the encoder does without it")
            else:
                told.append(f"{spec.words} is lacking: {_STANDS_IN[self.missing]}")
        if self.unused:
            told.append(f"not used: {', '.join(self.unused)}")
        return tuple(told)


def map_bands(card: EncoderCard, source: Sequence[Band], policy: BandPolicy | None = None) -> BandMapping:
    """Find an encoder's bands among the imagery's. Raises :class:`InputError` where the policy is to refuse, and where
    nothing at all is found.
    """
    policy = policy or BandPolicy()
    names = tuple(band.name for band in source)
    if not card.bands:
        return BandMapping(card.name, tuple(BandSpec(band.name, band.wavelength_um) for band in source),
                           tuple(range(len(source))), (False,) * len(source), names, policy.missing)
    found = recognised([spec.channel for spec in card.bands], source, policy.tolerance)
    halves = {spec.group for number, spec in enumerate(card.bands) if spec.group and number not in found}
    found = {number: index for number, index in found.items() if card.bands[number].group not in halves}
    by_name = {spec.name: number in found for number, spec in enumerate(card.bands)}
    # Computed rather than taken: an index in a file may be stored in units of its own.
    computed = tuple(spec.ratio is not None and all(by_name[name] for name in spec.ratio) for spec in card.bands)
    found = {number: index for number, index in found.items() if not computed[number]}
    indexes = tuple(found.get(number) for number in range(len(card.bands)))
    mapping = BandMapping(card.name, card.bands, indexes, computed, names, policy.missing)
    lacking = [card.bands[number].words for number in mapping.lacking if not card.bands[number].optional]
    if not found or (lacking and policy.missing == "refuse"):
        wanted = ", ".join(lacking) or f"some of {', '.join(spec.words for spec in card.bands)}"
        raise InputError(f"The encoder {card.name} needs {wanted}, which the imagery lacks; its bands are "
                         f"{', '.join(names)}: add the band, or allow its mean to stand in for it.")
    return mapping
