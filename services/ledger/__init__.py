"""Ledger: the ledger log in, confirmations, rejections, notices and acknowledgements out."""

from services.ledger.logic import LEDGER

__all__ = ["LEDGER"]
