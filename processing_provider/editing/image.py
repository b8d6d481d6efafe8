"""A feature as the journal keeps it: its geometry and all its attributes, so that it can be brought back."""

from __future__ import annotations

import base64
import datetime
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsReferencedGeometry,
    QgsUnsetAttributeValue,
    QgsVariantUtils,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QByteArray, QDate, QDateTime, QMetaType, Qt, QTime

from ...core.errors import InputError
from ...core.ledger import attribute_text, signature

ISO = Qt.DateFormat.ISODateWithMs
_PLAIN = (str, int, float, bool)
"""Types of values that are Python's own already, and never null."""
_MAY_CURVE = range(7, 13)
"""Types of well-known binary that are curves, or may hold some: collections, curves, and what is bounded by them."""
_TIMES = (QDate, QDateTime, QTime)


@dataclass(frozen=True)
class Columns:
    """What images need to know of a layer, read once where there are many: the columns that it stores itself (joined
    and computed ones come after these), which of them are the provider's own id, and the kind of its CRS.
    """

    names: tuple[str, ...]
    ids: frozenset[str]
    geographic: bool

    @classmethod
    def of(cls, layer: QgsVectorLayer | Columns) -> Columns:
        """Read the columns of a layer; those of columns are they themselves."""
        if isinstance(layer, Columns):
            return layer
        names = tuple(own_fields(layer).names())
        return cls(names, frozenset(names[at] for at in layer.primaryKeyAttributes()), layer.crs().isGeographic())


@dataclass(frozen=True)
class Image:
    """One feature: ``wkb`` in the layer's own CRS (None: no geometry), ``values`` by column, as JSON can hold them.

    Its methods take the layer, or the layer's :class:`Columns` where there are many features.
    """

    wkb: bytes | None
    values: dict[str, Any]

    @classmethod
    def of(cls, feature: QgsFeature, layer: QgsVectorLayer | Columns) -> Image:
        """Return the image of a feature, read from the layer or from its provider."""
        names = Columns.of(layer).names
        return cls(geometry_wkb(feature), {
            name: value if type(value) in _PLAIN else to_json(value)
            for name, value in zip(names, feature.attributes(), strict=False)
        })

    def changed(self, geometry: QgsGeometry | None, values: Mapping[str, Any]) -> Image:
        """Return the image of the feature with this geometry (None: its own) and these values, as QGIS holds them."""
        return Image(self.wkb if geometry is None else geometry.asWkb().data(), {
            **self.values, **{name: to_json(value) for name, value in values.items()}})

    def signature(self, layer: QgsVectorLayer | Columns) -> str:
        """Return the signature over the geometry and every column but the provider's own id."""
        columns = Columns.of(layer)
        values = {name: value for name, value in self.values.items() if name not in columns.ids}
        return signature(straight(self.wkb), values, geographic=columns.geographic)

    def shape(self, layer: QgsVectorLayer | Columns) -> str:
        """Return the signature over the geometry alone."""
        return signature(straight(self.wkb), {}, geographic=Columns.of(layer).geographic)

    def looks_like(self, other: Image | None, layer: QgsVectorLayer | Columns) -> bool:
        """Whether the signatures are the same, without computing them where values or bytes tell already."""
        if other is None:
            return False
        if self.wkb == other.wkb and self.values == other.values:
            return True
        columns = Columns.of(layer)
        for name in columns.names:
            mine, theirs = self.values.get(name), other.values.get(name)
            if mine != theirs and name not in columns.ids and attribute_text(mine) != attribute_text(theirs):
                return False
        return self.wkb == other.wkb or self.signature(columns) == other.signature(columns)


def own_fields(layer: QgsVectorLayer) -> QgsFields:
    """Return the columns that the layer itself stores; they have the same places in ``layer.fields()``."""
    return layer.dataProvider().fields()


def geometry_wkb(feature: QgsFeature) -> bytes | None:
    """Return the well-known binary of a feature's geometry; None where it has none."""
    return feature.geometry().asWkb().data() if feature.hasGeometry() else None


def straightened(geometry: QgsGeometry) -> QgsGeometry:
    """Return a geometry without curves, as the engine is given it."""
    return QgsGeometry(geometry.constGet().segmentize())


