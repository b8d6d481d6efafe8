"""How every picture looks: colours, letters, and turning a figure into SVG, JPEG and PNG.

The colours are those of Okabe and Ito (2008), told apart with any kind of colour vision; what is told by colour is
told by a sign too.
"""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from .blocks import Picture
from .words import JOINER

INK, QUIET, FAINT, PAPER = "#1f2933", "#5f6b76", "#d9dee3", "#ffffff"
ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PURPLE = (
    "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7")
SERIES = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, INK)
"""Colours of sources and other series, in their order."""
SIGNS = ("o", "s", "D", "^", "v", "P", "X")
"""Signs of the same series."""
SVG_DPI = 96.0
PNG_DPI = 200.0
MAP_DPI = 220.0
_JPEG_QUALITY = 86

_STYLE: Any = {
    "font.family": ["sans-serif"],
    "font.sans-serif": ["system-ui", "Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans", "DejaVu Sans"],
    "font.size": 9.5, "axes.titlesize": 10, "axes.labelsize": 9.5, "xtick.labelsize": 9, "ytick.labelsize": 9,
    "legend.fontsize": 9, "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": QUIET, "xtick.color": QUIET,
    "ytick.color": QUIET, "xtick.labelcolor": INK, "ytick.labelcolor": INK, "axes.spines.top": False,
    "axes.spines.right": False, "axes.linewidth": 0.8, "axes.grid": True, "grid.color": FAINT, "grid.linewidth": 0.8,
    "axes.axisbelow": True, "legend.frameon": False, "figure.facecolor": PAPER, "axes.facecolor": PAPER,
    "lines.linewidth": 1.8, "lines.markersize": 6, "svg.fonttype": "none", "svg.hashsalt": "geoloop",
    "text.parse_math": False, "axes.unicode_minus": True, "figure.dpi": SVG_DPI,
}


@contextmanager
def style() -> Iterator[None]:
    """Draw and save within this block. Letters that a font lacks and fonts that a machine lacks are no news."""
    fonts, level = logging.getLogger("matplotlib.font_manager"), logging.getLogger("matplotlib.font_manager").level
    fonts.setLevel(logging.ERROR)
    try:
        with rc_context(_STYLE), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph")
            yield
    finally:
        fonts.setLevel(level)


def in_legend(name: str) -> str:
    """The name of a series as a legend shows it: Matplotlib leaves out what begins with an underscore."""
    return f"{JOINER}{name}" if name.startswith("_") else name


def new_figure(width_in: float, height_in: float) -> tuple[Figure, Axes]:
    """A figure with one axes that keeps everything within its edges."""
    figure = Figure(figsize=(width_in, height_in), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.06, h_pad=0.06)  # type: ignore[union-attr, call-arg]
    return figure, figure.add_subplot()


def plot_picture(figure: Figure, name: str, alt: str, caption: str) -> Picture:
    """A plot: SVG in the page, so that it is sharp on paper, and PNG."""
    def png() -> bytes:
        with style():
            return _saved(figure, format="png", dpi=PNG_DPI)

    svg = _saved(figure, format="svg", metadata={"Date": None, "Creator": None})
    return Picture(name, alt, caption, svg, "image/svg+xml", png, *_size_px(figure))


def map_picture(figure: Figure, name: str, alt: str, caption: str) -> Picture:
    """A map: JPEG in the page, since it may hold imagery, and PNG. It is drawn once: imagery takes its time."""
    figure.set_dpi(MAP_DPI)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3].copy())

    def encoded(**how: Any) -> bytes:
        stream = io.BytesIO()
        drawn.save(stream, **how)
        return stream.getvalue()

    shown = encoded(format="jpeg", quality=_JPEG_QUALITY, optimize=True)
    return Picture(name, alt, caption, shown, "image/jpeg", partial(encoded, format="png"), *_size_px(figure))


def _saved(figure: Figure, **how: Any) -> bytes:
    stream = io.BytesIO()
    figure.savefig(stream, **how)
    return stream.getvalue()


def _size_px(figure: Figure) -> tuple[int, int]:
    width, height = figure.get_size_inches()
    return round(width * SVG_DPI), round(height * SVG_DPI)
