"""A whole round of the loop: fit or go on learning, fuse, flag, and tell; for tests a simulated review."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ..feedback import Feedback
from . import report
from .evidence import WithModel, hear, imagery_evidence
from .flag import Rounds, say_judging, write_round
from .fuse import write_map
from .inputs import VectorInput
from .layers import Workplace, open_workplace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..fusion.ground import Ground
    from ..review.oracle import TrueLayer


@dataclass(frozen=True, kw_only=True)
class Params(Rounds, WithModel):
    """``output`` is the fused map, ``probability`` the class probabilities as ``fuse`` writes them, ``report`` the page
    to hand on; an empty path is not written.

    A ledger that is there is continued: its decisions put labels right and say how far sources can be trusted, and the
    fit goes on from its last model. ``oracle`` are true layers, one for each of ``map`` and then of ``field``, in their
    order: with them a simulated reviewer decides the first ``decisions`` items of the queue, wrong in a share
    ``oracle_error`` and at ``oracle_seconds`` a decision.
    """

    output: str
    probability: str = ""
    report: str = ""
    oracle: tuple[VectorInput, ...] = ()
    oracle_error: float = 0.0
    oracle_seconds: float = 8.0
    decisions: int = 100


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Fit, fuse and flag; return the paths written, the round's number and how many discrepancies it found."""
    from ..fusion.evidence import open_evidence
    from ..fusion.weigh import weigh
    from .record import reviewed

    check(params)
    with open_workplace(params, params.ledger) as work:
        heard = hear(work, params, feedback)
        say_judging(work, feedback)
        seen = imagery_evidence(work, params, feedback.span(0.0, 0.75), model=heard.model, ledger=params.ledger)
        with open_evidence(seen.path, work.ground) as evidence:
            with feedback.stage("weigh"):
                reliabilities = weigh(work.ground, evidence, params.seed, feedback.span(0.75, 0.8),
                                      reviewed(params.ledger, work.ground))
            write_map(work, evidence, reliabilities, seen.model, params, feedback.span(0.8, 0.85),
                      output=params.output, probability=params.probability)
            written = write_round("loop", work, evidence, reliabilities, seen, heard, params,
                                  feedback.span(0.85, 1.0))
        if params.oracle:
            written["DECIDED"] = simulate(work, params, written["ROUND"], feedback)
    if params.report:
        report.run(report.Params(ledger=params.ledger, output=params.report), Feedback())
    learning = seen.learning.get("holdout") or {}
    return {"OUTPUT": params.output, "PROBABILITY": params.probability, "REPORT": params.report, **written,
            **({"REPLACED": learning["replaced"]} if learning else {})}


def check(params: Params) -> None:
    """Raise :class:`~geoloop.core.errors.InputError` for a report that could not be written at the end, and for a
    simulated reviewer that cannot be.
    """
    from ..errors import InputError

    if params.report and not params.report.lower().endswith(report.ENDINGS):
        raise InputError(f"REPORT must end in {' or '.join(report.ENDINGS)}, not {params.report}.")
    if not params.oracle:
        return
    judged = len(params.map) + len(params.field)
    if len(params.oracle) != judged:
        raise InputError(f"ORACLE has {len(params.oracle)} layers; it needs one for each of MAP and FIELD, in their "
                         f"order: {judged}.")
    if not 0 <= params.oracle_error <= 1:
        raise InputError(f"ORACLE_ERROR must be a share from 0 to 1, not {params.oracle_error:g}.")
    if params.decisions < 1 or params.oracle_seconds <= 0:
        raise InputError("DECISIONS must be at least 1, and ORACLE_SECONDS more than 0.")


def simulate(work: Workplace, params: Params, number: int, feedback: Feedback) -> int:
    """Make a queue and let the simulated reviewer decide it; return how many decisions were made."""
    from ..ledger import Ledger
    from ..review import make_queue
    from ..review.layer_features import features_within
    from ..review.oracle import Oracle, review
    from .queue import tell

    ground = work.ground
    frames = [features_within(layer.features, ground.grid.bounds) for layer in ground.layers
              if layer.features.settings.may_edit]
    oracle = Oracle(true_layers(ground, params.oracle), params.oracle_error, params.seed)
    with feedback.stage("simulate"), Ledger.open(params.ledger) as ledger:
        tell(make_queue(ledger, frames, size=params.decisions, audit_share=0.1, seed=params.seed), feedback)
        counts = review(ledger, oracle, params.oracle_seconds)
        ledger.add_metrics(number, {"simulated": asdict(counts)})
    feedback.info(f"A simulated reviewer decided {counts.decisions} items: {counts.accepted} accepted, "
                  f"{counts.rejected} rejected, {counts.unsure} unsure.")
    return counts.decisions


def true_layers(ground: Ground, oracle: Sequence[VectorInput]) -> dict[str, TrueLayer]:
    """Each layer of a ground beside the one of ``oracle`` in its place, read as the layer itself is."""
    from dataclasses import replace

    from ..review.oracle import TrueLayer
    from ..sources.vectors import read_features

    layers = {}
    for layer, given in zip(ground.layers, oracle, strict=True):
        settings = replace(layer.features.settings, key="", lock="")
        true = read_features(replace(given, settings=settings, key=""), ground.grid, layer.features.kind,
                             allow_ballpark=True)
        layers[layer.name] = TrueLayer.of(layer.features, true, ground.legend, ground.grid.metres_per_unit)
    return layers
