"""Which pixels of a raster's bands are measurements: nodata values, masks and alpha bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.windows import Window


@dataclass(frozen=True)
class Rule:
    """What makes a band's pixels invalid, NaN and infinity apart.

    ``nothing``; a ``value``, compared here; GDAL's mask of the ``band``; or the mask that all bands share (``file``).
    ``nodata`` is the value that is declared, if one is.
    """

    kind: Literal["nothing", "value", "band", "file"]
    nodata: float | None = None


def rules_of(
    dataset: rasterio.DatasetReader, indexes: Sequence[int], beside: Sequence[float | None]
) -> tuple[Rule, ...]:
    """Return the rule of each band; ``beside`` are nodata values that the file itself does not declare.

    Where an alpha band is one of the ``indexes``, it is a measurement and nothing is masked.
    """
    alpha = {i for i, colour in enumerate(dataset.colorinterp, 1) if colour == ColorInterp.alpha}
    if alpha & set(indexes):
        return (Rule("nothing"),) * len(indexes)
    return tuple(_rule(dataset, index, nodata) for index, nodata in zip(indexes, beside, strict=True))


def validity(
    dataset: rasterio.DatasetReader, indexes: Sequence[int], rules: Sequence[Rule], window: Window, stored: NDArray[Any]
) -> NDArray[np.bool_]:
    """Return which of the pixels ``stored`` (C, H, W), as the file holds them in a window, are valid, NaN included."""
    valid = np.ones(stored.shape, np.bool_)
    shared: NDArray[np.bool_] | None = None
    for number, (index, rule) in enumerate(zip(indexes, rules, strict=True)):
        if rule.kind == "value":
            assert rule.nodata is not None
            np.not_equal(stored[number], stored.dtype.type(rule.nodata), out=valid[number])
        elif rule.kind == "band":
            valid[number] = dataset.read_masks(index, window=window) > 0
        elif rule.kind == "file":
            if shared is None:
                shared = dataset.read_masks(index, window=window) > 0
            valid[number] = shared
    return valid


def _rule(dataset: rasterio.DatasetReader, index: int, beside: float | None) -> Rule:
    flags, dtype = dataset.mask_flag_enums[index - 1], np.dtype(dataset.dtypes[index - 1])
    if MaskFlags.all_valid in flags:
        return Rule("nothing") if beside is None or not holds(dtype, beside) else Rule("value", beside)
    if MaskFlags.per_dataset in flags:
        return Rule("file")
    declared = dataset.nodatavals[index - 1] if MaskFlags.nodata in flags else None
    # Of floating-point numbers GDAL knows when two spellings are one value.
    simple = declared is not None and dtype.kind in "iu" and holds(dtype, declared)
    return Rule("value" if simple else "band", declared)


def holds(dtype: np.dtype[Any], value: float) -> bool:
    """Whether a data type can hold a value exactly; floating-point types hold any."""
    if dtype.kind == "f":
        return True
    info = np.iinfo(dtype)
    return float(value).is_integer() and info.min <= value <= info.max
