"""How many of the flags are real errors, from the random audit alone.

Items that were looked at because they are the surest say more for the flags than is true of all of them. The audit's
were drawn with known probability, and those decided before a draw are in it with certainty: the share over both is
that of all flags (Hájek 1971), as in :mod:`.rates` for all elements of a layer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..ledger.queue import AuditRow, DecisionRow, FlagRow, FrameRow
from .make import newest_one_by_one
from .open_flags import Standing
from .rates import newest_frames, wilson


@dataclass(frozen=True)
class Precision:
    """The share of real errors among the standing flags of a ``kind`` (empty: of any), with its 90 % interval.

    ``flags`` is how many there are, ``decided`` how many of them were decided one by one, ``confirmed`` as real;
    ``audited`` are those that the audit drew and that were decided. ``share`` is None where neither the audit nor a
    decision on each of them tells.
    """

    kind: str
    flags: int
    decided: int
    confirmed: int
    audited: int
    share: float | None
    low: float
    high: float


def flag_precision(flags: Sequence[FlagRow], state: Standing, decisions: Sequence[DecisionRow],
                   draws: tuple[Sequence[AuditRow], Sequence[FrameRow]], at_least: float) -> list[Precision]:
    """Return the precision of all standing flags with a probability of ``at_least``, then that of each kind."""
    asked = {f.uid: f.kind for f, stands in zip(flags, state.standing, strict=True)
             if stands and f.probability >= at_least}
    real = _answers(flags, state, decisions)
    audit, frames = draws
    newest = {(f.draw, f.layer, f.thing) for some in newest_frames(frames).values() for f in some}
    drawn: dict[int, list[AuditRow]] = defaultdict(list)
    for row in audit:
        if row.uid in asked and (row.draw, row.layer, row.thing) in newest:
            drawn[row.draw].append(row)
    everyone = [_precision("", asked, real, drawn)] if asked else []
    return everyone + [_precision(kind, {uid: k for uid, k in asked.items() if k == kind}, real, drawn)
                       for kind in sorted(set(asked.values()))]


def _answers(flags: Sequence[FlagRow], state: Standing, decisions: Sequence[DecisionRow]) -> dict[str, bool]:
    """Whether a flag is a real error, by uid, of those that a reviewer told one by one, or of whose like."""
    said = newest_one_by_one(decisions)
    like = {f.uid: False for f, remembered in zip(flags, state.remembered, strict=True) if remembered}
    return like | {uid: d.decision == "accept" for uid, d in said.items() if d.decision != "unsure"}


def _precision(kind: str, asked: dict[str, str], real: dict[str, bool], drawn: dict[int, list[AuditRow]]) -> Precision:
    decided = [real[uid] for uid in asked if uid in real]
    if len(decided) == len(asked):
        share = sum(decided) / len(decided)
        return Precision(kind, len(asked), len(decided), sum(decided), 0, share, share, share)
    estimates = []
    for rows in drawn.values():
        own = [row for row in rows if row.uid in asked and row.uid in real]
        known = np.array([real[str(row.uid)] for row in own if row.known], np.float64)
        chosen = [row for row in own if not row.known]
        if chosen:
            estimates.append(_estimate(len(asked), known, np.array([real[str(r.uid)] for r in chosen], np.float64),
                                       np.array([1 / r.inclusion_probability for r in chosen])))
    if not estimates:
        return Precision(kind, len(asked), len(decided), sum(decided), 0, None, 0.0, 1.0)
    audited = np.array([count for *_, count in estimates], np.float64)
    weight = audited / audited.sum()
    share = float(sum(w * e[0] for w, e in zip(weight, estimates, strict=True)))
    variance = float(sum(w**2 * e[1] for w, e in zip(weight, estimates, strict=True)))
    effective = float(sum(e[2] for e in estimates))
    if 0 < share < 1 and variance > 0:
        effective = min(effective, share * (1 - share) / variance)
    return Precision(kind, len(asked), len(decided), sum(decided), int(audited.sum()), share,
                     *wilson(share, effective))


def _estimate(count: int, known: NDArray[np.float64], y: NDArray[np.float64], weight: NDArray[np.float64]
              ) -> tuple[float, float, float, int]:
    """Return a draw's share among ``count`` flags, its variance, the cases that it is worth, and how many were drawn.

    ``known`` were decided before the draw; ``y`` are the drawn ones, each standing for ``weight`` of the rest.
    """
    rest = max(count - len(known), len(y))
    part = rest / (rest + len(known))
    drawn = float((weight * y).sum() / weight.sum())
    share = part * drawn + (1 - part) * (float(known.mean()) if len(known) else 0.0)
    spread = float(((weight * (y - drawn) / weight.sum()) ** 2).sum())
    variance = spread * len(y) / max(len(y) - 1, 1) * max(1 - len(y) / rest, 0.0) * part**2
    return share, variance, float(weight.sum() ** 2 / (weight**2).sum()) / part**2, len(y)
