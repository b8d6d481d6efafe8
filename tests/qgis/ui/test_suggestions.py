"""Legends, encoders and attributes are offered in QGIS's dialogs: nobody has to know their names by heart."""

from __future__ import annotations

import json

import pytest
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QFileDialog

from geoloop.core.ledger import Crs, Ledger, Round, SourceRow
from geoloop.ui.dialog_field import DialogField
from geoloop.ui.sources.layers import AskedLayer
from geoloop.ui.suggestions import wrappers as wrappers_module
from geoloop.ui.suggestions.encoders import encoder_in_words, encoders
from geoloop.ui.suggestions.field import SuggestionsField
from geoloop.ui.suggestions.legends import legend_in_words, legends
from geoloop.ui.suggestions.wrappers import attributes, where

WEIGHTS = "/data/Gewichte ä/encoder.pt"


def offered(field):
    """The names that the list shows when it is opened."""
    field.box.renew()
    return [field.box.itemText(row) for row in range(field.box.count())]


@pytest.fixture
def dialog_of(processing_registry, project, qtbot):
    """Show the toolbox's dialog of an algorithm: what QGIS made for a parameter, the field in it, all that it made."""
    from processing.gui.AlgorithmDialog import AlgorithmDialog

    dialogs = []

    def made(algorithm, parameter, **given):
        dialog = AlgorithmDialog(processing_registry.createAlgorithmById(f"geoloop:{algorithm}"), False)
        qtbot.addWidget(dialog)
        dialogs.append(dialog)
        dialog.setParameters(given)
        dialog.show()
        wrappers = dialog.mainWidget().wrappers
        return wrappers[parameter], wrappers[parameter].shown, wrappers

    return made


@pytest.fixture
def chosen(monkeypatch):
    """Answer the file dialog with a path; returns what it was asked to show."""
    asked = []

    def answer(path):
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda _parent, _title, _folder, files: (
            asked.append(files), (path, files))[1])
        return asked

    return answer


def test_shipped_legends_are_offered_and_their_classes_told(dialog_of):
    wrapper, field, _ = dialog_of("loop", "LEGEND")
    assert offered(field) == ["buildings", "landcover"]
    field.box.setCurrentIndex(0)
    assert wrapper.parameterValue() == "buildings"
    assert field.words.text() == "Buildings and everything else – classes: other, building"
    assert field.words.isVisible()


def test_a_legend_of_ones_own_is_a_file(dialog_of, chosen, tmp_path, qtbot):
    path = tmp_path / "Häuser.json"
    path.write_text(json.dumps({"name": "h", "classes": [{"code": 1, "name": "Haus"}]}), encoding="utf-8")
    asked = chosen(str(path))
    wrapper, field, _ = dialog_of("fuse", "LEGEND")
    qtbot.mouseClick(field.button, Qt.MouseButton.LeftButton)
    assert wrapper.parameterValue() == str(path)
    assert field.words.text() == "h – classes: Haus"
    assert asked == ["Legends (*.json)"]


def test_cancelling_the_file_dialog_changes_nothing(dialog_of, chosen, qtbot):
    chosen("")
    _, field, _ = dialog_of("flag", "LEGEND", LEGEND="landcover")
    qtbot.mouseClick(field.button, Qt.MouseButton.LeftButton)
    assert field.text() == "landcover"


@pytest.mark.parametrize("content", ["[1]", "{", "{}", '{"classes": 3}', '{"classes": [3]}', "\0"])
def test_a_file_that_is_no_legend_is_told(tmp_path, content):
    path = tmp_path / "l.json"
    path.write_text(content)
    assert legend_in_words(str(path)) == "This file is no legend."


def test_of_a_legend_that_is_nowhere_nothing_is_said(tmp_path):
    assert legend_in_words("") == legend_in_words("gone.json") == legend_in_words(str(tmp_path)) == ""


def test_a_layer_chosen_by_mistake_is_not_read_while_somebody_types(tmp_path):
    path = tmp_path / "all of it.geojson"
    path.write_text(json.dumps({"classes": [{"name": "a"}]}) + " " * 1_000_000)
    assert legend_in_words(str(path)) == "This file is no legend."


def test_layers_are_opened_once_and_not_at_every_letter(dialog_of, vector_file, monkeypatch):
    opened = []
    monkeypatch.setattr(wrappers_module, "asked_layers", lambda values: opened.append(values) or [])
    _, field, wrappers = dialog_of("loop", "KEY", MAP=[str(vector_file())])
    before = len(opened)
    for text in ("o", "os", "osm"):
        field.set_text(text)
    assert len(opened) == before <= 2
    wrappers["MAP"].setParameterValue([], QgsProcessingContext())
    assert len(opened) == before + 1


def test_many_classes_are_cut_short(tmp_path):
    path = tmp_path / "many.json"
    path.write_text(json.dumps({"title": "Many", "classes": [{"name": f"c{n}"} for n in range(40)]}))
    assert legend_in_words(str(path)).endswith("c11…")


def test_encoders_are_offered_and_what_each_needs_is_told(dialog_of, chosen, qtbot):
    chosen(WEIGHTS)
    wrapper, field, _ = dialog_of("finetune", "MODEL")
    assert {"galileo_nano", "presto", "resnet18"} < set(offered(field))
    field.box.setCurrentIndex(field.box.findText("galileo_nano"))
    assert "choose the file of its public weights, hf.co/nasaharvest/galileo" in field.words.text()
    qtbot.mouseClick(field.button, Qt.MouseButton.LeftButton)
    assert wrapper.parameterValue() == f"galileo_nano:{WEIGHTS}"
    assert field.words.text() == "Galileo nano, licence of the weights: MIT"


