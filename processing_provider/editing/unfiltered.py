"""A layer as it is without its filter: an edit may lead out of that, and what then is hidden is there all the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from qgis.core import QgsVectorLayer


@contextmanager
def unfiltered(layer: QgsVectorLayer) -> Iterator[None]:
    """Let a layer, whose edit buffer holds nothing that is not saved, see what its filter hides."""
    filtered = layer.subsetString()
    if filtered:
        layer.dataProvider().setSubsetString("", False)
    try:
        yield
    finally:
        if filtered:
            layer.dataProvider().setSubsetString(filtered)  # the provider may be another: the layer was read anew
