"""The tiler gives back what the network says, whatever the tiles."""

import tracemalloc
from unittest.mock import patch

import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.windows import Window

from geoloop.core.errors import Cancelled, InputError
from geoloop.core.feedback import Feedback
from geoloop.core.inference.blend import Scale, output_scale
from geoloop.core.inference.tiler import here, run_tiles, together
from geoloop.core.inference.tiling import Lattice, Tiling
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


def assembled(grid: Grid, image: np.ndarray, valid: np.ndarray, tiling: Tiling, predict=lambda x, seen, windows: x,
              area: Window | None = None, **more):
    lattice = Lattice.over(tiling, grid.shape, area)
    channels = more.pop("channels", image.shape[0])
    rows = list(run_tiles(lattice, here(reader(image, valid), predict), channels, Feedback(), **more))
    starts = np.cumsum([more.get("done", 0)] + [r.values.shape[1] for r in rows])
    assert [r.start for r in rows] == list(starts[:-1])
    return np.concatenate([r.values for r in rows], axis=1), np.concatenate([r.valid for r in rows])


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).normal(size=shape).astype(np.float32)


@settings(max_examples=60)
@given(height=st.integers(1, 70), width=st.integers(1, 70), step=st.integers(4, 40), halo=st.integers(0, 12),
       batch=st.integers(1, 5))
def test_an_identity_network_reproduces_its_input(height: int, width: int, step: int, halo: int, batch: int) -> None:
    image, valid = noise(2, height, width), np.ones((height, width), bool)
    result, seen = assembled(grid_of(height, width), image, valid, Tiling(step, halo), batch=batch)
    np.testing.assert_allclose(result, image, rtol=1e-6, atol=1e-6)
    assert seen.all()


@settings(max_examples=40)
@given(top=st.integers(0, 60), left=st.integers(0, 60), height=st.integers(1, 30), width=st.integers(1, 30),
       step=st.integers(4, 30), halo=st.integers(0, 12))
def test_an_area_is_to_the_byte_the_part_of_a_run_on_everything(
    top: int, left: int, height: int, width: int, step: int, halo: int
) -> None:
    """Even for a network that looks at its whole tile: the tiles are the same ones."""
    image, valid = noise(1, 90, 90), noise(90, 90, 1)[..., 0] > -1.5
    height, width = min(height, 90 - top), min(width, 90 - left)

    def network(x: np.ndarray, seen: np.ndarray, windows: list[Window]) -> np.ndarray:
        return x - x.mean(axis=(2, 3), keepdims=True)

    tiling = Tiling(step, halo)
    everything, _ = assembled(grid_of(90, 90), image, valid, tiling, network)
    area = Window(left, top, width, height)
    part, seen = assembled(grid_of(90, 90), image, valid, tiling, network, area)
    np.testing.assert_array_equal(part, everything[:, top:top + height, left:left + width])
    np.testing.assert_array_equal(seen, valid[top:top + height, left:left + width])


@settings(max_examples=40)
@given(step=st.integers(4, 30), halo=st.integers(0, 20), stop=st.integers(0, 80),
       piece=st.sampled_from((1, 900, 2**26)))
def test_a_continued_run_gives_the_bytes_of_one_that_was_never_stopped(
    step: int, halo: int, stop: int, piece: int
) -> None:
    """Wherever rows leave the band: one by one, in pieces, a row of tiles at once."""
    image, valid = noise(1, 80, 40), noise(80, 40, 1)[..., 0] > -1.5

    def network(x: np.ndarray, seen: np.ndarray, windows: list[Window]) -> np.ndarray:
        return x - x.mean(axis=(2, 3), keepdims=True)

    lattice = Lattice.over(Tiling(step, halo), (80, 40), Window(3, 5, 33, 70))
    compute = here(reader(image, valid), network)
    whole = np.concatenate([r.values for r in run_tiles(lattice, compute, 1, Feedback())], axis=1)
    with patch("geoloop.core.inference.blend.LEAVING_BYTES", piece):
        rows = list(run_tiles(lattice, compute, 1, Feedback()))
        stop = min(stop, len(rows) - 1)
        done = sum(r.values.shape[1] for r in rows[:stop])
        rest = list(run_tiles(lattice, compute, 1, Feedback(), done=done))
    np.testing.assert_array_equal(np.concatenate([r.values for r in rows], axis=1), whole)
    np.testing.assert_array_equal(np.concatenate([r.values for r in rest], axis=1), whole[:, done:])


def test_invalid_pixels_are_nan_and_empty_tiles_are_not_predicted() -> None:
    image, valid = np.ones((1, 64, 64), np.float32), np.zeros((64, 64), bool)
    valid[:20, :20] = True
    asked = []

    def predict(x: np.ndarray, seen: np.ndarray, windows: list[Window]) -> np.ndarray:
        asked.extend(windows)
        return x

    result, seen = assembled(grid_of(64, 64), image, valid, Tiling(16, 4), predict, batch=3)
    assert np.isnan(result[0][~valid]).all()
    assert not np.isnan(result[0][valid]).any()
    assert (seen == valid).all()
    assert len(asked) == 4


