"""One fit of the benchmark: a way of learning on one area, and what it was worth."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from geoloop.core.feedback import Feedback
from geoloop.core.models.tuned.network import TunedNetwork
from geoloop.core.models.tuned_card import Method
from geoloop.core.training.course import Course, learn
from geoloop.core.training.judging import ClassScores, best_temperature, judge_classes
from geoloop.core.training.tuning import RATES, TuningSettings, class_weights, fine_tune
from geoloop.core.training.tuning_chips import TuningChip, TuningDraw
from geoloop.core.training.tuning_labels import JUDGE, LEARN, STOP
from geoloop.core.training.tuning_lesson import TuningLesson
from geoloop.core.training.tuning_start import TuningStart

from .area import CROP, Area

PIXELS = 4000
"""Pixels that a random forest learns from, at most."""
FLOOR = 1e-3


@dataclass(frozen=True)
class Way:
    """A way of learning: an encoder (empty: a random forest on bands), whether with its public weights, and how."""

    encoder: str
    method: Method
    pretrained: bool = True
    selection: bool = False


WAYS: dict[str, Way] = {
    "forest": Way("", "probe"),
    "nothing": Way("resnet18", "full", pretrained=False),
    "probe": Way("galileo_nano", "probe"), "lora": Way("galileo_nano", "lora"),
    "adapter": Way("galileo_nano", "adapter"), "full": Way("galileo_nano", "full"),
    "probe_random": Way("galileo_nano", "probe", pretrained=False),
    "lora_random": Way("galileo_nano", "lora", pretrained=False),
    "presto": Way("presto", "probe"), "presto_random": Way("presto", "probe", pretrained=False),
    "lora_selected": Way("galileo_nano", "lora", selection=True),
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
        from dataclasses import replace

        from geoloop.core.models.tuned.network import tune

        whole = replace(self, method="full")
        encoder = TuningStart.encoder(whole)
        where = self.location if encoder.card.takes_location else ()
        torch.manual_seed(self.seed)
        return tune(encoder, self.method, self.bands(), self.dates.dates, self.outputs, location=where, missing="mean")


def fit(way: Way, area: Area, data: Path, seed: int, steps: int) -> dict[str, Any]:
    """Learn and judge; scores, cost and share as a JSON object."""
    began, used = time.monotonic(), time.process_time()
    if not way.encoder:
        scores, share = forest(area, seed), 1.0
    else:
        start = start_of(way, area, data, seed)
        if not way.pretrained and way.method != "full":
            start = RandomStart(**start.__dict__)
        settings = TuningSettings(steps, CROP, selection=way.selection, compare=False, seed=seed)
        tuned = fine_tune(start.network, area.chips, area.channels, settings, torch.device("cpu"), Feedback())
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


def step_ratio(way: Way, area: Area, data: Path, steps: int) -> dict[str, float]:
    """Seconds of processor time a step of ours takes, over those of the same step written by hand in plain torch."""
    device = torch.device("cpu")
    network = start_of(way, area, data, 0).network()
    draw = TuningDraw(area.chips, area.channels, crop=CROP, batch=8, seed=0)
    batches = [draw.batch(step) for step in range(steps)]

    def lesson() -> TuningLesson:
        return TuningLesson(start_of(way, area, data, 0).network(), "balanced", class_weights(area.chips), None, steps)

    own, plain = lesson(), lesson().train()
    course = Course(steps, RATES[way.method])
    learn(own, lambda step: batches[step], Course(1, RATES[way.method]), device, Feedback())
    began = time.process_time()
    learn(own, lambda step: batches[step], course, device, Feedback())
    ours = time.process_time() - began
    learning = [one for one in plain.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=RATES[way.method], weight_decay=1e-2)
    began = time.process_time()
    for batch in batches:
        loss = torch.stack(list(plain(batch).values())).sum()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
    theirs = time.process_time() - began
    return {"ours_s": ours / steps, "theirs_s": theirs / steps, "ratio": ours / theirs, "share": network.trained_share}
