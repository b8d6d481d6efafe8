"""The errors of the engine. A message is one sentence: which input, what is wrong, what to do."""

from __future__ import annotations


class GeoLoopError(Exception):
    """Any failure that GeoLoop itself raises."""


class InputError(GeoLoopError):
    """Something the user gave cannot be used; the message names it and says how to mend it."""


class Cancelled(GeoLoopError):
    """The user stopped the run."""


class EngineError(GeoLoopError):
    """The engine could not do its work: it is missing, crashed, or ran out of memory."""


class LedgerError(GeoLoopError):
    """The ledger cannot be read or written; the message says which file and why."""


def first_line(error: BaseException) -> str:
    """What a library's error says, short enough to stand in a sentence of ours."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].strip().rstrip(".")[:200]
