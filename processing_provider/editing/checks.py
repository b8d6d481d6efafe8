"""Whether a layer can be edited at all, said before anything is done."""

from __future__ import annotations

import os

from qgis.core import Qgis, QgsProject, QgsVectorDataProvider, QgsVectorLayer

from ...core.errors import InputError
from ..translation import tr
from .address import file_path

# Formats in which each edit writes the whole file anew and gives every feature another id.
_WRITTEN_ANEW = ("FlatGeobuf",)


def check_editable(layer: QgsVectorLayer) -> None:
    """Raise :class:`InputError`, naming the layer and the mend, if edits could not be written into ``layer``."""
    name, path = layer.name(), file_path(layer)
    if path and (not os.access(path, os.W_OK) or not os.stat(path).st_mode & 0o222):
        raise InputError(tr("The file {path} is read-only; make it writable, or push into a copy.").format(path=path))
    if layer.isEditable():
        raise InputError(tr("The layer {layer} is being edited; save or discard these edits first.").format(layer=name))
    wanted = (QgsVectorDataProvider.Capability.AddFeatures | QgsVectorDataProvider.Capability.DeleteFeatures
              | QgsVectorDataProvider.Capability.ChangeAttributeValues
              | QgsVectorDataProvider.Capability.ChangeGeometries)
    kind = layer.dataProvider().storageType()
    if layer.readOnly() or layer.dataProvider().capabilities() & wanted != wanted or kind in _WRITTEN_ANEW:
        raise InputError(tr("The layer {layer} cannot be edited in its format ({provider}); push into a copy.").format(
            layer=name, provider=kind or layer.providerType()))
    project = QgsProject.instance()
    if project.mapLayer(layer.id()) and project.transactionMode() != Qgis.TransactionMode.Disabled:
        # commits and undo of such a project reach into other layers, and report success where there was none
        raise InputError(tr("The project edits its layers in transaction groups, in which edits cannot be taken back "
                            "one by one; set the transaction mode of the project to local edit buffers."))
