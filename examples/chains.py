"""The example chains: models for QGIS's modeler that join GeoLoop's algorithms into a task from end to end.

    python3 examples/chains.py [FOLDER]

Run by QGIS's Python. Writes one .model3 each into FOLDER, the plugin's ``chains`` if none is named. The files are what
is shipped; this says in one place what they are made of.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / ".dev"), "/usr/share/qgis/python/plugins"]

from qgis.core import (  # noqa: E402
    Qgis,
    QgsApplication,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFile,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtCore import QPointF  # noqa: E402

RASTERS, VECTORS = Qgis.ProcessingSourceType.Raster, Qgis.ProcessingSourceType.VectorAnyGeometry
GROUP = "GeoLoop"
ROW, COLUMN = 110.0, 240.0


@dataclass(frozen=True)
class Of:
    """The output of an earlier step, as the input of a later one."""

    step: str
    output: str


@dataclass(frozen=True)
class Else:
    """One of the chain's inputs, or ``value`` where it is left out: QGIS asks for its default only in the dialog."""

    name: str
    value: str


@dataclass(frozen=True)
class Step:
    """One algorithm of a chain.

    ``given`` says what each parameter gets: the name of one of the chain's inputs as ``"@name"``, an output as
    :class:`Of`, an input with a default of its own as :class:`Else`, or a value; a list of those for parameters that
    take several layers. ``results`` are the outputs that the chain hands on, by their name in the chain.
    """

    name: str
    algorithm: str
    says: str
    given: Mapping[str, Any]
    results: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Chain:
    """A model: the name of its file, its inputs, each with its help, and its steps."""

    name: str
    title: str
    about: str
    inputs: Sequence[tuple[QgsProcessingParameterDefinition, str]]
    steps: Sequence[Step]


def rasters(name: str, title: str) -> QgsProcessingParameterDefinition:
    return QgsProcessingParameterMultipleLayers(name, title, RASTERS)


def vectors(name: str, title: str, optional: bool = False) -> QgsProcessingParameterDefinition:
    return QgsProcessingParameterMultipleLayers(name, title, VECTORS, optional=optional)


def text(name: str, title: str) -> QgsProcessingParameterDefinition:
    return QgsProcessingParameterString(name, title, optional=True)


def file(name: str, title: str, optional: bool = False) -> QgsProcessingParameterDefinition:
    return QgsProcessingParameterFile(name, title, optional=optional)


def extent() -> tuple[QgsProcessingParameterDefinition, str]:
    return (QgsProcessingParameterExtent("extent", "Extent", optional=True),
            "The area to work on, in any CRS. Empty: all that the imagery covers.")


def effort() -> tuple[QgsProcessingParameterDefinition, str]:
    return (QgsProcessingParameterEnum("effort", "Effort", ["quick", "normal", "long"], defaultValue="quick",
                                       usesStaticStrings=True),
            "How long the network is fitted: quick takes some minutes, normal five times as long, long twenty times.")


def items() -> tuple[QgsProcessingParameterDefinition, str]:
    return (QgsProcessingParameterNumber("items", "Items to review", Qgis.ProcessingNumberParameterType.Integer, 100,
                                         False, 1),
            "How many places the queue holds, a tenth of them drawn at random.")


SOURCES_HELP = ('What the layers do not say of themselves, as JSON by layer name, such as {"fields": {"class_field": '
                '"crop"}}.')
LEGEND_HELP = ("The classes: a JSON file, or one of the shipped legends buildings and landcover. Empty: the values of "
               "the first map layer's class field.")

IMAGERY_TO_POLYGONS = Chain(
    "imagery_to_polygons", "Imagery to polygons",
    "Brings rasters of several resolutions onto one grid, runs a model over them, and turns its classes into polygons.",
    [(rasters("imagery", "Imagery"), "The rasters that the model needs between them, such as the bands of one scene."),
     (file("model", "Model"), "An ONNX file, or a model that GeoLoop wrote."),
     (text("card", "Model card"), "What the model expects, where it does not say so itself: a file, or a shipped card "
                                  "such as dynamicworld."),
     extent()],
    [Step("stack", "geoloop:stackimagery", "Prepare: all bands on one grid",
          {"INPUT": "@imagery", "EXTENT": "@extent"}),
     Step("predict", "geoloop:predict", "Predict: the class of each pixel",
          {"IMAGERY": [Of("stack", "OUTPUT")], "MODEL": "@model", "CARD": "@card"}, {"OUTPUT": "classes"}),
     Step("polygonise", "gdal:polygonize", "Polygonise: areas of one class",
          {"INPUT": Of("predict", "OUTPUT"), "BAND": 1, "FIELD": "class", "EIGHT_CONNECTEDNESS": False}),
     Step("mend", "native:fixgeometries", "Mend what touches itself",
          {"INPUT": Of("polygonise", "OUTPUT"), "METHOD": 1}, {"OUTPUT": "polygons"})])

