"""Cross-fitting: one network a fold, each judging only the places whose labels it has never seen."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from rasterio.windows import Window

from ..feedback import Feedback
from ..models.card import Channel, ClassLabel, JudgedBy, ModelCard, ModelInput, ModelOutput
from ..models.compact import CompactUNet
from ..models.context import ContextNet
from ..models.ensemble import multiple_of
from ..models.precision import mixed
from ..models.scaling import Scaling, Step
from ..models.starting import Start, start_of
from ..sources.grid import Grid
from ..sources.imagery import BandStatistics, Imagery
from .chips import DEVIATIONS, SMALLEST_DEVIATION, Chip, normalise, read_chips
from .fit import FitSettings, check_folds, fit
from .folds import Blocks
from .selection import Selection
from .targets import Targets

Effort = Literal["quick", "normal", "long"]
BUFFER_M = 5.0
BUFFER_PX = 3
COARSE_M = 3.0
"""From this pixel size on a building is a pixel or two: spectra are judged, not shapes."""
MORE_STEPS, MORE_RATE = 0.5, 0.3
"""A fit that goes on takes this share of the steps and of the learning rate: it knows most already."""


Compact = CompactUNet | ContextNet


@dataclass(frozen=True)
class Recipe:
    """A compact network and how it is fitted; ``steps`` by effort."""

    architecture: str
    network: type[CompactUNet] | type[ContextNet]
    steps: dict[Effort, int]
    batch: int
    crop: int
    weight_decay: float

    def settings(self, effort: Effort, seed: int, side: int, goes_on: bool = False) -> FitSettings:
        """How to fit on chips of ``side`` pixels; ``goes_on``: from networks that know the classes already."""
        first = FitSettings(self.steps[effort], self.batch, min(self.crop, side), weight_decay=self.weight_decay,
                            seed=seed)
        return replace(first, steps=max(round(MORE_STEPS * first.steps), 1),
                       learning_rate=MORE_RATE * first.learning_rate) if goes_on else first


FINE = Recipe("compact_unet", CompactUNet, {"quick": 170, "normal": 900, "long": 3600}, 8, 128, 1e-4)
COARSE = Recipe("context_net", ContextNet, {"quick": 400, "normal": 2000, "long": 8000}, 4096, 1, 1e-2)


def recipe_of(grid: Grid) -> Recipe:
    """Which network suits a grid."""
    return COARSE if grid.pixel_m >= COARSE_M else FINE


@dataclass(frozen=True)
class CrossFitted:
    """The networks of all folds with what is needed to use them."""

    networks: tuple[Compact, ...]
    card: ModelCard
    statistics: BandStatistics
    targets: Targets
    device: torch.device

    def predict(
        self, x: NDArray[np.float32], valid: NDArray[np.bool_], windows: list[Window]
    ) -> NDArray[np.float32]:
        """Class probabilities (N, classes, H, W) of windows, every pixel from the network of its own fold.

        Bands (N, bands, H, W) as stored. The mean over the network's views (test-time augmentation).
        """
        return np.stack([self._predict_one(*item) for item in zip(x, valid, windows, strict=True)])

    def _predict_one(self, x: NDArray[np.float32], valid: NDArray[np.bool_], window: Window) -> NDArray[np.float32]:
        fold = self.targets.read(window).fold
        tensor = torch.from_numpy(normalise(x, valid, self.statistics))[None]
        tensor = tensor.to(self.device, memory_format=torch.channels_last)
        result = np.zeros((len(self.card.outputs[0].classes), *fold.shape), np.float32)
        first = self.networks[0]
        with torch.inference_mode(), mixed(self.device):
            views = [first.prepare(tensor.flip(axes)) for axes in first.views]  # the same for the networks of all folds
            for number in np.unique(fold):
                here = fold == number
                result[:, here] = _probabilities(self.networks[number], views, here)
        return result


def _probabilities(network: Compact, views: Sequence[torch.Tensor], here: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Class probabilities (classes, n) of the pixels ``here`` (H, W), the mean over the network's views, prepared."""
    if network.of_pixels:
        own = torch.from_numpy(np.flatnonzero(here)).to(views[0].device)
        pixels = [view.permute(0, 2, 3, 1).reshape(-1, view.shape[1])[own] for view in views]
        scores = [network(each[..., None, None])[..., 0, 0].T for each in pixels]
    else:
        scores = [network(view)[0].flip([axis - 1 for axis in axes]) for view, axes in
                  zip(views, network.views, strict=True)]
    mean: NDArray[np.float32] = torch.stack([one.float().softmax(dim=0) for one in scores]).mean(dim=0).cpu().numpy()
    return mean if network.of_pixels else mean[:, here]


