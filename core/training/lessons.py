"""What decisions teach the next fit: which labels are put right, which are sure, and which are left out.

Nothing here touches the user's layers: labels of a fit are a copy. A decision counts as long as its feature is as it
was when it was judged, or as the decision would have it; what was edited otherwise speaks for itself.

Decisions say what is right, not how much a place counts. Places are reviewed because the sources contradict each other
there: weighed more than others, they would teach a ground that is harder than it is, and classes in other shares.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ..ledger.verdicts import Verdict
from ..sources.grid import Grid
from ..sources.statements import Statements, supports

SAME_SHAPE = 0.9
"""From this intersection over union on, a feature lies as it was judged, or as was proposed: layers round."""
IGNORED, AS_IT_IS = -1, -2
"""Labels of a patch: learn nothing here; what the layers say here is right."""
SPEAKING = ("missing", "obsolete", "shifted", "reshaped", "wrong_class", "field_conflict")
"""Kinds that say what stands where. Of a duplicate or a wrong value the network sees nothing."""
_NOTHING, _CONFIRMED, _IGNORED, _CORRECTED = range(4)


@dataclass(frozen=True)
class Patches:
    """Places that speak over all layers: ``shapes`` (n,) in pixels, ``labels`` (n,) a class index, ``IGNORED`` or
    ``AS_IT_IS``, ``sure`` (n,) whether somebody looked at them one by one.
    """

    shapes: NDArray[np.object_]
    labels: NDArray[np.intp]
    sure: NDArray[np.bool_]


@dataclass(frozen=True)
class Lessons:
    """The labels of a fit after what reviewers said.

    ``layers`` are the layers to learn from, put right; ``sure`` says for each which of its features (n,) somebody
    looked at one by one; ``patches`` lie over all. ``counts``: how many decisions corrected, confirmed or silenced a
    label, painted one (``patches``), say nothing of labels (``silent``) or are of a feature that has changed since
    (``past``).
    """

    layers: tuple[Statements, ...]
    sure: tuple[NDArray[np.bool_], ...]
    patches: Patches
    counts: Mapping[str, int]

    @classmethod
    def of(cls, layers: Sequence[Statements], names: Sequence[str], grid: Grid, verdicts: Sequence[Verdict]) -> Lessons:
        """Learn from ``verdicts`` (newest last) on any of ``layers`` or on the imagery; ``names`` are the classes."""
        counts = dict.fromkeys(("corrected", "confirmed", "ignored", "patches", "silent", "past"), 0)
        patches = [patch for one in verdicts if one.key is None
                   if (patch := _patch(one, names, grid, counts)) is not None]
        by_layer: dict[str, list[Verdict]] = defaultdict(list)
        for one in verdicts:
            if one.key is not None:
                by_layer[one.layer].append(one)
        taught = [_taught(layer, by_layer.get(layer.name, []), names, grid, counts) for layer in layers]
        patches += [(shape, IGNORED, False) for one in taught for shape in one.silenced]
        shapes = np.array([p[0] for p in patches] or [None], dtype=object)[:len(patches)]
        return cls(tuple(one.layer for one in taught), tuple(one.sure for one in taught),
                   Patches(shapes, np.array([p[1] for p in patches], np.intp),
                           np.array([p[2] for p in patches], bool)), counts)


@dataclass(frozen=True)
class _Taught:
    layer: Statements
    sure: NDArray[np.bool_]
    silenced: list[shapely.Geometry]


def _patch(one: Verdict, names: Sequence[str], grid: Grid, counts: dict[str, int]
           ) -> tuple[shapely.Geometry, int, bool] | None:
    """What a place without a feature teaches: a missing feature, or a lesson for the imagery."""
    if one.proposal is None or not (one.kind == "missing" or one.edit == "label_patch"):
        counts["silent"] += 1
        return None
    shape = supports(grid.to_pixels(np.array([shapely.from_wkb(one.proposal)], dtype=object)), np.array([np.nan]),
                     grid)[0]
    if one.decision == "accept" and not one.undone and one.class_proposed in names:
        counts["patches"] += 1
        return shape, _index(one, names), not one.in_bulk
    if one.decision == "reject" and one.kind == "missing":
        counts["confirmed"] += 1
        return shape, AS_IT_IS, not one.in_bulk
    counts["ignored"] += 1
    return shape, IGNORED, False


def _taught(layer: Statements, verdicts: Sequence[Verdict], names: Sequence[str], grid: Grid, counts: dict[str, int]
            ) -> _Taught:
    """A layer put right by what was said of its features. Of one feature a correction counts before doubt, doubt
    before confirmation, and of two alike the newer.
    """
    count = len(layer.support)
    rank, said = np.zeros(count, np.intp), np.full(count, None, dtype=object)
    for row, meaning, one in _standing(layer, verdicts, names, grid, counts):
        if meaning == _NOTHING:
            counts["silent"] += 1
        elif meaning >= rank[row]:
            rank[row], said[row] = meaning, one
    for meaning, name in ((_CONFIRMED, "confirmed"), (_IGNORED, "ignored"), (_CORRECTED, "corrected")):
        counts[name] += int((rank == meaning).sum())
    mix, support = layer.mix.copy(), layer.support.copy()
    mix[rank == _IGNORED] = 0
    sure, stays = np.zeros(count, bool), np.ones(count, bool)
    for row in np.flatnonzero((rank == _CONFIRMED) | (rank == _CORRECTED)).tolist():
        one = said[row]
        sure[row] = not one.in_bulk
        if rank[row] == _CONFIRMED:
            continue
        if one.edit == "retag":
            mix[row] = np.eye(len(names), dtype=np.float32)[_index(one, names)]
        elif one.edit in ("move", "reshape"):
            support[row] = _proposed(layer, row, one, grid)
        else:
            stays[row] = False
    silenced = list(layer.support[rank == _IGNORED])
    if not rank.any():
        return _Taught(layer, sure, silenced)
    taught = Statements(layer.features.select(stays), mix[stays], support[stays], layer.background)
    return _Taught(taught, sure[stays], silenced)


def _meaning(one: Verdict, names: Sequence[str]) -> int:
    if one.uid is None:
        return {"accept": _IGNORED, "reject": _CONFIRMED}.get(one.decision, _NOTHING)
    if one.kind not in SPEAKING:
        return _NOTHING
    if one.decision == "reject":
        return _CONFIRMED
    if one.decision != "accept" or one.undone:
        return _IGNORED
    mends = (one.edit in ("delete", "revisit") or (one.edit == "retag" and one.class_proposed in names)
             or (one.edit in ("move", "reshape") and one.proposal is not None))
    return _CORRECTED if mends else _IGNORED


def _standing(layer: Statements, verdicts: Sequence[Verdict], names: Sequence[str], grid: Grid, counts: dict[str, int]
              ) -> list[tuple[int, int, Verdict]]:
    """The verdicts that still count, each with its feature's row and what it means: those on features that are as they
    were, and those whose features were put right since as was accepted, which confirm what is there now.
    """
    row_of = {str(key): row for row, key in enumerate(layer.features.keys)}
    present = [one for one in verdicts if one.key in row_of]
    counts["past"] += len(verdicts) - len(present)
    by_columns: dict[tuple[str, ...], list[Verdict]] = defaultdict(list)
    for one in present:
        by_columns[one.watched].append(one)
    now: dict[tuple[tuple[str, ...], str], str] = {}
    for columns, some in by_columns.items():
        asked = np.zeros(len(layer.support), bool)
        asked[[row_of[str(one.key)] for one in some if one.signature is not None]] = True
        features = layer.features.select(asked)
        now |= {(columns, str(key)): text
                for key, text in zip(features.keys, features.signatures(columns), strict=True)}
    result = []
    for one in present:
        row = row_of[str(one.key)]
        if one.signature is None or now[one.watched, str(one.key)] == one.signature:
            result.append((row, _meaning(one, names), one))
        elif _meaning(one, names) == _CORRECTED and _is_mended(layer, row, one, names, grid):
            result.append((row, _CONFIRMED, one))
        else:
            counts["past"] += 1
    return result


def _is_mended(layer: Statements, row: int, one: Verdict, names: Sequence[str], grid: Grid) -> bool:
    """Whether a feature is now what a correction would make of it."""
    if one.proposal is None or one.edit not in ("retag", "move", "reshape"):
        return False
    now, wanted = layer.support[row], _proposed(layer, row, one, grid)
    shared = shapely.area(shapely.intersection(*shapely.make_valid([now, wanted])))
    lies = shared >= SAME_SHAPE * (shapely.area(now) + shapely.area(wanted) - shared)
    return bool(lies and (one.edit != "retag" or layer.mix[row, _index(one, names)] > 0.5))


def _proposed(layer: Statements, row: int, one: Verdict, grid: Grid) -> shapely.Geometry:
    """The pixels that a feature speaks of where it was proposed to lie."""
    shapes = grid.to_pixels(np.array([shapely.from_wkb(one.proposal)], dtype=object))
    return supports(shapes, layer.features.accuracy_m[[row]], grid)[0]


def _index(one: Verdict, names: Sequence[str]) -> int:
    return list(names).index(str(one.class_proposed))
