"""Models and their cards: files that the engine reads, checked as far as their names tell."""

from __future__ import annotations

import os
from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext

from ...core.errors import InputError
from ..translation import tr

_ENDINGS = (".onnx", ".safetensors")


def model_path(algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
    """Return the absolute path of MODEL. Raises :class:`InputError` if no model can be behind it."""
    path = algorithm.parameterAsFile(parameters, "MODEL", context).strip()
    if not path:
        raise InputError(tr("MODEL names no file; give an .onnx or .safetensors file."))
    if not path.lower().endswith(_ENDINGS):
        raise InputError(tr(
            "MODEL must be an .onnx or .safetensors file, not {path}; export the model as ONNX where it was made."
        ).format(path=path))
    if not os.path.isfile(path):
        raise InputError(tr("The file {path} of MODEL does not exist.").format(path=path))
    return os.path.abspath(path)


def loop_model_path(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> str:
    """Return the absolute path of an optional MODEL; empty if none is given."""
    given = algorithm.parameterAsFile(parameters, "MODEL", context).strip()
    return model_path(algorithm, parameters, context) if given else ""


def card_path(algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
    """Return the absolute path of CARD, or the name of a shipped card; empty if none is given."""
    card = algorithm.parameterAsString(parameters, "CARD", context).strip()
    if os.path.isfile(card):
        return os.path.abspath(card)
    if card.lower().endswith(".json"):
        raise InputError(tr("The file {path} of CARD does not exist.").format(path=card))
    return card
