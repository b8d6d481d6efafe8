"""What the jobs on a run's layers share: their parameters, and opening what they work on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .inputs import ExtentInput, RasterInput, VectorInput

if TYPE_CHECKING:
    from ..fusion.ground import Ground
    from ..inference.device import Device

CACHE_MB = 256
"""What GDAL may keep of the rasters that it has read; it grows where windows of a row share blocks."""
Effort = Literal["quick", "normal", "long"]


@dataclass(frozen=True, kw_only=True)
class OnLayers:
    """``legend``: a file, a shipped name, or empty: the classes are the values of the first map's class field.

    ``effort`` says how long a network is fitted, ``extent`` (grid's CRS) cuts the run to a rectangle, ``resolution_m``
    is the side of a pixel in ground metres (None: the legend's, else that of the finest raster), ``device`` is
    ``auto``, ``cpu``, ``cuda`` or ``cuda:1``. Ballpark transformations are refused unless ``allow_ballpark``.
    """

    imagery: tuple[RasterInput, ...]
    map: tuple[VectorInput, ...]
    field: tuple[VectorInput, ...] = ()
    legend: str = ""
    effort: Effort = "quick"
    extent: ExtentInput | None = None
    resolution_m: float | None = None
    seed: int = 0
    device: str = "auto"
    allow_ballpark: bool = False


@dataclass(frozen=True)
class Workplace:
    """Where a run does its work: the sources on their ground, the device, a folder that is gone when it ends."""

    ground: Ground
    device: Device
    folder: str


@contextmanager
def open_workplace(params: OnLayers, ledger: str) -> Iterator[Workplace]:
    """Open the layers and look at everything that could fail, before any long work.

    Raises :class:`~geoloop.core.errors.InputError` or :class:`~geoloop.core.errors.LedgerError` naming the input that
    does not fit. ``ledger`` is the path of the ledger to be written at the end; empty: none.
    """
    from tempfile import TemporaryDirectory

    from ..fusion.ground import open_ground
    from ..inference.device import choose_device
    from ..sources.block_cache import start_small
    from .record import check_ledger

    start_small(CACHE_MB)
    device = choose_device(params.device)
    with open_ground(params.imagery, params.map, params.field, params.legend, params.extent, params.allow_ballpark,
                     params.resolution_m) as ground, TemporaryDirectory(prefix="geoloop-") as folder:
        if ledger:
            check_ledger(ledger, ground)
        yield Workplace(ground, device, folder)