@pytest.mark.parametrize(("before", "after"), [
    ("", WEIGHTS), ("galileo_nano:/old.pt", f"galileo_nano:{WEIGHTS}"), ("resnet18", WEIGHTS), ("/old.pt", WEIGHTS)])
def test_a_file_is_put_behind_the_name_of_what_has_public_weights(before, after):
    assert encoders().with_file(before, WEIGHTS) == after


def test_what_has_no_public_weights_says_so():
    assert encoder_in_words("unet") == "U-Net: has no public weights, it learns from nothing"
    assert encoder_in_words("none of them") == encoder_in_words("") == ""


@pytest.mark.parametrize(("algorithm", "parameter", "names"), [
    ("predict", "DEVICE", ["auto", "cpu", "cuda"]), ("undo", "WHICH", ["last", "all"])])
def test_what_can_be_said_is_offered(dialog_of, algorithm, parameter, names):
    wrapper, field, _ = dialog_of(algorithm, parameter)
    assert wrapper.parameterValue() in names  # the default
    assert offered(field) == names
    field.set_text("cuda:1")
    assert wrapper.parameterValue() == "cuda:1"


def test_only_what_fills_gaps_is_offered_for_gaps(dialog_of):
    _, field, _ = dialog_of("stackimagery", "FILL")
    assert offered(field)
    assert all(name.startswith("prithvi") for name in offered(field))


def test_the_layers_of_a_ledger_are_offered_and_no_imagery(dialog_of, tmp_path):
    path = tmp_path / "Schleife 1.gpkg"
    with Ledger.create(path, Crs("UTM 33", "EPSG", 32633, "")) as ledger:
        ledger.add_round(Round("flag", 1, {}), [SourceRow("imagery", "ortho", "o.tif"),
                                                SourceRow("map", "Bäume", "t.gpkg")], (), [])
    _, field, _ = dialog_of("exchange", "TARGET", LEDGER=str(path))
    assert offered(field) == ["Bäume"]


def test_the_attributes_of_one_layer_are_offered_and_a_raster_has_none(dialog_of, vector_file, raster_file, project):
    layer = QgsVectorLayer(str(vector_file()), "Häuser", "ogr")
    project.addMapLayer(layer)
    _, field, wrappers = dialog_of("sampledesign", "CLASS_FIELD", INPUT=layer.id())
    assert set(offered(field)) == set(layer.fields().names())
    wrappers["INPUT"].setParameterValue(str(raster_file()), QgsProcessingContext())
    assert offered(field) == []


def test_attributes_of_the_chosen_layers_are_offered(dialog_of, vector_file, project):
    layer = QgsVectorLayer(str(vector_file()), "Häuser am Fluß", "ogr")
    project.addMapLayer(layer)
    wrapper, field, _ = dialog_of("loop", "KEY", MAP=[layer.id()])
    names = layer.fields().names()
    assert names
    assert set(offered(field)) == set(names)
    field.box.setCurrentIndex(field.box.findText(names[-1]))
    assert wrapper.parameterValue() == names[-1]
    assert not field.words.isVisible()
    field.set_text("gone")
    assert field.words.text() == "No layer has an attribute of this name."
    assert wrapper.parameterValue() == "gone"


def test_layers_chosen_afterwards_are_heard_of(dialog_of, vector_file, project):
    layer = QgsVectorLayer(str(vector_file()), "Häuser", "ogr")
    project.addMapLayer(layer)
    _, field, wrappers = dialog_of("loop", "KEY", MAP=[layer.id()], KEY="gone")
    assert field.words.text()
    wrappers["MAP"].setParameterValue([], QgsProcessingContext())
    assert not field.words.text()


def test_attributes_of_most_layers_come_first_and_who_has_one_is_told():
    layers = [AskedLayer("a", ("x", "id")), AskedLayer("b", ("id",)), AskedLayer("ortho", is_imagery=True)]
    assert attributes(layers) == ["id", "x"]
    assert where("ID", layers) == "In “a”, “b”"
    assert where("x", layers[:1]) == where("", layers) == where("x", []) == ""


def test_what_is_typed_stays_when_the_list_opens(qtbot):
    field = SuggestionsField(legends())
    qtbot.addWidget(field)
    told = []
    field.changed.connect(lambda: told.append(field.text()))
    field.set_text("my legend.json")
    assert "buildings" in offered(field)
    assert field.text() == "my legend.json"
    assert told == ["my legend.json"]


def test_batch_mode_has_the_fields_too(processing_registry, project, qtbot):
    from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog

    dialog = BatchAlgorithmDialog(processing_registry.createAlgorithmById("geoloop:loop"))
    panel = dialog.mainWidget()
    panel.addRow()
    field = panel.wrappers[1][panel.parameter_to_column["LEGEND"]].shown
    field.set_text("landcover")
    assert panel.valueForParameter(0, "LEGEND") == ""
    assert panel.valueForParameter(1, "LEGEND") == "landcover"
    assert field.words.isHidden()


@pytest.mark.parametrize(("algorithm", "parameter"), [("loop", "LEGEND"), ("loop", "KEY"), ("embed", "MODEL"),
                                                      ("finetune", "TARGET")])
def test_the_modeler_has_its_own_field(processing_registry, qtbot, algorithm, parameter):
    from processing.modeler.ModelerParametersDialog import ModelerParametersDialog

    model = QgsProcessingModelAlgorithm("m", "g")
    child = QgsProcessingModelChildAlgorithm(f"geoloop:{algorithm}")
    child.setChildId("it")
    model.addChildAlgorithm(child)
    dialog = ModelerParametersDialog(processing_registry.createAlgorithmById(f"geoloop:{algorithm}"), model)
    qtbot.addWidget(dialog)
    assert not isinstance(dialog.widget.widget.wrappers[parameter], DialogField)
