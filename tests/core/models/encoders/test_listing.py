"""The list of encoders for those who cannot load them."""

from __future__ import annotations

from geoloop.core.models.encoders.listing import LISTED, listing


def test_the_list_says_what_the_registry_says() -> None:
    assert LISTED.read_text(encoding="utf-8") == listing(), "run python -m geoloop.core.models.encoders.listing"
