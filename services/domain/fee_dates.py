"""When an account's maintenance fee is due, and when it was taken last (WDL-5)."""

from __future__ import annotations

from datetime import date

from contracts_schema.values import Value


class FeeDates(Value, frozen=True):
    """`due` is the next anniversary at whose close a fee is taken, None where the account holds nothing; `taken` the
    trade date on which the last one was: there is no other on that day (MAT-6).
    """

    due: date | None = None
    taken: date | None = None
