"""Discrepancies of every source, into the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..feedback import Feedback
from .align import say_reach
from .evidence import Heard, ImageryEvidence, WithModel, hear, imagery_evidence, keep_model, say_grid
from .layers import OnLayers, Workplace, open_workplace

if TYPE_CHECKING:
    from ..fusion.crowd import Reliabilities
    from ..fusion.evidence import Evidence


@dataclass(frozen=True, kw_only=True)
class Rounds(OnLayers):
    """What every job that writes a round of discrepancies is told: into which ``ledger``, and that candidates below
    ``min_probability`` are dropped.
    """

    ledger: str
    min_probability: float = 0.05


@dataclass(frozen=True, kw_only=True)
class Params(Rounds, WithModel):
    """``probabilities``: p(class | imagery) as a raster whose bands are named by class, from ``fuse`` or any model
    that never saw the map; empty: ``model`` says it, or a fit as ``fuse`` does. Beside probabilities ``model`` can only
    be a fusion network.
    """

    probabilities: str = ""


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Write a round of discrepancies into the ledger; return its number and how many were found."""
    from ..errors import InputError
    from ..fusion.evidence import open_evidence
    from ..fusion.weigh import weigh
    from .record import reviewed

    with open_workplace(params, params.ledger) as work:
        heard = hear(work, params, feedback)
        say_judging(work, feedback)
        if params.probabilities and heard.model:
            raise InputError(f"PROBABILITIES and the MODEL {params.model} both say what the imagery shows; leave one "
                             "out. Only a fusion network that geoloop:pretrain wrote is asked beside probabilities.")
        if params.probabilities:
            say_grid(work, feedback)
            seen = ImageryEvidence(Path(params.probabilities), params.probabilities, None)
        else:
            seen = imagery_evidence(work, params, feedback.span(0.0, 0.8), model=heard.model, ledger=params.ledger)
        with open_evidence(seen.path, work.ground) as evidence:
            with feedback.stage("weigh"):
                reliabilities = weigh(work.ground, evidence, params.seed, feedback.span(0.8, 0.85),
                                      reviewed(params.ledger, work.ground))
            return write_round("flag", work, evidence, reliabilities, seen, heard, params, feedback.span(0.85, 1.0))


def say_judging(work: Workplace, feedback: Feedback) -> None:
    """Say what judging will take once the imagery has spoken."""
    from ..discrepancies.cost import seconds_to_judge
    from ..discrepancies.objects import REACH_M
    from ..feedback import in_words
    from ..memory import held_in_words

    grid, features = work.ground.grid, sum(len(layer.features) for layer in work.ground.layers)
    feedback.info(f"{features} features on {grid.width} × {grid.height} pixels: to judge them will take about "
                  f"{in_words(seconds_to_judge(work.ground))}{held_in_words()}.")
    if work.ground.maps:
        say_reach(work.ground, REACH_M, feedback)


def write_round(job: str, work: Workplace, evidence: Evidence, reliabilities: Reliabilities, seen: ImageryEvidence,
                heard: Heard, params: Rounds, feedback: Feedback) -> dict[str, Any]:
    """Judge every source by the others and write what is found, whole or not at all; keep the networks beside the
    ledger for the next round. ``seen`` says what gave the evidence, ``heard`` who is asked beside it.
    """
    from collections import Counter

    from ..discrepancies.judge import judge
    from ..fusion.contribution import contribution
    from ..fusion.weigh import figures, rows
    from .record import PATIENCE_S, open_ledger, round_of, source_rows

    with (open_ledger(params.ledger, work.ground, timeout_s=PATIENCE_S) as ledger,
          ledger.new_round() as number):
        with feedback.stage("judge"):
            found = judge(work.ground, evidence, reliabilities, number=number, seed=params.seed,
                          min_probability=params.min_probability, rejected=ledger.rejected(),
                          awaiting=ledger.awaiting(), reviewed=ledger.reviewed(), witness=heard.witness,
                          feedback=feedback)
        with feedback.stage("contribution"):
            contributed = contribution(work.ground, evidence, reliabilities, params.seed)
        sure = Counter(d.kind for d in found if d.probability >= 0.5)
        kept = keep_model(params.ledger, number, seen.fitted)
        said = {"learning": dict(seen.learning)} if seen.learning else {}
        ledger.add_round(
            round_of(job, params, feedback, model=seen.model, device=work.device.line,
                     metrics={"candidates": len(found), "flags": dict(sure),
                              "reliability": figures(work.ground, reliabilities), "contribution": contributed,
                              **kept, **said, **heard.said}),
            source_rows(work.ground, params.imagery), rows(work.ground, reliabilities), found, number)
    feedback.info(f"Round {number}: {len(found)} candidates, of which at least even odds: "
                  f"{', '.join(f'{n} {kind}' for kind, n in sorted(sure.items())) or 'none'}.")
    return {"LEDGER": params.ledger, "ROUND": number, "CANDIDATES": len(found), "FLAGS": sum(sure.values())}
