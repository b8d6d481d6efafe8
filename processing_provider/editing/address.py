"""Which layer is which: the address of a layer, the same however it was opened, and its name in the ledger."""

from __future__ import annotations

import os
from typing import Any

from qgis.core import QgsDataSourceUri, QgsProcessingFeedback, QgsProviderRegistry, QgsVectorLayer

from ...core.errors import InputError
from ...core.ledger import Ledger
from ..translation import tr

_ADDRESSED = ("ogr", "spatialite", "postgres")
# Formats whose file is one layer: the name of the layer says nothing more than the path.
_ONE_LAYER_A_FILE = {"ESRI Shapefile", "GeoJSON", "FlatGeobuf", "GeoJSONSeq", "Parquet", "CSV"}


def layer_address(layer: QgsVectorLayer) -> str:
    """Return the address of a layer: for files the real path and the table, for databases the server and the table,
    else what its provider calls it, without a password.
    """
    return layer_source_address(layer.source()) if layer.providerType() in _ADDRESSED else (
        QgsDataSourceUri.removePassword(layer.source()))


def layer_source_address(source: str) -> str:
    """Return the address of a layer in a file or a database from any of the forms in which it is written."""
    uri = QgsDataSourceUri(source)
    if not uri.table() or not (uri.database() or uri.service()):
        return file_address(source)
    if os.path.isfile(uri.database()):
        return f"{os.path.realpath(uri.database())}|layername={uri.table()}"
    server = uri.service() or f"{uri.host() or 'localhost'}:{uri.port() or '5432'}/{uri.database()}"
    return f"postgres://{server}/{uri.schema() or 'public'}.{uri.table()}({uri.geometryColumn()})"


def file_address(source: str) -> str:
    """Return the address of a layer within a file from any of the forms in which QGIS, GDAL or the ledger writes it."""
    parts = QgsProviderRegistry.instance().decodeUri("ogr", source)
    path = _in_folder(parts) or source
    if not os.path.exists(path):
        return source
    path, name = os.path.realpath(path), parts.get("layerName")
    tables = QgsProviderRegistry.instance().querySublayers(path)
    if any(table.driverName() in _ONE_LAYER_A_FILE for table in tables):
        return path
    if not name and tables:  # a file named without its table is opened at its first one
        name = tables[int(parts.get("layerId") or 0)].name()
    return f"{path}|layername={name}" if name else path


def _in_folder(parts: dict[str, Any]) -> str:
    """The path that a source names; of a folder of shapefiles that of the one meant."""
    path = str(parts.get("path") or "")
    return os.path.join(path, f"{parts['layerName']}.shp") if os.path.isdir(path) and parts.get("layerName") else path


def file_path(layer: QgsVectorLayer) -> str:
    """Return the path of the file that a layer lies in; empty where it lies in none."""
    if layer.providerType() == "spatialite":
        path = QgsDataSourceUri(layer.source()).database()
    elif layer.providerType() == "ogr":
        path = _in_folder(QgsProviderRegistry.instance().decodeUri("ogr", layer.source()))
    else:
        return ""
    return os.path.realpath(path) if os.path.isfile(path) else ""


def name_in_ledger(ledger: Ledger, layer: QgsVectorLayer, feedback: QgsProcessingFeedback) -> str:
    """Return what the ledger calls ``layer``: the layer with its address (by the newest of its names), else with its
    name, else the only one that any round has judged.

    Raises :class:`InputError` naming the layers that the ledger knows.
    """
    known, address = ledger.target_layers(), layer_address(layer)
    here = [name for name, uri in known if uri and layer_source_address(uri) == address]
    of_that_name = [name for name, _ in known if name == layer.name()]
    for found in ([name for name in here if name in of_that_name], here, of_that_name):
        if found:
            return found[0]
    editable = [name for name, _ in known
                if (row := ledger.source(name)).kind == "map" and row.settings.get("may_edit") is not False]
    if len(editable) == 1:
        feedback.pushInfo(tr("{target} is taken for {name}, the only editable map layer of the ledger.").format(
            target=layer.name(), name=editable[0]))
        return editable[0]
    raise InputError(
        tr("The ledger {ledger} does not know the layer {target}; it knows {known}. Choose one of these.").format(
            ledger=ledger.path, target=layer.name(), known=", ".join(name for name, _ in known) or "none"
        )
    )


def names_pushed_into(ledger: Ledger, layer: QgsVectorLayer) -> list[str]:
    """Return what the ledger calls the layers whose edits were pushed into ``layer``, which may be a copy.

    Raises :class:`InputError` naming the layers and copies that the journal knows.
    """
    address, known = layer_address(layer), ledger.journal.pushed_into()
    names = [name for name, target in known if target == address]
    if not names:
        raise InputError(
            tr("The journal of {ledger} knows no push into {target}; it knows pushes into {known}.").format(
                ledger=ledger.path, target=address, known=", ".join(target for _, target in known) or tr("no layer")
            )
        )
    return names
