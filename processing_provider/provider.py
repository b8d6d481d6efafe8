"""The provider ``geoloop`` of QGIS's Processing framework."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ..paths import ICON
from .algorithms.doctor import Doctor
from .translation import tr


class GeoLoopProvider(QgsProcessingProvider):
    """All algorithms of GeoLoop. Ids, once published, never change."""

    def loadAlgorithms(self) -> None:
        self.addAlgorithm(Doctor())

    def id(self) -> str:
        return "geoloop"

    def name(self) -> str:
        return "GeoLoop"

    def longName(self) -> str:
        return tr("GeoLoop: imagery, maps and field surveys judge each other")

    def icon(self) -> QIcon:
        return QIcon(str(ICON))

    def svgIconPath(self) -> str:
        return str(ICON)
