"""The page to hand on: what the ledger holds, in words, tables, maps and plots."""

from .facts import Wishes
from .report import check_images, write_report

__all__ = ["Wishes", "check_images", "write_report"]
