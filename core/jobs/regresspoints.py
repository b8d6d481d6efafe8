"""Field points and rasters to a map: values or presences, with their doubt, judged on ground left out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..errors import InputError
from ..feedback import Feedback
from .inputs import ExtentInput, RasterInput, VectorInput, by_name
from .layers import CACHE_MB

if TYPE_CHECKING:
    from ..points.estimators import Estimator
    from ..points.observations import Observations, Said
    from ..points.validation import Validation
    from ..sources.grid import Grid

FLATTERS = 0.05
"""A gap of the main score between random and blocked judging that is worth a warning."""
TRIED = 4096
"""Places that a model is tried on to tell how long a map takes: as many as one of its tiles."""
CROWDED = 0.8
"""Presences lie nearer together than by chance from here down."""


@dataclass(frozen=True, kw_only=True)
class Params:
    """``target`` is the field of ``field`` that holds numbers, or yes and no; empty: every point is a presence, and
    ``background`` places are drawn to tell it from. ``station`` names the field of what was measured at one place.

    ``extent`` (grid's CRS) cuts the map, and the points, to a rectangle. ``output`` is the map, whose metadata hold
    what was found out about the model; ``report`` the same as a page (HTML), empty: not written.
    """

    rasters: tuple[RasterInput, ...]
    field: VectorInput
    target: str = ""
    method: Literal["forest", "boosting"] = "forest"
    station: str = ""
    background: int = 2000
    extent: ExtentInput | None = None
    seed: int = 0
    allow_ballpark: bool = False
    output: str
    report: str = ""


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Learn, judge, write the map; return its path and the scores."""
    from ..points.estimators import fit_presence, fit_values
    from ..points.mapped import write_map
    from ..points.observations import observe, said_by
    from ..points.validation import groups_of, validate
    from ..report.points_page import PointModel, points_page
    from ..sources.block_cache import start_small
    from ..sources.fingerprint import fingerprint, written
    from ..sources.grid import Grid
    from ..sources.imagery import Imagery
    from ..sources.vectors import read_features
    from ..whole import write_text
    from .record import versions

    if params.background < 10:
        raise InputError(f"BACKGROUND is {params.background}; at least 10 places are needed to tell presences from.")
    start_small(CACHE_MB)
    grid = Grid.from_imagery(params.rasters, extent=params.extent)
    features = read_features(params.field, grid, "field", allow_ballpark=params.allow_ballpark)
    if features.settings.may_train is False:
        raise InputError(f"The layer “{features.name}” may not train a model (may_train in SOURCES).")
    said = said_by(features, params.target, params.station, grid)
    with Imagery.open(params.rasters, grid, allow_ballpark=params.allow_ballpark) as imagery:
        with feedback.stage("read"):
            seen = observe(said, imagery, grid, params.background, params.seed, feedback.span(0.0, 0.1))
        warnings = _said_of_points(said, seen, params.target, grid, feedback)

        def fit(x: Any, z: Any, seed: int) -> Any:
            learn = fit_values if seen.kind == "value" else fit_presence
            return learn(params.method, x, z, seed)

        names = [band.name for band in imagery.bands]
        with feedback.stage("fit"):
            model = fit(seen.x, seen.z, params.seed)
        _say_cost(model, seen, grid, feedback)
        with feedback.stage("judge"):
            found = validate(fit, seen, groups_of(names, [band.layer for band in imagery.bands]), params.seed,
                             feedback.span(0.1, 0.4))
        warnings += _said_of_scores(found, grid, feedback)
        told = _told(params, said, seen, found, grid)
        inputs = by_name((*params.rasters, params.field))
        tags = {"made_by": "GeoLoop", "method": params.method, "target": params.target or "presence",
                "bands": names, "seed": str(params.seed), "versions": versions(),
                "inputs": {name: fingerprint(one.path) for name, one in inputs.items()},
                "parameters": {"station": params.station, "background": params.background, "extent": params.extent and
                               asdict(params.extent)}, "validation": told}
        with feedback.stage("predict"):
            write_map(params.output, model, seen.kind, found.widening, imagery, grid, tags,
                      written(one.path for one in params.rasters), feedback.span(0.4, 1.0))
    if params.report:
        write_text(params.report, points_page(PointModel(
            params.target or features.name, "random forest" if params.method == "forest" else "boosted trees",
            features.name, grid.pixel_m, warnings, seen, found)))
    return {"OUTPUT": params.output, "REPORT": params.report, "SCORE": _known({"score": found.score})["score"],
            "SCORE_RANDOM": told["random"][found.main], "POINTS": told["points"]}


def _say_cost(model: Estimator, seen: Observations, grid: Grid, feedback: Feedback) -> None:
    """Say how long judging and mapping will take: from the fit that has just been made, and from a look of it at some
    places.
    """
    from time import perf_counter

    import numpy as np

    from ..feedback import in_words
    from ..memory import held_in_words
    from ..training.blocking import FOLDS

    places = np.resize(seen.x, (TRIED, seen.x.shape[1]))
    began = perf_counter()
    model(places)
    a_place = (perf_counter() - began) / TRIED
    seconds = 2 * FOLDS * feedback.seconds["fit"] + a_place * grid.width * grid.height
    feedback.info(f"Judging it {2 * FOLDS} times and mapping {grid.width} × {grid.height} pixels of "
                  f"{grid.pixel_m:.2f} m will take about {in_words(seconds)}{held_in_words()}.")


def _told(params: Params, said: Said, seen: Observations, found: Validation, grid: Grid) -> dict[str, Any]:
    from ..points.observations import crowding

    told: dict[str, Any] = {
        "kind": seen.kind, "method": params.method, "points": int(seen.observed.sum()),
        "left_out": said.dropped + seen.unmeasured, "background": int((~seen.observed).sum()), "score": found.main,
        "blocks": len(set(found.blocking.block.tolist())), "block_m": found.blocking.side * grid.pixel_m,
        "buffer_m": found.blocking.buffer * grid.pixel_m, "alike_m": found.alike * grid.pixel_m,
        "flatters": found.flatters, "blocked": _known(found.blocked),
        "random": _known(found.random), **_known({"nearness": found.nearness}), "widening": found.widening,
        "counts": _known(found.weight)}
    if seen.kind == "presence_only":
        told["crowding"] = crowding(seen.xy[seen.observed], grid, seen.ground)
    return told


def _known(scores: dict[str, float]) -> dict[str, float | None]:
    """Scores as JSON takes them: None where there is none."""
    return {name: value if value == value else None for name, value in scores.items()}


def _said_of_points(said: Said, seen: Observations, target: str, grid: Grid, feedback: Feedback) -> list[str]:
    """Tell the user what is learnt from; return what has to be heeded."""
    from ..points.observations import crowding
    from ..sources.missing_codes import doubted_code

    number = int(seen.observed.sum())
    others = said.dropped + seen.unmeasured
    left = f" ({others} others are outside, empty or unmeasured)" if others else ""
    feedback.info(f"{number} points{left}, {seen.x.shape[1]} bands, {grid.width} × {grid.height} pixels.")
    if seen.kind == "value" and (doubt := doubted_code(seen.z, target)):
        feedback.warning(doubt)
        return [doubt]
    if seen.kind != "presence_only":
        return []
    near = crowding(seen.xy[seen.observed], grid, seen.ground)
    bias = (f" The points lie {near:.2f} times as far apart as by chance, so that it shows where people looked as well "
            "as what the species needs." if near < CROWDED else "")
    text = ("Only presences are known: the map shows relative suitability, not how probable a presence is, against "
            f"{int((~seen.observed).sum())} places drawn evenly from the rasters.{bias}")
    feedback.warning(text)
    return [text]


def _said_of_scores(found: Validation, grid: Grid, feedback: Feedback) -> list[str]:
    """Tell the user how good the model is; return what has to be heeded."""
    name, blocked, random = found.main, found.blocked[found.main], found.random[found.main]
    feedback.info(f"Judged on ground left out, in blocks of {found.blocking.side * grid.pixel_m:.0f} m: "
                  + ", ".join(f"{key} {value:.3g}" for key, value in found.blocked.items()) + ".")
    if found.flatters:
        text = ("These scores flatter: points of one kind lie so near each other that blocks are "
                f"{found.blocking.side * grid.pixel_m:.0f} m wide, while the ground is alike within "
                f"{found.alike * grid.pixel_m:.0f} m. How good the map is on other ground, these points cannot tell.")
        if found.beyond_nearness:
            text += (f" Nothing but which kind of points lies nearer would have an {name} of {found.nearness:.3g}; "
                     f"what the rasters add to that makes {found.score:.3g}, where 0.5 is nothing: that is SCORE.")
        feedback.warning(text)
        return [text]
    text = f"With points left out at random {name} is {random:.3g} instead of {blocked:.3g}"
    if not random - blocked > FLATTERS:
        feedback.info(f"{text}.")
        return []
    text = f"{text}: the difference is what neighbours give away; expect the blocked figure."
    feedback.warning(text)
    return [text]
