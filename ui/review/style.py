"""Style sheets of widgets."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QWidget


def put_style(widget: QWidget, sheet: str) -> None:
    """Give a widget a style sheet unless it has that already: Qt lays a widget out anew even for the same one."""
    if widget.styleSheet() != sheet:
        widget.setStyleSheet(sheet)
