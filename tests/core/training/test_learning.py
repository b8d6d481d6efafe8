"""Does learning from decisions help where it can? A tiny ground whose answer is known.

Plots of three crops. Their light tells them apart, not always; the map calls most of the third by the name of the
second, all over. What sixty decisions say is enough for the network to know it elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import shapely
import torch
from rasterio.windows import Window

from geoloop.core.feedback import Feedback
from geoloop.core.jobs.inputs import RasterInput, VectorInput
from geoloop.core.ledger.verdicts import Verdict
from geoloop.core.sources.grid import Grid
from geoloop.core.sources.imagery import Imagery
from geoloop.core.sources.legend import Legend, LegendClass, Rule
from geoloop.core.sources.statements import Statements
from geoloop.core.sources.vectors import read_features
from geoloop.core.training import crossfit
from geoloop.core.training.crossfit import CrossFitted, cross_fit
from geoloop.core.training.folds import Blocks
from geoloop.core.training.holdout import Drawn, compare
from geoloop.core.training.lessons import Lessons
from geoloop.core.training.targets import Targets

NAMES = ("wheat", "maize", "meadow")
LEGEND = Legend("crops", tuple(LegendClass(n, name, "#00ff00", "") for n, name in enumerate(NAMES)),
                tuple(Rule({"what": (name,)}, {}, (), {name: 1.0}) for name in NAMES))
SIDE, ROWS, COLUMNS = 5, 16, 20
LIGHT = np.array([[0.0, 0.0, 0.0, 0.0], [2.5, 1.0, 0.0, 1.0], [2.5, 2.2, 1.4, -0.2]])
"""Of each class in each band, in deviations of a pixel."""
MISNAMED, DECISIONS, DRAWN, STEPS = 0.8, 60, 60, 40


def test_a_systematic_error_of_the_map_is_unlearnt_from_sixty_decisions_also_where_nobody_looked(
        make_raster: Callable[..., RasterInput], make_layer: Callable[..., VectorInput],
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(crossfit.COARSE.steps, "quick", STEPS)
    random, count = np.random.default_rng(4), ROWS * COLUMNS
    truth = random.choice(3, count, p=[0.3, 0.37, 0.33])
    said = np.where((truth == 2) & (random.random(count) < MISNAMED), 1, truth)

    def over_pixels(values: np.ndarray) -> np.ndarray:
        return np.repeat(np.repeat(values, SIDE, axis=0), SIDE, axis=1)

    light = LIGHT[over_pixels(truth.reshape(ROWS, COLUMNS))]
    light = light + over_pixels(random.normal(0, 0.4, (ROWS, COLUMNS, 4))) + random.normal(0, 1, light.shape)
    raster = make_raster(np.moveaxis(1000 + 100 * light, -1, 0).astype(np.float32))
    x, y, side = 500_000, 5_800_000, 10 * SIDE
    plots = [shapely.box(x + side * c, y - side * (r + 1), x + side * (c + 1), y - side * r)
             for r in range(ROWS) for c in range(COLUMNS)]
    given = make_layer(plots, {"nr": list(range(count)), "what": [NAMES[c] for c in said]}, key="nr")
    grid = Grid.from_imagery([raster])
    layer = Statements.of(read_features(given, grid, "map"), LEGEND, grid)
    blocks = Blocks(grid.height, grid.width, np.array([[0, 1], [1, 0]], np.uint8))
    whole = Window(0, 0, grid.width, grid.height)
    signatures = layer.features.signatures(("what",))

    def verdict(n: int) -> Verdict:
        wrong = bool(said[n] != truth[n])
        return Verdict(
            id=n + 1, uid=f"u{n}", source="map", layer=layer.name, key=str(layer.features.keys[n]),
            decision="accept" if wrong else "reject", drawn_as="queue", kind="wrong_class", edit="retag",
            class_now=NAMES[said[n]], class_proposed=NAMES[truth[n]] if wrong else NAMES[(said[n] + 1) % 3],
            signature=signatures[n], watched=("what",))

    with Imagery.open([raster], grid) as imagery:
        def fitted(verdicts: list[Verdict], before: CrossFitted | None = None) -> CrossFitted:
            lessons = Lessons.of([layer], NAMES, grid, verdicts) if verdicts else None
            return cross_fit(imagery, grid, Targets([layer], blocks, lessons), NAMES, Feedback(), effort="quick",
                             seed=1, device=torch.device("cpu"), before=before)

        def seen(networks: CrossFitted) -> np.ndarray:
            """What is seen of each plot (plots, classes), by the network that never saw its label."""
            x, valid = imagery.read(whole)
            p = networks.predict(x[None], valid[None], [whole])[0]
            return np.array([p[:, r - 1:r + 2, c - 1:c + 2].mean(axis=(1, 2)) for c, r in layer.centres.astype(int)])

        first = fitted([])
        before = seen(first)
        looked = np.argsort(before[np.arange(count), said])[:DECISIONS]
        elsewhere = np.setdiff1d(np.arange(count), looked)
        taught = fitted([verdict(n) for n in looked], first)
        labels = compare(first, taught, imagery, 1, Feedback())
        places = random.permutation(elsewhere)[:DRAWN]
        drawn = Drawn(layer.support[places], said[places], np.eye(3, dtype=bool)[truth[places]],
                      np.full(DRAWN, 10.0), np.arange(DRAWN))
        asked = compare(first, taught, imagery, 1, Feedback(), drawn)
        learnt, control = seen(taught), seen(fitted([], first))
        agreeing = compare(first, taught, imagery, 1, Feedback(), replace(drawn, possible=np.eye(3, dtype=bool)[
            said[places]]))
    right = [float((p.argmax(axis=1) == truth)[elsewhere].mean()) for p in (before, learnt, control)]
    assert (said != truth)[elsewhere].sum() > 30  # most of the errors that are left were not looked at
    assert right[1] > right[0] + 0.02
    assert right[1] > right[2] + 0.02
    # labels that nobody looked at speak for the network that repeats their error; places drawn at random tell
    assert (labels.by, labels.replaced) == ("labels", False)
    assert (asked.by, asked.replaced, asked.blocks) == ("drawn", True, DRAWN)
    assert asked.beside == labels
    assert "at 60 places that were drawn at random" in asked.sentence()
    assert (agreeing.by, agreeing.replaced) == ("labels", False), "where they find no error the labels decide"
