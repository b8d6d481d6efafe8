"""``geoloop:exchange``: findings for the tools of others, and visits back from the field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputFile,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterString,
)

from ...core.errors import InputError
from ...core.jobs.exchange import ENDINGS, FOR_OSM, NEEDS_EXTRACT, Params
from .. import parameters as shared
from ..given import as_text
from ..layers.settings import read_settings
from ..parameters import explained, shown_by
from ..translation import tr
from ..writing_algorithm import WritingAlgorithm, asked_for

FORMATS = tuple(ENDINGS)
CHOICES = ("accepted", "undecided", "all")
_TEMPORARY = "TEMPORARY_OUTPUT"


class Exchange(WritingAlgorithm):
    """Writes what a ledger holds so that other tools read it, and reads filled-in field tasks back."""

    ID = "exchange"
    TITLE = "Exchange"
    GROUP = "Review"
    TAGS = ("osm", "osmchange", "openstreetmap", "maproulette", "josm", "geojson", "qfield", "mergin", "field", "tasks",
            "export", "ledger")
    ABOUT = (
        "Hands the ledger's discrepancies on: as an OsmChange file, a MapRoulette challenge, links for JOSM, GeoJSON, "
        "or tasks for QField and Mergin; and reads filled-in tasks back as a field layer. Nothing is uploaded and "
        "nobody is contacted. To OpenStreetMap go only discrepancies that a person accepted one by one in the review, "
        "never those decided in bulk, and only with ids and versions that EXTRACT holds; what is left out is counted "
        "with its reason. Every source must allow the export: set may_export in SOURCES."
    )

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        return [
            shared.ledger(),
            explained(
                QgsProcessingParameterEnum(
                    "FORMAT", tr("Format"), options=list(FORMATS), defaultValue="geojson", usesStaticStrings=True
                ),
                tr("osmchange: edits for OpenStreetMap (.osc). maproulette: a cooperative challenge, one task a line "
                   "(.geojson). josm: links for JOSM's remote control (.html or .txt). geojson: discrepancies with "
                   "their evidence, in degrees. tasks: places to visit, for QField and Mergin (.gpkg). observations: "
                   "filled-in TASKS as a field layer (.gpkg), with its SOURCES as JSON beside it. Default: geojson."),
            ),
            explained(
                shown_by("suggestions.wrappers.LedgerLayerField",
                         QgsProcessingParameterString("TARGET", tr("Layer"), optional=True)),
                tr("The layer whose discrepancies go out, by its name in the ledger. Default: empty, all layers; for "
                   "osmchange, maproulette and josm the ledger's only one."),
            ),
            explained(
                QgsProcessingParameterFile(
                    "EXTRACT", tr("OpenStreetMap extract"), Qgis.ProcessingFileParameterBehavior.File, optional=True
                ),
                tr("The .osm or .osm.pbf file that the layer was made from, or a newer one, with objects' versions and "
                   "all that lies around. Needed for osmchange and maproulette; for josm where keys are bare numbers. "
                   "Default: none."),
            ),
            explained(
                QgsProcessingParameterEnum(
                    "ONLY", tr("Which discrepancies"), options=list(CHOICES), defaultValue="accepted",
                    usesStaticStrings=True,
                ),
                tr("accepted: those that were accepted. undecided: those that are open or unsure, as for field tasks. "
                   "all: both. OpenStreetMap's formats take accepted alone. Default: accepted."),
            ),
            shared.about_sources(
                tr('What the ledger does not say of its sources, imagery among them. In the dialog “Fill in…” asks for '
                   'it. As text: JSON, or the path of a JSON file, with an object by layer name, such as {"ortho": '
                   '{"may_export": true, "licence": "CC BY 4.0"}}. It cannot overrule a no of the ledger. Default: '
                   'empty.'),
            ),
            explained(
                QgsProcessingParameterFile(
                    "TASKS", tr("Filled-in field tasks"), Qgis.ProcessingFileParameterBehavior.File, optional=True,
                    fileFilter=tr("GeoPackage (*.gpkg)"),
                ),
                tr("The GeoPackage that came back from the field. Needed for observations. Default: none."),
            ),
            explained(
                QgsProcessingParameterString("COMMENT", tr("Changeset comment"), optional=True),
                tr("What the changes are, for OpenStreetMap's mappers. Default: empty, a general sentence."),
            ),
            explained(
                QgsProcessingParameterBoolean("REVIEWERS", tr("Name reviewers and surveyors"), defaultValue=False),
                tr("Whether the names of reviewers and surveyors are written too. Default: no."), advanced=True,
            ),
            explained(
                QgsProcessingParameterFileDestination(
                    "OUTPUT", tr("Output"), ";;".join(_filters()), defaultValue=None
                ),
                tr("The file to write; its ending must fit the format."),
            ),
        ]

    def define_outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [
            QgsProcessingOutputFile("SOURCES_FILE", tr("SOURCES of the field layer")),
            QgsProcessingOutputNumber("EXPORTED", tr("Discrepancies or visits written")),
            QgsProcessingOutputNumber("LEFT_OUT", tr("Those left out")),
        ]

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        wanted = self.parameterAsEnumString(parameters, "FORMAT", context)
        self._check_destination(parameters, "OUTPUT", ENDINGS.get(wanted, ()))
        self.existing_file(parameters, "LEDGER", context)
        extract = self.existing_file(parameters, "EXTRACT", context)
        tasks = self.existing_file(parameters, "TASKS", context)
        if wanted in NEEDS_EXTRACT and not extract:
            raise InputError(tr("FORMAT={format} needs EXTRACT, the .osm or .pbf file that the layer was made "
                                "from.").format(format=wanted))
        if wanted == "observations" and not tasks:
            raise InputError(tr("FORMAT=observations needs TASKS, the GeoPackage that came back from the field."))
        if wanted in FOR_OSM and self.parameterAsEnumString(parameters, "ONLY", context) != "accepted":
            raise InputError(tr("FORMAT={format} goes to OpenStreetMap and takes only what a person accepted; leave "
                                "ONLY at accepted.").format(format=wanted))
        read_settings(as_text(self, parameters, "SOURCES", context))

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        wanted = self.parameterAsEnumString(parameters, "FORMAT", context)
        output = self.file_path(parameters, "OUTPUT", context)
        if asked_for(parameters.get("OUTPUT")) in ("", _TEMPORARY):
            output = str(Path(output).with_suffix(ENDINGS[wanted][0]))
        return self.run_job("exchange", Params(
            ledger=self.existing_file(parameters, "LEDGER", context), format=wanted, output=output,
            target=self.parameterAsString(parameters, "TARGET", context).strip(),
            extract=self.existing_file(parameters, "EXTRACT", context),
            only=self.parameterAsEnumString(parameters, "ONLY", context),
            sources=read_settings(as_text(self, parameters, "SOURCES", context)),
            tasks=self.existing_file(parameters, "TASKS", context),
            comment=self.parameterAsString(parameters, "COMMENT", context).strip(),
            reviewers=self.parameterAsBoolean(parameters, "REVIEWERS", context),
        ), feedback)


def _filters() -> list[str]:
    named = {".geojson": "GeoJSON", ".osc": "OsmChange", ".json": "JSON", ".html": "HTML", ".txt": tr("Text"),
             ".gpkg": "GeoPackage"}
    return [f"{name} (*{ending})" for ending, name in named.items()]
