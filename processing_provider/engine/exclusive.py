"""One process at a time: a lock that the system takes back if its holder dies. Standard library only."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: BinaryIO) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try_lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


_POLL_S = 0.2


@contextmanager
def exclusive(path: Path, check: Callable[[], None], when_waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock ``path`` during the block.

    While another process holds it, ``when_waiting`` is called once and ``check``, which may raise, again and again.
    """
    with path.open("ab") as file:
        waited = False
        while True:
            try:
                _try_lock(file)
                break
            except OSError:
                if not waited:
                    when_waiting()
                    waited = True
                check()
                time.sleep(_POLL_S)
        yield
