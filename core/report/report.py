"""From the ledger to the page, and the same pictures as files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from ..errors import InputError
from ..feedback import Feedback
from ..ledger import Ledger
from ..whole import check_folder, write_text, written_whole
from .blocks import Section
from .facts import Facts, Wishes, gather
from .page import page
from .sections.accuracy import accuracy
from .sections.calibration import calibration
from .sections.contribution import contribution
from .sections.effort import effort
from .sections.judged import judged
from .sections.maps import ground_of, maps
from .sections.overview import overview
from .sections.precision import precision
from .sections.provenance import provenance
from .sections.pushed import pushed
from .sections.reliability import reliability
from .sections.reviewers import reviewers
from .sections.rounds_compared import rounds_compared


def write_report(ledger: Ledger, output: str, images: str, wishes: Wishes, feedback: Feedback) -> int:
    """Write the page to ``output`` and its pictures as PNG into the folder ``images`` (empty: none); return how many.

    Raises :class:`InputError` where either cannot be written, :class:`~geoloop.core.errors.LedgerError` where the
    ledger cannot be read.
    """
    check_folder(output)
    check_images(images)
    feedback.progress(0.0, "reading the ledger")
    facts = gather(ledger, wishes)
    feedback.check()
    feedback.progress(0.3, "drawing")
    sections = _sections(ledger, facts, feedback.span(0.3, 0.95))
    write_text(output, page(facts, sections))
    pictures = [picture for section in sections for picture in section.pictures]
    if images:
        Path(images).mkdir(exist_ok=True)
        for picture in pictures:
            with written_whole(Path(images) / f"{picture.name}.png") as draft:
                draft.write_bytes(picture.png())
    feedback.progress(1.0)
    return len(pictures)


def check_images(images: str) -> None:
    """Raise :class:`InputError` if the folder of images cannot be made or is none."""
    at = Path(images)
    if images and ((at.exists() and not at.is_dir()) or not at.absolute().parent.is_dir()):
        raise InputError(f"The folder {images} of IMAGES cannot be made; name a folder, or a new one within a folder "
                         "that exists.")


def _sections(ledger: Ledger, facts: Facts, feedback: Feedback) -> list[Section]:
    """The page from top to bottom."""
    ground = ground_of(facts, feedback)
    writers: tuple[Callable[[], Section], ...] = (
        partial(overview, facts), partial(judged, facts, ground.frame if ground else None),
        partial(maps, ledger, facts, ground), partial(reliability, facts),
        partial(precision, facts), partial(calibration, facts), partial(effort, facts),
        partial(rounds_compared, facts), partial(contribution, facts), partial(accuracy, facts), partial(pushed, facts),
        partial(reviewers, facts), partial(provenance, ledger, facts))
    sections = []
    for at, write in enumerate(writers, 1):
        sections.append(write())
        feedback.check()
        feedback.progress(at / len(writers))
    return sections
