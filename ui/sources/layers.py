"""The layers that SOURCES can speak of: those that the other parameters of the dialog name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingUtils, QgsProject, QgsRasterLayer, QgsVectorLayer

from ...core.errors import LedgerError
from ...core.ledger import Ledger
from ...processing_provider.layers.names import layer_name

LAYERS_OF = ("MAP", "FIELD", "IMAGERY")
LEDGER = "LEDGER"


@dataclass(frozen=True)
class AskedLayer:
    """A layer by the name that SOURCES must use; imagery has no fields, and is asked less."""

    name: str
    fields: tuple[str, ...] = ()
    is_imagery: bool = False


def asked_layers(values: Mapping[str, Any]) -> list[AskedLayer]:
    """Return the layers that parameters name, each name once: those of MAP, FIELD and IMAGERY, others, then a ledger's.

    ``values`` are what the dialog holds, by parameter. What cannot be opened is left out: the run itself says so.
    """
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    found: dict[str, AskedLayer] = {}
    try:
        for parameter in sorted(set(values) - {LEDGER}, key=_place):
            for one in _listed(values[parameter]):
                layer = QgsProcessingUtils.mapLayerFromString(one, context) if isinstance(one, str) else one
                if layer is not None and layer.isValid():
                    fields = tuple(layer.fields().names()) if isinstance(layer, QgsVectorLayer) else ()
                    name = layer_name(layer, context)
                    found.setdefault(name, AskedLayer(name, fields, isinstance(layer, QgsRasterLayer)))
    finally:
        context.temporaryLayerStore().removeAllMapLayers()
    for known in _of_ledger(values.get(LEDGER)):
        found.setdefault(known.name, known)
    return list(found.values())


def _place(parameter: str) -> tuple[int, str]:
    """Where the layers of a parameter stand among all."""
    return LAYERS_OF.index(parameter) if parameter in LAYERS_OF else len(LAYERS_OF), parameter


def _listed(value: Any) -> Iterable[Any]:
    if isinstance(value, list | tuple):
        return value
    return [] if value in (None, "") else [value]


def _of_ledger(path: Any) -> list[AskedLayer]:
    """The layers of a ledger's rounds; none where there is no ledger yet."""
    if not isinstance(path, str) or not os.path.isfile(path):
        return []
    try:
        with Ledger.open(path) as ledger:
            rows = ledger.read("SELECT DISTINCT layer, kind FROM sources ORDER BY kind, layer")
            return [AskedLayer(row["layer"], (), row["kind"] == "imagery") for row in rows]
    except LedgerError:
        return []
