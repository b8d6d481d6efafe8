"""What a map says of each unit of a reference sample, and of the whole; and so the sample that its accuracy rests on.
Runs in the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, first_line
from ..feedback import Feedback
from ..jobs.inputs import ExtentInput, RasterInput, VectorInput
from .accuracy import MapAccuracy, assess
from .class_raster import ClassRaster, open_class_raster
from .estimators import Sample
from .feature_frame import ground_areas
from .on_top import LEAST_OVERLAP, OnTop
from .pixel_frame import NOTHING, Frame, windows_of
from .reference import Reference, sample_design

if TYPE_CHECKING:
    import pyproj
    import shapely

    from ..sources.grid import Grid
    from ..sources.legend import Legend

LEAST_IN_CLASS = 2
SAME_AREA = 0.01
"""A sample was drawn from a map if their grounds differ by less than this share."""
SYSTEMATIC = ("A systematic sample is treated as a simple random one; where classes lie in large patches its true "
              "error is smaller than stated, along a regular pattern of the ground it may be larger.")
UNKNOWN = ("Nothing says how the units were drawn: the figures hold for the map only if they are a simple random "
           "sample of it. Draw one with geoloop:sampledesign.")
UNEQUAL = "Units of unequal chance are weighted by its inverse; the error is that of drawing with replacement."
FEATURES = "A unit is a whole feature and counts by its area; within it map and reference are taken to be uniform."
PART = ("The sample was drawn from {share:.0%} of the ground of the map, or units of it lack here: all figures but the "
        "mapped areas are of that part.")
OVERLAP = ("Features of the map lie on one another, together {share:.1%} more ground than there is: at each place "
           "the smallest counts.")
OFTEN = ("Units that are features and lie on one another count with all of their ground, a place once for every "
         "feature on it; a sample of points speaks of the ground itself.")
DOMINANT = "Of an area that holds several classes of the map, the one that covers most of it counts."


@dataclass(frozen=True)
class Mapped:
    """The map's side of a sample: ``mapped`` (n,) the place of each unit's class in ``names``, ``NOTHING`` where it
    says none; ``pixels`` and ``ground_m2`` (classes,) how much of the map each class is, None and NaN where only the
    sample knows.
    """

    name: str
    names: tuple[str, ...]
    mapped: NDArray[np.intp]
    reference: Reference
    pixels: NDArray[np.int64] | None
    ground_m2: NDArray[np.float64] | None
    notes: tuple[str, ...]

    @property
    def left_out(self) -> dict[str, int]:
        """How many units were not used, by reason."""
        nothing = int((self.mapped == NOTHING).sum())
        return {**self.reference.left_out, **({"where the map says nothing": nothing} if nothing else {})}

    def assess(self) -> MapAccuracy:
        """Choose the estimator that the design allows, and use it."""
        use = self.mapped != NOTHING
        if use.sum() < LEAST_IN_CLASS:
            raise InputError(f"“{self.name}” says nothing of the units of “{self.reference.name}”; check that they lie "
                             "on one another, and their coordinate reference systems.")
        units = list(zip(self.reference.found, use, strict=True))
        names = (*self.names, *sorted({f for f, u in units if u} - set(self.names)))
        found = np.array([names.index(f) if u else 0 for f, u in units], np.intp)
        drawn, total = self._areas()
        mapped_area = None if self.ground_m2 is None else {
            k: area if np.isfinite(area) else None for k, area in enumerate(self.ground_m2.tolist())}
        rows, sample, estimator, notes = self._sample(use)
        return assess(names, self.mapped[rows], found[rows], sample, design=sample_design(self.reference),
                      estimator=estimator, total_area_m2=total, drawn_area_m2=drawn, mapped_area_m2=mapped_area,
                      notes=(*self.notes, *notes, *self._part()))

    def _part(self) -> list[str]:
        """A note where the strata that the sample knows of are less than the map."""
        drawn, whole = self.reference.total_m2.sum(), np.nan if self.ground_m2 is None else self.ground_m2.sum()
        return [PART.format(share=drawn / whole)] if drawn < (1 - SAME_AREA) * whole else []

    def _sample(self, use: NDArray[np.bool_]) -> tuple[NDArray[np.intp], Sample, str, list[str]]:
        """The units that count, those included of which the map says nothing, where these tell how much that is; as a
        sample, with the estimator's name and notes.
        """
        reference, design = self.reference, sample_design(self.reference)
        every = np.arange(len(reference))
        if design == "stratified":
            return every, *self._stratified(use)
        counts = reference.area_m2 if np.isfinite(reference.area_m2).all() else np.ones(len(reference))
        chance = np.where(np.isfinite(reference.chance), reference.chance, 1.0)
        notes = [n for d, n in (("systematic", SYSTEMATIC), ("unknown", UNKNOWN), ("unequal", UNEQUAL)) if d == design]
        nothing, together = np.zeros(0), np.zeros(len(reference), np.intp)
        if design == "unequal":
            plain = Sample(together, chance, counts, nothing, nothing)
            return every, plain, "weighted by the inverse of the chance (Hájek 1971)", notes
        rows = np.flatnonzero(use)
        if self.pixels is not None and self.ground_m2 is not None and self._is_drawn_from_map():
            in_class = np.bincount(self.mapped[rows], minlength=len(self.pixels))
            if (in_class[self.pixels > 0] >= LEAST_IN_CLASS).all():
                post = Sample(self.mapped[rows], chance[rows], counts[rows], self.pixels.astype(np.float64),
                              self._totals(counts[rows]))
                return rows, post, "post-stratified by the map's classes (Olofsson et al. 2014)", notes
        known = len(reference.units) == 1 and np.isfinite(reference.units).all()
        size = reference.units if known else np.array([np.inf])
        return every, Sample(together, chance, counts, size, np.ones(1)), "that of a simple random sample", notes

    def _stratified(self, use: NDArray[np.bool_]) -> tuple[Sample, str, list[str]]:
        reference = self.reference
        stratum, notes = reference.stratum, []
        by_area = np.isfinite(reference.total_m2).all() and np.isfinite(reference.area_m2).all()
        counts = reference.area_m2 if by_area else np.ones(len(reference))
        total = reference.total_m2 if by_area else reference.units
        drawn = np.bincount(stratum, minlength=len(reference.strata))
        lost = [name for name, n in zip(reference.strata, drawn, strict=True) if n == 0]
        single = [name for name, n in zip(reference.strata, drawn, strict=True) if n == 1]
        if lost:
            notes.append(f"No unit of the strata {', '.join(lost)} was looked at: they are left out of all figures.")
        if single:
            notes.append(f"A single unit of the strata {', '.join(single)} was looked at: their error is not known, "
                         "and intervals are too narrow.")
        same = all(self.names[m] == reference.strata[h] for m, h in zip(self.mapped[use], stratum[use], strict=True))
        estimator = ("stratified by the map's classes (Olofsson et al. 2014)" if same
                     else "stratified otherwise than by the map's classes (Stehman 2014)")
        return Sample(stratum, reference.chance, counts, reference.units, total), estimator, notes

    def _totals(self, counts: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.pixels is None or self.ground_m2 is None:
            raise ValueError("asked only where the map's extent is known")
        return self.ground_m2 if np.ptp(counts) > 0 or counts[0] != 1.0 else self.pixels.astype(np.float64)

    def _is_drawn_from_map(self) -> bool:
        """Whether the sample's population is the map, as far as it says."""
        reference = self.reference
        if self.ground_m2 is None:
            return False
        said, whole = reference.total_m2, self.ground_m2.sum()
        if not np.isfinite(said).all() and self.pixels is not None:
            said, whole = reference.units, self.pixels.sum()
        return not np.isfinite(said).all() or bool(abs(said.sum() - whole) < SAME_AREA * whole)

    def _areas(self) -> tuple[float | None, float | None]:
        """The ground that was drawn from, or else the ground of which the map says something; None: not known."""
        reference = self.reference
        if np.isfinite(reference.total_m2).all():
            lost = np.bincount(reference.stratum, minlength=len(reference.strata)) == 0
            return float(reference.total_m2[~lost].sum()), None
        if self.ground_m2 is None or not (len(reference.strata) > 1 or self._is_drawn_from_map()):
            return None, None
        whole = float(self.ground_m2.sum())
        return None, whole if np.isfinite(whole) else None


