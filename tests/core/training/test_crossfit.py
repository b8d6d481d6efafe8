"""What cross-fitted networks say of a window: each pixel by the network of its own fold."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import torch
from rasterio.windows import Window

from geoloop.core.errors import InputError
from geoloop.core.feedback import Feedback
from geoloop.core.models.card import ClassLabel
from geoloop.core.models.compact import CompactUNet
from geoloop.core.models.context import ContextNet
from geoloop.core.sources.imagery import BandStatistics
from geoloop.core.training import crossfit
from geoloop.core.training.chips import Chip, normalise
from geoloop.core.training.crossfit import CrossFitted, cross_fit

BANDS, CLASSES, SIDE = 3, 4, 48


@pytest.mark.parametrize("kind", [CompactUNet, ContextNet])
def test_each_pixel_is_judged_by_the_network_of_its_fold(kind: type[CompactUNet] | type[ContextNet]) -> None:
    torch.manual_seed(3)
    rng = np.random.default_rng(3)
    networks = tuple(kind(BANDS, CLASSES).eval() for _ in range(3))
    fold = rng.integers(0, 3, (SIDE, SIDE)).astype(np.uint8)
    x = rng.normal(5, 2, (BANDS, SIDE, SIDE)).astype(np.float32)
    valid = rng.random((SIDE, SIDE)) > 0.1
    statistics = BandStatistics(np.full(BANDS, 5.0), np.full(BANDS, 2.0), 0.9)
    card = SimpleNamespace(outputs=[SimpleNamespace(classes=[ClassLabel(c, str(c)) for c in range(CLASSES)])])
    targets = SimpleNamespace(read=lambda window: SimpleNamespace(fold=fold))
    fitted = CrossFitted(networks, cast(Any, card), statistics, cast(Any, targets), torch.device("cpu"))

    said = fitted.predict(x[None], valid[None], [Window(0, 0, SIDE, SIDE)])[0]

    tensor = torch.from_numpy(normalise(x, valid, statistics))[None]
    for number, network in enumerate(networks):
        with torch.inference_mode():
            views = [network(network.prepare(tensor.flip(axes))).softmax(dim=1).flip(axes)[0]
                     for axes in network.views]
        expected = torch.stack(views).mean(dim=0).numpy()
        here = fold == number
        assert np.allclose(said[:, here], expected[:, here], atol=0.02)  # half precision where the processor has it
        others = np.abs(said[:, ~here] - expected[:, ~here])
        assert others.max() > 0.02


def test_a_fold_that_sees_no_label_is_refused_before_another_is_fitted(monkeypatch: pytest.MonkeyPatch) -> None:
    usable = np.zeros((2, SIDE, SIDE), bool)
    usable[0] = True
    chip = Chip(np.zeros((BANDS, SIDE, SIDE), np.float16), np.full((CLASSES, SIDE, SIDE), 1 / CLASSES, np.float16),
                np.ones((SIDE, SIDE), np.float32), usable, np.zeros((SIDE, SIDE), bool))
    monkeypatch.setattr(crossfit, "read_chips", lambda *_, **__: [chip])
    monkeypatch.setattr(crossfit, "fit", lambda *_: pytest.fail("a network was fitted"))
    imagery = SimpleNamespace(statistics=lambda seed: None, bands=[None] * BANDS)
    targets = SimpleNamespace(blocks=SimpleNamespace(count=2))
    with pytest.raises(InputError, match="no labelled pixel"):
        cross_fit(cast(Any, imagery), cast(Any, SimpleNamespace(pixel_m=10.0)), cast(Any, targets), ("a",) * CLASSES,
                  Feedback(), effort="quick", seed=0, device=torch.device("cpu"))
