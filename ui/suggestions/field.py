"""A line with a list of names behind it, and a button for a file where the name may be one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qgis.PyQt.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from ...processing_provider.translation import tr
from ..dialog_field import TextField


@dataclass(frozen=True)
class Offer:
    """What a field offers: ``names`` that can be chosen, asked for each time that the list opens; what a text says
    ``in_words``; a ``files`` filter of the file dialog (empty: no file is asked for), and the text after a file is
    chosen, given the text before and its path.
    """

    names: Callable[[], Sequence[str]]
    in_words: Callable[[str], str] = lambda _text: ""
    files: str = ""
    with_file: Callable[[str, str], str] = lambda _text, path: path


class NamesBox(QComboBox):
    """Anything may be typed; the names are offered."""

    def __init__(self, names: Callable[[], Sequence[str]], parent: QWidget) -> None:
        super().__init__(parent)
        self._names = names
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.lineEdit().setClearButtonEnabled(True)

    def showPopup(self) -> None:
        self.renew()
        super().showPopup()

    def renew(self) -> None:
        """Offer the names as they are now; what stands in the line stays."""
        text = self.currentText()
        self.blockSignals(True)
        self.clear()
        self.addItems(list(self._names()))
        self.setCurrentIndex(self.findText(text))
        self.setEditText(text)
        self.blockSignals(False)


class SuggestionsField(TextField):
    """The line, its names, the button and the words below it."""

    def __init__(self, offer: Offer, with_words: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer, self._with_words = offer, with_words
        self.box = NamesBox(offer.names, self)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setVisible(False)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box, 1)
        if offer.files:
            self.button = QToolButton(self)
            self.button.setText("…")
            self.button.setToolTip(tr("Choose a file"))
            self.button.clicked.connect(lambda: self.choose_file())
            row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.words)
        self.box.editTextChanged.connect(lambda _: self._take())

    def text(self) -> str:
        return self.box.currentText().strip()

    def set_text(self, text: str) -> None:
        self.box.setEditText(text)

    def choose_file(self) -> None:
        """Ask for a file; the line takes it."""
        path, _ = QFileDialog.getOpenFileName(self, tr("Choose a file"), "", self._offer.files)
        if path:
            self.set_text(self._offer.with_file(self.text(), path))

    def tell(self) -> None:
        """Say in words what the text means by now, if anything is to be said."""
        if self._with_words:
            said = self._offer.in_words(self.text())
            self.words.setText(said)
            self.words.setVisible(bool(said))

    def _take(self) -> None:
        self.tell()
        self.changed.emit()
