"""The word that a new user gets: without an engine nothing can be computed, and one click leads to it."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import Qgis, QgsSettings
from qgis.gui import QgsMessageBar, QgsMessageBarItem
from qgis.PyQt.QtWidgets import QPushButton

from ..core.errors import EngineError
from ..processing_provider.engine.interpreter import find_interpreter
from ..processing_provider.translation import tr

NOT_AGAIN = "geoloop/welcome_read"


def welcome(bar: QgsMessageBar, show_engine: Callable[[], None]) -> QgsMessageBarItem | None:
    """Say that there is no engine, with a button that opens the dialog which installs and examines one.

    Returns what was shown; None where an engine is there, or where the user does not want to hear it again.
    """
    try:
        find_interpreter()
    except EngineError as error:
        why = str(error)
    else:
        return None
    if QgsSettings().value(NOT_AGAIN, False, type=bool):
        return None
    item = bar.createMessage("GeoLoop", why)
    install = QPushButton(tr("Install or examine…"), item)
    never = QPushButton(tr("Do not say this again"), item)
    for button in (install, never):
        item.layout().addWidget(button)
        button.clicked.connect(lambda: bar.popWidget(item))
    install.clicked.connect(lambda: show_engine())
    never.clicked.connect(lambda: QgsSettings().setValue(NOT_AGAIN, True))
    bar.pushWidget(item, Qgis.MessageLevel.Warning)  # an info would lie below whatever else QGIS says at its start
    return item


def take_back(bar: QgsMessageBar, item: QgsMessageBarItem | None) -> None:
    """Close what :func:`welcome` showed once there is an engine; nothing where it is closed already."""
    if item is None or item not in bar.items():
        return
    try:
        find_interpreter()
    except EngineError:
        return
    bar.popWidget(item)
