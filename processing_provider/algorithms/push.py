"""``geoloop:push``."""

from __future__ import annotations

import json
import os
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from qgis import utils
from qgis.core import (
    Qgis,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
    QgsProcessingParameterVectorLayer,
)

from ...core.errors import InputError
from ...core.feedback import Feedback
from ...core.jobs import push
from ...core.jobs.outputs import check_apart, check_no_ledger, check_no_source
from ...core.ledger import JournalLine, Ledger, PlannedEdit
from ..editing.address import layer_address, name_in_ledger
from ..editing.algorithm import EditingAlgorithm
from ..editing.checks import check_editable
from ..editing.edited_copy import copy_table, edited_copy
from ..editing.push import Push as PushRun
from ..editing.push import Target
from ..editing.recovery import recover
from ..feedback import ProcessingFeedback
from ..given import as_text, number_if_given
from ..translation import tr


class Push(EditingAlgorithm):
    """Writes accepted edits into an edited copy of a layer, or into the layer itself."""

    ID = "push"
    TITLE = "Push"
    GROUP = "Review"
    TAGS = ("edit", "apply", "journal", "ledger", "write back")
    ABOUT = (
        "Writes accepted edits into an edited copy of a layer, or into the layer itself. Every edit is checked against "
        "the feature as it stands now: one that was changed or deleted since it was flagged is stale and stays as it "
        "is. Each edit is written whole or not at all and stands in the ledger's journal with the feature before and "
        "after, so that Undo can take it back. If any edit could not be written, the run ends with an error that lists "
        "these, after all others have been written."
    )

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        ledger = QgsProcessingParameterFile("LEDGER", tr("Ledger"), extension="gpkg")
        ledger.setHelp(tr("The ledger (GeoPackage) that holds discrepancies, decisions and the journal."))
        target = QgsProcessingParameterVectorLayer("TARGET", tr("Layer to edit"), [QgsProcessing.SourceType.TypeVector])
        target.setHelp(tr("The layer that was flagged. It is known by its address, else by its name."))
        apply = QgsProcessingParameterEnum(
            "APPLY", tr("Write into"), options=["copy", "source"], defaultValue="copy", usesStaticStrings=True)
        apply.setHelp(tr("copy: an edited copy, OUTPUT; the layer is left untouched. source: the layer itself; its "
                         "file is copied first and put back if the push breaks off. Default: copy."))
        above = QgsProcessingParameterNumber(
            "PUSH_ABOVE", tr("Also push undecided ones from this probability on"),
            Qgis.ProcessingNumberParameterType.Double, None, True, 0, 1)
        above.setHelp(tr("Discrepancies without a decision whose probability (0 to 1) of being a real error is at "
                         "least this are pushed besides the accepted ones; 1 for next to none. Must be given for "
                         "APPLY=source outside the QGIS window. Default: accepted ones alone."))
        most = QgsProcessingParameterNumber(
            "MAX_EDITS", tr("Most edits"), Qgis.ProcessingNumberParameterType.Integer, None, True, 0)
        most.setHelp(tr("If more edits than this number are due, none is made. 0: any number. Must be given for "
                        "APPLY=source outside the QGIS window. Default: any number."))
        columns = QgsProcessingParameterString(
            "COLUMNS", tr("Columns for values"), optional=True, multiLine=True)
        columns.setHelp(tr("Which column takes a value that the ledger calls by another name, as JSON: "
                           "{\"building\": \"TYPE\"}. Other values go into the column of the same name or alias; a "
                           "column is never added. Default: none."))
        columns.setFlags(columns.flags() | Qgis.ProcessingParameterFlag.Advanced)
        output = QgsProcessingParameterVectorDestination(
            "OUTPUT", tr("Edited copy"), QgsProcessing.SourceType.TypeVector, None, True)
        output.setHelp(tr("The edited copy, a GeoPackage (.gpkg) with all columns and the same feature ids. An earlier "
                          "copy of that name is replaced. Used with APPLY=copy."))
        return [ledger, target, apply, above, most, columns, output]

    def define_outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [
            QgsProcessingOutputNumber("APPLIED", tr("Edits applied")),
            QgsProcessingOutputNumber("STALE", tr("Edits left, as their feature has changed")),
            QgsProcessingOutputNumber("FAILED", tr("Edits that the layer refused")),
            QgsProcessingOutputString("PUSH", tr("Id of this push, for Undo")),
        ]

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        layer = self.parameterAsVectorLayer(parameters, "TARGET", context)
        if layer is None or not layer.isValid():
            raise InputError(tr("The layer TARGET cannot be opened; choose a vector layer."))
        into_copy = self.parameterAsEnumString(parameters, "APPLY", context) == "copy"
        above, most = (number_if_given(self, parameters, name, context) for name in ("PUSH_ABOVE", "MAX_EDITS"))
        if most is not None and not most.is_integer():  # of less than one 0 would be left, any number
            raise InputError(tr("MAX_EDITS must be a whole number, not {number}.").format(number=f"{most:g}"))
        output = self.parameterAsOutputLayer(parameters, "OUTPUT", context) if into_copy else ""
        if into_copy and not output:
            raise InputError(tr("APPLY=copy needs OUTPUT: name a GeoPackage for the edited copy, or use APPLY=source."))
        if not into_copy and utils.iface is None and (above is None or most is None):
            raise InputError(tr("APPLY=source without the QGIS window needs both PUSH_ABOVE and MAX_EDITS; give them, "
                                "or push into a copy."))
        columns = _read_columns(as_text(self, parameters, "COLUMNS", context))
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        told = ProcessingFeedback(feedback)
        with Ledger.open(self.parameterAsFile(parameters, "LEDGER", context)) as ledger:
            check_apart(output, str(ledger.path))
            address = layer_address(layer)
            target_layer = name_in_ledger(ledger, layer, feedback)
            check_no_ledger(output)
            check_no_source(output, ledger, besides=target_layer)
            if not into_copy:
                check_editable(layer)
                recover(layer, ledger, address, told)
            plan = push.run(push.Params(
                ledger=str(ledger.path), target_layer=target_layer, target_source=address,
                push_above=above, max_edits=int(most or 0)), told)
            edits = [PlannedEdit.from_json(edit) for edit in plan["EDITS"]]
            if not edits:
                feedback.pushInfo(tr(
                    "No edit is due for {layer}: nothing is accepted, or what is accepted only asks to look or to go "
                    "there again. PUSH_ABOVE takes undecided ones along."
                ).format(layer=target_layer))
            project = context.project()
            target = Target(
                layer, address, ledger.source(target_layer), context.transformContext(), columns=columns,
                topological=project is not None and project.topologicalEditing())
            if into_copy:
                lines = _push_into_copy(target, output, ledger, edits, name, told)
            else:
                lines = PushRun(target, ledger, name, told).run(edits)
        return {"OUTPUT": output or None, **_told(lines, name, output or layer.name(), feedback)}


