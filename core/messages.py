"""What passes between QGIS and the engine: one JSON object a line, in UTF-8.

To the engine::

    {"type": "job", "id": 7, "name": "fuse", "params": {…}}
    {"type": "cancel", "id": 7}
    {"type": "quit"}

From the engine::

    {"type": "ready", "pid": 4711, "python": "3.11.2"}
    {"type": "progress", "id": 7, "fraction": 0.25, "text": "fold 2 of 4"}
    {"type": "log", "id": 7, "level": "info", "text": "…"}
    {"type": "result", "id": 7, "value": {…}}
    {"type": "failure", "id": 7, "kind": "input", "text": "…", "detail": "…"}

Every job ends with exactly one ``result`` or ``failure``.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Literal

from .errors import EngineError

FailureKind = Literal["input", "cancelled", "memory", "ledger", "internal"]


@dataclass(frozen=True)
class Job:
    """Run the job ``name`` with these parameters."""

    type: ClassVar[str] = "job"
    id: int
    name: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cancel:
    """Stop the job ``id`` as soon as it can."""

    type: ClassVar[str] = "cancel"
    id: int


@dataclass(frozen=True)
class Quit:
    """End the engine."""

    type: ClassVar[str] = "quit"


@dataclass(frozen=True)
class Ready:
    """The engine is listening."""

    type: ClassVar[str] = "ready"
    pid: int
    python: str


@dataclass(frozen=True)
class Progress:
    """``fraction`` (0..1) of the job is done."""

    type: ClassVar[str] = "progress"
    id: int
    fraction: float
    text: str = ""


@dataclass(frozen=True)
class Log:
    """A line for the user's log."""

    type: ClassVar[str] = "log"
    id: int
    level: Literal["info", "warning"]
    text: str


@dataclass(frozen=True)
class Result:
    """The job's result, JSON."""

    type: ClassVar[str] = "result"
    id: int
    value: dict[str, Any]


@dataclass(frozen=True)
class Failure:
    """Why the job ended without a result; ``text`` is for the user, ``detail`` for a bug report."""

    type: ClassVar[str] = "failure"
    id: int
    kind: FailureKind
    text: str
    detail: str = ""


Message = Job | Cancel | Quit | Ready | Progress | Log | Result | Failure
_BY_TYPE: dict[str, type[Message]] = {
    kind.type: kind for kind in (Job, Cancel, Quit, Ready, Progress, Log, Result, Failure)
}


def encode(message: Message) -> bytes:
    """Return the message as one line, newline included; of plain ASCII, for names of files may hold what no letter is.
    """
    return (json.dumps({"type": message.type, **asdict(message)}) + "\n").encode()


def decode(line: bytes | str) -> Message:
    """Read one line. Raises :class:`EngineError` on anything that is not a message."""
    try:
        data = json.loads(line)
        return _BY_TYPE[data.pop("type")](**data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineError(f"The engine sent a line that is no message: {line[:200]!r}.") from error
