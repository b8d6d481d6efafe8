"""Which discrepancies still stand, and which of them a reviewer should see."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..ledger import Ledger, schema
from ..ledger import queue as table
from ..ledger.queue import Box, DecisionRow, FlagRow

SAME_PLACE = 0.5
"""Two boxes are one place from this intersection over union on: the rule by which a round remembers rejected places."""
UNSURE_AGAIN_AFTER = 200
"""An unsure one is shown once more after this many further decisions: the reviewer has seen more of the ground."""


@dataclass(frozen=True)
class Standing:
    """Rows of the flags, as masks (n,).

    ``standing``: the top kind of its cause, in the newest round that judged its place. ``remembered``: the like of it
    was rejected before. ``due``: to be reviewed now.
    """

    standing: NDArray[np.bool_]
    remembered: NDArray[np.bool_]
    due: NDArray[np.bool_]


def standing(flags: Sequence[FlagRow], decisions: Sequence[DecisionRow]) -> Standing:
    """Say of every flag whether it stands and is due."""
    stands = tops(flags) & ~_superseded(flags)
    remembered = _remembered(flags)
    settled = {(f.cause, f.round) for f in flags if f.status in ("accepted", "pushed")}
    again = _unsure_again(decisions)
    due = np.array([(f.status == "open" or (f.status == "unsure" and f.uid in again))
                    and (f.cause, f.round) not in settled for f in flags], np.bool_)
    return Standing(stands, remembered, stands & due & ~remembered)


def overtaken(ledger: Ledger) -> frozenset[str]:
    """Return the discrepancies that nobody should act on unasked, by uid: a newer round has judged their place anew,
    or the like of them was rejected.
    """
    flags = table.flags(ledger)
    return frozenset(flags[row].uid for row in np.flatnonzero(_superseded(flags) | _remembered(flags)).tolist())


def boxes(flags: Sequence[FlagRow]) -> NDArray[np.float64]:
    """Return the boxes (n, 4) xmin, ymin, xmax, ymax; NaN where a flag has no place."""
    nowhere = (np.nan,) * 4
    return np.array([f.box or nowhere for f in flags], np.float64).reshape(-1, 4)


def tops(flags: Sequence[FlagRow]) -> NDArray[np.bool_]:
    """Return which flags (n,) are the surest kind of their cause within its round, as the view ``review`` has it."""
    best: dict[tuple[str, int], tuple[float, int]] = {}
    for f in flags:
        rank = (-f.probability, f.fid)
        if rank < best.get((f.cause, f.round), (1.0, 0)):
            best[f.cause, f.round] = rank
    return np.array([best[f.cause, f.round][1] == f.fid for f in flags], np.bool_)


def _superseded(flags: Sequence[FlagRow]) -> NDArray[np.bool_]:
    """Flags of a layer that a newer round has judged again: it flags the same feature, or reaches over the place.

    A round that saw a part of the features says nothing of others: it reaches over places without a feature, and over
    features of a round that saw the same part.
    """
    old = np.zeros(len(flags), np.bool_)
    place = boxes(flags)
    by_layer: dict[tuple[str, str], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row, f in enumerate(flags):
        by_layer[f.source, f.layer][f.round].append(row)
    for rounds in by_layer.values():
        reached: list[tuple[str, NDArray[np.float64]]] = []
        keys: set[str | None] = set()
        for number in sorted(rounds, reverse=True):
            rows = np.array(rounds[number])
            middle = (place[rows, :2] + place[rows, 2:]) / 2
            nothing_there = np.array([flags[row].key is None for row in rows], np.bool_)
            for part, box in reached:
                seen = nothing_there | (part in ("", flags[rows[0]].judged))
                old[rows] |= seen & ((middle >= box[:2]) & (middle <= box[2:])).all(axis=1)
            old[rows] |= [flags[row].key is not None and flags[row].key in keys for row in rows]
            keys |= {flags[row].key for row in rows}
            if not np.isnan(place[rows]).all():
                reached.append((flags[rows[0]].judged, np.concatenate(
                    [np.nanmin(place[rows, :2], 0), np.nanmax(place[rows, 2:], 0)])))
    return old


def _remembered(flags: Sequence[FlagRow]) -> NDArray[np.bool_]:
    """Flags whose like was rejected in the same layer: features by kind and signature, places without a feature by kind
    and box. Lessons for the imagery are of no layer.
    """
    of = [("" if f.edit == schema.LABEL_PATCH else f.layer, f.kind) for f in flags]
    signed: set[tuple[tuple[str, str], str]] = set()
    places: dict[tuple[str, str], list[Box]] = defaultdict(list)
    for what, f in zip(of, flags, strict=True):
        if f.status == "rejected" and f.signature is not None:
            signed.add((what, f.signature))
        elif f.status == "rejected" and f.box is not None:
            places[what].append(f.box)
    found = np.array([f.signature is not None and (what, f.signature) in signed
                      for what, f in zip(of, flags, strict=True)], np.bool_)
    place = boxes(flags)
    for what, some in places.items():
        rows = np.array([row for row, f in enumerate(flags) if f.signature is None and of[row] == what])
        for box in some:
            found[rows] |= overlap(place[rows], np.array(box)) >= SAME_PLACE
    return found


def overlap(some: NDArray[np.float64], box: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the intersection over union (n,) of boxes (n, 4) with one box; 1 for the same, even without area."""
    shared = np.maximum(np.minimum(some[:, 2:], box[2:]) - np.maximum(some[:, :2], box[:2]), 0).prod(axis=1)
    areas = (some[:, 2:] - some[:, :2]).prod(axis=1) + (box[2:] - box[:2]).prod() - shared
    ratio = np.divide(shared, areas, out=np.zeros(len(some)), where=areas > 0)
    return np.where((some == box).all(axis=1), 1.0, ratio)


def _unsure_again(decisions: Sequence[DecisionRow]) -> set[str]:
    """The discrepancies that were unsure once, long enough ago."""
    times = Counter(d.uid for d in decisions if d.uid and d.decision == "unsure")
    return {d.uid for at, d in enumerate(decisions)
            if d.uid and times[d.uid] == 1 and d.decision == "unsure" and len(decisions) - 1 - at >= UNSURE_AGAIN_AFTER}
