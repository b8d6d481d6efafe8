"""Tags and attributes as numbers: hashed pieces of words, so that a key or value never seen before is no stranger.

A tag is a key and a value. Each is cut into itself and all its runs of three to five letters; each piece has a place in
a table by its hash (as fastText does: Bojanowski et al. 2017, arXiv 1607.04606). A value that is a number also says how
large it is.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

BUCKETS = 8192
RUNS = (3, 4, 5)
LONGEST = 64
"""Letters of a value that are read: what comes after is prose."""
_NUMBER = re.compile(r"^\s*([-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?)\s*(?:m|km|ha|%|°)?\s*$")


@dataclass(frozen=True)
class Words:
    """The tags of features: each different tag once, and which feature has which.

    ``pieces`` (p,) are the places of all tags' pieces in the table, tag by tag, ``starts`` (t + 1,) where each tag's
    begin and end; ``number`` (t,) is the value as a number, NaN where it is none; ``whole`` (t,) is the place of the
    tag as a whole. ``feature`` and ``tag`` (m,) are pairs: this feature has that tag.
    """

    pieces: NDArray[np.int64]
    starts: NDArray[np.int64]
    number: NDArray[np.float32]
    whole: NDArray[np.int64]
    feature: NDArray[np.int64]
    tag: NDArray[np.int64]

    def select(self, rows: NDArray[np.intp]) -> Words:
        """Return the words of some features, numbered as in ``rows``."""
        begin, end = (np.searchsorted(self.feature, rows, side=side) for side in ("left", "right"))
        pair = np.concatenate([np.zeros(0, np.intp), *map(np.arange, begin, end)]).astype(np.intp)
        return replace(self, feature=np.repeat(np.arange(len(rows)), end - begin), tag=self.tag[pair])


def words_of(tags: Sequence[Mapping[str, str]]) -> Words:
    """Return the words of features, given the tags of each; a feature without tags simply has none."""
    known: dict[tuple[str, str], int] = {}
    feature: list[int] = []
    tag: list[int] = []
    for row, own in enumerate(tags):
        for pair in sorted(own.items()):
            feature.append(row)
            tag.append(known.setdefault(pair, len(known)))
    each = [pieces_of(key, value) for key, value in known]
    starts = np.cumsum([0, *(len(pieces) for pieces in each)])
    return Words(np.array([place for pieces in each for place in pieces], np.int64), starts.astype(np.int64),
                 np.array([number_in(value) for _, value in known], np.float32),
                 np.array([place_of(f"{key}={value}".lower()) for key, value in known], np.int64),
                 np.array(feature, np.int64), np.array(tag, np.int64))


@lru_cache(maxsize=65_536)
def pieces_of(key: str, value: str) -> tuple[int, ...]:
    """Return the places in the table of a tag's pieces: of its key, of its value, and of both together."""
    key, value = key.strip().lower(), value.strip().lower()[:LONGEST]
    texts = [f"{key}={value}"]
    for role, text in (("k", key), ("v", value)):
        bounded = f"<{text}>"
        texts.append(f"{role}{bounded}")
        texts += [f"{role}{bounded[i:i + run]}" for run in RUNS for i in range(len(bounded) - run + 1)]
    return tuple(map(place_of, texts))


def place_of(text: str) -> int:
    """Return the place of a text in the table: the same on every machine and in every run."""
    return zlib.crc32(text.encode()) % BUCKETS


def number_in(value: str) -> float:
    """Return the number that a value is, a unit after it left out; NaN if it is none."""
    found = _NUMBER.match(value)
    return float(found.group(1).replace(",", ".")) if found else float("nan")
