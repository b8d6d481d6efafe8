"""What GeoLoop can do, one file a job. A job composes the rooms below; it holds no science of its own.

Each module has ``Params`` (a dataclass that needs only the standard library, so that QGIS can build it) and
``run(params, feedback)``, which imports what it needs when it runs and returns a JSON object.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ..errors import InputError
from ..feedback import Feedback
from .outputs import check_outputs
from .parameters import from_json
from .run_card import RunCard

NAMES = ("align", "decide", "doctor", "embed", "evaluate", "exchange", "exportmodel", "finetune", "flag", "fuse",
         "importosm", "learn", "loop", "mergeadapters", "predict", "pretrain", "push", "queue", "regresspoints",
         "report", "sampledesign", "stackimagery", "undo")
LEDGER = "LEDGER"
"""The result that is no output of its own: its rounds say what a run took."""


def run(name: str, params: dict[str, Any], feedback: Feedback) -> dict[str, Any]:
    """Run the job ``name``. Raises :class:`InputError` for an unknown name, a parameter that does not fit, and an
    output that is one of the inputs.
    """
    if name not in NAMES:
        raise InputError(f"There is no job {name!r}; known are {', '.join(NAMES)}.")
    module = import_module(f".{name}", __name__)
    read = from_json(module.Params, params)
    check_outputs(read)
    result: dict[str, Any] = module.run(read, feedback)
    if feedback.seconds:
        card = RunCard.of(name, read, feedback)
        feedback.info(card.line)
        card.leave(value for key, value in result.items() if key != LEDGER)
    return result
