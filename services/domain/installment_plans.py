"""What an account still owes of withdrawals that are paid in installments (WDL-8)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from contracts_schema.values import Value


class InstallmentPlan(Value, frozen=True):
    """What a withdrawal still owes its payee: dollars `left`, of which payment number `paid` + 1 of `months` is `due`
    next. Payments count from the day `since`; `rate` is the annual effective interest.
    """

    request_id: str
    since: date
    due: date
    months: int
    level: Decimal
    rate: Decimal
    left: Decimal
    payee: str | None = None
    paid: int = 0


class Payable(Value, frozen=True):
    """Plans of an account; and, of the last day on which its Fixed Account 2 changed, the units before that, by option:
    whether installments are due is told by the day before a withdrawal.
    """

    plans: tuple[InstallmentPlan, ...] = ()
    changed_on: date | None = None
    before: tuple[tuple[str, Decimal], ...] = ()
