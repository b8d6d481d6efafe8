"""Which bands of the imagery are a model's channels: by name, by light, never by position alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ..errors import InputError
from ..sources.bands import COMMON, Band
from ..sources.scenes import SENTINEL_2
from .card import Channel, ModelCard, ModelInput

TOLERANCE = 0.04
"""Share by which centre wavelengths may differ: near infrared at 0.842 and 0.865 µm agree, the red edges at 0.705 and
0.740 µm do not.
"""

OTHER_UNITS = 15.0
"""Reflectance × 10⁴ is 39 times as large as 8 bits are, these 255 times as large as a share."""

PLAIN = (1.0, 0.0)
"""Scale and offset where none are declared."""


def match_bands(card: ModelCard, bands: Sequence[Band], wanted: Sequence[str] = ()) -> tuple[tuple[int, ...], ...]:
    """The imagery's bands (indexes from 0) for every channel of every input of a model.

    ``wanted`` names the imagery's bands in the order of the channels, input after input, and overrides all else.
    Otherwise a channel is the band of its name (B2 is B02), unless both wavelengths are known and disagree; else the
    band nearest in wavelength within ``TOLERANCE``. No band serves two channels of one input. An input whose channels
    have neither name nor wavelength takes all bands in order, and only if there are exactly as many. Raises
    :class:`InputError` naming the channel that is lacking and the bands there are.
    """
    if wanted:
        return _by_wish(card, bands, wanted)
    return tuple(_one_input(card, one, bands) for one in card.inputs)


def recognised(channels: Sequence[Channel], bands: Sequence[Band], tolerance: float = TOLERANCE) -> dict[int, int]:
    """Which band (index from 0) each channel (number from 0) is, by name before wavelength; those found alone."""
    found: dict[int, int] = {}
    for by_name in (True, False):
        for number, channel in enumerate(channels):
            if number not in found:
                free = [index for index in range(len(bands)) if index not in found.values()]
                index = (_by_name(channel, bands, free, tolerance) if by_name
                         else _by_wavelength(channel, bands, free, tolerance))
                if index is not None:
                    found[number] = index
    return found


def check_values(card: ModelCard, dtypes: Sequence[str]) -> None:
    """Raise :class:`InputError` if a model that expects 8-bit values is given others; ``dtypes`` are NumPy's names."""
    wide = sorted({dtype for dtype in dtypes if dtype != "uint8"})
    if wide and any(one.stored_as == "uint8" for one in card.inputs):
        raise InputError(f"The model {card.name!r} expects 8-bit values from 0 to 255, but the imagery's are "
                         f"{', '.join(wide)}; convert the imagery to Byte with the stretch that the model was trained "
                         "with.")


def check_scales(card: ModelCard, bands: Sequence[Band]) -> None:
    """Raise :class:`InputError` if a fine-tuned model would read a band with a scale that is not the band's; ``bands``
    are the imagery's, one a channel. It takes values as they are stored: a scale that one of both does not declare may
    be the same.
    """
    for own in card.tuned.bands if card.tuned is not None else ():
        for band in (bands[step] for step in own.steps if step >= 0):
            learnt, given = (own.scale, own.offset), (band.scale, band.offset)
            if PLAIN not in (learnt, given) and not np.allclose(learnt, given, rtol=1e-6, atol=0):
                raise InputError(
                    f"The model {card.name!r} learnt the band {own.name} stored with the scale {own.scale:g} and the "
                    f"offset {own.offset:g}, and the imagery's {band.name} has {band.scale:g} and {band.offset:g}; "
                    "bring the imagery to the model's scale.")


def other_units(card: ModelCard, means: Sequence[float]) -> str:
    """A sentence where a fine-tuned model is given values that seem to be stored in other units than those it learnt
    from, else nothing; ``means`` are those of the imagery's stored values, one a channel, NaN where there are none.

    All bands of light together are larger or smaller by ``OTHER_UNITS``: dark ground and bright ground differ by less.
    """
    pairs = []
    for own in card.tuned.bands if card.tuned is not None else ():
        known = [means[step] for step in own.steps if step >= 0 and np.isfinite(means[step])]
        if known and own.wavelength_um is not None and own.mean > 0:
            pairs.append((own, float(np.mean(known))))
    ratios = [given / own.mean for own, given in pairs]
    if not ratios or not (max(ratios) < 1 / OTHER_UNITS or min(ratios) > OTHER_UNITS):
        return ""
    own, given = pairs[0]
    return (f"The imagery's values are unlike those that the model {card.name!r} learnt from in all bands of light: of "
            f"{own.name} the mean is {given:.3g}, and was {own.mean:.3g}. It takes values as they are stored: if these "
            "are in other units, such as reflectance from 0 to 1 instead of × 10000, what it says means nothing.")


