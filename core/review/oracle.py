"""A simulated reviewer: says of every item what a true layer says of it, and errs as often as is asked.

For tests and benchmarks. Right answers are those of a person who sees the ground: an error is accepted if the edit
mends it, doubted (``unsure``) if there is one and the edit would not mend it, and rejected where there is none. Needs
the engine.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from ..fusion.ground import dominant
from ..ledger import Ledger, attribute_text
from ..ledger import queue as table
from ..ledger.queue import PageItem
from ..sources.legend import Legend
from ..sources.vectors import Features
from .truth import ERRORS, TWIN_IOU, Compared, as_areas, compare, iou

REVIEWER = "simulated"
SAME_PLACE = 0.3
"""A missing feature is found if the place proposed and the true one share so much, as intersection over union."""
BETTER = 0.05
"""An outline is mended if it shares so much more with the true one than before."""
TOGETHER_M = 1.0
"""A neighbourhood lies off as a whole if the median of its features does by so much."""
_SWAPPED = {"accept": "reject", "reject": "accept"}


@dataclass(frozen=True)
class TrueLayer:
    """One judged layer beside what is true of it. ``found`` are the missing features that were accepted already."""

    layer: Features
    true: Features
    label: NDArray[np.intp]
    true_label: NDArray[np.intp]
    names: tuple[str, ...]
    compared: Compared
    metres_per_unit: float
    found: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, layer: Features, true: Features, legend: Legend, metres_per_unit: float) -> TrueLayer:
        """Read both layers through one legend and compare them."""
        label, true_label = (np.asarray(dominant(legend.classify(some))) for some in (layer, true))
        compared = compare(layer.geometries, label, true.geometries, true_label, metres_per_unit)
        return cls(layer, true, label, true_label, legend.names, compared, metres_per_unit)


class Oracle:
    """``layers`` by name; ``error`` is the share of answers that are wrong. The same ``seed`` errs at the same items,
    in whatever order they are asked; who is asked again errs or not by a new chance.
    """

    def __init__(self, layers: Mapping[str, TrueLayer], error: float, seed: int) -> None:
        self._layers, self.error, self._seed = layers, error, seed
        self._rows = {name: {str(key): row for row, key in enumerate(one.layer.keys)} for name, one in layers.items()}

    def says(self, item: PageItem, before: int = 0) -> str:
        """``accept``, ``reject`` or ``unsure``; unsure, too, of layers that it does not know. ``before``: so often was
        it asked of this item already.
        """
        word = self._knows(item)
        if word == "accept" and item.kind == "missing":
            word = self._once(item)
        asked = f"{self._seed} {item.uid or (item.layer, item.key)}" + (f" {before}" if before else "")
        wrong = _chance(asked) < self.error
        return _SWAPPED.get(word, word) if wrong else word

    def _knows(self, item: PageItem) -> str:
        if item.edit == "label_patch":
            return next((word for one in self._layers.values() if (word := _patch(one, item)) != "unsure"), "unsure")
        one = self._layers.get(item.layer)
        if one is None:
            return "unsure"
        if item.kind == "missing":
            return "accept" if _lacking(one, item) is not None else "reject"
        if item.kind == "common_shift":
            return _common(one, item)
        row = self._rows[item.layer].get(str(item.key))
        return "unsure" if row is None else _feature(one, row, item)

    def _once(self, item: PageItem) -> str:
        """Of two places that are the same missing feature only the first is one."""
        one = self._layers[item.layer]
        number = _lacking(one, item)
        if number is None or number in one.found:
            return "reject"
        one.found.add(number)
        return "accept"


def _feature(one: TrueLayer, row: int, item: PageItem) -> str:
    error, twin = ERRORS[one.compared.error[row]], int(one.compared.twin[row])
    if item.uid is None:
        return "reject" if error == "right" else "accept"
    if item.kind == "obsolete":
        return "accept" if error in ("obsolete", "duplicate") else "reject"
    if item.kind == "duplicate":
        return "accept" if error == "duplicate" or _has_twin(one, row) else "reject"
    if item.kind in ("shifted", "reshaped"):
        return _outline(one, row, item, error, twin)
    if item.kind in ("wrong_class", "field_conflict"):
        if error != "wrong_class":
            return "reject" if twin >= 0 else "unsure"
        right = item.edit != "retag" or item.class_proposed == one.names[one.true_label[twin]]
        return "accept" if right else "unsure"
    if item.kind == "wrong_value":
        return _value(one, item, twin)
    return "accept" if item.kind == "invalid" else "unsure"


def _outline(one: TrueLayer, row: int, item: PageItem, error: str, twin: int) -> str:
    if error not in ("shifted", "reshaped"):
        return "unsure" if error in ("obsolete", "duplicate") else "reject"
    if item.edit not in ("move", "reshape") or item.proposal is None:
        return "accept" if error == item.kind else "unsure"
    true, now = one.compared.true[[twin]], one.compared.now[[row]]
    proposed = _areas(one, item.proposal)
    return "accept" if float(iou(proposed, true)[0] - iou(now, true)[0]) >= BETTER else "unsure"


def _value(one: TrueLayer, item: PageItem, twin: int) -> str:
    changed = {name: value for name, value in item.after_values.items() if name in one.true.attributes}
    if twin < 0 or not changed:
        return "unsure"
    true = {name: attribute_text(one.true.attributes[name].iloc[twin]) for name in changed}
    if all(attribute_text(item.before_values.get(name)) == true[name] for name in changed):
        return "reject"
    return "accept" if all(attribute_text(changed[name]) == true[name] for name in changed) else "unsure"


def _lacking(one: TrueLayer, item: PageItem) -> int | None:
    """The row of the true feature that a place stands for, if the layer lacks it and its class is right."""
    if item.proposal is None or not len(one.compared.missing):
        return None
    rows = one.compared.missing
    shared = iou(np.repeat(_areas(one, item.proposal), len(rows)), one.compared.true[rows])
    best = int(shared.argmax())
    row = int(rows[best])
    right = item.class_proposed == one.names[one.true_label[row]]
    return row if shared[best] >= SAME_PLACE and right else None


def _has_twin(one: TrueLayer, row: int) -> bool:
    twice = np.flatnonzero(one.compared.error == ERRORS.index("duplicate"))
    return bool((iou(np.repeat(one.compared.now[[row]], len(twice)), one.compared.now[twice]) >= TWIN_IOU).any())


def _patch(one: TrueLayer, item: PageItem) -> str:
    """Whether the true layer shows the proposed class on most of the place; unsure where it shows nothing."""
    if item.proposal is None:
        return "unsure"
    place = _areas(one, item.proposal)
    shared = shapely.area(shapely.intersection(one.compared.true, place[0]))
    if shared.sum() < 0.5 * place[0].area:
        return "unsure"
    own = shared[[one.names[label] == item.class_proposed for label in one.true_label]].sum()
    return "accept" if own >= 0.5 * shared.sum() else "reject"


def _common(one: TrueLayer, item: PageItem) -> str:
    """Whether the features of a neighbourhood, taken together, lie off."""
    pairs = np.flatnonzero(one.compared.twin >= 0)
    now, true = one.compared.now[pairs], one.compared.true[one.compared.twin[pairs]]
    there = (np.zeros(0, bool) if item.proposal is None or not len(pairs)
             else shapely.intersects(now, shapely.from_wkb(item.proposal)))
    if not there.any():
        return "unsure"
    middles = [shapely.get_coordinates(shapely.centroid(some[there])) for some in (true, now)]
    off = float(np.hypot(*np.median(middles[0] - middles[1], axis=0))) * one.metres_per_unit
    return "accept" if off >= TOGETHER_M else "reject"


def _areas(one: TrueLayer, wkb: bytes) -> NDArray[np.object_]:
    return as_areas(np.array([shapely.from_wkb(wkb)], dtype=object), one.metres_per_unit)


def _chance(text: str) -> float:
    """A number in 0..1 that is the same for the same text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7], "big") / 2**56


@dataclass(frozen=True)
class Simulated:
    """What a simulated reviewer did: how many decisions of each kind, its share of wrong ones, seconds in all."""

    decisions: int
    accepted: int
    rejected: int
    unsure: int
    error: float
    seconds: float
    reviewer: str = REVIEWER


def review(ledger: Ledger, oracle: Oracle, seconds: float) -> Simulated:
    """Let the oracle decide every item of the ledger's queue, in order, at ``seconds`` a decision."""
    counts = dict.fromkeys(("accept", "reject", "unsure"), 0)
    asked = Counter(d.uid for d in table.decisions(ledger) if d.uid is not None)
    for number in range(1, table.pages(ledger) + 1):
        for item in table.page(ledger, number):
            word = oracle.says(item, asked[item.uid or ""])
            table.decide(ledger, [item.rank], word, reviewer=REVIEWER, seconds=seconds)
            counts[word] += 1
    total = sum(counts.values())
    return Simulated(total, counts["accept"], counts["reject"], counts["unsure"], oracle.error, total * seconds)
