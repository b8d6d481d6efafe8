"""The networks of a round, kept for the next one: cross-fitted, so that whoever judged a place goes on judging it.

A network that goes on learning must never come to judge a place whose labels it has seen, in any round. So the cut of
the ground into folds is kept with the weights, and a model is only gone on with on the very same ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import torch

from ..errors import InputError
from ..models.card import ModelCard
from ..models.files import ModelFile, save_network
from ..sources.band_statistics import BandStatistics
from ..sources.bands import Band
from ..sources.grid import Grid
from .crossfit import Compact, CrossFitted, recipe_of
from .folds import Blocks
from .targets import Targets

SAME_SHARE_OF_PIXEL = 0.5
SAME_RESOLUTION = 0.01


def keep(path: str | Path, fitted: CrossFitted) -> None:
    """Write cross-fitted networks with their card; the file appears whole or not at all."""
    save_network(path, fitted.networks, fitted.card)


def why_not(card: ModelCard, grid: Grid, bands: Sequence[Band], names: Sequence[str]) -> str:
    """Why a model cannot judge, or go on learning, on this grid place by place; empty if it can."""
    own = card.judged_by
    if own is None or card.origin != "geoloop":
        return "it was not cross-fitted by GeoLoop"
    if card.architecture != recipe_of(grid).architecture:
        return f"it is a {card.name}, and pixels of {grid.pixel_m:g} m ask for another network"
    if [channel.name for channel in card.inputs[0].channels] != [band.name for band in bands]:
        return "its bands are " + ", ".join(channel.name for channel in card.inputs[0].channels)
    if [label.name for label in card.outputs[0].classes] != list(names):
        return "its classes are " + ", ".join(label.name for label in card.outputs[0].classes)
    off = max(abs(a - b) for a, b in zip(own.bounds, grid.bounds, strict=True))
    coarser = abs((card.resolution_m or 0.0) / grid.pixel_m - 1)
    if own.crs != grid.crs or off > SAME_SHARE_OF_PIXEL * grid.transform.a or coarser > SAME_RESOLUTION:
        return "it was fitted on another extent or grid"
    return ""


def overlaps(card: ModelCard, grid: Grid) -> bool:
    """Whether a model has learnt from labels of this ground, as far as its card says."""
    own = card.judged_by
    if own is None or own.crs != grid.crs:
        return False
    xmin, ymin, xmax, ymax = grid.bounds
    return own.bounds[0] < xmax and xmin < own.bounds[2] and own.bounds[1] < ymax and ymin < own.bounds[3]


def blocks_of(card: ModelCard, grid: Grid) -> Blocks:
    """The folds that a model was fitted by, on a grid that it fits (see :func:`why_not`)."""
    if card.judged_by is None:
        raise ValueError(f"The model {card.name!r} was not cross-fitted.")
    return Blocks(grid.height, grid.width, np.array(card.judged_by.member, np.uint8))


def reopen(file: ModelFile, targets: Targets, device: torch.device) -> CrossFitted:
    """The networks of a kept model on labels of today, cut into its own folds (:func:`blocks_of`)."""
    members = file.network().members
    networks = tuple(cast(Compact, member.to(device)) for member in members)
    z = next((step for step in file.card.inputs[0].scaling.steps if step.kind == "z-score"), None)
    if z is None or len(z.mean) != len(file.card.inputs[0].channels) or targets.blocks.count > len(networks):
        raise InputError(f"The model {file.path} has a card that describes no cross-fitted networks of GeoLoop's.")
    statistics = BandStatistics(np.array(z.mean), np.array(z.stddev), 1.0)
    return CrossFitted(networks, file.card, statistics, targets, device)
