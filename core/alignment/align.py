"""The local shift between imagery and a map layer, before any judgement."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window

from ..feedback import Feedback
from ..sources.grid import Grid
from .field import Knots, estimate
from .own import Own, Trust, learn, place
from .peaks import peak, sample
from .regions import CommonShift, common_shifts
from .stencils import cut
from .surfaces import Explained, Read, Surfaces, correlate
from .turns import find as find_turns

REACH_PX_MIN, REACH_PX_MAX = 6, 40
LOCAL_PX = 4
TURNS, DAMPING = 3, 0.5
"""Features are placed given where the others are thought to lie: in turns, each changing that thought by half."""
LEAST_SHIFT_PX = 0.5
"""What lies closer than this to where it should is left alone."""
LEAST_COMMON_PX = 1.0
TURNING_FROM = 0.7
"""Share of the work that is done when features begin to be turned."""


@dataclass(frozen=True)
class AlignSettings:
    """``reach_m``: how far a feature may lie off, in ground metres. ``ring_px``: width of the ring around a feature
    that must not look like it. ``far_m``: there is no field farther than this from the nearest feature that the imagery
    shows. ``least_confidence``: a feature leaves its neighbours only if its place is at least this probable.
    ``off_nadir``: roofs do not lie above their footprints; no feature is moved. ``turns``: long features are turned,
    too, where that is clearly better. ``seed`` deals the held-out features.
    """

    reach_m: float = 10.0
    ring_px: float = 3.0
    far_m: float = 200.0
    least_confidence: float = 0.5
    off_nadir: bool = False
    turns: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        if not (self.reach_m > 0 and self.ring_px > 0 and self.far_m >= 0 and 0 <= self.least_confidence <= 1):
            raise ValueError(f"Reach and ring are positive, confidence is from 0 to 1, got {self}.")


@dataclass(frozen=True)
class Alignment:
    """How n features lie beside the imagery. Shifts are what a feature must be moved by to fit it, in pixels (n, 2):
    columns rightward, rows downward.

    ``shift``: the feature's, 0 where it stays; ``field``: what it shares with its neighbours, NaN where none is known;
    ``residual``: ``shift`` − ``field``, 0 without a field. ``confidence`` (n,) in 0..1 that the shift is right to
    ``NEAR_PX``, 0 where the imagery does not show the feature (``seen`` (n,) false). ``alone`` (n,): it leaves its
    neighbours; ``alone_odds`` (n,) log odds that it lies elsewhere than they say, whether or not it is sure where, the
    usual ones (``trust``) where it is not seen;
    ``elsewhere`` (n, 2) its likeliest place then. ``gain`` (n,): contrast (mean probability inside minus around) at the
    shift minus contrast where it lies; ``margin`` (n,): contrast at the shift minus the highest elsewhere. ``common``:
    neighbourhoods that lie off as a whole. ``method``: how the field was found. ``turn`` (n,): degrees by which a
    feature must be turned about its middle to fit, from rightward to downward, 0 where it must not.
    """

    grid: Grid
    shift: NDArray[np.float64]
    field: NDArray[np.float64]
    confidence: NDArray[np.float64]
    alone: NDArray[np.bool_]
    alone_odds: NDArray[np.float64]
    elsewhere: NDArray[np.float64]
    gain: NDArray[np.float64]
    margin: NDArray[np.float64]
    seen: NDArray[np.bool_]
    knots: Knots
    trust: Trust
    common: tuple[CommonShift, ...]
    method: str
    turn: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.shift)

    @property
    def residual(self) -> NDArray[np.float64]:
        """Shift minus field (n, 2) in pixels."""
        return np.where(np.isnan(self.field), 0.0, self.shift - self.field)

    @property
    def moved(self) -> NDArray[np.bool_]:
        """Which features (n,) have a shift or a turn at all."""
        return np.asarray(self.shift.any(axis=1) | (self.turn != 0))

    def field_at(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the field (n, 2) in pixels at points (n, 2) in pixels; NaN farther than ``far_m`` from any feature
        that the imagery shows.
        """
        return self.knots.at(np.asarray(points, np.float64).reshape(-1, 2))

    def metres(self, shift: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return shifts (n, 2) given in pixels in ground metres, eastward and northward."""
        return np.asarray(shift * self.scale * self.grid.metres_per_unit)

    @property
    def scale(self) -> NDArray[np.float64]:
        """Units of the grid's CRS that a pixel's shift rightward and downward means (2,): the second is negative."""
        return np.array([self.grid.transform.a, self.grid.transform.e])


def align(features: NDArray[np.object_], read: Read, grid: Grid, feedback: Feedback,
          settings: AlignSettings | None = None, *, labels: NDArray[np.intp] | None = None) -> Alignment:
    """Find how features (shapely polygons in the grid's pixels; lines and points widened to polygons) lie beside the
    probability that a pixel belongs to their class.

    ``read`` gives that probability of a window within the grid, (height, width) or (classes, height, width), float32,
    NaN where nothing is seen; ``labels`` (n,) says which class a feature is of (−1: none, it is not placed), by default
    the first. Memory does not grow with the area; of a house some 15 kB at a reach of 25 pixels lie in temporary files.
    """
    settings = settings or AlignSettings()
    count = len(features)
    labels = np.zeros(count, np.intp) if labels is None else labels
    reach = int(np.clip(np.ceil(settings.reach_m / grid.pixel_m), REACH_PX_MIN, REACH_PX_MAX))
    shapes = np.where(labels >= 0, features, shapely.Polygon())
    pieces = cut(shapes, settings.ring_px, grid, reach)
    inner = within(read, grid)
    turning, feedback = feedback.span(TURNING_FROM, 1.0), feedback.span(0.0, TURNING_FROM if settings.turns else 1.0)
    feedback.progress(0.05, "correlating features with the imagery")
    surfaces = correlate(pieces, count, inner, labels, reach=reach, grid=grid, feedback=feedback.span(0.05, 0.3))
    xy = np.nan_to_num(shapely.get_coordinates(_middles(shapes)).reshape(-1, 2))
    rows = np.flatnonzero(surfaces.seen)
    knots, method = estimate(surfaces, rows, xy[rows], settings.far_m / grid.pixel_m, settings.seed,
                             feedback.span(0.3, 0.5))
    field = knots.at(xy)
    shared = np.nan_to_num(field)
    mass, apart, away = np.ones(count), np.zeros(count), shared
    for turn in range(TURNS):
        part = feedback.span(0.5 + 0.5 * turn / TURNS, 0.5 + 0.5 * (turn + 1) / TURNS)
        second = correlate(pieces, count, inner, labels, reach=reach, grid=grid, feedback=part.span(0.0, 0.7),
                           explained=Explained.by(shapes, labels, ((shared, mass), (away, apart))))
        trust = learn(second, rows, shared[rows], settings.seed, part)
        own = place(second, rows, shared[rows], trust, least=settings.least_confidence, feedback=part.span(0.8, 1.0))
        del second  # its file goes before the next one is filled
        mass, apart, away = mass.copy(), apart.copy(), shared.copy()
        mass[rows] += DAMPING * (1 - own.alone - mass[rows])
        apart[rows] += DAMPING * (own.elsewhere_mass - apart[rows])
        away[rows] = own.elsewhere
    found = _alignment(grid, shapes, rows, xy, field, own, knots, trust, surfaces, method, settings)
    if not settings.turns or settings.off_nadir:
        return found
    turns, further = find_turns(shapes, found.shift, found.seen & (found.confidence >= settings.least_confidence),
                                trust, inner, labels, grid, settings.ring_px, turning)
    return replace(found, turn=turns, shift=found.shift + further)


def within(read: Read, grid: Grid) -> Read:
    """Return a reader of any window, which may reach outside the grid: nothing is seen there."""
    def padded(window: Window) -> NDArray[np.float32]:
        top, left = int(window.row_off), int(window.col_off)
        bottom, right = top + int(window.height), left + int(window.width)
        rows = slice(min(max(top, 0), grid.height), min(max(bottom, 0), grid.height))
        columns = slice(min(max(left, 0), grid.width), min(max(right, 0), grid.width))
        if rows.stop <= rows.start or columns.stop <= columns.start:
            return np.full((1, bottom - top, right - left), np.nan, np.float32)
        values = read(Window(columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start))
        stack = values[None] if values.ndim == 2 else values
        result = np.full((len(stack), bottom - top, right - left), np.nan, np.float32)
        result[:, rows.start - top:rows.stop - top, columns.start - left:columns.stop - left] = stack
        return result
    return padded


def _middles(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.asarray(np.where(shapely.is_empty(shapes), shapely.Point(0, 0), shapely.centroid(shapes)))


def _alignment(grid: Grid, shapes: NDArray[np.object_], rows: NDArray[np.intp], xy: NDArray[np.float64],
               field: NDArray[np.float64], own: Own, knots: Knots, trust: Trust, surfaces: Surfaces, method: str,
               settings: AlignSettings) -> Alignment:
    count = len(shapes)

    def spread(values: NDArray) -> NDArray:
        full = np.zeros((count, *values.shape[1:]), values.dtype)
        full[rows] = values
        return full

    shift = spread(own.shift)
    still = np.hypot(*shift.T) < LEAST_SHIFT_PX if not settings.off_nadir else np.ones(count, bool)
    shift[still] = 0.0
    local = np.concatenate([np.zeros((0, 2)), *(
        peak(sample(surfaces.of(rows[at:at + 512]), own_field, LOCAL_PX).astype(np.float32)) + own_field
        for at in range(0, len(rows), 512) for own_field in [np.nan_to_num(field[rows[at:at + 512]])])])
    common = () if settings.off_nadir else common_shifts(
        shapes, rows, xy[rows], np.nan_to_num(field[rows]), local, grid.pixel_m, LEAST_COMMON_PX * grid.pixel_m)
    seen = surfaces.seen
    return Alignment(
        grid=grid, shift=shift, field=field, confidence=spread(own.confidence), alone=spread(own.leaves) & ~still,
        alone_odds=np.where(seen, spread(own.alone_odds), trust.usual_odds), elsewhere=spread(own.elsewhere),
        gain=np.where(still, 0.0, spread(own.contrast - own.before)), margin=spread(own.margin), seen=seen, knots=knots,
        trust=trust, common=common, method=method, turn=np.zeros(count))
