"""``geoloop:report``: the page to hand on."""

from __future__ import annotations

import os
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterString,
)

from ...core.errors import InputError
from ...core.jobs.report import Params
from .. import parameters as shared
from ..parameters import explained
from ..translation import tr
from ..writing_algorithm import HTML, WritingAlgorithm, asked_for


class Report(WritingAlgorithm):
    """Writes what a ledger holds as one HTML page, and its pictures as PNG."""

    ID = "report"
    TITLE = "Report"
    GROUP = "Review"
    TAGS = ("report", "html", "plots", "accuracy", "reliability", "calibration", "print", "ledger")
    ABOUT = (
        "One page to hand on, for screen, phone and A4, that needs nothing from outside: maps of what was flagged and "
        "what became of it, how far each source can be trusted, how often a flag is right, whether the probabilities "
        "mean what they say, what a look was worth, accuracy and area, what was written into the layers, and where all "
        "of it comes from. What the ledger does not hold is named, with the way to get it. Imagery is shown where it "
        "can still be read. Nothing is uploaded; folders and passwords of layers do not appear."
    )
    ENDINGS = {"OUTPUT": HTML}

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        return [
            shared.ledger(),
            explained(
                QgsProcessingParameterString("TITLE", tr("Title"), optional=True),
                tr("What stands at the top of the page. Default: empty, made from the ledger's name."),
            ),
            explained(
                QgsProcessingParameterString("ATTRIBUTION", tr("Attribution"), optional=True),
                tr("What the licences of the sources ask to be printed, under each map, such as © OpenStreetMap "
                   "contributors. Default: empty, names and licences of the sources."),
            ),
            explained(
                QgsProcessingParameterFile(
                    "EVALUATION", tr("Evaluation"), Qgis.ProcessingFileParameterBehavior.File, optional=True,
                    fileFilter=tr("JSON (*.json)"),
                ),
                tr("A result of geoloop:evaluate (JSON) that the ledger does not hold. Default: none, what the ledger "
                   "holds."),
            ),
            explained(
                QgsProcessingParameterBoolean("REVIEWERS", tr("Name reviewers"), defaultValue=False),
                tr("Whether reviewers are named on the page. Default: no."), advanced=True,
            ),
            shared.report(),
            explained(
                QgsProcessingParameterFolderDestination(
                    "IMAGES", tr("Folder of images"), optional=True, createByDefault=False
                ),
                tr("A folder that gets the page's maps and plots as PNG files. Default: not written."),
            ),
        ]

    def define_outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [QgsProcessingOutputNumber("PICTURES", tr("Pictures on the page"))]

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        super().check(parameters, context)
        for name in ("LEDGER", "EVALUATION"):
            self.existing_file(parameters, name, context)
        images = asked_for(parameters.get("IMAGES"))
        if images and images != "TEMPORARY_OUTPUT" and os.path.exists(images) and not os.path.isdir(images):
            raise InputError(tr("{path} of IMAGES is no folder.").format(path=images))

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        images = self.parameterAsString(parameters, "IMAGES", context)
        found = self.run_job("report", Params(
            ledger=self.existing_file(parameters, "LEDGER", context),
            output=self.file_path(parameters, "OUTPUT", context),
            title=self.parameterAsString(parameters, "TITLE", context).strip(),
            attribution=self.parameterAsString(parameters, "ATTRIBUTION", context).strip(),
            evaluation=self.existing_file(parameters, "EVALUATION", context),
            images=os.path.abspath(images) if images else "",
            reviewers=self.parameterAsBoolean(parameters, "REVIEWERS", context),
        ), feedback)
        return {name: value for name, value in found.items() if value != ""}
