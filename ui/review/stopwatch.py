"""How long a reviewer looks at an item: time away from the dock is not counted."""

from __future__ import annotations

import time


class Stopwatch:
    """Counts seconds while it runs."""

    def __init__(self) -> None:
        self._before, self._since = 0.0, None

    def restart(self) -> None:
        """Begin at nought."""
        self._before, self._since = 0.0, time.monotonic()

    def pause(self) -> None:
        """Stop counting until :meth:`go_on`."""
        self._before, self._since = self.seconds(), None

    def go_on(self) -> None:
        """Count again, if it was paused."""
        if self._since is None:
            self._since = time.monotonic()

    def seconds(self) -> float:
        """Return the seconds counted so far."""
        return self._before + (0.0 if self._since is None else time.monotonic() - self._since)
