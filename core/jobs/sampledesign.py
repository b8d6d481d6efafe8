"""A probability sample to survey or to review: of a class raster, of a layer's features, or of a loop's ground."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..feedback import Feedback
from .inputs import ExtentInput, RasterInput, VectorInput

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import pyproj
    from affine import Affine
    from numpy.typing import NDArray

    from ..review.pixel_frame import Drawn, Frame
    from ..review.sample_file import SampleUnits

Design = Literal["simple", "map_class", "disagreement", "systematic"]


@dataclass(frozen=True, kw_only=True)
class Params:
    """Exactly one of ``raster`` (class codes), ``layer`` (features; its settings name the class field) and ``ledger``
    (a path) is drawn from.

    ``size`` units are drawn by ``design``: ``simple``, ``systematic``, within the strata ``map_class``, or by
    ``disagreement``: of ``raster`` with ``other``, or by what the ledger's newest round flagged. ``allocation`` and the
    ``minimum`` a stratum gets are for strata. ``legend`` names codes; ``extent`` is in the CRS of what is drawn from.
    """

    size: int
    output: str
    raster: RasterInput | None = None
    layer: VectorInput | None = None
    ledger: str = ""
    design: Design = "simple"
    other: RasterInput | None = None
    allocation: Literal["proportional", "equal"] = "proportional"
    minimum: int = 25
    legend: str = ""
    extent: ExtentInput | None = None
    seed: int = 0


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Draw and write the sample; return how many units it has."""
    import numpy as np

    from ..review.sample_file import REFERENCE_FIELD, TABLE, write_sample
    from .outputs import check_unfilled

    check(params)
    check_unfilled(params.output, TABLE, (REFERENCE_FIELD, "remark"))
    random = np.random.default_rng(params.seed)
    units = _of_features(params, random, feedback) if params.layer is not None else _of_pixels(params, random, feedback)
    feedback.check()
    write_sample(params.output, units, params.design)
    counts = np.bincount(units.stratum, minlength=len(units.strata))
    for name, drawn, there in zip(units.strata, counts.tolist(), units.units.tolist(), strict=True):
        feedback.info(f"{name}: {drawn} of {there} units.")
        if there and not drawn:
            feedback.warning(f"No unit of {name} was drawn, so that no figure will be of it; raise SIZE or MINIMUM.")
    feedback.info("Fill in class_reference of each unit, blind to what the map says of it; then hand "
                  f"{params.output} to geoloop:evaluate as REFERENCE.")
    return {"OUTPUT": params.output, "UNITS": len(units.shapes)}


def check(params: Params) -> None:
    """Raise :class:`~geoloop.core.errors.InputError` for parameters that cannot be."""
    from ..errors import InputError

    if sum((params.raster is not None, params.layer is not None, bool(params.ledger))) != 1:
        raise InputError("Give one INPUT: a class raster, a layer of features, or a ledger.")
    if params.size < 2:
        raise InputError(f"SIZE must be at least 2, not {params.size}: one unit has no spread.")
    if params.minimum < 0:
        raise InputError(f"MINIMUM must be 0 or more, not {params.minimum}.")
    if params.design == "map_class" and params.layer is not None and not params.layer.settings.class_field:
        raise InputError("Strata by map class of a layer need its class field; name it in CLASS_FIELD.")
    if params.design == "map_class" and params.ledger:
        raise InputError("A ledger does not say the class of all ground; for strata by map class give the fused map as "
                         "INPUT.")
    if params.design == "disagreement" and params.layer is not None:
        raise InputError("Strata by disagreement need a class raster with OTHER, or a ledger as INPUT.")
    if params.design == "disagreement" and params.raster is not None and params.other is None:
        raise InputError("Strata by disagreement need a second class raster to compare with; name it in OTHER.")


def _of_pixels(params: Params, random: np.random.Generator, feedback: Feedback) -> SampleUnits:
    import shapely

    from ..review.sample_file import SampleUnits

    with _ground(params, feedback.span(0.0, 0.3)) as ground:
        frame = ground.frame(feedback.span(0.3, 0.65))
        drawn = _draw(params, frame, ground.strata, random, feedback.span(0.65, 0.95))
        mapped = ground.mapped(drawn)
        a, b, c, d, e, f = ground.transform[:6]
        x, y = drawn.column + 0.5, drawn.row + 0.5
        points = shapely.points(a * x + b * y + c, d * x + e * y + f)
        return SampleUnits(shapely.to_wkb(points).tolist(), ground.crs, "Point", drawn.stratum, ground.strata, mapped,
                           drawn.chance, drawn.area_m2, frame.units, frame.area_m2)


def _draw(params: Params, frame: Frame, strata: tuple[str, ...], random: np.random.Generator, feedback: Feedback
          ) -> Drawn:
    from ..review.design import allocate

    def hear(fraction: float) -> None:
        feedback.check()
        feedback.progress(fraction)

    if params.design == "systematic":
        return frame.draw_lattice(params.size, random, hear)
    wanted = allocate(frame.units, params.size, params.allocation, 0 if params.design == "simple" else params.minimum,
                      strata)
    return frame.draw(wanted, random, hear)


