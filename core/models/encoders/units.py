"""In which units imagery is stored whose files do not say it: seen from its values, told, or refused."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...errors import InputError
from ...sources.bands import Band

LIGHT_UM = (0.3, 3.0)
"""Wavelengths at which the ground reflects the sun."""
SHARE, PHOTO, TENTHOUSAND = 1.5, 255.0, 30_000.0
"""The largest mean of reflectance stored as a share, in 8 bits, and × 10⁴, snow and clouds included."""
RADAR = ("VV", "VH", "HH", "HV")


@dataclass(frozen=True)
class Units:
    """Bands whose scale and offset lead to what was measured, and what was assumed, in words."""

    bands: tuple[Band, ...]
    assumed: tuple[str, ...] = ()


def measured_units(bands: Sequence[Band], statistics: Sequence[tuple[float, float]]) -> Units:
    """Give bands of light that declare no scale the one that their values speak for; ``statistics`` are mean and
    standard deviation of each band's stored values (NaN: the band has no valid pixel, and says nothing).

    All of them together are a share (0 to 1), 8 bits (÷ 255) or × 10⁴. Raises :class:`InputError` for values that are
    none of these, for bands of which none has a valid pixel, and for radar that is not in decibels.
    """
    means = [mean for mean, _ in statistics]
    light = [number for number, band in enumerate(bands) if _is_light(band) and (band.scale, band.offset) == (1.0, 0.0)]
    for band, mean in zip(bands, means, strict=True):
        if _is_radar(band) and mean * band.scale + band.offset > 0:
            raise InputError(f"The band {band.name} looks like radar's power and not decibels (its mean is "
                             f"{mean:.3g}); convert it with the raster calculator: 10 * log10(band).")
    if not light:
        return Units(tuple(bands))
    names = ", ".join(bands[number].name for number in light)
    seen = [means[number] for number in light if not math.isnan(means[number])]
    if not seen:
        raise InputError(f"None of {names} has a valid pixel, so that nothing tells in which units they are stored; "
                         "look at their nodata and where they lie.")
    least, most = min(seen), max(seen)
    if least < -SHARE or most > TENTHOUSAND:
        raise InputError(f"The values of {names} (means from {least:.3g} to {most:.3g}) are neither reflectance from 0 "
                         "to 1 nor 8 bits nor reflectance × 10000; set the bands' scale and offset (gdal_edit -scale).")
    scale, words = ((1.0, "reflectance from 0 to 1") if most <= SHARE else
                    (1 / 255, "8 bits, 255 being white") if most <= PHOTO else (1e-4, "reflectance × 10000"))
    told = () if scale == 1.0 else (f"The files of {names} declare no scale; their values look like {words}.",)
    return Units(tuple(replace(band, scale=scale) if number in light else band for number, band in enumerate(bands)),
                 told)


def _is_light(band: Band) -> bool:
    return band.wavelength_um is not None and LIGHT_UM[0] <= band.wavelength_um <= LIGHT_UM[1]


def _is_radar(band: Band) -> bool:
    return band.name.strip().upper().endswith(RADAR) and not _is_light(band)
