"""A network that can be opened: its card, how it is built, and what becomes of the keys of its public file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .card import EncoderCard
from .checkpoint import Rule
from .encoder import Encoder
from .filling import Filler


@dataclass(frozen=True)
class Published:
    """``build`` makes the network with random weights for a card and a number of bands. The file's weights stand under
    one of the names ``within``, or at the top; its keys go through ``rules``; weights of the network that match
    ``may_lack`` need not be in it, for the reason given. ``mark`` is a pattern of a key that every such file has.
    ``filler``, with rules of its own, makes the network that fills gaps, where the file holds one.
    """

    card: EncoderCard
    build: Callable[[EncoderCard, int], Encoder]
    mark: str
    rules: tuple[Rule, ...] = ()
    within: tuple[str, ...] = ("state_dict", "model")
    may_lack: Mapping[str, str] = field(default_factory=dict)
    filler: Callable[[EncoderCard, int], Filler] | None = None
    filler_rules: tuple[Rule, ...] = ()
