"""A map of discrepancies: each one by its sign, or how many there are where they are too many to be told apart."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from numpy.typing import NDArray

from .backdrop import Backdrop
from .blocks import Picture
from .drawing import INK, QUIET, map_picture
from .map_frame import MapFrame, bar_length
from .outlines import Outline
from .signs import Sign
from .words import length, number

WIDTH_IN = 4.5
_EDGE, _TITLE, _LINE, _FINE = 0.08, 0.3, 0.19, 0.125
"""Inches: around everything, the title, a line of the legend, a line of the attribution."""
FEW, SIGN_PT2 = 250, 24.0
"""Up to so many discrepancies signs are so large, in square points; more of them get smaller ones."""
DENSITY_COLOURS = "YlOrBr"
CELLS = 70
"""So many cells stand side by side where a map shows how many discrepancies there are."""
_COLUMNS = 2


@dataclass(frozen=True)
class Group:
    """Discrepancies under one sign: ``rows`` into the outlines and boxes of the map."""

    word: str
    sign: Sign
    rows: NDArray[np.int64]


@dataclass(frozen=True)
class Counts:
    """How many discrepancies lie in each cell (rows from the south, columns), and how wide a cell is on the ground."""

    cells: NDArray[np.float64]
    cell_m: float | None


def height_in(frame: MapFrame) -> float:
    """Inches of the map's own height."""
    return (WIDTH_IN - 2 * _EDGE) * frame.height_over_width


def shape_px(frame: MapFrame, dpi: float) -> tuple[int, int]:
    """Pixels that the map's ground needs."""
    return max(1, round(height_in(frame) * dpi)), max(1, round((WIDTH_IN - 2 * _EDGE) * dpi))


def counted(frame: MapFrame, boxes: NDArray[np.float64]) -> Counts:
    """Count the middles of boxes (n, 4) in cells."""
    xmin, ymin, xmax, ymax = frame.bounds
    down = max(1, round(CELLS * frame.height_over_width))
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    middle = middle[np.isfinite(middle).all(axis=1)]
    cells, _, _ = np.histogram2d(middle[:, 1], middle[:, 0], (down, CELLS), ((ymin, ymax), (xmin, xmax)))
    return Counts(cells, None if frame.size_m is None else frame.size_m[0] / CELLS)


def signs_map(frame: MapFrame, ground: Backdrop | None, groups: Sequence[Group], outlines: Mapping[int, Outline], *,
              name: str, title: str, attribution: str, alt: str, caption: str) -> Picture:
    """Draw every discrepancy; ``outlines`` by row."""
    shown = [group for group in groups if len(group.rows)]
    legend = -(-len(shown) // _COLUMNS) * _LINE + 0.06
    figure, axes = _sheet(frame, ground, title, attribution, legend)
    size = SIGN_PT2 if sum(len(group.rows) for group in shown) <= FEW else SIGN_PT2 / 2.5
    for group in sorted(shown, key=lambda one: -len(one.rows)):
        _draw(axes, group, outlines, size)
    handles = [Line2D([], [], linestyle="", marker=group.sign.marker, markersize=6.5, markerfacecolor=group.sign.colour,
                      markeredgecolor=INK, markeredgewidth=0.5, label=f"{group.word} ({number(len(group.rows))})")
               for group in shown]
    top = axes.get_position().y0 - 0.03 / figure.get_figheight()
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(_EDGE / WIDTH_IN, top), ncols=_COLUMNS,
                  fontsize=8, handletextpad=0.3, columnspacing=1.6, borderaxespad=0, borderpad=0.2, labelspacing=0.45)
    return map_picture(figure, name, alt, caption)


def counts_map(frame: MapFrame, ground: Backdrop | None, counts: Counts, most: float, *, name: str, title: str,
               attribution: str, alt: str, caption: str) -> Picture:
    """Draw how many discrepancies lie in each cell; ``most`` is what the deepest colour stands for."""
    figure, axes = _sheet(frame, ground, title, attribution, 0.52)
    xmin, ymin, xmax, ymax = frame.bounds
    shown = axes.imshow(np.ma.masked_less(counts.cells, 1), origin="lower", extent=(xmin, xmax, ymin, ymax),
                        cmap=DENSITY_COLOURS, norm=LogNorm(1, max(most, 2)), alpha=0.85, interpolation="nearest",
                        aspect="auto", zorder=2)
    at = axes.get_position()
    bar = figure.add_axes((at.x0, at.y0 - 0.2 / figure.get_figheight(), at.width, 0.1 / figure.get_figheight()))
    scale = figure.colorbar(shown, cax=bar, orientation="horizontal")
    cell = "" if counts.cell_m is None else f" of {length(float(f'{counts.cell_m:.2g}'))}"
    scale.set_label(f"likely errors in a cell{cell}", fontsize=8, labelpad=1)
    ticks = [value for value in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000) if value <= max(most, 2)]
    scale.set_ticks(ticks, labels=[number(value) for value in ticks])
    scale.minorticks_off()
    bar.tick_params(labelsize=7.5, length=2, pad=1)
    return map_picture(figure, name, alt, caption)


