"""The page itself: one file of HTML that needs nothing from outside, for screens and for A4."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .blocks import Block, Picture, Section
from .facts import Facts
from .words import clean, moment

_TEMPLATES = Path(__file__).with_name("templates")


def page(facts: Facts, sections: Sequence[Section]) -> str:
    """Return the HTML. Everything that comes from the ledger is escaped; scripts and links to elsewhere are ruled out.
    """
    world = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined,
                        trim_blocks=True, lstrip_blocks=True)
    world.tests |= {kind.__name__.lower(): partial(_is, kind) for kind in get_args(Block)}
    return world.get_template("page.html").render(
        title=title_of(facts), made=moment(facts.made.isoformat()), ledger=clean(facts.ledger_name), sections=sections,
        source=_source)


def title_of(facts: Facts) -> str:
    """The title as wished for, else the question that the page answers."""
    return clean(facts.wishes.title) or "How well do our sources agree?"


def _is(kind: type, block: Block) -> bool:
    return isinstance(block, kind)


def _source(picture: Picture) -> str:
    """A picture as an address that holds it whole."""
    return f"data:{picture.kind};base64,{base64.b64encode(picture.shown).decode()}"
