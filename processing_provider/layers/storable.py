"""What a GeoPackage can hold of a layer's columns: what is JSON or a further geometry goes into it as text."""

from __future__ import annotations

import json
from typing import Any

from qgis.core import NULL, QgsField, QgsGeometry
from qgis.PyQt.QtCore import QMetaType

from ..editing.image import is_null, plain

_AS_TEXT = (QMetaType.Type.QVariantMap, QMetaType.Type.User)
"""Maps are columns of JSON and hstore; QGIS's own types are geometries beside the layer's own."""


def storable_field(field: QgsField) -> QgsField:
    """Return the field as a GeoPackage can have it."""
    if field.type() not in _AS_TEXT:
        return QgsField(field)
    text = QgsField(field.name(), QMetaType.Type.QString)
    text.setAlias(field.alias())
    text.setConstraints(field.constraints())
    return text


def storable_value(value: Any, field: QgsField) -> Any:
    """Return a value of the layer's ``field`` as :func:`storable_field` holds it."""
    if field.type() not in _AS_TEXT:
        return value
    if is_null(value):
        return NULL
    return value.asWkt() if isinstance(value, QgsGeometry) else json.dumps(plain(value), ensure_ascii=False)
