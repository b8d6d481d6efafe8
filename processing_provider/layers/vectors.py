"""Map and field layers as inputs of a job: files by path, all others by a temporary GeoPackage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsDataSourceUri,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProviderRegistry,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ...core.errors import InputError
from ...core.jobs.inputs import FID_FIELD, SourceSettings, VectorInput
from ..translation import tr
from .class_colors import class_colors
from .copy import COPY_TABLE, Snapshot, write_copy
from .crs import has_crs
from .fields import own_name
from .names import table_name
from .operation import operation_to_grid
from .rasters import absolute
from .settings import with_own_fields

MOST_LETTERS = 60
"""Of a layer's name in that of its copy: file systems take 255 bytes."""
# Formats that the engine's GDAL reads just as QGIS's does, feature ids included.
_FILE_FORMATS = ("GPKG", "ESRI Shapefile", "GeoJSON", "GeoJSONSeq", "FlatGeobuf", "SQLite")


@dataclass(frozen=True)
class VectorLayer:
    """One layer, read as far as the main thread must: ``input`` is complete but for a copy still to be written."""

    input: VectorInput
    snapshot: Snapshot | None = None

    def write(self, folder: Path, feedback: QgsProcessingFeedback) -> VectorInput:
        """Return the job's input; writes the copy into ``folder`` if one is needed. May run in any thread."""
        if self.snapshot is None:
            return self.input
        path = _free(folder, self.input.name)
        write_copy(self.snapshot, self.input.name, path, feedback)
        return replace(self.input, path=str(path))


def vector_layer(
    layer: QgsVectorLayer, name: str, *, settings: SourceSettings, key: str, selected_only: bool,
    grid: QgsCoordinateReferenceSystem, context: QgsProcessingContext, allow_ballpark: bool, only: Sequence[int] = (),
) -> VectorLayer:
    """Read ``layer`` for a job on ``grid``. ``key`` names the key field if the layer has it and SOURCES names none;
    ``only`` are the ids of the features that count, if not all do.

    Raises :class:`InputError` for a layer without geometry or CRS, an unknown field, or a ballpark operation.
    """
    if not layer.isSpatial():
        raise InputError(tr("The layer “{name}” has no geometry; use a layer of points, lines or areas.").format(
            name=name
        ))
    if not has_crs(layer):
        raise InputError(tr(
            "The layer “{name}” has no coordinate reference system; set it in the layer's properties or with "
            "native:assignprojection."
        ).format(name=name))
    settings = with_own_fields(name, settings, layer.fields())
    selection = only or (layer.selectedFeatureIds() if selected_only else [])
    read = VectorInput(
        path="", name=name, settings=settings, colors=class_colors(layer, settings.class_field),
        key=settings.key or own_name(key, layer.fields()),
        crs=layer.crs().toWkt(Qgis.CrsWktVariant.Preferred),
        operation=operation_to_grid(name, layer.crs(), grid, context.transformContext(), allow_ballpark),
    )
    if is_plain_file(layer) and not selection:
        return VectorLayer(replace(
            read, path=absolute(layer.source().split("|")[0]), layer=table_name(layer), where=layer.subsetString(),
            encoding=_encoding(layer),
        ))
    copied = replace(read, layer=COPY_TABLE, source=QgsDataSourceUri.removePassword(layer.source()),
                     key=read.key or _lasting_key(layer) or FID_FIELD, part=_part(layer, selection))
    return VectorLayer(copied, Snapshot.of(layer, selection))


def _part(layer: QgsVectorLayer, selection: Sequence[int]) -> str:
    """Return the layer's filter and a digest of the ids that are selected, empty where neither leaves anything out."""
    ids = sha256(repr(sorted(selection)).encode()).hexdigest()[:16] if selection else ""
    return " ".join(filter(None, (layer.subsetString(), ids and f"selected {ids}")))


def _lasting_key(layer: QgsVectorLayer) -> str:
    """Return the column that is the primary key of a database's table: ids are numbers of one session there."""
    keys = layer.primaryKeyAttributes()
    return str(layer.fields().at(keys[0]).name()) if layer.providerType() == "postgres" and len(keys) == 1 else ""


def _encoding(layer: QgsVectorLayer) -> str:
    """Return the encoding that QGIS reads a shapefile's texts with: the file need not say it, and users may correct it.
    """
    encoding = str(layer.dataProvider().encoding()) if layer.storageType() == "ESRI Shapefile" else ""
    return "" if encoding.lower() == "system" else encoding


def is_plain_file(layer: QgsVectorLayer) -> bool:
    """Whether the engine, reading the layer's file, sees just what QGIS shows: no archive, edits, joins or curves."""
    if layer.providerType() != "ogr" or layer.storageType() not in _FILE_FORMATS:
        return False
    parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
    plain_address = not any(
        parts.get(part) for part in ("vsiPrefix", "geometryType", "uniqueGeometryType", "openOptions")
    )
    plain_filter = not layer.subsetString().lstrip().lower().startswith("select ")
    edited = layer.isEditable() and layer.isModified()
    own_fields = all(
        layer.fields().fieldOrigin(i) == Qgis.FieldOrigin.Provider for i in range(layer.fields().count())
    )
    curved = QgsWkbTypes.isCurvedType(layer.wkbType())
    return plain_address and plain_filter and own_fields and not edited and not curved


def _free(folder: Path, name: str) -> Path:
    """Return a path for the copy of a layer: what differs only in signs that no file should have gets a number."""
    stem = re.sub(r"[^\w-]+", "_", name)[:MOST_LETTERS] or "layer"
    path, number = folder / f"{stem}.gpkg", 1
    while path.exists():
        number += 1
        path = folder / f"{stem} {number}.gpkg"
    return path
