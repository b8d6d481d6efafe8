"""What decisions say of the ground: which class can be where, as far as a reviewer has told.

A decision speaks of a discrepancy of one source; what it leaves possible at the place holds for all. Accepting a
missing building says that there is one, rejecting an obsolete one that it stands. Decisions in bulk say nothing:
nobody looked. Nor do those on values, dates, duplicates or geometries that are no areas of a class.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window

from ..ledger import Ledger
from ..ledger.reviewers import Reviewers
from ..ledger.verdicts import Verdict, verdicts
from ..sources.statements import LINE_WIDTH_M, POINT_RADIUS_M, Statements
from ..training.holdout import Drawn
from .evidence import Evidence
from .ground import Ground, dominant
from .regions import Regions
from .strata import Reviews

PIXELS = 12
"""So many pixels of a part are read: neighbours say the same."""
WIDEST = 1024
"""A part wider than this many pixels is read in the square of that side around its middle."""
SETTLED = ("obsolete", "wrong_class", "shifted", "reshaped", "missing", "field_conflict")
SHAPES = ("shifted", "reshaped")


@dataclass(frozen=True)
class Part:
    """An area in the grid's pixels and the classes (classes,) that a decision leaves possible there."""

    shape: shapely.Geometry
    possible: NDArray[np.bool_]


@dataclass(frozen=True)
class Ruling:
    """One decision: its parts, what the judged layer said then (``own``, a class, within ``before``; silent elsewhere),
    and the chance of having been drawn (NaN: it was chosen). ``expected`` is the share of the place that was thought to
    be something else when it was chosen (NaN: nothing was said of it).
    """

    layer: str
    parts: tuple[Part, ...]
    own: int
    before: shapely.Geometry | None
    chance: float
    expected: float = math.nan


@dataclass(frozen=True)
class Rulings:
    """All that a ledger's decisions say of a ground; ``error`` is how often its reviewers err."""

    all: tuple[Ruling, ...] = ()
    error: float = 0.01

    @classmethod
    def of(cls, ledger: Ledger, ground: Ground) -> Rulings:
        """Read the newest one-by-one decision on each discrepancy, and on each feature that nothing was flagged of."""
        return cls.of_verdicts(verdicts(ledger), ground, Reviewers.of(ledger).error)

    @classmethod
    def of_verdicts(cls, decided: Sequence[Verdict], ground: Ground, error: float = 0.01) -> Rulings:
        """What ``decided`` says of the ground, by reviewers who err in a share ``error``."""
        by_name = {layer.name: layer for layer in ground.layers}
        rows = {name: {str(k): row for row, k in enumerate(layer.features.keys)} for name, layer in by_name.items()}
        said = [one for one in decided
                if one.decision in ("accept", "reject") and not one.in_bulk and not one.undone]
        found = [ruling for one in said
                 if (ruling := _ruling(one, ground, by_name.get(one.layer), rows.get(one.layer, {}))) is not None]
        return cls(tuple(found), error)

    def reviews(self, ground: Ground, evidence: Evidence, regions: Regions) -> Reviews:
        """Read what imagery and layers say at the decided places; the judged layer as it was when it was judged.

        Only places that would have been looked at whatever the answer: within the judged feature, or, of what a layer
        lacks, those that were drawn at random, where something speaks against its silence. Patches that a detector
        chose, and ground that an accepted shift adds, are known from then on; they say nothing of other ground.
        """
        classes, layers = len(ground.legend.names), ground.layers
        found: list[_Looked] = []
        for at, ruling in enumerate(self.all):
            if ruling.before is None and not np.isfinite(ruling.chance):
                continue
            parts = (_looked(part, ruling, ground, evidence, regions) for part in ruling.parts)
            here = [one for one in parts if one is not None]
            area = sum(one.area for one in here)
            total = sum(len(one.region) for one in here)
            found += [replace(one, number=at, area=max(area, 1.0) / total) for one in here]
        if not found:
            return Reviews.none(classes, len(layers))
        count = [len(one.region) for one in found]
        _, decision = np.unique(np.repeat([one.number for one in found], count), return_inverse=True)
        return Reviews(
            np.concatenate([one.q for one in found]),
            tuple(np.concatenate([one.said[s] for one in found]) for s in range(len(layers))),
            np.repeat([one.possible for one in found], count, axis=0), decision.astype(np.intp),
            np.repeat([one.area for one in found], count),
            np.repeat([self.all[one.number].chance for one in found], count),
            np.concatenate([one.region for one in found]), self.error,
            np.repeat([self.all[one.number].own for one in found], count),
            np.repeat([self.all[one.number].expected for one in found], count))

    def drawn(self, layers: Sequence[Statements]) -> Drawn | None:
        """The places that were drawn at random, with what one of ``layers`` said there when they were judged and what
        was found; None where there is none. Of a feature its own ground, which would have been looked at whatever the
        answer; of what a layer lacks the place proposed, where its silence speaks.
        """
        by_name = {layer.name: layer for layer in layers}
        rows = [(shape, own, part.possible, 1 / ruling.chance, number)
                for number, ruling in enumerate(self.all)
                if np.isfinite(ruling.chance) and (layer := by_name.get(ruling.layer)) is not None
                and (own := _label(ruling, layer)) >= 0
                for part in ruling.parts
                if not (shape := part.shape if ruling.before is None
                        else shapely.intersection(part.shape, ruling.before)).is_empty]
        if not rows:
            return None
        shapes, said, possible, stands_for, decision = zip(*rows, strict=True)
        return Drawn(np.array([*shapes, None], dtype=object)[:-1], np.array(said, np.intp), np.stack(possible),
                     np.array(stands_for), np.array(decision, np.intp))

    def parts(self) -> tuple[Part, ...]:
        """The parts of all rulings."""
        return tuple(part for ruling in self.all for part in ruling.parts)


