"""What is kept of a participant beside the accounts: totals that limits need, and orders that block (DEP-7, 8, 9)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from contracts_schema.values import Value


class YearTotal(Value, frozen=True):
    """Salary reductions of a calendar year by trade date, gross dollars, pre-tax and Roth together (DEP-7)."""

    year: int
    dollars: Decimal


class MoneyOrder(Value, frozen=True):
    """What was paid by money order on a trade date, gross dollars (DEP-8)."""

    day: date
    dollars: Decimal


class AmlOrder(Value, frozen=True):
    """An order that blocks the participant since a trade date, by its name (DEP-9)."""

    order: str
    since: date
