"""The plugin object: registers the provider; in the desktop the menu, the review dock and the page of options.

QGIS starts with it, so nothing is imported here but what the menu shows: the rest comes when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qgis.core import Qgis, QgsApplication
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtGui import QAction, QIcon

from .paths import ICON
from .processing_provider.translation import install_translation, remove_translation, tr

if TYPE_CHECKING:
    from qgis.gui import QgsMessageBarItem

    from .processing_provider.provider import GeoLoopProvider
    from .ui.engine_dialog import EngineDialog
    from .ui.options_page import OptionsFactory
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
        self._options: OptionsFactory | None = None
        self._welcome: QgsMessageBarItem | None = None
        install_translation()

    def initProcessing(self) -> None:
        """Register the provider; all that ``qgis_process`` needs."""
        from .processing_provider.provider import GeoLoopProvider

        self._provider = GeoLoopProvider()
        QgsApplication.processingRegistry().addProvider(self._provider)

    def initGui(self) -> None:
        """In the desktop, add the menu and the button of the review dock; the rest follows when QGIS has started.

        Without a desktop, only register the provider.
        """
        if self._iface is None:
            self.initProcessing()
            return
        review = self._add_action(tr("Review…"), self.show_review_dock)
        self._iface.addToolBarIcon(review)
        self._add_action(tr("Run a round of the loop…"), self.show_loop)
        self._add_action(tr("Engine…"), self.show_engine_dialog)
        self._add_action(tr("Add the example chains to the toolbox"), self.add_chains)
        self._add_action(tr("Options…"), self.show_options)
        QTimer.singleShot(0, self._settle)

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
        if self._options is not None:
            self._iface.unregisterOptionsWidgetFactory(self._options)
            self._options = None
        if self._actions:
            self._iface.removeToolBarIcon(self._actions[0])
        for action in self._actions:
            self._iface.removePluginMenu(_MENU, action)
            action.deleteLater()
        self._actions = []
        if self._provider is not None:
            from .processing_provider.engine import client

            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
            client.shutdown()
        remove_translation()

    def show_engine_dialog(self) -> None:
        """Open the dialog that installs and examines the engine."""
        from .ui.engine_dialog import EngineDialog

        if self._dialog is None:
            self._dialog = EngineDialog(self._iface.mainWindow())
            self._dialog.finished.connect(lambda: self._take_back_welcome())
        self._dialog.show()
        self._dialog.raise_()

    def show_review_dock(self) -> None:
        """Open the dock that leads through the discrepancies of a ledger."""
        from .ui.review_dock import ReviewDock

        if self._dock is None:
            self._dock = ReviewDock(self._iface.mapCanvas(), self._iface.mainWindow())
            # Beside the toolbox, not below it: the card of an item needs the height.
            self._iface.addTabifiedDockWidget(
                Qt.DockWidgetArea.RightDockWidgetArea, self._dock, ["ProcessingToolbox"], True)
        self._dock.show()
        self._dock.raise_()

    def show_loop(self) -> None:
        """Open the dialog of ``geoloop:loop``, as the toolbox does."""
        from processing import execAlgorithmDialog

        execAlgorithmDialog("geoloop:loop")

    def add_chains(self) -> None:
        """Put the example chains among the user's models, where the modeler opens them."""
        from .ui.chains import add_chains

        self._iface.messageBar().pushMessage(_MENU, add_chains(), Qgis.MessageLevel.Info)

    def show_options(self) -> None:
        """Open QGIS's options at GeoLoop's page."""
        from .ui.options_page import PAGE

        self._iface.showOptionsDialog(self._iface.mainWindow(), PAGE)

    def _settle(self) -> None:
        """What QGIS's start does not wait for: the provider, the page of options, and a word where no engine is."""
        if not self._actions:  # unloaded before the start was over
            return
        from .ui.options_page import OptionsFactory
        from .ui.welcome import welcome

        self.initProcessing()
        self._options = OptionsFactory(self._take_back_welcome)
        self._iface.registerOptionsWidgetFactory(self._options)
        self._welcome = welcome(self._iface.messageBar(), self.show_engine_dialog)

    def _take_back_welcome(self) -> None:
        """The word that there is no engine goes when one has been named or installed."""
        from .ui.welcome import take_back

        take_back(self._iface.messageBar(), self._welcome)

    def _add_action(self, text: str, when_triggered: Callable[[], None]) -> QAction:
        action = QAction(QIcon(str(ICON)), text, self._iface.mainWindow())
        action.triggered.connect(lambda: when_triggered())
        self._iface.addPluginToMenu(_MENU, action)
        self._actions.append(action)
        return action
