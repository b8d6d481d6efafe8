"""Who names the engine's interpreter, and in which order."""

from __future__ import annotations

import pytest
from qgis.core import QgsSettings

from geoloop.core.errors import EngineError
from geoloop.processing_provider.algorithms.doctor import Doctor
from geoloop.processing_provider.engine import interpreter
from geoloop.processing_provider.engine.interpreter import SETTING, VARIABLE, find_interpreter


@pytest.fixture(autouse=True)
def nothing_named(qgis_app, tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("GEOLOOP_HOME", str(tmp_path / "home"))
    QgsSettings().remove(SETTING)
    yield
    QgsSettings().remove(SETTING)


@pytest.fixture
def program(tmp_path):
    def make(name):
        path = tmp_path / name
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
        return path

    return make


def test_the_setting_comes_before_the_variable_before_the_plugins_own(program, monkeypatch):
    monkeypatch.setattr(interpreter, "find_engine", lambda: program("own"))
    assert find_interpreter().python.name == "own"
    monkeypatch.setenv(VARIABLE, str(program("variable")))
    assert find_interpreter().python.name == "variable"
    QgsSettings().setValue(SETTING, str(program("setting")))
    assert find_interpreter().python.name == "setting"


def test_a_named_engine_that_is_not_there_is_an_error_and_not_passed_over(program, monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(program("variable")))
    QgsSettings().setValue(SETTING, str(tmp_path / "gone"))
    with pytest.raises(EngineError, match=f"{SETTING} names .*gone"):
        find_interpreter()
    QgsSettings().remove(SETTING)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "lost"))
    with pytest.raises(EngineError, match=f"{VARIABLE} names .*lost"):
        find_interpreter()


def test_without_an_engine_algorithms_stay_and_say_what_to_run(provider):
    ok, why = provider.algorithm("loop").canExecute()
    assert not ok
    assert "geoloop:installengine" in why
    assert provider.algorithm("installengine").canExecute()[0]


def test_with_an_engine_algorithms_can_run(program, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(program("python")))
    assert Doctor().canExecute() == (True, "")
