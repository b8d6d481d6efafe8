"""The accuracy of a map and the areas of its classes, from a reference sample.

This is *map accuracy*: what a probability sample of the ground says of the finished map. A score on places that were
held back while a model learnt is another thing, however it is blocked, and never goes by this name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .estimators import LEVEL, Estimate, Sample
from .pixel_frame import NOTHING

KIND = "map accuracy"
FEW = 20
"""Fewer units of a class than this say little of it."""


@dataclass(frozen=True)
class ClassAccuracy:
    """One class: user's and producer's accuracy, F1, its true share of the area and its true area, each None where no
    unit tells; ``mapped_area_m2`` is what the map gives it (None: not known), the units are counts of the sample.
    """

    users: Estimate | None
    producers: Estimate | None
    f1: Estimate | None
    share: Estimate | None
    area_m2: Estimate | None
    mapped_area_m2: float | None
    mapped_units: int
    reference_units: int


@dataclass(frozen=True)
class MapAccuracy:
    """What :func:`assess` found. ``units`` (map class, reference class) counts the sample, ``shares`` is what each cell
    is of ``total_area_m2``, the ground of which the map says something (None: not known). ``notes`` say which
    approximations were made.
    """

    names: tuple[str, ...]
    design: str
    estimator: str
    overall: Estimate | None
    classes: tuple[ClassAccuracy, ...]
    units: NDArray[np.intp]
    shares: NDArray[np.float64]
    total_area_m2: float | None
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """As OUTPUT and the ledger keep it."""
        def table(cells: NDArray) -> dict[str, dict[str, float]]:
            return {a: dict(zip(self.names, row, strict=True)) for a, row in zip(self.names, cells.tolist(),
                                                                                 strict=True)}

        return {
            "kind": KIND, "level": LEVEL, "design": self.design, "estimator": self.estimator,
            "units": int(self.units.sum()), "total_area_m2": self.total_area_m2,
            "overall": None if self.overall is None else asdict(self.overall),
            "classes": {name: asdict(one) for name, one in zip(self.names, self.classes, strict=True)},
            "matrix": {"units": table(self.units), "shares": table(np.round(self.shares, 6))},
            "notes": list(self.notes)}


def assess(names: Sequence[str], mapped: NDArray[np.intp], reference: NDArray[np.intp], sample: Sample, *,
           design: str, estimator: str, total_area_m2: float | None = None, drawn_area_m2: float | None = None,
           mapped_area_m2: Mapping[int, float | None] | None = None, notes: Sequence[str] = ()) -> MapAccuracy:
    """Assess a map from the classes of ``n`` sampled units: ``mapped`` and ``reference`` (n,), places in ``names``.

    Where the map says nothing, ``mapped`` is ``NOTHING``: all figures are of the ground of which it says something, and
    the other units tell how much that is. Shares become areas by ``total_area_m2``, all of it, or by ``drawn_area_m2``,
    that of all ground that was drawn from. ``mapped_area_m2`` is what the map gives to each class (None: not known).
    """
    classes = len(names)
    said = mapped != NOTHING
    ones, within = np.ones(len(mapped)), said.astype(np.float64)
    right = (mapped == reference).astype(np.float64) * within
    units = np.zeros((classes, classes), np.intp)
    np.add.at(units, (mapped[said], reference[said]), 1)

    def area(is_k: NDArray[np.float64], share: Estimate | None) -> Estimate | None:
        part, whole = (share, total_area_m2) if drawn_area_m2 is None else (sample.ratio(is_k, ones), drawn_area_m2)
        return None if part is None or whole is None else part.times(whole)

    def share_of(y: NDArray[np.bool_]) -> float:
        one = sample.ratio(y.astype(np.float64), within)
        return 0.0 if one is None else one.estimate

    shares = np.array([[share_of((mapped == i) & (reference == j)) if units[i, j] else 0.0
                        for j in range(classes)] for i in range(classes)])
    found = []
    for k in range(classes):
        as_k, is_k = (mapped == k).astype(np.float64), (reference == k).astype(np.float64) * within
        share = sample.ratio(is_k, within)
        found.append(ClassAccuracy(
            sample.ratio(as_k * is_k, as_k), sample.ratio(as_k * is_k, is_k),
            sample.ratio(as_k * is_k, (as_k + is_k) / 2), share,
            area(is_k, share), None if mapped_area_m2 is None else mapped_area_m2.get(k, 0.0),
            int(as_k.sum()), int(is_k.sum())))
    thin = [name for name, one in zip(names, found, strict=True)
            if 0 < max(one.mapped_units, one.reference_units) < FEW]
    everything = None if drawn_area_m2 is None else area(within, None)
    total = total_area_m2 if everything is None else everything.estimate
    hints = [*notes, *([f"Few units (under {FEW}) speak of {', '.join(thin)}: read their intervals, not their "
                        "estimates."] if thin else [])]
    return MapAccuracy(tuple(names), design, estimator, sample.ratio(right, within), tuple(found), units, shares,
                       total, tuple(hints))


def as_text(found: MapAccuracy) -> list[str]:
    """The figures as lines of a log."""
    def cell(one: Estimate | None, scale: float = 1.0, digits: int = 3) -> str:
        return "–" if one is None else f"{one.estimate / scale:,.{digits}f} ±{one.half_width / scale:,.{digits}f}"

    head = ["class", "user's", "producer's", "F1", "share", "area, ha", "mapped, ha", "units"]
    rows = [[name, cell(c.users), cell(c.producers), cell(c.f1), cell(c.share), cell(c.area_m2, 1e4, 1),
             "–" if c.mapped_area_m2 is None else f"{c.mapped_area_m2 / 1e4:,.1f}",
             f"{c.mapped_units} / {c.reference_units}"] for name, c in zip(found.names, found.classes, strict=True)]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = ["  ".join(v.ljust(w) if i == 0 else v.rjust(w) for i, (v, w) in enumerate(zip(row, widths, strict=True)))
             for row in [head, *rows]]
    return [f"Map accuracy, {found.estimator}; ± at 95 %.", f"Overall accuracy {cell(found.overall)} from "
            f"{int(found.units.sum())} units.", *lines, *found.notes]