def _by_wish(card: ModelCard, bands: Sequence[Band], wanted: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    count = sum(len(one.channels) for one in card.inputs)
    if len(wanted) != count:
        raise InputError(f"The model {card.name!r} takes {count} bands ({_channels(card)}), but {len(wanted)} are "
                         "named; name one a channel.")
    indexes = iter([_named(name, bands) for name in wanted])
    return tuple(tuple(next(indexes) for _ in one.channels) for one in card.inputs)


def _named(name: str, bands: Sequence[Band]) -> int:
    for same in (lambda band: band.name == name, lambda band: _key(band.name) == _key(name)):
        found = [index for index, band in enumerate(bands) if same(band)]
        if len(found) == 1:
            return found[0]
    raise InputError(f"The imagery has {'more than one' if found else 'no'} band {name!r}; its bands are "
                     f"{_listed(bands)}.")


def _one_input(card: ModelCard, one: ModelInput, bands: Sequence[Band]) -> tuple[int, ...]:
    if not any(channel.name or channel.wavelength_um for channel in one.channels):
        if len(bands) == len(one.channels):
            return tuple(range(len(bands)))
        raise InputError(f"The model {card.name!r} takes {len(one.channels)} bands and does not say which, the imagery "
                         f"has {len(bands)}: {_listed(bands)}; name them in the model's order.")
    found = recognised(one.channels, bands)
    for number, channel in enumerate(one.channels):
        if number not in found:
            raise InputError(f"The model {card.name!r} needs the band {_described(channel, number)}, which the imagery "
                             f"lacks; its bands are {_listed(bands)}: name them in the model's order if one is meant.")
    return tuple(found[number] for number in range(len(one.channels)))


def _by_name(channel: Channel, bands: Sequence[Band], free: Sequence[int], tolerance: float) -> int | None:
    if not channel.name:
        return None
    named = [index for index in free if _key(bands[index].name) == _key(channel.name)
             and not _disagree(_wavelength(channel), bands[index].wavelength_um, tolerance)]
    return named[0] if len(named) == 1 else None


def _by_wavelength(channel: Channel, bands: Sequence[Band], free: Sequence[int], tolerance: float) -> int | None:
    light = _wavelength(channel)
    if light is None:
        return None
    near = sorted((abs((bands[index].wavelength_um or 0.0) / light - 1), index) for index in free)
    near = [(distance, index) for distance, index in near if distance <= tolerance]
    alike = len(near) > 1 and near[1][0] - near[0][0] < 1e-6
    return near[0][1] if near and not alike else None


def _wavelength(channel: Channel) -> float | None:
    """The channel's wavelength, else what its name says: a common name, or Sentinel-2's two digits."""
    if channel.wavelength_um is not None:
        return channel.wavelength_um
    return SENTINEL_2.get(channel.name.strip().upper(), COMMON.get(_key(channel.name)))


def _disagree(one: float | None, other: float | None, tolerance: float) -> bool:
    return one is not None and other is not None and abs(other / one - 1) > tolerance


def _key(name: str) -> str:
    """A name without case, spaces, marks and leading zeros: B2, b02 and ``B 02`` are one."""
    bare = re.sub(r"[\s_\-]+", "", name).lower()
    return re.sub(r"(?<=[a-z])0+(?=\d)", "", bare)


def _described(channel: Channel, number: int) -> str:
    light = _wavelength(channel)
    name = repr(channel.name) if channel.name else f"number {number + 1}"
    return name if light is None else f"{name} ({light:g} µm)"


def _channels(card: ModelCard) -> str:
    return ", ".join(channel.name or f"channel {number + 1}" for one in card.inputs
                     for number, channel in enumerate(one.channels))


def _listed(bands: Sequence[Band]) -> str:
    return ", ".join(band.name if band.wavelength_um is None else f"{band.name} ({band.wavelength_um:g} µm)"
                     for band in bands) or "none"
