"""Numbers by which surveys say that nothing was measured, where no field can be empty."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CODES = (-9999.0, -99999.0, -999.0, -99.0, -32768.0, 9999.0, 99999.0, 999.0)


def doubted_code(values: NDArray[np.float64], field: str) -> str:
    """A sentence where some of the values (n,) of a field are such a number, and lie further from all others than these
    from each other; else nothing.
    """
    for code in CODES:
        others = values[values != code]
        count = len(values) - len(others)
        if count and len(others) and np.abs(others - code).min() > np.ptp(others):
            return (f"{count} of {len(values)} values of the field “{field}” are {code:g}, far from all others: they "
                    "spoil what is learnt if that says that nothing was measured; leave them out then "
                    f"(\"{field}\" <> {code:g}).")
    return ""
