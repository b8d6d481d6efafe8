"""The queue: the most valuable open discrepancies, the random audit among them, neighbours on one page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..ledger import Ledger
from ..ledger import queue as table
from ..ledger.queue import AuditRow, Box, DecisionRow, FlagRow, FrameRow, QueueRow
from ..ledger.reviewers import Reviewers, real_after
from .again import asked_again
from .audit import UNFLAGGED_PROBABILITY, LayerFeatures, audit_size, draw, inclusion
from .belief import BULK_WEIGHT, FORGETTING, Cases, believed, cases, drawn
from .ground_scale import metres_per_unit
from .open_flags import Standing, boxes, standing
from .pages import paged
from .worth import ASSUMED_SECONDS, Worth, expected_seconds, relative_size

PAGE_M = 150.0
"""The side of a page on the ground: a view at about 1:500 on a usual screen, where a house is a few centimetres."""


@dataclass(frozen=True)
class Made:
    """How many items the queue has, on how many pages; how many of them the audit drew, and how many ask ``again`` what
    was decided before. Of the others ``real`` are expected to be real errors, and ``slips`` to be accepted though they
    are none, by reviewers who err in a share ``error``.
    """

    items: int
    pages: int
    audited: int
    again: int = 0
    real: float = 0.0
    slips: float = 0.0
    error: float = 0.0

    @property
    def hardly_worth_it(self) -> bool:
        """Whether more of what would be accepted is a slip than a real error."""
        return self.slips > self.real


@dataclass(frozen=True)
class _Item:
    layer: str
    uid: str | None
    key: str | None
    box: Box | None
    seconds: float
    chance: float | None = None


@dataclass
class _Element:
    """A feature, or a place where a layer has none: what the audit draws. ``rows`` are its standing flags."""

    layer: str
    thing: Literal["feature", "place"]
    name: str
    box: Box | None
    rows: list[int]
    known: bool
    probability: float


def make_queue(ledger: Ledger, features: Sequence[LayerFeatures], *, size: int, audit_share: float, seed: int,
               worth: Worth | None = None, page_m: float = PAGE_M) -> Made:
    """Draw the next ``size`` items to review and write them into the ledger, in place of the queue before.

    ``features`` are all features of the judged layers; without an audit they may be left out. The same ledger and
    ``seed`` give the same queue. Raises :class:`InputError` for a judged layer whose features are missing.
    """
    flags, decisions = table.flags(ledger), table.decisions(ledger)
    after = decisions[-1].id if decisions else 0
    random_audit, random_order = (np.random.default_rng([seed, after, stream]) for stream in (0, 1))
    state = standing(flags, decisions)
    scale = metres_per_unit(ledger)
    reviewers = Reviewers.of(ledger)
    history = _history(flags, decisions, reviewers, scale)
    mean = believed(history) if flags else np.zeros(0)
    expected = expected_seconds(_recorded(flags, decisions))
    count = audit_size(size, audit_share)
    audit, frames, checks = _audit(ledger, features, flags, decisions, state, mean, count, random_audit, expected)
    again = [_flag_item(flags[row], expected) for row in asked_again(flags, reviewers, size)]
    items, value = _candidates(flags, state, history, mean, worth or Worth(), expected, random_order,
                               {item.uid for item in (*checks, *again)})
    pages, order, values = _arranged(items, value, [*checks, *again], size, page_m / scale, random_order)
    rows = [QueueRow(rank=rank, page=pages[rank - 1], layer=item.layer, uid=item.uid, key=item.key,
                     drawn_as="queue" if item.chance is None else "audit", inclusion_probability=item.chance,
                     value=worth_of, seconds=item.seconds, box=item.box)
            for rank, (item, worth_of) in enumerate(zip(order, values, strict=True), start=1)]
    table.write(ledger, rows, audit, frames, after)
    new = {item.uid for item in items}
    shown = np.array([item.uid in new for item in order], np.bool_)
    chance = dict(zip((f.uid for f in flags), mean.tolist(), strict=True))
    p = np.array([chance[str(item.uid)] for item, is_new in zip(order, shown, strict=True) if is_new])
    return Made(len(rows), pages[-1] if pages else 0, len(checks), len(again), float(p.sum()),
                float((1 - p).sum() * reviewers.error), reviewers.error)


def newest_one_by_one(decisions: Sequence[DecisionRow]) -> dict[str, DecisionRow]:
    """The newest decision on each discrepancy that was not made in bulk."""
    return {d.uid: d for d in decisions if d.uid and d.drawn_as != "bulk"}


def _history(flags: Sequence[FlagRow], decisions: Sequence[DecisionRow], reviewers: Reviewers, scale: float) -> Cases:
    """All flags with what was decided of them; what reviewers may have erred in counts as far as it is probably right.
    """
    newest = {d.uid: d for d in decisions if d.uid}
    outcome, weight = np.full(len(flags), np.nan), np.zeros(len(flags))
    last = max((f.round for f in flags), default=0)
    for row, f in enumerate(flags):
        said = newest.get(f.uid)
        if said is None or said.decision == "unsure":
            continue
        real = 0.5 if f.status == "undone" else 1.0
        outcome[row] = real if said.decision == "accept" else 0.0
        weight[row] = FORGETTING ** (last - f.round) * (BULK_WEIGHT if said.drawn_as == "bulk" else 1.0)
    given = cases(np.array([f.probability for f in flags]), outcome, weight, [f.sort for f in flags],
                  [(f.source, f.layer) for f in flags], _middles(boxes(flags)) * scale)
    if not flags:
        return given
    for row, p in enumerate(believed(given).tolist()):
        one = reviewers.opinions.get(flags[row].uid)
        if one is not None and flags[row].status != "undone":
            outcome[row] = real_after(p, one.words, reviewers.error)
    return replace(given, outcome=outcome)


def _recorded(flags: Sequence[FlagRow], decisions: Sequence[DecisionRow]) -> list[tuple[str, float]]:
    kind = {f.uid: f.sort for f in flags}
    return [(kind[d.uid], d.seconds) for d in decisions
            if d.uid in kind and d.seconds is not None and d.seconds > 0 and d.drawn_as != "bulk"]


def _candidates(
    flags: Sequence[FlagRow], state: Standing, history: Cases, mean: NDArray[np.float64], worth: Worth,
    expected: dict[str, float], random: np.random.Generator, left_out: set[str | None],
) -> tuple[list[_Item], NDArray[np.float64]]:
    """The items that are due and their values: probability drawn × gain ÷ seconds."""
    if not flags:
        return [], np.zeros(0)
    chance = drawn(history, mean, random)
    rows = [row for row in np.flatnonzero(state.due).tolist() if flags[row].uid not in left_out]
    items = [_flag_item(flags[row], expected) for row in rows]
    area = np.array([np.nan if f.area_m2 is None else f.area_m2 for f in flags], np.float64)
    size = relative_size(area, [f.layer for f in flags])
    gain = worth.gain([flags[row].sort for row in rows], [flags[row].class_name for row in rows], size[rows])
    return items, chance[rows] * gain / np.array([item.seconds for item in items])


def _flag_item(f: FlagRow, expected: dict[str, float], chance: float | None = None) -> _Item:
    return _Item(f.layer, f.uid, None, f.box, expected.get(f.sort, ASSUMED_SECONDS), chance)


def _audit(
    ledger: Ledger, features: Sequence[LayerFeatures], flags: Sequence[FlagRow], decisions: Sequence[DecisionRow],
    state: Standing, mean: NDArray[np.float64], count: int, random: np.random.Generator, expected: dict[str, float],
) -> tuple[list[AuditRow], list[FrameRow], list[_Item]]:
    """Draw the audit: its rows, what it was drawn from, and the items that a reviewer has to look at for it."""
    if not count:
        return [], [], []
    elements, frames = _elements(ledger, features, flags, decisions, state, mean)
    unknown = [e for e in elements if not e.known]
    chance = inclusion(np.array([e.probability for e in unknown]), count)
    layers = {name: at for at, name in enumerate(sorted({e.layer for e in unknown}))}
    strata = np.array([layers[e.layer] + (0.9 * e.probability if e.rows else 0.95) for e in unknown])
    rows = draw(chance, strata, random)
    picked = [(e, 1.0) for e in elements if e.known] + [(unknown[row], float(chance[row])) for row in rows]
    audit = [AuditRow(e.layer, e.thing, e.name, uid, e.known, pi)
             for e, pi in picked for uid in ([flags[row].uid for row in e.rows] or [None])]
    said = newest_one_by_one(decisions)
    checks: list[_Item] = []
    for e, pi in picked:
        if e.known:
            continue
        if not e.rows:
            checks.append(_Item(e.layer, None, e.name, e.box, ASSUMED_SECONDS, pi))
        checks += [_flag_item(flags[row], expected, pi) for row in e.rows
                   if not _known(flags[row], bool(state.remembered[row]), said)]
    return audit, frames, checks


def _elements(
    ledger: Ledger, features: Sequence[LayerFeatures], flags: Sequence[FlagRow], decisions: Sequence[DecisionRow],
    state: Standing, mean: NDArray[np.float64],
) -> tuple[list[_Element], list[FrameRow]]:
    """Every feature of the judged layers, every place flagged where a layer has none, and their numbers by layer."""
    judged = {layer.name: layer for layer in table.judged_layers(ledger)}
    given = {one.layer: one for one in features}
    missing = sorted(set(judged) - set(given))
    if missing:
        raise InputError(f"The features of the layer {missing[0]!r} are not given, and the random audit draws from all "
                         "of them; give the layer.")
    said = newest_one_by_one(decisions)
    elements: dict[tuple[str, str, str], _Element] = {}
    for name, layer in judged.items():
        looked = _looked_at(decisions, name, layer.at)
        for key, box in zip(given[name].keys, given[name].boxes, strict=True):
            elements[name, "feature", key] = _Element(name, "feature", key, box, [], key in looked,
                                                      UNFLAGGED_PROBABILITY)
    for row in np.flatnonzero(state.standing).tolist():
        f = flags[row]
        thing: Literal["feature", "place"] = "place" if f.key is None else "feature"
        at = (f.layer, thing, f.uid if f.key is None else f.key)
        known = _known(f, bool(state.remembered[row]), said)
        if at not in elements or not elements[at].rows:
            elements[at] = _Element(*at, f.box, [row], known, float(mean[row]))
        else:
            e = elements[at]
            e.rows.append(row)
            e.known, e.probability = e.known and known, max(e.probability, float(mean[row]))
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    rounds: dict[str, int] = {}
    for e in elements.values():
        counts[e.layer, e.thing][e.known] += 1
        for row in e.rows:
            rounds[e.layer] = max(rounds.get(e.layer, 0), flags[row].round)
    frames = [FrameRow(round=judged[layer].round if layer in judged else rounds[layer], layer=layer, thing=thing,
                       undecided=undecided, known=known, at=judged[layer].at if layer in judged else "")
              for (layer, thing), (undecided, known) in counts.items()]
    return list(elements.values()), frames


def _looked_at(decisions: Sequence[DecisionRow], layer: str, since: str) -> set[str | None]:
    """The keys of features that were found right or wrong since a layer was judged, though nothing is flagged there."""
    newest = {d.key: d.decision for d in decisions if d.uid is None and d.layer == layer and d.at >= since}
    return {key for key, decision in newest.items() if decision != "unsure"}


def _known(f: FlagRow, remembered: bool, said: dict[str, DecisionRow]) -> bool:
    """Whether a reviewer has looked at a discrepancy, or rejected the like of it."""
    return remembered or (f.uid in said and said[f.uid].decision != "unsure")


def _arranged(
    items: list[_Item], value: NDArray[np.float64], checks: list[_Item], size: int, page: float,
    random: np.random.Generator,
) -> tuple[list[int], list[_Item], list[float]]:
    """Page numbers, items and values in order: the best items, the audit's put among them at random."""
    wanted = max(size - len(checks), 0)
    first = paged(value, _places(items), wanted, page)
    chosen = [row for rows in first for row in rows]
    openers = np.array([value[rows].max() for rows in first for _ in rows])
    as_others = random.choice(openers, len(checks)) if chosen else random.random(len(checks))
    everything = [items[row] for row in chosen] + checks
    values = np.concatenate([value[chosen], as_others])
    mixed = random.permutation(len(everything))  # of equal values none comes first for being an audit's
    everything, values = [everything[row] for row in mixed], values[mixed]
    pages = paged(values, _places(everything), len(everything), page)
    order = [row for rows in pages for row in rows]
    return ([number for number, rows in enumerate(pages, start=1) for _ in rows],
            [everything[row] for row in order], values[order].tolist())


def _places(items: Sequence[_Item]) -> NDArray[np.float64]:
    """The middles (n, 2) of the items' boxes, in the ledger's CRS."""
    nowhere = (np.nan,) * 4
    return _middles(np.array([item.box or nowhere for item in items], np.float64).reshape(-1, 4))


def _middles(box: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray((box[:, :2] + box[:, 2:]) / 2)