def straight(wkb: bytes | None) -> bytes | None:
    """Return what ``wkb`` holds without curves: what was flagged was signed so."""
    if wkb is None:
        return None
    code = int.from_bytes(wkb[1:5], "little" if wkb[0] else "big")
    return straightened(geometry_of(wkb)).asWkb().data() if (code & 0x0FFFFFFF) % 1000 in _MAY_CURVE else wkb


def geometry_of(wkb: bytes | None) -> QgsGeometry:
    """Return the geometry that ``wkb`` holds."""
    geometry = QgsGeometry()
    if wkb is not None:
        geometry.fromWkb(wkb)
    return geometry


def watched_signature(feature: QgsFeature, layer: QgsVectorLayer | Columns, columns: Mapping[str, int]) -> str:
    """Return the signature as flagging made it: ``columns`` are the watched names and their places in the layer."""
    values = {name: plain(feature.attribute(at)) for name, at in columns.items()}
    return signature(straight(geometry_wkb(feature)), values, geographic=Columns.of(layer).geographic)


def is_null(value: Any) -> bool:
    """Whether QGIS holds this value to be missing."""
    kind = type(value)
    if kind in _PLAIN:
        return False
    if kind in _TIMES:
        return value.isNull()
    if isinstance(value, QgsUnsetAttributeValue):  # what QGIS 3.44 gives a new feature until the provider fills it in
        return True
    if isinstance(value, QgsGeometry):
        return value.isNull()
    return value is None or value == NULL or QgsVariantUtils.isNull(value)


def plain(value: Any) -> Any:
    """Return a value of Qt as Python's own, as the engine's readers give it."""
    if type(value) in _PLAIN:
        return value
    if is_null(value):
        return None
    if isinstance(value, QDateTime):
        if value.timeSpec() == Qt.TimeSpec.LocalTime:  # a layer's clock time that says no zone
            return value.toPyDateTime()
        return value.toUTC().toPyDateTime().replace(tzinfo=datetime.UTC)
    if isinstance(value, QDate):
        return value.toPyDate()
    if isinstance(value, QTime):
        return value.toPyTime()
    if isinstance(value, QByteArray):
        return value.data()
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return value.asWkt() if isinstance(value, QgsGeometry) else value


def to_json(value: Any) -> Any:
    """Return a value as JSON can hold it, so that :func:`from_json` gives the same back."""
    if type(value) in _PLAIN:
        return value
    if is_null(value):
        return None
    if isinstance(value, (QDateTime, QTime)):
        return value.toString(ISO)
    if isinstance(value, QDate):
        return value.toString(Qt.DateFormat.ISODate)
    if isinstance(value, QByteArray):
        return {"base64": base64.b64encode(value.data()).decode()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, QgsReferencedGeometry):
        return {"wkt": value.asWkt(), "crs": value.crs().authid() or value.crs().toWkt()}
    raise InputError(f"An attribute holds {type(value).__name__}, which the journal cannot keep; the edit was refused.")


def from_json(value: Any, field: QgsField) -> Any:
    """Return the value that a column of this type is given for what :func:`to_json` made of it; JSON may be a text."""
    if value is None:
        return NULL
    if isinstance(value, dict) and set(value) == {"base64"}:
        return QByteArray(base64.b64decode(value["base64"]))
    if isinstance(value, dict) and set(value) == {"wkt", "crs"}:
        crs = QgsCoordinateReferenceSystem()
        crs.createFromUserInput(value["crs"])
        return QgsReferencedGeometry(QgsGeometry.fromWkt(value["wkt"]), crs)
    if isinstance(value, str):
        kind = field.type()
        if kind == QMetaType.Type.QDateTime:
            return QDateTime.fromString(value, ISO)
        if kind == QMetaType.Type.QDate:
            return QDate.fromString(value, Qt.DateFormat.ISODate)
        if kind == QMetaType.Type.QTime:
            return QTime.fromString(value, ISO)
        if kind == QMetaType.Type.QVariantMap:
            with suppress(ValueError):
                return json.loads(value)
    return value
