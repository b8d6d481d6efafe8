"""Lines of the journal as features and as decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...core.ledger import JournalLine
from .image import Image


def before_image(line: JournalLine) -> Image | None:
    """Return the feature before the edit; None if the edit added it."""
    return None if line.before_values is None else Image(line.before_wkb, line.before_values)


def after_image(line: JournalLine) -> Image | None:
    """Return the feature after the edit; None if the edit deleted it."""
    return None if line.after_values is None else Image(line.after_wkb, line.after_values)


def by_decision(lines: Iterable[JournalLine]) -> list[list[JournalLine]]:
    """Return the lines of each decision together, in the order given."""
    together: dict[tuple[str, str], list[JournalLine]] = {}
    for line in lines:
        together.setdefault((line.push, line.uid), []).append(line)
    return list(together.values())


def own_line(lines: Sequence[JournalLine]) -> JournalLine:
    """Return the line of a decision's own feature."""
    return min(lines, key=lambda line: line.id or 0)
