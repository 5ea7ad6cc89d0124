"""Forms of payment: refused ones, money orders beyond their limit, and those that must be explained (DEP-8).

They are the same for contributions and for loan repayments. Money orders count by the trade date of the deposits that
they paid, gross, over all accounts of the participant.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from contracts_schema.contributions import PaymentForm
from contracts_schema.outcomes import Finding
from contracts_schema.reasons import Reason
from contracts_schema.requests import DepositRequest
from contracts_schema.types import plain
from contracts_schema.values import changed
from services.domain.cases import Case
from services.domain.numbers import ZERO
from services.domain.particulars import MoneyOrder
from services.domain.positive import months_after
from services.domain.state import Participant
from services.domain.verdicts import finding

KEPT_LONGER = timedelta(days=31)
"""Beyond their window: a quote is as of the last close, which may be days before the last trade date."""


def payment_defects(case: Case[DepositRequest]) -> Iterator[Finding]:
    """Why money is not accepted as it was paid."""
    form, terms = case.request.payment_form, case.terms.payments
    if form is None:
        return
    if form in terms.refused_forms:
        yield finding(Reason.PAYMENT_FORM_REFUSED, where="payment_form", payment_form=form.value)
        return
    if form in terms.explained_forms:
        yield from _not_explained(case.request, form)
    if form is PaymentForm.MONEY_ORDER:
        yield from _too_many(case)


def with_payment(case: Case[DepositRequest], participant: Participant) -> Participant:
    """The participant with an accepted money order counted, and those left out that no window reaches any more."""
    if case.request.payment_form is not PaymentForm.MONEY_ORDER:
        return participant
    oldest = _window_begins(case) - KEPT_LONGER
    kept = (order for order in participant.money_orders if order.day > oldest)
    return changed(participant, money_orders=(*kept, MoneyOrder(case.day, case.request.amount)))


def payment_rules(case: Case[DepositRequest]) -> tuple[str, ...]:
    """DEP-8, where an accepted deposit was paid in a form that it limits or wants explained."""
    return ("DEP-8",) if payment_details(case) else ()


def payment_details(case: Case[DepositRequest]) -> dict[str, str]:
    """For the confirmation: the explanation of the form of payment, and what money orders come to with this one."""
    request, form = case.request, case.request.payment_form
    if form is None:
        return {}
    told: dict[str, str] = {}
    if form in case.terms.payments.explained_forms:
        told |= {"payment_reason": request.payment_reason or "", "source_of_funds": request.source_of_funds or ""}
    if form is PaymentForm.MONEY_ORDER:
        told["money_orders_total"] = plain(_total(case) + request.amount)
    return {"payment_form": form.value, **told} if told else {}


def _not_explained(request: DepositRequest, form: PaymentForm) -> Iterator[Finding]:
    for name in ("payment_reason", "source_of_funds"):
        if getattr(request, name) is None:
            yield finding(Reason.PAYMENT_NOT_EXPLAINED, where=name, payment_form=form.value)


def _too_many(case: Case[DepositRequest]) -> Iterator[Finding]:
    amount, limit, used = case.request.amount, case.terms.payments.money_order_limit, _total(case)
    if used + amount > limit:
        yield finding(
            Reason.MONEY_ORDERS_EXCEED,
            where="amount",
            possible_from=_possible_from(case, used),
            requested=amount,
            limit=limit,
            used=used,
            available=max(ZERO, limit - used),
            since=_window_begins(case) + timedelta(days=1),
        )


def _window_begins(case: Case[DepositRequest]) -> date:
    """The same day so many months before: what was traded on it has left the window."""
    return months_after(case.day, -case.terms.payments.money_order_months)


def _in_window(case: Case[DepositRequest]) -> list[MoneyOrder]:
    begins = _window_begins(case)
    return [order for order in case.participant.money_orders if order.day > begins]


def _total(case: Case[DepositRequest]) -> Decimal:
    return sum((order.dollars for order in _in_window(case)), ZERO)


def _possible_from(case: Case[DepositRequest], used: Decimal) -> date | None:
    """The first day on which enough has left the window, if nothing else is paid so; None where it never fits."""
    terms = case.terms.payments
    for order in _in_window(case):
        used -= order.dollars
        if used + case.request.amount <= terms.money_order_limit:
            return _leaves(order.day, terms.money_order_months)
    return None


def _leaves(day: date, months: int) -> date:
    """The first day that finds a day outside its window; the last of February stays a day longer in it."""
    same = months_after(day, months)
    return same if months_after(same, -months) >= day else same + timedelta(days=1)
