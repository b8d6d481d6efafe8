"""What points say, and what rasters show where they lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window

from ..errors import InputError
from ..feedback import Feedback
from ..sources.grid import Grid
from ..sources.imagery import Imagery
from ..sources.vectors import Features

Kind = Literal["value", "presence", "presence_only"]
YES = frozenset({"1", "yes", "true", "t", "present", "presence"})
NO = frozenset({"0", "no", "false", "f", "absent", "absence"})
LEAST = 10
"""Points that a model is learnt from, at least."""
CELL = 256
"""Pixels of a square that is read at once for the points in it."""
MOST_DRAWS = 100
"""So many times as many places are looked at as background is asked for, where rasters show little."""
LEAST_BANDS = 0.5
"""A place counts where at least this share of the bands has a measurement."""


@dataclass(frozen=True)
class Said:
    """What points say: ``z`` (n,) values, or 1 for presence and 0 for absence; ``xy`` (n, 2) pixels of the grid;
    ``station`` (n,) whose measurements belong together, None: each its own.
    """

    kind: Kind
    z: NDArray[np.float64]
    xy: NDArray[np.float64]
    station: NDArray[np.intp] | None
    dropped: int


@dataclass(frozen=True)
class Observations:
    """Points with what rasters show there: ``x`` (n, bands), NaN where a band has no measurement; the rest as in
    :class:`Said`. ``observed`` (n,) tells what somebody saw from background that was drawn. ``unmeasured`` counts
    points that lie where rasters show nothing, ``ground`` is the share of the grid where they show something, as far as
    places were drawn from it.
    """

    kind: Kind
    x: NDArray[np.float32]
    z: NDArray[np.float64]
    xy: NDArray[np.float64]
    station: NDArray[np.intp] | None
    observed: NDArray[np.bool_]
    unmeasured: int = 0
    ground: float = 1.0


def said_by(features: Features, target: str, station: str, grid: Grid) -> Said:
    """Read what the points of a layer say in the field ``target``; empty: every point is a presence.

    A multipoint speaks at its middle, as does any other shape. Raises :class:`InputError` for a field that the layer
    lacks, text that is neither number nor yes and no, and for too few points.
    """
    for role, name in (("TARGET", target), ("STATION", station)):
        if name and features.column(name) is None:
            raise InputError(f"The layer “{features.name}” has no field “{name}” for {role}; it has "
                             f"{', '.join(map(str, features.attributes.columns)) or 'none'}.")
    xy = shapely.get_coordinates(shapely.centroid(grid.to_pixels(features.geometries))).reshape(-1, 2)
    inside = ((xy >= 0) & (xy < (grid.width, grid.height))).all(axis=1)
    kind, z = _meaning(features, target)
    kept = inside & np.isfinite(z)
    groups = None
    if station:
        names = np.array([text or f"\0{row}" for row, text in enumerate(features.value(station))], dtype=object)
        groups = np.unique(names.astype(str), return_inverse=True)[1].reshape(-1)[kept].astype(np.intp)
    if kept.sum() < LEAST:
        what = f"value of “{target}”" if target else "place"
        raise InputError(f"The layer “{features.name}” has {int(kept.sum())} points with a usable {what} on the "
                         f"rasters; at least {LEAST} are needed.")
    if kind == "presence" and len(np.unique(z[kept])) < 2:
        raise InputError(f"The field “{target}” of the layer “{features.name}” says the same at every point; leave "
                         "TARGET empty if every point is a presence.")
    return Said(kind, z[kept], xy[kept], groups, len(features) - int(kept.sum()))


def _meaning(features: Features, target: str) -> tuple[Kind, NDArray[np.float64]]:
    if not target:
        return "presence_only", np.ones(len(features))
    texts = pd.Series([text if text and text.strip() else None for text in features.value(target)], dtype=object)
    lower = texts.map(lambda text: None if text is None else str(text).strip().lower())
    words = set(lower.dropna())
    if not words:
        raise InputError(f"The field “{target}” of the layer “{features.name}” is empty; choose another TARGET.")
    if words <= YES | NO:
        return "presence", lower.map(lambda word: np.nan if word is None else float(word in YES)).to_numpy(float)
    try:
        return "value", pd.to_numeric(texts).to_numpy(dtype=np.float64, na_value=np.nan)
    except (ValueError, TypeError):
        odd = sorted(words - YES - NO)[0]
        raise InputError(f"The field “{target}” of the layer “{features.name}” holds {odd!r}, which is neither a "
                         "number nor yes or no; classes are learnt with geoloop:finetune.") from None


def observe(said: Said, imagery: Imagery, grid: Grid, background: int, seed: int, feedback: Feedback) -> Observations:
    """Read the rasters where the points lie; for presences alone, draw ``background`` places of the grid as well.

    Points of one pixel of presence count once. Raises :class:`InputError` where too few lie on measured ground.
    """
    xy, z, station = said.xy, said.z, said.station
    if said.kind == "presence_only":
        _, once = np.unique(np.floor(xy), axis=0, return_index=True)
        once.sort()
        xy, z = xy[once], z[once]
        station = None if station is None else station[once]
        if len(xy) < LEAST:
            raise InputError(f"The {len(said.xy)} points lie in {len(xy)} pixels of the rasters, and presences of one "
                             f"pixel count once; at least {LEAST} pixels are needed, so give finer rasters.")
    x = read_at(imagery, grid, xy, feedback.span(0.0, 0.5))
    known = measured(x)
    if known.sum() < LEAST:
        raise InputError(f"Only {int(known.sum())} of {len(xy)} points lie where the rasters have measurements; check "
                         "their nodata and whether they overlap the points.")
    x, z, xy = x[known], z[known], xy[known]
    station = None if station is None else station[known]
    if said.kind == "presence" and len(np.unique(z)) < 2:
        raise InputError(f"All {'presences' if z[0] < 0.5 else 'absences'} lie where the rasters have no measurements, "
                         "so that nothing is left to tell the others from; check the rasters' nodata, or give rasters "
                         "that show more.")
    observed, ground = np.ones(len(z), bool), 1.0
    if said.kind == "presence_only":
        drawn, shown, ground = _background(imagery, grid, xy, background, seed, feedback.span(0.5, 1.0))
        x, xy = np.concatenate([x, shown]), np.concatenate([xy, drawn])
        z = np.concatenate([z, np.zeros(len(drawn))])
        if station is not None:
            own = station.max() + 1 + np.arange(len(drawn))
            station = np.concatenate([station, own]).astype(np.intp)
        observed = np.arange(len(z)) < len(observed)
    return Observations(said.kind, x, z, xy, station, observed, int((~known).sum()), ground)


def read_at(imagery: Imagery, grid: Grid, xy: NDArray[np.float64], feedback: Feedback) -> NDArray[np.float32]:
    """The bands (n, bands) of the pixels that places (n, 2) lie in, NaN where one has no measurement."""
    found = np.full((len(xy), len(imagery.bands)), np.nan, np.float32)
    column, row = np.floor(xy).astype(int).T
    cells, of = np.unique(np.stack([row // CELL, column // CELL], axis=1), axis=0, return_inverse=True)
    of = of.reshape(-1)
    for number, _ in enumerate(cells):
        feedback.check()
        here = np.flatnonzero(of == number)
        top, left = int(row[here].min()), int(column[here].min())
        window = Window(left, top, int(column[here].max()) - left + 1, int(row[here].max()) - top + 1)
        values, valid = imagery.read_bands(window)
        at = (slice(None), row[here] - top, column[here] - left)
        found[here] = np.where(valid[at], values[at], np.nan).T
        feedback.progress((number + 1) / len(cells))
    return found


def measured(x: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which places (n,) have enough bands (n, bands) to be learnt from or told of."""
    enough: NDArray[np.bool_] = np.isfinite(x).mean(axis=1) >= LEAST_BANDS
    return enough


