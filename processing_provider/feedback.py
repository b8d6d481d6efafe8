"""The feedback of a job, told to QGIS."""

from __future__ import annotations

import time

from qgis.core import QgsProcessingFeedback

from ..core.feedback import Feedback

_HARD_BLANK = "\N{NO-BREAK SPACE}"
_TEXT_INTERVAL_S = 1.0  # QGIS logs every progress text as a line of its own


class ProcessingFeedback(Feedback):
    """Passes progress, log and cancellation between a job and a Processing run."""

    def __init__(self, feedback: QgsProcessingFeedback) -> None:
        super().__init__()
        self._feedback = feedback
        self._text_shown_at = -_TEXT_INTERVAL_S

    def progress(self, fraction: float, text: str = "") -> None:
        self._feedback.setProgress(100 * fraction)
        now = time.monotonic()
        if text and now - self._text_shown_at >= _TEXT_INTERVAL_S:
            self._feedback.setProgressText(text)
            self._text_shown_at = now

    def info(self, text: str) -> None:
        """A line of a table, or one that is set in, keeps its blanks: QGIS's log is HTML, which runs them together."""
        if "  " in text:
            self._feedback.pushCommandInfo(text.replace(" ", _HARD_BLANK))
        else:
            self._feedback.pushInfo(text)

    def warning(self, text: str) -> None:
        self._feedback.pushWarning(text)

    def cancelled(self) -> bool:
        return self._feedback.isCanceled()
