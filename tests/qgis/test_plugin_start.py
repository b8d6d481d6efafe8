"""Starting QGIS with the plugin: quick, and nothing heavy comes with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

START = """
import json, os, sys, time
sys.path.insert(0, {checkout!r})
from qgis.core import QgsApplication
from qgis.PyQt.QtWidgets import QMainWindow
import qgis.gui
application = QgsApplication([], True)
application.initQgis()
window = QMainWindow()

class Desktop:
    def mainWindow(self):
        return window
    def __getattr__(self, name):
        return lambda *given: None

before = set(sys.modules)
began = time.process_time()
import geoloop
plugin = geoloop.classFactory(Desktop())
plugin.initGui()
took = time.process_time() - began
print(json.dumps([took, sorted(set(sys.modules) - before)]), flush=True)
os._exit(0)
"""
HEAVY = {"torch", "rasterio", "geopandas", "shapely", "pyproj", "sklearn", "scipy", "pandas", "onnx", "onnxruntime",
         "numpy", "matplotlib"}


@pytest.fixture(scope="module")
def starts(tmp_path_factory) -> list[tuple[float, list[str]]]:
    """CPU seconds and new modules of three starts in the desktop, each in a process of its own."""
    folder = tmp_path_factory.mktemp("compiled")
    checkout = os.path.join(os.path.dirname(__file__), "..", "..", ".dev")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": str(folder)}

    def start():
        done = subprocess.run([sys.executable, "-c", START.format(checkout=checkout)], env=environment,
                              capture_output=True, text=True, timeout=120, check=True)
        return tuple(json.loads(done.stdout.splitlines()[-1]))

    return [start() for _ in range(3)]


def test_it_adds_less_than_50_ms_to_the_start_of_qgis(starts):
    assert min(seconds for seconds, _ in starts) < 0.05


def test_nothing_of_the_engine_and_no_algorithm_is_imported_at_the_start(starts):
    new = set(starts[0][1])
    assert not {name.split(".")[0] for name in new} & HEAVY
    assert not [name for name in new if name.startswith(("geoloop.core", "geoloop.processing_provider.algorithms",
                                                         "geoloop.ui"))]


def test_the_dialog_of_the_loop_opens_in_less_than_half_a_second(processing_registry, qtbot):
    from processing.gui.AlgorithmDialog import AlgorithmDialog

    seconds = []
    for _ in range(2):  # the first one imports QGIS's own dialog
        began = time.process_time()
        dialog = AlgorithmDialog(processing_registry.createAlgorithmById("geoloop:loop"), False)
        qtbot.addWidget(dialog)
        dialog.show()
        seconds.append(time.process_time() - began)
        dialog.close()
    assert min(seconds) < 0.5
