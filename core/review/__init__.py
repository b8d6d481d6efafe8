"""The order of review and its random audit. Standard library and NumPy only: both Pythons use it.

``layer_features`` needs the engine when it runs, ``truth`` and ``oracle`` (the simulated reviewer) always.
"""

from .audit import LayerFeatures
from .make import Made, make_queue
from .rates import ErrorRate, error_rates
from .worth import Worth

__all__ = ["ErrorRate", "LayerFeatures", "Made", "Worth", "error_rates", "make_queue"]
