"""What a feature's id is worth: for ever, until another feature is deleted, or until the layer is closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from qgis.core import QgsFeatureRequest, QgsVectorLayer
from qgis.PyQt.QtCore import QMetaType

from ...core.jobs.inputs import FID_FIELD
from ...core.ledger import JournalLine, key_text
from .address import file_path
from .image import own_fields, plain

# Files in which a feature's id is its place: it changes when another feature is deleted.
_PLACE_IS_ID = (".shp", ".dbf", ".geojson", ".json", ".geojsonl", ".csv", ".gml", ".kml")
GONE = -1_000_000_000
"""From here downward: ids for features that are not there; no edit buffer counts so far."""


def ids_renumber(layer: QgsVectorLayer) -> bool:
    """Whether the ids of this layer's features may change when one of them is deleted."""
    return file_path(layer).lower().endswith(_PLACE_IS_ID)


def ids_last(layer: QgsVectorLayer) -> bool:
    """Whether a feature has the same id when the layer is opened again. QGIS numbers the rows of a PostgreSQL table as
    it meets them, unless their key is an integer of four bytes or less.
    """
    keys = layer.primaryKeyAttributes()
    return layer.providerType() != "postgres" or (
        len(keys) == 1 and layer.fields().at(keys[0]).type() == QMetaType.Type.Int)


def key_column(layer: QgsVectorLayer, key: str) -> str:
    """Return the column that identifies the layer's features: ``key`` of the ledger; empty: the provider's id does,
    also where the layer was flagged by a copy that had the id in a column of its own.
    """
    return "" if key == FID_FIELD and layer.fields().lookupField(key) < 0 else key


def located(layer: QgsVectorLayer, lines: Iterable[JournalLine]) -> list[JournalLine]:
    """Return journal lines with the ids that their features have in the layer as it is open now, by their keys."""
    if ids_last(layer):
        return list(lines)
    places = layer.primaryKeyAttributes()
    names = [own_fields(layer).at(at).name() for at in places]
    request = QgsFeatureRequest().setFlags(QgsFeatureRequest.Flag.NoGeometry).setSubsetOfAttributes(places)
    ids = {tuple(_text(feature.attribute(at)) for at in places): feature.id() for feature in layer.getFeatures(request)}
    found = []
    for line in lines:
        values = line.after_values or line.before_values or {}
        key = tuple(key_text(values.get(name)) for name in names)
        found.append(replace(line, fid=ids.setdefault(key, GONE - len(ids))))
    return found


def _text(value: Any) -> str:
    return key_text(plain(value))
