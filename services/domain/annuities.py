"""The arithmetic of annuities certain (INC-3, FIX-3, INC-4).

The documents fix the rate and the years and leave the reckoning to the contract's tables, which are not among them.
Here it is the one that such tables are made by: payments are level, the first is made on the day of the first payment
and the others at the beginning of each period after it, at an annual effective rate. At 3.5% $1,000 pays $9.83 a month
for ten years. Between the day on which the amount is applied and the first payment it earns the same rate, by actual
days (GEN-5).
"""

from __future__ import annotations

from decimal import Decimal

from services.domain.numbers import ONE, growth

MONTHS_A_YEAR = 12


def present_value(rate: Decimal, payments: int, months: int) -> Decimal:
    """What payments of 1, the first now and the others so many months apart, are worth now; unrounded."""
    if not rate:
        return Decimal(payments)
    step = (ONE + rate) ** (-Decimal(months) / MONTHS_A_YEAR)
    return (ONE - step**payments) / (ONE - step)


def level_payment(applied: Decimal, rate: Decimal, days: int, payments: int, months: int) -> Decimal:
    """The level payment that an amount makes whose first is due so many days after it was applied; unrounded."""
    return applied * growth(rate, days) / present_value(rate, payments, months)