def prepared(chip: Chip, network: Compact) -> Chip:
    """The chip with what the network makes of its bands before it learns, a pixel's values one after the other."""
    with torch.inference_mode():
        x = network.prepare(torch.from_numpy(chip.x.astype(np.float32))[None])[0].numpy()
    return replace(chip, x=x.astype(np.float16).transpose(1, 2, 0).copy().transpose(2, 0, 1))


def cross_fit(
    imagery: Imagery, grid: Grid, targets: Targets, class_names: tuple[str, ...], feedback: Feedback,
    *, effort: Effort, seed: int, device: torch.device, trained_on: tuple[str, ...] = (),
    start: Start | None = None, before: CrossFitted | None = None, selection: Selection | None = None,
) -> CrossFitted:
    """Fit one compact network a fold. Deterministic on a CPU for a given seed and number of threads.

    ``start`` is a network to begin with (None: the shipped one of the architecture, if there is one). ``before`` are
    networks of the same folds that go on learning: each its own fold's, on labels chosen by ``selection``.
    """
    recipe = recipe_of(grid)
    statistics = imagery.statistics(seed=seed) if before is None else before.statistics
    buffer_px = max(BUFFER_PX, round(BUFFER_M / grid.pixel_m))
    chips = read_chips(imagery, grid, targets, statistics, feedback.span(0.0, 0.1), buffer_px=buffer_px, seed=seed)
    settings = recipe.settings(effort, seed, chips[0].x.shape[-1], goes_on=before is not None)
    folds = targets.blocks.count
    check_folds(chips, folds)
    start = None if before is not None else start or start_of(recipe.architecture)
    if start is not None:
        feedback.info(start.line(imagery.bands, class_names))
    networks: list[Compact] = []
    for fold in range(folds):
        torch.manual_seed(seed * 1000 + fold)
        if before is not None:
            network = copy.deepcopy(before.networks[fold])
        else:
            network = recipe.network(len(imagery.bands), len(class_names))
        if start is not None:
            start.give(network, imagery.bands, class_names)
        if not networks:
            chips = [prepared(chip, network) for chip in chips]
        part = feedback.span(0.1 + 0.9 * fold / folds, 0.1 + 0.9 * (fold + 1) / folds)
        networks.append(fit(network, chips, fold, settings, device, part, selection))
    card = compact_card(recipe, imagery, statistics, class_names, grid, networks, seed, trained_on, targets.blocks)
    return CrossFitted(tuple(networks), card, statistics, targets, device)


def compact_card(recipe: Recipe, imagery: Imagery, statistics: BandStatistics, class_names: tuple[str, ...],
                 grid: Grid, networks: Sequence[Compact], seed: int, trained_on: tuple[str, ...], blocks: Blocks
                 ) -> ModelCard:
    """The card of networks that were fitted alike: their mean gives class probabilities, and each judges its fold."""
    scaling = Scaling((
        Step("z-score", mean=tuple(float(v) for v in statistics.mean),
             stddev=tuple(max(float(v), SMALLEST_DEVIATION) for v in statistics.std)),
        Step("clip", minimum=(-DEVIATIONS,), maximum=(DEVIATIONS,))))
    widths = networks[0].widths
    eight_bit = {str(kind) for raster in imagery.rasters for kind in raster.dtypes} == {"uint8"}
    bands = ModelInput("bands", tuple(Channel(band.name, band.wavelength_um) for band in imagery.bands), scaling,
                       multiple=multiple_of(recipe.architecture, widths), stored_as="uint8" if eight_bit else "")
    classes = ModelOutput("classes", classes=tuple(ClassLabel(i, name) for i, name in enumerate(class_names)))
    return ModelCard(
        name=recipe.architecture.replace("_", " "), architecture=recipe.architecture, task="segmentation",
        inputs=(bands,), outputs=(classes,), resolution_m=grid.pixel_m, origin="geoloop", members=len(networks),
        widths=widths, seed=seed, trained_on=trained_on, versions={"torch": torch.__version__},
        judged_by=JudgedBy(grid.crs, tuple(grid.bounds), tuple(tuple(int(f) for f in row) for row in blocks.fold)))
