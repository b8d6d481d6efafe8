"""What a course tells on its way: losses as a line and as a table, and from its first steps how long it will take."""

from __future__ import annotations

import csv
import time
from pathlib import Path

from torch import Tensor

from ..feedback import Feedback, in_words
from ..memory import held_in_words
from .together import is_first

LOG_EVERY = 20
WARM, TIMED = 1, 2
"""Steps that only prepare kernels, and those after them that say how long all will take."""


class Losses:
    """The losses, as a line for people and as rows of a table."""

    def __init__(self, path: str, step: int, feedback: Feedback) -> None:
        """``path`` is the table (empty: none), ``step`` where the course begins."""
        self._path, self._began, self._feedback = path, time.monotonic(), feedback
        self._smooth: dict[str, float] = {}
        if self._path and not step and is_first():
            try:
                Path(self._path).unlink(missing_ok=True)
            except OSError as error:  # a table program holds it open, for one
                self._without_table(error)

    def add(self, step: int, parts: dict[str, Tensor]) -> None:
        """Take the parts of a step's loss."""
        if step % LOG_EVERY == 0 or step == 1 or not self._smooth:
            # Reading a value waits for the device: not at every step.
            values = {name: float(part.detach()) for name, part in parts.items()}
            self._smooth = {name: 0.7 * self._smooth.get(name, value) + 0.3 * value for name, value in values.items()}
            self._row(step, **values)

    def look(self, step: int, score: float) -> None:
        """Take the score of a look."""
        self._row(step, score=score)

    def line(self) -> str:
        """The latest losses in words."""
        return ", ".join(f"{name} {value:.3f}" for name, value in self._smooth.items())

    def _row(self, step: int, **values: float) -> None:
        if not self._path or not is_first():
            return
        seconds = round(time.monotonic() - self._began, 1)
        try:
            with open(self._path, "a", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                if not file.tell():
                    writer.writerow(("step", "seconds", "what", "value"))
                writer.writerows((step, seconds, name, f"{value:.6g}") for name, value in values.items())
        except OSError as error:
            self._without_table(error)

    def _without_table(self, error: OSError) -> None:
        self._feedback.warning(f"The table of losses {self._path} cannot be written ({error.strerror}); learning goes "
                               "on without it.")
        self._path = ""


class Clock:
    """Says from the first steps on this device how long all will take, and how much memory that is."""

    def __init__(self, steps: int, first: int, feedback: Feedback) -> None:
        """``steps`` of the whole course, which begins at ``first``."""
        self._steps, self._first, self._feedback, self._began = steps, first, feedback, 0.0

    def tick(self, step: int) -> None:
        """Hear that a step is done."""
        done = step - self._first
        if done == WARM:
            self._began = time.perf_counter()
        elif done == WARM + TIMED:
            left = self._steps - step
            each = (time.perf_counter() - self._began) / TIMED
            self._feedback.info(f"{left} steps of learning, at most, will take about {in_words(each * left)}, as the "
                                f"first ones do on this device{held_in_words()}.")