def crowding(xy: NDArray[np.float64], grid: Grid, ground: float) -> float:
    """How much nearer places lie to their nearest neighbour than chance would have it on the share ``ground`` of the
    grid: 1 is chance, 0 one heap (Clark and Evans 1954, doi 10.2307/1931034).
    """
    from scipy.spatial import cKDTree

    nearest = cKDTree(xy).query(xy, k=2)[0][:, 1]
    return float(nearest.mean() / (0.5 * np.sqrt(ground * grid.width * grid.height / len(xy))))


def _background(imagery: Imagery, grid: Grid, taken: NDArray[np.float64], count: int, seed: int, feedback: Feedback
                ) -> tuple[NDArray[np.float64], NDArray[np.float32], float]:
    """Middles (n, 2) of ``count`` pixels drawn evenly from the ground that the rasters show, none of them one with a
    presence; their bands (n, bands); the share of the grid that shows something.

    Fewer where there are no more, or hardly any: ``MOST_DRAWS`` times as many are looked at. Raises
    :class:`InputError` where there are too few to tell presences from.
    """
    pixels = grid.width * grid.height
    drawn = np.random.default_rng([seed, 11]).choice(pixels, min(MOST_DRAWS * count, pixels), replace=False)
    column, row = np.floor(taken).astype(np.int64).T
    drawn = drawn[~np.isin(drawn, row * grid.width + column)]
    xy, x = np.empty((0, 2)), np.empty((0, len(imagery.bands)), np.float32)
    tried, number = 0, count
    while len(xy) < count and tried < len(drawn):
        some = drawn[tried:tried + number]
        at = np.stack([some % grid.width + 0.5, some // grid.width + 0.5], axis=1)
        shown = read_at(imagery, grid, at, feedback)
        there = measured(shown)
        xy, x, tried = np.concatenate([xy, at[there]]), np.concatenate([x, shown[there]]), tried + len(some)
        number = int(np.ceil((count - len(xy)) * tried / max(len(xy), 1)))
    if len(xy) < LEAST:
        raise InputError(f"Only {len(xy)} places beside the presences were found where the rasters have measurements, "
                         f"and at least {LEAST} are needed to tell presences from; give a larger EXTENT, or rasters "
                         "that show more.")
    return xy[:count], x[:count], len(xy) / tried
