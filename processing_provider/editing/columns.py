"""Which column of a layer a value of the ledger goes into, and whether the column takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.core import QgsExpression, QgsFeature, QgsFeatureRequest, QgsField, QgsVectorLayer, QgsVectorLayerUtils

from ...core.errors import InputError
from ...core.ledger import attribute_text
from ..translation import tr
from .image import from_json, is_null, own_fields, plain


class RefusalError(Exception):
    """An edit that cannot be applied. ``stale``: because the layer has moved on since the flag was raised."""

    def __init__(self, why: str, *, stale: bool = False) -> None:
        super().__init__(why)
        self.stale = stale


def column_of(layer: QgsVectorLayer, name: str) -> int:
    """Return the place of the column ``name``: by exact name, in any case, then by alias; -1 if there is none."""
    names = own_fields(layer).names()
    if name in names:
        return names.index(name)
    lowered = name.lower()
    for candidates in ([n.lower() for n in names], [layer.attributeAlias(i).lower() for i in range(len(names))]):
        places = [at for at, candidate in enumerate(candidates) if candidate == lowered]
        if len(places) == 1:
            return places[0]
    return -1


def unknown_columns(expression: QgsExpression, layer: QgsVectorLayer) -> list[str]:
    """Return the columns that an expression speaks of and the layer does not have, found as QGIS finds them: whatever
    their case, or by alias.
    """
    return sorted(name for name in expression.referencedColumns()
                  if name != QgsFeatureRequest.ALL_ATTRIBUTES and layer.fields().lookupField(name) < 0)


class ColumnTable:
    """Which column of a layer takes which value of the ledger; ``said`` is the user's table, from names to columns.

    Raises :class:`InputError` if that names a column which the layer does not have.
    """

    def __init__(self, layer: QgsVectorLayer, said: Mapping[str, str]) -> None:
        self._layer, self._said = layer, said
        self._places: dict[str, int] = {}
        for name, column in said.items():
            if column_of(layer, column) < 0:
                raise InputError(tr("COLUMNS says that {name} goes into {column}, but the layer {layer} has only "
                                    "{known}.").format(name=name, column=column, layer=layer.name(),
                                                       known=", ".join(own_fields(layer).names()) or tr("no columns")))

    def fitting(self, values: Mapping[str, Any]) -> tuple[dict[int, Any], list[str]]:
        """Return the values by column, as the columns hold them, and the names that have no column.

        Raises :class:`RefusalError` for a value that a column cannot hold whole.
        """
        fitting: dict[int, Any] = {}
        unmapped = []
        for name, value in values.items():
            if name not in self._places:
                self._places[name] = column_of(self._layer, self._said.get(name, name))
            at = self._places[name]
            if at < 0:
                unmapped.append(name)
            else:
                fitting[at] = _held(self._layer.fields().at(at), value)
        return fitting, sorted(unmapped)


def check_constraints(layer: QgsVectorLayer, feature: QgsFeature, columns: list[int]) -> None:
    """Raise :class:`RefusalError` if the feature breaks a constraint of one of these columns."""
    for at in columns:
        ok, errors = QgsVectorLayerUtils.validateAttribute(layer, feature, at)
        if not ok:
            raise RefusalError(tr("the column {column} refuses the value {value}: {why}").format(
                column=layer.fields().at(at).name(), value=feature.attribute(at), why="; ".join(errors)))


def _held(field: QgsField, value: Any) -> Any:
    """Return the value as the column holds it, which must be all of it: QGIS would round and cut silently."""
    given = from_json(value, field)
    try:
        held = field.convertCompatible(given)
    except ValueError as error:
        raise RefusalError(tr("the column {column} cannot hold {value}: {why}").format(
            column=field.name(), value=value, why=error)) from error
    if type(held) is type(given) and held == given and value is not None:
        return held
    if is_null(given) != (value is None) or attribute_text(plain(held)) != attribute_text(plain(given)):
        raise RefusalError(
            tr("the column {column} cannot hold {value} exactly").format(column=field.name(), value=value)
        )
    return held
