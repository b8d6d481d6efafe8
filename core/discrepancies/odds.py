"""Probabilities and their log odds, which add up where probabilities do not."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def log_odds(p: ArrayLike, least: float = 1e-4) -> NDArray[np.float64]:
    """log p / (1 − p), where p is taken to lie between ``least`` and 1 − ``least``."""
    bounded = np.clip(np.asarray(p, np.float64), least, 1 - least)
    return np.asarray(np.log(bounded / (1 - bounded)))


def from_odds(odds: ArrayLike) -> NDArray[np.float64]:
    """The probability of which these are the log odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(np.asarray(odds, np.float64), -30, 30))))
