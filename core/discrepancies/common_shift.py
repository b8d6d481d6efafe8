"""Common shift: a neighbourhood of a layer that lies off the imagery as a whole. One finding, never a heap of them.

Which of the two lies off only a third source can say: field points, or another map, that lie off the imagery by the
same shift prove the imagery wrong; if they fit the imagery, the map is. Without them it stays undecided.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ..alignment.align import AlignSettings, align
from ..alignment.regions import CommonShift
from ..feedback import Feedback
from ..fusion.evidence import Evidence
from ..fusion.ground import Ground, foreground
from ..ledger import Discrepancy
from ..sources.statements import Statements
from .finding import on_ground
from .objects import REACH_M, Objects
from .sentences import Said, says, told

LEAST_M, LEAST_PX = 1.0, 2.0
FEWEST = 5
"""Features of a third source within a neighbourhood, at the least, that can say which side lies off."""
CEILING = 0.95


@dataclass(frozen=True)
class Laid:
    """For each row of a layer (n,): whether it lies in a neighbourhood whose imagery, not the map, was found off."""

    to_imagery: NDArray[np.bool_]


def find(ground: Ground, layer: Statements, objects: Objects, evidence: Evidence, number: int, least: float,
         feedback: Feedback) -> tuple[list[Discrepancy], Laid]:
    """Return the common shifts of a map layer, and which of its features lie where the imagery is to blame. Of that a
    layer that the imagery looks at aslant tells nothing: it seems to lie off wherever it lies.
    """
    limit = max(LEAST_M, LEAST_PX * ground.grid.pixel_m)
    shifts = [shift for shift in objects.alignment.common if shift.length_m >= limit]
    to_imagery = np.zeros(len(layer.support), bool)
    if not shifts or layer.features.settings.off_nadir:
        return [], Laid(to_imagery)
    rows = np.flatnonzero(~np.isnan(objects.alignment.field[:, 0]))
    witnesses = [_Witness.of(other, ground, evidence, feedback) for other in ground.layers
                 if other is not layer and not other.features.settings.off_nadir]
    found = []
    for shift in shifts:
        heard = [word for witness in witnesses if (word := witness.of_neighbourhood(shift)) is not None]
        verdict, why = _verdict(heard, shift)
        if verdict == "imagery":
            to_imagery |= _within(shift, layer, rows)
        error = shift.standard_error_m
        chance = CEILING * min(1.0, (shift.length_m / (limit + 3 * error)) ** 2)
        if chance < least:
            continue
        outline = ground.grid.to_world(np.array([shift.outline], dtype=object))[0]
        found.append(on_ground(
            ground, "imagery" if verdict == "imagery" else "map", layer.name, outline, kind="common_shift",
            edit="flag", probability=chance, surprise=shift.length_m / max(error, 0.05), number=number,
            offset_m=(shift.dx_m, shift.dy_m), evidence={
                **told(says("{count} features lie off the imagery together, by {far} m ({east} m east, {north} m "
                            "north).", count=str(len(shift.rows)), far=f"{shift.length_m:.1f}",
                            east=f"{shift.dx_m:+.1f}", north=f"{shift.dy_m:+.1f}"), why),
                "verdict": verdict, "features": len(shift.rows), "standard_error_m": round(error, 3),
                "witnesses": [name for name, _ in heard]}))
    return found, Laid(to_imagery)


@dataclass(frozen=True)
class _Witness:
    """How another layer lies beside the imagery."""

    name: str
    middles: NDArray[np.object_]
    field: NDArray[np.float64]

    @classmethod
    def of(cls, layer: Statements, ground: Ground, evidence: Evidence, feedback: Feedback) -> _Witness:
        label = foreground(layer)
        known = np.flatnonzero(label >= 0)
        if len(known) < FEWEST:
            return cls(layer.name, np.array([], dtype=object), np.zeros((0, 2)))
        shown, number = evidence.only(label[known])
        found = align(layer.support[known], shown.read, ground.grid, feedback,
                      AlignSettings(reach_m=REACH_M), labels=number)
        sure = found.seen & ~np.isnan(found.field[:, 0])
        return cls(layer.name, shapely.points(layer.centres[known][sure]), found.metres(found.field[sure]))

    def of_neighbourhood(self, shift: CommonShift) -> tuple[str, NDArray[np.float64]] | None:
        """Return the witness's name and its own shift (2,) in metres there; None if it has too little to say."""
        inside = shapely.intersects(shift.outline, self.middles) if len(self.middles) else np.zeros(0, bool)
        if inside.sum() < FEWEST:
            return None
        return self.name, np.median(self.field[inside], axis=0)


def _verdict(heard: list[tuple[str, NDArray[np.float64]]], shift: CommonShift) -> tuple[str, Said]:
    whole = np.array([shift.dx_m, shift.dy_m])
    with_map = [name for name, own in heard if np.hypot(*(own - whole)) < 0.5 * shift.length_m]
    with_imagery = [name for name, own in heard if np.hypot(*own) < 0.5 * shift.length_m]
    if with_map and not with_imagery:
        return "imagery", says("{layers} lies off by the same, so the imagery is off.", layers=_named(with_map))
    if with_imagery and not with_map:
        return "map", says("{layers} fits the imagery, so the map is off.", layers=_named(with_imagery))
    return "undecided", says("No third source says which of the two is off; nothing is moved.")


def _named(names: list[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _within(shift: CommonShift, layer: Statements, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    middles = shapely.points(layer.centres)
    result = np.zeros(len(layer.support), bool)
    result[rows] = shapely.intersects(shift.outline, middles[rows])
    return result
