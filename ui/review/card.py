"""The card: all that a reviewer should know of an item before deciding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from qgis.PyQt.QtCore import QRectF, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPaintEvent, QPalette
from qgis.PyQt.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ...core.ledger import SourceRow
from ...core.ledger.queue import PageItem
from ...processing_provider.translation import tr
from .statements import Line, changes, dates, evidence, measures, question, what_sources_say
from .style import put_style
from .words import AFTER_COLOUR, BEFORE_COLOUR, KIND_COLOURS, decision_name, edit_name, kind_name, title


class Card(QFrame):
    """Shows one item."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setStyleSheet("#card { background: palette(base); border: 1px solid palette(midlight);"
                           " border-radius: 6px; }")
        self.kind = QLabel(self)
        self.name = _wrapped(self)
        self.probability = _Probability(self)
        self.question = _wrapped(self)
        self.evidence = _wrapped(self)
        self.table = _wrapped(self)
        self.notes = _wrapped(self)
        self.licence = _wrapped(self)
        self.licence.setObjectName("licence")
        self.licence.setStyleSheet("#licence { background: #fff3bf; color: #5c3c00; border-radius: 4px;"
                                   " padding: 5px 7px; }")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.kind, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.name, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(11, 11, 11, 11)
        column.setSpacing(7)
        column.addLayout(head)
        for part in (self.probability, self.question, self.evidence, self.table, self.notes, self.licence):
            column.addWidget(part)
        column.addStretch(1)

    def show_item(self, item: PageItem, source: SourceRow | None, values: Mapping[str, Any]) -> None:
        """Show an item; ``source`` is what the ledger says of its layer, ``values`` what that has where nothing is
        flagged.
        """
        colour = KIND_COLOURS.get(item.kind, "#495057")
        self.kind.setText(kind_name(item.kind))
        put_style(self.kind, f"background: {colour}; color: white; border-radius: 8px; padding: 1px 8px;"
                             " font-weight: 600;")
        said = decision_name(item.decision) if item.decision else ""
        amended = tr(", changed") if item.amendment else ""
        self.name.setText(f"<b>{escape(title(item))}</b>" + (f" · {escape(said + amended)}" if said else ""))
        self.probability.setVisible(item.probability is not None)
        self.probability.show_share(item.probability or 0.0, colour)
        self.question.setText(escape(question(item)))
        _fill(self.evidence, f"<span style='color:{self._muted()}'>{escape(evidence(item))}</span>" if evidence(item)
              else "")
        self.table.setText(self._table(item, source, values))
        _fill(self.notes, self._notes(item, source))
        flags = item.licence_flags
        _fill(self.licence, escape(tr("Licence: {flags}").format(flags=flags)) if flags else "")

    def _table(self, item: PageItem, source: SourceRow | None, values: Mapping[str, Any]) -> str:
        muted = self._muted()
        rows = [_row(line, muted) for line in what_sources_say(item, source, values)]
        for name, old, new in changes(item):
            was = f"<s>{escape(old)}</s> → " if old else ""
            rows.append(f"<tr><td style='color:{muted}; padding-right:10px'>{escape(name)}</td>"
                        f"<td>{was}<b>{escape(new)}</b></td></tr>")
        if item.uid is not None:
            rows.append(_row(Line(tr("Accepting would"), edit_name(item.edit)), muted))
        return f"<table cellspacing='0' cellpadding='2'>{''.join(rows)}</table>"

    def _notes(self, item: PageItem, source: SourceRow | None) -> str:
        parts = [f"{escape(line.name)} {escape(line.text)}" for line in dates(item, source)]
        parts += [escape(measures(item))] if measures(item) else []
        marks = []
        if item.before is not None:
            marks.append(f"<span style='color:{BEFORE_COLOUR}'>▰</span> {escape(tr('as it is'))}")
        if item.proposal not in (None, item.before):
            marks.append(f"<span style='color:{AFTER_COLOUR}'>▰</span> {escape(tr('as proposed'))}")
        lines: Sequence[str] = [" · ".join(parts), " &nbsp; ".join(marks)]
        return f"<span style='color:{self._muted()}'>" + "<br>".join(one for one in lines if one) + "</span>"

    def _muted(self) -> str:
        """Ink of the palette, a good third paler: palettes say it by transparency, which rich text does not know."""
        ink, ground = (self.palette().color(role) for role in (QPalette.ColorRole.Text, QPalette.ColorRole.Base))
        return QColor(*(round(0.62 * one + 0.38 * other) for one, other in zip(
            ink.getRgb()[:3], ground.getRgb()[:3], strict=True))).name()


class _Probability(QWidget):
    """A bar with its number: how probably the error is real."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.share, self._colour = 0.0, "#495057"
        self.setFixedHeight(20)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(tr("How probably this is a real error"))

    def show_share(self, share: float, colour: str) -> None:
        self.share, self._colour = share, colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        text = tr("{share} % probable").format(share=round(100 * self.share))
        width = painter.fontMetrics().horizontalAdvance(text) + 10
        track = QRectF(0, self.height() / 2 - 3, max(self.width() - width, 20), 6)
        ground = self.palette().color(QPalette.ColorRole.Mid)
        ground.setAlpha(90)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(track, 3, 3)
        track.setWidth(max(track.width() * self.share, 6))
        painter.setBrush(QColor(self._colour))
        painter.drawRoundedRect(track, 3, 3)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()


def _wrapped(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    return label


def _fill(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


def _row(line: Line, muted: str) -> str:
    return (f"<tr><td style='color:{muted}; padding-right:10px'>{escape(line.name)}</td>"
            f"<td>{escape(line.text)}</td></tr>")
