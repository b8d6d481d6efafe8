"""What a job says while it works, kept for tests."""

from __future__ import annotations

import re

from geoloop.core.feedback import Feedback

COST = (r"[\d,]+ × [\d,]+ pixels", r"(take about|, about) [\d.]+ (seconds|minutes|hours)", r"\d+ MB")
"""What a long run says before it starts: the grid's size, the time, the memory."""


class Heard(Feedback):
    """Keeps what is said, warnings among it, and how far it was; stops the work once it has been asked ``patience``
    times whether to go on.
    """

    def __init__(self, patience: int | None = None) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.warnings: list[str] = []
        self.fractions: list[float] = []
        self._left = patience

    def info(self, text: str) -> None:
        self.lines.append(text)

    def warning(self, text: str) -> None:
        self.lines.append(text)
        self.warnings.append(text)

    def progress(self, fraction: float, text: str = "") -> None:
        self.fractions.append(fraction)

    def cancelled(self) -> bool:
        if self._left is None:
            return False
        self._left -= 1
        return self._left < 0

    @property
    def cost(self) -> list[bool]:
        """Of what a long run says before it starts, which is told before the run's card."""
        before = "\n".join(line for line in self.lines if not line.startswith("Run card"))
        return [bool(re.search(one, before)) for one in COST]
