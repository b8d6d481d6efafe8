"""A model to ONNX, with all its metadata in the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..feedback import Feedback


@dataclass(frozen=True, kw_only=True)
class Params:
    """``model`` is a .safetensors file of GeoLoop's own or an ONNX file, ``card`` a JSON file that describes the latter
    or the name of a card that GeoLoop ships, ``output`` the .onnx file to write.
    """

    model: str
    card: str = ""
    output: str


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Write the model; return its path."""
    feedback.progress(0.0, "Reading the model")
    from ..models.export import export_onnx
    from ..models.files import open_model

    model = open_model(params.model, params.card)
    feedback.check()
    feedback.progress(0.3, "Exporting and comparing")
    difference = export_onnx(model, params.output)
    feedback.info(f"The model {params.output} says what {params.model} says, to {difference:.1g}."
                  if model.format == "safetensors" else f"The metadata of {params.model} are written anew.")
    feedback.progress(1.0)
    return {"OUTPUT": params.output}
