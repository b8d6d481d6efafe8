"""Keeping one bad decision from taking good ones with it: a batch that fails is tried again in halves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def in_halves(items: Sequence[Item], attempt: Callable[[Sequence[Item]], Sequence[Item]]) -> None:
    """Call ``attempt`` on all items, and again on halves of those it returns as not done, down to single ones.

    An item that is not done when it was tried alone is given up; saying so is the attempt's part.
    """
    left = attempt(items)
    if not left or len(items) == 1:
        return
    if len(left) == 1:
        in_halves(left, attempt)
        return
    middle = len(left) // 2
    in_halves(left[:middle], attempt)
    in_halves(left[middle:], attempt)
