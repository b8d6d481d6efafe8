"""The fusion benchmark shows every comparison that it has fits for, of the seeds that both sides have."""

from __future__ import annotations

from pathlib import Path

import fusion
import numpy as np
import pytest
from fusion_parts.cases import CLEAN, HALF, POOR
from fusion_parts.errors import KINDS, score_heads
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


def test_what_matters_most_is_done_first_and_each_fit_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["fusion.py"])
    cells = list(fusion.wanted(fusion.parsed()))
    first = {(cell.area, cell.setting, cell.variant, cell.seed) for cell in cells[:24]}
    assert first == {(area, setting, variant, seed) for area in ("buildings", "land_cover")
                     for setting in (CLEAN, POOR) for variant in ("stacked", "ours") for seed in range(3)}
    assert len(set(cells)) == len(cells) == 108
    monkeypatch.setattr("sys.argv", ["fusion.py", "--full"])
    full = list(fusion.wanted(fusion.parsed()))
    assert len(set(full)) == len(full)
    assert set(cells) < set(full)
    assert len({(cell.setting.missing, cell.setting.shift_m) for cell in full if cell.setting}) == 9
    assert len({cell.setting for cell in full if cell.setting}) == 9


def test_a_kind_of_which_no_error_is_judged_has_no_figure() -> None:
    kind = np.array([0, 1, 0, 2])
    cell = {f"{who}_{name}": np.array([0.1, 0.9, 0.2, 0.3]) for who in ("ours", "pixels") for name in KINDS}
    found = score_heads([{**cell, "kind": kind, "judged": kind != 2}], KINDS)
    assert found == {"wrong_class": {"ours": 1.0, "pixels": 1.0, "prevalence": 0.333}}
