"""The next items to review, in order, the random audit among them.

Runs in either Python where ``features`` are given: standard library only at import, NumPy when it runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..feedback import Feedback

if TYPE_CHECKING:
    from ..review import Made


@dataclass(frozen=True)
class LayerKeys:
    """All features of a judged layer within the judged area: keys, and boxes (xmin, ymin, xmax, ymax) in the ledger's
    CRS.
    """

    layer: str
    keys: tuple[str, ...]
    boxes: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True, kw_only=True)
class Params:
    """``size`` items, of which ``audit_share`` (at least 0.1) are drawn at random from all ``features`` of the judged
    layers; empty: the engine reads them where the ledger says that the layers lie.

    ``kinds`` and ``classes`` weight what mending an error is worth; ``page_m`` is the side of a page on the ground, in
    metres. ``output`` (a .gpkg; empty: none) gets the queue as a layer.
    """

    ledger: str
    size: int = 100
    audit_share: float = 0.1
    seed: int = 0
    features: tuple[LayerKeys, ...] = ()
    kinds: dict[str, float] = field(default_factory=dict)
    classes: dict[str, float] = field(default_factory=dict)
    page_m: float = 150.0
    output: str = ""


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Write the queue into the ledger; return how many items and pages it has."""
    from ..ledger import Ledger
    from ..ledger.queue import judged_layers
    from ..review import LayerFeatures, Worth, make_queue
    from ..review.audit import audit_size
    from ..review.sheet import check_sheet, write_sheet
    from .outputs import check_no_source

    check(params)
    with Ledger.open(params.ledger) as ledger:
        ledger.check_writable()
        if params.output:
            check_sheet(params.output, ledger)
            check_no_source(params.output, ledger)
        features = [LayerFeatures(one.layer, one.keys, one.boxes) for one in params.features]
        if not features and audit_size(params.size, params.audit_share):
            from ..review.layer_features import read_layer

            features = [read_layer(layer, ledger.crs_wkt()) for layer in judged_layers(ledger)]
        made = make_queue(ledger, features, size=params.size, audit_share=params.audit_share, seed=params.seed,
                          worth=Worth(params.kinds, params.classes), page_m=params.page_m)
        if params.output:
            write_sheet(params.output, ledger)
    if not made.items:
        feedback.warning(f"Nothing is left to review in {params.ledger}.")
    else:
        tell(made, feedback)
    return {"ITEMS": made.items, "PAGES": made.pages, "LEDGER": params.ledger, "OUTPUT": params.output}


def tell(made: Made, feedback: Feedback) -> None:
    """Say what is in a queue, and whether it is worth a reviewer's time."""
    new = made.items - made.audited - made.again
    again = f" and {made.again} that ask again what was decided" if made.again else ""
    feedback.info(f"{made.items} items on {made.pages} pages, a random audit of {made.audited} among them{again}; of "
                  f"the rest some {made.real:.0f} of {new} are likely real errors.")
    if made.hardly_worth_it:
        feedback.warning(f"It may be time to stop: of {new} new flags some {made.real:.0f} are likely real, and a "
                         f"reviewer who errs in {made.error:.0%} of decisions would accept {made.slips:.0f} of the "
                         "others. What is accepted of them waits for a second look.")


def with_features(params: Params, features: tuple[LayerKeys, ...]) -> Params:
    """The same job on these features."""
    return replace(params, features=features)


def check(params: Params) -> None:
    """Raise :class:`~geoloop.core.errors.InputError` for a parameter that cannot be."""
    from math import isfinite

    from ..errors import InputError
    from ..ledger.schema import KINDS, LABEL_PATCH

    if params.size < 1:
        raise InputError(f"SIZE must be at least 1, not {params.size}.")
    if not 0.1 <= params.audit_share <= 1:
        raise InputError(f"AUDIT_SHARE must be from 0.1 to 1, not {params.audit_share:g}: error rates need at least a "
                         "tenth of the queue.")
    if params.seed < 0:
        raise InputError(f"SEED must be 0 or more, not {params.seed}.")
    if not (isfinite(params.page_m) and params.page_m > 0):
        raise InputError(f"PAGE_WIDTH must be more than 0 metres, not {params.page_m:g}.")
    known = (*KINDS, LABEL_PATCH)
    unknown = sorted(set(params.kinds) - set(known))
    if unknown:
        raise InputError(f"WEIGHTS speaks of the kind {unknown[0]!r}; known are {', '.join(known)}.")
    for name, weight in (*params.kinds.items(), *params.classes.items()):
        if not (isfinite(weight) and weight >= 0):
            raise InputError(f"WEIGHTS gives {name!r} the weight {weight:g}; a weight is 0 or more.")