def mapped_by_raster(given: RasterInput, reference: Reference, legend: Legend | None, feedback: Feedback,
                     allow_ballpark: bool) -> Mapped:
    """Ask a class raster what it says of each unit: at a point its pixel, of an area the class that covers most."""
    from ..sources.pixel_areas import PixelAreas

    def hear(part: Feedback) -> Callable[[float], None]:
        def heard(fraction: float) -> None:
            part.check()
            part.progress(fraction)

        return heard

    with open_class_raster(given, hear(feedback.span(0.0, 0.4)), legend=legend) as raster:
        shapes = _brought(reference, raster.crs, allow_ballpark)
        areas = PixelAreas.over(raster.crs, raster.transform, raster.shape, raster.name)
        frame = Frame.over(raster.shape, raster.read, len(raster.names), areas, hear(feedback.span(0.4, 0.8)))
        mapped, look = np.empty(len(shapes), np.intp), hear(feedback.span(0.8, 1.0))
        for unit, shape in enumerate(shapes):
            mapped[unit] = _class_under(shape, raster)
            look((unit + 1) / len(shapes))
        codes = {str(code): name for code, name in raster.known.items()}
        named = any(code != name for code, name in codes.items())
        said = _translated(reference, set(codes.values()) if named else None, codes)
        return Mapped(raster.name, raster.names, mapped, said, frame.units, frame.area_m2, _unit_notes(shapes))


