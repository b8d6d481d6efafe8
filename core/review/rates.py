"""How wrong each layer is, from the random audit alone.

Reviewed flags say how good the flags are, not how wrong the layer is: they were shown because they looked wrong. The
audit's elements were drawn with known probability, so that weighting each by its inverse gives the layer's rate
(Horvitz and Thompson 1952; as a ratio, Hájek 1971).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..ledger import Ledger
from ..ledger import queue as table
from ..ledger.queue import AuditRow, DecisionRow, FrameRow
from .make import newest_one_by_one

Z_90 = 1.6448536
UNFLAGGED = "unflagged"


@dataclass(frozen=True)
class ErrorRate:
    """The share of a layer's elements with a real error, with its 90 % interval.

    ``thing``: features of the layer, or places where it has none and something was flagged. ``kind``: empty for any
    error, a discrepancy's kind, or ``unflagged`` for errors that no flag tells of. ``elements`` is how many there are,
    ``errors`` how many of them are wrong by the estimate; ``audited`` the drawn ones that were decided, ``known`` those
    decided before the draws.
    """

    layer: str
    thing: str
    kind: str
    rate: float
    low: float
    high: float
    errors: float
    elements: int
    audited: int
    known: int


@dataclass(frozen=True)
class _Estimate:
    """One draw's: the rate over all elements, its variance, and the decided elements behind it."""

    rate: float
    variance: float
    effective: float
    audited: int
    frame: FrameRow


def error_rates(ledger: Ledger) -> list[ErrorRate]:
    """Return the rates of each layer's newest audited round: features and places, by kind.

    Unsure and undecided elements are left out, as if chance had left them out. A draw of which nothing was decided, or
    that another one replaced before any decision, says nothing.
    """
    audit, frames = table.draws(ledger)
    decisions = table.decisions(ledger)
    kinds = {f.uid: f.kind for f in table.flags(ledger)}
    said = newest_one_by_one(decisions)
    rejected = _remembered_as_rejected(ledger, decisions)
    rows: dict[tuple[int, str, str], list[AuditRow]] = defaultdict(list)
    for row in audit:
        rows[row.draw, row.layer, row.thing].append(row)
    found: list[ErrorRate] = []
    for (layer, thing), some in newest_frames(frames).items():
        answers = [(frame, _answered(rows[frame.draw, layer, thing], frame, said, decisions, kinds, rejected))
                   for frame in some]
        names = sorted({kind for _, known in answers for one in known for kind in one.kinds})
        for kind in ["", *names]:
            estimates = [e for frame, elements in answers if (e := _estimate(elements, frame, kind)) is not None]
            if estimates:
                found.append(_combined(layer, thing, kind, estimates))
    return found


@dataclass(frozen=True)
class _Answer:
    """A drawn element that was decided: the kinds of its real errors, none if it is right."""

    known: bool
    chance: float
    kinds: frozenset[str]


def newest_frames(frames: Sequence[FrameRow]) -> dict[tuple[str, str], list[FrameRow]]:
    """The frames of each layer's newest round; of draws at one state of the decisions the last."""
    newest: dict[tuple[str, str], dict[tuple[int, int], FrameRow]] = defaultdict(dict)
    for frame in frames:
        newest[frame.layer, frame.thing][frame.round, frame.after_decision] = frame
    result = {}
    for which, by_state in newest.items():
        last = max(round_ for round_, _ in by_state)
        result[which] = [frame for (round_, _), frame in by_state.items() if round_ == last]
    return result


def _answered(
    rows: Sequence[AuditRow], frame: FrameRow, said: Mapping[str, DecisionRow], decisions: Sequence[DecisionRow],
    kinds: Mapping[str, str], rejected: set[str],
) -> list[_Answer]:
    looked = {d.key: d.decision for d in decisions
              if d.uid is None and d.layer == frame.layer and d.drawn_as != "bulk" and d.at >= frame.at}
    by_element: dict[str, list[AuditRow]] = defaultdict(list)
    for row in rows:
        by_element[row.element].append(row)
    answers: list[_Answer] = []
    for element, its in by_element.items():
        real: set[str] = set()
        for row in its:
            word = looked.get(element, "") if row.uid is None else _word(row.uid, said, rejected)
            if word not in ("accept", "reject"):
                break
            if word == "accept":
                real.add(UNFLAGGED if row.uid is None else kinds.get(row.uid, UNFLAGGED))
        else:
            answers.append(_Answer(its[0].known, its[0].inclusion_probability, frozenset(real)))
    return answers


def _word(uid: str, said: Mapping[str, DecisionRow], rejected: set[str]) -> str:
    if uid in said:
        return said[uid].decision
    return "reject" if uid in rejected else ""


def _remembered_as_rejected(ledger: Ledger, decisions: Sequence[DecisionRow]) -> set[str]:
    from .open_flags import standing

    flags = table.flags(ledger)
    remembered = standing(flags, decisions).remembered
    return {f.uid for f, like in zip(flags, remembered, strict=True) if like}


def _estimate(answers: Sequence[_Answer], frame: FrameRow, kind: str) -> _Estimate | None:
    def wrong(some: Sequence[_Answer]) -> NDArray[np.float64]:
        return np.array([bool(a.kinds) if not kind else kind in a.kinds for a in some], np.float64)

    known, drawn = [a for a in answers if a.known], [a for a in answers if not a.known]
    if not drawn and frame.undecided:
        return None
    everyone = frame.undecided + frame.known
    sure = float(wrong(known).sum()) / max(len(known), 1) * frame.known
    if not frame.undecided:
        return _Estimate(sure / everyone, 0.0, float(everyone), 0, frame)
    y, weight = wrong(drawn), np.array([1.0 / a.chance for a in drawn])
    share = float((weight * y).sum() / weight.sum())
    part = frame.undecided / everyone
    kish = float(weight.sum() ** 2 / (weight**2).sum())
    spread = (weight * (y - share) / weight.sum()) ** 2
    variance = float(spread.sum()) * len(y) / max(len(y) - 1, 1) * max(1 - len(y) / frame.undecided, 0.0)
    rate = (sure + frame.undecided * share) / everyone
    return _Estimate(rate, variance * part**2, kish / part**2, len(drawn), frame)


def _combined(layer: str, thing: str, kind: str, estimates: Sequence[_Estimate]) -> ErrorRate:
    """Several draws from one round, weighted by how many of each were decided."""
    weight = np.array([max(e.audited, 1) for e in estimates], np.float64)
    weight /= weight.sum()
    rate = float(sum(w * e.rate for w, e in zip(weight, estimates, strict=True)))
    variance = float(sum(w**2 * e.variance for w, e in zip(weight, estimates, strict=True)))
    effective = sum(e.effective for e in estimates)
    if 0 < rate < 1 and variance > 0:
        effective = min(effective, rate * (1 - rate) / variance)
    low, high = wilson(rate, effective)
    last = estimates[-1].frame
    elements = last.undecided + last.known
    if not last.undecided:
        low = high = rate
    return ErrorRate(layer, thing, kind, rate, low, high, rate * elements, elements,
                     sum(e.audited for e in estimates), last.known)


def wilson(rate: float, count: float) -> tuple[float, float]:
    """Return the 90 % interval of a rate seen in ``count`` (effective) cases (Wilson 1927)."""
    middle = (rate + Z_90**2 / (2 * count)) / (1 + Z_90**2 / count)
    half = Z_90 / (1 + Z_90**2 / count) * np.sqrt(rate * (1 - rate) / count + Z_90**2 / (4 * count**2))
    return max(float(middle - half), 0.0), min(float(middle + half), 1.0)
