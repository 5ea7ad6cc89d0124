"""When what a withdrawal pays is paid: at once, deferred by an order, or in installments (WDL-6, WDL-7, WDL-8).

The payment of an account comes from its options in proportion to what they paid, so that charges and tax fall on all
of it alike. What buys an annuity is paid to nobody, and neither deferred nor in installments; nor is a loan. While an
order is in force a schedule of installments begins on the day to which payment is deferred. Where a full withdrawal
pays a Fixed Plus Account in installments (WDL-6) that comes first: those of the whole payment (WDL-8) are of the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
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
from services.domain.full_installments import full_installments, full_plan, is_full
from services.domain.installment_plans import InstallmentPlan, Payable
from services.domain.installments import level_payment, pays_out, schedule
from services.domain.numbers import ZERO
from services.domain.positive import months_after
from services.domain.sources import View
from services.domain.state import Account
from services.domain.valuation import Valuation

NOT_PAID_OUT = {WithdrawalReason.LIFETIME_INCOME, WithdrawalReason.NONLIFETIME_INCOME, WithdrawalReason.LOAN}
FA2, OTHER, ALONE = "fixed_account_2", "other", "alone "
Parts = dict[str, Decimal]
"""Dollars by the kind of option that they come from: of Fixed Account 2, of guaranteed terms, `other`; and of each
Fixed Plus Account of which a full withdrawal is paid in installments by itself.
"""
Days = Mapping[str, date]
"""The day to which payment is deferred, by kind of option."""


class Payout(Value, frozen=True):
    """Dollars that a withdrawal pays of an account, the plans of what it owes beside these, when all of it is paid, and
    the rules by which that is not on the trade date. `compared` is the value of Fixed Account 2 by which there is a
    plan of it.
    """

    account: AccountType
    paid: Decimal
    plans: tuple[InstallmentPlan, ...] = ()
    payments: tuple[Payment, ...] = ()
    rules: tuple[str, ...] = ()
    compared: Decimal | None = None

    @property
    def owed(self) -> Decimal:
        """What is paid in installments."""
        return sum((plan.left for plan in self.plans), ZERO)

    def kept(self, account: Account) -> Account:
        """The account with what is owed in installments."""
        if not self.plans:
            return account
        known = account.payable or Payable()
        return changed(account, payable=changed(known, plans=(*known.plans, *self.plans)))

    def details(self, prefix: str) -> dict[str, str]:
        """What the schedules are reckoned from, beside what is owed: their rates, and why there is one of WDL-8."""
        told: dict[str, str] = {}
        for plan in self.plans:
            if plan.option is None and self.compared is not None:
                told |= {f"{prefix}fixed_account_2_on_the_day_before": plain(self.compared)}
            of = "" if plan.option is None else f"{plan.option}_"
            told |= {f"{prefix}{of}installment_rate": plain(plan.rate)}
        return told


def payout_body(payouts: Sequence[Payout]) -> dict[str, Any]:
    """What a confirmation says of the payouts of its accounts, of all if one is paid later; else nothing."""
    if not any(payout.rules for payout in payouts):
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
    later = terms.installments is not None or bool(terms.deferral_orders) or bool(full_installments(case))
    return later and case.request.reason not in NOT_PAID_OUT


def payout(case: Case[WithdrawalRequest], view: View, draws: Sequence[Draw], dollars: Decimal) -> Payout:
    """How dollars are paid that a withdrawal drew so from the account of a view, as it was before."""
    parts, days = _parts(case, draws, dollars), deferred(case.at)
    alone = dict(_of_fixed_plus(case, view, parts))
    parts, compared = _without(parts, alone.keys()), _compared(case, view)
    owed, plan = _of_fixed_account_2(case, compared, parts, days)
    if plan is None:
        return _paid(view, parts, days, tuple(alone.values()))
    return changed(_paid(view, _without(parts, owed), days, (*alone.values(), plan)), compared=compared)


def _of_fixed_plus(case: Case[WithdrawalRequest], view: View, parts: Parts) -> Iterator[tuple[str, InstallmentPlan]]:
    """The plans that pay parts which are paid in installments by themselves (WDL-6)."""
    for name, terms in full_installments(case).items():
        part = parts.get(ALONE + name)
        plan = None if part is None else full_plan(case, view.account, name, terms, part)
        if plan is not None:
            yield ALONE + name, plan


def _of_fixed_account_2(
    case: Case[WithdrawalRequest], compared: Decimal | None, parts: Parts, days: Days
) -> tuple[AbstractSet[str], InstallmentPlan | None]:
    """The parts of what is owed because of Fixed Account 2, and the plan that pays them (WDL-8)."""
    terms = case.terms.installments
    if terms is None or compared is None or compared <= terms.threshold:
        return set(), None
    owed = parts.keys() & {FA2} if terms.part == FA2 else parts.keys()
    return owed, _plan(case, terms, {kind: parts[kind] for kind in owed}, days)


def _without(parts: Parts, kinds: AbstractSet[str]) -> Parts:
    return {kind: part for kind, part in parts.items() if kind not in kinds}


def _parts(case: Case[WithdrawalRequest], draws: Sequence[Draw], dollars: Decimal) -> Parts:
    """Dollars in proportion to what options paid in, whole cents; what a guarantee adds comes from none of them."""
    came, alone = Parts(), full_installments(case)
    for draw in draws:
        name = draw.holding.option
        kind = ALONE + name if name in alone else _kind(case.at, name)
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
    terms = case.terms.installments
    if terms is None or (terms.use == "full_withdrawals" and not is_full(case.request)):
        return None
    if terms.basis == "individual_account":
        return value_before(case.at, view.account)
    known = [total.amount for total in terms.totals if total.as_of < case.day]
    return known[-1] if known else None


def _plan(case: Case[WithdrawalRequest], terms: InstallmentTerms, owed: Parts, days: Days) -> InstallmentPlan | None:
    """The plan that pays what is owed; None where there is nothing of it, or too little for so many payments."""
    dollars = sum(owed.values(), ZERO)
    since = max((days.get(kind, case.day) for kind in owed), default=case.day)
    rate = _credited(case.at) if terms.rate is None else terms.rate
    plan = InstallmentPlan(
        case.request.request_id,
        since,
        months_after(since, 1),
        terms.months,
        level_payment(dollars, terms.months, rate),
        rate,
        dollars,
        case.request.payee,
    )
    return plan if pays_out(plan) else None


def _credited(at: Valuation) -> Decimal:
    """The rate that Fixed Account 2 credits on the trade date; the highest, where the contract has several."""
    rates = at.market.days[at.day].fixed_rates
    keys = [f"{at.terms.contract_id}|{each.option}" for each in at.terms.options if _kind(at, each.option) == FA2]
    return max((rates[key] for key in keys if key in rates), default=ZERO)


def _paid(view: View, parts: Parts, days: Days, plans: tuple[InstallmentPlan, ...]) -> Payout:
    """What is not owed in installments, by the days on which it is paid, and then the schedules."""
    day, by_day = view.at.day, dict[date, Decimal]()
    for kind, part in parts.items():
        due = days.get(kind, day)
        by_day[due] = by_day.get(due, ZERO) + part
    paid = sum(by_day.values(), ZERO)
    put_off = any(due != day for due in by_day) or any(plan.since != day for plan in plans)
    rules = (*(("WDL-7",) if put_off else ()), *(plan.rule for plan in plans))
    payments = (*payments_by_day(day, by_day), *(each for plan in plans for each in schedule(plan)))
    return Payout(view.account.type, paid, plans, payments, rules)
