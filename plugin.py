"""The plugin object: registers the provider, and in the desktop a menu entry for the engine."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtGui import QAction, QIcon

from .paths import ICON
from .processing_provider.engine import client
from .processing_provider.provider import GeoLoopProvider
from .processing_provider.translation import tr

_MENU = "GeoLoop"


class GeoLoopPlugin:
    """What QGIS loads. ``iface`` is None in ``qgis_process``."""

    def __init__(self, iface) -> None:
        self._iface = iface
        self._provider: GeoLoopProvider | None = None
        self._action: QAction | None = None
        self._dialog = None

    def initProcessing(self) -> None:
        """Register the provider; all that ``qgis_process`` needs."""
        self._provider = GeoLoopProvider()
        QgsApplication.processingRegistry().addProvider(self._provider)

    def initGui(self) -> None:
        """Register the provider and, in the desktop, the menu entry."""
        self.initProcessing()
        if self._iface is not None:
            self._action = QAction(QIcon(str(ICON)), tr("Engine…"), self._iface.mainWindow())
            self._action.triggered.connect(self.show_engine_dialog)
            self._iface.addPluginToMenu(_MENU, self._action)

    def unload(self) -> None:
        """Take everything back and end the engine."""
        if self._dialog is not None:
            self._dialog.close()
            self._dialog = None
        if self._action is not None:
            self._iface.removePluginMenu(_MENU, self._action)
            self._action = None
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
        client.shutdown()

    def show_engine_dialog(self) -> None:
        """Open the dialog that installs and examines the engine."""
        from .ui.engine_dialog import EngineDialog

        if self._dialog is None:
            self._dialog = EngineDialog(self._iface.mainWindow())
        self._dialog.show()
        self._dialog.raise_()
