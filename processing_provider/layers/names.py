"""What the user calls a layer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from qgis.core import QgsMapLayer, QgsProcessingContext, QgsProviderRegistry, QgsVectorLayer

from ...core.errors import InputError
from ..translation import tr


def layer_name(layer: QgsMapLayer, context: QgsProcessingContext) -> str:
    """Return the layer's name in the project; for a file, its stem, or the table's name where the file has several."""
    project = context.project()
    if project is not None and project.mapLayer(layer.id()) is not None:
        return layer.name()
    if layer.providerType() not in ("ogr", "gdal"):
        return layer.name()
    registry = QgsProviderRegistry.instance()
    parts = registry.decodeUri(layer.providerType(), layer.source())
    if isinstance(layer, QgsVectorLayer) and len(registry.querySublayers(layer.source().split("|")[0])) > 1:
        return table_name(layer)
    packed = parts.get("vsiSuffix")  # a file within an archive
    return PurePath(str(packed or parts.get("path") or "")).stem or layer.name()


def table_name(layer: QgsVectorLayer) -> str:
    """Return the name of the table that an OGR layer reads."""
    parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
    if parts.get("layerName"):
        return str(parts["layerName"])
    tables = [entry.split("!!::!!") for entry in layer.dataProvider().subLayers()]
    number = str(parts["layerId"]) if parts.get("layerId") is not None else tables[0][0] if tables else ""
    return next((table[1] for table in tables if table[0] == number), "")


def refuse_same_names(names: Sequence[str]) -> None:
    """Raise :class:`InputError` if two layers of a run have one name: the ledger tells them apart by it."""
    for name in names:
        if list(names).count(name) > 1:
            raise InputError(tr(
                "Two of the layers in MAP and FIELD are called “{name}”; rename one, the ledger tells layers apart by "
                "name."
            ).format(name=name))
