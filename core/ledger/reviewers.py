"""How far reviewers can be trusted themselves, and which of their decisions are more likely wrong than right.

A flag that is real with probability p and was accepted by a reviewer who errs in a share e is real with p(1 − e) ∶
(1 − p)e. Among flags that are mostly false most of what is accepted is the reviewer's slip. How often that happens is
told by discrepancies that were decided twice, by two people or by one who was asked again. Standard library only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .ledger import Ledger

CAREFUL, SLIPS_IN = 0.95, 100.0
"""Before anything was decided twice: so probably a reviewer is one who slips once in so many decisions; else one who
errs in any share up to :data:`MOST`, each as probable.
"""
MOST, STEPS = 0.4, 160
SURE = 0.02
"""No flag is taken for surer than this, either way: its probability is an estimate, too."""


@dataclass(frozen=True)
class Opinion:
    """What was said of a discrepancy one by one: ``words`` (``accept``, ``reject``), the newest last. ``real`` is the
    probability that the error is real after all of them.
    """

    uid: str
    words: tuple[str, ...]
    real: float

    @property
    def right(self) -> float:
        """How probably the newest word is right."""
        return self.real if self.words[-1] == "accept" else 1 - self.real

    @property
    def doubtful(self) -> bool:
        """Whether it is more likely wrong than right."""
        return self.right < 0.5


@dataclass(frozen=True)
class Reviewers:
    """How often the reviewers of a ledger err, and what they said of discrepancies whose newest decision was made one
    by one, by uid.
    """

    error: float
    opinions: Mapping[str, Opinion]

    @classmethod
    def of(cls, ledger: Ledger) -> Reviewers:
        """Read what a ledger's reviewers decided."""
        said: dict[str, list[str]] = {}
        chance: dict[str, float] = {}
        bulk: dict[str, bool] = {}
        for row in ledger.read(
                "SELECT coalesce(e.uid, e.layer || char(31) || e.key) AS what, e.decision, e.drawn_as, d.probability"
                " FROM decisions e LEFT JOIN discrepancies d ON d.uid = e.uid ORDER BY e.id"):
            bulk[row["what"]] = row["drawn_as"] == "bulk"
            if bulk[row["what"]]:
                continue
            said.setdefault(row["what"], []).append(row["decision"])
            if row["probability"] is not None:
                chance[row["what"]] = min(max(float(row["probability"]), SURE), 1 - SURE)
        heard = {what: [w for w in words if w in ("accept", "reject")] for what, words in said.items()}
        error = _error([(chance.get(what, 0.5), words) for what, words in heard.items() if len(words) > 1])
        return cls(error, {what: Opinion(what, tuple(heard[what]), real_after(chance[what], heard[what], error))
                           for what, words in said.items()
                           if what in chance and not bulk[what] and words[-1] in ("accept", "reject")})

    def doubtful(self) -> frozenset[str]:
        """The discrepancies whose newest decision is more likely wrong than right; they wait for a second look."""
        return frozenset(uid for uid, one in self.opinions.items() if one.doubtful)


def real_after(p: float, words: Sequence[str], error: float) -> float:
    """How probably a flag is real that was so before anybody looked with probability ``p``."""
    is_real, is_none = _likelihoods(words, error)
    return p * is_real / (p * is_real + (1 - p) * is_none)


def _likelihoods(words: Sequence[str], error: float) -> tuple[float, float]:
    """How probable the words are where the error is real, and where it is none."""
    accepted, rejected = words.count("accept"), words.count("reject")
    return ((1 - error) ** accepted * error**rejected, error**accepted * (1 - error) ** rejected)


def _error(twice: Sequence[tuple[float, Sequence[str]]]) -> float:
    """The mean share of errors, from what was decided more than once: each flag's probability, the words in order.

    Later words are judged given the first, so that it does not matter which were chosen to be asked again.
    """
    weights, shares = [], [MOST * (k + 0.5) / STEPS for k in range(STEPS)]
    for e in shares:
        weight = math.log(CAREFUL * SLIPS_IN * (1 - e) ** (SLIPS_IN - 1) + (1 - CAREFUL) / MOST)
        for p, words in twice:
            (real, none), (real_1, none_1) = _likelihoods(words, e), _likelihoods(words[:1], e)
            weight += math.log((p * real + (1 - p) * none) / (p * real_1 + (1 - p) * none_1))
        weights.append(weight)
    top = max(weights)
    shares_of = [math.exp(weight - top) for weight in weights]
    return sum(w * e for w, e in zip(shares_of, shares, strict=True)) / sum(shares_of)
