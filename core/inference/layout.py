"""How a model is laid over imagery: the grid it works on, its tiles, how many go through it at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from affine import Affine
from rasterio.windows import Window

from ..errors import InputError
from ..jobs.inputs import ExtentInput, RasterInput
from ..models.card import ModelCard
from ..models.reach import Reach
from ..sources.grid import EDGE_TOLERANCE_PX, Grid
from .device import Device
from .tiling import Tiling

RESOLUTION_TOLERANCE = 0.1
"""By this share the imagery's pixels may differ from those that a model was made for."""
SIMPLE_TOLERANCE = 0.01
"""A map projection's scale is off by less than this: pixels that should nest do."""
SIDES = (512, 768, 1024)
"""Sides of tiles, in pixels; a larger one is taken for a model that looks far."""
OVERLAP = 0.25
MOST_HALO = 0.15
"""Share of a tile's side that its halo takes at most unless asked otherwise: half the work is still in the core."""
LATTICE = 32
"""What tiles and halos are multiples of, where their size allows it and nobody knows better."""


def grid_for(card: ModelCard, imagery: Sequence[RasterInput], *, resample: bool) -> Grid:
    """Return the grid of the whole imagery that a model works on: the finest raster's own, or the model's resolution.

    Raises :class:`InputError` if the pixels do not fit the model and ``resample`` is not asked for.
    """
    grid = Grid.from_imagery(imagery)
    wanted = card.resolution_m
    if wanted is None or abs(math.log(wanted / grid.pixel_m)) <= math.log1p(RESOLUTION_TOLERANCE):
        return grid
    if not resample:
        raise InputError(f"The model “{card.name}” was made for pixels of {wanted:g} m, the imagery has "
                         f"{grid.pixel_m:.3g} m; set RESAMPLE to bring the imagery to the model's resolution.")
    factor = _simple(wanted / grid.pixel_m)
    height, width = (math.ceil(pixels / factor - EDGE_TOLERANCE_PX) for pixels in grid.shape)
    return replace(grid, transform=grid.transform @ Affine.scale(factor), width=width, height=height)


def _simple(factor: float) -> float:
    """A ratio of resolutions; the whole number, or the part of one, that it misses by less than a hundredth."""
    for whole in (float(round(factor)), 1 / max(round(1 / factor), 1)):
        if whole and abs(factor / whole - 1) < SIMPLE_TOLERANCE:
            return whole
    return factor


def area_of(grid: Grid, extent: ExtentInput | None) -> Window:
    """Return the pixels of a grid that an extent touches; all of them without one.

    Raises :class:`InputError` if the extent is empty or misses the grid.
    """
    if extent is None:
        return Window(0, 0, grid.width, grid.height)
    if not (extent.xmin < extent.xmax and extent.ymin < extent.ymax):
        raise InputError("EXTENT is empty; it must be xmin, ymin, xmax, ymax with xmin < xmax and ymin < ymax.")
    window = grid.window_of((extent.xmin, extent.ymin, extent.xmax, extent.ymax))
    if window is None:
        raise InputError("EXTENT does not touch the imagery; give one that does, in the imagery's coordinate reference "
                         "system.")
    return window


def tiling_for(card: ModelCard, side: int = 0, overlap: float | None = None, reach: Reach | None = None) -> Tiling:
    """Return the tiles for a model.

    ``side`` 0 and ``overlap`` None: what its card says, else a halo as wide as the model looks far (``reach``), in
    tiles wide enough that this costs little; where that is not known, 512 pixels and a quarter. ``overlap`` is the
    share of a tile's side that it has in common with its neighbour. Raises :class:`InputError` for a side that the
    model does not take, or an overlap of half a tile and more.
    """
    reach = reach or Reach(None)
    multiple = math.lcm(*(one.multiple for one in card.inputs))
    own = _own_side(card, side, multiple)
    share = card.overlap if overlap is None else overlap
    if share is not None and not 0 <= share < 0.5:
        raise InputError(f"OVERLAP is {share:g}; it must be at least 0 and less than 0.5 of a tile.")
    if share is None and reach.pixels is not None and card.task != "detection":
        side = own or next((n for n in SIDES if reach.pixels <= MOST_HALO * n), SIDES[-1])
        side = -(-side // multiple) * multiple
        lattice = _lattice(side, math.lcm(multiple, reach.stride))
        halo = min(-(-max(reach.pixels, 1) // lattice) * lattice, int(MOST_HALO * side) // lattice * lattice)
    else:
        side = own or -(-SIDES[0] // multiple) * multiple
        share = OVERLAP if share is None else share
        lattice = _lattice(side, math.lcm(multiple, reach.stride))
        halo = round(share * side / 2 / lattice) * lattice
        if share and not halo and side > 2 * lattice:
            halo = lattice
    rim = halo * 3 // 4 if reach.pixels is None or reach.pixels > halo else reach.pixels
    return Tiling(side - 2 * halo, halo, rim)


def _own_side(card: ModelCard, side: int, multiple: int) -> int:
    """The side that the model or the user asks for; 0: any."""
    fixed = {one.side for one in card.inputs if one.side is not None}
    if len(fixed) > 1:
        raise InputError(f"The inputs of the model “{card.name}” need tiles of different sizes "
                         f"({', '.join(map(str, sorted(fixed)))}); export it with one size.")
    own = next(iter(fixed), 0)
    if side < 0:
        raise InputError(f"TILE is {side}; it must be a positive number of pixels, or empty.")
    if own and side not in (0, own):
        raise InputError(f"The model “{card.name}” takes tiles of {own} pixels only, not TILE {side}; leave it empty.")
    if not own and side % multiple:
        raise InputError(f"TILE {side} is no multiple of {multiple}, as the model “{card.name}” needs it.")
    return own or side


def _lattice(side: int, wanted: int) -> int:
    """What halos are multiples of, so that a network pools the same pixels in tiles of any size: what it asks for, and
    else as much of :data:`LATTICE` as the side has room for.
    """
    if wanted > 1 and side % wanted == 0:
        return wanted
    lattice = LATTICE
    while lattice > 1 and (side % lattice or lattice > side // 8):
        lattice //= 2
    return lattice


def batch_for(card: ModelCard, device: Device, wanted: int) -> int:
    """Return how many tiles go through the model at once: as asked, as the model fixes it, or what suits the device."""
    fixed = card.inputs[0].batch
    if wanted < 0:
        raise InputError(f"BATCH is {wanted}; it must be a positive number of tiles, or empty.")
    return wanted or fixed or (1 if device.torch_name == "cpu" else 16)