def mapped_by_layer(given: VectorInput | None, reference: Reference, legend: Legend | None, feedback: Feedback,
                    allow_ballpark: bool) -> Mapped:
    """Ask a layer of areas what it says at the middle of each unit, and of its ground: at each place the smallest of
    the features that have a class counts, then the legend's background. Without a legend the classes are the values of
    its class field.
    """
    import shapely

    from ..sources.crs import operation_between, read_crs
    from ..sources.legend import Legend
    from ..sources.vectors import read_features

    if given is None:
        raise ValueError("the job sees that a map is given")
    own = read_crs(given.crs or _info(given)["crs"] or "", given.name or given.path)
    units = _brought(reference, own, allow_ballpark)
    grid = _grid_of(given, own, units)
    metric = operation_between(own, read_crs(grid.crs, "grid"), given.name or given.path, allow_ballpark=allow_ballpark)
    features = read_features(given, grid, "map", allow_ballpark=allow_ballpark)
    if not (shapely.get_dimensions(features.geometries) == 2).all():
        raise InputError(f"The layer “{features.name}” does not consist of areas; a map that is evaluated covers "
                         "ground.")
    classes = legend or Legend.from_field(features)
    mix = classes.classify(features)
    said = np.flatnonzero(mix.sum(axis=1) > 0.5)
    label = mix[said].argmax(axis=1)
    quiet = NOTHING if classes.background is None else classes.index(classes.background)
    on_top = OnTop(features.geometries[said])
    there = on_top.at(metric.forward(shapely.point_on_surface(units)))
    mapped = np.append(label, quiet)[there]  # where none lies, that is the last
    every_m2 = ground_areas(features.geometries[said], read_crs(grid.crs, "grid"), features.name)
    ground = np.bincount(label, every_m2 * on_top.shares, len(classes.names)).astype(np.float64)
    notes, surplus = _unit_notes(reference.shapes), on_top.surplus(every_m2)
    if surplus > LEAST_OVERLAP:
        notes = (*notes, OVERLAP.format(share=surplus), *([OFTEN] if notes else []))
    feedback.progress(1.0)
    whole = reference.total_m2.sum()
    if quiet != NOTHING:  # of all that was drawn from, where that is known
        ground[quiet] = ground[quiet] + max(whole - ground.sum(), 0.0) if np.isfinite(whole) else np.nan
    return Mapped(features.name, classes.names, mapped, _translated(reference, set(classes.names), {}), None, ground,
                  notes)


def _brought(reference: Reference, crs: pyproj.CRS, allow_ballpark: bool) -> NDArray[np.object_]:
    """The units' shapes in the map's CRS, by the operation that QGIS uses; empty where it has no such place."""
    import shapely

    from ..sources.crs import operation_between

    operation = operation_between(reference.crs, crs, reference.name, pipeline=reference.operation,
                                  allow_ballpark=allow_ballpark)
    moved = operation.forward(reference.shapes).copy()
    moved[~np.isfinite(shapely.bounds(moved)).all(axis=1)] = shapely.Point()
    return moved


def _class_under(shape: object, raster: ClassRaster) -> int:
    import shapely
    from rasterio.windows import Window

    height, width = raster.shape
    a, b, c, d, e, f = (~raster.transform)[:6]
    pixels = shapely.transform(shape, lambda xy: np.column_stack([a * xy[:, 0] + b * xy[:, 1] + c,
                                                                   d * xy[:, 0] + e * xy[:, 1] + f]))
    if pixels.is_empty:
        return NOTHING
    if int(shapely.get_dimensions(pixels)) == 2:
        covered = _covered(pixels, raster)
        if covered.any():
            return int(covered.argmax())
    point = shapely.get_coordinates(shapely.point_on_surface(pixels))[0]
    column, row = int(np.floor(point[0])), int(np.floor(point[1]))
    if not (0 <= column < width and 0 <= row < height):
        return NOTHING
    return int(raster.read(Window(column, row, 1, 1))[0, 0])


