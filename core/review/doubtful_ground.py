"""The ground of a ledger's newest round, cut by how doubtful it is: what a sample finds that no flag tells of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..jobs.inputs import ExtentInput, RasterInput
from ..ledger import Ledger, geopackage
from .pixel_frame import NOTHING

if TYPE_CHECKING:
    import shapely
    from rasterio.windows import Window

    from ..sources.grid import Grid
    from ..sources.imagery import Imagery

STRATA = ("not flagged", "flagged", "probably wrong")
SURE = 0.5


@dataclass(frozen=True)
class DoubtfulGround:
    """Pixels of a round's grid that its imagery shows; ``tree`` holds the flags' outlines in pixels, ``level`` (n,) the
    stratum of each.
    """

    grid: Grid
    imagery: Imagery
    shapes: NDArray[np.object_]
    tree: shapely.STRtree
    level: NDArray[np.intp]

    def read(self, window: Window) -> NDArray[np.intp]:
        """The place in :data:`STRATA` of every pixel (height, width); ``NOTHING`` where the imagery shows nothing."""
        import shapely

        from ..sources.burn import burn

        _, seen = self.imagery.read(window)
        row, column, height, width = (int(v) for v in (window.row_off, window.col_off, window.height, window.width))
        near = self.tree.query(shapely.box(column, row, column + width, row + height))
        result = np.zeros((height, width), np.intp)
        for level in range(1, len(STRATA)):
            here = near[self.level[near] == level]
            if len(here):
                painted = burn(self.shapes[here], np.ones(len(here)), (height, width), (row, column), all_touched=True,
                               fill=0)
                result[painted > 0] = level
        return np.where(seen, result, NOTHING)


@contextmanager
def open_doubtful(path: str, extent: ExtentInput | None) -> Iterator[DoubtfulGround]:
    """Open the newest round of discrepancies of a ledger, of which the part within ``extent``, in its CRS, counts.

    Raises :class:`InputError` where it has none, where its imagery is no longer there, and for an extent apart from it.
    """
    import shapely

    from ..sources.grid import Grid
    from ..sources.imagery import Imagery

    with Ledger.open(path) as ledger:
        found = ledger.read("SELECT id, parameters_json FROM rounds WHERE job IN ('flag', 'loop') ORDER BY id DESC"
                            " LIMIT 1")
        if not found:
            raise InputError(f"The ledger {path} has no round of discrepancies to draw a sample by; run Flag or Loop.")
        parameters = json.loads(found[0]["parameters_json"] or "{}")
        flags = ledger.read("SELECT coalesce(d.geom, b.geom) AS geom, d.probability FROM discrepancies d"
                            " LEFT JOIN before b ON b.uid = d.uid WHERE d.round = ?", (found[0]["id"],))
    imagery = [RasterInput(one["path"], one.get("name", ""), one.get("crs", ""), tuple(one.get("bands", ())))
               for one in parameters.get("imagery", ())]
    judged = parameters.get("extent")
    whole = _within(extent, ExtentInput(**judged)) if judged else extent
    grid = Grid.from_imagery(imagery, None, whole)
    blobs = [(geopackage.from_blob(row["geom"]), row["probability"]) for row in flags if row["geom"] is not None]
    shapes = grid.to_pixels(np.array([shapely.from_wkb(wkb) for wkb, _ in blobs] or [None], object)[:len(blobs)])
    if len(blobs):
        shapes = np.where(shapely.get_dimensions(shapes) == 2, shapes, shapely.buffer(shapes, 2.0))
    level = np.array([2 if p >= SURE else 1 for _, p in blobs], np.intp)
    with Imagery.open(imagery, grid, allow_ballpark=True) as opened:
        yield DoubtfulGround(grid, opened, shapes, shapely.STRtree(shapes), level)


def _within(extent: ExtentInput | None, judged: ExtentInput) -> ExtentInput:
    """The part of an extent (None: all) that was judged."""
    if extent is None:
        return judged
    both = ExtentInput(max(extent.xmin, judged.xmin), max(extent.ymin, judged.ymin),
                       min(extent.xmax, judged.xmax), min(extent.ymax, judged.ymax))
    if both.xmin >= both.xmax or both.ymin >= both.ymax:
        raise InputError("The extent lies apart from the area that the ledger's newest round judged; choose another.")
    return both
