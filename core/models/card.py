"""What must be known of a network to use it: bands, normalisation, classes, resolution, origin."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class ModelCard:
    """The card that travels with a network.

    ``bands`` are names in the order of the input channels, ``mean`` and ``std`` what normalises each (in the units of
    the imagery as stored). ``resolution_m`` is the ground size of a pixel that the network saw. ``trained_on`` names
    the layers, so that a figure on an area the network has seen can be told.
    """

    architecture: str
    bands: tuple[str, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    classes: tuple[str, ...]
    resolution_m: float
    members: int = 1
    widths: tuple[int, ...] = ()
    seed: int = 0
    trained_on: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not len(self.bands) == len(self.mean) == len(self.std):
            counts = len(self.bands), len(self.mean), len(self.std)
            raise ValueError("{} bands, {} means, {} deviations: not one each".format(*counts))

    def to_json(self) -> str:
        """The card as JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> ModelCard:
        """Read a card; lists become tuples."""
        data: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in json.loads(text).items()}
        return cls(**data)