def _covered(pixels: shapely.Geometry, raster: ClassRaster) -> NDArray[np.int64]:
    """How many pixels of each class (classes,) an area, in the raster's pixels, holds the middle of."""
    import shapely
    from rasterio.windows import Window

    from ..sources.burn import burn

    parts = shapely.get_parts([pixels])
    areas = parts[shapely.get_dimensions(parts) == 2]
    x0, y0, x1, y1 = pixels.bounds
    left, top = max(int(x0), 0), max(int(y0), 0)
    size = max(min(int(y1) + 1, raster.shape[0]) - top, 0), max(min(int(x1) + 1, raster.shape[1]) - left, 0)
    found = np.zeros(len(raster.names), np.int64)
    for one in windows_of(size):
        row, column, shape = int(one.row_off) + top, int(one.col_off) + left, (int(one.height), int(one.width))
        inside = burn(areas, np.ones(len(areas)), shape, (row, column), fill=0) > 0
        if inside.any():
            classes = raster.read(Window(column, row, shape[1], shape[0]))
            found += np.bincount(classes[inside & (classes != NOTHING)], minlength=len(found))
    return found


def _translated(reference: Reference, known: set[str] | None, codes: Mapping[str, str]) -> Reference:
    """The reference classes in the map's words; a code is as good as a name. Raises :class:`InputError` for others."""
    from dataclasses import replace

    found = tuple(f if known is None or f in known else codes.get(f, f) for f in reference.found)
    strange = sorted({f for f in found if known is not None and f not in known})
    if strange:
        raise InputError(f"REFERENCE “{reference.name}” finds the class {strange[0]!r}, which is none of the map's "
                         f"({', '.join(sorted(known or ()))}); correct it, or give a LEGEND that has it.")
    if known is None and not set(found) & set(codes):
        raise InputError(f"REFERENCE “{reference.name}” finds the class {min(found)!r}, and the map has only the codes "
                         f"{', '.join(codes)}; give a LEGEND that names them, or the field that holds such codes.")
    return replace(reference, found=found)


def _unit_notes(shapes: Sequence[object] | NDArray[np.object_]) -> tuple[str, ...]:
    import shapely

    flat = bool((shapely.get_dimensions(np.asarray(shapes, object)) == 2).any())
    return (FEATURES, DOMINANT) if flat else ()


def _info(given: VectorInput) -> dict[str, Any]:
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        return dict(pyogrio.read_info(given.path, layer=given.layer or 0, force_total_bounds=True))
    except (DataSourceError, DataLayerError) as error:
        raise InputError(f"The layer “{given.name or given.path}” cannot be read ({first_line(error)}); check that the "
                         "file exists and is a vector layer.") from error


def _grid_of(given: VectorInput, crs: pyproj.CRS, units: NDArray[np.object_]) -> Grid:
    """A metric grid over the layer and the units (in ``crs``, the layer's), to measure on."""
    import pyproj
    import shapely

    from ..sources.crs import fitting_utm
    from ..sources.grid import Grid

    bounds = _info(given)["total_bounds"]
    if bounds is None or not np.isfinite(bounds).all():
        raise InputError(f"The layer “{given.name or given.path}” has no features; give one that has.")
    box = shapely.total_bounds(units)
    low, high = np.fmin(bounds[:2], box[:2]), np.fmax(bounds[2:], box[2:])
    in_metres = crs.is_projected and crs.axis_info[0].unit_name == "metre"
    metric = crs if in_metres or crs.is_engineering else pyproj.CRS(fitting_utm(crs, *((low + high) / 2).tolist()))
    whole = (*low.tolist(), *high.tolist())
    xmin, ymin, xmax, ymax = whole if metric is crs else pyproj.Transformer.from_crs(
        crs, metric, always_xy=True).transform_bounds(*whole)
    side = max(max(xmax - xmin, ymax - ymin) / 2000, 1.0)
    return Grid.from_extent(metric.to_wkt(), ExtentInput(xmin - side, ymin - side, xmax + side, ymax + side), side)
