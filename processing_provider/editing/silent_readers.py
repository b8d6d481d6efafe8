"""Readers of a file that have fallen silent, and how to wake them.

QGIS reads a GeoPackage without locks until somebody edits it. If another program, or a reader that is still at work,
holds the file when editing begins, it stays so; once anybody then switches the file to a write-ahead log, these readers
get nothing from it any more, without a word. An empty answer is therefore no proof that a feature is gone.
"""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import QgsFeature, QgsFeatureRequest, QgsFeatureSource, QgsVectorDataProvider, QgsVectorLayer


def wake(layer: QgsVectorLayer) -> bool:
    """Let a layer in a file open that anew if it should hold features and gives none; return whether that was so.

    What stands in the layer's edit buffer stays there.
    """
    provider = layer.dataProvider()
    if layer.providerType() != "ogr" or provider.featureCount() == 0 or _gives_any(provider):
        return False
    provider.reloadData()
    return _gives_any(provider)


def features_by_id(layer: QgsVectorLayer, ids: Sequence[int],
                   source: QgsFeatureSource | None = None) -> dict[int, QgsFeature]:
    """Return the features with these ids that there are; of those in ``source``, the layer itself by default or its
    provider. The layer is woken before any of them is held to be gone.
    """
    if not ids:
        return {}
    source = layer if source is None else source
    found = _read(source, ids)
    if len(found) < len(set(ids)) and wake(layer):
        found = _read(source, ids)
    return found


def _read(source: QgsFeatureSource, ids: Sequence[int]) -> dict[int, QgsFeature]:
    return {feature.id(): QgsFeature(feature) for feature in source.getFeatures(QgsFeatureRequest(list(ids)))}


def _gives_any(provider: QgsVectorDataProvider) -> bool:
    request = QgsFeatureRequest().setNoAttributes().setFlags(QgsFeatureRequest.Flag.NoGeometry).setLimit(1)
    return next(iter(provider.getFeatures(request)), None) is not None
