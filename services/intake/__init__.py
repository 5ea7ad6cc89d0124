"""Intake: raw requests in, entries of the ledger log (or dead letters) out."""

from services.intake.logic import INTAKE

__all__ = ["INTAKE"]
