"""LEGEND: the legends that are shipped, or a file; in words its classes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ...paths import LEGENDS
from ...processing_provider.translation import tr
from .field import Offer

MOST_CLASSES = 12
MOST_BYTES = 1_000_000
"""A larger file, such as a layer that was chosen by mistake, is not read while somebody types."""


def legends() -> Offer:
    """What LEGEND offers."""
    return Offer(shipped, legend_in_words, tr("Legends") + " (*.json)")


def shipped() -> list[str]:
    """The names of the legends that come with GeoLoop."""
    return sorted(path.stem for path in LEGENDS.glob("*.json"))


def legend_in_words(text: str) -> str:
    """The title and the classes of a legend; empty where there is none, or none that can be read: the run says why."""
    path = LEGENDS / f"{text}.json" if text in shipped() else Path(text)
    if not text or not path.is_file():
        return ""
    try:
        if path.stat().st_size > MOST_BYTES:
            return tr("This file is no legend.")
        legend: Any = json.loads(path.read_text(encoding="utf-8-sig"))
        names = [str(one["name"]) for one in legend["classes"]]
        title = str(legend.get("title") or legend.get("name") or path.stem)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return tr("This file is no legend.")
    shown = ", ".join(names[:MOST_CLASSES]) + ("…" if len(names) > MOST_CLASSES else "")
    return tr("{title} – classes: {names}").format(title=title, names=shown)