def _label(ruling: Ruling, layer: Statements) -> int:
    """The class that the judged layer said at a decided place; −1 where it said nothing."""
    if ruling.before is not None:
        return ruling.own
    return -1 if layer.background is None else int(layer.background.argmax())


@dataclass(frozen=True)
class _Looked:
    """What is said at the pixels of a part that count as looked at; ``area`` is theirs, in pixels."""

    q: NDArray[np.float64]
    said: list[NDArray[np.float64]]
    possible: NDArray[np.bool_]
    region: NDArray[np.intp]
    area: float
    number: int = 0


def _looked(part: Part, ruling: Ruling, ground: Ground, evidence: Evidence, regions: Regions) -> _Looked | None:
    rows, columns = _pixels(part.shape, ground)
    if ruling.before is not None and len(rows):
        inside = shapely.intersects_xy(ruling.before, columns + 0.5, rows + 0.5)
        rows, columns = rows[inside], columns[inside]
    if not len(rows):
        return None
    top, left = int(rows.min()), int(columns.min())
    window = Window(left, top, int(columns.max()) - left + 1, int(rows.max()) - top + 1)
    at = rows - top, columns - left
    q = np.nan_to_num(evidence.read(window)[:, at[0], at[1]].T).astype(np.float64)
    said = []
    for layer in ground.layers:
        mix = layer.read(window).mix[:, at[0], at[1]].T.astype(np.float64)
        said.append(_as_it_was(mix, layer, ruling, rows, columns) if layer.name == ruling.layer else mix)
    counts = np.ones(len(rows), bool)
    if ruling.before is None:
        counts = _contradicted(ruling, ground, q, said)
    if not counts.any():
        return None
    share = float(counts.mean()) * (1.0 if ruling.before is None else shapely.area(
        shapely.intersection(part.shape, ruling.before)) / max(part.shape.area, 1e-12))
    region = regions.of(np.stack([columns, rows], axis=1) + 0.5)
    return _Looked(q[counts], [s[counts] for s in said], part.possible, region[counts], part.shape.area * share)


def _contradicted(ruling: Ruling, ground: Ground, q: NDArray, said: list[NDArray]) -> NDArray[np.bool_]:
    """Where imagery or another layer says something else than the judged layer's silence does."""
    own = next((s for layer, s in zip(ground.layers, said, strict=True) if layer.name == ruling.layer), None)
    if own is None or not own.any():
        return np.ones(len(q), bool)
    others = [q, *(s for layer, s in zip(ground.layers, said, strict=True) if layer.name != ruling.layer)]
    quiet = own.argmax(axis=1)
    return np.asarray(np.any([(v.sum(axis=1) > 0.5) & (v.argmax(axis=1) != quiet) for v in others], axis=0))


def _ruling(one: Verdict, ground: Ground, layer: Statements | None, rows: dict[str, int]) -> Ruling | None:
    """Translate a decision; None where it says nothing of classes, or of classes that the legend does not have."""
    if one.uid is None:
        return _of_feature(one, layer, rows)
    names = ground.legend.names
    quiet = -1 if ground.legend.background is None else ground.legend.index(ground.legend.background)
    now, proposed = (names.index(c) if c in names else -1 for c in (one.class_now, one.class_proposed))
    before, proposal = (_area(wkb, ground) for wkb in (one.before, one.proposal))
    if one.kind not in SETTLED or (one.kind in SHAPES and (quiet < 0 or one.edit not in ("move", "reshape"))):
        return None
    parts = _parts(one.kind, one.decision == "accept", now, proposed, quiet, before, proposal, len(names))
    if not parts:
        return None
    if one.kind == "missing" or before is None:
        return Ruling(one.layer, parts, now, None, one.chance)
    return Ruling(one.layer, parts, now, before, one.chance, _expected(one, before, proposal))


