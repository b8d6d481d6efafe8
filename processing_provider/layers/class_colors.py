"""The colours that a layer's classes have in QGIS already: results are shown in the same."""

from __future__ import annotations

from qgis.core import QgsCategorizedSymbolRenderer, QgsExpression, QgsVectorLayer

from ...core.ledger.signature import value_text
from ..editing.image import is_null


def class_colors(layer: QgsVectorLayer, field: str) -> dict[str, str]:
    """Return ``#rrggbb`` by the text of each value of ``field`` that the layer shows as a category of its own; empty
    where it is shown by something else.
    """
    renderer = layer.renderer()
    if not field or not isinstance(renderer, QgsCategorizedSymbolRenderer):
        return {}
    shown = QgsExpression(renderer.classAttribute())
    if not shown.isField() or {one.lower() for one in shown.referencedColumns()} != {field.lower()}:
        return {}
    found = {}
    for category in renderer.categories():
        value = category.value()
        for one in value if isinstance(value, list) else [value]:
            text = "" if is_null(one) else value_text(one).strip()
            if text and category.symbol() is not None:
                found[text] = category.symbol().color().name()
    return found
