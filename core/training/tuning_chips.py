"""The labelled squares that a fine-tuning learns from, held in memory, and the batches that are drawn from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
import torch
from numpy.typing import NDArray
from rasterio.windows import Window
from torch import Tensor

from ..errors import InputError
from ..feedback import Feedback
from ..models.tuned.seen import Seen
from ..sources.bands import Band
from ..sources.grid import Grid
from ..sources.imagery import Imagery
from .chips import MEMORY_MB, near
from .tuning_labels import JUDGE, LEARN, STOP, LabelSource

GAIN = 0.1
"""Light differs by up to so much from one image to the next, in all its bands alike."""
DATE_HIDDEN = 0.2
"""Share of the samples of several dates that do without one of them."""
EVENNESS = 0.5
"""How often a class is drawn: its share to this power. 0: all alike, 1: as they are."""
RANDOM_ROLES = (0.6, 0.8)


@dataclass(frozen=True)
class TuningChip:
    """One square. ``x`` (channels, side, side) as stored, NaN in gaps; ``target`` as in
    :class:`~.tuning_labels.Labels`; ``role`` (side, side), 0 where nothing is known; ``block`` numbers the ground.
    """

    x: NDArray[np.float32]
    target: NDArray[np.float32]
    weight: NDArray[np.float32]
    sure: NDArray[np.bool_]
    role: NDArray[np.uint8]
    block: NDArray[np.uint16]
    row: int
    column: int


def read_tuning_chips(imagery: Imagery, grid: Grid, labels: LabelSource, feedback: Feedback, *, side: int,
                      buffer_px: int, seed: int) -> list[TuningChip]:
    """Read the squares that hold a label; where they are more than fit into ``MEMORY_MB``, a random sample.

    Nothing is learnt within ``buffer_px`` of a label that is judged or stopped by. Raises :class:`InputError` if a
    role has no label on imagery that shows something.
    """
    corners = [(r, c) for r in range(0, grid.height, side) for c in range(0, grid.width, side)]
    room = max(8, MEMORY_MB * 2**20 // (4 * side * side * (len(imagery.bands) + labels.outputs + 2)))
    order = np.random.default_rng([seed, 20]).permutation(len(corners))
    chips: list[TuningChip] = []
    for done, number in enumerate(order):
        feedback.check()
        row, column = corners[number]
        around = Window(column - buffer_px, row - buffer_px, side + 2 * buffer_px, side + 2 * buffer_px)
        said = labels.read(around)
        inner = (slice(buffer_px, buffer_px + side),) * 2
        if not said.known[inner].any():
            continue
        x, each = imagery.read_bands(Window(column, row, side, side))
        role = np.where(said.known, labels.cut.role(said.fold), 0).astype(np.uint8)
        role[near(role >= STOP, buffer_px) & (role == LEARN)] = 0
        role = np.where(each.any(axis=0), role[inner], 0).astype(np.uint8)
        if role.any():
            cut = (slice(None), *inner)
            chips.append(TuningChip(np.where(each, x, np.float32(np.nan)), said.target[cut], said.weight[inner],
                                    said.sure[inner], role, said.block[inner], row, column))
        feedback.progress((done + 1) / len(corners))
        if len(chips) == room:
            feedback.info(f"Learning from {room} random squares of {side} × {side} pixels: more do not fit into "
                          f"{MEMORY_MB} MB.")
            break
    for role_, what in ((LEARN, "learn from"), (STOP, "stop by"), (JUDGE, "be judged by")):
        if not any((chip.role == role_).any() for chip in chips):
            raise InputError(f"No label to {what} lies on valid imagery once the ground is cut into blocks; give more "
                             "labels, a larger EXTENT, or check the imagery's nodata.")
    return chips


def content_of(chips: Sequence[TuningChip]) -> str:
    """A text that is the same only for the same squares: the same imagery, labels and roles in the same places."""
    digest = sha256()
    for chip in chips:
        digest.update(f"{chip.row} {chip.column} {chip.x.shape} {chip.target.shape}".encode())
        for part in (chip.x, chip.target, chip.weight, chip.sure, chip.role, chip.block):
            digest.update(part.tobytes())
    return digest.hexdigest()[:32]


def at_random(chips: Sequence[TuningChip], seed: int) -> list[TuningChip]:
    """The same squares, each labelled pixel dealt by chance: the usual split, to be shown beside the honest one."""
    dealt = []
    for number, chip in enumerate(chips):
        draw = np.random.default_rng([seed, 21, number]).random(chip.role.shape)
        role = np.where(draw < RANDOM_ROLES[0], LEARN, np.where(draw < RANDOM_ROLES[1], STOP, JUDGE))
        dealt.append(replace(chip, role=np.where(chip.role > 0, role, 0).astype(np.uint8)))
    if all(any((chip.role == role).any() for chip in dealt) for role in (LEARN, STOP, JUDGE)):
        return dealt
    return _counted_out(chips, seed)


def _counted_out(chips: Sequence[TuningChip], seed: int) -> list[TuningChip]:
    """The same of so few labelled pixels that chance forgot a role: each role gets its share, one pixel at least."""
    count = sum(int((chip.role > 0).sum()) for chip in chips)
    learn, stop = (max(number + 1, min(count - 2 + number, round(count * share)))
                   for number, share in enumerate(RANDOM_ROLES))
    order = np.random.default_rng([seed, 21]).permutation(count)
    role = np.where(order < learn, LEARN, np.where(order < stop, STOP, JUDGE)).astype(np.uint8)
    parts = np.split(role, np.cumsum([int((chip.role > 0).sum()) for chip in chips])[:-1])
    dealt = []
    for chip, own in zip(chips, parts, strict=True):
        fresh = np.zeros_like(chip.role)
        fresh[chip.role > 0] = own
        dealt.append(replace(chip, role=fresh))
    return dealt


@dataclass(frozen=True)
class TuningBatch:
    """``x`` (B, channels, H, W) or what an encoder made of it, ``target`` (B, outputs, H, W); ``weight`` (B, H, W), 0
    where nothing is learnt; ``sure`` (B, H, W).
    """

    x: Tensor | Seen
    target: Tensor
    weight: Tensor
    sure: Tensor

    def to(self, device: torch.device) -> TuningBatch:
        """The same on a device."""
        return TuningBatch(self.x.to(device), *(part.to(device) for part in (self.target, self.weight, self.sure)))

    def __getitem__(self, part: slice) -> TuningBatch:
        """Some of the samples."""
        return TuningBatch(self.x[part], self.target[part], self.weight[part], self.sure[part])

    def halved(self) -> tuple[TuningBatch, ...]:
        """Two halves of the samples; itself where there is only one."""
        middle = len(self.x) // 2
        return (self[:middle], self[middle:]) if middle else (self,)


class TuningDraw:
    """Crops around labelled pixels, turned and mirrored, in another light, sometimes without one of their dates.

    What is changed could be so on the ground: light differs in all bands by one factor, radar and heights stay, no band
    takes another's place, and a pixel keeps its size. The batch of a step depends on its number alone.
    """

    def __init__(self, chips: Sequence[TuningChip], channels: Sequence[Band], *, crop: int, batch: int, seed: int
                 ) -> None:
        self._chips, self._crop, self._batch, self._seed = chips, crop, batch, seed
        self._light = np.array([band.wavelength_um is not None for band in channels])
        self._zero = np.array([-band.offset / band.scale for band in channels], np.float32)
        days = [band.date[:10] for band in channels]
        self._dates = [np.array([day == own for own in days]) for day in sorted(set(days) - {""})]
        self._places: list[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]] = []
        classes = chips[0].target.shape[0]
        counts = []
        for label in range(classes):
            found = [_of_class(chip, label, classes) for chip in chips]
            own = np.concatenate([np.full(len(at), number) for number, (at, _) in enumerate(found)]).astype(np.intp)
            if len(own):
                weight = np.concatenate([weight for _, weight in found])
                self._places.append((own, np.concatenate([at for at, _ in found]), np.cumsum(weight)))
                counts.append(weight.sum())
        share = np.array(counts) ** EVENNESS
        self._share = share / share.sum()

    def batch(self, step: int) -> TuningBatch:
        """The batch of a step."""
        rng = np.random.default_rng([self._seed, 22, step])
        drawn = [self._one(rng) for _ in range(self._batch)]
        return TuningBatch(*(torch.from_numpy(np.stack(part)) for part in zip(*drawn, strict=True)))

    def _one(self, rng: np.random.Generator
             ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
        own, at, reached = self._places[int(rng.choice(len(self._share), p=self._share))]
        place = min(int(np.searchsorted(reached, rng.random() * reached[-1])), len(at) - 1)
        chip, crop = self._chips[own[place]], self._crop
        side = chip.role.shape[0]
        row, column = (int(np.clip(where - rng.integers(crop), 0, side - crop))
                       for where in divmod(int(at[place]), side))
        cut = np.s_[..., row:row + crop, column:column + crop]
        x = self._lit(chip.x[cut], rng)
        parts = [x, chip.target[cut], np.sqrt(chip.weight[cut]) * (chip.role[cut] == LEARN), chip.sure[cut]]
        turns, mirror = int(rng.integers(4)), bool(rng.random() < 0.5)
        turned = [np.rot90(part, turns, (-2, -1)) for part in parts]
        x, target, weight, sure = (np.ascontiguousarray(part[..., ::-1] if mirror else part) for part in turned)
        return x.astype(np.float32), target, weight.astype(np.float32), sure

    def _lit(self, x: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
        gain = np.where(self._light, 1 + rng.uniform(-GAIN, GAIN), 1).astype(np.float32)[:, None, None]
        zero = self._zero[:, None, None]
        x = (x - zero) * gain + zero
        if len(self._dates) > 1 and rng.random() < DATE_HIDDEN:
            x[self._dates[int(rng.integers(len(self._dates)))]] = np.nan
        return x


def _of_class(chip: TuningChip, label: int, classes: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The pixels (flat) of a chip that are learnt from and belong to a class, and how often each is drawn."""
    here = chip.role == LEARN
    if classes > 1:
        here = here & (chip.target.argmax(axis=0) == label)
    at = np.flatnonzero(here)
    return at, np.sqrt(chip.weight.ravel()[at].astype(np.float64))
