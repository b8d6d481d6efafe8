"""The engine's dialog, driven as a user does, with a tiny engine of no packages."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt

from geoloop.processing_provider.algorithms import installengine
from geoloop.processing_provider.engine.installation import Recipe
from geoloop.processing_provider.engine.interpreter import VARIABLE
from geoloop.processing_provider.provider import GeoLoopProvider
from geoloop.ui.engine_dialog import EngineDialog


@pytest.fixture
def dialog(qgis_app, qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("GEOLOOP_HOME", str(tmp_path / "home"))
    monkeypatch.delenv(VARIABLE, raising=False)
    provider = GeoLoopProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    dialog = EngineDialog()
    qtbot.addWidget(dialog)
    yield dialog
    dialog.cancel()
    qtbot.waitUntil(dialog.install_button.isEnabled, timeout=20_000)
    QgsApplication.processingRegistry().removeProvider(provider)


@pytest.fixture
def tiny_engine(tmp_path, monkeypatch):
    lock = tmp_path / "lock.txt"
    lock.write_text("# nothing at all\n")
    monkeypatch.setattr(
        installengine.Recipe, "for_device",
        classmethod(lambda cls, device, wheels=None: Recipe(device, (lock,), wheels, modules=("json",))),
    )


def test_it_says_what_to_do_without_an_engine(dialog):
    assert "geoloop:installengine" in dialog.status.text()
    assert dialog.install_button.isEnabled()
    assert not dialog.cancel_button.isEnabled()


def test_it_installs_in_the_background_and_shows_the_log(dialog, tiny_engine, qtbot):
    qtbot.mouseClick(dialog.install_button, Qt.MouseButton.LeftButton)
    assert not dialog.install_button.isEnabled()
    qtbot.waitUntil(dialog.install_button.isEnabled, timeout=60_000)
    assert "The engine is installed" in dialog.log.toPlainText()
    assert dialog.progress.value() == 100


def test_cancelling_leaves_nothing(dialog, tiny_engine, qtbot, tmp_path):
    qtbot.mouseClick(dialog.install_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "The engine's place" in dialog.log.toPlainText(), timeout=20_000)
    qtbot.mouseClick(dialog.cancel_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.install_button.isEnabled, timeout=20_000)
    engines: Path = tmp_path / "home" / "engines"
    assert not [folder for folder in engines.iterdir() if folder.is_dir()]


def test_examining_without_an_engine_tells_why_not(dialog, qtbot):
    qtbot.mouseClick(dialog.examine_button, Qt.MouseButton.LeftButton)
    assert "geoloop:installengine" in dialog.log.toPlainText()
