"""What speaks for a finding, in sentences that can be said in other languages: texts with gaps, and what fills them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple


class Said(NamedTuple):
    """One sentence: an English ``text`` and what stands in its ``gaps``, by their names."""

    text: str
    gaps: dict[str, str]


def says(text: str, **gaps: str) -> Said:
    """A sentence; ``text`` is a literal, so that it is found and translated (``translations/extract.py``)."""
    return Said(text, gaps)


def told(*sentences: Said) -> dict[str, Any]:
    """Evidence: ``sentence`` is all of it in English, ``sentences`` are the texts with their gaps."""
    return {"sentence": " ".join(one.text.format(**one.gaps) for one in sentences),
            "sentences": [[one.text, one.gaps] for one in sentences]}


def voices(spoken: Iterable[tuple[str, str]]) -> list[Said]:
    """What other layers say, by name."""
    return [says("“{layer}” says {name}.", layer=layer, name=name) for layer, name in spoken]
