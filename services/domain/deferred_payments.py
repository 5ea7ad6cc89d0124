"""Payments that an order deferred, from the withdrawal to their day (WDL-7).

What is paid was confirmed with its day, and nothing moves on that: the owner is told that it has come, at its close or
the next. While an order blocks the participant nothing is paid; it is told when the last one is lifted (DEP-9).
"""

from __future__ import annotations

from collections.abc import Iterable

from contracts_schema.figures import Payment
from contracts_schema.types import plain
from contracts_schema.values import changed
from services.domain.emitting import Told, notice
from services.domain.installment_plans import DeferredPayment, Payable
from services.domain.state import Account, Participant
from services.domain.steps import Moment, Step


def with_deferred(account: Account, payments: Iterable[Payment], request_id: str, payee: str | None) -> Account:
    """The account with those of the payments of a request that are deferred."""
    put_off = [
        DeferredPayment(request_id, each.due, each.amount, payee) for each in payments if each.what == "deferred"
    ]
    if not put_off:
        return account
    known = account.payable or Payable()
    return changed(account, payable=changed(known, deferred=(*known.deferred, *put_off)))


def deferred_paid(participant: Participant, moment: Moment) -> Step:
    """The notices of deferred payments whose day has come by a close."""
    assert moment.trade_date is not None, "a closed day is a trade date"
    step = Step(participant)
    if participant.aml_orders:
        return step
    for account in participant.accounts:
        for payment in () if account.payable is None else account.payable.deferred:
            if payment.due <= moment.trade_date:
                step = step.then(_told(step.participant, account, payment, moment))
    return step


def _told(participant: Participant, account: Account, payment: DeferredPayment, moment: Moment) -> Step:
    held = participant.account(account.type)
    assert held is not None, "the payment is an account's"
    assert held.payable is not None, "the payment is an account's"
    left = list(held.payable.deferred)
    left.remove(payment)
    books = participant.with_account(changed(held, payable=changed(held.payable, deferred=tuple(left), resumed=None)))
    details = {"of": payment.request_id, "amount": plain(payment.amount)}
    if payment.payee is not None:
        details["payee"] = payment.payee
    content = Told("deferred_payment_due", ("WDL-7",), payment.due, account.type, details)
    numbered, emission = notice(books, content, moment.decided_at)
    return Step(numbered, emissions=(emission,))
