"""The objects of a map layer: put where they fit, looked at, and told apart by what may be wrong with each.

Only where the silence of the layer says something (the legend has a background): there an object can be obsolete,
shifted or reshaped. What each of these looks like here is learnt from errors put into the layer (see
:mod:`injection` and :mod:`calibration`); they are rivals, so that an object is called wrong for one reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ..alignment.align import Alignment, AlignSettings, align
from ..alignment.surfaces import translated
from ..crew import Crew
from ..feedback import Feedback
from ..fusion.evidence import Evidence
from ..fusion.ground import Ground, dominant
from ..sources.statements import Statements
from . import closer_look
from .calibration import FOLDS, NOTHING, folds_of, rivals, sound
from .closer_look import OBSOLETE, SHIFTED, Bent, Misplaced
from .edges import Edges
from .injection import KINDS, SHARES, Bare, Injected, alone, inject
from .looks import Looks, look, trust_in_edges
from .odds import from_odds
from .redrawn import Choice, draw
from .standing import standing
from .witness import Heard, Witness

REACH_M = 10.0
LOOK_M = 8.0
EXPECTED = {"obsolete": 0.05, "shifted": 0.06, "reshaped": 0.03}
"""Share of the objects of a layer that each kind is expected to be; see ``PRIOR_PLACES`` in :mod:`calibration`."""
MOST = {"obsolete": 0.5, "shifted": 0.5, "reshaped": 0.03}
"""Outlines fit more or less: how many are wrong cannot be learnt from a layer, and is not taken to be more than
usual.
"""
EXAMPLES, ROUNDS_MAX = 400, 6
"""Errors are put in round after round until each kind has so many examples: what is learnt from one round hangs on what
was drawn.
"""
LEARN_FROM = 1500
"""Objects of a larger layer that errors are put into: whole blocks of them, so that neighbours stay neighbours."""
AROUND_M = 2 * REACH_M
"""So far around these blocks objects stand by as they are: an error at a block's edge has neighbours, too."""
REDRAWN_MAX = 400
"""So many objects of another shape are drawn anew to learn which outline is right."""
BLOCK_OBJECTS = 60
FEWEST = 30
CLOSER_FROM = 0.05
"""What is less probable gets no closer look: no other place or outline is sought for it."""


@dataclass(frozen=True)
class Objects:
    """The objects of a layer, row by row of the layer (n,).

    ``judged``: which are objects that the imagery shows; ``label`` their class. ``alignment`` and ``looks`` are what
    was found of them; ``chance`` (n, 3) the probabilities of ``KINDS`` without ``right``; ``learnt``: whether these
    were learnt from the layer or, the layer being too small for that, are plain rules. ``edge_weight``: what edges of
    the imagery say here beside its probabilities. ``placed`` (n,), pixels: where
    each is thought to lie; ``with_neighbours`` (n,): where its neighbours say that it should. ``fold`` (n,): the blocks
    of ground, dealt out, in which each is not learnt from itself. ``likely`` (n, k): how likely each of the places
    where an object may belong (see ``looks``) is the right one, NaN where that was not asked. ``outlines``: by row,
    what outline to propose, where that was asked. ``heard``: what a network said of each that did not see it.
    """

    judged: NDArray[np.bool_]
    label: NDArray[np.intp]
    alignment: Alignment
    looks: Looks
    chance: NDArray[np.float64]
    learnt: bool
    edge_weight: float
    placed: NDArray[np.object_]
    with_neighbours: NDArray[np.object_]
    fold: NDArray[np.intp]
    likely: NDArray[np.float64]
    outlines: Mapping[int, Choice]
    heard: Heard | None = None

    def of(self, kind: str) -> NDArray[np.float64]:
        """Probability (n,) that an object is wrong in this way."""
        return np.asarray(self.chance[:, KINDS.index(kind) - 1])

    def suspected(self, kind: str) -> NDArray[np.intp]:
        """Rows of the objects that deserve a closer look at whether they are wrong in this way."""
        return np.flatnonzero(self.judged & (self.of(kind) >= CLOSER_FROM))

    def told(self, row: int) -> dict[str, Any]:
        """What a finding's evidence says of what was heard."""
        return {} if self.heard is None else self.heard.told(row, self.alignment.grid.pixel_m)


