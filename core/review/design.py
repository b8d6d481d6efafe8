"""Drawing a probability sample: how many units from each stratum, and which."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError

Design = Literal["simple", "map_class", "disagreement", "systematic"]
Allocation = Literal["proportional", "equal"]
DESIGNS: tuple[Design, ...] = get_args(Design)
ALLOCATIONS: tuple[Allocation, ...] = get_args(Allocation)


def allocate(units: NDArray[np.integer], size: int, allocation: Allocation, least: int,
             names: Sequence[str]) -> NDArray[np.int64]:
    """Return how many of ``size`` units come from each stratum of ``units`` (strata,), whose ``names`` errors use.

    Each gets ``least``, or all it has; what is left goes out in proportion to the strata's sizes or in equal parts.
    Raises :class:`InputError` where ``size`` is not enough for that, or more than there is.
    """
    counts = np.asarray(units, np.int64)
    if size > counts.sum():
        raise InputError(f"SIZE is {size}, but there are only {int(counts.sum())} units to draw from; lower it.")
    floor = np.minimum(counts, least)
    if floor.sum() > size:
        raise InputError(
            f"SIZE is {size}, too few to give each of {len(counts)} strata ({_some(names)}) MINIMUM {least} units; "
            f"raise SIZE to {int(floor.sum())} or lower MINIMUM.")
    given = floor.astype(np.float64)
    share = counts / counts.sum() if allocation == "proportional" else np.full(len(counts), 1 / len(counts))
    while (left := size - given.sum()) > 1e-9:
        open_ = given < counts
        # Who is over its share already gets no more until the others have caught up.
        wanted = np.where(open_, np.maximum(share * size - given, 0.0), 0.0)
        if wanted.sum() <= 1e-9:
            wanted = np.where(open_, share, 0.0)
        given = np.minimum(given + left * wanted / wanted.sum(), counts)
    whole = np.floor(given + 1e-9).astype(np.int64)
    rest = size - int(whole.sum())
    room = np.where(whole < counts, given - whole, -1.0)
    whole[np.argsort(-room, kind="stable")[:rest]] += 1
    return whole


def ranks(units: int, count: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Return which ``count`` of ``units`` are drawn, each set as probable as any other, sorted."""
    return np.sort(random.choice(units, count, replace=False)).astype(np.int64)


def systematic_ranks(units: int, count: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Return every k-th of ``units`` that lie in a spatial order, from a random start; each has the same chance."""
    step = units / count
    return np.asarray(np.floor((random.random() + np.arange(count)) * step).astype(np.int64))


def spatial_order(xy: NDArray[np.floating]) -> NDArray[np.intp]:
    """Order points (n, 2) in a serpentine: bands from south to north, walked to and fro; neighbours stay near."""
    if not len(xy):
        return np.zeros(0, np.intp)
    low, high = xy.min(axis=0), xy.max(axis=0)
    bands = max(1, round(math.sqrt(len(xy) / 4)))
    band = np.minimum(((xy[:, 1] - low[1]) / max(high[1] - low[1], 1e-12) * bands).astype(int), bands - 1)
    return np.lexsort((np.where(band % 2 == 0, xy[:, 0], -xy[:, 0]), band))


def lattice_steps(pixels: int, size: int, shape: tuple[int, int]) -> tuple[float, float]:
    """Return the steps down and across, in pixels, of a lattice that hits about ``size`` of ``pixels`` in a raster of
    ``shape`` (height, width). It is square unless the raster is too narrow for that: a row always hits a strip.

    Raises :class:`InputError` if more is asked for than there is.
    """
    if size > pixels:
        raise InputError(f"SIZE is {size}, but there are only {pixels} units to draw from; lower it.")
    down = min(math.sqrt(pixels / size), shape[0])
    across = min(pixels / size / down, shape[1])
    return pixels / size / across, across


def _some(names: Sequence[str], most: int = 4) -> str:
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")
