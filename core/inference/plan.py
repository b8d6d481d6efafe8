"""A run as plain data: all that is needed to compute any of its tiles, in this process or on another machine."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from queue import SimpleQueue
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from ..feedback import Feedback
from ..jobs.inputs import RasterInput
from ..models.card import ModelCard
from ..models.files import ModelFile, open_model
from ..models.match import check_scales, check_values, match_bands, other_units
from ..sources.grid import Grid
from ..sources.imagery import Imagery
from .boxes import Boxes, decode
from .device import choose_device
from .heads import Heads
from .runners import Outputs, Precision, Runner, open_runner, probe

CONFIDENCE, IOU = 0.25, 0.45
"""What a detector's card may leave out; the usual values of the YOLO family."""


@dataclass(frozen=True)
class Plan:
    """``grid`` is that of the whole imagery, ``side`` the side of a tile; ``batches`` how many there will be."""

    model: str
    card: str
    imagery: tuple[RasterInput, ...]
    bands: tuple[str, ...]
    grid: Grid
    side: int
    batches: int = 0
    device: str = "auto"
    precision: Precision = "full"
    allow_ballpark: bool = False

    def open(self, feedback: Feedback, model: ModelFile | None = None) -> OpenPlan:
        """Open the imagery, and the model if it is not open already; for one thread. Close it after use."""
        return OpenPlan(self, model or open_model(self.model, self.card), feedback)


class OpenPlan:
    """An open model over open imagery."""

    def __init__(self, plan: Plan, model: ModelFile, feedback: Feedback) -> None:
        self._plan = plan
        self.model = model
        self._open = ExitStack()
        self._idle: SimpleQueue[Imagery] = SimpleQueue()
        self.imagery = self._imagery()
        try:
            self._bands = match_bands(self.card, self.imagery.bands, plan.bands)
            check_scales(self.card, [self.imagery.bands[band] for band in self._bands[0]])
            used = sorted({band for bands in self._bands for band in bands})
            self._keep(self.imagery, used)
            self._bands = tuple(tuple(used.index(band) for band in bands) for bands in self._bands)
            kinds = [kind for raster in self.imagery.rasters for kind in raster.dtypes]
            check_values(self.card, kinds)
            self.device = choose_device(plan.device)
            self.runner: Runner = open_runner(self.model, self.device, feedback, precision=plan.precision,
                                              side=plan.side, batches=plan.batches)
            for _ in range(1, self.runner.readers):
                self._keep(self._imagery(), used)
        except BaseException:
            self._open.close()
            raise

    def _imagery(self) -> Imagery:
        plan = self._plan
        return self._open.enter_context(Imagery.open(plan.imagery, plan.grid, allow_ballpark=plan.allow_ballpark))

    def _keep(self, imagery: Imagery, bands: list[int]) -> None:
        imagery.keep(bands)
        self._idle.put(imagery)

    @property
    def card(self) -> ModelCard:
        return self.model.card

    @cached_property
    def shapes(self) -> list[tuple[int, ...]]:
        """The shapes of the outputs for one tile; runs the model once if its graph does not tell."""
        return self.runner.shapes or probe(self.runner, self.card, self._plan.side)

    @cached_property
    def heads(self) -> Heads:
        """What the outputs mean. Not for a detector."""
        return Heads(self.card, self.shapes, self._plan.side)

    def check_valid(self, area: Window) -> None:
        """Raise :class:`~geoloop.core.errors.InputError` if the imagery shows nothing in an area of the grid."""
        self.imagery.check_valid(area, all_bands=all(one.gaps != "missing" for one in self.card.inputs))

    def doubts(self) -> str:
        """A sentence where the imagery seems to be stored in other units than those that a fine-tuned model learnt
        from, else nothing.
        """
        if self.card.tuned is None:
            return ""
        means = self.imagery.means()
        return other_units(self.card, [float(means[band]) for band in self._bands[0]])

    def close(self) -> None:
        """Close the imagery."""
        self._open.close()

    def __enter__(self) -> OpenPlan:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, window: Window) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """The channels of all inputs (channels, H, W), one input after the other and scaled; validity (H, W).

        Invalid pixels are 0 after scaling; for models of the Deepness convention, black before it. Where a formula has
        no value, as the logarithm of a negative number, there is no valid pixel. Several threads may read at once.
        """
        imagery = self._idle.get()
        try:
            if any(one.gaps == "missing" for one in self.card.inputs):
                return self._with_gaps(*imagery.read_bands(window))
            stored, valid = imagery.read(window)
        finally:
            self._idle.put(imagery)
        blank = self.card.origin != "deepness"
        parts = []
        for one, bands in zip(self.card.inputs, self._bands, strict=True):
            scaled = one.scaling(stored if bands == tuple(range(len(stored))) else stored[list(bands)])
            if any(step.expression for step in one.scaling.steps):
                meaningful = np.logical_and.reduce(np.isfinite(scaled), axis=0)
                valid, blank = valid & meaningful, True
            parts.append(scaled)
        x = parts[0] if len(parts) == 1 else np.concatenate(parts)
        if blank and not valid.all():
            x = np.where(valid, x, np.float32(0))
        return x, valid

    def _with_gaps(self, stored: NDArray[np.float32], each: NDArray[np.bool_]
                   ) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """For models that know what to do without a band: NaN in each band's own gaps; what any band shows counts."""
        stored = np.where(each, stored, np.float32(np.nan))
        parts = [one.scaling(stored[list(bands)]) for one, bands in zip(self.card.inputs, self._bands, strict=True)]
        shown: NDArray[np.bool_] = np.logical_or.reduce(each, axis=0)
        return np.concatenate(parts), shown

    def run(self, x: NDArray[np.float32], valid: NDArray[np.bool_], windows: list[Window]) -> Outputs:
        """The network's own outputs for a batch."""
        return self.runner.run(self.inputs(x))

    def finish(self, outputs: Outputs) -> Any:
        """What these become: (N, channels, h, w) where the network runs; for a detector the boxes of each tile."""
        outputs = self.runner.finish(outputs)
        return self._boxes(outputs) if self.card.task == "detection" else self.heads.values(outputs)

    def _boxes(self, outputs: Outputs) -> list[Boxes]:
        card = self.card
        confidence = CONFIDENCE if card.confidence is None else card.confidence
        return decode([y.cpu().numpy() for y in outputs], card.detector, confidence,
                      len(card.outputs[0].classes) or None, self._plan.side)

    def inputs(self, x: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """Channels (N, channels, H, W), as :meth:`read` gives them, by input."""
        ends = np.cumsum([len(one.channels) for one in self.card.inputs])
        return np.split(x, ends[:-1], axis=1)
