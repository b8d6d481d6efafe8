"""The ledger: schema, decisions, journal, signatures. Standard library and NumPy only: both Pythons use it."""

from .ledger import UNDOING, Crs, Ledger
from .records import Discrepancy, JournalLine, PlannedEdit, ReliabilityRow, Round, SourceRow
from .signature import attribute_text, signature

__all__ = [
    "UNDOING", "Crs", "Discrepancy", "JournalLine", "Ledger", "PlannedEdit", "ReliabilityRow", "Round", "SourceRow",
    "attribute_text", "signature",
]
