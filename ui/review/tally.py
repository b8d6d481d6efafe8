"""How many items are left, and how many the last hour took."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime, timedelta
from time import monotonic

from qgis.PyQt.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from ...core.feedback import in_words
from ...core.ledger import Ledger
from ...core.ledger.queue_filter import Wanted, counts, decided_since, newest_decision
from ...processing_provider.translation import tr

HOUR_S = 3600.0
FRESH_S = 60.0
"""Others may decide in the same ledger: that is looked for after so many seconds."""


class Tally(QWidget):
    """Counts once, then along with the reviewer, and anew only after others decided in the same ledger: counting
    100,000 items would be felt.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.text = QLabel(self)
        self.text.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.bar)
        column.addWidget(self.text)
        self.total = self.left = self.last_hour = 0
        self._looked_at, self._newest = -FRESH_S, 0
        self._seconds: deque[float] = deque(maxlen=30)

    @property
    def is_stale(self) -> bool:
        """Whether it is time to look whether others have decided."""
        return monotonic() - self._looked_at >= FRESH_S

    def refresh(self, ledger: Ledger, wanted: Wanted) -> None:
        """Count anew if anybody else has decided since."""
        if newest_decision(ledger) != self._newest:
            self.count(ledger, wanted)
        self.last_hour = decided_since(ledger, _an_hour_ago())
        self._looked_at = monotonic()
        self._show()

    def count(self, ledger: Ledger, wanted: Wanted) -> None:
        """Count in the ledger."""
        self.total, self.left = counts(ledger, wanted)
        self.last_hour = decided_since(ledger, _an_hour_ago())
        self._looked_at, self._newest = monotonic(), newest_decision(ledger)
        self._show()

    def took(self, items: int, were_open: int, seconds: float) -> None:
        """Count a decision along."""
        self.left = max(self.left - were_open, 0)
        self.last_hour += items
        self._newest += items
        self._seconds.append(seconds / max(items, 1))
        self._show()

    def _show(self) -> None:
        self.bar.setRange(0, max(self.total, 1))
        self.bar.setValue(self.total - self.left)
        parts = [tr("{left} of {total} left").format(left=_number(self.left), total=_number(self.total)),
                 tr("{count} in the last hour").format(count=_number(self.last_hour))]
        if len(self._seconds) >= 5 and self.left:
            pace = sorted(self._seconds)[len(self._seconds) // 2]
            parts.append(tr("about {time} to go").format(time=in_words(pace * self.left)))
        self.text.setText(" · ".join(parts))


def _an_hour_ago() -> str:
    return (datetime.now(UTC) - timedelta(seconds=HOUR_S)).isoformat(timespec="microseconds")


def _number(value: int) -> str:
    return f"{value:,}".replace(",", " ")
