"""SOURCES in the dialogs of Processing: a line of JSON, what it says in plain words, and the form that fills it in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ...core.errors import InputError
from ...core.jobs.inputs import SourceSettings
from ...processing_provider.layers.settings import read_settings
from ...processing_provider.translation import tr
from ..dialog_field import DialogField, TextField
from .form import SourcesForm
from .layers import LAYERS_OF, LEDGER, AskedLayer, asked_layers
from .questions import questions


class SourcesWidget(TextField):
    """The line, the button and the words; ``layers`` tells of which layers the form asks."""

    def __init__(self, layers: Callable[[], list[AskedLayer]], in_words: bool = True,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers = layers
        self.form: SourcesForm | None = None
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(tr("nothing is said"))
        self.line.setClearButtonEnabled(True)
        self.button = QPushButton(tr("Fill in…"), self)
        self.button.setToolTip(tr("Opens a form that asks of each layer what it does not say of itself."))
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        if in_words:
            column.addWidget(self.words)
        self.words.setVisible(False)
        self.line.textChanged.connect(self._tell)
        self.button.clicked.connect(lambda: self.open_form())
        self._in_words = in_words

    def text(self) -> str:
        return self.line.text().strip()

    def set_text(self, text: str) -> None:
        self.line.setText(text)

    def open_form(self) -> SourcesForm | None:
        """Open the form on what the line says; None, and the reason below the line, where that cannot be read."""
        try:
            said = read_settings(self.line.text())
        except InputError as error:
            self._show(str(error))
            return None
        form = SourcesForm(self._layers(), said, self)
        form.accepted.connect(lambda: self._take(form))
        self.form = form  # a dialog that nobody holds is closed at once
        form.open()
        return form

    def _take(self, form: SourcesForm) -> None:
        entries = form.entries()
        self.line.setText(json.dumps(entries, ensure_ascii=False) if entries else "")

    def _tell(self) -> None:
        try:
            self._show(in_words(read_settings(self.line.text())))
        except InputError as error:
            self._show(str(error))
        self.changed.emit()

    def _show(self, text: str) -> None:
        self.words.setText(text)
        self.words.setVisible(bool(text) and self._in_words)
        self.line.setToolTip(text)


def in_words(said: Mapping[str, SourceSettings]) -> str:
    """What settings say, a line a layer; what is as it is anyway is left out."""
    default = asdict(SourceSettings())
    lines = []
    for layer, settings in said.items():
        answers = [f"{one.title}: {_plain(getattr(settings, one.setting))}" for one in questions()
                   if getattr(settings, one.setting) != default[one.setting]]
        lines.append(f"“{layer}” – " + ("; ".join(answers) or tr("nothing is said")))
    return "\n".join(lines)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    return f"{value:g} m" if isinstance(value, float | int) else str(value)


class SourcesWrapper(DialogField):
    """SOURCES in the toolbox's dialog and in batch mode."""

    BESIDE = (*LAYERS_OF, LEDGER)

    def field(self, parent: QWidget) -> SourcesWidget:
        return SourcesWidget(lambda: asked_layers(self.beside()), not self.is_batch, parent)

    def said(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else super().said(value)
