"""Map layers moved to where the imagery shows what they hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..feedback import Feedback
from .inputs import RasterInput
from .layers import OnLayers, open_workplace

if TYPE_CHECKING:
    from ..alignment.align import Alignment
    from ..fusion.evidence import Evidence
    from ..fusion.ground import Ground
    from ..sources.statements import Statements


@dataclass(frozen=True, kw_only=True)
class Params(OnLayers):
    """``probabilities``: p(class | imagery) as a raster whose bands are named by class; empty: fitted here on
    ``imagery``, as ``fuse`` does. Without ``imagery`` the probabilities give the grid. Features may lie ``reach_m``
    ground metres off; ``off_nadir`` imagery shows roofs beside their footprints, and nothing is moved, nor anything of
    a layer whose settings say so.

    ``output`` is a GeoPackage with a moved copy of each map layer, a table each, whose locked features stay; ``shifts``
    one with a line for each feature that lies off; ``gcps`` a file of control points of the smooth field. Empty paths
    are not written.
    """

    imagery: tuple[RasterInput, ...] = ()
    probabilities: str = ""
    reach_m: float = 10.0
    off_nadir: bool = False
    output: str = ""
    shifts: str = ""
    gcps: str = ""


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Align every map layer with the imagery, each by itself; return the paths written and what was found."""
    from ..alignment.moved import moving
    from ..fusion.evidence import open_evidence
    from .evidence import imagery_evidence, say_grid

    if not params.imagery and not params.probabilities:
        raise InputError("Neither imagery nor probabilities are given; name one of them.")
    if not params.map:
        raise InputError("No map layer is given; name at least one to be aligned.")
    if not params.reach_m > 0:
        raise InputError(f"The reach must be a positive number of metres, not {params.reach_m}.")
    if not params.imagery:
        params = replace(params, imagery=(RasterInput(params.probabilities, name="probabilities"),))
    with open_workplace(params, "") as work:
        say_reach(work.ground, params.reach_m, feedback)
        path, start = params.probabilities, 0.0
        if path:
            say_grid(work, feedback)
            _say_cost(work.ground, feedback)
        else:
            path, start = str(imagery_evidence(work, params, feedback.span(0.0, 0.7)).path), 0.7
        with open_evidence(path, work.ground) as evidence, feedback.stage("align"):
            found = align_maps(work.ground, evidence, params, feedback.span(start, 0.95))
        feedback.check()
        _write(work.ground, found, params, feedback)
    moved = sum(int(moving(layer.features, one).sum()) for layer, one in zip(work.ground.maps, found, strict=True))
    return {"OUTPUT": params.output, "SHIFTS": params.shifts, "GCPS": params.gcps, "MOVED": moved,
            "COMMON": sum(len(one.common) for one in found)}


def say_reach(ground: Ground, reach_m: float, feedback: Feedback) -> None:
    """Warn where pixels are so fine that features are not looked for as far away as ``reach_m`` metres."""
    from math import ceil

    from ..alignment.align import REACH_PX_MAX

    pixel = ground.grid.pixel_m
    if reach_m > REACH_PX_MAX * pixel * 1.01:
        enough = ceil(100 * reach_m / REACH_PX_MAX) / 100
        feedback.warning(f"At pixels of {pixel:.3g} m features are looked for up to {REACH_PX_MAX * pixel:.2g} m away, "
                         f"not {reach_m:g} m. With a RESOLUTION of {enough:g} m they are, and sooner.")


def _say_cost(ground: Ground, feedback: Feedback) -> None:
    from ..discrepancies.cost import seconds_to_align
    from ..feedback import in_words
    from ..memory import held_in_words

    feedback.info(f"To align {sum(len(layer.features) for layer in ground.maps)} features will take about "
                  f"{in_words(seconds_to_align(ground.maps))}{held_in_words()}.")


def align_maps(ground: Ground, evidence: Evidence, params: Params, feedback: Feedback) -> list[Alignment]:
    """Align each map layer of a run by itself: layers from different sources lie off in their own ways."""
    found = []
    for at, layer in enumerate(ground.maps):
        off_nadir = params.off_nadir or layer.features.settings.off_nadir
        one = align_layer(ground, layer, evidence, params.reach_m, off_nadir, params.seed,
                          feedback.span(at / len(ground.maps), (at + 1) / len(ground.maps)))
        _say_moved(layer, one, feedback)
        for common in one.common:
            feedback.info(f"“{layer.name}”: a neighbourhood of {len(common.rows)} features lies off by "
                          f"{common.length_m:.1f} ± {common.standard_error_m:.1f} m.")
        found.append(one)
    return found


def _say_moved(layer: Statements, one: Alignment, feedback: Feedback) -> None:
    from ..alignment.moved import moving

    moved = moving(layer.features, one)
    locked = int(one.moved.sum() - moved.sum())
    feedback.info(f"“{layer.name}”: {int(moved.sum())} of {len(one)} features moved, {int(one.alone[moved].sum())} of "
                  f"them away from their neighbours, {int((one.turn[moved] != 0).sum())} turned; "
                  + (f"{locked} lie off, but are locked and stay; " if locked else "")
                  + f"{int((~one.seen).sum())} are not shown by the imagery; {one.method}.")


def align_layer(ground: Ground, layer: Statements, evidence: Evidence, reach_m: float, off_nadir: bool, seed: int,
                feedback: Feedback) -> Alignment:
    """Align one layer; features of the legend's background class, or of none, stay where they are."""
    from ..alignment.align import AlignSettings, align
    from ..fusion.ground import foreground

    shown, label = evidence.only(foreground(layer))
    return align(layer.support, shown.read, ground.grid, feedback,
                 AlignSettings(reach_m=reach_m, off_nadir=off_nadir, turns=True, seed=seed), labels=label)


def _write(ground: Ground, found: list[Alignment], params: Params, feedback: Feedback) -> None:
    from contextlib import ExitStack

    from ..alignment.moved import tables_of, write_control_points, write_moved, write_shifts
    from ..whole import written_whole

    features = [layer.features for layer in ground.maps]
    with ExitStack() as stack:
        if params.output:
            draft = stack.enter_context(written_whole(params.output))
            for one, alignment, table in zip(features, found, tables_of([one.name for one in features]), strict=True):
                if not write_moved(one, alignment, draft, table, allow_ballpark=params.allow_ballpark):
                    feedback.warning(f"The moved copy of “{one.name}” is without the measures (M) of its geometries.")
        if params.shifts:
            write_shifts(list(zip(features, found, strict=True)), stack.enter_context(written_whole(params.shifts)))
        if params.gcps:
            write_control_points(found, stack.enter_context(written_whole(params.gcps)))
