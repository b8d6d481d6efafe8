"""The encoders as a list for those who cannot load them: ``encoders.json``, which the registry must agree with.

``python -m geoloop.core.models.encoders.listing`` writes it anew.
"""

from __future__ import annotations

import json
from pathlib import Path

from .registry import REGISTRY

LISTED = Path(__file__).with_name("encoders.json")


def listing() -> str:
    """Title, licence and origin of the weights by name, and whether the network fills gaps, as JSON."""
    told = {name: {"title": one.card.title, "licence": one.card.licence, "weights_from": one.card.weights_from,
                   "fills_gaps": one.filler is not None} for name, one in REGISTRY.items()}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    LISTED.write_text(listing(), encoding="utf-8")
