"""Decisions become reliabilities and the next model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..feedback import Feedback
from .evidence import Past, WithModel, keep_model, learn_from, read_past, say_ground, why_not_here
from .layers import Effort, open_workplace
from .outputs import check_model_name

if TYPE_CHECKING:
    from ..ledger import Ledger


@dataclass(frozen=True)
class Params:
    """The layers are those of the ledger's last round, where that round says that they lie. ``model``: the model to go
    on from, one of GeoLoop's own for that ground (empty: the ledger's last). ``output`` (.safetensors; empty: only
    beside the ledger) gets the model to go on with: the new one, or the old one if that is not worse.
    """

    ledger: str
    model: str = ""
    output: str = ""
    effort: Effort = "quick"
    seed: int = 0
    device: str = "auto"


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Fit on what decisions say, choose between old and new, write both verdicts into the ledger."""
    from pathlib import Path

    from ..errors import InputError
    from ..fusion.evidence import open_evidence, write_evidence
    from ..fusion.weigh import figures, rows, weigh
    from ..ledger import Ledger
    from ..models.files import open_model
    from ..training.kept import keep
    from .record import PATIENCE_S, open_ledger, reviewed, round_of, source_rows

    with Ledger.open(params.ledger) as ledger:
        ledger.check_writable()
        layers, past = _layers(ledger, params), read_past(ledger)
    past = _checked(params, past)
    with open_workplace(layers, params.ledger) as work:
        if params.model and (why := why_not_here(open_model(params.model).card, work)):
            raise InputError(f"The model {params.model} cannot go on learning here: {why}; name one that geoloop:learn "
                             "or geoloop:loop left for this ground, or none.")
        say_ground(work, layers, feedback)
        fitted, learning = learn_from(work, layers, past, feedback.span(0.0, 0.7))
        path = Path(work.folder) / "imagery.tif"
        with feedback.stage("predict"):
            write_evidence(work.ground, fitted, path, feedback.span(0.7, 0.9))
        with open_evidence(path, work.ground) as evidence, feedback.stage("weigh"):
            reliabilities = weigh(work.ground, evidence, params.seed, feedback.span(0.9, 1.0),
                                  reviewed(params.ledger, work.ground))
        if params.output:
            keep(params.output, fitted)
        with (open_ledger(params.ledger, work.ground, timeout_s=PATIENCE_S) as ledger,
              ledger.new_round() as number):
            kept = keep_model(params.ledger, number, fitted)
            ledger.add_round(
                round_of("learn", layers, feedback, model=fitted.card.to_json(), device=work.device.line,
                         metrics={"reliability": figures(work.ground, reliabilities), **kept, "learning": learning}),
                source_rows(work.ground, layers.imagery), rows(work.ground, reliabilities), number=number)
    held = learning["holdout"]
    return {"LEDGER": params.ledger, "OUTPUT": params.output, "ROUND": number, "DECISIONS": learning["decisions"],
            "REPLACED": held is None or held["replaced"], "GAIN": None if held is None else held["gain"]}


def _layers(ledger: Ledger, params: Params) -> WithModel:
    """The layers and settings of the last round that judged them."""
    from dataclasses import fields

    from ..errors import InputError
    from ..ledger.verdicts import last_parameters
    from .parameters import from_json

    given = last_parameters(ledger)
    if given is None:
        raise InputError(f"The ledger {params.ledger} holds no round of geoloop:loop or geoloop:flag; run one first.")
    known = {field.name for field in fields(WithModel)}
    try:
        layers: WithModel = from_json(WithModel, {name: value for name, value in given.items() if name in known})
    except InputError as error:
        raise InputError(f"The last round of the ledger {params.ledger} was made by another version of GeoLoop "
                         f"({str(error).rstrip('.')}); run geoloop:loop with the layers and this LEDGER, which learns "
                         "too.") from error
    return replace(_found(layers, params), model=params.model, effort=params.effort, seed=params.seed,
                   device=params.device)


def _found(layers: WithModel, params: Params) -> WithModel:
    """The layers where they lie now: a temporary copy of a layer is gone, the layer itself may be a file."""
    from pathlib import Path

    from ..errors import InputError

    def there(one: Any) -> Any:
        if Path(one.path).exists():
            return one
        raise InputError(f"The layer {one.name or one.path!r} of the last round does not lie at {one.path} any more, "
                         "or is no file; put it back, or run geoloop:loop with the layers and this LEDGER, which "
                         "learns too.")

    return replace(layers, imagery=tuple(map(there, layers.imagery)), map=tuple(map(there, layers.map)),
                   field=tuple(map(there, layers.field)))


def _checked(params: Params, past: Past) -> Past:
    """What there is to learn, and from which model. Raises :class:`InputError` where there is nothing."""
    from ..errors import InputError
    from ..models.files import open_model

    if not past.verdicts:
        raise InputError(f"The ledger {params.ledger} holds no decision to learn from; review some flags first, with "
                         "geoloop:queue and geoloop:decide.")
    if params.output:
        check_model_name(params.output)
    if not params.model:
        return past
    if open_model(params.model).format != "safetensors":
        raise InputError(f"The model {params.model} is not one of GeoLoop's own, and cannot go on learning; name one "
                         "that geoloop:learn or geoloop:loop left, or none.")
    return replace(past, model=params.model)
