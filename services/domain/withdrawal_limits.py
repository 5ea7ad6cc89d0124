"""Withdrawals and the limits of fixed options: partial ones share the 20% of the Fixed Plus Accounts (WDL-6), and what
is withdrawn may reduce what can be transferred (LIM-2, LIM-3).

What the documents leave open is decided so: full is a withdrawal of everything in the account, and it is not limited,
whether the contract pays it as a lump sum or in installments; all of a chosen option is a part of the account.
Systematic ones (ECO, SWO) are limited where they are deducted; what buys an annuity is deducted and not limited; a loan
is neither, unless the terms deduct it. The waivers of the limit are about transfers, unless the terms say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contracts_schema.figures import LimitLine
from contracts_schema.limits import UseKind
from contracts_schema.outcomes import Finding
from contracts_schema.requests import WithdrawalRequest
from contracts_schema.withdrawing import WithdrawalReason
from services.domain.cases import Case
from services.domain.limits import Taking, limit_lines, over_limit, recorded
from services.domain.selling import Sale
from services.domain.sources import View
from services.domain.state import Account

KIND_OF_REASON: dict[WithdrawalReason, UseKind] = {
    WithdrawalReason.SYSTEMATIC: "systematic",
    WithdrawalReason.LOAN: "loan",
    WithdrawalReason.LIFETIME_INCOME: "annuity_purchase",
    WithdrawalReason.NONLIFETIME_INCOME: "annuity_purchase",
}


def use_kind(request: WithdrawalRequest) -> UseKind:
    """As what a withdrawal counts against limits."""
    full = request.full is not None and request.from_ is None
    return KIND_OF_REASON.get(request.reason, "full_withdrawal" if full else "partial_withdrawal")


def over_its_limit(case: Case[WithdrawalRequest], view: View, sales: Sequence[Sale]) -> Iterator[Finding]:
    """Options of which the withdrawal's share is over the limit: it is rejected whole (WDL-6)."""
    return over_limit(_taking(case, view), sales)


def with_uses_of(case: Case[WithdrawalRequest], account: Account, view: View, sales: Sequence[Sale]) -> Account:
    """The account with what the withdrawal took of limited options in its history."""
    return recorded(_taking(case, view), account, sales)


def lines_of(
    case: Case[WithdrawalRequest], account: Account, view: View, sales: Sequence[Sale]
) -> tuple[LimitLine, ...]:
    """What the confirmation tells of the limits it was under; `account` is as it is afterwards."""
    return limit_lines(_taking(case, view), account, sales)


def limit_rules(case: Case[WithdrawalRequest], lines: Sequence[LimitLine], sales: Sequence[Sale]) -> tuple[str, ...]:
    """The rules behind the lines; and that a full withdrawal of an option with a limit on withdrawals is free of it."""
    fixed = case.terms.fixed
    drawn = (fixed.get(sale.draw.holding.option) for sale in sales)
    shared = any(option is not None and option.limit.limited and option.limit.limits_withdrawals for option in drawn)
    full = ("WDL-6",) if shared and use_kind(case.request) == "full_withdrawal" else ()
    return (*full, *(rule for line in lines for rule in line.rules))


def _taking(case: Case[WithdrawalRequest], view: View) -> Taking:
    return Taking(view, use_kind(case.request), case.received)
