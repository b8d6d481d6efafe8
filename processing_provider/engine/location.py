"""Where the engines that the plugin makes are kept, and how they are told apart. Standard library only."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from ...paths import REQUIREMENTS

Device = Literal["cpu", "cuda"]
DEVICES: tuple[Device, ...] = ("cpu", "cuda")
_CARD = "geoloop-engine.json"


@dataclass(frozen=True)
class EngineCard:
    """What an engine's folder says of itself; written last, so that a folder with a card is whole.

    ``made`` is in seconds since 1970; ``lock`` is the SHA-256 of the requirements.
    """

    device: str
    lock: str
    python: str
    made: float

    def write(self, folder: Path) -> None:
        (folder / _CARD).write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> EngineCard | None:
        """Return the card of ``folder``, or None where no whole engine is."""
        try:
            card = cls(**json.loads((folder / _CARD).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return card if python_of(folder).exists() else None


def data_folder() -> Path:
    """Return GeoLoop's folder for this user's data; the environment variable ``GEOLOOP_HOME`` names another one."""
    if home := os.environ.get("GEOLOOP_HOME"):
        return Path(home).expanduser().absolute()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "geoloop"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "geoloop"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "geoloop"


def engines_folder() -> Path:
    """Return the folder that holds one folder an engine."""
    return data_folder() / "engines"


def lock_of(device: Device) -> Path:
    """Return the requirements file of the engine for ``device``."""
    return REQUIREMENTS / f"engine-{device}.txt"


def lock_hash(locks: Sequence[Path]) -> str:
    """Return the SHA-256 of the requirements files, independent of line endings."""
    digest = hashlib.sha256()
    for lock in locks:
        digest.update(lock.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def python_of(folder: Path) -> Path:
    """Return the interpreter of the environment in ``folder``."""
    return folder / "Scripts" / "python.exe" if sys.platform == "win32" else folder / "bin" / "python"


def find_engine() -> Path | None:
    """Return the interpreter of the engine made last from the plugin's present requirements, if there is one."""
    wanted: dict[str, str] = {device: lock_hash([lock_of(device)]) for device in DEVICES}
    found: list[tuple[float, Path]] = []
    if engines_folder().is_dir():
        for folder in engines_folder().iterdir():
            card = None if folder.name.startswith(".") else EngineCard.read(folder)
            if card is not None and wanted.get(card.device) == card.lock:
                found.append((card.made, folder))
    return python_of(max(found)[1]) if found else None
