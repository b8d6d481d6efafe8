"""Belief corrected by reviews, stratum by stratum.

Places where the sources agree and differ in the same way form a stratum. What reviewers found there is compared with
what was believed of those same places, so that it does not matter that the doubtful ones were looked at first; the
whole stratum moves by as much. Coarse strata (who agrees with whom) teach fine ones (who says what), the more so the
more of these were reviewed, and the fine ones those of a region. Last come the places that were drawn at random,
weighted by the inverse of their chance: they alone can tell whether what reviewers chose to look at misled. A decision
counts as one however large the place is, and for less where reviewers slip and little is wrong (:func:`_told`). Where
belief is the same all over a stratum this is the post-stratified estimator Σ w k / n (Cochran 1977, chapter 5A).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
COARSE, FINE, REGIONAL, RANDOM = 2.0, 6.0, 12.0, 6.0
"""How many reviews the belief before each step counts for: little where much was reviewed, more further down."""
RAKING = 8
"""So often is a shift made better: what a reviewer may have erred in depends on what is believed by then."""
TINY = 1e-7
LEAST = 0.02
"""Nothing that was shown is taken to have been surer than this, either way."""
SILENT = -1


@dataclass(frozen=True)
class Reviews:
    """Decided places, one row each; a decision may have several rows.

    ``q`` (m, classes) and ``said`` (each m, classes) are what imagery and sources said there when it was decided;
    ``possible`` (m, classes): the classes that the decision leaves possible. ``decision`` (m,) numbers the decisions,
    ``weight`` (m,) is the area that a row stands for within its decision, ``chance`` (m,) the decision's chance of
    having been drawn, NaN if it was not drawn at random. ``error`` is how often a reviewer errs. ``own`` (m,) is the
    class that the judged source said, ``expected`` (m,) the probability, when the place was chosen, that it is another
    (NaN: nobody said).
    """

    q: Array
    said: tuple[Array, ...]
    possible: NDArray[np.bool_]
    decision: NDArray[np.intp]
    weight: Array
    chance: Array
    region: NDArray[np.intp]
    error: float = 0.01
    own: NDArray[np.intp] | None = None
    expected: Array | None = None

    @classmethod
    def none(cls, classes: int, sources: int) -> Reviews:
        """No reviews at all."""
        nothing = np.zeros((0, classes))
        return cls(nothing, (nothing,) * sources, nothing.astype(bool), np.zeros(0, np.intp), np.zeros(0), np.zeros(0),
                   np.zeros(0, np.intp))

    def __len__(self) -> int:
        return int(self.decision.max()) + 1 if len(self.decision) else 0

    @property
    def share(self) -> Array:
        """Each row's part of its decision (m,): every decision counts as one. A feature is right or wrong as a whole,
        and how large it is does not tell which; by area, a few large ones would speak for all (Beaumont 2008).
        """
        whole = np.bincount(self.decision, self.weight)
        return np.asarray(self.weight / np.maximum(whole[self.decision], 1e-30))

    def as_chosen(self, belief: Array) -> Array:
        """What was believed of the places when they were chosen: ``belief`` (m, classes), but the class of the judged
        source as probable as was said then. Who chooses knows more of a feature than its pixels say one by one.
        """
        if self.own is None or self.expected is None:
            return belief
        told = np.flatnonzero(np.isfinite(self.expected) & ~np.isfinite(self.chance) & (self.own >= 0))
        result, own, wrong = belief.copy(), self.own[told], np.clip(self.expected[told], LEAST, 1 - LEAST)
        result[told, own] = 0.0
        result[told] *= (wrong / np.maximum(result[told].sum(axis=1), TINY))[:, None]
        result[told, own] = 1 - wrong
        return result


@dataclass(frozen=True)
class _Step:
    """One level of strata: the group of every place, the reviewed rows, what each counts and how much is known.
    ``power`` (groups,) is how far a shift found here is taken over, in log odds.
    """

    group: NDArray[np.intp]
    rows: NDArray[np.intp]
    share: Array
    n: Array
    prior: float
    power: Array


@dataclass(frozen=True)
class Strata:
    """The strata of places, the reviewed ones last. ``coarse`` and ``fine`` number each place's; ``coarse_of`` (fine
    strata,) tells in which coarse one a fine one lies. ``roles`` (fine strata, classes) are the classes in the order in
    which the sources name them, then the rest: what is learnt of «the class that the first two say» holds for every
    class. ``n_coarse`` and ``n_fine`` are the reviews behind each.
    """

    coarse: NDArray[np.intp]
    fine: NDArray[np.intp]
    coarse_of: NDArray[np.intp]
    roles: NDArray[np.intp]
    n_coarse: Array
    n_fine: Array
    steps: tuple[_Step, ...]

    @classmethod
    def of(cls, voices: Sequence[Array], region: NDArray[np.intp], reviews: Reviews, quiet: int = SILENT) -> Strata:
        """Cut places into strata; ``voices`` (each n, classes) are what imagery and sources say, zeros where silent,
        and ``region`` (n,) where the places lie, the reviewed ones last. ``quiet`` is the class that a map means where
        it shows nothing: what is found of things tells nothing of bare ground.
        """
        label = np.stack([np.where(v.sum(axis=1) > 0.5, v.argmax(axis=1), SILENT) for v in voices], axis=1)
        _, first, fine = np.unique(label, axis=0, return_index=True, return_inverse=True)
        partition = np.array([_partition(row, quiet) for row in label[first]])
        _, coarse_of = np.unique(partition, axis=0, return_inverse=True)
        fine, coarse_of = fine.ravel().astype(np.intp), coarse_of.ravel().astype(np.intp)
        coarse = coarse_of[fine]
        _, cell = np.unique(fine * (int(region.max(initial=0)) + 1) + region, return_inverse=True)
        first_row = len(fine) - len(reviews.decision)
        every = np.arange(first_row, len(fine))
        drawn = every[np.isfinite(reviews.chance)]
        weight = reviews.share
        fair = weight / np.where(np.isfinite(reviews.chance), reviews.chance, 1.0)
        itself = np.arange(int(fine.max(initial=-1)) + 1)
        regional = cell.ravel().astype(np.intp)
        levels = ((coarse, every, weight, COARSE, coarse_of), (fine, every, weight, FINE, itself),
                  (regional, every, weight, REGIONAL, None), (coarse, drawn, fair, RANDOM, coarse_of))
        steps = tuple(_step(group, fine, parts_of, rows, rows - first_row, weights, reviews.decision, prior)
                      for group, rows, weights, prior, parts_of in levels)
        roles = np.array([_roles(row, voices[0].shape[1]) for row in label[first]], np.intp)
        return cls(coarse, fine, coarse_of, roles, steps[0].n, steps[1].n, steps)

    def corrected(self, belief: Array, possible: NDArray[np.bool_], reviews: Reviews) -> Array:
        """Return the belief (n, classes) after ``reviews``, those of the last rows. ``possible`` (n, classes) is what
        decisions leave possible at a place, all classes where nothing was decided.
        """
        chance = np.where(possible, 1 - reviews.error, reviews.error)
        rows = self.steps[0].rows
        if len(rows):
            belief = np.concatenate([belief[:rows[0]], reviews.as_chosen(belief[rows[0]:])])
            order = self.roles[self.fine]
            belief, likely = (np.take_along_axis(values, order, axis=1) for values in (belief, chance))
            for step in self.steps:
                belief = _moved(belief, step, likely[step.rows])
            belief = np.take_along_axis(belief, np.argsort(order, axis=1), axis=1)
        known = np.flatnonzero(~possible.all(axis=1))
        result = belief.copy()
        result[known] = _normal(belief[known] * chance[known])
        return result


def _partition(row: NDArray[np.intp], quiet: int) -> list[int]:
    """Who says the same as whom, whatever it is: numbers by first appearance; bare ground and silence keep theirs."""
    seen: dict[int, int] = {quiet: SILENT - 1, SILENT: SILENT}
    for label in row.tolist():
        seen.setdefault(label, len(seen))
    return [seen[label] for label in row.tolist()]


def _roles(row: NDArray[np.intp], classes: int) -> list[int]:
    """The classes in the order in which sources name them, then those that none names."""
    named = [label for label in dict.fromkeys(row.tolist()) if label != SILENT]
    return named + [c for c in range(classes) if c not in named]


def _step(group: NDArray[np.intp], fine: NDArray[np.intp], parts_of: NDArray[np.intp] | None, rows: NDArray[np.intp],
          at: NDArray[np.intp], weight: Array, decision: NDArray[np.intp], prior: float) -> _Step:
    """Weights within groups that add up to 1, and how many decisions each group's are worth (Kish 1965). ``parts_of``
    (fine strata,) tells of which group a fine stratum is part; what was found in a single one of several is taken over
    by half, as where groups differ by as much as strata within a group do.
    """
    groups = int(group.max()) + 1 if len(group) else 0
    here, v = group[rows], weight[at]
    total = np.bincount(here, v, groups)
    share = v / np.maximum(total[here], 1e-30)
    numbers = int(decision.max(initial=0)) + 1
    each, pair = np.unique(here * numbers + decision[at], return_inverse=True)
    whole = np.bincount(decision[at], v, numbers)
    part = np.bincount(pair.ravel(), v, len(each))
    of_group = each // numbers
    pieces = np.bincount(of_group, part / np.maximum(whole[each % numbers], 1e-30), groups)
    members = np.bincount(of_group, minlength=groups)
    squares = np.bincount(of_group, part**2, groups)
    even = np.where(squares > 0, total**2 / np.maximum(squares * np.maximum(members, 1), 1e-30), 0.0)
    power = np.ones(groups)
    if parts_of is not None:
        inner = np.bincount(fine[rows], v, len(parts_of))
        spread = np.bincount(parts_of, inner, groups) ** 2 / np.maximum(np.bincount(parts_of, inner**2, groups), 1e-30)
        several = np.bincount(parts_of, minlength=groups) > 1
        power = np.where(several, spread / (spread + 1), 1.0)
    return _Step(group, rows, share, np.asarray(pieces * even, np.float64), prior, power)


def _moved(belief: Array, step: _Step, chance: Array) -> Array:
    """Shift every group's belief so that, at its reviewed places, it is what was believed and what was found, each with
    its weight. The shift multiplies: doubtful places move, sure ones hardly.
    """
    was = belief[step.rows]
    groups, classes = len(step.n), belief.shape[1]
    here = step.group[step.rows]

    def mean(values: Array) -> Array:
        return np.stack([np.bincount(here, step.share * values[:, c], groups) for c in range(classes)], axis=1)

    n = step.n * _told(was, step.share, chance, here, groups)
    weight = (n / (n + step.prior))[:, None]
    before = (1 - weight) * mean(was)
    factor = np.ones((groups, classes))
    reviewed = step.n > 0
    for _ in range(RAKING):
        now = _normal(was * factor[here])
        aim, is_ = before + weight * mean(_normal(now * chance)), mean(now)
        factor[reviewed] *= (aim[reviewed] + TINY) / (is_[reviewed] + TINY)
    return _normal(belief * (factor ** step.power[:, None])[step.group])


def _told(belief: Array, share: Array, chance: Array, group: NDArray[np.intp], groups: int) -> Array:
    """How much the decisions of each group (groups,) tell beside those of somebody who never errs: the ratio of Fisher
    informations of a shift in log odds (Louis 1982). ``belief`` and ``chance`` (m, classes) are of the reviewed rows.

    Where nearly all is right, most of what is found wrong is a slip, and a decision tells little.
    """
    error = chance.min(axis=1)
    found = (belief * (chance > 0.5)).sum(axis=1)
    spread = found * (1 - found)
    said = error + (1 - 2 * error) * found
    whole = np.bincount(group, share * spread, groups)
    told = np.bincount(group, share * ((1 - 2 * error) * spread) ** 2 / np.maximum(said * (1 - said), TINY), groups)
    return np.asarray(told / np.maximum(whole, TINY))


def _normal(values: Array) -> Array:
    return np.asarray(values / np.maximum(values.sum(axis=-1, keepdims=True), 1e-300))
