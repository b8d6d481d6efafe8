"""The bands that many networks learnt from."""

from __future__ import annotations

from ...sources.scenes import SENTINEL_2
from .card import BandSpec

S1_DECIBELS = (BandSpec("VV", mean=-12.59, std=5.26), BandSpec("VH", mean=-20.26, std=5.91))
S2_SHARES = tuple(BandSpec(name, light) for name, light in SENTINEL_2.items())
"""All 13 bands as reflectance from 0 to 1."""

NDVI = BandSpec("NDVI", ratio=("B08", "B04"))
GREENNESS = BandSpec("NDVI", ratio=("B08", "B04"), least=0.0)
"""The vegetation index of SSL4Eco, which knows no values below 0."""


def shares(*names: str) -> tuple[BandSpec, ...]:
    """Bands of Sentinel-2 as reflectance from 0 to 1."""
    return tuple(BandSpec(name, SENTINEL_2[name]) for name in names)
