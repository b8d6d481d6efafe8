"""What SOURCES can say of a layer, as questions in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...processing_provider.translation import tr

Answer = Literal["field", "text", "metres", "yes_no"]


@dataclass(frozen=True)
class Question:
    """``setting`` is a field of ``SourceSettings``; imagery is asked only what is ``of_imagery``."""

    setting: str
    title: str
    meaning: str
    answer: Answer
    of_imagery: bool = False


def questions() -> list[Question]:
    """All of them, the most asked for first."""
    return [
        Question("class_field", tr("Field of the class"),
                 tr("The field that holds the class of each feature, such as landuse or crop. Needed where no legend "
                    "is chosen."), "field"),
        Question("value_field", tr("Field of a value"),
                 tr("A field whose values are judged too, such as roof_material. In fine-tuning: the number that is "
                    "learnt."), "field"),
        Question("key", tr("Key field"),
                 tr("The field that identifies a feature for ever, such as osm_id. Empty: what KEY says, else the "
                    "feature id."), "field"),
        Question("date", tr("Date"),
                 tr("When all of the layer was made or observed, such as 2024-05-01, 2024-05 or 2024."), "text", True),
        Question("date_field", tr("Field of the date"),
                 tr("The field that holds each feature's date. Where it is empty, the date above counts."), "field"),
        Question("accuracy_m", tr("Accuracy"),
                 tr("How far off positions may be, in metres: of a phone's GPS 5, of a survey 0.1."), "metres"),
        Question("accuracy_field", tr("Field of the accuracy"),
                 tr("The field that holds each feature's accuracy in metres. Where it is empty, the number above "
                    "counts."), "field"),
        Question("licence", tr("Licence"),
                 tr("The layer's licence, such as ODbL 1.0 or CC BY 4.0. It stands in the report, and for "
                    "OpenStreetMap's data nothing is accepted in bulk."), "text", True),
        Question("may_edit", tr("May be edited"),
                 tr("No: the layer is evidence, such as a cadastre, and no edit of it is proposed."), "yes_no"),
        Question("lock", tr("Locked features"),
                 tr("Which features are verified and must not be edited, as a filter such as \"checked\" = 'yes'. They "
                    "stay evidence."), "text"),
        Question("may_trace", tr("May be traced"),
                 tr("Whether the licence allows to draw outlines after it. No: outlines that come from it are not "
                    "written into a layer."), "yes_no", True),
        Question("may_train", tr("May train a network"),
                 tr("Whether the licence allows that a network learns from it."), "yes_no", True),
        Question("may_export", tr("May be handed on"),
                 tr("Whether what is found with it may leave the house: geoloop:exchange needs a yes of every source."),
                 "yes_no", True),
        Question("off_nadir", tr("Imagery looks at it aslant"),
                 tr("Yes: roofs do not lie above their footprints, so nothing of this layer is moved or reshaped."),
                 "yes_no"),
    ]
