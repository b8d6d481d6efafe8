"""Every algorithm opens in the toolbox, in batch mode and in the modeler, whatever layers the project holds."""

from __future__ import annotations

import pytest
from qgis.core import QgsProcessingModelAlgorithm, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt import sip

ALGORITHMS = (
    "installengine", "doctor", "importosm", "stackimagery", "webimagery", "predict", "exportmodel", "pretrain",
    "finetune", "embed", "mergeadapters", "regresspoints", "align", "fuse", "flag", "loop", "learn", "queue", "decide",
    "push", "exchange", "report", "undo", "sampledesign", "evaluate")


@pytest.fixture(params=["a raster first", "a vector layer first", "no layer"])
def registry(request, processing_registry, project, raster_file, vector_file):
    """QGIS's Processing with the provider, on a project whose first layer is what the dialogs' choices begin with."""
    if request.param == "a raster first":
        project.addMapLayer(QgsRasterLayer(str(raster_file()), "A"))
        project.addMapLayer(QgsRasterLayer("type=xyz&url=http://127.0.0.1:1/{z}/{x}/{y}.png", "B", "wms"))
    elif request.param == "a vector layer first":
        project.addMapLayer(QgsVectorLayer(str(vector_file()), "A", "ogr"))
    return processing_registry


def test_every_algorithm_is_opened_here(registry):
    assert {one.name() for one in registry.providerById("geoloop").algorithms()} == set(ALGORITHMS)


def test_all_open_in_the_toolbox_in_batch_mode_and_in_the_modeler(registry):
    from processing.gui.AlgorithmDialog import AlgorithmDialog
    from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog
    from processing.modeler.ModelerParametersDialog import ModelerParametersDialog

    for name in ALGORITHMS:
        made = [AlgorithmDialog(registry.createAlgorithmById(f"geoloop:{name}"), False),
                BatchAlgorithmDialog(registry.createAlgorithmById(f"geoloop:{name}")),
                ModelerParametersDialog(registry.createAlgorithmById(f"geoloop:{name}"), QgsProcessingModelAlgorithm())]
        shown = [made[0].mainWidget().wrappers, made[1].mainWidget().wrappers[0], made[2].widget.widget.wrappers]
        assert all(len(one) for one in shown if registry.algorithmById(f"geoloop:{name}").parameterDefinitions())
        for dialog in made:
            sip.delete(dialog)
