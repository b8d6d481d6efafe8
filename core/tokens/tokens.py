"""The features of all layers of a run as tokens."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from ..errors import InputError
from ..ledger.signature import value_text
from .outlines import Outlines, outlines_of
from .relations import Relations, relate
from .words import Words, words_of

if TYPE_CHECKING:
    from ..sources.grid import Grid
    from ..sources.vectors import Features

SOURCES = ("map", "field")
NEVER_WORDS = ("fid", "ogc_fid", "id", "osm_id", "osm_way_id", "full_id", "osm_timestamp", "osm_version")
FEWEST_TO_TELL = 20
"""From this many features on a column of different texts is taken for a name tag, not for a description."""
_DAYS = 365.2425


@dataclass(frozen=True)
class Tokens:
    """Features (n) in the grid's pixels of ``pixel_m`` metres.

    ``shapes`` are shapely, ``outlines`` what a network takes in of them. ``source`` (n,) is a place in ``SOURCES``,
    ``layer`` (n,) the number of the layer; ``year`` (n,) is the date in years, ``accuracy_m`` (n,) that of the
    position, both NaN where nobody said.
    """

    shapes: NDArray[np.object_]
    outlines: Outlines
    words: Words
    relations: Relations
    source: NDArray[np.int64]
    layer: NDArray[np.int64]
    year: NDArray[np.float32]
    accuracy_m: NDArray[np.float32]
    pixel_m: float

    def __len__(self) -> int:
        return len(self.shapes)

    def select(self, rows: NDArray[np.intp], corner: tuple[int, int] = (0, 0)) -> Tokens:
        """Return some of the tokens, in the pixels of a window whose first row and column are ``corner``."""
        away = np.array([corner[1], corner[0]], np.float64)
        chosen = self.outlines.select(rows)
        return Tokens(
            shapely.transform(self.shapes[rows], lambda xy: xy - away),
            replace(chosen, xy=(chosen.xy - away).astype(np.float32)), self.words.select(rows),
            self.relations.among(rows, len(self)), self.source[rows], self.layer[rows], self.year[rows],
            self.accuracy_m[rows], self.pixel_m)


def tokens_of(layers: Sequence[Features], grid: Grid, hidden: Collection[str] = ()) -> Tokens:
    """Return the features of all layers, in order, as tokens on a grid.

    Every feature becomes one token; none is left out, however many there are. Identifiers, dates and accuracies are no
    words, nor are the attributes and tags named ``hidden``. Raises :class:`InputError` for features that do not lie on
    the grid: they were brought to another system than its own.
    """
    found = [grid.to_pixels(layer.geometries) for layer in layers]
    for layer, shapes in zip(layers, found, strict=True):
        _check_on(shapes, grid, layer.name)
    shapes = np.concatenate([np.zeros(0, object), *found])
    words = words_of([tags for layer in layers for tags in described(layer, hidden)])
    return tokens_from(
        shapes, words, grid.pixel_m,
        source=np.concatenate([np.zeros(0), *(np.full(len(one), SOURCES.index(one.kind)) for one in layers)]),
        layer=np.concatenate([np.zeros(0), *(np.full(len(one), i) for i, one in enumerate(layers))]),
        year=np.array([years(date) for one in layers for date in one.dates], np.float32),
        accuracy_m=np.concatenate([np.zeros(0), *(one.accuracy_m for one in layers)]))


def tokens_from(shapes: NDArray[np.object_], words: Words, pixel_m: float, *, source: NDArray | None = None,
                layer: NDArray | None = None, year: NDArray | None = None, accuracy_m: NDArray | None = None) -> Tokens:
    """Return shapes in pixels and their words as tokens; what is left out is unknown, or a map's first layer."""
    n = len(shapes)
    unknown = np.full(n, np.nan, np.float32)
    outlines = outlines_of(shapes)
    return Tokens(
        shapes, outlines, words, relate(shapes, outlines),
        (np.zeros(n) if source is None else source).astype(np.int64),
        (np.zeros(n) if layer is None else layer).astype(np.int64),
        unknown if year is None else year.astype(np.float32),
        unknown if accuracy_m is None else accuracy_m.astype(np.float32), pixel_m)


def described(layer: Features, hidden: Collection[str]) -> list[dict[str, str]]:
    """Return what a layer says of each of its features, without what only identifies or dates it."""
    settings = layer.settings
    left_out = {name.lower() for name in (*NEVER_WORDS, *hidden, layer.input.key, settings.key, settings.date_field,
                                          settings.accuracy_field) if name}
    for name in layer.attributes.columns:
        values = layer.attributes[name].dropna()
        texts = values.map(value_text) if values.dtype == object else values  # lists have no hash
        if (len(values) >= FEWEST_TO_TELL and texts.nunique() == len(values)
                and not np.issubdtype(np.asarray(values.to_numpy()).dtype, np.floating)):
            left_out.add(str(name).lower())
    return [{key: value for key, value in layer.tags(row).items() if key.lower() not in left_out}
            for row in range(len(layer))]


def years(date: str | None) -> float:
    """Return an ISO date, of whatever precision, in years; NaN for none."""
    if not date:
        return float("nan")
    padded = f"{date[:10]}-07-01" if len(date) < 7 else f"{date[:7]}-15" if len(date) < 10 else date[:10]
    try:
        day = np.datetime64(padded[:10])
    except ValueError:
        return float("nan")
    return 1970.0 + float(day.astype("datetime64[D]").astype(int)) / _DAYS


def _check_on(shapes: NDArray[np.object_], grid: Grid, name: str) -> None:
    box = shapely.bounds(shapes)
    outside = ((box[:, 0] > grid.width) | (box[:, 1] > grid.height) | (box[:, 2] < 0) | (box[:, 3] < 0)
               | ~np.isfinite(box).all(axis=1))
    if outside.sum() > len(shapes) / 2:
        raise InputError(f"The layer “{name}” does not lie on the imagery's grid: most of its features are outside; "
                         "check its coordinate reference system.")
