"""The order of review and its random audit. Standard library and NumPy only: both Pythons use it.

``layer_features`` alone needs the engine, and imports what it needs when it runs.
"""

from .audit import LayerFeatures
from .make import Made, make_queue
from .rates import ErrorRate, error_rates
from .worth import Worth

__all__ = ["ErrorRate", "LayerFeatures", "Made", "Worth", "error_rates", "make_queue"]
