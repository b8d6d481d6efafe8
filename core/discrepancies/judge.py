"""Every element of every source, judged by all the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np
import shapely

from ..crew import Crew
from ..feedback import Feedback
from ..fusion.crowd import Reliabilities
from ..fusion.evidence import Evidence
from ..fusion.ground import Ground
from ..ledger import Discrepancy
from ..sources.statements import Statements
from . import (
    common_shift,
    duplicate,
    field_conflict,
    invalid,
    label_patch,
    missing,
    missing_roads,
    obsolete,
    obsolete_roads,
    outdated,
    reshaped,
    shifted,
    shifted_roads,
    wrong_class,
    wrong_value,
)
from .calibration import corrected
from .causes import broad, linked, summing
from .edges import Edges
from .finding import signed
from .injection import Bare
from .objects import learn, study
from .pooling import Pooled, pool
from .portraits import portrayed
from .witness import Heard, Witness

Decided = tuple[str, str | None, bytes | None, str]
"""Kind, signature, proposal and layer of a discrepancy that was decided upon."""
ANY = ""
"""In place of a layer's name: any."""
SAME_PLACE_IOU = 0.5
LOWEST = 0.01
"""Rivals are weighed against each other down to this; only then is what is too improbable dropped."""
POSSIBLE = 1e-4
"""The least probability that a finding tells: what is less probable, such as a move onto a roof that leans, is none."""


def judge(ground: Ground, evidence: Evidence, reliabilities: Reliabilities, *, number: int, seed: int,
          min_probability: float, rejected: Iterable[Decided], awaiting: Iterable[Decided] = (),
          reviewed: Iterable[tuple[str, float, bool]] = (), witness: Witness | None = None, feedback: Feedback
          ) -> list[Discrepancy]:
    """Return the discrepancies of a round, the surest first.

    ``number`` is the round's; ``rejected`` are those that a reviewer has rejected before: they do not come back; nor do
    those that are ``awaiting`` their push; ``reviewed`` (kind, probability shown, accepted) correct the probabilities;
    ``witness`` is a network that is asked about features which it does not see. Features of layers that say
    ``may_edit: false`` and locked features are evidence alone.
    """
    min_probability = max(min_probability, POSSIBLE)
    least = min(min_probability, LOWEST)
    found: list[Discrepancy] = []
    lessons: list[Discrepancy] = []
    layers = [layer for layer in ground.layers if layer.features.settings.may_edit]
    with Crew() as crew:
        for at, layer in enumerate(layers):
            part = feedback.span(at / len(layers), (at + 1) / len(layers))
            here = _of_layer(ground, layer, evidence, reliabilities, number, seed, least, witness, crew, part)
            lessons += [d for d in here if d.edit == "label_patch"]
            found += signed(linked([d for d in here if d.edit != "label_patch"], ground.grid.metres_per_unit), layer)
            part.progress(1.0)
    found = _reviewed([*found, *label_patch.once(lessons)], list(reviewed))
    metres, given = ground.grid.metres_per_unit, frozenset(layer.name for layer in ground.layers)
    memory = Remembered(rejected, metres, given), Remembered(awaiting, metres)
    return sorted((d for d in found if d.probability >= min_probability and not any(some.hold(d) for some in memory)),
                  key=lambda d: (-d.probability, d.uid))


def _of_layer(ground: Ground, layer: Statements, evidence: Evidence, reliabilities: Reliabilities, number: int,
              seed: int, least: float, witness: Witness | None, crew: Crew, feedback: Feedback) -> list[Discrepancy]:
    others = tuple(other for other in ground.layers if other is not layer)
    pooled = pool(evidence, layer.support, others, feedback.span(0.0, 0.1), crew)
    _say_blind(layer, pooled, feedback)
    if layer.rings.any():
        feedback.info(f"“{layer.name}”: {int(layer.rings.sum())} closed lines mean areas; they count as areas, but are "
                      "not judged as such. Make polygons of them to have their outlines judged.")
    found = label_patch.find(ground, layer, others, pooled, reliabilities, number)
    found += invalid.find(ground, layer, number) + duplicate.find(ground, layer, number, least)
    if layer.features.kind == "field":
        found += field_conflict.find(ground, layer, others, pooled, reliabilities, number, least)
    else:
        heard = None
        if witness is not None:
            with feedback.stage("ask"):
                heard = witness.own(layer, feedback.span(0.1, 0.2))
        whole = portrayed(ground, layer, pooled, seed, feedback, None if heard is None else heard.words)
        found += wrong_class.find(ground, layer, others, whole, number, least)
        found += _of_map(ground, layer, others, pooled, evidence, number, seed, least, witness, heard,
                         crew, feedback.span(0.2, 0.9))
    found += wrong_value.find(ground, layer, pooled, number, least, seed, feedback.span(0.9, 1.0))
    _say_unread(layer, feedback)
    return found + outdated.find(ground, layer, _wrong(layer, pooled, found), number, least)


