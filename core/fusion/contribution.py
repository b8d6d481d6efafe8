"""What each source contributes: how right the fused map would be without it, as all sources together see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from ..sources.band_statistics import spread
from ..sources.statements import Statements
from .crowd import Reliabilities
from .evidence import Evidence
from .fused import posterior
from .ground import Ground
from .weigh import INDEPENDENT_M2

WINDOWS, SIZE = 32, 96
"""So many windows of so many pixels a side are looked at, spread over the grid."""
DRAWS, TAIL = 300, (5.0, 95.0)
"""Windows are drawn again so often for the 90 % interval: what is near errs together, windows hardly."""
IMAGERY = "imagery"
MEASURE = "share of ground of the right class, as all sources together see it"


def contribution(ground: Ground, evidence: Evidence, reliabilities: Reliabilities, seed: int) -> dict[str, Any]:
    """Return the expected share of ground whose class the fused map has right, with all sources and without each.

    The posterior given everything says how probable it is that a place is of the class that a map made without a source
    would show. Each figure is [value, low, high] with a 90 % interval from drawing windows anew; ``n`` are the
    independent places behind it. Empty where there is but one source, or nothing is known anywhere.
    """
    sources: list[Evidence | Statements] = [evidence, *ground.layers]
    rng = np.random.default_rng([seed, 7])
    windows = spread(ground.grid, WINDOWS, SIZE, rng)
    rows = [_window(ground, evidence, reliabilities, window, sources) for window in windows]
    sums = np.array([row for row in rows if row[0] > 0])
    if len(sources) < 2 or not len(sums):
        return {}
    drawn = sums[rng.integers(0, len(sums), (DRAWS, len(sums)))].sum(axis=1)
    shares, draws = sums.sum(axis=0)[1:] / sums[:, 0].sum(), drawn[:, 1:] / drawn[:, :1]
    low, high = np.percentile(draws, TAIL, axis=0)
    told = [[round(float(v), 4) for v in one] for one in zip(shares, low, high, strict=True)]
    places = sums[:, 0].sum() * min(1.0, ground.grid.pixel_area_m2 / INDEPENDENT_M2)
    return {"measure": MEASURE, "n": round(float(places)), "all": told[0],
            "without": dict(zip(_names(ground), told[1:], strict=True))}


def _names(ground: Ground) -> list[str]:
    """The sources' names, the imagery's first; a layer that is called so too says of which kind it is."""
    return [IMAGERY, *(f"{layer.name} ({layer.features.kind} layer)" if layer.name == IMAGERY else layer.name
                       for layer in ground.layers)]


def _window(ground: Ground, evidence: Evidence, reliabilities: Reliabilities, window: Window,
            sources: Sequence[Evidence | Statements]) -> NDArray[np.float64]:
    """How many pixels of a window are known, and how many of them a map would have right: of all, without each."""
    known = ~np.isnan(evidence.read(window)[0])
    for layer in ground.layers:
        known |= layer.read(window).feature >= 0
    full = posterior(ground, evidence, reliabilities, window)[known]
    found = [float(known.sum()), float(full.max(axis=-1).sum())]
    for source in sources:
        shown = posterior(ground, evidence, reliabilities, window, without=source)[known].argmax(axis=-1)
        found.append(float(np.take_along_axis(full, shown[:, None], axis=-1).sum()))
    return np.array(found)
