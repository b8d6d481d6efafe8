"""What has become of a feature since it was flagged, told apart by its parts: an edit minds only those that it touches.

The ledger keeps the watched values as they were and one signature over them and the geometry. So the geometry is the
one that was flagged if it gives that signature with the old values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qgis.core import QgsFeature

from ...core.ledger import PlannedEdit, attribute_text, signature
from .image import Columns, geometry_wkb, plain, straight, watched_signature

GEOMETRY = "geometry"


@dataclass(frozen=True)
class Flagged:
    """A feature as it stands before any edit, and what of it has changed since it was flagged: names of watched
    columns, and :data:`GEOMETRY`.
    """

    feature: QgsFeature
    changed: frozenset[str] = frozenset()


def compared(edit: PlannedEdit, feature: QgsFeature, layer: Columns, watched: Mapping[str, int]) -> Flagged:
    """Compare a feature with what was flagged; ``watched`` are the places of the watched columns in the layer."""
    if watched_signature(feature, layer, watched) == edit.signature:
        return Flagged(feature)
    changed = {layer.names[at] for name, at in watched.items()
               if attribute_text(plain(feature.attribute(at))) != attribute_text(edit.before_values.get(name))}
    same_shape = signature(straight(geometry_wkb(feature)), edit.before_values, geographic=layer.geographic)
    if same_shape != edit.signature:
        changed.add(GEOMETRY)
    return Flagged(feature, frozenset(changed))