def _of_map(ground: Ground, layer: Statements, others: tuple[Statements, ...], pooled: Pooled, evidence: Evidence,
            number: int, seed: int, least: float, witness: Witness | None, heard: Heard | None, crew: Crew,
            feedback: Feedback) -> list[Discrepancy]:
    if layer.background is None:  # where silence says nothing, nothing lacks, and what stands is only of another class
        return []
    edges = Edges.of(ground.imagery, seed)
    objects = study(ground, layer, evidence, edges, seed, feedback.span(0.0, 0.35), crew)
    placed = layer.support if objects is None else objects.with_neighbours
    lacking = missing.find(ground, layer, evidence, edges, placed, number, seed, least, feedback.span(0.35, 0.55),
                           crew)
    lacking += missing_roads.find(ground, layer, evidence, number, least, feedback)
    beside = shifted_roads.find(ground, layer, evidence, pooled, number, seed, least, feedback)
    gone = shifted_roads.rather(obsolete_roads.find(ground, layer, evidence, pooled, number, seed, least, feedback),
                                beside) + beside
    if objects is None:
        return lacking + gone
    bare = Bare(shifted.places(ground, lacking), np.array([d.probability for d in lacking]))
    objects = learn(objects, ground, layer, evidence, edges, bare, seed, feedback.span(0.55, 0.95), witness, heard,
                    crew)
    common, laid = common_shift.find(ground, layer, objects, evidence, number, least, feedback.span(0.95, 1.0))
    return [*lacking, *gone, *common, *obsolete.find(ground, layer, objects, others, pooled, number, least),
            *shifted.find(ground, layer, objects, laid, number, least),
            *reshaped.find(ground, layer, objects, laid, number, least)]


def _say_blind(layer: Statements, pooled: Pooled, feedback: Feedback) -> None:
    blind = int((~pooled.seen()).sum())
    if blind:
        feedback.info(f"“{layer.name}”: {blind} of {len(layer.support)} features are not judged by the imagery: it "
                      "does not show them.")


def _say_unread(layer: Statements, feedback: Feedback) -> None:
    unread = outdated.unread(layer.features.dates)
    if unread:
        feedback.warning(f"“{layer.name}”: {len(unread)} dates cannot be read or lie ahead, such as {unread[0]!r}, and "
                         "count as none; write them as 2024-06-30, 2024-06 or 2024.")


def _wrong(layer: Statements, pooled: Pooled, found: list[Discrepancy]) -> np.ndarray:
    """How probable it is that each feature is wrong in what the imagery shows of it; NaN where it shows nothing."""
    row_of = {str(key): row for row, key in enumerate(layer.features.keys)}
    result = np.where(pooled.seen(), 0.0, np.nan)
    for d in found:
        if d.target_key is not None and d.kind in ("obsolete", "wrong_class", "reshaped", "field_conflict"):
            row = row_of[d.target_key]
            result[row] = np.fmax(result[row], d.probability)
    return result


def _reviewed(found: list[Discrepancy], reviewed: list[tuple[str, float, bool]]) -> list[Discrepancy]:
    if not reviewed or not found:
        return found
    after = corrected(np.array([d.probability for d in found]), [d.kind for d in found], reviewed)
    return summing([d if abs(p - d.probability) < 1e-4 else replace(
        d, probability=round(float(p), 4), evidence={**d.evidence, "uncorrected": d.probability})
        for d, p in zip(found, after, strict=True)])


class Remembered:
    """What reviewers decided upon, layer by layer: features by kind and signature, places without a feature by kind and
    overlap. Lines have a width: those that meet are not one, those that run along each other are. Where ``given`` names
    layers, what was decided of anything else holds for all: of other imagery, of a layer that has another name now.
    """

    def __init__(self, decided: Iterable[Decided], metres_per_unit: float = 1.0, given: Collection[str] | None = None
                 ) -> None:
        self._metres_per_unit = metres_per_unit
        self._signed: set[tuple[str, str, str]] = set()
        places: dict[tuple[str, str], list[shapely.Geometry]] = defaultdict(list)
        for kind, signature, proposal, layer in decided:
            of = layer if given is None or layer in given else ANY
            if signature is not None:
                self._signed.add((of, kind, signature))
            elif proposal is not None:
                places[of, kind].append(broad(shapely.from_wkb(proposal), metres_per_unit))
        self._trees = {what: shapely.STRtree(shapes) for what, shapes in places.items()}

    def hold(self, d: Discrepancy) -> bool:
        """Whether the like of a discrepancy was decided upon."""
        return any(self._holds(of, d) for of in (d.target_layer, ANY))

    def _holds(self, of: str, d: Discrepancy) -> bool:
        if d.signature is not None:
            return (of, d.kind, d.signature) in self._signed
        if (of, d.kind) not in self._trees or d.proposal is None:
            return False
        tree, shape = self._trees[of, d.kind], broad(shapely.from_wkb(d.proposal), self._metres_per_unit)
        near = tree.geometries[tree.query(shape, predicate="intersects")]
        shared = shapely.area(shapely.intersection(near, shape))
        return bool((shared >= SAME_PLACE_IOU * (shapely.area(near) + shape.area - shared)).any())
