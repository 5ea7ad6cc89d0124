"""What the books keep of a withdrawal beside the positions it left (MVA-10, WDL-7, WDL-10, LIM-2, LIM-3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from contracts_schema.requests import WithdrawalRequest
from contracts_schema.terms import AccountType
from contracts_schema.values import Value, changed
from services.domain.cases import Case
from services.domain.death_benefit import less_withdrawn
from services.domain.deferred_payments import with_deferred
from services.domain.draws import shared
from services.domain.numbers import ZERO
from services.domain.paying import Payout, may_be_put_off, payout
from services.domain.reinvestment import remembered
from services.domain.selling import Sale
from services.domain.sources import View
from services.domain.state import Account
from services.domain.withdrawal_limits import with_uses_of
from services.domain.withholding import withheld


class Left(Value, frozen=True):
    """An account as a withdrawal found it (`view`), what was taken of it, and what that pays in dollars, before tax is
    withheld: with what a death benefit adds to it (`guarantee`, MVA-10). `payout` says when that is paid, in contracts
    where it may be later.
    """

    view: View
    sales: Sequence[Sale]
    payable: Decimal
    guarantee: Decimal = ZERO
    payout: Payout | None = None


def taken_by_account(left: Sequence[Left]) -> dict[AccountType, Decimal]:
    """The value taken of each account, in the order in which they are drawn on."""
    return {each.view.account.type: sum((sale.draw.taken for sale in each.sales), ZERO) for each in left}


def kept(case: Case[WithdrawalRequest], account: Account, left: Left) -> Account:
    """The account after a withdrawal with everything that later requests must know of it."""
    for keep in KEEPERS:
        account = keep(case, account, left)
    return account


def _purchases(case: Case[WithdrawalRequest], account: Account, left: Left) -> Account:
    """MVA-10: the adjusted purchase total, less the share that was taken."""
    del case
    if not account.purchases:
        return account
    return less_withdrawn(account, sum((sale.draw.taken for sale in left.sales), ZERO), left.view.value())


def _full_withdrawal(case: Case[WithdrawalRequest], account: Account, left: Left) -> Account:
    """WDL-10: what may come back, which is nothing of what is still to be paid."""
    return remembered(case, left.view, account, left.payable - (ZERO if left.payout is None else left.payout.owed))


def _uses(case: Case[WithdrawalRequest], account: Account, left: Left) -> Account:
    """LIM-2, LIM-3: what left a limited option."""
    return with_uses_of(case, account, left.view, left.sales)


def _installments(case: Case[WithdrawalRequest], account: Account, left: Left) -> Account:
    """WDL-6, WDL-7, WDL-8: what is still to be paid."""
    if left.payout is None:
        return account
    request = case.request
    return with_deferred(left.payout.kept(account), left.payout.payments, request.request_id, request.payee)


KEEPERS: tuple[Callable[[Case[WithdrawalRequest], Account, Left], Account], ...] = (
    _purchases,
    _full_withdrawal,
    _uses,
    _installments,
)


def with_payouts(case: Case[WithdrawalRequest], left: tuple[Left, ...]) -> tuple[Left, ...]:
    """The same with when each account's part of what is paid is paid, tax withheld from all of them alike."""
    if not may_be_put_off(case):
        return left
    withholding = withheld(case.request, sum((each.payable for each in left), ZERO))
    off = shared(withholding, [each.payable for each in left])
    return tuple(
        changed(each, payout=payout(case, each.view, [sale.draw for sale in each.sales], each.payable - tax))
        for each, tax in zip(left, off, strict=True)
    )
