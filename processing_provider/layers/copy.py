"""Temporary copies of layers that the engine cannot open itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsFeatureRequest,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsProcessingFeedback,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QMetaType

from ...core.errors import Cancelled, InputError
from ...core.jobs.inputs import FID_FIELD
from ..editing.image import straightened
from ..translation import tr
from .storable import storable_field, storable_value

COPY_TABLE = "features"
OWN_FIELDS = (FID_FIELD, "geoloop_row", "geoloop_shape")
"""The columns of a copy that are not the layer's: where it came from, its row, its geometry. A user's own column named
fid or geom is data and stays data.
"""


@dataclass(frozen=True)
class Snapshot:
    """A layer as it was in the main thread, edit buffer, joins and virtual fields included; readable in any thread."""

    features: QgsVectorLayerFeatureSource
    request: QgsFeatureRequest
    fields: QgsFields
    geometry_type: Qgis.WkbType
    crs: QgsCoordinateReferenceSystem

    @classmethod
    def of(cls, layer: QgsVectorLayer, only: Sequence[int] = ()) -> Snapshot:
        """Take the snapshot of ``layer``, of the features with the ids ``only`` if any are given. Main thread only.

        Raises :class:`InputError` for two fields whose names differ in case alone: a GeoPackage takes them for one.
        """
        known: dict[str, str] = {}
        for field in (field for field in layer.fields().names() if field not in OWN_FIELDS):
            other = known.setdefault(field.lower(), field)
            if other != field:
                raise InputError(tr(
                    "The fields “{one}” and “{other}” of the layer “{name}” differ in case alone, so that the layer "
                    "cannot be copied for the engine; rename one."
                ).format(one=other, other=field, name=layer.name()))
        request = QgsFeatureRequest()
        if only:
            request.setFilterFids(list(only))
        return cls(
            QgsVectorLayerFeatureSource(layer), request, QgsFields(layer.fields()),
            QgsWkbTypes.linearType(layer.wkbType()), layer.crs(),
        )


def write_copy(snapshot: Snapshot, name: str, path: Path, feedback: QgsProcessingFeedback) -> None:
    """Write the layer ``name`` as GeoPackage with one table, curves straightened, JSON as text, ids kept in
    ``geoloop_fid``.

    Raises :class:`InputError` if it cannot be written, and :class:`Cancelled`.
    """
    feedback.pushInfo(tr("Copying the layer “{name}” for the engine.").format(name=name))
    kept = [i for i in range(snapshot.fields.count()) if snapshot.fields.at(i).name() not in OWN_FIELDS]
    fields = QgsFields()
    for index in kept:
        fields.append(storable_field(snapshot.fields.at(index)))
    fields.append(QgsField(FID_FIELD, QMetaType.Type.LongLong))
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = COPY_TABLE
    options.layerOptions = [f"FID={OWN_FIELDS[1]}", f"GEOMETRY_NAME={OWN_FIELDS[2]}"]
    writer = QgsVectorFileWriter.create(
        str(path), fields, snapshot.geometry_type, snapshot.crs, QgsCoordinateTransformContext(), options
    )
    _raise_problem(writer, name)
    for feature in snapshot.features.getFeatures(snapshot.request):
        if feedback.isCanceled():
            raise Cancelled("The run was cancelled.")
        copied = QgsFeature(fields)
        values = (storable_value(feature.attribute(i), snapshot.fields.at(i)) for i in kept)
        copied.setAttributes([*values, feature.id()])
        geometry = feature.geometry()
        copied.setGeometry(straightened(geometry) if not geometry.isNull() and geometry.constGet().hasCurvedSegments()
                           else geometry)
        if not writer.addFeature(copied, QgsFeatureSink.Flag.FastInsert):
            _raise_problem(writer, name)
    if not writer.flushBuffer():
        _raise_problem(writer, name)


def _raise_problem(writer: QgsVectorFileWriter, name: str) -> None:
    if writer.hasError() != QgsVectorFileWriter.WriterError.NoError:
        raise InputError(tr("The layer “{name}” cannot be copied for the engine: {why}").format(
            name=name, why=writer.errorMessage()
        ))
