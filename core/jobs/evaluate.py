"""How right a map is, and how large its classes really are, from a reference sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..feedback import Feedback
from .inputs import RasterInput, VectorInput

if TYPE_CHECKING:
    from ..review.accuracy import MapAccuracy


@dataclass(frozen=True, kw_only=True)
class Params:
    """Exactly one of ``raster`` (class codes) and ``layer`` (features, classes by ``legend`` or by the class field of
    its settings) is the map. ``reference`` are the units that were looked at, ``reference_field`` the class found
    there. ``output`` gets the figures as JSON; ``ledger`` (empty: none) a round that holds them.
    """

    reference: VectorInput
    output: str
    raster: RasterInput | None = None
    layer: VectorInput | None = None
    legend: str = ""
    reference_field: str = "class_reference"
    ledger: str = ""
    allow_ballpark: bool = False


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Write the figures and say them; return overall accuracy and how many units it rests on."""
    import json

    from ..errors import InputError
    from ..ledger import Ledger, Round
    from ..review.accuracy import as_text
    from ..review.mapped import mapped_by_layer, mapped_by_raster
    from ..review.reference import read_reference
    from ..sources.legend import Legend
    from ..whole import write_text

    if (params.raster is None) == (params.layer is None):
        raise InputError("Give one INPUT: a class raster or a layer of features.")
    if params.layer is not None and not params.legend and not params.layer.settings.class_field:
        raise InputError("Nothing says what classes the map has; name the field that holds them in CLASS_FIELD, or "
                         "give a LEGEND that reads its tags.")
    legend = Legend.load(params.legend) if params.legend else None
    reference = read_reference(params.reference, params.reference_field)
    if params.ledger:
        with Ledger.open(params.ledger) as ledger:
            ledger.check_writable()
    if params.raster is not None:
        given = mapped_by_raster(params.raster, reference, legend, feedback, params.allow_ballpark)
    else:
        given = mapped_by_layer(params.layer, reference, legend, feedback, params.allow_ballpark)
    found = given.assess()
    for line in as_text(found):
        feedback.info(line)
    for why, number in given.left_out.items():
        feedback.info(f"{number} units were left out: {why}.")
    result = {"input": given.name, "reference": reference.name, "left_out": given.left_out, **found.to_json()}
    write_text(params.output, json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    if params.ledger:
        with Ledger.open(params.ledger) as ledger:
            ledger.add_round(Round("evaluate", 0, {"input": given.name, "reference": reference.name},
                                   metrics={"map_accuracy": result}))
    return {"OUTPUT": params.output, "OVERALL": _overall(found), "UNITS": int(found.units.sum())}


def _overall(found: MapAccuracy) -> float | None:
    return None if found.overall is None else found.overall.estimate