def _sheet(frame: MapFrame, ground: Backdrop | None, title: str, attribution: str, legend_in: float
           ) -> tuple[Figure, Axes]:
    """The map without its discrepancies: title, ground, scale bar, north, attribution."""
    lines = textwrap.wrap(attribution, 92)
    below = legend_in + len(lines) * _FINE + _EDGE
    tall = height_in(frame) + _TITLE + below
    figure = Figure(figsize=(WIDTH_IN, tall))
    axes = figure.add_axes((_EDGE / WIDTH_IN, below / tall, 1 - 2 * _EDGE / WIDTH_IN, height_in(frame) / tall))
    xmin, ymin, xmax, ymax = frame.bounds
    axes.set(xlim=(xmin, xmax), ylim=(ymin, ymax), xticks=[], yticks=[], aspect="auto")
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set(visible=True, color=QUIET, linewidth=0.6)
    axes.set_facecolor("#f4f5f2")
    if ground is not None:
        axes.imshow(ground.colours, extent=(xmin, xmax, ymin, ymax), interpolation="nearest", aspect="auto", zorder=1)
    figure.text(_EDGE / WIDTH_IN, 1 - 0.1 / tall, title, fontsize=10.5, fontweight="bold", va="top")
    for at, line in enumerate(reversed(lines)):
        figure.text(_EDGE / WIDTH_IN, (_EDGE / 2 + at * _FINE) / tall, line, fontsize=6.4, color=QUIET, va="bottom")
    _scale_bar(axes, frame)
    _north(axes, frame)
    return figure, axes


def _scale_bar(axes: Axes, frame: MapFrame) -> None:
    if frame.size_m is None:
        return
    wide = bar_length(frame.size_m[0])
    share, tall = wide / frame.size_m[0], height_in(frame)
    left, low = 0.03, 0.1 / tall
    axes.add_patch(Rectangle((left - 0.015, low - 0.06 / tall), share + 0.03, 0.3 / tall, transform=axes.transAxes,
                             facecolor="white", alpha=0.82, edgecolor="none", zorder=8))
    for at, colour in enumerate((INK, "white")):
        axes.add_patch(Rectangle((left + at * share / 2, low), share / 2, 0.05 / tall, transform=axes.transAxes,
                                 facecolor=colour, edgecolor=INK, linewidth=0.7, zorder=9))
    axes.text(left + share / 2, low + 0.075 / tall, length(wide), transform=axes.transAxes, ha="center", va="bottom",
              fontsize=7.5, zorder=9)


def _north(axes: Axes, frame: MapFrame) -> None:
    if frame.north is None:
        return
    wide, tall = WIDTH_IN - 2 * _EDGE, height_in(frame)
    turn = np.deg2rad(frame.north)
    east, up = np.array([np.cos(turn), -np.sin(turn)]), np.array([np.sin(turn), np.cos(turn)])
    centre = np.array([wide - 0.22, tall - 0.26])

    def placed(*offsets: tuple[float, float]) -> NDArray[np.float64]:
        return np.array([(centre + e * east + u * up) / (wide, tall) for e, u in offsets])

    axes.add_patch(Rectangle(((wide - 0.4) / wide, (tall - 0.5) / tall), 0.36 / wide, 0.46 / tall, zorder=8,
                             transform=axes.transAxes, facecolor="white", alpha=0.82, edgecolor="none"))
    for side, colour in ((-0.06, INK), (0.06, "white")):
        axes.add_patch(Polygon(placed((0, 0.07), (side, -0.15), (0, -0.1)), transform=axes.transAxes, facecolor=colour,
                               edgecolor=INK, linewidth=0.6, zorder=9))
    (x, y), = placed((0, 0.14))
    axes.text(x, y, "N", transform=axes.transAxes, ha="center", va="center", fontsize=7.5, fontweight="bold", zorder=9)


def _draw(axes: Axes, group: Group, outlines: Mapping[int, Outline], size: float) -> None:
    own = [outlines[row] for row in group.rows.tolist() if row in outlines]
    if not own:
        return
    paths = [one.path for one in own if one.path is not None]
    for colour, width in (("white", 2.2), (group.sign.colour, 1.1)):
        axes.add_collection(PathCollection(paths, facecolors="none", edgecolors=colour, linewidths=width, zorder=3),
                            autolim=False)
    x, y = np.array([one.middle for one in own]).T
    axes.scatter(x, y, s=size, marker=group.sign.marker, facecolor=group.sign.colour, edgecolor="white", linewidth=0.5,
                 zorder=4)
