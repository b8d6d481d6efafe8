"""The tiler gives back what the network says, whatever the tiles."""

import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.windows import Window

from geoloop.core.errors import Cancelled
from geoloop.core.feedback import Feedback
from geoloop.core.inference.tiler import Tiling, run_tiles
from geoloop.core.sources.grid import Grid


def grid_of(height: int, width: int) -> Grid:
    return Grid("EPSG:32633", Affine(1, 0, 0, 0, -1, 0), width, height, 1.0)


def reader(image: np.ndarray, valid: np.ndarray):
    def read(window: Window) -> tuple[np.ndarray, np.ndarray]:
        rows, columns = int(window.height), int(window.width)
        x, seen = np.zeros((image.shape[0], rows, columns), np.float32), np.zeros((rows, columns), bool)
        top, left = max(int(window.row_off), 0), max(int(window.col_off), 0)
        bottom = min(int(window.row_off) + rows, image.shape[1])
        right = min(int(window.col_off) + columns, image.shape[2])
        if bottom > top and right > left:
            here = np.s_[top - int(window.row_off):bottom - int(window.row_off),
                         left - int(window.col_off):right - int(window.col_off)]
            x[(slice(None), *here)] = image[:, top:bottom, left:right]
            seen[here] = valid[top:bottom, left:right]
        return x, seen
    return read


def assembled(grid: Grid, image: np.ndarray, valid: np.ndarray, tiling: Tiling, predict=lambda x, seen, window: x):
    rows = list(run_tiles(grid, reader(image, valid), predict, image.shape[0], Feedback(), tiling))
    assert [r.start for r in rows] == list(np.cumsum([0] + [r.values.shape[1] for r in rows])[:-1])
    return np.concatenate([r.values for r in rows], axis=1), np.concatenate([r.valid for r in rows])


@settings(max_examples=60, deadline=None)
@given(height=st.integers(1, 70), width=st.integers(1, 70), step=st.integers(4, 40), halo=st.integers(0, 12))
def test_an_identity_network_reproduces_its_input(height: int, width: int, step: int, halo: int) -> None:
    image = np.random.default_rng(height * 100 + width).normal(size=(2, height, width)).astype(np.float32)
    valid = np.ones((height, width), bool)
    result, seen = assembled(grid_of(height, width), image, valid, Tiling(step, halo))
    np.testing.assert_allclose(result, image, rtol=1e-5, atol=1e-5)
    assert seen.all()


def test_invalid_pixels_are_nan_and_empty_tiles_are_not_predicted() -> None:
    image, valid = np.ones((1, 64, 64), np.float32), np.zeros((64, 64), bool)
    valid[:20, :20] = True
    asked = []

    def predict(x: np.ndarray, seen: np.ndarray, window: Window) -> np.ndarray:
        asked.append(window)
        return x

    result, seen = assembled(grid_of(64, 64), image, valid, Tiling(16, 4), predict)
    assert np.isnan(result[0][~valid]).all()
    assert not np.isnan(result[0][valid]).any()
    assert (seen == valid).all()
    assert len(asked) == 4


def test_tiles_of_any_size_agree_where_the_network_sees_no_further_than_the_halo() -> None:
    rng = np.random.default_rng(0)
    image, valid = rng.normal(size=(1, 90, 70)).astype(np.float32), np.ones((90, 70), bool)

    def blur(x: np.ndarray, seen: np.ndarray, window: Window) -> np.ndarray:
        padded = np.pad(x[0], 1)
        return sum(padded[i:i + x.shape[1], j:j + x.shape[2]] for i in range(3) for j in range(3))[None] / 9

    first, _ = assembled(grid_of(90, 70), image, valid, Tiling(32, 8), blur)
    second, _ = assembled(grid_of(90, 70), image, valid, Tiling(17, 16), blur)
    assert np.abs(first - second).max() < 0.05  # a tile's rim, which its cosine all but silences
    assert np.median(np.abs(first - second)) < 1e-3


def test_a_cancelled_run_stops_at_the_next_tile() -> None:
    class Stopped(Feedback):
        def cancelled(self) -> bool:
            return True

    image, valid = np.ones((1, 8, 8), np.float32), np.ones((8, 8), bool)
    with pytest.raises(Cancelled):
        list(run_tiles(grid_of(8, 8), reader(image, valid), lambda x, s, w: x, 1, Stopped()))
