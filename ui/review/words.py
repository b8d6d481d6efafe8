"""The ledger's words as a reviewer reads them, and the colours that stand for them."""

from __future__ import annotations

from ...core.ledger.queue import PageItem
from ...core.ledger.queue_filter import UNFLAGGED
from ...processing_provider.translation import tr

BEFORE_COLOUR, AFTER_COLOUR = "#ff3d7f", "#00d5f0"
"""Pink and cyan: neither is a colour of the ground, and they differ to every kind of eye."""
KIND_COLOURS = {
    "missing": "#2b8a3e", "obsolete": "#c92a2a", "shifted": "#1864ab", "reshaped": "#d9480f", "wrong_class": "#862e9c",
    "wrong_value": "#a61e4d", "duplicate": "#5f3dc4", "invalid": "#5c5f66", "field_conflict": "#0b7285",
    "outdated": "#946200", "common_shift": "#364fc7", UNFLAGGED: "#495057",
}
DECISION_COLOURS = {"accept": "#2b8a3e", "reject": "#c92a2a", "unsure": "#946200"}


def kind_name(kind: str) -> str:
    """The kind of a discrepancy; of a feature that nothing is flagged of, that it is to be checked."""
    return {
        "missing": tr("missing"), "obsolete": tr("obsolete"), "shifted": tr("shifted"), "reshaped": tr("reshaped"),
        "wrong_class": tr("wrong class"), "wrong_value": tr("wrong value"), "duplicate": tr("duplicate"),
        "invalid": tr("invalid"), "field_conflict": tr("field conflict"), "outdated": tr("outdated"),
        "common_shift": tr("common shift"), UNFLAGGED: tr("check"),
    }.get(kind, kind.replace("_", " "))


def edit_name(edit: str) -> str:
    """What accepting does to the layer."""
    return {
        "add": tr("add it to the layer"), "delete": tr("delete it"), "merge": tr("delete it, as it is there twice"),
        "move": tr("move it"), "reshape": tr("give it the new outline"), "retag": tr("give it the new class"),
        "set_value": tr("set the new value"), "flag": tr("only note it: there is no edit yet"),
        "revisit": tr("only note it: the place is to be visited again"),
        "label_patch": tr("change no layer: the next fit learns from it"),
    }.get(edit, edit)


def decision_name(decision: str) -> str:
    """A decision, as what was said."""
    return {"accept": tr("accepted"), "reject": tr("rejected"), "unsure": tr("unsure")}[decision]


def title(item: PageItem) -> str:
    """What an item speaks of, in a few words."""
    name = item.class_now or item.class_proposed or tr("feature")
    return f"{name} {item.key}" if item.key else name