def test_tiles_of_any_size_agree_where_the_network_sees_no_further_than_half_the_halo() -> None:
    image, valid = noise(1, 90, 70), np.ones((90, 70), bool)

    def blur(x: np.ndarray, seen: np.ndarray, windows: list[Window]) -> np.ndarray:
        padded = np.pad(x, ((0, 0), (0, 0), (2, 2), (2, 2)))
        return sum(padded[..., i:i + x.shape[2], j:j + x.shape[3]] for i in range(5) for j in range(5)) / 25

    first, _ = assembled(grid_of(90, 70), image, valid, Tiling(32, 8), blur)
    second, _ = assembled(grid_of(90, 70), image, valid, Tiling(17, 16), blur, batch=4)
    np.testing.assert_allclose(first, second, atol=1e-5)


def test_what_a_network_says_in_a_tiles_rim_need_be_no_number() -> None:
    image, valid = noise(1, 50, 60), np.ones((50, 60), bool)
    tiling = Tiling(16, 8)

    def broken_at_its_rim(x: np.ndarray, seen: np.ndarray, windows: list[Window]) -> np.ndarray:
        y = np.full_like(x, np.nan)
        inner = np.s_[..., tiling.rim:-tiling.rim, tiling.rim:-tiling.rim]
        y[inner] = x[inner]
        return y

    result, _ = assembled(grid_of(50, 60), image, valid, tiling, broken_at_its_rim)
    assert tiling.rim > 0
    np.testing.assert_allclose(result, image, atol=1e-6)


def test_an_output_that_leaves_out_its_tiles_border_lies_in_its_middle() -> None:
    image, valid = noise(1, 50, 60), np.ones((50, 60), bool)
    result, _ = assembled(grid_of(50, 60), image, valid, Tiling(16, 8), lambda x, s, w: x[..., 3:-3, 3:-3])
    np.testing.assert_allclose(result, image, atol=1e-6)


@pytest.mark.parametrize(("output", "scale"), [(32, Scale()), (26, Scale()), (64, Scale(up=2)), (8, Scale(down=4))])
def test_a_networks_output_nests_in_its_tiles(output: int, scale: Scale) -> None:
    assert output_scale(32, output, Tiling(16, 8)) == scale


@pytest.mark.parametrize("output", [0, 7, 20, 27, 33, 16 * 3])
def test_an_output_that_does_not_nest_is_refused(output: int) -> None:
    with pytest.raises(InputError, match="does not nest"):
        output_scale(32, output, Tiling(16, 8))


def test_a_finer_output_is_joined_on_finer_pixels() -> None:
    image, valid = noise(1, 30, 20), np.ones((30, 20), bool)
    result, seen = assembled(grid_of(30, 20), image, valid, Tiling(8, 4),
                             lambda x, s, w: x.repeat(2, axis=2).repeat(2, axis=3), scale=Scale(up=2))
    np.testing.assert_allclose(result, image.repeat(2, axis=1).repeat(2, axis=2), atol=1e-6)
    assert seen.shape == (60, 40)


def test_a_coarser_output_is_valid_where_anything_below_it_is() -> None:
    image, valid = np.ones((1, 16, 16), np.float32), np.zeros((16, 16), bool)
    valid[5, 9] = True
    result, seen = assembled(grid_of(16, 16), image, valid, Tiling(8, 0),
                             lambda x, s, w: x.reshape(len(x), 1, 2, 4, 2, 4).max(axis=(3, 5)), scale=Scale(down=4))
    assert seen.shape == (4, 4)
    assert np.argwhere(seen).tolist() == [[1, 2]]
    assert result[0, 1, 2] == 1
    assert np.isnan(result).sum() == 15


def test_memory_holds_a_band_of_rows_whatever_the_height() -> None:
    """Fifteen megapixels pass through; what is alive at once is a few rows of tiles."""
    valid = np.ones((64, 64), bool)

    def read(window: Window) -> tuple[np.ndarray, np.ndarray]:
        return np.zeros((1, 64, 64), np.float32), valid

    tracemalloc.start()
    lattice = Lattice.over(Tiling(48, 8), (30_000, 512))
    for _ in run_tiles(lattice, here(read, lambda x, s, w: x), 1, Feedback(), batch=8):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8e6


def test_several_sources_are_read_as_one() -> None:
    a, b = noise(2, 20, 20), noise(1, 20, 20)
    left, right = np.ones((20, 20), bool), np.ones((20, 20), bool)
    left[:, :5], right[:4] = False, False
    values, valid = together(reader(a, left), reader(b, right))(Window(0, 0, 20, 20))
    np.testing.assert_array_equal(values, np.concatenate([a, b]))
    np.testing.assert_array_equal(valid, left & right)


def test_a_failure_while_reading_reaches_the_caller() -> None:
    def broken(window: Window) -> tuple[np.ndarray, np.ndarray]:
        raise InputError("The imagery is damaged.")

    with pytest.raises(InputError, match="damaged"):
        list(run_tiles(Lattice.over(Tiling(), (8, 8)), here(broken, lambda x, s, w: x), 1, Feedback()))


def test_a_cancelled_run_stops_at_the_next_batch() -> None:
    class Stopped(Feedback):
        def cancelled(self) -> bool:
            return True

    image, valid = np.ones((1, 8, 8), np.float32), np.ones((8, 8), bool)
    with pytest.raises(Cancelled):
        list(run_tiles(Lattice.over(Tiling(), (8, 8)), here(reader(image, valid), lambda x, s, w: x), 1, Stopped()))
