"""How a job tells what it is doing, and learns that it shall stop."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import Cancelled


class Feedback:
    """Progress and log of one job. This one is silent; the worker's writes messages.

    Progress is a fraction of the whole job. A part of a job gets :meth:`span`, which maps its own 0..1 onto its share,
    so that no step needs to know where it stands in the whole. ``facts`` is what only the run itself finds out and its
    record shall say, such as the ``device``.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.facts: dict[str, str] = {}

    def progress(self, fraction: float, text: str = "") -> None:
        """Report that ``fraction`` (0..1) of the work is done; ``text`` says what is being done now."""

    def info(self, text: str) -> None:
        """Log a line for the user."""

    def warning(self, text: str) -> None:
        """Log a line that the user should read even if all goes well."""

    def cancelled(self) -> bool:
        """Whether the user asked to stop."""
        return False

    def check(self) -> None:
        """Raise :class:`~geoloop.core.errors.Cancelled` if the user asked to stop. Called at least twice a second."""
        if self.cancelled():
            raise Cancelled("The run was cancelled.")

    def span(self, start: float, stop: float) -> Feedback:
        """Return the feedback of a part of this job that fills the fractions ``start`` to ``stop``."""
        return _Span(self, start, stop)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage; the seconds of all stages end in the run's record."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began


class _Span(Feedback):
    def __init__(self, whole: Feedback, start: float, stop: float) -> None:
        self._whole, self._start, self._stop = whole, start, stop
        self.seconds, self.facts = whole.seconds, whole.facts

    def progress(self, fraction: float, text: str = "") -> None:
        share = min(max(fraction, 0.0), 1.0)
        self._whole.progress(self._start + share * (self._stop - self._start), text)

    def info(self, text: str) -> None:
        self._whole.info(text)

    def warning(self, text: str) -> None:
        self._whole.warning(text)

    def cancelled(self) -> bool:
        return self._whole.cancelled()


def in_words(duration: float) -> str:
    """A duration in the unit that suits it."""
    if duration < 90:
        return f"{max(duration, 1):.0f} seconds"
    return f"{duration / 60:.0f} minutes" if duration < 5400 else f"{duration / 3600:.1f} hours"
