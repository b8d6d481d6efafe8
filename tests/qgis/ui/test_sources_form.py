"""SOURCES as a form in QGIS's own dialogs: nobody has to type JSON, and whoever wants to still can."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from qgis.core import (
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QEvent, Qt
from qgis.PyQt.QtGui import QFocusEvent
from qgis.PyQt.QtWidgets import QComboBox, QDialogButtonBox, QDoubleSpinBox, QLineEdit

from geoloop.core.jobs.inputs import SourceSettings
from geoloop.core.ledger import Crs, Ledger, Round, SourceRow
from geoloop.ui.sources.form import SourcesForm
from geoloop.ui.sources.layers import AskedLayer, asked_layers
from geoloop.ui.sources.questions import questions
from geoloop.ui.sources.wrapper import SourcesWidget, SourcesWrapper, in_words

FIELDS = AskedLayer("Felder ü", ("crop", "seen on"))
ORTHO = AskedLayer("ortho", is_imagery=True)
NAMES = [question.setting for question in questions()]


@pytest.fixture
def algorithm(processing_registry, project):
    """``geoloop:loop`` as the toolbox makes it."""
    return processing_registry.createAlgorithmById("geoloop:loop")


@pytest.fixture
def buildings(project, vector_file):
    """A layer of the project whose name is not its file's."""
    layer = QgsVectorLayer(str(vector_file()), "Häuser am Fluß", "ogr")
    project.addMapLayer(layer)
    return layer


def answer(form, setting, layer, value):
    """Give an answer as a user does, in the cell of a question and a layer."""
    names = [one.name for one in form.layers]
    editor = form.table.cellWidget(NAMES.index(setting), names.index(layer))
    if isinstance(editor, QLineEdit):
        editor.setText(value)
    elif isinstance(editor, QDoubleSpinBox):
        editor.setValue(value)
    else:
        assert isinstance(editor, QComboBox)
        assert editor.findText(value) >= 0
        editor.setCurrentText(value)


def ok(form, qtbot):
    buttons = form.findChild(QDialogButtonBox)
    qtbot.mouseClick(buttons.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)


def test_everything_that_sources_can_say_is_asked_once_and_explained():
    assert sorted(NAMES) == sorted(field.name for field in fields(SourceSettings))
    assert all(question.title and len(question.meaning) > 30 for question in questions())


def test_answers_become_entries_and_what_is_left_empty_is_not_said(qtbot):
    form = SourcesForm([FIELDS, ORTHO], {})
    qtbot.addWidget(form)
    assert form.entries() == {}
    for setting, value in (("class_field", "crop"), ("date_field", "seen on"), ("accuracy_m", 0.0),
                           ("may_edit", "no"), ("lock", "\"checked\" = 'yes'"), ("off_nadir", "yes")):
        answer(form, setting, "Felder ü", value)
    answer(form, "may_export", "ortho", "yes")
    answer(form, "licence", "ortho", " CC BY 4.0 ")
    assert form.entries() == {
        "Felder ü": {"class_field": "crop", "date_field": "seen on", "accuracy_m": 0.0, "may_edit": False,
                     "lock": "\"checked\" = 'yes'", "off_nadir": True},
        "ortho": {"licence": "CC BY 4.0", "may_export": True},
    }


def test_imagery_is_not_asked_for_fields_and_edits(qtbot):
    form = SourcesForm([ORTHO], {})
    qtbot.addWidget(form)
    asked = {name for row, name in enumerate(NAMES) if form.table.cellWidget(row, 0) is not None}
    assert asked == {"date", "licence", "may_trace", "may_train", "may_export"}


def test_what_was_said_before_stays_even_of_a_layer_or_field_that_is_not_there(qtbot):
    said = {"Felder ü": SourceSettings(class_field="gone", may_trace=False, accuracy_m=2.5),
            "elsewhere": SourceSettings(key="id")}
    form = SourcesForm([FIELDS], said)
    qtbot.addWidget(form)
    assert form.entries() == {"Felder ü": {"class_field": "gone", "may_trace": False, "accuracy_m": 2.5},
                              "elsewhere": {"key": "id"}}


def test_the_question_being_answered_is_explained(qtbot):
    form = SourcesForm([FIELDS], {})
    qtbot.addWidget(form)
    row = NAMES.index("may_edit")
    form.eventFilter(form.table.cellWidget(row, 0), QFocusEvent(QEvent.Type.FocusIn))
    assert "cadastre" in form.meaning.text()
    form.table.verticalHeader().sectionClicked.emit(NAMES.index("accuracy_m"))
    assert "metres" in form.meaning.text()


