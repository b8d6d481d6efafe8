"""``geoloop:queue``."""

from __future__ import annotations

import json
import os
from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFile,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
    QgsVectorLayer,
)

from ...core.errors import InputError
from ...core.jobs import queue
from ...core.ledger import Ledger
from ...core.ledger.queue import JudgedLayer, judged_layers
from ...core.review.audit import audit_size
from ..algorithm import GeoLoopAlgorithm
from ..editing.address import layer_address, layer_source_address
from ..feedback import ProcessingFeedback
from ..given import as_text
from ..layers.judged import feature_keys
from ..parameters import explained, seed
from ..translation import tr


class Queue(GeoLoopAlgorithm):
    """Draws the next items to review, in order, the random audit among them."""

    ID = "queue"
    TITLE = "Queue for review"
    GROUP = "Review"
    TAGS = ("review", "order", "audit", "sample", "ledger", "error rate")
    ABOUT = (
        "Draws the next items to review and writes them, in order, into the ledger's table 'queue'. First comes what "
        "mends most in a reviewer's time: the probability of a real error, as earlier decisions on its like correct "
        "it, times what mending it is worth, over the seconds it takes. Neighbours share a page, one view of the map. "
        "At least a tenth are features drawn at random from the whole layers, flagged or not: they alone say how "
        "wrong a layer is. Each queue replaces the one before; decisions stay."
    )

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        whole = Qgis.ProcessingNumberParameterType.Integer
        real = Qgis.ProcessingNumberParameterType.Double
        return [
            explained(QgsProcessingParameterFile("LEDGER", tr("Ledger"), extension="gpkg"),
                      tr("The ledger (GeoPackage) that holds the discrepancies.")),
            explained(QgsProcessingParameterNumber("SIZE", tr("Number of items"), whole, 100, False, 1),
                      tr("How many items the queue gets, the audit's included. A long queue learns late: make a new "
                         "one now and then. Default: 100.")),
            explained(QgsProcessingParameterNumber("AUDIT_SHARE", tr("Share of the random audit"), real, 0.1, False,
                                                   0.1, 1.0),
                      tr("The share of items drawn at random, from 0.1 to 1; 1 for an audit alone. Queues of fewer "
                         "than 10 items may have none. Default: 0.1.")),
            explained(QgsProcessingParameterMultipleLayers("LAYERS", tr("Judged layers that have moved"),
                                                           Qgis.ProcessingSourceType.Vector, optional=True),
                      tr("Layers that were judged and are no longer where the ledger says, or were never a file; "
                         "known by their address, else by their name. The audit draws from them. Default: none, they "
                         "are opened where the ledger says."), advanced=True),
            explained(QgsProcessingParameterString("WEIGHTS", tr("What mending is worth"), optional=True,
                                                   multiLine=True),
                      tr('JSON that weights kinds and classes, such as {"kinds": {"missing": 2}, "classes": '
                         '{"hospital": 5}}: kinds in place of the usual weights, which the documentation '
                         "lists under Review, classes on top of them. 0 puts them last. Default: empty."),
                      advanced=True),
            explained(QgsProcessingParameterNumber("PAGE_WIDTH", tr("Width of a page"), real, 150.0, False, 1.0),
                      tr("The side of the ground, in metres, that a reviewer sees at once; items within it may share a "
                         "page. Default: 150."), advanced=True),
            seed(),
            explained(QgsProcessingParameterVectorDestination(
                "OUTPUT", tr("Queue as a layer"), Qgis.ProcessingSourceType.VectorAnyGeometry, None, True, False),
                tr("A GeoPackage with the items in order, their geometries and empty columns for the decision. How an "
                   "item was drawn is not in it. Default: not written.")),
        ]

    def define_outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [QgsProcessingOutputNumber("ITEMS", tr("Number of items")),
                QgsProcessingOutputNumber("PAGES", tr("Number of pages"))]

    def flags(self) -> Qgis.ProcessingAlgorithmFlag:
        return super().flags() | Qgis.ProcessingAlgorithmFlag.NoThreading

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        weights = _weights(as_text(self, parameters, "WEIGHTS", context))
        params = queue.Params(
            ledger=self.parameterAsFile(parameters, "LEDGER", context),
            size=self.parameterAsInt(parameters, "SIZE", context),
            audit_share=self.parameterAsDouble(parameters, "AUDIT_SHARE", context),
            seed=self.parameterAsInt(parameters, "SEED", context),
            kinds=weights.get("kinds", {}), classes=weights.get("classes", {}),
            page_m=self.parameterAsDouble(parameters, "PAGE_WIDTH", context),
            output=self.parameterAsOutputLayer(parameters, "OUTPUT", context) or "",
        )
        queue.check(params)
        with Ledger.open(params.ledger) as ledger:
            judged, wkt = judged_layers(ledger), ledger.crs_wkt()
        if audit_size(params.size, params.audit_share):
            given = self.parameterAsLayerList(parameters, "LAYERS", context) or []
            features = tuple(_features(one, given, wkt, context, feedback) for one in judged)
        else:
            features = ()
        made = queue.run(queue.with_features(params, features), ProcessingFeedback(feedback))
        return {"ITEMS": made["ITEMS"], "PAGES": made["PAGES"], "OUTPUT": params.output or None}


