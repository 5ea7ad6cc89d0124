"""Orders in an emergency: to which day payment is deferred (WDL-7).

What is withdrawn is taken on the trade date, at its values; only its payment waits, and bears no interest meanwhile.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from contracts_schema.figures import Payment
from services.domain.positive import months_after
from services.domain.valuation import Valuation


def deferred(at: Valuation) -> dict[str, date]:
    """The day on which what comes from each kind of option is paid, by the orders in force on a trade date; of several
    the last. Kinds that no order names are paid at once.
    """
    found: dict[str, date] = {}
    for order in at.terms.deferral_orders:
        if order.from_day <= at.day <= order.through:
            day = months_after(at.day, order.months)
            found |= {kind: max(day, found.get(kind, day)) for kind in order.kinds}
    return found


def payments_by_day(day: date, by_day: dict[date, Decimal]) -> tuple[Payment, ...]:
    """Dollars by the day on which they are paid, as a confirmation of a trade date says it."""
    return tuple(
        Payment(what="at_once" if due == day else "deferred", due=due, amount=by_day[due]) for due in sorted(by_day)
    )
