"""``geoloop:decide``."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from qgis.core import (
    Qgis,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsGeometry,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExpression,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorLayer,
    QgsVectorLayer,
)

from ...core.errors import InputError
from ...core.jobs import decide
from ...core.ledger import Ledger
from ...core.review.open_flags import overtaken
from ..algorithm import GeoLoopAlgorithm
from ..editing.columns import column_of, unknown_columns
from ..editing.image import is_null, plain
from ..feedback import ProcessingFeedback
from ..translation import tr

DECISIONS = ("accept", "reject", "unsure")


@dataclass(frozen=True)
class _Said:
    """One decision, and what was changed of the proposal before."""

    uid: str
    decision: str
    reason: str
    reviewer: str
    changed: decide.Changed | None = None


class Decide(GeoLoopAlgorithm):
    """Records decisions in bulk: by an expression, or from a reviewed layer."""

    ID = "decide"
    TITLE = "Decide"
    GROUP = "Review"
    TAGS = ("review", "accept", "reject", "ledger", "bulk")
    ABOUT = (
        "Records what a reviewer says of discrepancies: accept, reject or unsure. Decisions are appended to the "
        "ledger, all or none; nothing said earlier is overwritten, the newest one counts. Give either EXPRESSION, to "
        "decide all discrepancies it is true for, or REVIEWED, a layer that says the decision of each."
    )

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        ledger = QgsProcessingParameterFile("LEDGER", tr("Ledger"), extension="gpkg")
        ledger.setHelp(tr("The ledger (GeoPackage) that holds the discrepancies."))
        expression = QgsProcessingParameterExpression("EXPRESSION", tr("Discrepancies to decide"), optional=True)
        expression.setHelp(tr(
            "A QGIS expression over the ledger's layer 'review' (columns uid, kind, edit, class_now, class_proposed, "
            "probability, status, target_layer, area_m2 in square metres and more), for example "
            "\"probability\" >= 0.9 AND \"kind\" = 'missing'. Discrepancies that have a decision already are decided "
            "again only if the expression speaks of \"status\"; those that a newer round has judged anew, or whose "
            "like was rejected, are decided only if it speaks of \"round\". Nothing of OpenStreetMap's layers (by the "
            "licence in SOURCES) is accepted so. Default: none."))
        reviewed = QgsProcessingParameterVectorLayer(
            "REVIEWED", tr("Reviewed layer"), types=[QgsProcessing.SourceType.TypeVector], optional=True)
        reviewed.setHelp(tr(
            "A layer or table with the columns uid and decision (accept, reject or unsure; empty: not reviewed yet) "
            "and, where wanted, reason and reviewer. What was changed before it was accepted stands in the columns "
            "proposal (the geometry as WKT, in the ledger's CRS) and values (a JSON object of columns and values); "
            "empty: as proposed. DECISION is not used then. Default: none."))
        decision = QgsProcessingParameterEnum(
            "DECISION", tr("Decision"), options=list(DECISIONS), defaultValue="accept", usesStaticStrings=True)
        decision.setHelp(tr("What is decided where EXPRESSION is true: accept, reject or unsure. Default: accept."))
        reason = QgsProcessingParameterString("REASON", tr("Reason"), optional=True)
        reason.setHelp(tr("Why, in a few words; kept with each decision that has none of its own. Default: empty."))
        reviewer = QgsProcessingParameterString("REVIEWER", tr("Reviewer"), optional=True)
        reviewer.setHelp(tr("Who decides; kept with each decision that names nobody itself. Default: empty."))
        return [ledger, expression, reviewed, decision, reason, reviewer]

    def define_outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [QgsProcessingOutputNumber("DECIDED", tr("Number of decisions recorded"))]

    def flags(self) -> Qgis.ProcessingAlgorithmFlag:
        return super().flags() | Qgis.ProcessingAlgorithmFlag.NoThreading

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        path = self.parameterAsFile(parameters, "LEDGER", context)
        expression = self.parameterAsString(parameters, "EXPRESSION", context).strip()
        reviewed = self.parameterAsVectorLayer(parameters, "REVIEWED", context)
        reason = self.parameterAsString(parameters, "REASON", context)
        reviewer = self.parameterAsString(parameters, "REVIEWER", context)
        if bool(expression) == (reviewed is not None):
            raise InputError(
                tr("Give either EXPRESSION or REVIEWED, so that it is said which discrepancies are decided.")
            )
        with Ledger.open(path) as ledger:
            known, passed_over = ledger.status(), overtaken(ledger)
        if reviewed is not None:
            said, nameless = _read_decisions(reviewed, reason, reviewer)
            if nameless:
                feedback.pushWarning(tr(
                    "{count} decisions are of features that nothing is flagged of (their uid is empty); they are left "
                    "out: only the review dock records them.").format(count=nameless))
        else:
            word = self.parameterAsEnumString(parameters, "DECISION", context)
            said = [_Said(uid, word, reason, reviewer) for uid in _matching(path, expression, passed_over, context)]
        unknown = sorted({one.uid for one in said} - set(known))
        if unknown:
            raise InputError(tr("The ledger {ledger} has no discrepancy {uid}; choose the ledger that REVIEWED came "
                                "from. Nothing was recorded.").format(ledger=path, uid=unknown[0]))
        groups: dict[tuple[str, str, str], list[_Said]] = {}
        for one in said:
            groups.setdefault((one.decision, one.reason, one.reviewer), []).append(one)
        several = [decide.Params(
            ledger=path, uids=tuple(one.uid for one in some), decision=word, reason=why, reviewer=who, drawn_as="bulk",
            one_by_one=reviewed is not None, changed={one.uid: one.changed for one in some if one.changed is not None},
        ) for (word, why, who), some in groups.items()]
        decided = decide.record(path, several, ProcessingFeedback(feedback))
        if not decided:
            feedback.pushWarning(tr("No discrepancy was decided: none matches."))
        return {"DECIDED": decided}


def _matching(path: str, text: str, passed_over: Collection[str], processing: QgsProcessingContext) -> list[str]:
    """Return the uids of the discrepancies that the expression is true for: of those that are open and ``passed_over``
    only if it tells rounds apart, of the decided ones only if it asks for their status.
    """
    layer = QgsVectorLayer(f"{path}|layername=review", "review", "ogr")
    processing.temporaryLayerStore().addMapLayer(layer)  # which lets go of the file however this ends
    if not layer.isValid():
        raise InputError(
            tr("The ledger {ledger} has no layer 'review'; name a ledger that GeoLoop made.").format(ledger=path)
        )
    expression = QgsExpression(text)
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    unknown = unknown_columns(expression, layer)
    if expression.hasParserError() or unknown or not expression.prepare(context):
        why = expression.parserErrorString().strip() or expression.evalErrorString().strip() or tr(
            "there is no column {column}").format(column=", ".join(unknown))
        raise InputError(tr("EXPRESSION {text} cannot be used ({why}); mend it.").format(text=text, why=why))
    spoken_of = {column.lower() for column in expression.referencedColumns()}
    again, of_any_round = "status" in spoken_of, "round" in spoken_of
    found = []
    for feature in layer.getFeatures():
        context.setFeature(feature)
        true = expression.evaluate(context)
        if expression.hasEvalError():
            raise InputError(tr("EXPRESSION {text} cannot be used ({why}); mend it.").format(
                text=text, why=expression.evalErrorString()))
        if is_null(true):
            continue
        if not isinstance(true, int) or true not in (0, 1):  # a text is true in Python: a condition in quotes of all
            raise InputError(tr("EXPRESSION {text} cannot be used (it is neither true nor false, but {value}); mend "
                                "it.").format(text=text, value=true))
        uid = str(feature["uid"])
        if true and (of_any_round or uid not in passed_over if feature["status"] == "open" else again):
            found.append(uid)
    return found


def _read_decisions(layer: QgsVectorLayer, reason: str, reviewer: str) -> tuple[list[_Said], int]:
    """Return what every row says that has a decision, and how many have one but no uid, as in a queue's layer those of
    which nothing is flagged. A discrepancy that has several rows must have them alike.
    """
    at = {name: column_of(layer, name) for name in ("uid", "decision", "reason", "reviewer", "proposal", "values")}
    for name in ("uid", "decision"):
        if at[name] < 0:
            raise InputError(
                tr("REVIEWED ({layer}) has no column {name}; it needs the columns uid and decision.").format(
                    layer=layer.name(), name=name
                )
            )
    said: dict[str, _Said] = {}
    nameless = 0
    for feature in layer.getFeatures():
        texts = {name: _text(feature.attribute(place)) if place >= 0 else "" for name, place in at.items()}
        if not texts["decision"]:
            continue
        if texts["decision"].lower() not in DECISIONS:
            raise InputError(
                tr(
                    "REVIEWED ({layer}) says {word} of {uid}; a decision is accept, reject or unsure. "
                    "Nothing was recorded."
                ).format(layer=layer.name(), word=texts["decision"], uid=texts["uid"])
            )
        if not texts["uid"]:
            nameless += 1
            continue
        one = _Said(texts["uid"], texts["decision"].lower(), texts["reason"] or reason, texts["reviewer"] or reviewer,
                    _changed(layer, texts))
        if said.setdefault(one.uid, one) != one:
            raise InputError(tr("REVIEWED ({layer}) has two rows of {uid} that do not say the same; keep one. Nothing "
                                "was recorded.").format(layer=layer.name(), uid=one.uid))
    return list(said.values()), nameless


def _text(value: Any) -> str:
    held = plain(value)
    return json.dumps(held, ensure_ascii=False) if isinstance(held, dict) else str(held or "").strip()


def _changed(layer: QgsVectorLayer, texts: dict[str, str]) -> decide.Changed | None:
    if not texts["proposal"] and not texts["values"]:
        return None
    shape = QgsGeometry.fromWkt(texts["proposal"])
    if texts["proposal"] and not shape.isGeosValid():
        raise InputError(tr("REVIEWED ({layer}) proposes for {uid} what is no valid geometry; mend it, or leave the "
                            "column empty. Nothing was recorded.").format(layer=layer.name(), uid=texts["uid"]))
    return decide.Changed("" if shape.isNull() else bytes(shape.asWkb()).hex(), texts["values"])
