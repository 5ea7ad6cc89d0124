"""Reference: terms, prices, rates, offerings and yields in; checked entries for every partition and alarms out."""

from services.reference.logic import REFERENCE

__all__ = ["REFERENCE"]
