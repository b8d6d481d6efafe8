"""The fusion benchmark shows every comparison that it has fits for, of the seeds that both sides have."""

from __future__ import annotations

from pathlib import Path

import fusion
import numpy as np
from fusion_parts.cases import CLEAN, HALF
from fusion_parts.fits import Budget


def counts(right: int) -> np.ndarray:
    """Four blocks of 100 pixels of each of two classes, so many of them right."""
    return np.tile(np.array([[right, 100 - right], [100 - right, right]]), (4, 1, 1))


def test_what_was_done_is_compared_and_what_was_not_is_left_out(tmp_path: Path) -> None:
    run = fusion.Run(tmp_path, None, Budget(), False, 1)
    (tmp_path / "cells").mkdir()
    done = {("ours", 0): 90, ("ours", 1): 80, ("stacked", 1): 70, ("ours", 2): 10}
    cells = [fusion.Cell("buildings", CLEAN, variant, seed) for variant in ("ours", "stacked") for seed in range(3)]
    cells += [fusion.Cell("buildings", HALF, "ours", 0), fusion.Cell("buildings", CLEAN, "imagery", 1),
              fusion.Cell("buildings", None, "heads", 0)]
    for (variant, seed), right in done.items():
        np.savez(run.path(fusion.Cell("buildings", CLEAN, variant, seed)), counts=counts(right))
    found = fusion.tables(cells, run, [0, 1])
    shown = found["table"]["buildings, clean"]
    assert (shown["ours"]["mean"], shown["ours"]["seeds"]) == (0.85, 2)
    assert (shown["stacked"]["mean"], shown["stacked"]["seeds"]) == (0.7, 1)
    assert found["gain_over_stacked"] == {"buildings, clean": {"mean": 0.1, "low": 0.1, "high": 0.1, "seeds": 1}}
    assert found["missing50_vs_imagery"] is None
    assert found["feature_heads_ap"] == {}