OSM_AUDIT = Chain(
    "osm_audit", "Audit of OpenStreetMap",
    "Imports an OpenStreetMap extract, judges its areas by imagery, and leaves a ledger with a queue to review and a "
    "report. The imported features are kept: the edits that you accept go into them.",
    [(rasters("imagery", "Imagery"), "Imagery of the area that may be used for OpenStreetMap."),
     (file("osm", "OpenStreetMap extract"), "An .osm or .osm.pbf file, or the name of a layer that QuickOSM made."),
     extent(),
     (text("legend", "Legend"), "A JSON file, or a shipped legend: buildings or landcover. Empty: buildings."),
     effort(), items()],
    [Step("import", "geoloop:importosm", "The extract's features, all tags kept",
          {"INPUT": "@osm", "EXTENT": "@extent"}, {"OUTPUT": "features"}),
     Step("loop", "geoloop:loop", "Judge map and imagery by each other",
          {"IMAGERY": "@imagery", "MAP": [Of("import", "POLYGONS")], "LEGEND": Else("legend", "buildings"),
           "EFFORT": "@effort", "EXTENT": "@extent",
           "SOURCES": '{"polygons": {"licence": "ODbL 1.0", "may_export": true}}'},
          {"LEDGER": "ledger", "OUTPUT": "fused"}),
     Step("queue", "geoloop:queue", "What to review, most valuable first",
          {"LEDGER": Of("loop", "LEDGER"), "SIZE": "@items"}),
     Step("report", "geoloop:report", "The page to hand on",
          {"LEDGER": Of("loop", "LEDGER"), "ATTRIBUTION": "© OpenStreetMap contributors"}, {"OUTPUT": "report"})])

FIELD_CHECK = Chain(
    "field_check", "Field check",
    "Finds where imagery, map and earlier field visits contradict each other, and writes the doubtful places as tasks "
    "for QField or Mergin. Read the filled-in tasks back with geoloop:exchange.",
    [(rasters("imagery", "Imagery"), "Imagery of the area."),
     (vectors("map", "Map layers", optional=True), "What the map says."),
     (vectors("field", "Field layers", optional=True), "What earlier visits found."),
     (text("sources", "About the sources"), SOURCES_HELP + " Allow the export of each: may_export."),
     (text("permissions", "Permissions of the imagery"),
      'Whether what the imagery shows may be handed on, such as {"ortho": {"may_export": true}}.'),
     (text("legend", "Legend"), LEGEND_HELP), effort(), extent()],
    [Step("flag", "geoloop:flag", "Where sources contradict each other",
          {"IMAGERY": "@imagery", "MAP": "@map", "FIELD": "@field", "SOURCES": "@sources", "LEGEND": "@legend",
           "EFFORT": "@effort", "EXTENT": "@extent"}, {"LEDGER": "ledger"}),
     Step("tasks", "geoloop:exchange", "The doubtful places as tasks for the field",
          {"LEDGER": Of("flag", "LEDGER"), "FORMAT": "tasks", "ONLY": "undecided", "SOURCES": "@permissions"},
          {"OUTPUT": "tasks"})])

FINE_TUNE_AND_PREDICT = Chain(
    "fine_tune_and_predict", "Fine-tune and predict",
    "Teaches a model what your map and field layers say, judges it on blocks of ground that it did not learn from, and "
    "runs it over the imagery.",
    [(rasters("imagery", "Imagery"), "The imagery to learn from and to run over."),
     (vectors("map", "Map layers", optional=True), "Labels: what the map says."),
     (vectors("field", "Field layers", optional=True), "Labels: what visits found."),
     (text("sources", "About the sources"), SOURCES_HELP),
     (text("legend", "Legend"), LEGEND_HELP),
     (text("encoder", "Model to start from"),
      "An encoder and the file of its public weights, such as galileo_nano:/data/encoder.pt. Empty: from nothing."),
     (QgsProcessingParameterEnum("method", "Method", ["probe", "lora", "adapter", "full"], defaultValue="lora",
                                 usesStaticStrings=True),
      "What learns: probe, the decoder alone; lora or adapter, thin additions as well; full, everything."),
     effort(), extent()],
    [Step("finetune", "geoloop:finetune", "Learn from the labels, judge on blocks left out",
          {"IMAGERY": "@imagery", "MAP": "@map", "FIELD": "@field", "SOURCES": "@sources", "LEGEND": "@legend",
           "MODEL": "@encoder", "METHOD": "@method", "EFFORT": "@effort", "EXTENT": "@extent"},
          {"OUTPUT": "model", "REPORT": "report"}),
     Step("predict", "geoloop:predict", "The class of each pixel",
          {"IMAGERY": "@imagery", "MODEL": Of("finetune", "OUTPUT"), "EXTENT": "@extent"}, {"OUTPUT": "classes"})])

