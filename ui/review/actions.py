"""What a reviewer can do with an item, each with its key."""

from __future__ import annotations

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ...processing_provider.translation import tr
from .key_button import KeyButton
from .words import DECISION_COLOURS


class Actions(QStackedWidget):
    """The buttons under the card: those of a review, or those of a proposal that is being changed."""

    decided = pyqtSignal(str)
    asked_to_amend = pyqtSignal()
    asked_back = pyqtSignal()
    asked_to_skip = pyqtSignal()
    asked_to_frame = pyqtSignal()
    swipe_switched = pyqtSignal(bool)
    amended = pyqtSignal()
    amending_left = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.accept = KeyButton(tr("Accept"), "A", self, DECISION_COLOURS["accept"])
        self.reject = KeyButton(tr("Reject"), "R", self, DECISION_COLOURS["reject"])
        self.unsure = KeyButton(tr("Unsure"), "U", self, DECISION_COLOURS["unsure"])
        self.amend = KeyButton(tr("Edit"), "E", self)
        self.back = KeyButton(tr("Back"), "B", self)
        self.skip = KeyButton(tr("Skip"), "S", self)
        self.swipe = KeyButton(tr("Before | after"), "W", self)
        self.frame = KeyButton(tr("Zoom to it"), "F", self)
        self.accept_amended = KeyButton(tr("Accept as changed"), "↵", self, DECISION_COLOURS["accept"])
        self.leave_amending = KeyButton(tr("Leave it"), "Esc", self)
        self.accept.setToolTip(tr("The error is real; what is proposed goes into the layer (A)"))
        self.reject.setToolTip(tr("There is no error; this is not shown again (R)"))
        self.unsure.setToolTip(tr("It cannot be told; it comes back once, later (U)"))
        self.amend.setToolTip(tr("Change what is proposed, then accept it (E)"))
        self.skip.setToolTip(tr("Go on without a decision; it comes back at the end (S)"))
        self.swipe.setToolTip(tr("Draw what is left of a divider and what is proposed right of it (W)"))
        self.swipe.setCheckable(True)
        for button, word in ((self.accept, "accept"), (self.reject, "reject"), (self.unsure, "unsure")):
            button.clicked.connect(lambda _=False, word=word: self.decided.emit(word))
        for button, signal in ((self.amend, self.asked_to_amend), (self.back, self.asked_back),
                               (self.skip, self.asked_to_skip), (self.frame, self.asked_to_frame),
                               (self.accept_amended, self.amended), (self.leave_amending, self.amending_left)):
            button.clicked.connect(lambda _=False, signal=signal: signal.emit())
        self.swipe.toggled.connect(self.swipe_switched)
        self._lay_out()

    def is_amending(self) -> bool:
        """Whether the buttons are those of a proposal that is being changed."""
        return self.currentIndex() == 1

    def show_amending(self, on: bool) -> None:
        """Show the one or the other buttons."""
        self.setCurrentIndex(int(on))

    def _lay_out(self) -> None:
        review = QWidget(self)
        rows = QVBoxLayout(review)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(5)
        for buttons in ((self.accept, self.reject, self.unsure), (self.amend, self.skip, self.back),
                        (self.swipe, self.frame)):
            row = QHBoxLayout()
            row.setSpacing(5)
            for button in buttons:
                row.addWidget(button, 1)
            rows.addLayout(row)
        amending = QWidget(self)
        column = QVBoxLayout(amending)
        column.setContentsMargins(0, 0, 0, 0)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.accept_amended, 3)
        row.addWidget(self.leave_amending, 2)
        column.addLayout(row)
        self.addWidget(review)
        self.addWidget(amending)
