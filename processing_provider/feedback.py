"""The feedback of a job, told to QGIS."""

from __future__ import annotations

from qgis.core import QgsProcessingFeedback

from ..core.feedback import Feedback


class ProcessingFeedback(Feedback):
    """Passes progress, log and cancellation between a job and a Processing run."""

    def __init__(self, feedback: QgsProcessingFeedback) -> None:
        super().__init__()
        self._feedback = feedback

    def progress(self, fraction: float, text: str = "") -> None:
        self._feedback.setProgress(100 * fraction)
        if text:
            self._feedback.setProgressText(text)

    def info(self, text: str) -> None:
        self._feedback.pushInfo(text)

    def warning(self, text: str) -> None:
        self._feedback.pushWarning(text)

    def cancelled(self) -> bool:
        return self._feedback.isCanceled()