MONTHLY_LOOP = Chain(
    "monthly_loop", "Monthly loop",
    "The next round on a ledger that is kept from month to month: new imagery judges the layers as they are now, what "
    "was decided before counts, and a new queue and report are made. Name the same ledger each month.",
    [(rasters("imagery", "This month's imagery"), "Imagery of the area, in the ledger's CRS."),
     (vectors("map", "Map layers", optional=True), "The layers as they are now, last month's edits in them."),
     (vectors("field", "Field layers", optional=True), "Field visits, old and new."),
     (text("key", "Key field"), "The attribute that identifies a feature for ever. Empty: the feature id."),
     (text("sources", "About the sources"), SOURCES_HELP),
     (text("legend", "Legend"), LEGEND_HELP), effort(), items()],
    [Step("loop", "geoloop:loop", "The next round",
          {"IMAGERY": "@imagery", "MAP": "@map", "FIELD": "@field", "KEY": "@key", "SOURCES": "@sources",
           "LEGEND": "@legend", "EFFORT": "@effort"}, {"LEDGER": "ledger", "OUTPUT": "fused"}),
     Step("queue", "geoloop:queue", "What to review this month",
          {"LEDGER": Of("loop", "LEDGER"), "SIZE": "@items"}),
     Step("report", "geoloop:report", "The page to hand on", {"LEDGER": Of("loop", "LEDGER")},
          {"OUTPUT": "report"})])

CHAINS = (IMAGERY_TO_POLYGONS, OSM_AUDIT, FIELD_CHECK, FINE_TUNE_AND_PREDICT, MONTHLY_LOOP)


def model_of(chain: Chain) -> QgsProcessingModelAlgorithm:
    """Build the model; raises :class:`ValueError` for a step that QGIS finds wrong."""
    model = QgsProcessingModelAlgorithm(chain.title, GROUP)
    for at, (definition, _) in enumerate(chain.inputs):
        parameter = QgsProcessingModelParameter(definition.name())
        parameter.setPosition(QPointF(130.0, 80.0 + ROW * at))
        model.addModelParameter(definition, parameter)
    for at, step in enumerate(chain.steps):
        model.addChildAlgorithm(_child(step, QPointF(130.0 + 1.4 * COLUMN, 80.0 + 1.5 * ROW * at)))
    described = {definition.name(): told for definition, told in chain.inputs}
    model.setHelpContent({"ALG_DESC": chain.about, **described})
    fine, why = model.validate()
    if not fine:
        raise ValueError(f"{chain.title}: {why}")
    return model


def _child(step: Step, position: QPointF) -> QgsProcessingModelChildAlgorithm:
    child = QgsProcessingModelChildAlgorithm()
    if not child.setAlgorithmId(step.algorithm):
        raise ValueError(f"There is no algorithm {step.algorithm}.")
    child.setChildId(step.name)
    child.setDescription(step.says)
    child.setPosition(position)
    for name, given in step.given.items():
        child.addParameterSources(name, [_source(one) for one in (given if isinstance(given, list) else [given])])
    outputs = {}
    for number, (output, name) in enumerate(step.results.items()):
        handed_on = QgsProcessingModelOutput(name, name)
        handed_on.setChildId(step.name)
        handed_on.setChildOutputName(output)
        handed_on.setPosition(position + QPointF(COLUMN, ROW / 2 * number))
        outputs[name] = handed_on
    child.setModelOutputs(outputs)
    return child


def _source(given: Any) -> QgsProcessingModelChildParameterSource:
    if isinstance(given, Of):
        return QgsProcessingModelChildParameterSource.fromChildOutput(given.step, given.output)
    if isinstance(given, Else):
        return QgsProcessingModelChildParameterSource.fromExpression(
            f"coalesce(nullif(@{given.name}, ''), '{given.value}')")
    if isinstance(given, str) and given.startswith("@"):
        return QgsProcessingModelChildParameterSource.fromModelParameter(given[1:])
    return QgsProcessingModelChildParameterSource.fromStaticValue(given)


def main(folder: Path) -> None:
    """Write all chains."""
    application = QgsApplication([], False)
    application.initQgis()
    from processing.core.Processing import Processing

    from geoloop.processing_provider.provider import GeoLoopProvider

    Processing.initialize()
    provider = GeoLoopProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    folder.mkdir(parents=True, exist_ok=True)
    for chain in CHAINS:
        path = folder / f"{chain.name}.model3"
        if not model_of(chain).toFile(str(path)):
            raise OSError(f"{path} cannot be written.")
        print(path)
    application.exitQgis()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "chains")
    sys.stdout.flush()
    os._exit(0)  # QGIS's own teardown of providers now and then crashes after everything is written
