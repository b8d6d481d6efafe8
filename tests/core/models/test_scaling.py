"""Scaling as data: every kind does what MLM says, and nothing divides by nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoloop.core.errors import InputError
from geoloop.core.models.scaling import Scaling, Step

X = np.random.default_rng(0).uniform(0, 255, (2, 3, 4, 5)).astype(np.float32)
numbers = st.floats(-1e4, 1e4, width=32)


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """A step with constants for one or for three channels."""
    count = draw(st.sampled_from([1, 3]))
    low = tuple(draw(st.lists(numbers, min_size=count, max_size=count)))
    high = tuple(value + draw(st.floats(1, 1e3)) for value in low)
    positive = tuple(draw(st.lists(st.floats(0.5, 1e3), min_size=count, max_size=count)))
    return draw(st.sampled_from([
        Step("min-max", minimum=low, maximum=high), Step("z-score", mean=low, stddev=positive),
        Step("clip", minimum=low, maximum=high), Step("clip-min", minimum=low), Step("clip-max", maximum=high),
        Step("offset", value=low), Step("scale", value=positive),
        Step("processing", expression=("A / 2 + 1",) * count)]))


@pytest.mark.parametrize(("step", "expected"), [
    (Step("min-max", minimum=(0.0,), maximum=(255.0,)), X / 255),
    (Step("z-score", mean=(1.0, 2.0, 3.0), stddev=(2.0, 4.0, 8.0)),
     (X - np.array([1, 2, 3])[:, None, None]) / np.array([2, 4, 8])[:, None, None]),
    (Step("clip", minimum=(10.0,), maximum=(20.0,)), np.clip(X, 10, 20)),
    (Step("clip-min", minimum=(10.0,)), np.maximum(X, 10)), (Step("clip-max", maximum=(20.0,)), np.minimum(X, 20)),
    (Step("offset", value=(3.0,)), X - 3), (Step("scale", value=(10000.0,)), X / 10000),
    (Step("processing", expression=("A", "A * 2", "A * 3")), X * np.array([1, 2, 3])[:, None, None]),
])
def test_a_step_does_what_mlm_says_of_its_kind(step: Step, expected: np.ndarray) -> None:
    result = Scaling((step,))(X)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, expected, rtol=1e-5)


def test_no_steps_leave_values_as_stored_whatever_their_type() -> None:
    stored = np.arange(12, dtype=np.uint16).reshape(1, 3, 4)
    assert (Scaling()(stored) == stored).all()  # type: ignore[arg-type]


@given(steps(), steps())
def test_steps_in_one_formula_give_what_they_give_one_by_one(first: Step, second: Step) -> None:
    scaling = Scaling((first, second))
    whole = Scaling((Step("processing", expression=tuple(scaling.formula(index) for index in range(3))),))
    expected = scaling(X)
    np.testing.assert_allclose(whole(X), expected, rtol=1e-4, atol=1e-4 * float(np.abs(expected).max()) + 1e-6)


@given(steps())
def test_shape_and_channels_stay(step: Step) -> None:
    assert Scaling((step,))(X).shape == X.shape
    if step.channels:
        with pytest.raises(ValueError, match="channels"):
            Scaling((step,))(X[:, :2])


@pytest.mark.parametrize("constants", [
    {"kind": "z-score", "mean": (0.0,), "stddev": (0.0,)}, {"kind": "z-score", "mean": (0.0,)},
    {"kind": "z-score", "mean": (math.nan,), "stddev": (1.0,)}, {"kind": "scale", "value": (0.0,)},
    {"kind": "min-max", "minimum": (1.0,), "maximum": (1.0,)}, {"kind": "clip", "minimum": (2.0,), "maximum": (1.0,)},
    {"kind": "offset", "value": (math.inf,)}, {"kind": "offset", "value": (1.0,), "mean": (1.0,)},
    {"kind": "z-score", "mean": (1.0, 2.0), "stddev": (1.0, 2.0, 3.0)}, {"kind": "l2"}, {"kind": "processing"},
    {"kind": "processing", "expression": ("exit()",)},
])
def test_constants_that_scale_nothing_are_refused(constants: dict) -> None:
    with pytest.raises(InputError):
        Step(**constants)


def test_steps_for_different_numbers_of_channels_are_refused() -> None:
    with pytest.raises(InputError, match=r"2 and 3|3 and 2"):
        Scaling((Step("offset", value=(1.0, 2.0)), Step("offset", value=(1.0, 2.0, 3.0))))
