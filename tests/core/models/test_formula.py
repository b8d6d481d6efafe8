"""Formulas of one band: computed as arithmetic says, refused where they are anything else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoloop.core.errors import InputError
from geoloop.core.models.formula import Formula

X = np.linspace(0.1, 50, 12, dtype=np.float32).reshape(3, 4)


@pytest.mark.parametrize(("text", "expected"), [
    ("A", X), ("-A + 2", 2 - X), ("(A - 1) / 4 * 2", (X - 1) / 2), ("A ** 2", X * X), ("A ** -0.5", X**-0.5),
    ("log(A * 0.005 + 1)", np.log1p(X * 0.005)), ("log10(A)", np.log10(X)), ("exp(-A)", np.exp(-X)),
    ("sqrt(abs(-A))", np.sqrt(X)), ("minimum(A, 3)", np.minimum(X, 3)), ("maximum(3, A)", np.maximum(X, 3)),
    ("clip(A, 1, 2e1)", np.clip(X, 1, 20)),
])
def test_a_formula_is_what_arithmetic_says(text: str, expected: np.ndarray) -> None:
    result = Formula(text)(X)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("text", [
    "__import__('os').system('true')", "A.tofile('x')", "A[0]", "(lambda: 1)()", "[A for A in (1,)]", "A if A else 1",
    "A and A", "A < 3", "log", "A + log", "log(A, A)", "log(A, out=A)", "log(*A)", "B", "A // 2", "A % 2", "A @ A",
    "~A", "'text'", "True + A", "1j * A", "f'{A}'", "(A := 3)", "1", "", "A +", "log(A", "A; A", "A\0", "open('x')",
])
def test_anything_but_arithmetic_on_the_band_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        Formula(text)


@pytest.mark.parametrize("text", [
    "9**9**9**9 + A", "A ** A", "A ** 17", "A ** (8 * 8)", "1e400 * A", "A * 1" + "0" * 400, "A + " * 400 + "A",
    "-" * 900 + "A", "(" * 250 + "A" + ")" * 250, "exp(" * 60 + "A" + ")" * 60, "A" * 5000,
])
def test_what_would_take_for_ever_is_refused_before_it_runs(text: str) -> None:
    with pytest.raises(InputError):
        Formula(text)


def test_a_formula_without_a_value_gives_no_number() -> None:
    assert np.isnan(Formula("log(A)")(np.array([-1.0], np.float32))).all()


@given(st.text(alphabet="A0123456789.+-*/()eloginmx, ", max_size=60))
def test_any_text_is_either_computed_or_refused(text: str) -> None:
    try:
        formula = Formula(text)
    except InputError:
        return
    assert formula(X).shape == X.shape


@given(st.floats(-5, 5), st.floats(0.5, 5))
def test_one_formula_after_another_is_both(offset: float, factor: float) -> None:
    first, second = Formula(f"A + ({offset!r})"), Formula(f"A * {factor!r} - A")
    np.testing.assert_allclose(second.after(first)(X), second(first(X)), rtol=1e-4, atol=1e-5)
