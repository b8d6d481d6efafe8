"""The bands that many networks learnt from, with the statistics of the archives that they were trained on."""

from __future__ import annotations

from ...sources.scenes import SENTINEL_2
from .card import BandSpec

# SSL4EO-S12 (Wang et al. 2023, arXiv 2211.07044), as torchgeo's models/resnet.py lists them: top-of-atmosphere
# reflectance × 10⁴ of all 13 bands, and decibels of ground range detected radar.
_SSL4EO_MEAN = (1612.9, 1397.6, 1322.3, 1373.1, 1561.0, 2108.4, 2390.7, 2318.7, 2581.0, 837.7, 22.0, 2195.2, 1537.4)
_SSL4EO_STD = (791.0, 854.3, 878.7, 1144.9, 1127.5, 1164.2, 1276.0, 1249.5, 1345.9, 577.5, 47.5, 1340.0, 1142.9)

S1_DECIBELS = (BandSpec("VV", mean=-12.59, std=5.26), BandSpec("VH", mean=-20.26, std=5.91))
S2_STATISTICS = tuple(BandSpec(name, light, mean, std, scale=1e4) for (name, light), mean, std
                      in zip(SENTINEL_2.items(), _SSL4EO_MEAN, _SSL4EO_STD, strict=True))
S2_SHARES = tuple(BandSpec(name, light) for name, light in SENTINEL_2.items())
"""All 13 bands as reflectance from 0 to 1."""

NDVI = BandSpec("NDVI", ratio=("B08", "B04"))
GREENNESS = BandSpec("NDVI", ratio=("B08", "B04"), least=0.0)
"""The vegetation index of SSL4Eco, which knows no values below 0."""


def shares(*names: str) -> tuple[BandSpec, ...]:
    """Bands of Sentinel-2 as reflectance from 0 to 1."""
    return tuple(BandSpec(name, SENTINEL_2[name]) for name in names)
