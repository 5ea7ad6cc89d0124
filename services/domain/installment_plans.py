"""What an account still owes of withdrawals that are paid in installments (WDL-6, WDL-8)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from contracts_schema.values import Value


class InstallmentPlan(Value, frozen=True):
    """What a withdrawal still owes its payee: dollars `left`, of which payment number `paid` + 1 is `due` next; one is
    made `every` so many months from the day `since`, for `months` in all. `rate` is the annual effective interest.
    `option` is the Fixed Plus Account that a full withdrawal emptied (WDL-6).
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
    every: int = 1
    option: str | None = None

    @property
    def payments(self) -> int:
        """How many there are."""
        return self.months // self.every

    @property
    def rule(self) -> str:
        """The rule by which it is paid."""
        return "WDL-8" if self.option is None else "WDL-6"


class DeferredPayment(Value, frozen=True):
    """Dollars of a withdrawal, or of a maturity that was elected to be paid out, that an order deferred to the day
    `due` (WDL-7).
    """

    request_id: str
    due: date
    amount: Decimal
    payee: str | None = None


class HeldUnits(Value, frozen=True):
    """Units of a fixed option, and of what earns the rate declared since a day, where that counts (FIX-7)."""

    option: str
    since: date | None
    units: Decimal


class Payable(Value, frozen=True):
    """Plans of an account and its deferred payments, paid from the day `resumed` on where an order blocked the
    participant (DEP-9); and, of the last day on which its Fixed Account 2 changed, the units before that, by option:
    what it was worth on the day before a withdrawal tells whether installments are due.
    """

    plans: tuple[InstallmentPlan, ...] = ()
    resumed: date | None = None
    changed_on: date | None = None
    before: tuple[HeldUnits, ...] = ()
    deferred: tuple[DeferredPayment, ...] = ()

    @property
    def due(self) -> date | None:
        """The day on which a payment is due next, None where nothing is owed."""
        days = (*(plan.due for plan in self.plans), *(payment.due for payment in self.deferred))
        first = min(days, default=None)
        return first if first is None or self.resumed is None else max(first, self.resumed)
