"""What the imagery, and the other layers, say of a whole feature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window

from ..alignment.surfaces import translated
from ..crew import Crew
from ..feedback import Feedback
from ..sources.grid import Grid
from ..sources.statements import Statements
from .masks import covered, grown, mask_of, shrunk

if TYPE_CHECKING:
    from ..fusion.evidence import Evidence

BLOCK = 1024
RING_PX = 3
SIDE_MAX = 2048
"""A feature wider than this many pixels is judged by the square of that side around its middle."""


@dataclass(frozen=True)
class Pooled:
    """The evidence at n features. ``inside``, ``ring`` (n, classes): mean probabilities within a feature, one pixel
    in from its edge where it is wide enough, and in the ring of ``RING_PX`` pixels around it; NaN where nothing is
    seen. ``visible`` (n,): share of its pixels that are seen. ``said``: for each other layer (n, classes) the mean of
    what it says, zeros where silent. ``told`` where ``inside`` is what learners say of whole features that learnt from
    this layer's labels in other blocks of ground (see :mod:`portraits`).
    """

    inside: NDArray[np.float64]
    ring: NDArray[np.float64]
    visible: NDArray[np.float64]
    said: tuple[NDArray[np.float64], ...]
    told: bool = False

    def seen(self, least: float = 0.5) -> NDArray[np.bool_]:
        """Which features (n,) show at least that share of their pixels: the others are not judged."""
        return (self.visible >= least) & ~np.isnan(self.inside[:, 0])


def pool(evidence: Evidence, shapes: NDArray[np.object_], others: tuple[Statements, ...], feedback: Feedback,
         crew: Crew | None = None) -> Pooled:
    """Pool the evidence over polygons in pixel coordinates, block by block: memory does not grow with the area. A
    ``crew`` shares the work.
    """
    grid, classes, n = evidence.grid, len(evidence.bands), len(shapes)
    inside, ring = (np.full((n, classes), np.nan) for _ in range(2))
    visible = np.zeros(n)
    said = tuple(np.zeros((n, classes)) for _ in others)

    def scenes() -> Iterator[_Scene]:
        for window, rows in blocks(shapes, grid, RING_PX):
            feedback.check()
            yield _Scene(window, evidence.read(window), [layer.read(window).mix for layer in others], rows,
                         shapes[rows])
            feedback.progress(float(rows[-1] + 1) / n)

    for found in map(_pooled, scenes()) if crew is None else crew.map(_pooled, scenes(), feedback):
        for one in found:
            row = one.row
            visible[row] = one.visible
            inside[row], ring[row] = one.inside, one.ring
            for values, here in zip(said, one.said, strict=True):
                values[row] = here
    return Pooled(inside, ring, visible, said)


class _Scene(NamedTuple):
    """A window with what is seen and said in it, and the features in it."""

    window: Window
    p: NDArray[np.float32]
    spoken: list[NDArray]
    rows: NDArray[np.intp]
    shapes: NDArray[np.object_]


class _One(NamedTuple):
    row: int
    visible: float
    inside: NDArray[np.float64]
    ring: NDArray[np.float64]
    said: list[NDArray[np.float64]]


def _pooled(scene: _Scene) -> list[_One]:
    found = []
    for row, shape in zip(scene.rows.tolist(), scene.shapes, strict=True):
        part = stencil(shape, scene.window, RING_PX)
        if part is None:
            continue
        mask, top, left = part
        where = np.s_[:, top:top + mask.shape[0], left:left + mask.shape[1]]
        cut = scene.p[where]
        lit = ~np.isnan(cut[0])
        core = shrunk(mask) & lit
        if not core.any():
            core = mask & lit
        if not core.any():
            continue
        inside = cut[:, core].mean(axis=1)
        around = grown(mask, RING_PX) & ~mask & lit
        said = [mix[where][:, mask].sum(axis=1) for mix in scene.spoken]
        found.append(_One(
            row, float((mask & lit).sum() / mask.sum()), inside,
            cut[:, around].mean(axis=1) if around.any() else inside,
            [here / here.sum() if here.sum() > 0 else np.zeros(len(here)) for here in said]))
    return found


def blocks(shapes: NDArray[np.object_], grid: Grid, margin: int) -> Iterator[tuple[Window, NDArray[np.intp]]]:
    """Windows that hold whole features with their margin, and the rows of those features."""
    if not len(shapes):
        return
    bounds = shapely.bounds(shapes)
    centre = np.clip((bounds[:, :2] + bounds[:, 2:]) / 2, 0, [grid.width - 1, grid.height - 1]).astype(int)
    wide = np.clip(bounds, centre.repeat(2, axis=1).reshape(-1, 2, 2).transpose(0, 2, 1).reshape(-1, 4) - SIDE_MAX // 2,
                   centre.repeat(2, axis=1).reshape(-1, 2, 2).transpose(0, 2, 1).reshape(-1, 4) + SIDE_MAX // 2)
    block = (centre[:, 1] // BLOCK) * (grid.width // BLOCK + 1) + centre[:, 0] // BLOCK
    for number in np.unique(block):
        rows = np.flatnonzero(block == number)
        left, top = np.floor(wide[rows, :2].min(axis=0)).astype(int) - margin - 1
        right, bottom = np.ceil(wide[rows, 2:].max(axis=0)).astype(int) + margin + 1
        yield Window(int(left), int(top), int(right - left), int(bottom - top)), rows


def box_of(window: Window) -> shapely.Polygon:
    """The window's outline in pixels."""
    left, top = int(window.col_off), int(window.row_off)
    return shapely.box(left, top, left + int(window.width), top + int(window.height))


def covering(shapes: NDArray[np.object_], number: NDArray[np.intp], window: Window) -> NDArray[np.int32]:
    """Which of ``shapes`` (n,), in pixels, covers each pixel of a window (height, width): its ``number`` (n,), of
    several the last; -1 where none does.
    """
    size = int(window.height), int(window.width)
    corner = np.array([window.col_off, window.row_off], np.float64)
    ids = np.full(size, -1, np.int32)
    of, at = covered(translated(shapes, np.tile(-corner, (len(shapes), 1))), size)
    ids.reshape(-1)[at] = number[of]
    return ids


def stencil(shape: shapely.Geometry, window: Window, margin: int) -> tuple[NDArray[np.bool_], int, int] | None:
    """The pixels of a feature with a margin around: mask, and its top and left within the window."""
    x0, y0, x1, y1 = shape.bounds
    top = max(int(np.floor(y0)) - margin - int(window.row_off), 0)
    left = max(int(np.floor(x0)) - margin - int(window.col_off), 0)
    bottom = min(int(np.ceil(y1)) + margin - int(window.row_off), int(window.height))
    right = min(int(np.ceil(x1)) + margin - int(window.col_off), int(window.width))
    if bottom <= top or right <= left:
        return None
    moved = shapely.transform(shape, lambda xy: xy - [window.col_off + left, window.row_off + top])
    mask = mask_of(moved, (bottom - top, right - left))
    if not mask.any():  # smaller than a pixel: the pixel it lies on
        centre = shapely.get_coordinates(shapely.point_on_surface(moved))[0].astype(int)
        mask[min(max(centre[1], 0), mask.shape[0] - 1), min(max(centre[0], 0), mask.shape[1] - 1)] = True
    return mask, top, left