def study(ground: Ground, layer: Statements, evidence: Evidence, edges: Edges, seed: int, feedback: Feedback,
          crew: Crew | None = None) -> Objects | None:
    """Put the objects of a map layer where they fit and look at them; None where its silence says nothing or it has
    none. Probabilities are by plain rules until :func:`learn` is asked.
    """
    rows, label = objects_of(ground, layer)
    if not len(rows):
        return None
    shapes = layer.support[rows]
    place = AlignSettings(reach_m=REACH_M, off_nadir=layer.features.settings.off_nadir, seed=seed)
    with feedback.stage("align"):
        shown, number = evidence.only(label[rows])
        alignment = align(shapes, shown.read, ground.grid, feedback.span(0.0, 0.6), place, labels=number)
    with feedback.stage("look"):
        weight = _weight(shapes, label[rows], alignment, evidence, edges, seed, feedback.span(0.6, 0.65))
        looks, placed = _look(shapes, label[rows], alignment, evidence, edges, weight, feedback.span(0.65, 1.0),
                              crew)
    return _of_layer(rows, label, alignment, looks, placed, weight, layer)


def learn(objects: Objects, ground: Ground, layer: Statements, evidence: Evidence, edges: Edges,
          bare: Bare, seed: int, feedback: Feedback, witness: Witness | None = None, heard: Heard | None = None,
          crew: Crew | None = None) -> Objects:
    """Return the objects with probabilities learnt from errors put into the layer, if it is large enough for that.

    ``bare`` are places where the layer may lack something: there a shape of ours would be no error. What a ``witness``
    says counts beside the looks; ``heard`` is what it said of the layer as it is.
    """
    rows = np.flatnonzero(objects.judged)
    if len(rows) < FEWEST:
        return objects
    place = AlignSettings(reach_m=REACH_M, off_nadir=layer.features.settings.off_nadir, seed=seed)
    with feedback.stage("learn errors"):
        lesson = _learn(ground, layer, rows, objects, evidence, edges, place, bare, seed, feedback, witness, heard,
                        crew)
    if lesson is None:
        return objects
    chance = objects.chance.copy()
    chance[rows] = lesson.chance
    learnt = replace(objects, chance=chance * _can_be(layer), learnt=True, heard=heard)
    return _drawn(_placed(learnt, lesson, evidence, edges, seed), lesson, layer, evidence, edges, seed)


def objects_of(ground: Ground, layer: Statements) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the rows of a layer that are objects on a background, polygons or points, and every row's class."""
    label = np.asarray(dominant(layer.mix))
    if layer.background is None or layer.features.kind != "map":
        return np.zeros(0, np.intp), label
    quiet = int(layer.background.argmax())
    flat = shapely.get_dimensions(layer.features.geometries) != 1
    return np.flatnonzero((label >= 0) & (label != quiet) & flat), label


