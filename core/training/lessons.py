"""What decisions teach the next fit: which labels are put right, which are sure, and which are left out.

Nothing here touches the user's layers: labels of a fit are a copy. A decision counts as long as its feature is as it
was when it was judged; what was edited since speaks for itself.
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

SURE_WEIGHT = 3.0
"""How much a pixel counts that a reviewer has looked at, beside others."""
BULK_SHARE = 0.25
"""What is left of that if nobody looked at it by itself."""
IGNORED, AS_IT_IS = -1, -2
"""Labels of a patch: learn nothing here; what the layers say here is right."""
SPEAKING = ("missing", "obsolete", "shifted", "reshaped", "wrong_class", "field_conflict")
"""Kinds that say what stands where. Of a duplicate or a wrong value the network sees nothing."""
_NOTHING, _CONFIRMED, _IGNORED, _CORRECTED = range(4)


@dataclass(frozen=True)
class Patches:
    """Places that speak over all layers: ``shapes`` (n,) in pixels, ``labels`` (n,) a class index, ``IGNORED`` or
    ``AS_IT_IS``, ``weight`` (n,) how much their pixels count.
    """

    shapes: NDArray[np.object_]
    labels: NDArray[np.intp]
    weight: NDArray[np.float32]


@dataclass(frozen=True)
class Lessons:
    """The labels of a fit after what reviewers said.

    ``layers`` are the layers to learn from, put right; ``trust`` says for each how much more its features (n,) count
    than others; ``patches`` lie over all. ``reviewed`` are the places that were looked at, in pixels. ``counts``: how
    many decisions corrected, confirmed or silenced a label, painted one (``patches``), say nothing of labels
    (``silent``) or are of a feature that has changed since (``past``).
    """

    layers: tuple[Statements, ...]
    trust: tuple[NDArray[np.float32], ...]
    patches: Patches
    reviewed: NDArray[np.object_]
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
        patches += [(shape, IGNORED, 1.0) for one in taught for shape in one.silenced]
        shapes = np.array([p[0] for p in patches] or [None], dtype=object)[:len(patches)]
        reviewed = np.concatenate([shapes, *(one.reviewed for one in taught)])
        return cls(tuple(one.layer for one in taught), tuple(one.trust for one in taught),
                   Patches(shapes, np.array([p[1] for p in patches], np.intp),
                           np.array([p[2] for p in patches], np.float32)), reviewed, counts)


@dataclass(frozen=True)
class _Taught:
    layer: Statements
    trust: NDArray[np.float32]
    silenced: list[shapely.Geometry]
    reviewed: NDArray[np.object_]


def _patch(one: Verdict, names: Sequence[str], grid: Grid, counts: dict[str, int]
           ) -> tuple[shapely.Geometry, int, float] | None:
    """What a place without a feature teaches: a missing feature, or a lesson for the imagery."""
    if one.proposal is None or not (one.kind == "missing" or one.edit == "label_patch"):
        counts["silent"] += 1
        return None
    shape = supports(grid.to_pixels(np.array([shapely.from_wkb(one.proposal)], dtype=object)), np.array([np.nan]),
                     grid)[0]
    if one.decision == "accept" and not one.undone and one.class_proposed in names:
        counts["patches"] += 1
        return shape, _index(one, names), _weight(one)
    if one.decision == "reject" and one.kind == "missing":
        counts["confirmed"] += 1
        return shape, AS_IT_IS, _weight(one)
    counts["ignored"] += 1
    return shape, IGNORED, 1.0


def _taught(layer: Statements, verdicts: Sequence[Verdict], names: Sequence[str], grid: Grid, counts: dict[str, int]
            ) -> _Taught:
    """A layer put right by what was said of its features. Of one feature a correction counts before doubt, doubt
    before confirmation, and of two alike the newer.
    """
    count = len(layer.support)
    rank, said = np.zeros(count, np.intp), np.full(count, None, dtype=object)
    for row, one in _standing(layer, verdicts, counts):
        meaning = _meaning(one, names)
        if meaning == _NOTHING:
            counts["silent"] += 1
        elif meaning >= rank[row]:
            rank[row], said[row] = meaning, one
    for meaning, name in ((_CONFIRMED, "confirmed"), (_IGNORED, "ignored"), (_CORRECTED, "corrected")):
        counts[name] += int((rank == meaning).sum())
    mix, support = layer.mix.copy(), layer.support.copy()
    trust = np.ones(count, np.float32)
    stays = np.ones(count, bool)
    for row in np.flatnonzero((rank == _CONFIRMED) | (rank == _CORRECTED)).tolist():
        one = said[row]
        trust[row] = _weight(one)
        if rank[row] == _CONFIRMED:
            continue
        if one.edit == "retag":
            mix[row] = np.eye(len(names), dtype=np.float32)[_index(one, names)]
        elif one.edit in ("move", "reshape"):
            moved = grid.to_pixels(np.array([shapely.from_wkb(one.proposal)], dtype=object))
            support[row] = supports(moved, layer.features.accuracy_m[[row]], grid)[0]
        else:
            stays[row] = False
    reviewed = np.concatenate([layer.support[rank > 0], support[rank == _CORRECTED]])
    silenced = list(layer.support[rank == _IGNORED])
    if not (rank == _CORRECTED).any():
        return _Taught(layer, trust, silenced, reviewed)
    corrected = Statements(layer.features.select(stays), mix[stays], support[stays], layer.background)
    return _Taught(corrected, trust[stays], silenced, reviewed)


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


def _standing(layer: Statements, verdicts: Sequence[Verdict], counts: dict[str, int]) -> list[tuple[int, Verdict]]:
    """The verdicts on features that are as they were, each with its row."""
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
        if one.signature is not None and now[one.watched, str(one.key)] != one.signature:
            counts["past"] += 1
        else:
            result.append((row_of[str(one.key)], one))
    return result


def _index(one: Verdict, names: Sequence[str]) -> int:
    return list(names).index(str(one.class_proposed))


def _weight(one: Verdict) -> float:
    return 1 + (SURE_WEIGHT - 1) * (BULK_SHARE if one.in_bulk else 1.0)
