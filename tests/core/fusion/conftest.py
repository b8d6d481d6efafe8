"""A ground with evidence made by hand, as the kinds of discrepancies are tested on."""

from ..discrepancies.conftest import evidence_of, ground_of

__all__ = ["evidence_of", "ground_of"]
