"""Full withdrawals of which the Fixed Plus Accounts are paid in installments (WDL-6).

The restrictions of the contract on full withdrawals from the Fixed Plus Account stay in effect (E-FA2 §10); what they
are the documents leave to it. Decided so: full is a withdrawal of everything in the account, whatever its reason,
unless it buys an annuity or is a loan; what it pays of the option is paid by the option's own terms, each account's by
itself, and no part of installments of Fixed Account 2 (WDL-8). The money has left the account with the withdrawal.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from contracts_schema.limits import FixedPlusLimit, FullInstallments
from contracts_schema.requests import WithdrawalRequest
from services.domain.cases import Case
from services.domain.installment_plans import InstallmentPlan
from services.domain.installments import level_payment, pays_out
from services.domain.positive import months_after
from services.domain.rate_history import bonus_of
from services.domain.state import Account


def is_full(request: WithdrawalRequest) -> bool:
    """Whether a withdrawal is of everything in its accounts."""
    return request.full is True and request.from_ is None


def full_installments(case: Case[WithdrawalRequest]) -> Mapping[str, FullInstallments]:
    """The options that the withdrawal is paid of in installments, with their terms; none unless it is a full one."""
    if not is_full(case.request):
        return {}
    limits = ((name, option.limit) for name, option in case.terms.fixed.items())
    return {
        name: limit.full_installments
        for name, limit in limits
        if isinstance(limit, FixedPlusLimit) and limit.full_withdrawal == "installments"
    }


def full_plan(
    case: Case[WithdrawalRequest], account: Account, name: str, terms: FullInstallments, owed: Decimal
) -> InstallmentPlan | None:
    """The plan that pays what is owed of an option; None where that is too little for so many payments."""
    rate = _credited(case, account, name) if terms.rate is None else terms.rate
    months = terms.payments * terms.every_months
    plan = InstallmentPlan(
        case.request.request_id,
        case.day,
        months_after(case.day, terms.every_months),
        months,
        level_payment(owed, months, rate, terms.every_months),
        rate,
        owed,
        case.request.payee,
        every=terms.every_months,
        option=name,
    )
    return plan if pays_out(plan) else None


def _credited(case: Case[WithdrawalRequest], account: Account, name: str) -> Decimal:
    """The rate that an account earns there on the trade date, from the anniversary on with its bonus (FIX-4)."""
    option = case.terms.fixed[name]
    rate = case.at.market.days[case.day].fixed_rates[f"{case.terms.contract_id}|{name}"]
    return rate if case.at.bonus_since(option, account) is None else rate + bonus_of(option)
