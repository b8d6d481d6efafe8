"""Batch mode of what decides and edits: a row is a run of its own, and one that fails leaves the others."""

from __future__ import annotations

import pytest
from qgis.PyQt import sip
from qgis.PyQt.QtWidgets import QTextEdit

from .conftest import Town


@pytest.fixture
def batch(processing_registry, qtbot):
    """Run rows in QGIS's own batch window; return what its log says."""
    from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog

    def run(name: str, rows: list[dict]) -> str:
        dialog = BatchAlgorithmDialog(processing_registry.createAlgorithmById(f"geoloop:{name}"))
        panel = dialog.mainWidget()
        panel.checkLoadLayersOnCompletion.setChecked(False)
        for number, row in enumerate(rows):
            if number:
                panel.addRow()
            for parameter, value in row.items():
                column = panel.parameter_to_column[parameter]
                if parameter == "OUTPUT":
                    panel.tblParameters.cellWidget(number + 1, column).setValue(str(value))
                else:
                    panel.wrappers[number][column].setParameterValue(value, dialog.processingContext())
        log = dialog.findChild(QTextEdit, "txtLog")
        dialog.runAlgorithm()
        qtbot.waitUntil(lambda: sip.isdeleted(dialog) or "Batch execution completed" in log.toPlainText(),
                        timeout=300_000)
        said = "" if sip.isdeleted(dialog) else log.toPlainText()
        if not sip.isdeleted(dialog):
            sip.delete(dialog)  # before the project's layers go
        return said

    return run


@pytest.fixture
def towns(tmp_path, open_layer):
    """Three towns, each with a ledger of its own that has two accepted deletions."""
    made = []
    for name in ("Nord", "Süd 2", "West"):
        (tmp_path / name).mkdir()
        made.append(Town(tmp_path / name, open_layer))
        made[-1].flags(("delete", 1, None, {}), ("delete", 2, None, {}))
    return made


def into(town: Town, **more) -> dict:
    return {"LEDGER": str(town.ledger_path()), "TARGET": town.layer().id(), **more}


def test_every_row_pushes_into_its_layer_and_one_that_fails_leaves_the_others(batch, towns, edit_by_hand):
    edit_by_hand(towns[1].layer(), lambda layer: layer.deleteFeature(1))
    said = batch("push", [into(town, APPLY="source", PUSH_ABOVE=1.0, MAX_EDITS=0) for town in towns])
    assert [sorted(town.rows()) for town in towns] == [[3, 4, 5, 6]] * 3
    assert [town.states() for town in towns] == [["committed"] * 2, ["stale", "committed"], ["committed"] * 2]
    assert "1 of 2 edits were not applied" in said
    pushes = [{push for (push,) in town.lines("push")} for town in towns]
    assert [len(push) for push in pushes] == [1, 1, 1]
    assert len(set.union(*pushes)) == 3


def test_every_row_takes_back_what_was_pushed_into_its_layer_alone(batch, towns, push):
    before = [town.signatures() for town in towns]
    push(towns[0])
    push(towns[2])
    said = batch("undo", [into(town, WHICH="last") for town in towns])
    assert "knows no push into" in said  # in the one that nothing was pushed into
    assert [town.signatures() for town in towns] == before
    assert [town.states() for town in towns] == [["undone"] * 2, [], ["undone"] * 2]


def test_rows_on_one_ledger_come_one_after_another(batch, town, house):
    place = town()
    place.flags(("delete", 1, None, {}), ("add", None, house(100), {}), push_above=True)
    ledger = str(place.ledger_path())
    said = batch("decide", [
        {"LEDGER": ledger, "EXPRESSION": "\"kind\" = 'obsolete'", "DECISION": "accept", "REVIEWER": "Zoë"},
        {"LEDGER": ledger, "EXPRESSION": "\"no such column\" = 1", "DECISION": "accept"},
        {"LEDGER": ledger, "EXPRESSION": "\"kind\" = 'missing'", "DECISION": "reject"}])
    assert "cannot be used" in said
    assert place.status() == {"d0000": "accepted", "d0001": "rejected"}
    copies = [place.folder / f"Kopie {number}.gpkg" for number in (1, 2)]
    batch("push", [into(place, APPLY="copy", OUTPUT=copy) for copy in copies])
    assert [sorted(place.rows(copy)) for copy in copies] == [[2, 3, 4, 5, 6]] * 2
    assert place.states() == ["committed"] * 2
