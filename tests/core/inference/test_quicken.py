"""Fewer digits only where they say the same, faster."""

from pathlib import Path

import numpy as np
import onnx_models
import rasterio
from affine import Affine
from heard import Heard
from onnx import helper
from predicting import SEGMENTOR

from geoloop.core.feedback import Feedback
from geoloop.core.inference.plan import OpenPlan, Plan
from geoloop.core.inference.quicken import quicken
from geoloop.core.inference.tiling import Lattice, Tiling
from geoloop.core.jobs.inputs import RasterInput
from geoloop.core.sources.grid import Grid


def opened(folder: Path, model: Path) -> tuple[OpenPlan, Lattice]:
    rng = np.random.default_rng(0)
    smooth = np.kron(rng.integers(0, 255, (3, 16, 16)), np.ones((32, 32))).astype(np.uint8)
    with rasterio.open(folder / "i.tif", "w", driver="GTiff", width=512, height=512, count=3, dtype="uint8",
                       crs="EPSG:32633", transform=Affine(1, 0, 5e5, 0, -1, 58e5)) as raster:
        raster.write(smooth)
    imagery = (RasterInput(str(folder / "i.tif"), bands=("red", "green", "blue")),)
    grid = Grid.from_imagery(imagery)
    tiling = Tiling(96, 16)
    plan = Plan(str(model), "", imagery, (), grid, tiling.side, device="cpu")
    return plan.open(Feedback()), Lattice.over(tiling, grid.shape)


def test_a_model_keeps_its_digits_unless_eight_bits_say_the_same_and_are_faster(tmp_path: Path) -> None:
    log = Heard()
    plan, lattice = opened(tmp_path, onnx_models.blur(tmp_path / "m.onnx", classes=2, radius=1, **SEGMENTOR))
    with plan:
        slow = plan.runner
        quicken(plan, lattice, log)
        taken = plan.runner is not slow
    assert len(log.lines) == 1
    assert ("Computing in 8-bit integers" in log.lines[0]) == taken
    assert "% of pixels alike" in log.lines[0]


def test_a_model_whose_accuracy_suffers_is_left_as_it_is(tmp_path: Path) -> None:
    """Differences of a thousandth decide its classes: eight bits cannot hold them."""
    nodes = [helper.make_node("Conv", ["x", "w"], ["a"]), helper.make_node("Mul", ["a", "big"], ["s"]),
             helper.make_node("Softmax", ["s"], ["y"], axis=1)]
    weights = np.array([[0.3, 0.3, 0.4], [0.3001, 0.2999, 0.4]], np.float32)[:, :, None, None]
    model = onnx_models.save(tmp_path / "m.onnx", nodes, [onnx_models.value("x", ["n", 3, "h", "w"])],
                             [onnx_models.value("y", ["n", 2, "h", "w"])],
                             {"w": weights, "big": np.array(1e5, np.float32)}, SEGMENTOR)
    log = Heard()
    plan, lattice = opened(tmp_path, model)
    with plan:
        slow = plan.runner
        quicken(plan, lattice, log)
        assert plan.runner is slow
    assert log.lines[0].startswith("Full precision: 8-bit integers do not pay here")
