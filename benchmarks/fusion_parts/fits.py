"""One fit: a variant on a case, and what it says where it never learnt."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch

from fusion_parts.areas import Area
from fusion_parts.cases import MAP, Case, Setting, make_case, shifted, shuffled
from fusion_parts.pupils import Stacked, confusions
from geoloop.core.feedback import Feedback
from geoloop.core.inference.fusion_tiles import Sight, speak, windows
from geoloop.core.models.fusion_batch import collate
from geoloop.core.models.fusion_net import FusionNet, FusionShape, large, small
from geoloop.core.tokens.excerpt import Excerpt
from geoloop.core.tokens.tile import cut
from geoloop.core.training.course import Course, learn
from geoloop.core.training.fusion_draw import Draw, DrawSettings
from geoloop.core.training.fusion_lesson import Lesson, Shares

ALL_SOURCES = ("imagery", "map", "field")
HALO = 16


@dataclass(frozen=True)
class Budget:
    """How long a fit lasts and on what it runs. ``size`` is small or large, of our network; ``look`` is the side of the
    windows that are judged.
    """

    steps: int = 120
    batch: int = 4
    side: int = 64
    device: str = "cpu"
    precision: str = "full"
    size: str = "small"
    look: int = 256


@dataclass(frozen=True)
class Variant:
    """``ours`` or the stacked channels, and the sources that it is given."""

    name: str
    ours: bool
    sources: tuple[str, ...]


VARIANTS = {v.name: v for v in (
    Variant("imagery", False, ("imagery",)), Variant("map", False, ("map",)), Variant("field", False, ("field",)),
    Variant("stacked", False, ("imagery", "map")), Variant("stacked_all", False, ALL_SOURCES),
    Variant("ours", True, ("imagery", "map")), Variant("ours_imagery_field", True, ("imagery", "field")),
    Variant("ours_map_field", True, ("map", "field")), Variant("ours_all", True, ALL_SOURCES))}


def fit(case: Case, variant: Variant, budget: Budget, seed: int, shares: Shares | None = None) -> FusionNet | Stacked:
    """Fit a variant on what the case lets it learn from."""
    torch.manual_seed(1000 + seed)
    device = torch.device(budget.device)
    classes = len(case.area.classes)
    course = Course(steps=budget.steps, precision=budget.precision)
    settings = DrawSettings(batch=budget.batch, side=budget.side, seed=seed)
    if variant.ours:
        # Features that nobody asks about in the end are hidden, and sources left out, only now and then.
        settings = settings if shares else replace(settings, asked=0.1, no_map=0.05, no_field=0.05, no_imagery=0.05)
        shape: FusionShape = (large if budget.size == "large" else small)(classes)
        draw = Draw([case.excerpt], shape.strides, settings)
        network: FusionNet = learn(Lesson(FusionNet(shape), shares or Shares()), draw.batch, course, device,
                                   Feedback()).network
        return network
    # A rival sees the same windows, with all that it is given in sight: leaving sources out would only cost it.
    draw = Draw([case.excerpt], (), replace(settings, asked=0.0, no_map=0.0, no_field=0.0, no_imagery=0.0))
    return learn(Stacked(len(case.area.bands), classes, variant.sources), draw.batch, course, device, Feedback())


@torch.inference_mode()
def predict(network: FusionNet | Stacked, excerpt: Excerpt, budget: Budget, sight: Sight | None = None) -> np.ndarray:
    """Class probabilities (classes, H, W)."""
    where, side = torch.device(budget.device), budget.look
    if isinstance(network, FusionNet):
        return speak(network, excerpt, where, Feedback(), side=side, halo=HALO, sight=sight).probability
    result = np.zeros((network.classes, *excerpt.valid.shape), np.float32)
    for corner, (rows, columns) in windows(excerpt.valid.shape, side, HALO, Feedback()):
        scores = network.scores(collate([cut(excerpt, corner, side, ())]).to(where))[0].float().softmax(dim=0)
        result[:, rows, columns] = scores[:, rows.start - corner[0]:rows.stop - corner[0],
                                          columns.start - corner[1]:columns.stop - corner[1]].cpu().numpy()
    return result


def run_cell(area: Area, setting: Setting, variant: Variant, seed: int, budget: Budget,
             controls: bool) -> dict[str, np.ndarray]:
    """Fit and judge: counts (blocks, classes, classes) by condition. ``controls`` adds the map shuffled and shifted,
    and each source left out, for our network. Of the single sources the probabilities are kept too, for late fusion.
    """
    case = make_case(area, setting, variant.sources, seed)
    network = fit(case, variant, budget, seed)
    excerpts: dict[str, tuple[Excerpt, Sight | None]] = {"": (case.excerpt, None)}
    if controls and variant.ours:
        tokens = case.excerpt.tokens
        if "map" in variant.sources:
            excerpts["shuffled_map"] = shuffled(case, seed), None
            excerpts["shifted_map"] = shifted(case), None
            excerpts["without_map"] = case.excerpt, Sight(without=tokens.source == MAP)
        if "field" in variant.sources:
            excerpts["without_field"] = case.excerpt, Sight(without=tokens.source != MAP)
        if "imagery" in variant.sources:
            excerpts["without_imagery"] = case.excerpt, Sight(blind=np.ones(case.truth.shape, bool))
    found: dict[str, np.ndarray] = {}
    for condition, (excerpt, sight) in excerpts.items():
        probability = predict(network, excerpt, budget, sight)
        found[condition or "counts"] = confusions(probability, case.truth, case.block)
        if not condition and variant.name in ("imagery", "map"):
            found["probability"] = probability.astype(np.float16)
    return found