@dataclass(frozen=True)
class _Ground:
    """Pixels to draw from: how to read their strata, and what the map says of those drawn."""

    crs: pyproj.CRS
    transform: Affine
    shape: tuple[int, int]
    strata: tuple[str, ...]
    read: Callable[..., Any]
    mapped: Callable[[Drawn], list[str]]
    name: str

    def frame(self, feedback: Feedback) -> Frame:
        from ..review.pixel_frame import Frame
        from ..sources.pixel_areas import PixelAreas

        def hear(fraction: float) -> None:
            feedback.check()
            feedback.progress(fraction)

        areas = PixelAreas.over(self.crs, self.transform, self.shape, self.name)
        return Frame.over(self.shape, self.read, len(self.strata), areas, hear)


@contextmanager
def _ground(params: Params, feedback: Feedback) -> Iterator[_Ground]:
    from contextlib import ExitStack

    import numpy as np

    from ..review.class_raster import beside, open_class_raster
    from ..review.doubtful_ground import STRATA, open_doubtful
    from ..review.pixel_frame import NOTHING
    from ..sources.crs import read_crs
    from ..sources.legend import Legend

    def hear(fraction: float) -> None:
        feedback.check()
        feedback.progress(fraction)

    def one(read: Callable[..., Any]) -> Callable[..., Any]:
        return lambda window: np.where(read(window) == NOTHING, NOTHING, 0).astype(np.intp)

    with ExitStack() as stack:
        if params.ledger:
            doubtful = stack.enter_context(open_doubtful(params.ledger, params.extent))
            grid = doubtful.grid
            by_doubt = params.design == "disagreement"
            yield _Ground(read_crs(grid.crs, "ledger"), grid.transform, grid.shape, STRATA if by_doubt else ("all",),
                          doubtful.read if by_doubt else one(doubtful.read), lambda drawn: [""] * len(drawn.row),
                          params.ledger)
            return
        if params.raster is None:
            raise ValueError("check() sees that a raster is given")
        legend = Legend.load(params.legend) if params.legend else None
        raster = stack.enter_context(open_class_raster(params.raster, hear, legend=legend, extent=params.extent))
        reader: Callable[..., Any] = raster.read
        strata: tuple[str, ...] = raster.names
        if params.design == "disagreement" and params.other is not None:
            reader = stack.enter_context(beside(raster, params.other, hear, legend=legend))
            strata = ("agree", "differ")
        elif params.design != "map_class":
            reader, strata = one(raster.read), ("all",)

        def mapped(drawn: Drawn) -> list[str]:
            from rasterio.windows import Window

            return [raster.names[int(raster.read(Window(c, r, 1, 1))[0, 0])]
                    for r, c in zip(drawn.row.tolist(), drawn.column.tolist(), strict=True)]

        yield _Ground(raster.crs, raster.transform, raster.shape, strata, reader, mapped, raster.name)


def _of_features(params: Params, random: np.random.Generator, feedback: Feedback) -> SampleUnits:
    import numpy as np
    import shapely

    from ..errors import InputError
    from ..review.design import allocate, ranks, spatial_order, systematic_ranks
    from ..review.feature_frame import read_frame
    from ..review.sample_file import SampleUnits

    if params.layer is None:
        raise ValueError("check() sees that a layer is given")
    frame = read_frame(params.layer, params.extent)
    _tell_overlap(frame.shapes, feedback)
    labels = [c or "no class" for c in frame.classes] if params.design == "map_class" else ["all"] * len(frame.keys)
    strata, stratum = np.unique(labels, return_inverse=True)
    units = np.bincount(stratum)
    if params.design == "systematic":
        if params.size > len(labels):
            raise InputError(f"SIZE is {params.size}, but there are only {len(labels)} units to draw from; lower it.")
        order = spatial_order(shapely.get_coordinates(shapely.centroid(frame.shapes)))
        rows = np.sort(order[systematic_ranks(len(order), params.size, random)])
    else:
        wanted = allocate(units, params.size, params.allocation, 0 if params.design == "simple" else params.minimum,
                          strata.tolist())
        rows = np.sort(np.concatenate([np.flatnonzero(stratum == h)[ranks(int(units[h]), int(n), random)]
                                       for h, n in enumerate(wanted) if n]))
    drawn = np.bincount(stratum[rows], minlength=len(units))
    totals: np.ndarray = np.bincount(stratum, np.nan_to_num(frame.area_m2), len(units)).astype(np.float64)
    totals = np.where(np.bincount(stratum, np.isnan(frame.area_m2), len(units)) > 0, np.nan, totals)
    return SampleUnits(
        shapely.to_wkb(frame.shapes[rows]).tolist(), frame.crs, "Unknown", stratum[rows].astype(np.intp),
        tuple(strata.tolist()), [frame.classes[row] for row in rows], (drawn / units)[stratum[rows]],
        frame.area_m2[rows], units, totals, [frame.keys[row] for row in rows])


def _tell_overlap(shapes: NDArray[np.object_], feedback: Feedback) -> None:
    import shapely

    from ..review.on_top import LEAST_OVERLAP, OnTop

    areas = shapes[shapely.get_dimensions(shapes) == 2]
    share = OnTop(areas).surplus(shapely.area(areas))
    if share > LEAST_OVERLAP:
        feedback.warning(f"Features lie on one another, together {share:.1%} more ground than there is: a place counts "
                         "once for every feature on it. For figures of the ground itself draw from a raster or a "
                         "ledger.")
