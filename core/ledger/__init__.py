"""The ledger: schema, decisions, journal, signatures. Standard library and NumPy only: both Pythons use it."""

from .journal import UNDOING
from .ledger import Crs, Ledger
from .planning import plan_one, plan_push, waiting
from .records import Discrepancy, JournalLine, PlannedEdit, ReliabilityRow, Round, SourceRow
from .signature import attribute_text, key_text, signature, value_text

__all__ = [
    "UNDOING", "Crs", "Discrepancy", "JournalLine", "Ledger", "PlannedEdit", "ReliabilityRow", "Round", "SourceRow",
    "attribute_text", "key_text", "plan_one", "plan_push", "signature",
    "value_text", "waiting",
]
