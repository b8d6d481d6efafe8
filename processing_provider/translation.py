"""Texts for the user, in the language of QGIS."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

from ..paths import TRANSLATIONS

CONTEXT = "GeoLoop"
_installed: list[QTranslator] = []


def tr(text: str) -> str:
    """Return the translation of ``text``, or ``text`` itself where there is none."""
    return QCoreApplication.translate(CONTEXT, text)


def install_translation(locale: str | None = None) -> bool:
    """Speak the language of QGIS, or that of ``locale`` such as de_AT; return whether GeoLoop knows it."""
    remove_translation()
    translator = QTranslator()
    language = (locale or QgsApplication.locale()).split("_")[0]
    if not translator.load(str(TRANSLATIONS / f"geoloop_{language}.qm")):
        return False
    QCoreApplication.installTranslator(translator)
    _installed.append(translator)
    return True


def remove_translation() -> None:
    """Speak English again."""
    while _installed:
        QCoreApplication.removeTranslator(_installed.pop())
