"""The page to hand on: what the ledger holds, in words, tables, maps and plots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import InputError
from ..feedback import Feedback

ENDINGS = (".html", ".htm")


@dataclass(frozen=True, kw_only=True)
class Params:
    """``output`` is the page, ``images`` a folder that gets the same pictures as PNG (empty: none).

    ``title`` (empty: made from the ledger's name) and ``attribution`` (empty: names and licences of the sources) stand
    on the page as given. ``evaluation`` is a result of geoloop:evaluate that the ledger does not hold (empty: the
    ledger's own). ``reviewers``: they are named.
    """

    ledger: str
    output: str
    title: str = ""
    attribution: str = ""
    evaluation: str = ""
    images: str = ""
    reviewers: bool = False


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Write the page; return its path, the folder of images, and how many pictures there are."""
    from ..ledger import Ledger
    from ..report import Wishes, check_images, write_report

    if not params.output.lower().endswith(ENDINGS):
        raise InputError(f"OUTPUT must end in {' or '.join(ENDINGS)}, not {params.output}.")
    check_images(params.images)
    wishes = Wishes(params.title, params.attribution, params.reviewers, _evaluation(params.evaluation))
    with Ledger.open(params.ledger) as ledger:
        pictures = write_report(ledger, params.output, params.images, wishes, feedback)
    feedback.info(f"The report with {pictures} pictures is {params.output}.")
    return {"OUTPUT": params.output, "IMAGES": params.images, "PICTURES": pictures}


def _evaluation(path: str) -> dict[str, Any] | None:
    """Read a result of geoloop:evaluate; None where none is named."""
    import json
    from pathlib import Path

    if not path:
        return None
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InputError(f"EVALUATION ({path}) cannot be read as JSON ({error}); name the file that geoloop:evaluate "
                         "wrote.") from error
    if not isinstance(found, dict) or not isinstance(found.get("classes"), dict):
        raise InputError(f"EVALUATION ({path}) is no result of geoloop:evaluate: it has no classes; name the file that "
                         "it wrote.")
    return found
