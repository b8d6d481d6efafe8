"""What a user meets around the algorithms: the menu, the word of welcome, the page of options, the example chains."""

from __future__ import annotations

import pytest
from qgis.core import QgsApplication, QgsProcessingModelAlgorithm, QgsSettings
from qgis.gui import QgsMessageBar
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QAction
from qgis.PyQt.QtWidgets import QMainWindow, QPushButton

from geoloop.plugin import GeoLoopPlugin
from geoloop.processing_provider.algorithms.predict import Predict
from geoloop.processing_provider.engine import client
from geoloop.processing_provider.engine.interpreter import VARIABLE, find_interpreter
from geoloop.processing_provider.settings import Settings
from geoloop.ui import chains
from geoloop.ui.options_page import OptionsFactory
from geoloop.ui.welcome import welcome


class Desktop:
    """What the plugin needs of QGIS's window."""

    def __init__(self) -> None:
        self.window, self.bar = QMainWindow(), QgsMessageBar()
        self.menu: list[QAction] = []
        self.tool_bar: list[QAction] = []
        self.factories: list[OptionsFactory] = []

    def mainWindow(self):
        return self.window

    def messageBar(self):
        return self.bar

    def addPluginToMenu(self, menu, action):
        self.menu.append(action)

    def removePluginMenu(self, menu, action):
        self.menu.remove(action)

    def addToolBarIcon(self, action):
        self.tool_bar.append(action)

    def removeToolBarIcon(self, action):
        self.tool_bar.remove(action)

    def registerOptionsWidgetFactory(self, factory):
        self.factories.append(factory)

    def unregisterOptionsWidgetFactory(self, factory):
        self.factories.remove(factory)


@pytest.fixture
def no_engine(monkeypatch, tmp_path):
    monkeypatch.setenv("GEOLOOP_HOME", str(tmp_path / "home"))
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture
def unset(qgis_app):
    """Nothing set in the options, before and afterwards."""
    Settings().write()
    QgsSettings().remove("geoloop/welcome_read")
    yield
    Settings().write()
    QgsSettings().remove("geoloop/welcome_read")


def buttons(item) -> dict[str, QPushButton]:
    return {button.text(): button for button in item.findChildren(QPushButton)}


def test_the_menu_comes_at_once_and_the_rest_when_qgis_has_started(unset, no_engine, qtbot):
    desktop = Desktop()
    plugin = GeoLoopPlugin(desktop)
    plugin.initGui()
    assert len(desktop.menu) == 5
    assert len(desktop.tool_bar) == 1
    registry = QgsApplication.processingRegistry()
    assert registry.providerById("geoloop") is None
    qtbot.waitUntil(lambda: registry.providerById("geoloop") is not None)
    assert len(desktop.factories) == 1
    assert "not installed" in desktop.bar.currentItem().text()
    plugin.unload()
    assert (desktop.menu, desktop.tool_bar, desktop.factories) == ([], [], [])
    assert registry.providerById("geoloop") is None


def test_a_plugin_that_is_disabled_at_once_leaves_nothing_behind(unset, no_engine, qtbot):
    desktop = Desktop()
    plugin = GeoLoopPlugin(desktop)
    plugin.initGui()
    plugin.unload()
    qtbot.wait(50)
    assert QgsApplication.processingRegistry().providerById("geoloop") is None
    assert desktop.factories == []


def test_without_an_engine_one_click_leads_to_it(unset, no_engine, qtbot):
    bar, opened = QgsMessageBar(), []
    item = welcome(bar, lambda: opened.append("engine"))
    assert "geoloop:installengine" in item.text()
    qtbot.mouseClick(buttons(item)["Install or examine…"], Qt.MouseButton.LeftButton)
    assert opened == ["engine"]


def test_who_does_not_want_to_hear_it_does_not_hear_it_again(unset, no_engine, qtbot):
    bar = QgsMessageBar()
    item = welcome(bar, lambda: None)
    qtbot.mouseClick(buttons(item)["Do not say this again"], Qt.MouseButton.LeftButton)
    assert welcome(bar, lambda: None) is None


def test_the_word_goes_when_an_engine_is_named_in_the_options_and_not_before(unset, no_engine, qtbot):
    desktop = Desktop()
    plugin = GeoLoopPlugin(desktop)
    plugin.initGui()
    qtbot.waitUntil(lambda: bool(desktop.factories))
    page = desktop.factories[0].createWidget()
    qtbot.addWidget(page)
    page.apply()
    assert "not installed" in desktop.bar.currentItem().text()
    page.python.setFilePath("/usr/bin/python3")
    page.apply()
    assert desktop.bar.currentItem() is None
    page.apply()  # nothing is left to take back
    plugin.unload()


def test_with_an_engine_nothing_is_said(unset, monkeypatch):
    monkeypatch.setenv(VARIABLE, "/usr/bin/python3")
    assert welcome(QgsMessageBar(), lambda: None) is None


def test_what_the_page_of_options_says_holds_for_the_next_runs(unset, no_engine, qtbot):
    page = OptionsFactory().createWidget()
    qtbot.addWidget(page)
    assert "not installed" in page.used.text()
    page.python.setFilePath("/usr/bin/python3")
    page.device.setCurrentText("cuda:1")
    page.cache.setValue(512)
    page.tile.setValue(1024)
    assert Settings.read() == Settings()
    page.apply()
    assert Settings.read() == Settings("/usr/bin/python3", "cuda:1", 512, 1024)
    assert "setting" in find_interpreter().named_by
    predict = Predict()
    predict.initAlgorithm()
    defaults = {name: predict.parameterDefinition(name).defaultValue() for name in ("DEVICE", "TILE")}
    assert defaults == {"DEVICE": "cuda:1", "TILE": 1024}


def test_the_cache_reaches_the_engine_and_a_change_starts_a_new_one(unset, monkeypatch):
    started = []

    class Noted(client.Worker):
        def __init__(self, python, script, variables):
            started.append(dict(variables))
            raise client.EngineError("not started")

    monkeypatch.setattr(client, "Worker", Noted)
    Settings(cache_mb=512).write()
    engine = client.Engine()
    with pytest.raises(client.EngineError, match="not started"):
        engine.run("python", "doctor", {}, client.Feedback(), Settings.read().variables)
    assert started == [{"GDAL_CACHEMAX": "512"}]


def test_a_setting_that_somebody_spoilt_by_hand_counts_as_not_set(unset):
    QgsSettings().setValue("geoloop/cache_mb", "much")
    assert Settings.read().cache_mb == 0


def test_the_example_chains_go_into_the_profile_and_changed_ones_stay(qgis_app, tmp_path, monkeypatch):
    monkeypatch.setattr(chains, "models_folder", lambda: tmp_path / "models")
    said = chains.add_chains()
    found = sorted((tmp_path / "models").glob("*.model3"))
    assert said.startswith(f"{len(found)} example chains")
    assert len(found) >= 4
    found[0].write_text("mine")
    assert "already" in chains.add_chains()
    assert found[0].read_text() == "mine"
    assert QgsProcessingModelAlgorithm().fromFile(str(found[1]))
