"""When what a withdrawal pays is paid: at once, deferred by an order, or in installments (WDL-7, WDL-8).

The payment of an account comes from its options in proportion to what they paid, so that charges and tax fall on all
of it alike. What buys an annuity is paid to nobody, and neither deferred nor in installments; nor is a loan. While an
order is in force a schedule of installments begins on the day to which payment is deferred.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from contracts_schema.figures import Payment
from contracts_schema.options import FixedAccount2Option, GuaranteedOption
from contracts_schema.payout import InstallmentTerms
from contracts_schema.requests import WithdrawalRequest
from contracts_schema.terms import AccountType
from contracts_schema.types import plain
from contracts_schema.values import Value, changed
from contracts_schema.withdrawing import WithdrawalReason
from services.domain.cases import Case
from services.domain.deferral import deferred, payments_by_day
from services.domain.draws import Draw, shared
from services.domain.fixed_before import value_before
from services.domain.installment_plans import InstallmentPlan, Payable
from services.domain.installments import level_payment, schedule
from services.domain.numbers import CENT, ZERO
from services.domain.positive import months_after
from services.domain.sources import View
from services.domain.state import Account
from services.domain.valuation import Valuation

NOT_PAID_OUT = {WithdrawalReason.LIFETIME_INCOME, WithdrawalReason.NONLIFETIME_INCOME, WithdrawalReason.LOAN}
FA2, OTHER = "fixed_account_2", "other"
Parts = dict[str, Decimal]
"""Dollars by the kind of option that they come from: of Fixed Account 2, of guaranteed terms, `other`."""
Days = Mapping[str, date]
"""The day to which payment is deferred, by kind of option."""


class Payout(Value, frozen=True):
    """Dollars that a withdrawal pays of an account, the plan of what it owes beside these, and when all of it is paid,
    where not on the trade date; the rules of that. `compared` is the value of Fixed Account 2 by which there is a plan.
    """

    account: AccountType
    paid: Decimal
    plan: InstallmentPlan | None = None
    payments: tuple[Payment, ...] = ()
    rules: tuple[str, ...] = ()
    compared: Decimal | None = None

    @property
    def owed(self) -> Decimal:
        """What is paid in installments."""
        return ZERO if self.plan is None else self.plan.left

    def kept(self, account: Account) -> Account:
        """The account with what is owed in installments."""
        if self.plan is None:
            return account
        known = account.payable or Payable()
        return changed(account, payable=changed(known, plans=(*known.plans, self.plan)))

    def details(self, prefix: str) -> dict[str, str]:
        """What the schedule is reckoned from, beside what is owed: why there is one, and its rate."""
        if self.plan is None or self.compared is None:
            return {}
        compared = {f"{prefix}fixed_account_2_on_the_day_before": plain(self.compared)}
        return compared | {f"{prefix}installment_rate": plain(self.plan.rate)}


def payout_body(payouts: Sequence[Payout]) -> dict[str, Any]:
    """What a confirmation says of the payouts of its accounts; nothing where all is paid at once."""
    if not any(payout.payments for payout in payouts):
        return {}
    payments = [each for payout in payouts for each in payout.payments]
    if len(payouts) > 1:
        payments = [_of_account(payout, each) for payout in payouts for each in payout.payments]
    payments.sort(key=lambda payment: payment.due)
    owed = sum((payout.owed for payout in payouts), ZERO)
    paid = sum((payout.paid for payout in payouts), ZERO)
    return {"paid": paid, "payments": tuple(payments), **({"in_installments": owed} if owed else {})}


def _of_account(payout: Payout, payment: Payment) -> Payment:
    return payment.model_copy(update={"account": payout.account})


def may_be_put_off(case: Case[WithdrawalRequest]) -> bool:
    """Whether a contract has any term by which a withdrawal may be paid later than on its trade date."""
    terms = case.terms
    later = terms.installments is not None or bool(terms.deferral_orders)
    return later and case.request.reason not in NOT_PAID_OUT


def payout(case: Case[WithdrawalRequest], view: View, draws: Sequence[Draw], dollars: Decimal) -> Payout:
    """How dollars are paid that a withdrawal drew so from the account of a view, as it was before."""
    terms = case.terms
    parts, days = _parts(case.at, draws, dollars), deferred(case.at)
    plan, owed, compared = None, frozenset[str](), _compared(case, view)
    if terms.installments is not None and compared is not None and compared > terms.installments.threshold:
        kinds = {FA2} if terms.installments.part == FA2 else set(parts)
        owed = frozenset(kinds & parts.keys())
        plan = _plan(case, terms.installments, {kind: parts[kind] for kind in owed}, days)
    if plan is not None:
        parts = {kind: part for kind, part in parts.items() if kind not in owed}
    return changed(_paid(view, parts, days, plan), compared=compared)


def _parts(at: Valuation, draws: Sequence[Draw], dollars: Decimal) -> Parts:
    """Dollars in proportion to what options paid in, whole cents; what a guarantee adds comes from none of them."""
    came: Parts = {}
    for draw in draws:
        kind = _kind(at, draw.holding.option)
        came[kind] = came.get(kind, ZERO) + draw.pays
    beyond = dollars - sum(came.values(), ZERO)
    if beyond > 0:
        came[OTHER] = came.get(OTHER, ZERO) + beyond
    parts = zip(came, shared(dollars, list(came.values())), strict=True)
    return {kind: part for kind, part in parts if part}


def _kind(at: Valuation, name: str) -> str:
    option = at.terms.option_named(name)
    if isinstance(option, GuaranteedOption):
        return "guaranteed"
    return FA2 if isinstance(option, FixedAccount2Option) else OTHER


def _compared(case: Case[WithdrawalRequest], view: View) -> Decimal | None:
    """What Fixed Account 2 was worth on the day before, in the account or under the contract, where a withdrawal may be
    paid in installments if that is above the threshold (WDL-8); None where it may not, or the total is not known.
    """
    terms, full = case.terms.installments, case.request.full is True and case.request.from_ is None
    if terms is None or (terms.use == "full_withdrawals" and not full):
        return None
    if terms.basis == "individual_account":
        return value_before(case.at, view.account)
    known = [total.amount for total in terms.totals if total.as_of < case.day]
    return known[-1] if known else None


def _plan(case: Case[WithdrawalRequest], terms: InstallmentTerms, owed: Parts, days: Days) -> InstallmentPlan | None:
    """The plan that pays what is owed; None where there is nothing of it, or less than a cent a month."""
    dollars = sum(owed.values(), ZERO)
    since = max((days.get(kind, case.day) for kind in owed), default=case.day)
    rate = _credited(case.at) if terms.rate is None else terms.rate
    level = level_payment(dollars, terms.months, rate)
    if level < CENT:
        return None
    return InstallmentPlan(
        case.request.request_id,
        since,
        months_after(since, 1),
        terms.months,
        level,
        rate,
        dollars,
        case.request.payee,
    )


def _credited(at: Valuation) -> Decimal:
    """The rate that Fixed Account 2 credits on the trade date; the highest, where the contract has several."""
    rates = at.market.days[at.day].fixed_rates
    keys = [f"{at.terms.contract_id}|{each.option}" for each in at.terms.options if _kind(at, each.option) == FA2]
    return max((rates[key] for key in keys if key in rates), default=ZERO)


def _paid(view: View, parts: Parts, days: Days, plan: InstallmentPlan | None) -> Payout:
    """What is not owed in installments, by the days on which it is paid, and then the schedule."""
    day, by_day = view.at.day, dict[date, Decimal]()
    for kind, part in parts.items():
        due = days.get(kind, day)
        by_day[due] = by_day.get(due, ZERO) + part
    paid = sum(by_day.values(), ZERO)
    put_off = any(due != day for due in by_day) or (plan is not None and plan.since != day)
    if plan is None and not put_off:
        return Payout(view.account.type, paid)
    rules = (*(("WDL-7",) if put_off else ()), *(("WDL-8",) if plan is not None else ()))
    payments = (*payments_by_day(day, by_day), *(() if plan is None else schedule(plan)))
    return Payout(view.account.type, paid, plan, payments, rules)
