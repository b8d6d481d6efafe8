"""The copy of a layer that a push edits instead of the layer itself."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from qgis.core import (
    QgsCoordinateTransformContext,
    QgsDataSourceUri,
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFieldConstraints,
    QgsFields,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QMetaType

from ...core.errors import InputError
from ...core.feedback import Feedback
from ...core.whole import check_unused, put_in_place
from ..layers.storable import storable_field, storable_value
from ..translation import tr
from .address import layer_address


@contextmanager
def edited_copy(layer: QgsVectorLayer, output: str | Path, feedback: Feedback) -> Iterator[QgsVectorLayer]:
    """Copy ``layer`` as it shows itself (its filter, all columns, the same feature ids) and hand the copy out for
    editing.

    The copy is a GeoPackage; it appears as ``output`` when the block ends well, and otherwise not at all. Raises
    :class:`InputError` if it cannot be written, or ``output`` is the layer's own file or being edited.
    """
    output = Path(output)
    if output.suffix.lower() != ".gpkg":
        raise InputError(
            tr("The edited copy {path} must be a GeoPackage; let OUTPUT end with .gpkg.").format(path=output)
        )
    if Path(layer_address(layer).split("|")[0]) == output.resolve():
        raise InputError(tr("OUTPUT {path} is the layer's own file; name another one, or use APPLY=source.").format(
            path=output))
    check_unused(output)
    # a name of its own each time: QGIS keeps connections to files it has seen for a while
    draft = output.with_name(f".{output.stem}.{secrets.token_hex(4)}.draft.gpkg")
    try:
        table = copy_table(layer)
        read, placeless = _write(layer, draft, table, feedback)
        copied = QgsVectorLayer(f"{draft}|layername={table}", layer.name(), "ogr")
        _add_placeless(copied, placeless)
        count = max(read, 0 if _only_estimates(layer) else layer.featureCount())
        if copied.featureCount() != count:
            raise InputError(tr("The copy of {layer} holds {found} of its {count} features; check the layer.").format(
                layer=layer.name(), found=copied.featureCount(), count=count))
        _take_over_rules(layer, copied)
        try:
            yield copied
        finally:
            # the provider must let go of the file before it is renamed or removed
            copied.setDataSource("", "", "memory")
        with closing(sqlite3.connect(draft)) as database:
            database.execute("PRAGMA journal_mode = DELETE")
        put_in_place(draft, output)
    except OSError as error:
        raise InputError(
            tr("The edited copy {path} cannot be written ({why}); name a file in a folder you may write to.").format(
                path=output, why=error
            )
        ) from error
    finally:
        _remove(draft)


def copy_table(layer: QgsVectorLayer) -> str:
    """Return the name of the table that a copy of ``layer`` gets."""
    return layer.name().replace("|", " ").strip() or "copy"


def _only_estimates(layer: QgsVectorLayer) -> bool:
    """Whether a layer's count of features is what a database guesses, which may be anything."""
    return layer.providerType() == "postgres" and QgsDataSourceUri(layer.source()).useEstimatedMetadata()


def _write(layer: QgsVectorLayer, path: Path, table: str, feedback: Feedback) -> tuple[int, list[QgsFeature]]:
    """Write the copy; return how many features there are, and those yet to be added, without geometry: QGIS's writer
    would give them an empty one.
    """
    read = 0
    placeless: list[QgsFeature] = []
    given, fields, id_column = layer.fields(), QgsFields(), _id_column(layer)
    own_id = given.lookupField(id_column) < 0
    if own_id:
        fields.append(QgsField(id_column, QMetaType.Type.LongLong))
    for at, field in enumerate(map(storable_field, given)):
        if own_id and at in layer.primaryKeyAttributes():  # the key of a database, which alone can make new ones
            field.setConstraints(QgsFieldConstraints())
        fields.append(field)
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", table
    options.layerOptions = [f"FID={id_column}", f"GEOMETRY_NAME={_free(('geom', 'shape', 'geoloop_shape'), fields)}"]
    options.includeConstraints = True
    writer = QgsVectorFileWriter.create(
        str(path), fields, layer.wkbType(), layer.crs(), QgsCoordinateTransformContext(), options)
    total = max(layer.featureCount(), 1)
    try:
        for read, feature in enumerate(layer.getFeatures(), 1):
            if read % 1000 == 1:
                feedback.check()
                feedback.progress(min(read / total, 1.0))
            copied = QgsFeature(fields)
            copied.setGeometry(feature.geometry())
            values = [storable_value(value, field) for value, field in zip(feature.attributes(), given, strict=True)]
            copied.setAttributes([feature.id(), *values] if own_id else values)
            if layer.isSpatial() and not feature.hasGeometry():
                placeless.append(copied)
            elif not writer.addFeature(copied, QgsFeatureSink.Flag.FastInsert):
                break
        writer.flushBuffer()
        if writer.hasError() != QgsVectorFileWriter.WriterError.NoError:
            raise InputError(tr("The edited copy {path} cannot be written: {why}").format(
                path=path, why=writer.errorMessage()))
        return read, placeless
    finally:
        del writer


def _add_placeless(copied: QgsVectorLayer, features: list[QgsFeature]) -> None:
    if features:
        provider = copied.dataProvider()
        provider.enterUpdateMode()  # else it would keep the file locked
        provider.addFeatures(features, QgsFeatureSink.Flag.FastInsert)
        provider.leaveUpdateMode()


def _id_column(layer: QgsVectorLayer) -> str:
    """Return the column that holds the feature's id in the copy: the layer's own, or one it does not use yet."""
    ids = layer.primaryKeyAttributes()
    if len(ids) == 1 and layer.providerType() == "ogr":
        return str(layer.fields().at(ids[0]).name())
    return _free(("fid", "feature_id", "geoloop_fid"), layer.fields())


def _free(names: Sequence[str], fields: QgsFields) -> str:
    """Return the first of the names that no column has: a GeoPackage tells none apart by case alone."""
    taken = {name.lower() for name in fields.names()}
    return next(name for name in names if name not in taken)


def _take_over_rules(layer: QgsVectorLayer, copied: QgsVectorLayer) -> None:
    """Give the copy what the project says of the columns: alias, default, constraints."""
    for at, field in enumerate(layer.fields()):
        to = copied.fields().lookupField(field.name())
        copied.setFieldAlias(to, layer.attributeAlias(at))
        copied.setDefaultValueDefinition(to, layer.defaultValueDefinition(at))
        if at in layer.primaryKeyAttributes() and _id_column(layer) != field.name():
            continue
        for constraint, strength in layer.fieldConstraintsAndStrength(at).items():
            copied.setFieldConstraint(to, constraint, strength)
        if layer.constraintExpression(at):
            copied.setConstraintExpression(to, layer.constraintExpression(at), layer.constraintDescription(at))


def _remove(draft: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)
