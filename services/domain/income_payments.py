"""Payments of annuities, each at the first close on or after its day (INC-3, INC-4, FIX-3).

A payment due on a day that is no business day is made at the next close; a variable one by the annuity unit values of
that close. The last payment ends the annuity. While an order blocks the participant nothing is paid: what came due is
paid when the last order is lifted (DEP-9).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from contracts_schema.figures import AnnuityUnitsLine
from contracts_schema.values import changed
from services.domain.annuity_values import annuity_unit_value
from services.domain.emitting import unasked
from services.domain.incomes import Income
from services.domain.market import Market
from services.domain.maturing import valuation
from services.domain.numbers import ZERO, cents
from services.domain.positive import months_after
from services.domain.state import Account, Participant
from services.domain.steps import Moment, Step
from services.domain.valuation import Valuation
from services.domain.verdicts import Done


def next_payment(income: Income) -> date | None:
    """The day on which the next payment is due, None where none is to come."""
    return months_after(income.first, income.months * income.paid) if income.paid < income.payments else None


def payment_due(participant: Participant) -> date | None:
    """The first day on which a payment is to be made; None where none is to come, or nothing may be paid."""
    if participant.aml_orders:
        return None
    days = [_due(income) for account in participant.accounts for income in account.incomes]
    return min((day for day in days if day is not None), default=None)


def _due(income: Income) -> date | None:
    due = next_payment(income)
    return due if due is None or income.not_before is None else max(due, income.not_before)


def due_from(participant: Participant, day: date) -> Participant:
    """The participant whom nothing blocks any more: what came due before a day is due on it."""
    for account in participant.accounts:
        if account.incomes:
            incomes = tuple(changed(income, not_before=day) for income in account.incomes)
            participant = participant.with_account(changed(account, incomes=incomes))
    return participant


def paid_out(market: Market, participant: Participant, moment: Moment) -> Step:
    """Every payment due by a close, in the order of accounts and elections."""
    step = Step(participant)
    due = payment_due(participant)
    assert moment.trade_date is not None, "a closed day is a trade date"
    if due is None or due > moment.trade_date:
        return step
    at = valuation(market, participant, moment.trade_date)
    for account in participant.accounts:
        if account.incomes:
            step = _of_account(at, step, account, moment)
    return step


def _of_account(at: Valuation, step: Step, account: Account, moment: Moment) -> Step:
    """The payments of an account's annuities, several of one only where closes were further apart than they."""
    left = []
    for known in account.incomes:
        income = known
        while (due := next_payment(income)) is not None and (_due(income) or due) <= at.day:
            income = changed(income, paid=income.paid + 1)
            after, emission = unasked(_payment(at, step.participant, (account, income), due), at.day, moment.decided_at)
            step = step.then(Step(after, emissions=(emission,)))
        if not income.payments or next_payment(income) is not None:
            left.append(income)
    return step.then(Step(step.participant.with_account(changed(account, incomes=tuple(left)))))


def _payment(at: Valuation, participant: Participant, of: tuple[Account, Income], due: date) -> Done:
    account, income = of
    lines = tuple(_worth(at, income, units.option, units.units) for units in income.units)
    amount = income.payment if income.payment is not None else sum((line.dollars for line in lines), ZERO)
    reckoned = "FIX-3" if income.payment is not None else "INC-4"
    held = ("DEP-9",) if income.not_before is not None and due < income.not_before else ()
    following = next_payment(income)
    details = {
        "elected_by": income.request_id,
        "due": due.isoformat(),
        "payment": f"{income.paid} of {income.payments}",
        **({} if following is None else {"next_payment": following.isoformat()}),
        **({} if income.payee is None else {"payee": income.payee}),
    }
    body: dict[str, Any] = {
        "account": account.type,
        "paid": amount,
        "annuity_units": lines or None,
        "debits": amount,
        "credits": amount,
        "details": details,
    }
    return Done(participant, "income_payment", ("INC-3", reckoned, *held, "GEN-7"), body)


def _worth(at: Valuation, income: Income, option: str, units: Decimal) -> AnnuityUnitsLine:
    """What annuity units of a fund pay on a day, to the cent."""
    assert income.charge_class is not None, "annuity units have a class"
    value = annuity_unit_value(at, option, income.charge_class)
    return AnnuityUnitsLine(
        option=option, units=units, unit_value=value, unit_value_date=at.day, dollars=cents(units * value)
    )
