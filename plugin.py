"""The plugin object: registers the provider, and in the desktop the review dock and a menu entry for the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QAction, QIcon

from .paths import ICON
from .processing_provider.engine import client
from .processing_provider.provider import GeoLoopProvider
from .processing_provider.translation import tr

if TYPE_CHECKING:
    from .ui.engine_dialog import EngineDialog
    from .ui.review_dock import ReviewDock

_MENU = "GeoLoop"


class GeoLoopPlugin:
    """What QGIS loads. ``iface`` is None in ``qgis_process``."""

    def __init__(self, iface) -> None:
        self._iface = iface
        self._provider: GeoLoopProvider | None = None
        self._actions: list[QAction] = []
        self._dialog: EngineDialog | None = None
        self._dock: ReviewDock | None = None

    def initProcessing(self) -> None:
        """Register the provider; all that ``qgis_process`` needs."""
        self._provider = GeoLoopProvider()
        QgsApplication.processingRegistry().addProvider(self._provider)

    def initGui(self) -> None:
        """Register the provider and, in the desktop, the menu entries and the button of the review dock."""
        self.initProcessing()
        if self._iface is None:
            return
        review = self._add_action(tr("Review…"), self.show_review_dock)
        self._iface.addToolBarIcon(review)
        self._add_action(tr("Engine…"), self.show_engine_dialog)

    def unload(self) -> None:
        """Take everything back and end the engine."""
        if self._dialog is not None:
            self._dialog.close()
            self._dialog = None
        if self._dock is not None:
            self._dock.let_go()
            self._iface.removeDockWidget(self._dock)
            self._dock.deleteLater()
            self._dock = None
        if self._actions:
            self._iface.removeToolBarIcon(self._actions[0])
        for action in self._actions:
            self._iface.removePluginMenu(_MENU, action)
            action.deleteLater()
        self._actions = []
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

    def show_review_dock(self) -> None:
        """Open the dock that leads through the discrepancies of a ledger."""
        from .ui.review_dock import ReviewDock

        if self._dock is None:
            self._dock = ReviewDock(self._iface.mapCanvas(), self._iface.mainWindow())
            self._iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._dock)
        self._dock.show()
        self._dock.raise_()

    def _add_action(self, text: str, when_triggered) -> QAction:
        action = QAction(QIcon(str(ICON)), text, self._iface.mainWindow())
        action.triggered.connect(when_triggered)
        self._iface.addPluginToMenu(_MENU, action)
        self._actions.append(action)
        return action
