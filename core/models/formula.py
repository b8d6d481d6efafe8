"""Arithmetic on one band, read as data: a formula in gdal_calc's manner is parsed, checked and computed, never run."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError

Array = NDArray[np.float32]

BAND = "A"
MAX_LENGTH = 1000
MAX_NODES = 200
MAX_DEPTH = 40
MAX_EXPONENT = 16.0
MAX_NUMBER = 1e30

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.true_divide, ast.Pow: np.power,
}
_FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "log": (1, np.log), "log10": (1, np.log10), "exp": (1, np.exp), "sqrt": (1, np.sqrt), "abs": (1, np.abs),
    "minimum": (2, np.minimum), "maximum": (2, np.maximum), "clip": (3, np.clip),
}


class Formula:
    """A checked formula over the band ``A``: + - * / **, log, log10, exp, sqrt, abs, minimum, maximum, clip, numbers.

    A power's exponent is a number of at most 16. Raises :class:`InputError` for anything else.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._tree = _parsed(text)

    def __call__(self, band: Array) -> Array:
        """The formula of a band of any shape, in single precision; NaN or infinite where it has no value."""
        with np.errstate(all="ignore"):
            value = _value(self._tree, band)
        result: Array = np.broadcast_to(np.asarray(value, np.float32), band.shape)
        return result

    def after(self, earlier: Formula) -> Formula:
        """The formula that does ``earlier`` first and this one on its result."""
        return Formula(ast.unparse(_Substitute(earlier._tree).visit(_parsed(self.text))))


class _Substitute(ast.NodeTransformer):
    def __init__(self, tree: ast.expr) -> None:
        self._tree = tree

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._tree if node.id == BAND else node


def _parsed(text: str) -> ast.expr:
    if len(text) > MAX_LENGTH:
        raise InputError(f"The formula {text[:40]!r}… has {len(text)} characters; at most {MAX_LENGTH} are read.")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise InputError(f"The formula {_short(text)} cannot be read; write arithmetic on the band {BAND}.") from error
    _check_depth(tree, text)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        problem = _problem(node) if id(node) not in called else ""
        if problem:
            raise InputError(f"The formula {_short(text)} {problem}; only + - * / **, numbers, the band {BAND} and "
                             f"{', '.join(_FUNCTIONS)} are understood.")
    if not any(isinstance(node, ast.Name) and node.id == BAND for node in ast.walk(tree)):
        raise InputError(f"The formula {_short(text)} does not use its band {BAND}.")
    return tree


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "…")


def _check_depth(tree: ast.expr, text: str) -> None:
    level: list[ast.AST] = [tree]
    depth = count = 0
    while level:
        depth, count = depth + 1, count + len(level)
        if depth > MAX_DEPTH or count > 4 * MAX_NODES:
            raise InputError(f"The formula {_short(text)} is too deep or too long; write a simpler one.")
        level = [child for node in level for child in ast.iter_child_nodes(node)]


def _problem(node: ast.AST) -> str:
    """Why a node of the tree is not understood; empty if it is."""
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            fits = abs(number) <= MAX_NUMBER if isinstance(number, int) else math.isfinite(number)
            return "" if fits and abs(number) <= MAX_NUMBER else "holds a number out of range"
        case ast.BinOp(op=ast.Pow(), right=exponent):
            size = _number(exponent)
            fits = size is not None and abs(size) <= MAX_EXPONENT
            return "" if fits else f"has an exponent that is no number of at most {MAX_EXPONENT:g}"
        case ast.BinOp(op=operator) if type(operator) in _BINARY:
            return ""
        case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
            return ""
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS:
            wanted = _FUNCTIONS[name][0]
            return "" if len(arguments) == wanted else f"gives {name} {len(arguments)} values and not {wanted}"
        case ast.Name(id=name):
            return "" if name == BAND else f"names {name!r}"
        case ast.Load() | ast.operator() | ast.unaryop():
            return ""
        case _:
            return f"holds {type(node).__name__}"


def _number(node: ast.expr) -> float | None:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number) if abs(number) <= MAX_NUMBER else None
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -float(number) if abs(number) <= MAX_NUMBER else None
        case _:
            return None


def _value(node: ast.expr, band: Array) -> Any:
    match node:
        case ast.Constant(value=int() | float() as number):
            return np.float32(number)
        case ast.Name():
            return band
        case ast.UnaryOp(op=operator, operand=operand):
            inner = _value(operand, band)
            return -inner if isinstance(operator, ast.USub) else inner
        case ast.BinOp(left=left, op=operator, right=right):
            return _BINARY[type(operator)](_value(left, band), _value(right, band))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _FUNCTIONS[name][1](*(_value(argument, band) for argument in arguments))
    raise AssertionError(f"{type(node).__name__} passed the check")
