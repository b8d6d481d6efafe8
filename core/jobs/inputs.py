"""The layers that a job is given: by path, with all that QGIS knows of them and the file does not say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePath

FID_FIELD = "geoloop_fid"
"""The column of a temporary copy that holds the feature's id in the layer it was copied from."""


@dataclass(frozen=True)
class SourceSettings:
    """What a layer does not say of itself: one entry of the ``SOURCES`` parameter, whose keys are layer names.

    ``class_field`` or ``value_field`` names the attribute that holds the observation; ``date``/``date_field`` and
    ``accuracy_m``/``accuracy_field`` say when and how exactly; ``lock`` is a filter expression (SQL, as in a layer's
    filter) of features that are verified: evidence, never proposed for an edit. ``off_nadir``: the imagery looks at
    this layer's objects aslant, so that roofs do not lie above footprints, and none is moved or given another shape.
    """

    key: str = ""
    class_field: str = ""
    value_field: str = ""
    date: str = ""
    date_field: str = ""
    accuracy_m: float | None = None
    accuracy_field: str = ""
    licence: str = ""
    may_trace: bool | None = None
    may_train: bool | None = None
    may_export: bool | None = None
    may_edit: bool = True
    lock: str = ""
    off_nadir: bool = False


@dataclass(frozen=True)
class RasterInput:
    """One raster layer.

    ``name`` is what the user calls it. ``crs`` is the WKT that QGIS uses (empty: the file's own). ``bands`` are names
    by meaning, one a band (empty: from band descriptions or the file's name). Of ``settings`` licence, date and what
    the imagery may be used for count.
    """

    path: str
    name: str = ""
    crs: str = ""
    bands: tuple[str, ...] = ()
    settings: SourceSettings = field(default_factory=SourceSettings)


@dataclass(frozen=True)
class VectorInput:
    """One vector layer: a file that GDAL reads, and which of its features.

    ``layer`` is the table within the file. ``name`` is what the user calls the layer, unique within a job: it is the
    ledger's ``target_layer``. ``source`` is the layer's own address when ``path`` is a temporary copy of it. ``key``
    names the field that identifies features for ever; empty: the feature id. ``where`` is a filter expression (SQL).
    ``part`` tells a copy that holds only some of the layer's features from copies of others (empty: it holds all).
    ``operation`` is the PROJ pipeline that QGIS uses from the layer's CRS to the grid's, both in x, y order (empty:
    found by PROJ, ballpark ones refused unless the job allows them). ``encoding`` is that of a shapefile's texts as
    QGIS reads them (empty: what the file says). ``crs`` as in :class:`RasterInput`. ``colors`` (``#rrggbb``)
    are those that QGIS shows the values of the class field in, by their text.
    """

    path: str
    layer: str = ""
    name: str = ""
    source: str = ""
    key: str = ""
    where: str = ""
    part: str = ""
    crs: str = ""
    operation: str = ""
    encoding: str = ""
    settings: SourceSettings = field(default_factory=SourceSettings)
    colors: dict[str, str] = field(default_factory=dict)


def by_name(inputs: Iterable[RasterInput | VectorInput]) -> dict[str, RasterInput | VectorInput]:
    """Return inputs by what the user calls them, else by their file's; by their path where another has that name."""
    found: dict[str, RasterInput | VectorInput] = {}
    for one in inputs:
        name = one.name or PurePath(one.path).stem
        found[one.path if name in found else name] = one
    return found


@dataclass(frozen=True)
class ExtentInput:
    """A rectangle ``xmin, ymin, xmax, ymax`` in the grid's CRS."""

    xmin: float
    ymin: float
    xmax: float
    ymax: float
