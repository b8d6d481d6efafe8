"""Features with curves: judged straightened, known again as they are, and as curved after an edit as before."""

from __future__ import annotations

import pytest
from osgeo import ogr
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
)

from geoloop.core.jobs.inputs import SourceSettings
from geoloop.core.ledger import signature
from geoloop.processing_provider.editing.image import watched_signature
from geoloop.processing_provider.layers.vectors import vector_layer

from .conftest import GRID


def outlines(layer) -> dict[int, bytes]:
    return {feature.id(): feature.geometry().asWkb().data() for feature in layer.getFeatures()}


def test_what_the_engine_was_given_has_the_signature_that_a_push_asks_for(town, tmp_path):
    layer = town(wkb_type=ogr.wkbCurvePolygon).layer()
    given = vector_layer(
        layer, "houses", settings=SourceSettings(), key="", selected_only=False, context=QgsProcessingContext(),
        grid=QgsCoordinateReferenceSystem(GRID), allow_ballpark=False).write(tmp_path, QgsProcessingFeedback())
    file = ogr.Open(given.path)
    judged = {feature["geoloop_fid"]: signature(bytes(feature.GetGeometryRef().ExportToIsoWkb()), {}, geographic=False)
              for feature in file.GetLayerByName(given.layer)}
    assert judged == {feature.id(): watched_signature(feature, layer, {}) for feature in layer.getFeatures()}


def test_curves_stay_curves_through_push_and_undo(town, push, undo, house):
    place = town(wkb_type=ogr.wkbCurvePolygon)
    before, rows = outlines(place.layer()), place.rows()
    place.flags(("retag", 1, None, {"building": "church"}), ("reshape", 2, house(1, size=9), {}),
                ("delete", 3, None, {}))
    assert push(place)["APPLIED"] == 3
    after = outlines(place.layer())
    assert {fid for fid in after if after[fid] != before[fid]} == {2}
    assert sorted(before.keys() - after.keys()) == [3]
    assert undo(place)["UNDONE"] == 3
    assert (outlines(place.layer()), place.rows()) == (before, rows)


def test_a_curved_feature_that_was_changed_since_is_stale(town, push, edit_by_hand):
    place = town(wkb_type=ogr.wkbCurvePolygon)
    place.flags(("delete", 1, None, {}), ("delete", 2, None, {}))

    def bulge(layer):
        feature = layer.getFeature(1)
        geometry = feature.geometry()
        geometry.moveVertex(geometry.vertexAt(1).x(), geometry.vertexAt(1).y() - 2, 1)
        assert layer.changeGeometry(1, geometry)

    edit_by_hand(place.layer(), bulge)
    with pytest.raises(QgsProcessingException, match=r"1 of 2 edits.*\n.*feature 1 .*has been changed since"):
        push(place)
    assert sorted(outlines(place.layer())) == [1, 3, 4, 5, 6]
