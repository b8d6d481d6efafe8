"""``geoloop:undo``."""

from __future__ import annotations

import secrets
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorLayer,
)

from ...core.errors import InputError
from ...core.jobs import undo
from ...core.ledger import JournalLine, Ledger
from ..editing.address import layer_address, names_pushed_into
from ..editing.algorithm import EditingAlgorithm
from ..editing.checks import check_editable
from ..editing.recovery import recover
from ..editing.undo import Undo as UndoRun
from ..feedback import ProcessingFeedback
from ..parameters import shown_by
from ..translation import tr


class Undo(EditingAlgorithm):
    """Takes pushed edits back."""

    ID = "undo"
    TITLE = "Undo"
    GROUP = "Review"
    TAGS = ("revert", "journal", "push", "ledger")
    ABOUT = (
        "Takes pushed edits back, the last first, in the layer or the edited copy that they were pushed into. A "
        "feature that was changed since the push is left as it is. If any edit could not be taken back, the run ends "
        "with an error that lists these, after all others have been taken back."
    )

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        ledger = QgsProcessingParameterFile("LEDGER", tr("Ledger"), extension="gpkg")
        ledger.setHelp(tr("The ledger (GeoPackage) whose journal has the pushes."))
        target = QgsProcessingParameterVectorLayer("TARGET", tr("Layer or copy"), [QgsProcessing.SourceType.TypeVector])
        target.setHelp(tr("The layer that was pushed into: the source, or an edited copy."))
        which = shown_by("suggestions.wrappers.PushesField",
                         QgsProcessingParameterString("WHICH", tr("What to take back"), "last"))
        which.setHelp(tr("last: the last push that has something left to take back. all: every push. Or the id of a "
                         "push, or the uid of one discrepancy. Default: last."))
        return [ledger, target, which]

    def define_outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [QgsProcessingOutputNumber("UNDONE", tr("Edits taken back")),
                QgsProcessingOutputNumber("STALE", tr("Edits left as they are"))]

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        layer = self.parameterAsVectorLayer(parameters, "TARGET", context)
        if layer is None or not layer.isValid():
            raise InputError(tr("The layer TARGET cannot be opened; choose the layer that was pushed into."))
        which = self.parameterAsString(parameters, "WHICH", context).strip() or "last"
        told = ProcessingFeedback(feedback)
        with Ledger.open(self.parameterAsFile(parameters, "LEDGER", context)) as ledger:
            names, address = names_pushed_into(ledger, layer), layer_address(layer)
            check_editable(layer)
            finished = recover(layer, ledger, address, told)
            lines = [
                JournalLine.from_json(line)
                for name in names
                for line in undo.run(
                    undo.Params(ledger=str(ledger.path), target_layer=name, which=which, target_source=address), told
                )["EDITS"]
            ]
            if not lines and finished:
                return {"UNDONE": 0, "STALE": 0}  # what an earlier run had begun was all there was
            if not lines:
                raise InputError(tr("Nothing is left to take back in {layer} for WHICH={which}; give last, all, the id "
                                    "of a push, or a uid.").format(layer=layer.name(), which=which))
            result = UndoRun(layer, ledger, told).run(
                sorted(lines, key=lambda line: -(line.id or 0)), f"undo-{secrets.token_hex(3)}")
        for line in result.undone:
            if line.why:
                feedback.pushInfo(f"{line.uid}: {line.why}")
        if result.left:
            raise QgsProcessingException(
                tr("{left} of {count} edits were not taken back in {layer}; the other {done} were.").format(
                    left=len(result.left), count=len(lines), layer=layer.name(), done=len(result.undone))
                + "\n" + "\n".join(f"{line.uid} ({line.command}): {why}" for line, why in result.left))
        feedback.pushInfo(
            tr("{done} edits were taken back in {layer}.").format(done=len(result.undone), layer=layer.name())
        )
        return {"UNDONE": len(result.undone), "STALE": 0}
