"""How right the map is, and how much of the ground each class covers, from a probability sample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..blocks import Picture, Pictures, Section, Table, Text
from ..drawing import BLUE, VERMILION, new_figure, plot_picture, style
from ..facts import Facts
from ..figures import Estimate, estimate
from ..words import clean, count_of, number, percent, with_interval

METRIC = "map_accuracy"
"""Where a round of geoloop:evaluate keeps its result."""
MOST_CLASSES = 16


def accuracy(facts: Facts) -> Section:
    """The newest evaluation of each map."""
    title = "How right the map is, and how much there is of each class"
    found = evaluations(facts)
    if not found:
        return Section("accuracy", title, (Text(
            "The map was not compared with a reference sample yet: draw one with geoloop:sampledesign, look at it or "
            "visit it, and run geoloop:evaluate with this LEDGER.", "missing"),))
    blocks: list[Text | Table | Pictures] = []
    for at, one in enumerate(found, 1):
        blocks += _one(one, at if len(found) > 1 else 0)
    return Section("accuracy", title, blocks)


def evaluations(facts: Facts) -> list[Mapping[str, Any]]:
    """The newest result for each map that was evaluated; what was handed in by name comes first."""
    newest: dict[str, Mapping[str, Any]] = {}
    for one in (*(facts.wishes.evaluation,), *(r.metrics.get(METRIC) for r in reversed(facts.rounds))):
        if isinstance(one, dict) and isinstance(one.get("classes"), dict):
            newest.setdefault(str(one.get("input", "")), one)
    return list(newest.values())


def _one(one: Mapping[str, Any], at: int) -> list[Text | Table | Pictures]:
    overall, level = estimate(one.get("overall")), estimate(one.get("level"))
    sure = percent(level.value) if level else "95 %"
    classes = {str(name): its for name, its in one["classes"].items() if isinstance(its, dict)}
    blocks: list[Text | Table | Pictures] = [Text(_lead(one, overall, sure))]
    rows = [(clean(name), *(_share(estimate(its.get(key))) for key in ("users", "producers")),
             *_areas(estimate(its.get("area_m2")), estimate(its.get("mapped_area_m2"))),
             number(its.get("reference_units") or 0)) for name, its in classes.items()]
    areas = {name: (estimate(its.get("area_m2")), estimate(its.get("mapped_area_m2"))) for name, its in classes.items()}
    if any(area is not None for area, _ in areas.values()):
        with style():
            blocks.append(Pictures((_picture(areas, sure, at),)))
    blocks.append(Table(
        ("class", "of what the map calls so, right", "of what truly is so, on the map", "area", "area as mapped",
         "units of the sample"), rows, frozenset({3, 4, 5}), small=True,
        caption=f"In brackets: {sure} intervals. The area is what the sample says of the ground, corrected for the "
                "map's errors; counting the map's pixels would carry its errors into the figure."))
    notes = [clean(note) for note in one.get("notes") or ()]
    return blocks + ([Text(" ".join(notes))] if notes else [])


def _lead(one: Mapping[str, Any], overall: Estimate | None, sure: str) -> str:
    units = one.get("units")
    sample = count_of(int(units), "place") if isinstance(units, (int, float)) else "a sample"
    named = f" {clean(one['input'])}" if one.get("input") else ""
    design = f", drawn by a {clean(one['design'])} design" if one.get("design") not in (None, "", "unknown") else ""
    told = f"Of the ground, {_share(overall)} is of the class that the map{named} says" if overall else (
        f"The share of the ground on which the map{named} is right cannot be told")
    return f"{told}, with a {sure} interval, by {sample} of known class{design}."


def _share(one: Estimate | None) -> str:
    if one is None:
        return "cannot be told"
    return percent(one.value) if one.low is None or one.high is None else with_interval(one.value, one.low, one.high)


def _areas(area: Estimate | None, mapped: Estimate | None) -> tuple[str, str]:
    unit, size = _unit(max((e.value for e in (area, mapped) if e is not None), default=0.0))
    if area is None:
        said = "cannot be told"
    elif area.low is None or area.high is None:
        said = f"{_sized(area.value / size)} {unit}"
    else:
        said = f"{_sized(area.value / size)} ({_sized(area.low / size)}–{_sized(area.high / size)}) {unit}"
    return said, "–" if mapped is None else f"{_sized(mapped.value / size)} {unit}"


def _unit(area_m2: float) -> tuple[str, float]:
    if area_m2 >= 1e8:
        return "km²", 1e6
    return ("ha", 1e4) if area_m2 >= 1e4 else ("m²", 1.0)


def _sized(value: float) -> str:
    return number(value, 0 if abs(value) >= 100 else 1)


def _picture(areas: dict[str, tuple[Estimate | None, Estimate | None]], sure: str, at: int) -> Picture:
    shown = sorted((name for name, (area, _) in areas.items() if area is not None),
                   key=lambda name: -(areas[name][0] or Estimate(0.0)).value)[:MOST_CLASSES]
    unit, size = _unit(max((areas[name][0] or Estimate(0.0)).value for name in shown))
    figure, axes = new_figure(5.2, 1.0 + 0.32 * len(shown))
    for y, name in enumerate(shown):
        area, mapped = areas[name]
        assert area is not None
        if area.low is not None and area.high is not None:
            axes.hlines(y, area.low / size, area.high / size, color=BLUE, linewidth=2.4, alpha=0.55)
        axes.plot(area.value / size, y, "o", color=BLUE, markeredgecolor="white",
                  label="by the sample" if y == 0 else None)
        if mapped is not None:
            axes.plot(mapped.value / size, y, "D", color=VERMILION, markerfacecolor="none", markersize=5,
                      label="as mapped" if y == 0 else None)
    axes.set(ylim=(len(shown) - 0.5, -0.6), yticks=np.arange(len(shown)), xlabel=f"area, {unit}")
    axes.set_xlim(left=0)
    axes.set_yticklabels([clean(name)[:26] for name in shown])
    axes.grid(axis="y", visible=False)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, borderaxespad=0.2, handletextpad=0.3)
    alt = "; ".join(f"{clean(name)} {_areas(*areas[name])[0]}" for name in shown)
    return plot_picture(figure, f"area_{at}" if at else "area", f"Area of each class: {alt}.",
                        f"Area of each class by the sample, with {sure} intervals, and as the map has it.")
