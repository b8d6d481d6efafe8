"""Several rasters as one: every band on one grid, with its name, wavelength, date and nodata."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..feedback import Feedback, in_words
from ..memory import held_in_words
from ..whole import in_bytes
from .inputs import ExtentInput, RasterInput

if TYPE_CHECKING:
    from rasterio.io import DatasetWriter

    from ..inference.gap_filling import GapFiller
    from ..sources.bands import Band
    from ..sources.imagery import Imagery
    from ..sources.stack import Storage

SMALLEST_WITH_OVERVIEWS = 1024
"""Stacks larger than this (pixels a side) get overviews, so that they draw fast."""


@dataclass(frozen=True, kw_only=True)
class Params:
    """``imagery``: the rasters, in the order of their bands in the stack. ``grid``: a raster whose pixels the stack has
    (empty: the finest of the imagery that is metric); it is not stacked itself.

    ``resolution``: ground metres of a pixel, finer than the grid's too (empty: the grid's own). ``extent``: in the
    grid's CRS, snapped outward to whole pixels (empty: the grid raster's). ``fill``: an encoder that can say what gaps
    hide, as ``NAME:FILE`` (empty: gaps stay gaps); ``device``: what it runs on. ``output``: a GeoTIFF.
    """

    imagery: tuple[RasterInput, ...]
    output: str
    grid: RasterInput | None = None
    resolution: float | None = None
    extent: ExtentInput | None = None
    allow_ballpark: bool = False
    fill: str = ""
    device: str = "auto"


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Return the output's path.

    Raises :class:`InputError` for rasters that cannot be brought onto the grid, and for an output that has no folder or
    finds no room on the disk.
    """
    from ..sources.grid import Grid
    from ..sources.imagery import Imagery
    from ..sources.stack import settle, storage_of

    _check_output(params)
    with feedback.stage("prepare"):
        grid = Grid.common(params.imagery, params.grid, params.resolution, params.extent)
        feedback.check()
    with Imagery.open(params.imagery, grid, allow_ballpark=params.allow_ballpark) as imagery:
        with feedback.stage("prepare"):
            storage = storage_of(imagery)
            _announce(imagery, storage, params.output, feedback)
            filler = _filler(params, imagery, feedback)
            storage = settle(imagery, storage, feedback.span(0.0, 0.3))
        with feedback.stage("write"):
            _write(imagery, storage, filler, params.output, feedback.span(0.3, 1.0))
    feedback.progress(1.0)
    return {"OUTPUT": params.output}


def _filler(params: Params, imagery: Imagery, feedback: Feedback) -> GapFiller | None:
    """The network that fills gaps, if one is asked for."""
    if not params.fill:
        return None
    from ..inference.device import choose_device
    from ..inference.gap_filling import GapFiller

    device = choose_device(params.device)
    filler = GapFiller.of(params.fill, imagery, device.torch())
    for line in (device.line, *filler.lines()):
        feedback.info(line)
    return filler


def _check_output(params: Params) -> None:
    output = Path(params.output)
    if output.suffix.lower() not in (".tif", ".tiff"):
        raise InputError(f"The output {output} must be a GeoTIFF: let its name end in .tif.")
    if not output.parent.is_dir():
        raise InputError(f"The folder {output.parent} of the output does not exist; make it or choose another one.")


def _announce(imagery: Imagery, storage: Storage, output: str, feedback: Feedback) -> None:
    """Say what will be made, and refuse it if the disk has not the room."""
    from ..sources.stack import estimate

    grid, folder = imagery.grid, Path(output).resolve().parent
    expected, free = estimate(imagery, storage), shutil.disk_usage(folder).free
    size = f"{grid.width} × {grid.height} pixels of {grid.pixel_m:.4g} m, {len(imagery.bands)} bands ({storage.dtype})"
    if expected.size > free:
        raise InputError(
            f"The stack ({size}) needs about {in_bytes(expected.size)}, but {folder} has {in_bytes(free)} left; choose "
            f"another folder, a smaller EXTENT or a coarser RESOLUTION."
        )
    feedback.info(f"{size}; about {in_bytes(expected.size)} on disk, about {in_words(expected.seconds)}"
                  f"{held_in_words()}.")
    for name in storage.loses_digits:
        feedback.warning(f"The imagery “{name}” is stored as float32, which keeps about seven digits of its numbers.")


def _write(imagery: Imagery, storage: Storage, filler: GapFiller | None, output: str, feedback: Feedback) -> None:
    from rasterio.enums import Resampling
    from rasterio.errors import RasterioError

    from ..inference.output import new_raster
    from ..sources.stack import blocks, holds_data, number_of_windows

    stored = blocks(imagery, storage)
    if filler is not None:
        from ..inference.gap_filling import filled_blocks

        stored = filled_blocks(stored, storage, filler)
    grid, names = imagery.grid, [band.name for band in imagery.bands]
    steps, silent = number_of_windows(imagery) * len(imagery.rasters), set(range(len(names)))
    with new_raster(output, grid, count=len(names), dtype=storage.dtype, nodata=storage.nodata, names=names,
                    cloud_optimized=False) as raster:
        _describe(raster, imagery.bands)
        try:
            for done, block in enumerate(stored, start=1):
                feedback.check()
                numbers = range(block.band + 1, block.band + 1 + len(block.values))
                raster.write(block.values, list(numbers), window=block.window)
                silent -= {block.band + own for own in range(len(block.values)) if block.band + own in silent
                           and holds_data(block.values[own], storage.nodata)}
                feedback.progress(0.9 * done / steps, "Writing the stack")
            factors = _overviews(max(grid.shape))
            if factors:
                feedback.progress(0.9, "Making overviews")
                raster.build_overviews(factors, Resampling.average)
        except RasterioError as error:
            raise InputError(
                f"The output {output} cannot be written ({error}); check that the disk has room left."
            ) from error
    _say_silent(imagery, silent, feedback)


def _say_silent(imagery: Imagery, silent: set[int], feedback: Feedback) -> None:
    """Warn of each raster with bands (by place) that hold no measurement anywhere on the stack."""
    first = 0
    for raster in imagery.rasters:
        own = [band.name for number, band in enumerate(raster.bands, first) if number in silent]
        first += len(raster.bands)
        if own:
            which = "No band" if len(own) == len(raster.bands) else f"None of the bands {', '.join(own)}"
            feedback.warning(f"{which} of the imagery “{raster.name}” has a valid pixel on this grid: the stack holds "
                             "nothing but nodata there; look at its nodata, its mask and where it lies.")


def _describe(raster: DatasetWriter, bands: tuple[Band, ...]) -> None:
    """Write what is known of each band: layer, date, wavelength, scale and offset."""
    from ..sources.bands import DATE_TAG, LAYER_TAG

    raster.scales = [band.scale for band in bands]
    raster.offsets = [band.offset for band in bands]
    for number, band in enumerate(bands, start=1):
        raster.update_tags(number, **{LAYER_TAG: band.layer}, **({DATE_TAG: band.date} if band.date else {}))
        if band.wavelength_um is not None:
            raster.update_tags(number, ns="IMAGERY", CENTRAL_WAVELENGTH_UM=f"{band.wavelength_um:.6g}")


def _overviews(side: int) -> list[int]:
    """Return the factors that halve a stack until it is small."""
    return [2**level for level in range(1, 20) if side > SMALLEST_WITH_OVERVIEWS * 2 ** (level - 1)]