def with_around(shapes: NDArray[np.object_], rows: NDArray[np.intp], taught: NDArray[np.intp], pixel_m: float
                ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the ``taught`` rows and, of ``rows``, those that stand around them; and where the taught are in that."""
    if len(taught) == len(rows):
        return rows, np.arange(len(rows))
    near = shapely.STRtree(shapes[taught]).query(shapes[rows], predicate="dwithin", distance=AROUND_M / pixel_m)[0]
    here = np.union1d(taught, rows[near])
    return here, np.flatnonzero(np.isin(here, taught))


def _look(shapes: NDArray[np.object_], label: NDArray[np.intp], alignment: Alignment, evidence: Evidence,
          edges: Edges, weight: float, feedback: Feedback, crew: Crew | None) -> tuple[Looks, NDArray[np.object_]]:
    field = np.nan_to_num(alignment.field)
    placed = translated(shapes, np.where(alignment.alone[:, None], alignment.shift, field))
    return look(evidence, translated(shapes, field), label, placed, alignment.elsewhere - field, LOOK_M, edges, weight,
                feedback, crew), placed


def _weight(shapes: NDArray[np.object_], label: NDArray[np.intp], alignment: Alignment, evidence: Evidence,
            edges: Edges, seed: int, feedback: Feedback) -> float:
    shared = translated(shapes, np.nan_to_num(alignment.field))
    return trust_in_edges(evidence, shared, label, shared, LOOK_M, edges, seed, feedback)


def _table(looks: Looks, alignment: Alignment, heard: Heard | None) -> NDArray[np.float64]:
    """What objects are judged by (n, d): their looks, how much more the imagery shows of them elsewhere than where
    their neighbours say that they should lie, how far that is, and how far from the place that they would choose by
    themselves. The first of these is in units of contrast: layers with more and with fewer errors have surfaces that
    are trusted differently, and must compare. Then what was ``heard`` of them.
    """
    more = (alignment.alone_odds - alignment.trust.usual_odds) / alignment.trust.beta
    own = alignment.elsewhere - np.nan_to_num(alignment.field)
    off, apart = (np.hypot(*v.T) * alignment.grid.pixel_m for v in (own, own - looks.best_px))
    parts = [looks.x, np.stack([more, off, apart], axis=1)]
    if heard is not None:
        parts.append(heard.beside(np.nan_to_num(alignment.field) + looks.best_px, alignment.grid.pixel_m))
    return np.concatenate(parts, axis=1)


@dataclass(frozen=True)
class _Lesson:
    """What errors put into the layer taught: P(kind) (rows, 3) of its objects; objects that were moved, put where
    nothing stands or given another shape.
    """

    chance: NDArray[np.float64]
    misplaced: Misplaced
    bent: list[Bent]


def _learn(ground: Ground, layer: Statements, rows: NDArray[np.intp], objects: Objects, evidence: Evidence,
           edges: Edges, place: AlignSettings, bare: Bare, seed: int, feedback: Feedback,
           witness: Witness | None, heard: Heard | None, crew: Crew | None) -> _Lesson | None:
    label, x = objects.label, _table(objects.looks, objects.alignment, heard)[rows]
    grid = ground.grid
    taught = _some_blocks(layer.centres, rows, seed)
    here, within = with_around(layer.support, rows, taught, grid.pixel_m)
    others = layer.support[np.setdiff1d(rows, here)]
    single = alone(layer.support[here])[within]
    within = within[single] if single.sum() >= FEWEST else within
    least = min(share for kind, share in SHARES.items() if kind in KINDS)
    rounds = int(np.clip(np.ceil(EXAMPLES / (least * len(within))), 1, ROUNDS_MAX))
    known: list[NDArray] = []
    misplaced: list[Misplaced] = []
    bent: list[Bent] = []
    extent = shapely.box(0, 0, grid.width, grid.height)
    for number in range(rounds):
        part = feedback.span(number / rounds, (number + 1) / rounds)
        taken = np.concatenate([bare.drawn(np.random.default_rng([seed + number, 8])), others])
        made = inject(layer.support[here], label[here], within, extent, grid.pixel_m, place.reach_m, seed + number,
                      taken)
        shown, label_of = evidence.only(made.labels)
        alignment = align(made.shapes, shown.read, grid, part.span(0.0, 0.6), place, labels=label_of)
        looks, placed = _look(made.shapes, made.labels, alignment, evidence, edges, objects.edge_weight,
                              part.span(0.6, 1.0), crew)
        wrong = looks.seen & (made.kind > 0)
        made_of = np.where(made.kind - 1 == OBSOLETE, NOTHING, np.searchsorted(rows, here[made.origin]))
        said = None if witness is None else witness.with_errors(layer, here, made, Feedback())
        fold, true = objects.fold[here], layer.support[here]
        known.append(np.concatenate([_table(looks, alignment, said)[wrong], np.stack([
            made.kind, fold[made.origin], made_of], axis=1)[wrong]], axis=1))
        misplaced.append(_misplaced(made, made_of, looks, true, fold, alignment, placed, evidence, edges))
        some = np.flatnonzero(wrong & (made.kind == KINDS.index("reshaped")))[:REDRAWN_MAX - len(bent)]
        bent += _bent(made, made_of, some, true, fold, alignment, placed, evidence, edges)
    examples = np.concatenate(known)
    kinds, folds, sources = examples[:, -3:].astype(np.intp).T
    learnt = rivals(x, objects.fold[rows], examples[:, :-3], kinds, folds, sources,
                    [EXPECTED[kind] for kind in KINDS[1:]], [MOST[kind] for kind in KINDS[1:]], seed)
    if learnt is None:
        return None
    every = Misplaced.all_of(misplaced)
    usable = sound(learnt, np.array([one.made_of for one in bent], np.intp))
    return _Lesson(learnt, every.some(sound(learnt, every.made_of)),
                   [one for one, use in zip(bent, usable.tolist(), strict=True) if use])


def _misplaced(made: Injected, made_of: NDArray[np.intp], looks: Looks, true: NDArray[np.object_],
               fold: NDArray[np.intp], alignment: Alignment, placed: NDArray[np.object_], evidence: Evidence,
               edges: Edges) -> Misplaced:
    """The objects of a layer with errors that were moved or put where nothing stands, of those that are seen; ``true``
    and ``fold`` of origins.
    """
    kind, pixel_m = made.kind - 1, alignment.grid.pixel_m
    rows = np.flatnonzero(looks.seen & np.isin(kind, (OBSOLETE, SHIFTED)))
    right, now = (shapely.get_coordinates(shapely.centroid(shapes)).reshape(-1, 2)
                  for shapes in (true[made.origin[rows]], made.shapes[rows]))
    off = np.hypot(*(looks.places_px[rows] - (right - now)[:, None]).transpose(2, 0, 1)) * pixel_m
    shared = translated(made.shapes[rows], np.nan_to_num(alignment.field)[rows])
    speaks = _speaks(looks, shared, rows, made.labels[rows], placed, evidence, edges)
    return Misplaced(speaks, off, looks.places_m(pixel_m)[rows], fold[made.origin[rows]], kind[rows], made_of[rows])


def _speaks(looks: Looks, shared: NDArray[np.object_], rows: NDArray[np.intp], labels: NDArray[np.intp],
            placed: NDArray[np.object_], evidence: Evidence, edges: Edges) -> NDArray[np.float64]:
    """What speaks for each place (rows, k, d) of ``rows`` of objects, ``shared`` (rows,) where their neighbours say
    that they should lie.
    """
    there = standing(shared, rows, labels, looks.places_px[rows], placed, evidence, edges)
    return np.concatenate([looks.places_x[rows], there], axis=2)


def _bent(made: Injected, made_of: NDArray[np.intp], rows: NDArray[np.intp], true: NDArray[np.object_],
          fold: NDArray[np.intp], alignment: Alignment, placed: NDArray[np.object_], evidence: Evidence, edges: Edges
          ) -> list[Bent]:
    """Draw ``rows`` of a layer with errors anew, which got another shape: how near each drawing comes to the ``true``
    outline that the object was made from, and the fold of ground that it lies in.
    """
    field = np.nan_to_num(alignment.field)[rows]
    origin = made.origin[rows]
    drawn = draw(translated(made.shapes[rows], field), rows, made.labels[rows], placed, evidence, edges)
    right = dict(zip(rows.tolist(), translated(true[origin], field), strict=True))
    return [Bent(drawings, drawings.shared(right[row]), int(fold[made.origin[row]]), int(made_of[row]))
            for row, drawings in drawn.items()]


def _placed(objects: Objects, lesson: _Lesson, evidence: Evidence, edges: Edges, seed: int) -> Objects:
    """Ask where the objects belong that may be shifted, or whether they stand nowhere at all."""
    rows = objects.suspected("shifted")
    away = objects.looks.places_m(objects.alignment.grid.pixel_m)[rows]
    chance, likely = objects.chance.copy(), objects.likely.copy()
    speaks = _speaks(objects.looks, objects.with_neighbours[rows], rows, objects.label[rows], objects.placed, evidence,
                     edges)
    chance[rows], likely[rows] = closer_look.places(chance[rows], speaks, away, objects.fold[rows], lesson.misplaced,
                                                    seed)
    return replace(objects, chance=chance, likely=likely)


def _drawn(objects: Objects, lesson: _Lesson, layer: Statements, evidence: Evidence, edges: Edges, seed: int
           ) -> Objects:
    """Draw the objects anew that may be reshaped."""
    rows = objects.suspected("reshaped")
    drawn = draw(objects.with_neighbours[rows], rows, objects.label[rows], objects.placed, evidence, edges)
    rows = np.array(list(drawn), np.intp)
    chance = objects.chance.copy()
    chance[rows], choices = closer_look.outlines(chance[rows], list(drawn.values()), objects.fold[rows], lesson.bent,
                                                 seed)
    return replace(objects, chance=chance, outlines=dict(zip(rows.tolist(), choices, strict=False)))


def _some_blocks(centres: NDArray[np.float64], rows: NDArray[np.intp], seed: int) -> NDArray[np.intp]:
    """Rows of random spatial blocks, about ``LEARN_FROM`` of them in all."""
    if len(rows) <= LEARN_FROM:
        return rows
    xy = centres[rows]
    low, size = xy.min(axis=0), np.ptp(xy, axis=0).max()
    side = max(size * np.sqrt(BLOCK_OBJECTS / len(rows)), 1e-9)
    cell = np.floor((xy - low) / side).astype(np.intp)
    number = np.unique(cell, axis=0, return_inverse=True)[1].reshape(-1)
    order = np.random.default_rng([seed, 5]).permutation(number.max() + 1)
    count = np.bincount(number)[order]
    taken = order[:int(np.searchsorted(np.cumsum(count), LEARN_FROM)) + 1]
    return rows[np.isin(number, taken)]


def _plain(looks: Looks) -> NDArray[np.float64]:
    """Probabilities (n, 3) by rule, for layers too small to learn from: no error is likelier than not without strong
    evidence, and a shape is never called wrong.
    """
    inside, best = np.nan_to_num(looks.inside, nan=1.0), np.nan_to_num(looks.inside_best, nan=1.0)
    gain, far = np.nan_to_num(looks.of("gain")), np.nan_to_num(looks.of("distance"))
    shifted = from_odds((gain - 0.2) / 0.04) * from_odds((best - 0.6) / 0.06) * from_odds((far - 1.5) / 0.3)
    obsolete = from_odds((0.25 - np.maximum(inside, best * (far < LOOK_M / 2))) / 0.05) * (1 - shifted)
    return np.stack([obsolete, shifted, np.zeros(len(inside))], axis=1) * 0.9


def _of_layer(rows: NDArray[np.intp], label: NDArray[np.intp], alignment: Alignment, looks: Looks,
              placed: NDArray[np.object_], weight: float, layer: Statements) -> Objects:
    """Spread what was found of the objects over all rows of the layer."""
    count = len(layer.support)

    def spread(values: NDArray, fill: object = 0) -> NDArray:
        full = np.full((count, *values.shape[1:]), fill, values.dtype)
        full[rows] = values
        return full

    whole = replace(
        alignment, shift=spread(alignment.shift), field=spread(alignment.field, np.nan),
        confidence=spread(alignment.confidence), alone=spread(alignment.alone),
        alone_odds=spread(alignment.alone_odds), elsewhere=spread(alignment.elsewhere),
        gain=spread(alignment.gain), margin=spread(alignment.margin), seen=spread(alignment.seen),
        turn=spread(alignment.turn))
    looked = Looks(spread(looks.x, np.nan), spread(looks.visible), spread(looks.inside, np.nan), spread(looks.best_px),
                   spread(looks.near_px), spread(looks.inside_best, np.nan), spread(looks.iou, np.nan),
                   spread(looks.places_px, np.nan), spread(looks.places_x, np.nan))
    where, shared = layer.support.copy(), layer.support.copy()
    where[rows], shared[rows] = placed, translated(layer.support[rows], np.nan_to_num(alignment.field))
    judged = np.zeros(count, bool)
    judged[rows] = looks.seen
    fold = np.full(count, FOLDS, np.intp)
    fold[judged] = folds_of(layer.centres[judged]) if judged.any() else 0
    return Objects(judged, label, whole, looked, _plain(looked) * _can_be(layer), False, weight, where, shared, fold,
                   np.full(looked.places_x.shape[:2], np.nan), {})


def _can_be(layer: Statements) -> NDArray[np.float64]:
    """Which kinds (n, 3) a feature can be: points have no shape, and nothing is moved onto roofs that lean."""
    shape = (shapely.get_dimensions(layer.features.geometries) == 2) & (not layer.features.settings.off_nadir)
    return np.stack([np.ones(len(shape)), shape, shape], axis=1).astype(np.float64)
