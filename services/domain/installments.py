"""Equal installments with interest, payment by payment: monthly (WDL-8), or every so many months (WDL-6).

The level payment of P at an annual effective rate r over n months is P·m / (1 − (1 + r)^(−n/12)) to the cent, where m =
(1 + r)^(e/12) − 1 and one is made every e months; the interest of each is rounded, and the last payment settles what
rounding has left. A payment is an event: it is confirmed at the first close on or after its day, whatever has become of
the account since, for its money left the account with the withdrawal.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from contracts_schema.figures import Payment
from contracts_schema.values import changed
from services.domain.emitting import unasked
from services.domain.installment_plans import InstallmentPlan, Payable
from services.domain.numbers import CENT, ONE, cents
from services.domain.positive import months_after
from services.domain.state import Account, Participant
from services.domain.steps import Moment, Step
from services.domain.verdicts import Done

MONTHS_A_YEAR = Decimal(12)


def level_payment(dollars: Decimal, months: int, rate: Decimal, every: int = 1) -> Decimal:
    """Every payment but the last, in arrears, at an annual effective rate."""
    if not rate:
        return cents(dollars / (months // every))
    return cents(dollars * _between(rate, every) / (ONE - (ONE + rate) ** (-months / MONTHS_A_YEAR)))


def _between(rate: Decimal, months: int) -> Decimal:
    """The rate of so many months that comes to the annual one in twelve."""
    return (ONE + rate) ** (months / MONTHS_A_YEAR) - ONE


def schedule(plan: InstallmentPlan) -> Iterator[Payment]:
    """Every payment that is still to come."""
    rest: InstallmentPlan | None = plan
    while rest is not None:
        payment, rest = next_payment(rest)
        yield payment


def next_payment(plan: InstallmentPlan) -> tuple[Payment, InstallmentPlan | None]:
    """The next payment, and the plan after it; None after the last."""
    number, interest = plan.paid + 1, cents(plan.left * _between(plan.rate, plan.every))
    last = number == plan.payments
    amount = plan.left + interest if last else plan.level
    left = plan.left + interest - amount
    payment = Payment(
        option=plan.option,
        what="installment",
        number=number,
        due=plan.due,
        amount=amount,
        interest=interest,
        left=left,
    )
    due = months_after(plan.since, (number + 1) * plan.every)
    return payment, None if last else changed(plan, paid=number, left=left, due=due)


def pays_out(plan: InstallmentPlan) -> bool:
    """Whether it has something for every payment: of less than a cent or so in each, rounding leaves the last none."""
    return all(payment.amount >= CENT for payment in schedule(plan))


def installment_due(participant: Participant, account: Account) -> date | None:
    """The day on which an installment or a deferred payment is due next; None where none is, or an order blocks the
    participant (DEP-9).
    """
    return None if account.payable is None or participant.aml_orders else account.payable.due


def resumed(participant: Participant, day: date) -> Participant:
    """The participant, blocked no longer, with what came due meanwhile to be paid at the close of a day."""
    for account in participant.accounts:
        if account.payable is not None and account.payable.due is not None:
            again = changed(account, payable=changed(account.payable, resumed=day))
            participant = participant.with_account(again)
    return participant


def installments_paid(participant: Participant, moment: Moment) -> Step:
    """The payments that are due by a close: one of a plan, or all that came due while the participant was blocked."""
    assert moment.trade_date is not None, "a closed day is a trade date"
    step = Step(participant)
    for account in participant.accounts:
        due = installment_due(participant, account)
        if due is not None and due <= moment.trade_date:
            for plan in account.payable.plans if account.payable is not None else ():
                step = step.then(_paid_through(step.participant, account, plan, moment))
    return step


def _paid_through(participant: Participant, account: Account, plan: InstallmentPlan, moment: Moment) -> Step:
    assert moment.trade_date is not None, "a closed day is a trade date"
    step = Step(participant)
    rest: InstallmentPlan | None = plan
    while rest is not None and rest.due <= moment.trade_date:
        done, left = _paid(step.participant, account, rest)
        after, emission = unasked(done, moment.trade_date, moment.decided_at)
        step, rest = step.then(Step(after, emissions=(emission,))), left
    return step


def _paid(participant: Participant, account: Account, plan: InstallmentPlan) -> tuple[Done, InstallmentPlan | None]:
    """The next payment of a plan, done, and what is left of the plan."""
    payment, rest = next_payment(plan)
    held = participant.account(account.type)
    assert held is not None, "the plan is an account's"
    books = participant.with_account(changed(held, payable=_with(held.payable or Payable(), plan, rest)))
    return Done(books, "installment_paid", (plan.rule, "GEN-7"), _body(account, plan, payment)), rest


def _with(payable: Payable, plan: InstallmentPlan, rest: InstallmentPlan | None) -> Payable:
    """A plan replaced by what is left of it; it is gone when nothing is."""
    kept = ((rest if known == plan else known) for known in payable.plans)
    return changed(payable, plans=tuple(known for known in kept if known is not None), resumed=None)


def _body(account: Account, plan: InstallmentPlan, payment: Payment) -> dict[str, Any]:
    """The figures of a payment: what is owed of the value withdrawn, and the interest, are what is paid."""
    details = {"withdrawal": plan.request_id, "installment": f"{payment.number} of {plan.payments}"}
    if plan.payee is not None:
        details["payee"] = plan.payee
    return {
        "account": account.type,
        "paid": payment.amount,
        "payments": (payment,),
        "debits": payment.amount,
        "credits": payment.amount,
        "details": details,
    }