def _expected(one: Verdict, before: shapely.Geometry, proposal: shapely.Geometry | None) -> float:
    """How much of a feature's place would be something else, by the probability that it was flagged with."""
    left = 1.0
    if one.kind in SHAPES and proposal is not None:
        left = shapely.difference(before, proposal).area / max(before.area, 1e-12)
    return one.probability * left


def _parts(kind: str, accepted: bool, now: int, proposed: int, quiet: int, before: shapely.Geometry | None,
           proposal: shapely.Geometry | None, classes: int) -> tuple[Part, ...]:
    def only(number: int) -> NDArray[np.bool_]:
        return np.asarray(np.arange(classes) == number)

    if kind == "missing":
        truth = proposed if accepted else quiet
        return () if proposal is None or truth < 0 else (Part(proposal, only(truth)),)
    place = before if before is not None else proposal
    if place is None or now < 0:
        return ()
    if not accepted:
        return (Part(place, only(now)),)
    if kind == "obsolete":
        return (Part(place, only(quiet) if quiet >= 0 else ~only(now)),)
    if kind in SHAPES and proposal is not None:
        left = shapely.difference(place, proposal)
        kept = (Part(proposal, only(now)),)
        return kept if left.is_empty or left.area < 1e-9 else (*kept, Part(left, only(quiet)))
    return (Part(place, only(proposed) if proposed >= 0 else ~only(now)),)


def _of_feature(one: Verdict, layer: Statements | None, rows: dict[str, int]) -> Ruling | None:
    """A feature that nothing was flagged of: rejected, it is what it says; accepted, it is something else."""
    row = rows.get(one.key or "")
    if layer is None or row is None:
        return None
    own = int(dominant(layer.mix[row:row + 1])[0])
    if own < 0:
        return None
    right = np.arange(layer.mix.shape[1]) == own
    shape = layer.support[row]
    return Ruling(one.layer, (Part(shape, ~right if one.decision == "accept" else right),), own, shape, one.chance)


def _area(wkb: bytes | None, ground: Ground) -> shapely.Geometry | None:
    """A geometry of the ledger as an area in the grid's pixels; lines and points as wide as the ground takes them."""
    if wkb is None:
        return None
    shape = ground.grid.to_pixels(np.array([shapely.make_valid(shapely.from_wkb(wkb))], dtype=object))[0]
    dimension = int(shapely.get_dimensions(shape))
    if dimension < 2:
        radius = (LINE_WIDTH_M / 2 if dimension == 1 else POINT_RADIUS_M) / ground.grid.pixel_m
        shape = shapely.buffer(shape, max(radius, 0.6), quad_segs=4)
    return None if shape.is_empty else shape


def _pixels(shape: shapely.Geometry, ground: Ground) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of up to :data:`PIXELS` pixels of a shape on the grid, evenly among them; the one it lies on if
    it holds no pixel's middle.
    """
    height, width = ground.grid.shape
    x0, y0, x1, y1 = shape.bounds
    centre_x, centre_y = (x0 + x1) / 2, (y0 + y1) / 2
    left, right = max(int(x0), int(centre_x) - WIDEST // 2, 0), min(int(x1) + 1, int(centre_x) + WIDEST // 2, width)
    top, bottom = max(int(y0), int(centre_y) - WIDEST // 2, 0), min(int(y1) + 1, int(centre_y) + WIDEST // 2, height)
    nothing = np.zeros(0, np.intp), np.zeros(0, np.intp)
    if right <= left or bottom <= top:
        return nothing
    y, x = np.mgrid[top:bottom, left:right]
    hit = shapely.contains_xy(shape, x.ravel() + 0.5, y.ravel() + 0.5)
    rows, columns = y.ravel()[hit], x.ravel()[hit]
    if not len(rows):
        point = shapely.get_coordinates(shapely.point_on_surface(shape))[0].astype(int)
        inside = 0 <= point[1] < height and 0 <= point[0] < width
        return (point[1:], point[:1]) if inside else nothing
    some = np.unique(np.linspace(0, len(rows) - 1, min(PIXELS, len(rows))).round().astype(int))
    return rows[some], columns[some]


def _as_it_was(mix: NDArray, layer: Statements, ruling: Ruling, rows: NDArray, columns: NDArray) -> NDArray:
    """What the judged layer said when it was judged; it may have been mended since."""
    silence = np.zeros(mix.shape[1]) if layer.background is None else layer.background.astype(np.float64)
    result = np.tile(silence, (len(mix), 1))
    if ruling.before is not None and ruling.own >= 0:
        inside = shapely.intersects_xy(ruling.before, columns + 0.5, rows + 0.5)
        result[inside] = np.arange(mix.shape[1]) == ruling.own
    return result
