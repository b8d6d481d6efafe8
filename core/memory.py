"""How much memory the engine holds: what is said before a long work, and in the card of a run."""

from __future__ import annotations

import sys


def peak_mb() -> int:
    """The most memory that this process has held, in MB of 2**20 bytes; 0 where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak / (2**20 if sys.platform == "darwin" else 2**10))


def held_in_words() -> str:
    """What the engine has held so far, as the end of a sentence; empty where the system does not say."""
    peak = peak_mb()
    return f"; the engine holds {peak} MB" if peak else ""
