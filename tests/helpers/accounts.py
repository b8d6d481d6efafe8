"""Whether a public layout and a network agree, key by key and shape by shape, without a single number."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from geoloop.core.models.encoders.checkpoint import renamed
from geoloop.core.models.encoders.published import Published


def settle(entry: Published, layout: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    """Assert that every key of the file goes to a place of its shape or is dropped for a reason, and that every place
    is filled; return how many are dropped for which reason.
    """
    with torch.device("meta"):
        wanted = entry.build(entry.card, len(entry.card.bands) or 3).get_submodule("trunk").state_dict()
        given, dropped = renamed({key: torch.empty(shape) for key, shape in layout.items()}, entry.rules)
    assert {key: tuple(value.shape) for key, value in given.items()} == {
        key: tuple(one.shape) for key, one in wanted.items()}
    assert sum(dropped.values()) + len(given) == len(layout)
    assert all(dropped)
    return dict(dropped)
