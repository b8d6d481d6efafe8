"""Texts for the user, in the language of QGIS."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication


def tr(text: str) -> str:
    """Return the translation of ``text``, or ``text`` itself where there is none."""
    return QCoreApplication.translate("GeoLoop", text)
