"""A fusion network that has learnt from the user's own layers, before anybody names a class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..errors import InputError
from ..feedback import Feedback
from .inputs import ExtentInput, RasterInput, VectorInput
from .layers import CACHE_MB, Effort
from .outputs import check_model_name

if TYPE_CHECKING:
    from ..models.fusion_net import FusionNet


@dataclass(frozen=True, kw_only=True)
class Params:
    """``model`` is a fusion network to go on from; empty: from chance, of ``size``. ``resolution_m`` is the side of a
    pixel (None: the imagery's). ``output`` is the network, ``surprise`` a GeoPackage of the features with what the
    network says of each without seeing it; empty: not written. Beside the output lie a table of the losses and, until
    the end, what a killed run goes on from.
    """

    imagery: tuple[RasterInput, ...]
    map: tuple[VectorInput, ...]
    field: tuple[VectorInput, ...] = ()
    model: str = ""
    size: Literal["small", "large"] = "small"
    effort: Effort = "quick"
    resolution_m: float | None = None
    extent: ExtentInput | None = None
    seed: int = 0
    device: str = "auto"
    allow_ballpark: bool = False
    output: str
    surprise: str = ""


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Pretrain and write the network; return the paths written and the losses on ground that it did not see."""
    from ..fusion.ground import refuse_training
    from ..fusion.surprise import surprise_of, write_surprise
    from ..inference.device import choose_device
    from ..models.fusion_file import FusionAbout, save_fusion
    from ..sources.block_cache import start_small
    from ..sources.fingerprint import fingerprint
    from ..sources.grid import Grid
    from ..sources.imagery import Imagery
    from ..sources.vectors import read_features
    from ..tokens.tokens import tokens_of
    from ..training.course import until_written
    from ..training.fusion_excerpts import COVERED, Region, read_excerpts
    from ..training.pretrain import STEPS, PretrainSettings, pretrain, room_for
    from ..training.together import is_first
    from ..whole import check_room, written_whole
    from .record import described, versions
    from .run_card import RunCard

    check_model_name(params.output)
    if not params.map and not params.field:
        raise InputError("Neither a map nor a field layer is given; name at least one to learn from.")
    inputs: tuple[RasterInput | VectorInput, ...] = (*params.imagery, *params.map, *params.field)
    feedback = feedback if is_first() else Feedback()
    start_small(CACHE_MB)
    device = choose_device(params.device)
    start = _start(params.model)
    check_room(params.output, room_for(params.size, start))
    grid = Grid.from_imagery(params.imagery, params.resolution_m, params.extent)
    layers = [*(read_features(layer, grid, "map", allow_ballpark=params.allow_ballpark) for layer in params.map),
              *(read_features(layer, grid, "field", allow_ballpark=params.allow_ballpark) for layer in params.field)]
    layers = [layer for layer in layers if layer.settings.may_train is not False]
    if not layers:
        raise InputError("No layer may train a network; check may_train in SOURCES.")
    with Imagery.open(params.imagery, grid, allow_ballpark=params.allow_ballpark) as imagery:
        refuse_training(imagery)
        statistics = imagery.statistics(params.seed)
        region = Region(imagery, grid, tokens_of(layers, grid), statistics)
        feedback.info(device.line)
        feedback.facts["device"] = device.line
        feedback.info(f"Grid: {grid.width} × {grid.height} pixels of {grid.pixel_m:.2f} m; {len(region.tokens)} "
                      f"features with {len(region.tokens.words.number)} different tags.")
        if statistics.doubt:
            feedback.warning(statistics.doubt)
        with feedback.stage("read"):
            excerpts = read_excerpts(region, params.seed, feedback.span(0.0, 0.05))
        settings = PretrainSettings(
            STEPS[params.effort], params.size, seed=params.seed,
            precision="full" if device.torch_name == "cpu" else "mixed",
            checkpoint=f"{params.output}.unfinished", log=f"{params.output}.csv",
            describes=str([
                params.model, params.model and fingerprint(params.model), params.size, params.effort,
                params.resolution_m, params.extent, params.seed, *map(described, inputs)]))
        with feedback.stage("learn"):
            network, losses = pretrain(excerpts, settings, device.torch(), feedback.span(0.05, 0.9), start)
        if not is_first():  # of several processes that learnt together one writes and tells
            return {"OUTPUT": "", "SURPRISE": "", "LOSSES": losses}
        bands = tuple(band.name for band in imagery.bands)
        about = FusionAbout(
            network.shape, COVERED, bands, grid.pixel_m, tuple(layer.name for layer in layers), params.seed,
            settings.steps, losses=losses, versions=versions(), run=RunCard.of("pretrain", params, feedback).texts())
        with until_written(settings.checkpoint):
            save_fusion(params.output, network, about)
            feedback.info(f"On ground it did not learn from: {', '.join(f'{k} {v:.3f}' for k, v in losses.items())}.")
            if params.surprise:
                with feedback.stage("ask"), written_whole(params.surprise) as draft:
                    found = surprise_of(network, region, device.torch(), params.seed, feedback.span(0.9, 1.0))
                    write_surprise(draft, layers, found, grid.crs)
    return {"OUTPUT": params.output, "SURPRISE": params.surprise, "LOSSES": losses}


def _start(path: str) -> FusionNet | None:
    from ..models.fusion_file import open_fusion

    return open_fusion(path)[0] if path else None