def _push_into_copy(target: Target, output: str, ledger: Ledger, edits: Sequence[PlannedEdit], name: str,
                    feedback: Feedback) -> list[JournalLine]:
    address = f"{os.path.realpath(output)}|layername={copy_table(target.layer)}"
    try:
        with edited_copy(target.layer, output, feedback.span(0, 0.5)) as copied:
            draft = replace(target, layer=copied, address=address, is_draft=True,
                            copy_of_filtered=bool(target.layer.subsetString()))
            run = PushRun(draft, ledger, name, feedback.span(0.5, 1))
            lines = run.run(edits)
    except BaseException as error:
        ledger.journal.abandon(name, tr("the edited copy was not made: {why}").format(why=error))
        raise
    ledger.journal.supersede(address, name)
    ledger.journal.update(run.all_lines())
    return lines


def _read_columns(text: str) -> dict[str, str]:
    try:
        table = json.loads(text) if text.strip() else {}
    except ValueError as error:
        raise InputError(tr("COLUMNS is no valid JSON: {why}.").format(why=error)) from error
    if not isinstance(table, dict) or not all(isinstance(column, str) for column in table.values()):
        raise InputError(tr("COLUMNS must be a JSON object from names to columns, such as {example}.").format(
            example='{"building": "TYPE"}'))
    return table


def _told(lines: Sequence[JournalLine], name: str, where: str, feedback: QgsProcessingFeedback) -> dict[str, Any]:
    """Tell the user what was done, and raise an error that lists the edits that were not."""
    states = Counter(line.state for line in lines)
    for line in lines:
        if line.state == "committed" and line.why:
            feedback.pushInfo(f"{line.uid}: {line.why}")
    left = [f"{line.uid} ({line.command}): {line.why}" for line in lines if line.state != "committed"]
    if left:
        raise QgsProcessingException(
            tr("{left} of {count} edits were not applied to {where}; the other {done} were (push {name}).").format(
                left=len(left), count=len(lines), where=where, name=name, done=states["committed"]
            )
            + "\n"
            + "\n".join(left)
        )
    feedback.pushInfo(tr("{done} edits were applied to {where} (push {name}).").format(
        done=states["committed"], where=where, name=name))
    return {"APPLIED": states["committed"], "STALE": states["stale"], "FAILED": states["failed"], "PUSH": name}
