"""Fewer digits where the result stays the same: an ONNX model in 8-bit integers, judged on the user's own imagery."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from ..errors import first_line
from ..feedback import Feedback
from ..models.softmax_last import without_softmax
from .plan import OpenPlan
from .runners import OnnxRunner
from .tiler import read_tiles
from .tiling import Lattice

Arrays = list[NDArray[np.float32]]
LEARN, CHECK = 8, 8
"""Tiles from which the ranges of values are learnt, and others on which the result is compared."""
DIFFERENCE = 0.01
"""Mean absolute difference in probability, or in values as a share of their spread, up to which accuracy holds."""
AGREEMENT = 0.995
"""Share of pixels that must keep their class."""


def quicken(opened: OpenPlan, lattice: Lattice, feedback: Feedback) -> None:
    """Replace an ONNX model on a CPU by its 8-bit version if that is faster here and says the same of this imagery.

    Ranges are learnt from some tiles of the run (static quantisation, per channel), and the two are compared on others.
    One line says what was decided and why; a model that cannot be quantised runs as it is.
    """
    runner = opened.runner
    if not isinstance(runner, OnnxRunner) or not runner.on_cpu:
        return
    tiles = list(itertools.islice(_tiles(opened, lattice), LEARN + CHECK))
    if len(tiles) < 3:
        feedback.info("Full precision: too few tiles to judge 8-bit integers by.")
        return
    learn, check = tiles[::2], tiles[1::2]
    with TemporaryDirectory(prefix="geoloop-int8-") as folder:
        path = Path(folder) / "model.onnx"
        try:
            axes = _quantise(opened.model.path, [runner.feed(inputs) for inputs in learn], path)
            quick = OnnxRunner(opened.model, opened.device, feedback, path=str(path), softmax=axes)
            expected, slow_s = _timed(runner, opened, check)
            got, quick_s = _timed(quick, opened, check)
        except Exception as error:  # whatever a graph holds that the quantiser does not know
            feedback.info(f"Full precision: the model cannot be brought to 8-bit integers ({first_line(error)}).")
            return
    difference, agreement = _compare(expected, got, opened.card.task == "segmentation")
    figures = (f"mean difference {difference:.4f}, {100 * agreement:.1f} % of pixels alike, "
               f"{slow_s / quick_s:.1f} times as fast on {len(check)} tiles")
    if difference > DIFFERENCE or agreement < AGREEMENT or quick_s >= slow_s:
        feedback.info(f"Full precision: 8-bit integers do not pay here ({figures}).")
        return
    opened.runner = quick
    feedback.info(f"Computing in 8-bit integers ({figures}).")


def _tiles(opened: OpenPlan, lattice: Lattice) -> Iterator[list[NDArray[np.float32]]]:
    """The inputs of tiles spread over the area, one tile each."""
    batches = list(lattice.batches(1))
    order = np.random.default_rng(0).permutation(len(batches))
    for number in order[:4 * (LEARN + CHECK)]:
        seen, x, _ = read_tiles(opened.read, batches[number])
        if seen:
            yield opened.inputs(x)


def _quantise(source: str, feeds: list[dict[str, NDArray[np.float32]]], path: Path) -> dict[str, int]:
    """Write the 8-bit version of the model in ``source``, with ranges learnt from what it is fed, but a softmax that
    ends it; return of which outputs that is to be taken, and along which axis.
    """
    import onnx
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

    class Reader(CalibrationDataReader):  # type: ignore[misc]
        def __init__(self) -> None:
            self._feeds = iter(feeds)

        def get_next(self) -> dict[str, NDArray[np.float32]] | None:
            return next(self._feeds, None)

    shortened = without_softmax(source)
    onnx.load_external_data_for_model(shortened.model, str(Path(source).parent))
    quantize_static(shortened.model, str(path), Reader(), quant_format=QuantFormat.QDQ, per_channel=True,
                    activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8)
    return shortened.axes


def _timed(runner: OnnxRunner, opened: OpenPlan, tiles: list[list[NDArray[np.float32]]]) -> tuple[Arrays, float]:
    """The results of tiles and the seconds that they took, the first one's warming up not counted."""
    runner(tiles[0])
    began = time.perf_counter()
    results = [runner(inputs) for inputs in tiles]
    seconds = time.perf_counter() - began
    return [opened.heads.values(outputs).numpy() for outputs in results], seconds


def _compare(expected: Arrays, got: Arrays, classes: bool) -> tuple[float, float]:
    """Mean absolute difference (of values: as a share of their spread), and the share of pixels of the same class."""
    one, other = np.concatenate(expected), np.concatenate(got)
    difference = float(np.abs(one - other).mean())
    if not classes:
        return difference / max(float(one.std()), 1e-12), 1.0
    if one.shape[1] == 1:
        return difference, float(((one >= 0.5) == (other >= 0.5)).mean())
    return difference, float((one.argmax(axis=1) == other.argmax(axis=1)).mean())
