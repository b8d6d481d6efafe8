"""Which engine would run: interpreter, versions, device after a real kernel, free memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..feedback import Feedback


@dataclass(frozen=True)
class Params:
    """``device``: ``auto``, ``cpu``, ``cuda`` or ``cuda:1``."""

    device: str = "auto"
