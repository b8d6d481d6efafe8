"""One fit of the benchmark: a way of learning on one area, and what it was worth."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from geoloop.core.feedback import Feedback
from geoloop.core.models.tuned.network import TunedNetwork, tune
from geoloop.core.models.tuned_card import Method
from geoloop.core.training.judging import ClassScores, best_temperature, judge_classes
from geoloop.core.training.tuning import TuningSettings, fine_tune
from geoloop.core.training.tuning_chips import TuningChip
from geoloop.core.training.tuning_labels import JUDGE, LEARN, STOP
from geoloop.core.training.tuning_start import TuningStart

from .area import Area

PIXELS = 4000
"""Pixels that a random forest learns from, at most."""
FLOOR = 1e-3
PROBE_STEPS = 4


@dataclass(frozen=True)
class Way:
    """A way of learning: an encoder (empty: a random forest on bands), whether with its public weights, and how.
    ``remember``: what a frozen encoder makes of crops is kept.
    """

    encoder: str
    method: Method
    pretrained: bool = True
    selection: bool = False
    remember: bool = True

    def steps(self, steps: int) -> int:
        """So many steps cost about the same: those that leave the encoder as it is, or have a small one, are short;
        where the decoder learns before, it takes half of the time.
        """
        alone = self.method == "probe" or (self.method == "full" and not self.pretrained)
        return PROBE_STEPS * steps if alone else max(1, steps // 2)


WAYS: dict[str, Way] = {
    "forest": Way("", "probe"),
    "nothing": Way("unet", "full", pretrained=False),
    "any_band": Way("any_band_small", "full", pretrained=False),
    "probe": Way("galileo_nano", "probe"), "lora": Way("galileo_nano", "lora"),
    "adapter": Way("galileo_nano", "adapter"), "full": Way("galileo_nano", "full"),
    "probe_random": Way("galileo_nano", "probe", pretrained=False),
    "lora_random": Way("galileo_nano", "lora", pretrained=False),
    "presto": Way("presto", "probe"), "presto_random": Way("presto", "probe", pretrained=False),
    "probe_selected": Way("galileo_nano", "probe", selection=True),
    "lora_selected": Way("galileo_nano", "lora", selection=True),
    "probe_anew": Way("galileo_nano", "probe", remember=False),
}
FILES = {"galileo_nano": "models/galileo_nano/encoder.pt", "presto": "models/presto/presto.pt"}


def start_of(way: Way, area: Area, data: Path, seed: int) -> TuningStart:
    """What a way begins with."""
    model = f"{way.encoder}:{data / FILES[way.encoder]}" if way.pretrained and way.encoder in FILES else way.encoder
    return TuningStart(model, way.method, area.channels, area.statistics, area.pixel_m, area.location, "mean",
                       len(area.classes), "classes", seed)


class RandomStart(TuningStart):
    """Begins with random weights whatever the method: what pretraining is compared with."""

    def network(self) -> TunedNetwork:
        whole = replace(self, method="full")
        encoder = TuningStart.encoder(whole)
        where = self.location if encoder.card.takes_location else ()
        torch.manual_seed(self.seed)
        return tune(encoder, self.method, self.bands(), self.dates.dates, self.outputs, location=where, missing="mean")


def fit(way: Way, area: Area, data: Path, seed: int, steps: int, device: torch.device) -> dict[str, Any]:
    """Learn and judge; scores, cost and share as a JSON object."""
    began, used = time.monotonic(), time.process_time()
    if not way.encoder:
        scores, share = forest(area, seed), 1.0
    else:
        start = start_of(way, area, data, seed)
        if not way.pretrained and way.method != "full":
            start = RandomStart(**start.__dict__)
        settings = TuningSettings(way.steps(steps), area.crop, selection=way.selection, compare=False, seed=seed,
                                  decoder_steps=PROBE_STEPS * steps, remember=way.remember,
                                  precision="full" if device.type == "cpu" else "mixed")
        tuned = fine_tune(start.network, area.chips, area.channels, settings, device, Feedback())
        assert isinstance(tuned.blocked, ClassScores)
        scores, share = tuned.blocked, tuned.network.trained_share
    return {"f1": scores.macro_f1, "accuracy": scores.accuracy, "ece_before": scores.ece_before,
            "ece_after": scores.ece_after, "ece_by_block": scores.ece_by_block, "share": share,
            "seconds": time.monotonic() - began, "cpu_s": time.process_time() - used}


def forest(area: Area, seed: int) -> ClassScores:
    """A random forest on the bands of single pixels, as many engineers would begin."""
    from sklearn.ensemble import RandomForestClassifier

    x, y, _ = _pixels(area.chips, LEARN)
    rng = np.random.default_rng([seed, 41])
    drawn = rng.permutation(len(x))[:PIXELS]
    model = RandomForestClassifier(200, class_weight="balanced", random_state=seed, min_samples_leaf=2)
    model.fit(x[drawn], y[drawn])

    def log_p(rows: np.ndarray) -> np.ndarray:
        p = np.full((len(rows), len(area.classes)), FLOOR)
        p[:, model.classes_] += model.predict_proba(rows)
        return np.log(p / p.sum(axis=1, keepdims=True))

    stop, judge = _pixels(area.chips, STOP), _pixels(area.chips, JUDGE)
    eye = np.eye(len(area.classes))
    return judge_classes(log_p(judge[0]), eye[judge[1]], judge[2], best_temperature(log_p(stop[0]), eye[stop[1]]), seed)


def _pixels(chips: list[TuningChip], role: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    parts = [(np.nan_to_num(chip.x[:, here].T), chip.target[:, here].argmax(axis=0), chip.block[here])
             for chip in chips if (here := chip.role == role).any()]
    x, y, block = (np.concatenate(some) for some in zip(*parts, strict=True))
    return x, y, block.astype(np.intp)
