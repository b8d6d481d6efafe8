"""Decisions on discrepancies, in bulk. Runs in either Python: standard library only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ..feedback import Feedback

if TYPE_CHECKING:
    from ..ledger import Ledger
    from ..ledger.amendments import Amendment


@dataclass(frozen=True)
class Changed:
    """A proposal as the reviewer changed it: ``proposal`` WKB in the ledger's CRS, in hexadecimal digits, ``values`` a
    JSON object of columns and values; either empty: as it was proposed.
    """

    proposal: str = ""
    values: str = ""


@dataclass(frozen=True)
class Params:
    """``uids`` are the discrepancies to decide; ``drawn_as`` and ``inclusion_probability`` say how they were chosen.

    ``one_by_one``: a person said it of each. Otherwise nothing of a layer of OpenStreetMap's is accepted. ``changed``
    are proposals that the reviewer changed before accepting them, by uid.
    """

    ledger: str
    uids: tuple[str, ...]
    decision: Literal["accept", "reject", "unsure"]
    reason: str = ""
    reviewer: str = ""
    drawn_as: Literal["queue", "audit", "bulk"] = "bulk"
    inclusion_probability: float | None = None
    seconds: float | None = None
    one_by_one: bool = False
    changed: dict[str, Changed] = field(default_factory=dict)


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Record the decisions; an unknown uid is an error and then none is recorded."""
    return {"DECIDED": record(params.ledger, [params], feedback)}


def record(path: str, several: Sequence[Params], feedback: Feedback) -> int:
    """Record decisions of several kinds in one ledger, all or none; return how many."""
    from ..ledger import Ledger

    with Ledger.open(path) as ledger, ledger.writing():
        recorded = sum(ledger.decide(
            params.uids, params.decision, reason=params.reason, reviewer=params.reviewer, drawn_as=params.drawn_as,
            inclusion_probability=params.inclusion_probability, seconds=params.seconds,
            changed=_allowed(ledger, params),
        ) for params in several)
    feedback.info(f"{recorded} decisions recorded in {path}.")
    return recorded


def _allowed(ledger: Ledger, params: Params) -> dict[str, Amendment]:
    """Return the changed proposals, after everything that may not be decided so is refused."""
    from ..errors import InputError

    if params.decision == "accept" and params.drawn_as == "bulk" and not params.one_by_one:
        _refuse_openstreetmap(ledger, params.uids)
    if params.changed and params.decision != "accept":
        raise InputError("A changed proposal goes with accepting its discrepancy. Nothing was recorded.")
    return _amendments(ledger, params.changed) if params.changed else {}


def _refuse_openstreetmap(ledger: Ledger, uids: tuple[str, ...]) -> None:
    from ..errors import InputError

    layers = ledger.layers_of(uids)
    for_osm = [name for name, _ in ledger.target_layers() if name in layers and ledger.source(name).is_openstreetmap]
    if for_osm:
        raise InputError(f"“{for_osm[0]}” is OpenStreetMap's, which wants each object judged by a person: accept its "
                         "discrepancies one by one in the review, or by a reviewed layer. Nothing was recorded.")


def _amendments(ledger: Ledger, changed: dict[str, Changed]) -> dict[str, Amendment]:
    import json

    from ..errors import InputError
    from ..ledger.amendments import amended
    from ..ledger.reviewed import as_proposed

    proposed = as_proposed(ledger, list(changed))
    found = {}
    for uid, change in changed.items():
        if uid not in proposed:
            raise InputError(f"The ledger {ledger.path} has no discrepancy {uid!r}; nothing was recorded.")
        try:
            values = json.loads(change.values) if change.values else {}
            shape = bytes.fromhex(change.proposal) or None
        except ValueError as error:
            raise InputError(f"The changed proposal of {uid} cannot be read: {error}.") from error
        if not isinstance(values, dict):
            raise InputError(f"The changed values of {uid} must be a JSON object from columns to values.")
        found[uid] = amended(proposed[uid], shape, values)
    return found
