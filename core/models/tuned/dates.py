"""Imagery of several dates and sensors, laid out as encoders take it: bands by dates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count

import torch
from torch import Tensor

from ...errors import InputError
from ...sources.bands import Band

TOGETHER = timedelta(days=5)
"""Sensors that pass within so many days of each other show one moment."""
ALIKE = 1e-6
"""Scales that differ by no more than this share are one, written with more or fewer digits."""

_Key = tuple[str, float | None, int]
"""Name and wavelength of a band, and which of several alike it is, from 1."""


@dataclass(frozen=True)
class Dates:
    """Which channel holds which band on which date.

    ``bands`` are the different bands, named without their date; ``dates`` the steps (ISO 8601 days), one empty text
    where no band has a date; ``index`` (bands, dates) the channels, -1 where a band was not taken.
    """

    bands: tuple[Band, ...]
    dates: tuple[str, ...]
    index: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, channels: Sequence[Band]) -> Dates:
        """Lay out channels, whose names are those of their bands, whatever their date, or with their day behind them. A
        band without a date, such as a height, stands still: it is there on every date. Bands of one name that cannot be
        one, for nothing tells their dates apart, are each a band of its own. Raises :class:`InputError` for a band
        that is stored on other scales on other dates: a band has one.
        """
        channels = [_without_day(channel) for channel in channels]
        steps = _steps(channels)
        bands: dict[_Key, Band] = {}
        rows: dict[_Key, list[int]] = {}
        for number, channel in enumerate(channels):
            at = [step for step, day in enumerate(steps) if not channel.date or _is_of(channel.date, day)]
            key, free = _room(channel, at, rows, len(steps))
            name, _, twin = key
            bands.setdefault(key, replace(channel, date="", name=name if twin == 1 else f"{name} ({twin})"))
            _refuse_other_scale(bands[key], channel)
            for step in free[-1:] if channel.date else free:
                rows[key][step] = number
        return cls(tuple(bands.values()), tuple(steps), tuple(tuple(row) for row in rows.values()))

    @property
    def time(self) -> Tensor | None:
        """Year and day of the year of the dates (1, T, 2); None where they are not known."""
        return time_of(self.dates)


def time_of(dates: Sequence[str]) -> Tensor | None:
    """Year and day of the year of ISO dates (1, T, 2); None where one is empty."""
    if not all(dates):
        return None
    days = [date.fromisoformat(text[:10]) for text in dates]
    return torch.tensor([[[day.year, day.timetuple().tm_yday] for day in days]], dtype=torch.float32)


def arranged(x: Tensor, index: Tensor) -> Tensor:
    """Channels (B, N, H, W) as bands by dates (B, C, T, H, W); NaN where a band was not taken. ``index`` (C, T)."""
    picked = x[:, index.clamp(min=0).flatten()].unflatten(1, tuple(index.shape))
    return torch.where((index < 0)[:, :, None, None], torch.nan, picked)


def _without_day(channel: Band) -> Band:
    """The channel named as its band: a stack names a band that comes again by its day as well."""
    return replace(channel, name=channel.name.removesuffix(f" {channel.date[:10]}") if channel.date else channel.name)


def _room(channel: Band, at: Sequence[int], rows: dict[_Key, list[int]], steps: int) -> tuple[_Key, list[int]]:
    """The first row of a channel's name that is still free at its steps ``at`` (of a dated channel, at one of them),
    and where it is; a row that is not there yet is made.
    """
    for twin in count(1):
        key = channel.name, channel.wavelength_um, twin
        row = rows.setdefault(key, [-1] * steps)
        free = [step for step in at if row[step] < 0]
        if free == at or (free and channel.date):
            return key, free
    raise AssertionError("a row of its own is free")


def _refuse_other_scale(band: Band, channel: Band) -> None:
    if not (math.isclose(band.scale, channel.scale, rel_tol=ALIKE)
            and math.isclose(band.offset, channel.offset, rel_tol=ALIKE)):
        raise InputError(
            f"The band {band.name} of “{band.layer}” is stored with the scale {band.scale:g} and the offset "
            f"{band.offset:g}, that of “{channel.layer}” of {channel.date[:10]} with {channel.scale:g} and "
            f"{channel.offset:g}; bring them to one scale (gdal_translate -unscale -ot Float32).")


def _steps(channels: Sequence[Band]) -> list[str]:
    """The first day of each step: a new one begins when a band comes again, or after ``TOGETHER``."""
    steps: list[str] = []
    there: set[str] = set()
    for channel in sorted((one for one in channels if one.date), key=lambda one: one.date):
        if not steps or channel.name in there or not _is_of(channel.date, steps[-1]):
            steps.append(channel.date[:10])
            there = set()
        there.add(channel.name)
    return steps or [""]


def _is_of(day: str, step: str) -> bool:
    if not step:
        return not day
    return timedelta(0) <= date.fromisoformat(day[:10]) - date.fromisoformat(step) <= TOGETHER