def test_the_toolbox_dialog_offers_the_chosen_layers_and_takes_the_answers(algorithm, buildings, raster_file, qtbot):
    from processing.gui.AlgorithmDialog import AlgorithmDialog

    dialog = AlgorithmDialog(algorithm, False)
    qtbot.addWidget(dialog)
    dialog.setParameters({"IMAGERY": [str(raster_file())], "MAP": [buildings.id()]})
    dialog.show()
    panel = dialog.mainWidget()
    widget = panel.wrappers["SOURCES"].shown
    qtbot.mouseClick(widget.button, Qt.MouseButton.LeftButton)
    form = widget.form
    assert [(one.name, one.is_imagery) for one in form.layers] == [("Häuser am Fluß", False), ("image", True)]
    answer(form, "class_field", "Häuser am Fluß", "building")
    ok(form, qtbot)
    given = panel.createProcessingParameters()["SOURCES"]
    assert json.loads(given) == {"Häuser am Fluß": {"class_field": "building"}}
    assert widget.words.text() == "“Häuser am Fluß” – Field of the class: building"


def test_cancelling_the_form_changes_nothing(qtbot):
    widget = SourcesWidget(lambda: [FIELDS])
    qtbot.addWidget(widget)
    widget.line.setText('{"Felder ü": {"date": "2024"}}')
    form = widget.open_form()
    answer(form, "class_field", "Felder ü", "crop")
    form.reject()
    assert widget.line.text() == '{"Felder ü": {"date": "2024"}}'


def test_json_typed_by_hand_is_told_in_words_and_broken_json_in_one_sentence(qtbot, tmp_path):
    widget = SourcesWidget(lambda: [FIELDS])
    qtbot.addWidget(widget)
    widget.line.setText('{"a": {"may_edit": false, "accuracy_m": 2}, "b": {}}')
    assert widget.words.text() == "“a” – Accuracy: 2 m; May be edited: no\n“b” – nothing is said"
    widget.line.setText('{"a": ')
    assert "SOURCES is no valid JSON" in widget.words.text()
    assert widget.open_form() is None
    assert widget.line.text() == '{"a": '
    file = tmp_path / "sources.json"
    file.write_text('{"a": {"date": "2024"}}')
    widget.line.setText(str(file))
    assert widget.open_form().entries() == {"a": {"date": "2024"}}


def test_a_ledgers_layers_are_asked_about_where_no_others_are_named(qgis_app, tmp_path):
    path = tmp_path / "loop.gpkg"
    with Ledger.create(path, Crs("UTM 33", "EPSG", 32633, "")) as ledger:
        ledger.add_round(Round("flag", 1, {}), [SourceRow("imagery", "ortho", "o.tif"),
                                                SourceRow("map", "trees", "t.gpkg")], (), [])
    assert asked_layers({"LEDGER": str(path)}) == [AskedLayer("ortho", is_imagery=True), AskedLayer("trees")]
    assert asked_layers({"LEDGER": str(tmp_path / "new.gpkg"), "MAP": ["gone.gpkg"], "FIELD": None}) == []


def test_batch_mode_takes_a_text_and_fills_in_each_row_by_the_form(algorithm, buildings, raster_file, qtbot):
    from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog

    dialog = BatchAlgorithmDialog(algorithm)
    panel = dialog.mainWidget()
    panel.addRow()
    given = {"IMAGERY": [str(raster_file())], "MAP": [buildings.id()]}
    for row in range(2):
        for name, value in given.items():
            panel.wrappers[row][panel.parameter_to_column[name]].setParameterValue(value, dialog.processingContext())
    column = panel.parameter_to_column["SOURCES"]
    form = panel.wrappers[1][column].shown.open_form()
    answer(form, "value_field", "Häuser am Fluß", "osm_id")
    ok(form, qtbot)
    assert panel.valueForParameter(0, "SOURCES") == ""
    assert json.loads(panel.valueForParameter(1, "SOURCES")) == {"Häuser am Fluß": {"value_field": "osm_id"}}
    panel.wrappers[0][column].setParameterValue("sources.json", dialog.processingContext())
    assert panel.valueForParameter(0, "SOURCES") == "sources.json"


def test_the_modeler_has_its_own_field_and_keeps_what_it_holds(algorithm, qtbot):
    from processing.modeler.ModelerParametersDialog import ModelerParametersDialog

    model = QgsProcessingModelAlgorithm("m", "g")
    child = QgsProcessingModelChildAlgorithm("geoloop:loop")
    child.setChildId("loop")
    model.addChildAlgorithm(child)
    dialog = ModelerParametersDialog(algorithm, model)
    qtbot.addWidget(dialog)
    wrapper = dialog.widget.widget.wrappers["SOURCES"]
    assert not isinstance(wrapper, SourcesWrapper)
    wrapper.setWidgetValue(QgsProcessingModelChildParameterSource.fromStaticValue('{"a": {"date": "2024"}}'))
    assert wrapper.value().staticValue() == '{"a": {"date": "2024"}}'


def test_words_leave_out_what_is_as_it_is_anyway():
    assert in_words({"a": SourceSettings(may_edit=True, date="2024")}) == "“a” – Date: 2024"
