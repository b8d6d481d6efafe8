"""The styles of vector outputs, as QGIS writes them: discrepancies by kind and probability, shifts as arrows.

    python3 examples/styles.py

Run by QGIS's Python. Writes those of ``core/ledger/styles`` and ``core/alignment/styles``, which are shipped and laid
into each ledger and file of shifts.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / ".dev"))

from qgis.core import (  # noqa: E402
    QgsApplication,
    QgsArrowSymbolLayer,
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsLineSymbol,
    QgsMapLayer,
    QgsMarkerSymbol,
    QgsProperty,
    QgsRendererCategory,
    QgsSingleSymbolRenderer,
    QgsSymbol,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor  # noqa: E402

from geoloop.core.ledger.schema import KINDS  # noqa: E402
from geoloop.ui.review.words import BEFORE_COLOUR, KIND_COLOURS  # noqa: E402

INSIDE = 64  # of 255: the imagery below a flag is what a reviewer looks at


def area(colour: str) -> QgsFillSymbol:
    symbol = QgsFillSymbol.createSimple({"outline_color": colour, "outline_width": "0.5"})
    inside = QColor(colour)
    inside.setAlpha(INSIDE)
    symbol.symbolLayer(0).setFillColor(inside)
    return symbol


def line(colour: str) -> QgsLineSymbol:
    return QgsLineSymbol.createSimple({"line_color": colour, "line_width": "0.8"})


def point(colour: str) -> QgsMarkerSymbol:
    return QgsMarkerSymbol.createSimple({"color": colour, "outline_color": "white", "size": "3"})


def discrepancies(geometry: str, symbol_of: Callable[[str], QgsSymbol]) -> QgsVectorLayer:
    """Each kind in the review dock's colour, the paler the less probable."""
    layer = QgsVectorLayer(f"{geometry}?field=kind:string&field=probability:double", "discrepancies", "memory")
    categories = []
    for kind in KINDS:
        symbol = symbol_of(KIND_COLOURS[kind])
        symbol.setDataDefinedProperty(QgsSymbol.Property.Opacity, QgsProperty.fromExpression('25 + 75 * "probability"'))
        categories.append(QgsRendererCategory(kind, symbol, kind.replace("_", " ")))
    layer.setRenderer(QgsCategorizedSymbolRenderer("kind", categories))
    return layer


def shifts() -> QgsVectorLayer:
    """Arrows from where a feature lies to where it belongs, the paler the less sure."""
    layer = QgsVectorLayer("LineString?field=confidence:double", "shifts", "memory")
    arrow = QgsArrowSymbolLayer()
    arrow.setIsCurved(False)
    arrow.setArrowWidth(0.5)
    arrow.setArrowStartWidth(0.3)
    arrow.setHeadLength(1.6)
    arrow.setHeadThickness(1.2)
    arrow.setSubSymbol(QgsFillSymbol.createSimple({"color": BEFORE_COLOUR, "outline_style": "no"}))
    symbol = QgsLineSymbol()
    symbol.changeSymbolLayer(0, arrow)
    symbol.setDataDefinedProperty(QgsSymbol.Property.Opacity, QgsProperty.fromExpression('30 + 70 * "confidence"'))
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    return layer


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    for layer, path in ((discrepancies("Polygon", area), ROOT / "core/ledger/styles/areas.qml"),
                        (discrepancies("LineString", line), ROOT / "core/ledger/styles/lines.qml"),
                        (discrepancies("Point", point), ROOT / "core/ledger/styles/points.qml"),
                        (shifts(), ROOT / "core/alignment/styles/shifts.qml")):
        path.parent.mkdir(exist_ok=True)
        said, done = layer.saveNamedStyle(str(path), QgsMapLayer.StyleCategory.Symbology)
        print(path if done else said)
    sys.stdout.flush()
    os._exit(0)  # QGIS's own teardown now and then crashes after everything is written
