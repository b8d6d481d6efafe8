"""The provider ``geoloop`` of QGIS's Processing framework."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ..paths import ICON
from .algorithms.align import Align
from .algorithms.decide import Decide
from .algorithms.doctor import Doctor
from .algorithms.embed import Embed
from .algorithms.evaluate import Evaluate
from .algorithms.exchange import Exchange
from .algorithms.exportmodel import ExportModel
from .algorithms.finetune import FineTune
from .algorithms.flag import Flag
from .algorithms.fuse import Fuse
from .algorithms.importosm import ImportOsm
from .algorithms.installengine import InstallEngine
from .algorithms.learn import Learn
from .algorithms.loop import Loop
from .algorithms.mergeadapters import MergeAdapters
from .algorithms.predict import Predict
from .algorithms.pretrain import Pretrain
from .algorithms.push import Push
from .algorithms.queue import Queue
from .algorithms.regresspoints import RegressPoints
from .algorithms.report import Report
from .algorithms.sampledesign import SampleDesign
from .algorithms.stackimagery import StackImagery
from .algorithms.undo import Undo
from .algorithms.webimagery import WebImagery
from .translation import tr


class GeoLoopProvider(QgsProcessingProvider):
    """All algorithms of GeoLoop. Ids, once published, never change."""

    def loadAlgorithms(self) -> None:
        self.addAlgorithm(InstallEngine())
        self.addAlgorithm(Doctor())
        self.addAlgorithm(ImportOsm())
        self.addAlgorithm(StackImagery())
        self.addAlgorithm(WebImagery())
        self.addAlgorithm(Predict())
        self.addAlgorithm(Pretrain())
        self.addAlgorithm(Embed())
        self.addAlgorithm(FineTune())
        self.addAlgorithm(MergeAdapters())
        self.addAlgorithm(RegressPoints())
        self.addAlgorithm(ExportModel())
        self.addAlgorithm(Align())
        self.addAlgorithm(Fuse())
        self.addAlgorithm(Flag())
        self.addAlgorithm(Loop())
        self.addAlgorithm(Queue())
        self.addAlgorithm(Decide())
        self.addAlgorithm(Push())
        self.addAlgorithm(Undo())
        self.addAlgorithm(Learn())
        self.addAlgorithm(Exchange())
        self.addAlgorithm(Report())
        self.addAlgorithm(SampleDesign())
        self.addAlgorithm(Evaluate())

    def id(self) -> str:
        return "geoloop"

    def name(self) -> str:
        return "GeoLoop"

    def longName(self) -> str:
        return tr("GeoLoop: imagery, maps and field surveys judge each other")

    def defaultRasterFileExtension(self) -> str:
        """What the engine writes, whatever QGIS's settings prefer for temporary outputs."""
        return "tif"

    def defaultVectorFileExtension(self, hasGeometry: bool = True) -> str:
        """As for rasters."""
        return "gpkg"

    def icon(self) -> QIcon:
        return QIcon(str(ICON))

    def svgIconPath(self) -> str:
        return str(ICON)
