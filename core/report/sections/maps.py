"""The maps: what was flagged, and what has become of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...feedback import Feedback
from ...jobs.inputs import RasterInput
from ...ledger import Ledger
from ...ledger.history import shapes
from ...review.open_flags import boxes
from ..backdrop import Backdrop, read_backdrop
from ..blocks import Picture, Pictures, Section, Table, Text
from ..drawing import MAP_DPI, style
from ..facts import SHOWN_FROM, Facts
from ..flag_map import Group, counted, counts_map, shape_px, signs_map
from ..map_frame import MapFrame, frame_around
from ..outlines import Outline, outlines
from ..signs import KIND_SIGNS, OTHER_SIGN, STATUS_SIGNS
from ..words import STATUS, count_of, day, kind_word, number
from .judged import attribution_line

MOST_DRAWN = 2500
"""More discrepancies than these are not told apart on a page: the map counts them instead."""


@dataclass(frozen=True)
class MapGround:
    """What both maps share: the piece of ground, and the imagery or one sentence why there is none."""

    frame: MapFrame
    imagery: Backdrop | str


def ground_of(facts: Facts, feedback: Feedback) -> MapGround | None:
    """Find the piece of ground on which the flagged places lie, and read its imagery; None where no place is known."""
    rows = np.flatnonzero(facts.likely | _first(facts))
    if not len(rows):
        rows = np.arange(len(facts.flags))
    frame = frame_around(boxes([facts.flags[row] for row in rows.tolist()]), facts.crs)
    if frame is None:
        return None
    return MapGround(frame, read_backdrop(_imagery(facts), facts.crs, frame.bounds, shape_px(frame, MAP_DPI), feedback))


def maps(ledger: Ledger, facts: Facts, ground: MapGround | None) -> Section:
    """Two maps side by side, and the same in numbers."""
    title = "What was found, and what became of it"
    if ground is None:
        return Section("maps", title, (Text(
            "Nothing is flagged in the ledger, so that there is nothing to show on a map; geoloop:flag and "
            "geoloop:loop look for discrepancies.", "missing"),))
    blocks: list[Text | Pictures | Table] = [Pictures(tuple(_pictures(ledger, facts, ground)))]
    if isinstance(ground.imagery, str):
        blocks.append(Text(ground.imagery, "missing"))
    return Section("maps", title, [*blocks, _table(facts)])


def _imagery(facts: Facts) -> list[RasterInput]:
    """The imagery of the newest round that had some, with the band names that its parameters tell."""
    for one in reversed(facts.rounds):
        given = one.parameters.get("imagery") or ()
        if given:
            return [RasterInput(raster["path"], raster.get("name") or raster["path"], raster.get("crs") or "",
                                tuple(raster.get("bands") or ())) for raster in given]
    return [RasterInput(row.uri, row.layer, row.crs) for row in facts.sources if row.kind == "imagery" and row.uri]


def _first(facts: Facts) -> NDArray[np.bool_]:
    """The likely errors (n,) of the first round that flagged something."""
    first = min((f.round for f in facts.flags), default=0)
    return facts.tops & np.array([f.round == first and f.probability >= SHOWN_FROM for f in facts.flags], np.bool_)


def _pictures(ledger: Ledger, facts: Facts, ground: MapGround) -> list[Picture]:
    before, after = np.flatnonzero(_first(facts)), np.flatnonzero(facts.likely)
    first = min(f.round for f in facts.flags)
    decided = any(facts.flags[row].status != "open" for row in after.tolist()) or facts.flags[-1].round != first
    when = next((day(one.at) for one in facts.rounds if one.number == first), "")
    told_before = f"Before: the {count_of(len(before), 'likely error')} that round {first} flagged on {when}, by kind."
    told_after = (f"After: the {count_of(len(after), 'likely error')} of all rounds and what has become of them by "
                  f"{day(facts.made.isoformat())}.")
    attribution = attribution_line(facts)
    imagery = ground.imagery if isinstance(ground.imagery, Backdrop) else None
    many = max(len(before), len(after)) > MOST_DRAWN
    with style():
        if many:
            return _counted(facts, ground.frame, imagery, before, after if decided else None, attribution,
                            (told_before, told_after))
        rows = np.union1d(before, after)
        drawn = _outlines(ledger, facts, rows)
        found = [signs_map(
            ground.frame, imagery, _by_kind(facts, before), drawn, name="map_before", caption=told_before,
            title="Before: what was flagged", attribution=attribution, alt=_alt(facts, before))]
        if decided:
            found.append(signs_map(
                ground.frame, imagery, _by_status(facts, after), drawn, name="map_after", caption=told_after,
                title="After: what became of it", attribution=attribution, alt=_alt(facts, after)))
    return found


def _counted(facts: Facts, frame: MapFrame, imagery: Backdrop | None, before: NDArray[np.int64],
             after: NDArray[np.int64] | None, attribution: str, told: tuple[str, str]) -> list[Picture]:
    place = boxes(facts.flags)
    was = counted(frame, place[before])
    most = float(was.cells.max())
    found = [counts_map(frame, imagery, was, most, name="map_before", title="Before: what was flagged",
                        attribution=attribution, alt=_alt(facts, before), caption=told[0])]
    if after is not None:
        left = np.array([row for row in after.tolist() if facts.flags[row].status in ("open", "unsure", "accepted")],
                        np.int64)
        found.append(counts_map(frame, imagery, counted(frame, place[left]), most, name="map_after",
                                title="After: what is still to be done", attribution=attribution,
                                alt=_alt(facts, left),
                                caption=f"{told[1]} Shown are the {number(len(left))} that are not settled yet."))
    return found


def _outlines(ledger: Ledger, facts: Facts, rows: NDArray[np.int64]) -> dict[int, Outline]:
    row_of = {facts.flags[row].fid: row for row in rows.tolist()}
    return outlines((row_of[fid], wkb) for fid, wkb in shapes(ledger, list(row_of)))


def _by_kind(facts: Facts, rows: NDArray[np.int64]) -> list[Group]:
    kinds = np.array([facts.flags[row].kind for row in rows.tolist()], object)
    return [Group(kind_word(kind), KIND_SIGNS.get(kind, OTHER_SIGN), rows[kinds == kind])
            for kind in sorted(set(kinds.tolist()), key=lambda one: -int((kinds == one).sum()))]


def _by_status(facts: Facts, rows: NDArray[np.int64]) -> list[Group]:
    status = np.array([facts.flags[row].status for row in rows.tolist()], object)
    return [Group(STATUS[one], sign, rows[status == one]) for one, sign in STATUS_SIGNS.items()]


def _alt(facts: Facts, rows: NDArray[np.int64]) -> str:
    """The map in words, for who cannot see it."""
    kinds: dict[str, int] = {}
    for row in rows.tolist():
        word = kind_word(facts.flags[row].kind)
        kinds[word] = kinds.get(word, 0) + 1
    told = ", ".join(f"{number(n)} {word}" for word, n in sorted(kinds.items(), key=lambda one: -one[1]))
    return f"Map of likely errors: {told or 'none'}."


def _table(facts: Facts) -> Table:
    likely = [f for f, one in zip(facts.flags, facts.likely, strict=True) if one]
    kinds = sorted({f.kind for f in likely}, key=lambda kind: -sum(f.kind == kind for f in likely))
    statuses = [status for status in STATUS_SIGNS if any(f.status == status for f in likely)]
    rows = [_line(kind_word(kind), [f.status for f in likely if f.kind == kind], statuses) for kind in kinds]
    if len(rows) > 1:
        rows.append(_line("all", [f.status for f in likely], statuses))
    return Table(("kind", "likely errors", *(STATUS[one] for one in statuses)), rows,
                 frozenset(range(1, len(statuses) + 2)),
                 caption="Likely errors by kind, and what became of them: numbers of places.")


def _line(word: str, own: Sequence[str], statuses: Sequence[str]) -> tuple[str, ...]:
    return (word, number(len(own)), *(number(own.count(one)) for one in statuses))
