"""Places to revisit, as a GeoPackage that field apps open: what to look at, and empty fields for what is seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray

from ..ledger.reviewed import Reviewed
from ..whole import written_whole
from .permission import Provenance
from .sentences import task_sentence

TASKS, OUTLINES = "tasks", "outlines"
OBSERVED = ("observed_class", "observed_value", "note", "photo", "observed_at", "accuracy_m", "surveyor")
"""The fields that a surveyor fills."""


def write_tasks(path: str, items: Sequence[Reviewed], crs: str, provenance: Provenance) -> None:
    """Write the layer ``tasks``, points within each proposal, and ``outlines``, its edges, in the ledger's CRS.

    ``crs`` is its WKT. The same items give the same bytes: the file's own date is the provenance's.
    """
    shapes = shapely.force_2d(shapely.from_wkb([one.discrepancy.proposal or one.discrepancy.before for one in items]))
    described = {"date": provenance.date, "made_by": provenance.made_by, "source": provenance.source}
    if provenance.reviewers:
        described["reviewers"] = ", ".join(provenance.reviewers)
    with written_whole(path) as draft, _dated(provenance.date):
        fields = _fields(items)
        pyogrio.raw.write(
            draft, shapely.to_wkb(shapely.point_on_surface(shapes)), [values for values, _ in fields.values()],
            list(fields), field_mask=[mask for _, mask in fields.values()], layer=TASKS, driver="GPKG",
            geometry_type="Point", crs=crs, dataset_options={"VERSION": "1.3"}, layer_metadata=described)
        rows = np.flatnonzero(shapely.get_dimensions(shapes) > 0)
        lines = np.array([_edges(shapes[row]) for row in rows], dtype=object)
        pyogrio.raw.write(
            draft, shapely.to_wkb(lines), [_text([items[int(row)].discrepancy.uid for row in rows])], ["uid"],
            layer=OUTLINES, driver="GPKG", geometry_type="MultiLineString", crs=crs, append=False)


def _fields(items: Sequence[Reviewed]) -> dict[str, tuple[NDArray[Any], NDArray[np.bool_] | None]]:
    found = [one.discrepancy for one in items]
    empty = np.ones(len(found), np.bool_)
    told: dict[str, list[str | None]] = {
        "uid": [d.uid for d in found], "task": [task_sentence(d) for d in found], "kind": [d.kind for d in found],
        "layer": [d.target_layer for d in found], "target_key": [d.target_key for d in found],
        "class_now": [d.class_now for d in found], "class_proposed": [d.class_proposed for d in found],
        "evidence": [d.evidence.get("sentence") for d in found],
        "licence": [d.licence_flags or None for d in found]}
    no_text, no_number = _text([None] * len(found)), np.zeros(len(found))
    no_time = np.full(len(found), np.datetime64("NaT"), "datetime64[ms]")
    return {
        **{name: (_text(values), None) for name, values in told.items()},
        "probability": (np.array([d.probability for d in found], np.float64), None),
        "observed_class": (no_text, None), "observed_value": (no_number, empty), "note": (no_text, None),
        "photo": (no_text, None), "observed_at": (no_time, empty), "accuracy_m": (no_number, empty),
        "surveyor": (no_text, None)}


def _text(values: Sequence[str | None]) -> NDArray[np.object_]:
    made = np.empty(len(values), object)
    made[:] = values
    return made


def _edges(shape: shapely.Geometry) -> shapely.Geometry:
    edge = shapely.boundary(shape) if shapely.get_dimensions(shape) == 2 else shape
    parts = shapely.get_parts(edge)
    return shapely.multilinestrings(parts[shapely.get_dimensions(parts) == 1])


@contextmanager
def _dated(date: str) -> Iterator[None]:
    """Let GDAL date the files that it writes to a day, not to the moment."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{date}T00:00:00.000Z" if date else None})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
