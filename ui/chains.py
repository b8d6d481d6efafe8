"""The example chains among the user's own models: there the modeler opens, runs and changes them."""

from __future__ import annotations

import shutil
from pathlib import Path

from qgis.core import QgsApplication

from ..paths import CHAINS
from ..processing_provider.translation import tr


def models_folder() -> Path:
    """Where QGIS keeps the models of this profile."""
    return Path(QgsApplication.qgisSettingsDirPath()) / "processing" / "models"


def add_chains() -> str:
    """Copy the chains that are not there yet, and say what was done. A model that the user has changed stays."""
    folder = models_folder()
    folder.mkdir(parents=True, exist_ok=True)
    new = [path for path in sorted(CHAINS.glob("*.model3")) if not (folder / path.name).exists()]
    for path in new:
        shutil.copyfile(path, folder / path.name)
    provider = QgsApplication.processingRegistry().providerById("model")
    if provider is not None:
        provider.refreshAlgorithms()
    if not new:
        return tr("The example chains are in the toolbox already, under Models.")
    return tr("{number} example chains are in the toolbox now, under Models, GeoLoop.").format(number=len(new))
