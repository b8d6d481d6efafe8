"""The page itself: one file of HTML that needs nothing from outside, for screens and for A4."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .blocks import Block, Picture, Section
from .facts import Facts
from .words import clean, moment

_TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Heading:
    """What stands above and below: ``made`` is a time (ISO 8601), ``origin`` what the page was made from, in words,
    ``name`` the same in short, ``last`` the page's last sentence.
    """

    title: str
    made: str
    origin: str
    name: str
    last: str


def page(facts: Facts, sections: Sequence[Section]) -> str:
    """Return the HTML of a ledger's report."""
    name = clean(facts.ledger_name)
    return rendered(Heading(
        title_of(facts), facts.made.isoformat(), f"the ledger “{name}”", name,
        "Probabilities and intervals are estimates; the ledger holds every finding, decision and edit behind this page."
    ), sections)


def rendered(heading: Heading, sections: Sequence[Section]) -> str:
    """Return the HTML. Everything that comes from outside is escaped; scripts and links to elsewhere are ruled out."""
    world = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined,
                        trim_blocks=True, lstrip_blocks=True)
    world.tests |= {kind.__name__.lower(): partial(_is, kind) for kind in get_args(Block)}
    return world.get_template("page.html").render(
        title=heading.title, made=moment(heading.made), origin=heading.origin, name=heading.name, last=heading.last,
        sections=sections, source=_source)


def title_of(facts: Facts) -> str:
    """The title as wished for, else the question that the page answers."""
    return clean(facts.wishes.title) or "How well do our sources agree?"


def _is(kind: type, block: Block) -> bool:
    return isinstance(block, kind)


def _source(picture: Picture) -> str:
    """A picture as an address that holds it whole."""
    return f"data:{picture.kind};base64,{base64.b64encode(picture.shown).decode()}"