def _weights(text: str) -> dict[str, dict[str, float]]:
    """Read WEIGHTS: an object of objects of numbers."""
    if not text.strip():
        return {}
    try:
        said = json.loads(text)
    except ValueError as error:
        raise InputError(tr("WEIGHTS is no JSON ({why}); mend it.").format(why=error)) from error
    fits = isinstance(said, dict) and set(said) <= {"kinds", "classes"} and all(
        isinstance(one, dict) and all(isinstance(w, (int, float)) and not isinstance(w, bool) for w in one.values())
        for one in said.values())
    if not fits:
        raise InputError(tr('WEIGHTS must give numbers by kind and by class, such as {"kinds": {"missing": 2}}.'))
    return {name: {key: float(weight) for key, weight in one.items()} for name, one in said.items()}


def _features(
    judged: JudgedLayer, given: list[Any], wkt: str, context: QgsProcessingContext, feedback: QgsProcessingFeedback
) -> queue.LayerKeys:
    layer = _layer(judged, given, context)
    crs = QgsCoordinateReferenceSystem.fromWkt(wkt)
    to_ledger = QgsCoordinateTransform(layer.crs(), crs, context.transformContext())
    keys, boxes = feature_keys(layer, judged, to_ledger, context, feedback)
    if not keys:
        feedback.pushWarning(tr("“{layer}” has no feature where it was judged.").format(layer=judged.name))
    return queue.LayerKeys(judged.name, keys, boxes)


def _layer(judged: JudgedLayer, given: list[Any], context: QgsProcessingContext) -> QgsVectorLayer:
    """The layer that a round judged: of LAYERS, of the project, or opened where the ledger says that it lies."""
    project = context.project()
    known = [one for one in [*given, *(project.mapLayers().values() if project else ())]
             if isinstance(one, QgsVectorLayer) and one.isValid()]
    address = layer_source_address(judged.uri)
    for test in (lambda one: layer_address(one) in (address, judged.uri), lambda one: one in given
                 and one.name() == judged.name):
        found = [one for one in known if test(one)]
        if found:
            return found[0]
    layer = QgsVectorLayer(judged.uri, judged.name, "ogr")
    if not os.path.exists(judged.uri.split("|")[0]) or not layer.isValid():
        raise InputError(tr("The layer “{layer}” is no longer at {address}, and the random audit draws from all of its "
                            "features; name it in LAYERS.").format(layer=judged.name, address=judged.uri))
    if judged.encoding:
        layer.setProviderEncoding(judged.encoding)  # a shapefile need not say it
    context.temporaryLayerStore().addMapLayer(layer)
    return layer
