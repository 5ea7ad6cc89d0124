"""Payments as confirmations tell them, and as they are reckoned, to be compared."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from tests.domain.books import Json
from tests.domain.stateful.payouts import Payout
from tests.domain.stateful.schedules import Plan, Row
from tests.domain.stateful.sums import D, day_of

Told = tuple[str, date, str, Decimal, str | None, int | None, Decimal | None, Decimal | None]
"""Account, day, what, dollars; of an installment its option, number, interest and what is left."""


def payable_of(message: Json) -> Decimal:
    """WDL-12: what a withdrawal pays before tax is withheld."""
    if message.get("payable") is not None:
        return D(message["payable"])
    return D(message["paid"]) + D(message.get("in_installments") or "0")


def told_of(of: Payout, day: date) -> Iterator[Told]:
    """Everything that a payout of a trade date pays."""
    for due, amount in of.by_day.items():
        yield of.account, due, "at_once" if due == day else "deferred", amount, None, None, None, None
    for plan in of.plans:
        for row in plan.rows:
            yield row_of(plan, row)


def row_of(plan: Plan, row: Row) -> Told:
    """A payment of a plan."""
    number, due, amount, interest, left = row
    return plan.account, due, "installment", amount, plan.option, number, interest, left


def read(payment: Json, message: Json) -> Told:
    """A payment that a message tells."""
    interest, left = (None if payment.get(name) is None else D(payment[name]) for name in ("interest", "left"))
    account, number = payment.get("account") or message["account"], payment.get("number")
    of = (account, day_of(payment["due"]), payment["what"], D(payment["amount"]), payment.get("option"))
    return (*of, number, interest, left)
