"""Remittances: lines of deposits in, notices to their submitters out."""

from services.remittances.logic import REMITTANCES

__all__ = ["REMITTANCES"]
